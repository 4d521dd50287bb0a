// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a scheduler has for the length of a block: a thread that runs it, rests, unlocks it, or calls it from
// outside.

#ifndef ASIO_URING_DETAIL_IMPL_SCHEDULER_GUARDS_HPP
#define ASIO_URING_DETAIL_IMPL_SCHEDULER_GUARDS_HPP

#include <asio_uring/detail/scheduler.hpp>
#include <atomic>
#include <mutex>

namespace asio_uring::detail {

/// A thread's stay in a run or poll function. It holds the scheduler's lock where it doesn't say otherwise.
class scheduler::stay
{
public:
    explicit stay(scheduler& s) : scheduler_(s), frame_(&s.asio_, thread_), lock_(s.mutex_)
    {
        thread_.private_outstanding_work = 0;
        s.settle(1);
        ++s.runners_;
        ++s.awake_;
        if (s.alone())
            s.mutex_.favour();
        else if (auto* const outer = static_cast<runner*>(frame_.next_by_key()))
            s.gather(*outer, 0);
    }

    stay(const stay&) = delete;
    stay& operator=(const stay&) = delete;

    ~stay()
    {
        if (scheduler_.settle(-1))
            scheduler_.stop();
        --scheduler_.awake_;
        --scheduler_.runners_;
        // The task is left to another, or a handler.
        if (scheduler_.task_is_free_)
            scheduler_.wake_sleeper();
        else if (scheduler_.runners_ != 0 && scheduler_.ready_.front() != nullptr)
            scheduler_.wake_one();
        if (frame_.next_by_key() == nullptr)
            scheduler_.mutex_.give_up_favour();
    }

    /// Where operations of this thread's may be put without the lock.
    op_queue<scheduler_operation>& queue() noexcept
    {
        return thread_.private_op_queue;
    }

    /// Takes the handler that is about to be called off this thread's own count of work. The thread itself
    /// counts; so the first handler that this one posts changes nothing that others see.
    void begin_handler() noexcept
    {
        --thread_.private_outstanding_work;
        thread_.calls_handler = true;
    }

    /// Lets all see what the handler has posted, and this thread's own count of work.
    void end_handler()
    {
        thread_.calls_handler = false;
        scheduler_.publish(thread_, 0);
    }

    /// Lets all see what the task has finished, behind what came before.
    void end_task()
    {
        scheduler_.gather(thread_, 0);
    }

    void rethrow_pending_exception()
    {
        thread_.rethrow_pending_exception();
    }

private:
    scheduler& scheduler_;
    runner thread_;
    thread_call_stack::context frame_;
    const std::lock_guard<biased_mutex> lock_;
};

/// The time in which a thread is about to sleep, or sleeps. It doesn't count as work.
class scheduler::rest
{
public:
    explicit rest(scheduler& s) noexcept : scheduler_(s), is_last_(s.settle(-1))
    {
        --s.awake_;
    }

    rest(const rest&) = delete;
    rest& operator=(const rest&) = delete;

    ~rest()
    {
        scheduler_.settle(1);
        ++scheduler_.awake_;
    }

    /// Whether there is no work any more.
    bool is_last() const noexcept
    {
        return is_last_;
    }

private:
    scheduler& scheduler_;
    const bool is_last_;
};

/// Unlocks as long as it lives.
class scheduler::unlocked
{
public:
    explicit unlocked(biased_mutex& mutex) noexcept : mutex_(mutex)
    {
        mutex_.unlock();
    }

    unlocked(const unlocked&) = delete;
    unlocked& operator=(const unlocked&) = delete;

    ~unlocked()
    {
        mutex_.lock();
    }

private:
    biased_mutex& mutex_;
};

/// Something that is told to the threads that run the context, which may end it at once.
class scheduler::caller
{
public:
    explicit caller(std::atomic<int>& callers) noexcept : callers_(callers)
    {
        callers_.fetch_add(1, std::memory_order_relaxed);
    }

    caller(const caller&) = delete;
    caller& operator=(const caller&) = delete;

    ~caller()
    {
        callers_.fetch_sub(1, std::memory_order_release);
    }

private:
    std::atomic<int>& callers_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_IMPL_SCHEDULER_GUARDS_HPP
