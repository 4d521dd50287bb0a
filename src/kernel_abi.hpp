// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Names of io_uring's kernel interface that the header of liburing 2.3 lacks.

#ifndef ASIO_URING_SRC_KERNEL_ABI_HPP
#define ASIO_URING_SRC_KERNEL_ABI_HPP

#include <liburing.h>

namespace asio_uring::detail::abi {

/// IORING_FEAT_NO_IOWAIT, since 6.15: a waiting thread need not be accounted as waiting for I/O.
inline constexpr unsigned feature_no_iowait = 1U << 17;

/// IORING_ENTER_NO_IOWAIT, since 6.15.
inline constexpr unsigned enter_no_iowait = 1U << 7;

/// IORING_REGISTER_SEND_MSG_RING, since 6.13: sends to a ring without having one.
inline constexpr unsigned register_send_message = 31;

/// What an interrupted system call ends in inside the kernel; some of its paths let it out as a result.
inline constexpr int erestartsys = 512;

} // namespace asio_uring::detail::abi

#endif // ASIO_URING_SRC_KERNEL_ABI_HPP
