// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's serial port on asio_uring's executor.

#ifndef ASIO_URING_SERIAL_PORT_HPP
#define ASIO_URING_SERIAL_PORT_HPP

#include <asio_uring/io_context.hpp>
#include ASIO_URING_ASIO_HEADER(basic_serial_port)

namespace asio_uring {

/// Asio's serial port, bound to io_context::executor_type.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::serial_port port(context, "/dev/ttyUSB0");
/// port.set_option(asio_uring::serial_port::baud_rate(115200));
/// @endcode
using serial_port = asio::basic_serial_port<io_context::executor_type>;

} // namespace asio_uring

#endif // ASIO_URING_SERIAL_PORT_HPP
