// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Decides what answers a request and writes the header for it.

#include "response.hpp"

#include "conditions.hpp"
#include "http_date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace http_server {

namespace {

void append_number(std::string& text, std::uint64_t value)
{
    std::array<char, 20> digits;
    const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
    text.append(digits.data(), end);
}

/// The Date field, formatted once a second.
std::string_view date_field()
{
    thread_local std::time_t formatted = 0;
    thread_local std::string field;
    const std::time_t now = std::time(nullptr);
    if (now != formatted)
    {
        field = "Date: " + http_date(now) + "\r\n";
        formatted = now;
    }
    return field;
}

/// Starts a response: status line, the fields that every response has, and an empty body.
void begin(http::status status, bool keep_alive, response& response)
{
    response.keep_alive = keep_alive;
    response.page.clear();
    response.file.reset();
    response.first = 0;
    response.length = 0;

    std::string& header = response.header;
    header.assign("HTTP/1.1 ");
    append_number(header, static_cast<unsigned>(status));
    header += ' ';
    const auto reason = http::obsolete_reason(status);
    header.append(reason.data(), reason.size());
    header += "\r\nServer: asio_uring\r\n";
    header += date_field();
    if (!keep_alive)
    {
        header += "Connection: close\r\n";
    }
    else if (response.version == 10)
    {
        header += "Connection: keep-alive\r\n";
    }
}

/// Ends the header of a response whose body is `response.page`.
void finish_with_page(std::string_view type, response& response)
{
    response.header += "Content-Type: ";
    response.header += type;
    response.header += "\r\nContent-Length: ";
    append_number(response.header, response.page.size());
    response.header += "\r\n\r\n";
}

/// What an error page says below its title.
std::string_view explain(http::status status)
{
    switch (status)
    {
    case http::status::bad_request:
        return "The request can't be understood.";
    case http::status::forbidden:
        return "This isn't open to visitors.";
    case http::status::not_found:
        return "There is nothing at this address.";
    case http::status::method_not_allowed:
        return "This server answers GET and HEAD.";
    case http::status::precondition_failed:
        return "The file isn't in the state that the request asks for.";
    case http::status::request_timeout:
        return "The request took too long to arrive.";
    case http::status::payload_too_large:
    case http::status::request_header_fields_too_large:
        return "The request is larger than this server reads.";
    case http::status::range_not_satisfiable:
        return "The file ends before the range that was asked for.";
    case http::status::moved_permanently:
        return "A directory's address ends in a slash.";
    default:
        return "The server can't answer this just now.";
    }
}

std::string error_page(http::status status)
{
    const auto reason = http::obsolete_reason(status);
    const std::string title =
        std::to_string(static_cast<unsigned>(status)) + ' ' + std::string(reason.data(), reason.size());
    return "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + title +
           "</title><style>body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:18vh auto;"
           "padding:0 1.5rem;color:#1d2733}h1{font-weight:600}</style></head>\n<body><h1>" +
           title + "</h1><p>" + std::string(explain(status)) + "</p></body>\n</html>\n";
}

/// The Location field that leads to a directory: its address with a slash behind the path. Empty where there
/// is a slash already.
std::string directory_location(std::string_view target)
{
    const auto path_end = std::min(target.find_first_of("?#"), target.size());
    std::string_view path = target.substr(0, path_end);
    if (path.ends_with('/'))
    {
        return {};
    }
    // "//host" at the start would name another server.
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    return "Location: /" + std::string(path) + '/' + std::string(target.substr(path_end)) + "\r\n";
}

/// Whether a client asks for JSON rather than for a page.
bool prefers_json(std::string_view accept)
{
    return accept.find("application/json") != std::string_view::npos &&
           accept.find("text/html") == std::string_view::npos;
}

} // namespace

void responder::respond(const request& request, bool keep_alive, response& response)
{
    response.version = request.version;
    respond_with_anything(request, keep_alive, response);
    if (request.method == http::verb::head)
    {
        response.page.clear();
        response.file.reset();
    }
}

void responder::respond_with_anything(const request& request, bool keep_alive, response& response)
{
    if (request.method != http::verb::get && request.method != http::verb::head)
    {
        return refuse(http::status::method_not_allowed, keep_alive, response, "Allow: GET, HEAD\r\n");
    }
    if (request.hosts > 1 || (request.hosts == 0 && request.version >= 11))
    {
        return refuse(http::status::bad_request, keep_alive, response);
    }
    const std::string_view target = request.target;
    const std::string_view page = target.substr(0, target.find('?'));
    if (page == "/status" || page == "/status.json")
    {
        const bool json = page == "/status.json" || prefers_json(request.accept);
        return respond_with_status(json, keep_alive, response);
    }
    respond_with_file(request, keep_alive, response);
}

void responder::refuse(http::status status, bool keep_alive, response& response, std::string_view fields)
{
    begin(status, keep_alive, response);
    response.header += fields;
    response.page = error_page(status);
    finish_with_page("text/html; charset=utf-8", response);
}

void responder::respond_with_status(bool json, bool keep_alive, response& response)
{
    begin(http::status::ok, keep_alive, response);
    response.header += "Cache-Control: no-store\r\nVary: Accept\r\n";
    response.page = json ? status_.json() : status_.html();
    finish_with_page(json ? "application/json" : "text/html; charset=utf-8", response);
}

void responder::respond_with_file(const request& request, bool keep_alive, response& response)
{
    thread_local std::string path; // used again by every request of the thread
    if (const auto status = decode_target(request.target, path); status != http::status::ok)
    {
        return refuse(status, keep_alive, response);
    }
    documents::result result = files_.find(path);
    if (result.status == http::status::ok)
    {
        return respond_with_document(request, keep_alive, response, std::move(result.found));
    }
    if (result.status != http::status::moved_permanently)
    {
        return refuse(result.status, keep_alive, response);
    }
    // A directory that is called index.html must not lead to itself.
    const std::string location = directory_location(request.target);
    refuse(location.empty() ? http::status::not_found : result.status, keep_alive, response, location);
}

void responder::respond_with_document(
    const request& request, bool keep_alive, response& response, std::shared_ptr<const document> document)
{
    const http::status status = check_conditions(request, *document);
    if (status == http::status::not_modified)
    {
        begin(status, keep_alive, response);
        response.header +=
            "Last-Modified: " + document->last_modified + "\r\nETag: " + document->entity_tag + "\r\n\r\n";
        return;
    }
    if (status != http::status::ok)
    {
        return refuse(status, keep_alive, response);
    }

    byte_range range{0, document->size};
    range_request wanted = range_request::whole;
    if (!request.range.empty() && request.method == http::verb::get && allows_range(request, *document))
    {
        wanted = read_range(request.range, document->size, range);
    }
    switch (wanted)
    {
    case range_request::whole:
        begin(http::status::ok, keep_alive, response);
        response.header += document->fields;
        range = {0, document->size};
        break;
    case range_request::part:
        begin(http::status::partial_content, keep_alive, response);
        response.header += document->type_field + "Content-Length: " + std::to_string(range.length) +
                           "\r\nContent-Range: bytes " + std::to_string(range.first) + '-' +
                           std::to_string(range.first + range.length - 1) + '/' +
                           std::to_string(document->size) + "\r\nLast-Modified: " + document->last_modified +
                           "\r\nETag: " + document->entity_tag + "\r\n";
        break;
    case range_request::unsatisfiable:
        return refuse(http::status::range_not_satisfiable, keep_alive, response,
            "Content-Range: bytes */" + std::to_string(document->size) + "\r\n");
    }
    response.header += "\r\n";
    response.file = std::move(document);
    response.first = range.first;
    response.length = range.length;
}

} // namespace http_server
