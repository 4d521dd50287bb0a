// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The answer to a request: which header, and which bytes follow it.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_RESPONSE_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_RESPONSE_HPP

#include "documents.hpp"
#include "request.hpp"
#include "status_page.hpp"

#include <boost/beast/http/status.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace http_server {

/// A response, ready to be sent: `header`, then `page` or a part of `file`. One object serves all responses
/// of a connection, so that its strings keep their memory.
struct response
{
    std::string header;                   ///< Complete, with the empty line at its end.
    std::string page;                     ///< The body, where it isn't a file's.
    std::shared_ptr<const document> file; ///< The file that the body comes from, if any.
    std::uint64_t first = 0;              ///< The first byte of the file to send.
    std::uint64_t length = 0;             ///< How many bytes of it.
    unsigned version = 11;                ///< The request's: 10 or 11.
    bool keep_alive = false;              ///< Whether the connection goes on after it.
};

/// Answers requests from a directory and from the server's own figures.
///
/// The header is written straight into one string, in place of Beast's `response` with its list of fields: a
/// header and a small body then leave in one gather write of two buffers.
///
/// @par Thread Safety
/// Shared objects: safe.
class responder
{
public:
    /// @param files, status must outlive the responder.
    responder(documents& files, const status_page& status) : files_(files), status_(status) {}

    /// Answers a request that arrived whole.
    ///
    /// @param keep_alive whether the connection may go on after this response.
    void respond(const request& request, bool keep_alive, response& response);

    /// Answers with an error page, and ends the connection where `keep_alive` is false.
    ///
    /// @param fields further lines for the header, each with its line end.
    void refuse(
        boost::beast::http::status status, bool keep_alive, response& response, std::string_view fields = {});

private:
    void respond_with_anything(const request& request, bool keep_alive, response& response);
    void respond_with_file(const request& request, bool keep_alive, response& response);
    void respond_with_document(const request& request, bool keep_alive, response& response,
        std::shared_ptr<const document> document);
    void respond_with_status(bool json, bool keep_alive, response& response);

    documents& files_;
    const status_page& status_;
};

} // namespace http_server

#endif
