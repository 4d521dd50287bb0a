// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The content types of files, by the extensions of their names.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_CONTENT_TYPE_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_CONTENT_TYPE_HPP

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace http_server {

/// The content type that goes with a file's extension.
inline std::string_view content_type(std::string_view path)
{
    using entry = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<entry, 25> types = {{
        {"avif", "image/avif"},
        {"bin", "application/octet-stream"},
        {"css", "text/css; charset=utf-8"},
        {"csv", "text/csv; charset=utf-8"},
        {"gif", "image/gif"},
        {"gz", "application/gzip"},
        {"htm", "text/html; charset=utf-8"},
        {"html", "text/html; charset=utf-8"},
        {"ico", "image/x-icon"},
        {"jpeg", "image/jpeg"},
        {"jpg", "image/jpeg"},
        {"js", "text/javascript; charset=utf-8"},
        {"json", "application/json"},
        {"md", "text/markdown; charset=utf-8"},
        {"mjs", "text/javascript; charset=utf-8"},
        {"mp4", "video/mp4"},
        {"pdf", "application/pdf"},
        {"png", "image/png"},
        {"svg", "image/svg+xml"},
        {"txt", "text/plain; charset=utf-8"},
        {"wasm", "application/wasm"},
        {"webp", "image/webp"},
        {"woff2", "font/woff2"},
        {"xml", "application/xml"},
        {"zip", "application/zip"},
    }};
    const auto dot = path.find_last_of("./");
    if (dot == std::string_view::npos || path[dot] != '.')
    {
        return "application/octet-stream";
    }
    std::string extension(path.substr(dot + 1));
    for (char& c : extension)
    {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
    const auto found = std::find_if(
        types.begin(), types.end(), [&](const entry& candidate) { return candidate.first == extension; });
    return found == types.end() ? "application/octet-stream" : found->second;
}

} // namespace http_server

#endif
