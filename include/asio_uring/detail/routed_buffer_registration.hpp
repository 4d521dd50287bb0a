// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's buffer_registration, with the service that it uses routed. To be included before anything else has
// included Asio's header.

#ifndef ASIO_URING_DETAIL_ROUTED_BUFFER_REGISTRATION_HPP
#define ASIO_URING_DETAIL_ROUTED_BUFFER_REGISTRATION_HPP

#include <asio_uring/detail/asio.hpp>

#if defined(ASIO_URING_HAS_FILE)

#include <asio_uring/detail/blocking_pool.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <asio_uring/detail/registered_buffers.hpp>
#include <sys/uio.h>

namespace asio_uring::detail {

/// What a stock buffer_registration calls in the place of Asio's io_uring_service: registers buffers with our
/// ring, with Asio's on a context of Asio's, and with nobody where our context has no ring.
class routed_buffer_registration : public execution_context_service_base<routed_buffer_registration>
{
    using stock_service = asio::detail::io_uring_service;

public:
    explicit routed_buffer_registration(asio::execution_context& context)
        : execution_context_service_base<routed_buffer_registration>(context),
          native_(asio::has_service<reactor>(context) ? &asio::use_service<registered_buffers>(context)
                                                      : nullptr),
          stock_(native_ != nullptr || asio::has_service<blocking_pool>(context)
                     ? nullptr
                     : &asio::use_service<stock_service>(context))
    {}

    void shutdown() override {}

    void register_buffers(const iovec* buffers, unsigned count)
    {
        if (native_ != nullptr)
            native_->add(buffers, count);
        else if (stock_ != nullptr)
            stock_->register_buffers(buffers, count);
    }

    void unregister_buffers()
    {
        if (native_ != nullptr)
            native_->remove();
        else if (stock_ != nullptr)
            stock_->unregister_buffers();
    }

private:
    registered_buffers* const native_;
    stock_service* const stock_;
};

} // namespace asio_uring::detail

ASIO_URING_ASIO_DETAIL_BEGIN
using asio_uring_buffer_registration = ::asio_uring::detail::routed_buffer_registration;
ASIO_URING_ASIO_DETAIL_END

// Asio's class template knows its service by name, and is the same for all contexts. All that it includes is
// included already, so that the name changes in nothing else.
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_BUFFER_REGISTRATION_HPP)                              \
                                        : defined(BOOST_ASIO_BUFFER_REGISTRATION_HPP)
#error "asio_uring: Asio's buffer_registration.hpp was included before asio_uring/drop_in.hpp"
#endif
#define io_uring_service asio_uring_buffer_registration
#include ASIO_URING_ASIO_HEADER(buffer_registration)
#undef io_uring_service

#endif // ASIO_URING_HAS_FILE

#endif // ASIO_URING_DETAIL_ROUTED_BUFFER_REGISTRATION_HPP
