// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Reads requests: the callbacks of Beast's parser, request targets and byte ranges.

#include "request.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace http_server {

namespace {

std::string_view trim(std::string_view text)
{
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos)
    {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// The value of a hexadecimal digit, or -1.
int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
    {
        return c - '0';
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Drops scheme and authority from the absolute form of a target, which every server has to accept.
std::string_view origin_form(std::string_view target)
{
    constexpr std::string_view scheme = "http://"; // in any case, as of every URI
    if (!beast::iequals(target.substr(0, scheme.size()), scheme))
    {
        return target;
    }
    const auto path = target.find_first_of("/?", scheme.size());
    return path == std::string_view::npos || target[path] == '?' ? "/" : target.substr(path);
}

/// Undoes `%xx` and appends the result.
///
/// @returns false where a percent sign isn't followed by two digits, or where a NUL comes out.
bool percent_decode(std::string_view text, std::string& result)
{
    for (std::size_t i = 0; i < text.size(); ++i)
    {
        char c = text[i];
        if (c == '%')
        {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
            if (low < 0)
            {
                return false;
            }
            c = static_cast<char>(high * 16 + low);
            i += 2;
        }
        if (c == '\0')
        {
            return false;
        }
        result.push_back(c);
    }
    return true;
}

/// Takes the empty and the `.` segments out of a decoded path, and names the index of a directory.
///
/// @returns false where a segment is `..`.
bool drop_empty_segments(std::string& path)
{
    std::size_t kept = 0;
    bool names_directory = true;
    for (std::size_t at = 0; at < path.size();)
    {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view segment(path.data() + at, end - at);
        if (segment == "..")
        {
            return false;
        }
        names_directory = end < path.size() || segment.empty() || segment == ".";
        if (!segment.empty() && segment != ".")
        {
            // The slash that follows moves along, so that segments stay apart.
            const std::size_t length = segment.size() + (end < path.size() ? 1 : 0);
            std::copy_n(path.data() + at, length, path.data() + kept);
            kept += length;
        }
        at = end + 1;
    }
    path.resize(kept);
    if (names_directory)
    {
        path += "index.html";
    }
    return true;
}

/// Reads a decimal number of any length; what is larger than 64 bits counts as the largest number.
///
/// @returns false where the text isn't one.
bool read_number(std::string_view text, std::uint64_t& value)
{
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc::result_out_of_range)
    {
        value = std::numeric_limits<std::uint64_t>::max();
    }
    return stop == end && error != std::errc::invalid_argument;
}

} // namespace

void request::clear()
{
    method = http::verb::unknown;
    target.clear();
    accept.clear();
    range.clear();
    if_range.clear();
    if_match.clear();
    if_none_match.clear();
    if_modified_since.clear();
    if_unmodified_since.clear();
    version = 11;
    hosts = 0;
    expects_continue = false;
}

request_parser::request_parser(request& destination) : destination_(destination)
{
    header_limit(max_header_size);
    body_limit(max_body_size);
    eager(true); // the body is read, and dropped, in the same pass
}

std::size_t request_parser::parse(boost::asio::const_buffer data, error_code& error)
{
    constexpr std::string_view empty_line = "\r\n";
    std::size_t skipped = 0;
    if (!got_some() && !skipped_empty_line_)
    {
        const std::string_view text(static_cast<const char*>(data.data()), data.size());
        if (text == empty_line.substr(0, 1))
        {
            error = http::error::need_more;
            return 0;
        }
        if (text.starts_with(empty_line))
        {
            skipped = empty_line.size();
            skipped_empty_line_ = true;
        }
    }
    data += skipped;
    if (data.size() == 0)
    {
        error = http::error::need_more;
        return skipped;
    }
    return skipped + put(data, error);
}

void request_parser::on_request_impl(
    http::verb method, beast::string_view, beast::string_view target, int version, error_code&)
{
    destination_.method = method;
    destination_.target = origin_form(target);
    destination_.version = static_cast<unsigned>(version);
}

void request_parser::on_field_impl(
    http::field name, beast::string_view, beast::string_view value, error_code& error)
{
    if (is_header_done())
    {
        return; // a trailer behind a chunked body
    }
    const auto keep = [&](std::string& place) { place.assign(value.data(), value.size()); };
    const auto add = [&](std::string& list)
    {
        if (!list.empty())
        {
            list += ", ";
        }
        list.append(value.data(), value.size());
    };
    switch (name)
    {
    case http::field::host:
        ++destination_.hosts;
        break;
    case http::field::accept:
        keep(destination_.accept);
        break;
    case http::field::range:
        keep(destination_.range);
        break;
    case http::field::if_range:
        keep(destination_.if_range);
        break;
    case http::field::if_match:
        add(destination_.if_match);
        break;
    case http::field::if_none_match:
        add(destination_.if_none_match);
        break;
    case http::field::if_modified_since:
        keep(destination_.if_modified_since);
        break;
    case http::field::if_unmodified_since:
        keep(destination_.if_unmodified_since);
        break;
    case http::field::expect:
        destination_.expects_continue = beast::iequals(value, "100-continue");
        break;
    case http::field::transfer_encoding:
        if (!beast::iequals(value, "chunked"))
        {
            error = http::error::bad_transfer_encoding; // where such a body ends can't be known
        }
        break;
    default:
        break;
    }
}

http::status decode_target(std::string_view target, std::string& path)
{
    path.clear();
    if (!target.starts_with('/'))
    {
        return http::status::bad_request;
    }
    target = target.substr(0, target.find_first_of("?#"));
    if (!percent_decode(target, path))
    {
        return http::status::bad_request;
    }
    return drop_empty_segments(path) ? http::status::ok : http::status::forbidden;
}

range_request read_range(std::string_view field, std::uint64_t size, byte_range& range)
{
    constexpr std::string_view unit = "bytes=";
    if (field.size() < unit.size() || !beast::iequals(field.substr(0, unit.size()), unit))
    {
        return range_request::whole;
    }
    const std::string_view spec = trim(field.substr(unit.size()));
    const auto dash = spec.find('-');
    if (dash == std::string_view::npos || spec.find(',') != std::string_view::npos)
    {
        return range_request::whole;
    }
    const std::string_view first_text = trim(spec.substr(0, dash));
    const std::string_view last_text = trim(spec.substr(dash + 1));

    if (first_text.empty()) // "-n": the last n bytes
    {
        std::uint64_t count = 0;
        if (!read_number(last_text, count))
        {
            return range_request::whole;
        }
        range.length = std::min(count, size);
        range.first = size - range.length;
        return range.length == 0 ? range_request::unsatisfiable : range_request::part;
    }

    std::uint64_t last = std::numeric_limits<std::uint64_t>::max();
    if (!read_number(first_text, range.first) || (!last_text.empty() && !read_number(last_text, last)) ||
        last < range.first)
    {
        return range_request::whole;
    }
    if (range.first >= size)
    {
        return range_request::unsatisfiable;
    }
    range.length = std::min(last, size - 1) - range.first + 1;
    return range_request::part;
}

} // namespace http_server
