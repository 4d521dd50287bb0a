// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// How an operation is put to the kernel.

#ifndef ASIO_URING_SRC_SUBMISSION_HPP
#define ASIO_URING_SRC_SUBMISSION_HPP

#include <asio_uring/operation.hpp>

#include <liburing.h>

namespace asio_uring::detail {

/// Fills in an entry for an operation that the kernel carries out. `user_data` is left to the caller.
void prepare(io_uring_sqe& sqe, const operation::any& what) noexcept;

/// Fills in an entry that asks to cancel the operation with this user_data, and is silent where that
/// succeeds.
void prepare_silent_cancel(io_uring_sqe& sqe, std::uint64_t target) noexcept;

/// Fills in an entry that asks to cancel everything on the ring.
void prepare_cancel_all(io_uring_sqe& sqe) noexcept;

} // namespace asio_uring::detail

#endif // ASIO_URING_SRC_SUBMISSION_HPP
