// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The services of stock Asio descriptors, pipes and serial ports that are routed: on the ring or Asio's.

#ifndef ASIO_URING_DETAIL_ROUTED_DESCRIPTOR_SERVICE_HPP
#define ASIO_URING_DETAIL_ROUTED_DESCRIPTOR_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/descriptor_service.hpp>
#include <asio_uring/detail/routed_native_service.hpp>
#include <asio_uring/detail/serial_port_service.hpp>
#include <cstddef>
#include <string>

namespace asio_uring::detail {

/// The calls that descriptors and serial ports have in common.
template <typename Stock, typename Native>
class routed_descriptor_service_base : public routed_native_service<Stock, Native>
{
public:
    using native_handle_type = int;
    using implementation_type = typename routed_native_service<Stock, Native>::implementation_type;

    error_code assign(implementation_type& impl, const native_handle_type& native_descriptor, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.assign(i, native_descriptor, ec); });
    }

    template <typename ConstBufferSequence>
    std::size_t write_some(implementation_type& impl, const ConstBufferSequence& buffers, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.write_some(i, buffers, ec); });
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_write_some(implementation_type& impl, const ConstBufferSequence& buffers, Handler& handler,
        const IoExecutor& io_executor)
    {
        return this->on(impl,
            [&](auto& chosen, auto& i) { return chosen.async_write_some(i, buffers, handler, io_executor); });
    }

    template <typename MutableBufferSequence>
    std::size_t read_some(implementation_type& impl, const MutableBufferSequence& buffers, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.read_some(i, buffers, ec); });
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_read_some(implementation_type& impl, const MutableBufferSequence& buffers, Handler& handler,
        const IoExecutor& io_executor)
    {
        return this->on(impl,
            [&](auto& chosen, auto& i) { return chosen.async_read_some(i, buffers, handler, io_executor); });
    }

protected:
    using routed_native_service<Stock, Native>::routed_native_service;

    ~routed_descriptor_service_base() = default;
};

/// What a stock descriptor or pipe calls. Every function is Asio's reactive_descriptor_service's of the same
/// name.
class routed_descriptor_service
    : public execution_context_service_base<routed_descriptor_service>,
      public routed_descriptor_service_base<asio::detail::reactive_descriptor_service, descriptor_service>
{
    using base =
        routed_descriptor_service_base<asio::detail::reactive_descriptor_service, descriptor_service>;

public:
    explicit routed_descriptor_service(asio::execution_context& context)
        : execution_context_service_base<routed_descriptor_service>(context),
          base(context)
    {}

    void shutdown() override {}

    using base::release;

    native_handle_type release(implementation_type& impl)
    {
        return on(impl, [](auto& chosen, auto& i) { return chosen.release(i); });
    }
};

/// What a stock serial port calls. Every function is Asio's posix_serial_port_service's of the same name.
class routed_serial_port_service
    : public execution_context_service_base<routed_serial_port_service>,
      public routed_descriptor_service_base<asio::detail::posix_serial_port_service, serial_port_service>
{
    using base = routed_descriptor_service_base<asio::detail::posix_serial_port_service, serial_port_service>;

public:
    explicit routed_serial_port_service(asio::execution_context& context)
        : execution_context_service_base<routed_serial_port_service>(context),
          base(context)
    {}

    void shutdown() override {}

    error_code open(implementation_type& impl, const std::string& device, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.open(i, device, ec); });
    }

    template <typename SettableSerialPortOption>
    error_code set_option(implementation_type& impl, const SettableSerialPortOption& option, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.set_option(i, option, ec); });
    }

    template <typename GettableSerialPortOption>
    error_code get_option(
        const implementation_type& impl, GettableSerialPortOption& option, error_code& ec) const
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.get_option(i, option, ec); });
    }

    error_code send_break(implementation_type& impl, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.send_break(i, ec); });
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ROUTED_DESCRIPTOR_SERVICE_HPP
