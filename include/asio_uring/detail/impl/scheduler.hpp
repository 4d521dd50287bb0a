// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// How a scheduler runs handlers, sleeps and is woken.

#ifndef ASIO_URING_DETAIL_IMPL_SCHEDULER_HPP
#define ASIO_URING_DETAIL_IMPL_SCHEDULER_HPP

#include <asio_uring/detail/impl/scheduler_guards.hpp>
#include <asio_uring/detail/scheduler.hpp>
#include <chrono>
#include <thread>
#include <utility>

namespace asio_uring::detail {

/// Waits until nobody is in put() or stop(). Not for ever: a child of fork(2) hasn't got its parent's
/// threads.
inline void scheduler::wait_for_callers() const
{
    const clock::time_point end = clock::now() + std::chrono::seconds(1);
    while (callers_.load(std::memory_order_acquire) != 0 && clock::now() < end)
        std::this_thread::yield();
}

inline scheduler::scheduler(
    asio::execution_context& context, asio_scheduler& asio, int concurrency_hint, get_task_function get_task)
    : execution_context_service_base<scheduler>(context),
      asio_(asio),
      get_task_(get_task),
      is_for_one_thread_(runs_on_one_thread(context, concurrency_hint)),
      mutex_(needs_locks(context, concurrency_hint)),
      work_(work_of(asio))
{
    if (is_own())
        be_told(asio_, notice_);
}

inline scheduler::scheduler(asio::execution_context& context)
    : scheduler(context, asio::use_service<asio_scheduler>(context), 0, nullptr)
{
    throw_exception(asio::invalid_service_owner());
}

inline void scheduler::shutdown()
{
    wait_for_callers();
    // What is destroyed may post more.
    bool is_empty = false;
    while (!is_empty)
    {
        op_queue<scheduler_operation> abandoned;
        const std::lock_guard<biased_mutex> lock(mutex_);
        shut_down_ = true;
        task_is_free_ = false;
        collect();
        // Asio's scheduler shuts down later, when services that its handlers may use are gone.
        if (is_own())
            take_operations(asio_, ready_);
        is_empty = ready_.front() == nullptr;
        abandoned.push(ready_);
    }
}

inline void scheduler::init_task()
{
    if (!is_own())
        return asio_.init_task();
    auto* const task = static_cast<loop_task*>(get_task_(context()));
    const std::lock_guard<biased_mutex> lock(mutex_);
    if (shut_down_ || task_ != nullptr)
        return;
    task_ = task;
    task_is_free_ = true;
}

inline std::size_t scheduler::run_some(long usec, std::size_t most, error_code& ec)
{
    ec = error_code();
    if (work_ == 0)
    {
        stop();
        return 0;
    }
    stay here(*this);
    std::size_t called = 0;
    while (called != most && run_next(here, usec))
        ++called;
    return called;
}

/// Calls the next handler; waits for it as long as `usec` says, for ever where that is negative. Returns
/// whether it did.
inline bool scheduler::run_next(stay& here, long usec)
{
    while (!stopped_.load(std::memory_order_relaxed))
    {
        // Whoever appends to the queue collects first: so the order is the same if this is put off, and the
        // others aren't disturbed.
        if (ready_.front() == nullptr)
            collect();
        scheduler_operation* const op = ready_.front();
        if (op != nullptr && !(is_tasks_turn_ && task_is_free_ && is_task_due()))
        {
            ready_.pop();
            // What comes after this is for the next round.
            is_tasks_turn_ = is_tasks_turn_ || last_before_task_ == nullptr || op == last_before_task_;
            if (op != &operations_of_asio_)
            {
                call(here, *op);
                return true;
            }
            // They came before what was posted since.
            op_queue<scheduler_operation> first;
            take_operations(asio_, first);
            first.push(ready_);
            ready_.push(first);
            continue;
        }
        if (task_is_free_)
            run_task(here, op == nullptr ? usec : 0);
        else if (usec != 0)
            sleep(usec);
        if (usec >= 0)
        {
            collect();
            if (ready_.front() == nullptr)
                return false;
            usec = 0;
        }
    }
    return false;
}

/// Whether the task, whose turn it is, has anything to do. Where it hasn't, a new round begins.
inline bool scheduler::is_task_due()
{
    if (++turns_passed_ > most_turns_passed || task_->is_due())
        return true;
    begin_round();
    return false;
}

/// Lets the task wait until all that is ready now has been called, as Asio's does.
inline void scheduler::begin_round() noexcept
{
    is_tasks_turn_ = false;
    last_before_task_ = last_of(ready_);
}

inline void scheduler::call(stay& here, scheduler_operation& op)
{
    struct finished
    {
        ~finished()
        {
            here.end_handler();
            if (s.alone())
                s.mutex_.favour();
        }

        scheduler& s;
        stay& here;
    };

    // This thread may have been woken for what is in the inbox still.
    if (runners_ > 1 && (ready_.front() != nullptr || !inbox_.empty() || task_is_free_))
        wake_one();
    const finished at_the_end{*this, here};
    here.begin_handler();
    // Under the lock: Asio's reactor, in another thread, may add to it.
    const std::size_t task_result = task_result_of(op);
    const unlocked meanwhile(mutex_);
    // The owner is what Asio's own operations compare it with.
    op.complete(&asio_, error_code(), task_result);
    here.rethrow_pending_exception();
}

/// Runs the task, which is free.
inline void scheduler::run_task(stay& here, long usec)
{
    struct finished
    {
        ~finished()
        {
            s.task_blocks_.store(false, std::memory_order_relaxed);
            s.task_is_free_ = true;
            here.end_task();
            s.begin_round();
        }

        scheduler& s;
        stay& here;
    };

    task_is_free_ = false;
    turns_passed_ = 0;
    const finished at_the_end{*this, here};
    if (usec == 0)
    {
        if (ready_.front() != nullptr)
            wake_sleeper();
        const unlocked meanwhile(mutex_);
        return task_->run(0, here.queue());
    }
    // Meanwhile another thread may have come, posted and gone.
    if (others_post_ && look_ >= shortest_look && alone() && (something_comes() || ready_.front() != nullptr))
        return;
    const rest resting(*this);
    if (resting.is_last())
        return stop();
    task_blocks_.store(true);
    if (stopped_.load() || !inbox_.empty())
        usec = 0;
    const unlocked meanwhile(mutex_);
    if (!others_post_)
    {
        task_->run(usec, here.queue());
        others_post_ = !inbox_.empty();
        return;
    }
    const clock::time_point start = clock::now();
    task_->run(usec, here.queue());
    others_post_ = !inbox_.empty();
    const bool was_short = others_post_ && looks_ && clock::now() - start < longest_look;
    look_ = was_short ? longest_look : look_ / 2;
}

/// Looks into the inbox for a while before this thread sleeps. Returns whether something is there.
inline bool scheduler::something_comes()
{
    constexpr long this_thread = 1;
    if (work_ + own_work_ == this_thread)
        return false;
    const unlocked meanwhile(mutex_);
    const clock::time_point end = clock::now() + look_;
    do
    {
        for (int i = 0; i != 8; ++i)
        {
            if (!inbox_.empty() || stopped_.load(std::memory_order_relaxed))
                return true;
            relax_processor();
        }
    } while (clock::now() < end);
    look_ /= 2;
    return false;
}

/// Waits where another thread is in the task.
inline void scheduler::sleep(long usec)
{
    const rest resting(*this);
    sleepers_.fetch_add(1);
    if (resting.is_last())
        stop();
    if ((stopped_.load() || !inbox_.empty()) && claim_sleeper())
        return;

    const unlocked meanwhile(mutex_);
    std::unique_lock<std::mutex> lock(sleep_mutex_);
    const auto is_woken = [this] { return wake_ups_ != 0; };
    if (usec < 0)
        woken_.wait(lock, is_woken);
    else if (!woken_.wait_for(lock, std::chrono::microseconds(usec), is_woken))
    {
        if (claim_sleeper())
            return;
        // Somebody is about to wake one.
        woken_.wait(lock, is_woken);
    }
    --wake_ups_;
}

/// Moves what is in the inbox to the end of the queue.
inline void scheduler::collect()
{
    if (!inbox_.empty())
        inbox_.move_to(ready_);
}

/// Moves what a thread, this one, has put into its own queue to the one that all see, and counts its work and
/// `difference`.
inline void scheduler::publish(runner& thread, long difference)
{
    count(std::exchange(thread.private_outstanding_work, 0) + difference);
    if (thread.private_op_queue.front() != nullptr)
        ready_.push(thread.private_op_queue);
}

/// As publish(), and with what is in the inbox. What a handler has posted came before that, what the task has
/// finished may have come after it.
inline void scheduler::gather(runner& thread, long difference)
{
    if (!thread.calls_handler)
        collect();
    publish(thread, difference);
    collect();
}

/// Counts work under the lock.
inline void scheduler::count(long difference) noexcept
{
    if (difference == 0)
        return;
    if (alone())
        own_work_ += difference;
    else
        work_ += difference;
}

/// Counts work where all see it. Returns whether none is left.
inline bool scheduler::settle(long difference) noexcept
{
    difference += std::exchange(own_work_, 0);
    return (work_ += difference) == 0;
}

inline void scheduler::post_immediate_completion(scheduler_operation* op, bool is_continuation)
{
    if (!is_own())
        return asio_.post_immediate_completion(op, is_continuation);
    runner* const here = this_thread();
    if (here == nullptr)
    {
        work_started();
        return put(*op);
    }
    if (!here->calls_handler || !inbox_.empty())
        return append(*here, op, 1, !is_continuation);
    if (is_for_one_thread_)
    {
        // No other thread looks for it until the handler has returned.
        ++here->private_outstanding_work;
        return here->private_op_queue.push(op);
    }
    // As append(), where there is nothing to collect.
    bool tell_others;
    {
        const std::lock_guard<biased_mutex> lock(mutex_);
        publish(*here, 1);
        ready_.push(op);
        tell_others = !is_continuation && runners_ > 1;
    }
    if (tell_others)
        wake_one();
}

inline void scheduler::post_deferred_completion(scheduler_operation* op)
{
    if (is_own())
        put(*op);
    else
        asio_.post_deferred_completion(op);
}

inline void scheduler::post_deferred_completions(op_queue<scheduler_operation>& ops)
{
    if (!is_own())
        return asio_.post_deferred_completions(ops);
    if (ops.front() == nullptr)
        return;
    if (runner* const here = this_thread())
        return append(*here, ops, 0, true);
    while (scheduler_operation* const op = ops.front())
    {
        ops.pop();
        put(*op);
    }
}

/// Appends to the queue, in a thread that runs the context.
///
/// @param what an operation's address, or a queue of operations.
/// @param work what to add to the count of work.
template <typename Operations>
void scheduler::append(runner& here, Operations& what, long work, bool tell_others)
{
    {
        const std::lock_guard<biased_mutex> lock(mutex_);
        gather(here, work);
        ready_.push(what);
        tell_others = tell_others && runners_ > 1;
    }
    if (tell_others)
        wake_one();
}

/// Puts an operation into the inbox. Any thread.
inline void scheduler::put(scheduler_operation& op)
{
    const caller here(callers_);
    inbox_.push(op);
    if (sleepers_.load() != 0 || task_blocks_.load())
        wake_one();
}

inline void scheduler::stop()
{
    if (!is_own())
        return asio_.stop();
    const caller here(callers_);
    stopped_.store(true);
    while (sleepers_.load() != 0)
        wake_sleeper();
    interrupt_task();
}

/// Makes it this thread's to give a sleeper its wake-up. Returns false where none is left without.
inline bool scheduler::claim_sleeper() noexcept
{
    int sleepers = sleepers_.load();
    while (sleepers != 0)
        if (sleepers_.compare_exchange_weak(sleepers, sleepers - 1))
            return true;
    return false;
}

inline bool scheduler::wake_sleeper()
{
    if (!claim_sleeper())
        return false;
    {
        const std::lock_guard<std::mutex> lock(sleep_mutex_);
        ++wake_ups_;
    }
    woken_.notify_one();
    return true;
}

/// Wakes one thread, best one that doesn't wait in the kernel for the task.
inline void scheduler::wake_one()
{
    if (!wake_sleeper())
        interrupt_task();
}

inline void scheduler::interrupt_task()
{
    if (task_blocks_.load() && task_blocks_.exchange(false))
        task_->interrupt();
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_IMPL_SCHEDULER_HPP
