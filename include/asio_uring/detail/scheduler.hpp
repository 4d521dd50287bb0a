// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Runs the handlers of a context.

#ifndef ASIO_URING_DETAIL_SCHEDULER_HPP
#define ASIO_URING_DETAIL_SCHEDULER_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/loop_task.hpp>

#if defined(ASIO_URING_OWN_SCHEDULER)

#include <asio_uring/detail/biased_mutex.hpp>
#include <asio_uring/detail/operation_inbox.hpp>
#include <asio_uring/detail/relax_processor.hpp>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace asio_uring::detail {

/// What Asio's scheduler is, member by member, for a context on the ring: faster where one thread runs the
/// context, and where other threads post to it. Elsewhere it hands everything on to Asio's.
///
/// Asio's scheduler exists beside it, because services of Asio's use it. Nobody runs that one; its operations
/// are taken from it, and both count work in one place.
///
/// The threads that run the context share a queue, under a lock that favours the only one. All others put
/// operations into an inbox. A thread that sleeps says so first, then looks into the inbox once more; who
/// puts something there looks afterwards whether one sleeps. So one of the two sees the other.
///
/// As with Asio's, the task is run again when all that was ready after its last run has been called: Asio's
/// reactor relies on that. But it isn't run where it has nothing to do.
///
/// Work is counted for each operation until its handler has returned; a thread that runs handlers counts as
/// work while it is awake. So the count is zero only where no thread could start more.
class scheduler : public execution_context_service_base<scheduler>, private thread_context
{
public:
    /// @param concurrency_hint as the context got it.
    /// @param get_task makes the task, a loop_task, when a service asks for it; null where Asio's scheduler
    /// does all.
    scheduler(asio::execution_context& context, asio_scheduler& asio, int concurrency_hint,
        get_task_function get_task);

    /// Only to please use_service(): a context without this service isn't ours, and isn't asked for it.
    explicit scheduler(asio::execution_context& context);

    void shutdown() override;

    void init_task();

    std::size_t run(error_code& ec)
    {
        return is_own() ? run_some(-1, unlimited, ec) : asio_.run(ec);
    }

    std::size_t run_one(error_code& ec)
    {
        return is_own() ? run_some(-1, 1, ec) : asio_.run_one(ec);
    }

    std::size_t wait_one(long usec, error_code& ec)
    {
        return is_own() ? run_some(usec, 1, ec) : asio_.wait_one(usec, ec);
    }

    std::size_t poll(error_code& ec)
    {
        return is_own() ? run_some(0, unlimited, ec) : asio_.poll(ec);
    }

    std::size_t poll_one(error_code& ec)
    {
        return is_own() ? run_some(0, 1, ec) : asio_.poll_one(ec);
    }

    void stop();

    bool stopped() const
    {
        return is_own() ? stopped_.load() : asio_.stopped();
    }

    void restart()
    {
        if (is_own())
            stopped_.store(false);
        else
            asio_.restart();
    }

    void work_started() noexcept
    {
        ++work_;
    }

    void work_finished()
    {
        if (--work_ == 0)
            stop();
    }

    /// Whether this thread is in a run or poll function.
    bool can_dispatch()
    {
        return asio_.can_dispatch();
    }

    /// Lets what a handler throws leave the run or poll function that this thread is in.
    void capture_current_exception()
    {
        asio_.capture_current_exception();
    }

    /// Whether handlers are waiting to be called, besides those of other threads that run the context.
    bool has_ready_handlers()
    {
        if (!inbox_.empty())
            return true;
        runner* const here = this_thread();
        if (here == nullptr)
            return false;
        if (here->private_op_queue.front() != nullptr)
            return true;
        const std::lock_guard<biased_mutex> lock(mutex_);
        return ready_.front() != nullptr;
    }

    void post_immediate_completion(scheduler_operation* op, bool is_continuation);
    void post_deferred_completion(scheduler_operation* op);
    void post_deferred_completions(op_queue<scheduler_operation>& ops);

    void do_dispatch(scheduler_operation* op)
    {
        post_immediate_completion(op, false);
    }

    void abandon_operations(op_queue<scheduler_operation>& ops)
    {
        op_queue<scheduler_operation> destroyed;
        destroyed.push(ops);
    }

private:
    class stay;
    class rest;
    class unlocked;
    class caller;

    /// A thread in a run or poll function.
    struct runner : scheduler_thread
    {
        /// Its own queue has what the handler posts then, else what the task has finished.
        bool calls_handler = false;
    };

    /// Stands for something in the queue.
    struct marker : scheduler_operation
    {
        marker() noexcept : scheduler_operation(&marker::ignore) {}

        static void ignore(void*, scheduler_operation*, const error_code&, std::size_t) {}
    };

    /// Says that Asio's scheduler got operations.
    class notice : public scheduler_task
    {
    public:
        explicit notice(scheduler& owner) noexcept : scheduler_(owner) {}

        void run(long, op_queue<scheduler_operation>&) override {}

        void interrupt() override
        {
            scheduler_.put(scheduler_.operations_of_asio_);
        }

    private:
        scheduler& scheduler_;
    };

    static constexpr std::size_t unlimited = ~std::size_t();

    /// As often is the task passed over, where it says that it has nothing to do.
    static constexpr unsigned most_turns_passed = 256;

    using clock = std::chrono::steady_clock;

    /// Before a thread sleeps it looks so long for what others post, where they did so shortly before. Not on
    /// the only processor, which the others need for that.
    static constexpr std::chrono::nanoseconds longest_look = std::chrono::microseconds(20);
    static constexpr std::chrono::nanoseconds shortest_look = std::chrono::microseconds(1);

    bool is_own() const noexcept
    {
        return get_task_ != nullptr;
    }

    /// Whether one thread runs the context, and doesn't sleep. Under the lock.
    bool alone() const noexcept
    {
        return runners_ == 1 && awake_ == 1;
    }

    std::size_t run_some(long usec, std::size_t most, error_code& ec);
    bool run_next(stay& here, long usec);
    void run_task(stay& here, long usec);
    bool is_task_due();
    void begin_round() noexcept;
    void call(stay& here, scheduler_operation& op);
    void sleep(long usec);
    bool something_comes();

    /// Null where this thread doesn't run the context.
    runner* this_thread() noexcept
    {
        return static_cast<runner*>(thread_call_stack::contains(&asio_));
    }

    template <typename Operations>
    void append(runner& here, Operations& what, long work, bool tell_others);
    void wait_for_callers() const;
    void collect();
    void publish(runner& thread, long difference);
    void gather(runner& thread, long difference);
    void count(long difference) noexcept;
    bool settle(long difference) noexcept;
    void put(scheduler_operation& op);
    bool claim_sleeper() noexcept;
    bool wake_sleeper();
    void wake_one();
    void interrupt_task();

    asio_scheduler& asio_;
    const get_task_function get_task_;
    /// Whether one thread runs the context, so that no other looks for what this one posts.
    const bool is_for_one_thread_;
    const bool looks_ = has_other_processors();
    notice notice_{*this};
    marker operations_of_asio_;
    std::atomic<bool> stopped_{false};

    biased_mutex mutex_;
    /// @name Under the lock
    /// @{
    op_queue<scheduler_operation> ready_;
    loop_task* task_ = nullptr;
    /// Whether no thread is in the task.
    bool task_is_free_ = false;
    /// The task has its turn after this one, or after any where this is null.
    const scheduler_operation* last_before_task_ = nullptr;
    bool is_tasks_turn_ = false;
    unsigned turns_passed_ = 0;
    bool shut_down_ = false;
    /// How many threads, or calls inside each other, are in a run or poll function.
    int runners_ = 0;
    /// How many of them don't sleep.
    int awake_ = 0;
    /// What isn't in the count of work yet, where only one runs the context and doesn't sleep.
    long own_work_ = 0;
    /// @}

    /// @name Of the thread that is in the task, or about to be
    /// @{
    /// Whether a post ended the last sleep.
    bool others_post_ = false;
    std::chrono::nanoseconds look_{0};
    /// @}

    /// Threads that wait for wake-ups, and haven't got one yet.
    std::atomic<int> sleepers_{0};
    /// Whether a thread is in the task and may block there.
    std::atomic<bool> task_blocks_{false};
    std::mutex sleep_mutex_;
    std::condition_variable woken_;
    int wake_ups_ = 0;

    /// Written by those who don't run the context.
    alignas(64) operation_inbox inbox_;
    std::atomic<int> callers_{0};
    /// Asio's.
    atomic_count& work_;
};

} // namespace asio_uring::detail

#include <asio_uring/detail/impl/scheduler.hpp>

namespace asio_uring::detail {

[[nodiscard]] inline bool has_ready_handlers(scheduler& s)
{
    return s.has_ready_handlers();
}

} // namespace asio_uring::detail

#else

namespace asio_uring::detail {

using scheduler = asio_scheduler;

/// Asio's doesn't tell.
[[nodiscard]] inline bool has_ready_handlers(scheduler&)
{
    return false;
}

} // namespace asio_uring::detail

#endif

namespace asio_uring::detail {

/// Adds a scheduler to a context.
///
/// @param concurrency_hint as the context got it.
/// @param get_task makes the scheduler's task, when a service asks for it; null for Asio's own.
[[nodiscard]] inline scheduler& make_scheduler(
    asio::execution_context& context, int concurrency_hint, get_task_function get_task)
{
    asio_scheduler& asio = make_asio_scheduler(context, scheduler_hint(concurrency_hint), get_task);
#if defined(ASIO_URING_OWN_SCHEDULER)
    return asio::make_service<scheduler>(context, asio, concurrency_hint, get_task);
#else
    return asio;
#endif
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SCHEDULER_HPP
