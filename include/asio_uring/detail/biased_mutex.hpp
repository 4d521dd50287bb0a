// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A mutex that costs one thread next to nothing, as long as no other comes.

#ifndef ASIO_URING_DETAIL_BIASED_MUTEX_HPP
#define ASIO_URING_DETAIL_BIASED_MUTEX_HPP

#include <atomic>
#include <mutex>

namespace asio_uring::detail {

/// A mutex that may favour a thread, which then locks it with plain loads and stores. Another thread takes
/// the favour away before it locks, which costs it a system call, membarrier(2), and microseconds. Where the
/// kernel lacks that call, or a filter refuses it, no thread is ever favoured.
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: safe.
class biased_mutex
{
public:
    /// @param enabled false where no two threads use it at a time: then it does nothing.
    explicit biased_mutex(bool enabled) noexcept : enabled_(enabled) {}

    biased_mutex(const biased_mutex&) = delete;
    biased_mutex& operator=(const biased_mutex&) = delete;

    void lock()
    {
        if (enabled_ && !lock_as_favourite())
            lock_as_other();
    }

    void unlock() noexcept
    {
        if (!enabled_)
            return;
        if (locked_by_other_)
        {
            locked_by_other_ = false;
            mutex_.unlock();
        }
        else
            inside_.store(false, std::memory_order_release);
    }

    /// Favours this thread, which holds the lock, from the next time on until another thread locks. Does
    /// nothing where another thread was favoured before and hasn't given that up, and where this thread got
    /// the lock as the favourite: then another may be taking the favour away.
    void favour() noexcept
    {
        if (!locked_by_other_ || !can_favour())
            return;
        if (candidate_ == nullptr)
            candidate_ = this_thread();
        if (candidate_ == this_thread())
            favourite_.store(candidate_, std::memory_order_relaxed);
    }

    /// Lets others be favoured where it was this thread. It holds the lock.
    void give_up_favour() noexcept
    {
        if (candidate_ != this_thread())
            return;
        candidate_ = nullptr;
        favourite_.store(nullptr, std::memory_order_release);
    }

private:
    static const void* this_thread() noexcept
    {
        static thread_local const char place = 0;
        return &place;
    }

    bool lock_as_favourite() noexcept
    {
        if (favourite_.load(std::memory_order_relaxed) != this_thread())
            return false;
        inside_.store(true, std::memory_order_relaxed);
        // The processor may still do the next load first. Who takes the favour away makes up for that.
        std::atomic_signal_fence(std::memory_order_seq_cst);
        if (favourite_.load(std::memory_order_relaxed) == this_thread())
            return true;
        inside_.store(false, std::memory_order_release);
        return false;
    }

    void lock_as_other();
    static bool can_favour() noexcept;

    const bool enabled_;
    /// Whether the lock is held by mutex_. Under the lock.
    bool locked_by_other_ = false;
    /// The only thread that may be the favourite, so the only one that uses inside_. Under the lock.
    const void* candidate_ = nullptr;
    /// A thread, by an address of its own.
    std::atomic<const void*> favourite_{nullptr};
    /// Whether the favourite holds the lock, or is about to find that it isn't the favourite any more.
    std::atomic<bool> inside_{false};
    std::mutex mutex_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_BIASED_MUTEX_HPP
