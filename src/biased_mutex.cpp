// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// How a favour is taken away.

#include <asio_uring/detail/biased_mutex.hpp>

#include <asio_uring/detail/relax_processor.hpp>
#include <atomic>
#include <chrono>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace asio_uring::detail {
namespace {

bool membarrier(int command) noexcept
{
    return syscall(__NR_membarrier, command, 0, 0) == 0;
}

/// Whether the kernel carries the call out. Also tried: a filter may refuse what it lets register. A child of
/// fork(2) stays registered.
std::atomic<bool>& is_served() noexcept
{
    static std::atomic<bool> served(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) &&
                                    membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED));
    return served;
}

/// Locks; sleeps only after a while, because who holds the lock will mostly give it back sooner.
void lock_patiently(std::mutex& mutex)
{
    constexpr int longest_pause = 256;
    for (int pause = 1; pause <= longest_pause; pause *= 2)
    {
        if (mutex.try_lock())
            return;
        for (int i = 0; i != pause; ++i)
            relax_processor();
    }
    mutex.lock();
}

} // namespace

bool biased_mutex::can_favour() noexcept
{
    return is_served().load(std::memory_order_relaxed);
}

void biased_mutex::lock_as_other()
{
    lock_patiently(mutex_);
    if (favourite_.load(std::memory_order_acquire) != nullptr)
    {
        favourite_.store(nullptr, std::memory_order_relaxed);
        // After this the favourite has either said that it is inside, or will see that it isn't the
        // favourite. Where a filter came that refuses the call, time has to do: no store is kept back that
        // long.
        if (!membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED))
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    constexpr int patience = 100;
    for (int i = 0; inside_.load(std::memory_order_acquire); ++i)
        if (i < patience)
            std::this_thread::yield();
        else
            std::this_thread::sleep_for(std::chrono::microseconds(50)); // it may need this processor
    locked_by_other_ = true;
}

} // namespace asio_uring::detail
