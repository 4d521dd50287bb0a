// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's timers on asio_uring's executor.

#ifndef ASIO_URING_TIMERS_HPP
#define ASIO_URING_TIMERS_HPP

#include <asio_uring/io_context.hpp>
#include ASIO_URING_ASIO_HEADER(basic_waitable_timer)
#if defined(ASIO_URING_HAS_DEADLINE_TIMER)
#include ASIO_URING_ASIO_HEADER(basic_deadline_timer)
#endif
#include <chrono>

namespace asio_uring {

/// A timer of Asio's on a clock of the caller's, bound to io_context::executor_type.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::steady_timer timer(context, std::chrono::seconds(1));
/// timer.async_wait([](boost::system::error_code) { std::puts("a second is over"); });
/// context.run();
/// @endcode
template <typename Clock, typename WaitTraits = asio::wait_traits<Clock>>
using basic_waitable_timer = asio::basic_waitable_timer<Clock, WaitTraits, io_context::executor_type>;

/// A timer on the monotonic clock.
using steady_timer = basic_waitable_timer<std::chrono::steady_clock>;

/// A timer on the system's clock, which may be set.
using system_timer = basic_waitable_timer<std::chrono::system_clock>;

/// A timer on the finest clock.
using high_resolution_timer = basic_waitable_timer<std::chrono::high_resolution_clock>;

#if defined(ASIO_URING_HAS_DEADLINE_TIMER)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/// A timer on the system's clock in the types of Boost.Date_Time. Deprecated since Boost 1.90.
using deadline_timer = asio::basic_deadline_timer<boost::posix_time::ptime,
    asio::time_traits<boost::posix_time::ptime>, io_context::executor_type>;
#pragma GCC diagnostic pop
#endif

} // namespace asio_uring

#endif // ASIO_URING_TIMERS_HPP
