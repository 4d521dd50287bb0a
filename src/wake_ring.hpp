// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The ring through which kernels before 6.13 are asked to send a message to another ring.

#ifndef ASIO_URING_SRC_WAKE_RING_HPP
#define ASIO_URING_SRC_WAKE_RING_HPP

#include <liburing.h>
#include <mutex>
#include <sys/types.h>

namespace asio_uring::detail {

/// One small ring for the whole process, made when it is first needed. All it sends completes inside the
/// call, so that the thread which sends owns nothing in flight.
///
/// @par Thread Safety
/// Safe.
class wake_ring
{
public:
    static wake_ring& instance() noexcept;

    /// Sends a message, whose entry has the opcode MSG_RING. Returns 0, or a negative errno where no ring can
    /// be made or entered.
    int send(const io_uring_sqe& message) noexcept;

private:
    wake_ring() = default;

    std::mutex mutex_;
    io_uring ring_{};
    /// The process that made the ring, 0 where there is none: a child of fork(2) makes its own.
    pid_t owner_ = 0;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_SRC_WAKE_RING_HPP
