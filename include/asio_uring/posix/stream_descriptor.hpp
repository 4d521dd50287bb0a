// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's stream descriptor on asio_uring's executor.

#ifndef ASIO_URING_POSIX_STREAM_DESCRIPTOR_HPP
#define ASIO_URING_POSIX_STREAM_DESCRIPTOR_HPP

#include <asio_uring/io_context.hpp>
#include ASIO_URING_ASIO_POSIX_HEADER(basic_stream_descriptor)

namespace asio_uring::posix {

/// Asio's stream descriptor, bound to io_context::executor_type: for pipes, terminals, eventfds, timerfds,
/// inotify, character devices and files. It owns the descriptor that it is given, and leaves its O_NONBLOCK
/// flag alone. What it is, is found out when it is assigned: terminals, timerfds and whatever else io_uring
/// may not wait for by itself are polled first.
///
/// A write to a pipe or socket whose reader is gone raises SIGPIPE, as with every Asio: ignore the signal to
/// get the error alone.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::posix::stream_descriptor input(context, ::dup(STDIN_FILENO));
/// char line[256];
/// input.async_read_some(boost::asio::buffer(line),
///     [&](boost::system::error_code error, std::size_t size)
///     {
///         if (!error)
///             consume(line, size);
///     });
/// context.run();
/// @endcode
using stream_descriptor = asio::posix::basic_stream_descriptor<io_context::executor_type>;

} // namespace asio_uring::posix

#endif // ASIO_URING_POSIX_STREAM_DESCRIPTOR_HPP
