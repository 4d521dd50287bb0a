// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// io_uring's system calls on the kernel that the program runs on.

#include <asio_uring/detail/kernel.hpp>

#include <atomic>
#include <cerrno>
#include <liburing.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace asio_uring::detail {
namespace {

class system_kernel final : public kernel
{
public:
    int setup(unsigned entries, io_uring& ring, io_uring_params& params) noexcept override
    {
        const int result = io_uring_queue_init_params(entries, &ring, &params);
        if (result == 0)
            io_uring_ring_dontfork(&ring);
        return result;
    }

    int enter(int ring_fd, unsigned to_submit, unsigned min_complete, unsigned flags, const void* argument,
        std::size_t argument_size) noexcept override
    {
        return checked(
            syscall(__NR_io_uring_enter, ring_fd, to_submit, min_complete, flags, argument, argument_size));
    }

    int register_with(int ring_fd, unsigned opcode, void* argument, unsigned count) noexcept override
    {
        return checked(syscall(__NR_io_uring_register, ring_fd, opcode, argument, count));
    }

    void exit(io_uring& ring) noexcept override
    {
        io_uring_queue_exit(&ring);
    }

private:
    static int checked(long result) noexcept
    {
        return result < 0 ? -errno : static_cast<int>(result);
    }
};

std::atomic<kernel*> substituted{nullptr};

} // namespace

kernel& kernel::current() noexcept
{
    kernel* const other = substituted.load(std::memory_order_acquire);
    return other != nullptr ? *other : system();
}

void kernel::substitute(kernel* other) noexcept
{
    substituted.store(other, std::memory_order_release);
}

kernel& kernel::system() noexcept
{
    // Never destroyed: a context with static storage duration may use it until the program ends.
    static system_kernel& instance = *new system_kernel;
    return instance;
}

} // namespace asio_uring::detail
