// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// One io_uring: its set-up with the best flags that the kernel takes, its two queues, and its end.

#ifndef ASIO_URING_SRC_RING_HPP
#define ASIO_URING_SRC_RING_HPP

#include <asio_uring/detail/kernel.hpp>

#include <chrono>
#include <cstdint>
#include <liburing.h>
#include <optional>
#include <sys/types.h>
#include <sys/uio.h>
#include <system_error>

namespace asio_uring::detail {

/// The queues of one ring.
///
/// The submission queue is filled with next_submission() and handed over by enter(); what enter() left behind
/// can be taken back. Each completion queue entry is seen by front_completion() and given back by
/// pop_completion().
///
/// @par Thread Safety
/// Unsafe, except: what doesn't use the queues (wake(), cancel_now(), the registration of buffers) may be
/// called from any thread; and while one thread is in enter(), others may call unsubmitted().
class ring
{
public:
    /// Makes a ring; `error` says why where none can be made, and then only the destructor may be called.
    ring(unsigned entries, kernel& k, std::error_code& error) noexcept;
    ~ring();

    ring(const ring&) = delete;
    ring& operator=(const ring&) = delete;

    /// An empty submission queue entry, or null where the queue is full.
    io_uring_sqe* next_submission() noexcept;

    /// Hands over what was filled in, and waits for a completion queue entry if `wait`, for `limit` at most.
    /// Returns what the kernel did: a count, or a negative errno. ETIME and EINTR are no errors of the
    /// ring's.
    int enter(bool wait, std::optional<std::chrono::nanoseconds> limit) noexcept;

    /// Whether an answer of enter() is an error that passes: what was not taken can be submitted once more.
    static bool passes(int result) noexcept;

    /// The number of submission queue entries that the kernel has not taken.
    unsigned unsubmitted() const noexcept;

    /// Takes back the last submission queue entry that the kernel has not taken, and returns its user_data.
    std::uint64_t take_back() noexcept;

    /// The number of completion queue entries that are there to see.
    unsigned completions() const noexcept;

    const io_uring_cqe& front_completion() const noexcept;
    void pop_completion() noexcept;

    /// Whether enter() might bring completions that the completion queue doesn't show yet.
    bool completions_behind() const noexcept;

    /// Whether completions are there to see, or the kernel says that enter() would bring some.
    bool has_news() const noexcept;

    /// Makes an entry with this user_data in the completion queue, and so ends a wait. Any thread.
    void wake(std::uint64_t user_data) noexcept;

    /// Cancels the operation with this user_data at once, without the submission queue. Any thread. Returns
    /// 0, or a negative errno: ENOENT where there is none.
    int cancel_now(std::uint64_t user_data) noexcept;

    /// The kernel that the ring was made on.
    kernel& system() const noexcept
    {
        return kernel_;
    }

    /// Registers buffers with the kernel, and takes that back. Any thread. Return 0, or a negative errno.
    int register_buffers(const iovec* buffers, unsigned count) noexcept;
    int unregister_buffers() noexcept;

    /// Whether this process is a child of the one that made the ring: it has the descriptor, but not the
    /// queues.
    bool forked() const noexcept;

private:
    bool has_pending_work() const noexcept;
    int try_setup(unsigned entries, unsigned flags) noexcept;
    std::error_code setup(unsigned entries) noexcept;
    /// Finds out whether the kernel has all that is needed.
    std::error_code check() noexcept;
    io_uring_sqe wake_message(std::uint64_t user_data) const noexcept;
    int register_own(unsigned opcode, void* argument, unsigned count) noexcept;
    int send_without_ring(std::uint64_t user_data) noexcept;

    kernel& kernel_;
    io_uring ring_{};
    unsigned features_ = 0;
    /// The process that made the ring, 0 where there is none.
    pid_t owner_ = 0;
    /// Whether IORING_REGISTER_SEND_MSG_RING is there (since 6.13).
    bool sends_without_ring_ = false;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_SRC_RING_HPP
