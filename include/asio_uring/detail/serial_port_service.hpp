// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of serial ports on the ring: what a stock Asio serial port calls.

#ifndef ASIO_URING_DETAIL_SERIAL_PORT_SERVICE_HPP
#define ASIO_URING_DETAIL_SERIAL_PORT_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/descriptor_service_base.hpp>
#include <fcntl.h>
#include <string>
#include <termios.h>

namespace asio_uring::detail {

/// Does what Asio's posix_serial_port_service does, with the same names, on the ring.
class serial_port_service : public execution_context_service_base<serial_port_service>,
                            public descriptor_service_base
{
public:
    explicit serial_port_service(asio::execution_context& context)
        : execution_context_service_base<serial_port_service>(context),
          descriptor_service_base(context)
    {}

    void shutdown() override {}

    error_code open(implementation_type& impl, const std::string& device, error_code& ec)
    {
        if (check_closed(impl, ec))
            open_device(impl, device, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    template <typename SettableSerialPortOption>
    error_code set_option(implementation_type& impl, const SettableSerialPortOption& option, error_code& ec)
    {
        change_attributes(
            impl, [&](termios& attributes) { option.store(attributes, ec); }, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    template <typename GettableSerialPortOption>
    error_code get_option(
        const implementation_type& impl, GettableSerialPortOption& option, error_code& ec) const
    {
        termios attributes = {};
        if (get_attributes(impl, attributes, ec))
            option.load(attributes, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    error_code send_break(implementation_type& impl, error_code& ec)
    {
        descriptor_ops::get_last_error(ec, ::tcsendbreak(impl.descriptor_, 0) < 0);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

private:
    void open_device(implementation_type& impl, const std::string& device, error_code& ec)
    {
        // Without O_NONBLOCK the open would wait for a carrier.
        const int descriptor =
            descriptor_ops::open(device.c_str(), O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, ec);
        if (descriptor < 0 || assign(impl, descriptor, ec))
            return;
        change_attributes(impl, &make_raw, ec);
        error_code ignored;
        if (ec)
            close(impl, ignored);
    }

    static void make_raw(termios& attributes) noexcept
    {
        ::cfmakeraw(&attributes);
        attributes.c_iflag |= IGNPAR;
        attributes.c_cflag |= CREAD | CLOCAL;
    }

    /// @param change takes the attributes by reference; where it sets ec, they stay as they are.
    template <typename Change>
    static void change_attributes(const implementation_type& impl, Change change, error_code& ec)
    {
        termios attributes = {};
        if (!get_attributes(impl, attributes, ec))
            return;
        change(attributes);
        if (!ec)
            descriptor_ops::get_last_error(ec, ::tcsetattr(impl.descriptor_, TCSANOW, &attributes) < 0);
    }

    static bool get_attributes(const implementation_type& impl, termios& attributes, error_code& ec)
    {
        descriptor_ops::get_last_error(ec, ::tcgetattr(impl.descriptor_, &attributes) < 0);
        return !ec;
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SERIAL_PORT_SERVICE_HPP
