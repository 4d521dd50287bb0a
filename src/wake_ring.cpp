// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Sending through the process's wake ring.

#include "wake_ring.hpp"

#include "ring.hpp"

#include <asio_uring/detail/assert.hpp>
#include <cerrno>
#include <thread>
#include <unistd.h>

namespace asio_uring::detail {

wake_ring& wake_ring::instance() noexcept
{
    // Never destroyed: a context with static storage duration may use it until the program ends.
    static wake_ring& ring = *new wake_ring;
    return ring;
}

int wake_ring::send(const io_uring_sqe& message) noexcept
{
    const std::lock_guard lock(mutex_);
    if (owner_ != getpid())
    {
        if (const int result = io_uring_queue_init(1, &ring_, 0); result < 0)
            return result;
        io_uring_ring_dontfork(&ring_);
        owner_ = getpid();
    }
    io_uring_sqe* const sqe = io_uring_get_sqe(&ring_);
    ASIO_URING_ASSERT(sqe);
    *sqe = message;
    int result = io_uring_submit(&ring_);
    // Memory is short for a moment, or a signal came, and a wake-up may not be lost.
    while (ring::passes(result))
    {
        std::this_thread::yield();
        result = io_uring_submit(&ring_);
    }
    if (result < 0)
    {
        // It can't be entered any more: the next message gets a ring of its own.
        io_uring_queue_exit(&ring_);
        owner_ = 0;
        return result;
    }
    io_uring_cqe* cqe = nullptr;
    if (io_uring_peek_cqe(&ring_, &cqe) == 0)
        io_uring_cqe_seen(&ring_, cqe);
    return 0;
}

} // namespace asio_uring::detail
