// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The lock of a reactor, which a program that promises one thread can do without.

#ifndef ASIO_URING_DETAIL_REACTOR_MUTEX_HPP
#define ASIO_URING_DETAIL_REACTOR_MUTEX_HPP

#include <mutex>

namespace asio_uring::detail {

/// A recursive mutex that can be switched off. Recursive because callbacks that users add to the loop run
/// under it, and may start operations.
class reactor_mutex
{
public:
    using scoped_lock = std::unique_lock<reactor_mutex>;

    explicit reactor_mutex(bool enabled) noexcept : enabled_(enabled) {}

    bool enabled() const noexcept
    {
        return enabled_;
    }

    void lock()
    {
        if (enabled_)
            mutex_.lock();
    }

    bool try_lock()
    {
        return !enabled_ || mutex_.try_lock();
    }

    void unlock()
    {
        if (enabled_)
            mutex_.unlock();
    }

private:
    const bool enabled_;
    std::recursive_mutex mutex_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_REACTOR_MUTEX_HPP
