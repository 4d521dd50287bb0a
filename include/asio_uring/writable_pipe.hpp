// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's writing end of a pipe on asio_uring's executor.

#ifndef ASIO_URING_WRITABLE_PIPE_HPP
#define ASIO_URING_WRITABLE_PIPE_HPP

#include <asio_uring/io_context.hpp>
#include ASIO_URING_ASIO_HEADER(basic_writable_pipe)
#include ASIO_URING_ASIO_HEADER(connect_pipe)

namespace asio_uring {

/// Asio's writing end of a pipe, bound to io_context::executor_type. A write raises SIGPIPE where the reader
/// is gone, as with every Asio.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// boost::asio::async_write(writer, boost::asio::buffer(text),
///     [](boost::system::error_code error, std::size_t size)
///     {
///         if (error == boost::asio::error::broken_pipe)
///             report(size);
///     });
/// @endcode
using writable_pipe = asio::basic_writable_pipe<io_context::executor_type>;

} // namespace asio_uring

#endif // ASIO_URING_WRITABLE_PIPE_HPP
