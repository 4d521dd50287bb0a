// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The conditions of a request: whether it wants the file in the state in which it is (RFC 9110, section 13).

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_CONDITIONS_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_CONDITIONS_HPP

#include "documents.hpp"
#include "request.hpp"

#include <boost/beast/http/status.hpp>

namespace http_server {

/// Checks the conditions of a GET or HEAD request in the order that RFC 9110, 13.2.2 gives.
///
/// @returns `ok`, `precondition_failed` or `not_modified`.
boost::beast::http::status check_conditions(const request& request, const document& document);

/// Whether a Range field counts: always without an If-Range field, and with one where it names the file as it
/// is.
bool allows_range(const request& request, const document& document);

} // namespace http_server

#endif
