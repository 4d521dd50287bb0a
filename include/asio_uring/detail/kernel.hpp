// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The system calls of io_uring, as a class that a test can put something else in the place of.

#ifndef ASIO_URING_DETAIL_KERNEL_HPP
#define ASIO_URING_DETAIL_KERNEL_HPP

#include <cstddef>

struct io_uring;
struct io_uring_params;

namespace asio_uring::detail {

/// All that the library asks of io_uring in the kernel. Every function returns a negative errno where it
/// fails.
///
/// @par Thread Safety
/// Distinct objects: safe. Shared objects: safe.
class kernel
{
public:
    virtual ~kernel() = default;

    /// Makes a ring and maps its queues. The queues are not inherited by a child of fork(2).
    virtual int setup(unsigned entries, io_uring& ring, io_uring_params& params) noexcept = 0;

    /// io_uring_enter(2).
    virtual int enter(int ring_fd, unsigned to_submit, unsigned min_complete, unsigned flags,
        const void* argument, std::size_t argument_size) noexcept = 0;

    /// io_uring_register(2).
    virtual int register_with(int ring_fd, unsigned opcode, void* argument, unsigned count) noexcept = 0;

    /// Unmaps and closes a ring that has nothing in flight.
    virtual void exit(io_uring& ring) noexcept = 0;

    /// The kernel that the program runs on.
    static kernel& system() noexcept;

    /// The kernel on which rings are made that aren't given one: system(), unless a test has put another in
    /// its place.
    static kernel& current() noexcept;

    /// Puts another kernel in the place of system(), for rings that are made from now on; null takes that
    /// back.
    static void substitute(kernel* other) noexcept;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_KERNEL_HPP
