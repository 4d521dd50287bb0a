// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Writes and reads dates as HTTP has them.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_HTTP_DATE_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_HTTP_DATE_HPP

#include <array>
#include <ctime>
#include <optional>
#include <string>

namespace http_server {

/// Formats a time, such as "Sun, 06 Nov 1994 08:49:37 GMT".
inline std::string http_date(std::time_t time)
{
    std::tm parts = {};
    ::gmtime_r(&time, &parts);
    std::array<char, 64> text;
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

/// Reads a date in the one form that is still in use.
inline std::optional<std::time_t> read_http_date(const std::string& text)
{
    std::tm parts = {};
    const char* const end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0')
    {
        return std::nullopt;
    }
    return ::timegm(&parts);
}

} // namespace http_server

#endif
