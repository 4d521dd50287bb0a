// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The page under /status: live figures of the server and of its ring, as HTML for people and JSON for
// programs.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_STATUS_PAGE_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_STATUS_PAGE_HPP

#include "figures.hpp"

#include <asio_uring/io_context.hpp>

#include <string>

namespace http_server {

/// Writes the status page.
///
/// @par Thread Safety
/// Shared objects: safe.
class status_page
{
public:
    /// @param context, figures must outlive the page.
    status_page(const asio_uring::io_context& context, const figures& figures, unsigned threads)
        : context_(context),
          figures_(figures),
          threads_(threads)
    {}

    /// The figures as a JSON object.
    std::string json() const;

    /// The figures as a page that loads itself again every two seconds.
    std::string html() const;

private:
    const asio_uring::io_context& context_;
    const figures& figures_;
    unsigned threads_;
};

} // namespace http_server

#endif
