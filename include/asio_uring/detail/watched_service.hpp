// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's own service for an I/O object that isn't routed to the ring, on a context that may run on it.

#ifndef ASIO_URING_DETAIL_WATCHED_SERVICE_HPP
#define ASIO_URING_DETAIL_WATCHED_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/reactor.hpp>

namespace asio_uring::detail {

/// Asio's service, of which the ring's reactor is told at once that it may have made Asio's reactor.
template <typename Stock>
class watched_service : public Stock
{
public:
    /// A key of its own in the registry of services.
    static asio::detail::service_id<watched_service> id;

    explicit watched_service(asio::execution_context& context) : Stock(context)
    {
        if (asio::has_service<reactor>(context))
            asio::use_service<reactor>(context).look_for_asio_reactor();
    }
};

template <typename Stock>
asio::detail::service_id<watched_service<Stock>> watched_service<Stock>::id;

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_WATCHED_SERVICE_HPP
