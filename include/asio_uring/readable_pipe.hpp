// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's reading end of a pipe on asio_uring's executor.

#ifndef ASIO_URING_READABLE_PIPE_HPP
#define ASIO_URING_READABLE_PIPE_HPP

#include <asio_uring/io_context.hpp>
#include ASIO_URING_ASIO_HEADER(basic_readable_pipe)
#include ASIO_URING_ASIO_HEADER(connect_pipe)

namespace asio_uring {

/// Asio's reading end of a pipe, bound to io_context::executor_type.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::readable_pipe reader(context);
/// asio_uring::writable_pipe writer(context);
/// boost::asio::connect_pipe(reader, writer);
/// @endcode
using readable_pipe = asio::basic_readable_pipe<io_context::executor_type>;

} // namespace asio_uring

#endif // ASIO_URING_READABLE_PIPE_HPP
