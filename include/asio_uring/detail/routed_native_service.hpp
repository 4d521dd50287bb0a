// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The calls that routed sockets have in common with all other routed descriptors.

#ifndef ASIO_URING_DETAIL_ROUTED_NATIVE_SERVICE_HPP
#define ASIO_URING_DETAIL_ROUTED_NATIVE_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/routed_service.hpp>

namespace asio_uring::detail {

/// Forwards what native_service_base does, under the names that Asio's services have for it.
template <typename Stock, typename Native>
class routed_native_service : public routed_service_base<Stock, Native>
{
public:
    using native_handle_type = int;
    using implementation_type = typename routed_service_base<Stock, Native>::implementation_type;

    bool is_open(const implementation_type& impl) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.is_open(i); });
    }

    error_code close(implementation_type& impl, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.close(i, ec); });
    }

    int release(implementation_type& impl, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.release(i, ec); });
    }

    int native_handle(implementation_type& impl)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.native_handle(i); });
    }

    error_code cancel(implementation_type& impl, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.cancel(i, ec); });
    }

    template <typename IoControlCommand>
    error_code io_control(implementation_type& impl, IoControlCommand& command, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.io_control(i, command, ec); });
    }

    bool non_blocking(const implementation_type& impl) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.non_blocking(i); });
    }

    error_code non_blocking(implementation_type& impl, bool mode, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.non_blocking(i, mode, ec); });
    }

    bool native_non_blocking(const implementation_type& impl) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.native_non_blocking(i); });
    }

    error_code native_non_blocking(implementation_type& impl, bool mode, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.native_non_blocking(i, mode, ec); });
    }

    template <typename WaitType>
    error_code wait(implementation_type& impl, WaitType what, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.wait(i, what, ec); });
    }

    template <typename WaitType, typename Handler, typename IoExecutor>
    void async_wait(implementation_type& impl, WaitType what, Handler& handler, const IoExecutor& io_executor)
    {
        return this->on(
            impl, [&](auto& chosen, auto& i) { return chosen.async_wait(i, what, handler, io_executor); });
    }

protected:
    using routed_service_base<Stock, Native>::routed_service_base;

    ~routed_native_service() = default;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ROUTED_NATIVE_SERVICE_HPP
