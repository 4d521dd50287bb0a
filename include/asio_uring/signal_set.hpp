// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's signal set on asio_uring's executor.

#ifndef ASIO_URING_SIGNAL_SET_HPP
#define ASIO_URING_SIGNAL_SET_HPP

#include <asio_uring/io_context.hpp>
#include ASIO_URING_ASIO_HEADER(basic_signal_set)

namespace asio_uring {

/// Asio's signal set, bound to io_context::executor_type.
///
/// Signals are shared with all signal sets of the process, also those on other contexts and on a
/// boost::asio::io_context: a signal that several listen to is delivered to each of them, and its default
/// disposition returns when the last listens no more. (Since Boost 1.82 a signal can be added with flags. A
/// set on a boost::asio::io_context that gives flags to a signal that had none takes the signal away from
/// ours, until one of them adds it anew; not so with drop_in.hpp.)
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::signal_set signals(context, SIGINT, SIGTERM);
/// signals.async_wait([&](boost::system::error_code, int) { context.stop(); });
/// context.run();
/// @endcode
using signal_set = asio::basic_signal_set<io_context::executor_type>;

} // namespace asio_uring

#endif // ASIO_URING_SIGNAL_SET_HPP
