// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's TCP with I/O objects on asio_uring's executor.

#ifndef ASIO_URING_IP_TCP_HPP
#define ASIO_URING_IP_TCP_HPP

#include <asio_uring/io_context.hpp>
#include ASIO_URING_ASIO_HEADER(basic_socket_acceptor)
#include ASIO_URING_ASIO_HEADER(basic_stream_socket)
#include ASIO_URING_ASIO_IP_HEADER(basic_resolver)
#include ASIO_URING_ASIO_IP_HEADER(tcp)

namespace asio_uring::ip {

/// Asio's protocol, whose I/O objects are bound to io_context::executor_type. They are Asio's own templates,
/// and cost less than those with boost::asio::any_io_executor.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::ip::tcp::acceptor acceptor(context, {asio_uring::ip::tcp::v4(), 8080});
/// acceptor.async_accept(
///     [](boost::system::error_code error, asio_uring::ip::tcp::socket peer)
///     {
///         if (!error)
///             serve(std::move(peer));
///     });
/// context.run();
/// @endcode
struct tcp : asio::ip::tcp
{
    using socket = asio::basic_stream_socket<asio::ip::tcp, io_context::executor_type>;
    using acceptor = asio::basic_socket_acceptor<asio::ip::tcp, io_context::executor_type>;
    using resolver = asio::ip::basic_resolver<asio::ip::tcp, io_context::executor_type>;
};

} // namespace asio_uring::ip

#endif // ASIO_URING_IP_TCP_HPP
