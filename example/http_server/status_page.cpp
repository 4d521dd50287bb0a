// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Writes the status page from one list of figures, so that people and programs see the same.

#include "status_page.hpp"

#include <array>
#include <chrono>
#include <string_view>

namespace http_server {

namespace {

/// One line of the page.
struct line
{
    std::string_view name;  ///< In JSON.
    std::string_view label; ///< In HTML.
    std::uint64_t value;
};

std::array<line, 9> read(const asio_uring::io_context& context, const figures& figures, unsigned threads)
{
    const auto uptime = std::chrono::steady_clock::now() - figures.started;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(uptime).count();
    const auto ring = context.statistics();
    return {{
        {"uptime_seconds", "Uptime, seconds", static_cast<std::uint64_t>(seconds)},
        {"threads", "Threads", threads},
        {"requests", "Requests", figures.requests.load()},
        {"open_connections", "Open connections", figures.open_connections.load()},
        {"total_connections", "Connections since start", figures.total_connections.load()},
        {"bytes_sent", "Bytes sent", figures.bytes_sent.load()},
        {"submissions", "Ring: submissions", ring.submissions},
        {"completions", "Ring: completions", ring.completions},
        {"waits", "Ring: waits", ring.waits},
    }};
}

std::string escape_html(std::string_view text)
{
    std::string result;
    for (const char c : text)
    {
        switch (c)
        {
        case '&':
            result += "&amp;";
            break;
        case '<':
            result += "&lt;";
            break;
        case '>':
            result += "&gt;";
            break;
        default:
            result += c;
        }
    }
    return result;
}

std::string escape_json(std::string_view text)
{
    std::string result;
    for (const char c : text)
    {
        if (c == '"' || c == '\\')
        {
            result += '\\';
        }
        result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
    return result;
}

/// Writes 1234567 as "1 234 567", with narrow spaces that don't break.
std::string grouped(std::uint64_t value)
{
    std::string text = std::to_string(value);
    for (std::size_t place = text.size(); place > 3;)
    {
        place -= 3;
        text.insert(place, "&#8239;");
    }
    return text;
}

} // namespace

std::string status_page::json() const
{
    std::string text = "{\n  \"backend\": \"" + escape_json(context_.backend().description) + '"';
    for (const line& line : read(context_, figures_, threads_))
    {
        text += ",\n  \"" + std::string(line.name) + "\": " + std::to_string(line.value);
    }
    return text + "\n}\n";
}

std::string status_page::html() const
{
    std::string text = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
                       "<meta name=\"viewport\" content=\"width=device-width\">"
                       "<meta http-equiv=\"refresh\" content=\"2\"><title>Status</title>"
                       "<style>body{font:1.05rem/1.6 system-ui,sans-serif;max-width:36rem;margin:10vh auto;"
                       "padding:0 1.5rem;color:#1d2733}h1{font-weight:600}table{width:100%;"
                       "border-collapse:collapse}th,td{padding:.45rem 0;border-bottom:1px solid #dde3ea;"
                       "text-align:left;font-weight:400}td{text-align:right;"
                       "font-variant-numeric:tabular-nums}a{color:#0b6e6e}</style></head>\n"
                       "<body>\n<h1>Status</h1>\n<p>Running on " +
                       escape_html(context_.backend().description) + ".</p>\n<table>\n";
    for (const line& line : read(context_, figures_, threads_))
    {
        text += "<tr><th scope=\"row\">" + std::string(line.label) + "</th><td>" + grouped(line.value) +
                "</td></tr>\n";
    }
    return text + "</table>\n<p><a href=\"/status.json\">The same as JSON</a> &middot; <a href=\"/\">Home</a>"
                  "</p>\n</body>\n</html>\n";
}

} // namespace http_server
