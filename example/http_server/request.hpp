// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a request says: its header fields as the parser finds them, the path in its target and the bytes that
// it asks for.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_REQUEST_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_REQUEST_HPP

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace http_server {

namespace beast = boost::beast;
namespace http = boost::beast::http;

/// The limits on what a peer may send.
constexpr std::uint32_t max_header_size = 16 * 1024; // bytes
constexpr std::uint64_t max_body_size = 64 * 1024;   // bytes; nothing here wants a body

/// The parts of a request that this server looks at. One object serves all requests of a connection, so that
/// its strings keep their memory.
struct request
{
    http::verb method = http::verb::unknown;
    std::string target; ///< A path, mostly with a query: the origin form.
    std::string accept;
    std::string range;
    std::string if_range;
    std::string if_match;      ///< Where a request has several of these, all of them, behind a comma each.
    std::string if_none_match; ///< Likewise.
    std::string if_modified_since; ///< An HTTP date.
    std::string if_unmodified_since;
    unsigned version = 11; ///< 10 or 11
    unsigned hosts = 0;    ///< How many Host fields there are.
    bool expects_continue = false;

    void clear();
};

/// Parses one request with Beast's parser and keeps only what `request` has a place for: no list of fields is
/// built and nothing is allocated once the strings have grown.
class request_parser final : public http::basic_parser<true>
{
public:
    /// @param destination a cleared request that outlives the parser.
    explicit request_parser(request& destination);

    /// Parses what has been received and not yet been parsed, as `put` does, but skips an empty line before
    /// the request: some clients send one behind a body, and a server should pass over it (RFC 9112, 2.2).
    ///
    /// @returns how many bytes were used.
    std::size_t parse(boost::asio::const_buffer data, boost::system::error_code& error);

private:
    using error_code = boost::system::error_code;

    void on_request_impl(http::verb method, beast::string_view method_name, beast::string_view target,
        int version, error_code& error) override;
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_field_impl(http::field name, beast::string_view name_string, beast::string_view value,
        error_code& error) override;
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view body, error_code&) override
    {
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view body, error_code&) override
    {
        return body.size();
    }
    void on_finish_impl(error_code&) override {}

    request& destination_;
    bool skipped_empty_line_ = false;
};

/// Decodes a request target into a path relative to the served directory, such as `img/logo.svg`.
///
/// The query is cut off, `%xx` is decoded, empty and `.` segments vanish, and a path that ends in a slash
/// gets `index.html`.
///
/// @param path receives the result; its memory is used again.
/// @returns `ok`, `bad_request` where the target is malformed or has a NUL, `forbidden` where a segment is
/// `..`.
http::status decode_target(std::string_view target, std::string& path);

/// A part of a file, in bytes.
struct byte_range
{
    std::uint64_t first;
    std::uint64_t length;
};

enum class range_request
{
    whole, ///< No range, one that isn't understood, or several: the whole file is the answer.
    part,
    unsatisfiable
};

/// Reads a Range field.
///
/// @param size the size of the file in bytes.
/// @param range receives the part to send where the result is `part`.
range_request read_range(std::string_view field, std::uint64_t size, byte_range& range);

} // namespace http_server

#endif
