// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of descriptors and pipes on the ring: what a stock Asio descriptor calls.

#ifndef ASIO_URING_DETAIL_DESCRIPTOR_SERVICE_HPP
#define ASIO_URING_DETAIL_DESCRIPTOR_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/descriptor_service_base.hpp>

namespace asio_uring::detail {

/// Does what Asio's reactive_descriptor_service does, with the same names, on the ring.
class descriptor_service : public execution_context_service_base<descriptor_service>,
                           public descriptor_service_base
{
public:
    explicit descriptor_service(asio::execution_context& context)
        : execution_context_service_base<descriptor_service>(context),
          descriptor_service_base(context)
    {}

    void shutdown() override {}

    native_handle_type release(implementation_type& impl)
    {
        return is_open(impl) ? let_go(impl) : no_descriptor;
    }

    native_handle_type release(implementation_type& impl, error_code& ec)
    {
        ec = error_code();
        return release(impl);
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_DESCRIPTOR_SERVICE_HPP
