// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's local (unix) stream sockets with I/O objects on asio_uring's executor.

#ifndef ASIO_URING_LOCAL_STREAM_PROTOCOL_HPP
#define ASIO_URING_LOCAL_STREAM_PROTOCOL_HPP

#include <asio_uring/io_context.hpp>
#include ASIO_URING_ASIO_HEADER(basic_socket_acceptor)
#include ASIO_URING_ASIO_HEADER(basic_stream_socket)
#include ASIO_URING_ASIO_LOCAL_HEADER(stream_protocol)

namespace asio_uring::local {

/// Asio's protocol, whose I/O objects are bound to io_context::executor_type.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::local::stream_protocol::socket socket(context);
/// socket.connect("/run/server.sock");
/// @endcode
struct stream_protocol : asio::local::stream_protocol
{
    using socket = asio::basic_stream_socket<asio::local::stream_protocol, io_context::executor_type>;
    using acceptor = asio::basic_socket_acceptor<asio::local::stream_protocol, io_context::executor_type>;
};

} // namespace asio_uring::local

#endif // ASIO_URING_LOCAL_STREAM_PROTOCOL_HPP
