// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Drives one loop as the task of a scheduler: starts, cancels and wakes, and hands over what is finished.

#ifndef ASIO_URING_DETAIL_REACTOR_HPP
#define ASIO_URING_DETAIL_REACTOR_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/asio_reactor_watch.hpp>
#include <asio_uring/detail/loop_task.hpp>
#include <asio_uring/detail/operation_cancellation.hpp>
#include <asio_uring/detail/reactor_mutex.hpp>
#include <asio_uring/detail/reactor_operation.hpp>
#include <asio_uring/detail/scheduler.hpp>
#include <asio_uring/loop.hpp>
#include <atomic>
#include <chrono>
#include <memory>

namespace asio_uring::detail {

/// The reactor of a context that runs on io_uring. A context has this service exactly where it does.
///
/// One thread at a time drives the loop, inside run(), and it alone touches the ring's queues. All others put
/// what they want into the loop under the lock, and wake the driver if it sleeps. The lock is not held while
/// the driver sleeps. Order of locks: this one, then the scheduler's; of what the scheduler calls under its
/// own, interrupt() takes none, and is_due() doesn't wait for one.
class reactor : public execution_context_service_base<reactor>, public loop_task
{
public:
    /// Deletes a completion, but not where the kernel has it: it is the parent's in a child of fork(2).
    struct unless_active
    {
        template <typename Completion>
        void operator()(Completion* c) const noexcept
        {
            if (c->get_state() == completion::state::dead)
                delete c;
        }
    };

    /// @param needs_lock false where the program promised that no two threads use the context at a time.
    reactor(asio::execution_context& context, std::unique_ptr<loop> loop, bool needs_lock)
        : execution_context_service_base<reactor>(context),
          scheduler_(asio::use_service<scheduler>(context)),
          mutex_(needs_lock),
          loop_(std::move(loop)),
          asio_reactor_watch_(new asio_reactor_watch(*this, context))
    {
        if (loop_)
            loop_->be_driven();
    }

    /// Only to please use_service(): a context without this service isn't ours, and isn't asked for it.
    explicit reactor(asio::execution_context& context) : reactor(context, nullptr, true)
    {
        throw_exception(asio::invalid_service_owner());
    }

    /// Whether threads may use the context that are not in its run(): one of a service's own, or another
    /// context's.
    bool locks() const noexcept
    {
        return mutex_.enabled();
    }

    void init_task()
    {
        scheduler_.init_task();
    }

    void shutdown() override;
    void notify_fork(asio::execution_context::fork_event event) override;

    void run(long usec, op_queue<scheduler_operation>& finished) override;
    void interrupt() override;
    bool is_due() override;

    asio_uring::loop& get_loop() noexcept
    {
        return *loop_;
    }

    enum class way_of_starting
    {
        on_the_ring,
        /// Without the ring where the operation needn't wait; but where other handlers are ready the ring is
        /// better, which serves the operations of all with one system call.
        at_once
    };

    /// Starts an operation; it waits where `queue` holds others. Any thread.
    void start(reactor_operation& op, operation_queue& queue, bool is_continuation,
        way_of_starting way = way_of_starting::on_the_ring);

    /// Starts an operation, whatever else is in `list`. Any thread.
    void start(reactor_operation& op, concurrent_operations& list, bool is_continuation,
        way_of_starting way = way_of_starting::on_the_ring);

    /// Adds a completion of a service's own to the loop. It isn't counted as work. Any thread.
    void add(reactor_completion& c);

    /// Hands over an operation that needs no loop. Any thread.
    void complete_immediately(scheduler_operation& op, bool is_continuation)
    {
        scheduler_.post_immediate_completion(&op, is_continuation);
    }

    /// Carries out at once, and without waiting, what is in a queue of sends, writes and connects and isn't
    /// with the kernel yet: where what follows may not overtake it, or undo it. Any thread.
    void carry_out_pending(operation_queue& queue);

    /// Asks for the end of all operations in the queues, whose handlers are called in their order. Any
    /// thread.
    template <std::size_t N>
    void cancel(operation_queue (&queues)[N]);
    void cancel(concurrent_operations& list);

    /// Takes away all operations in the queues, for good: on return their descriptor may be closed. Any
    /// thread.
    template <std::size_t N>
    void detach(operation_queue (&queues)[N]);
    void detach(concurrent_operations& list);

    /// Moves operations to the queues of another I/O object. Any thread.
    template <std::size_t N>
    void move(operation_queue (&from)[N], operation_queue (&to)[N]);
    void move(concurrent_operations& from, concurrent_operations& to);

    /// Asks for the end of the operation that a cancellation slot is about, if it hasn't ended. Any thread.
    void cancel(operation_cancellation<reactor_operation>& cancellation);

    /// @name For what runs in the loop
    /// @{
    reactor_mutex::scoped_lock lock()
    {
        reactor_mutex::scoped_lock guard(mutex_);
        is_quiet_.store(false, std::memory_order_relaxed);
        return guard;
    }

    /// Whether the context is being destroyed: what ends now ends for good. Under the lock.
    bool shut_down() const noexcept
    {
        return shut_down_;
    }

    /// Takes an operation that has ended out of what refers to it, starts the next of its queue, and hands it
    /// over. Inside an event, so under the lock.
    ///
    /// @param goes_too whether an operation behind it ends with it, where all before that one do.
    void retire(reactor_operation& op, bool (*goes_too)(const reactor_operation&));

    /// Hands over an operation that has ended. Inside an event, so under the lock.
    void finish(scheduler_operation& op)
    {
        finished_->push(&op);
    }

    /// The queue of what has ended. Inside an event, so under the lock.
    op_queue<scheduler_operation>& finished()
    {
        return *finished_;
    }

    /// Hands over operations that were started and have ended. Not under the lock.
    void post(op_queue<scheduler_operation>& ops)
    {
        scheduler_.post_deferred_completions(ops);
    }

    /// Destroys operations that were started, as a context does at its end. Not under the lock.
    void abandon(op_queue<scheduler_operation>& ops)
    {
        scheduler_.abandon_operations(ops);
    }

    /// Counts an operation as work that keeps run() from returning.
    void work_started() noexcept
    {
        scheduler_.work_started();
    }

    /// Whether the driver must be woken to see what was put into the loop. Under the lock.
    bool asleep() const noexcept
    {
        return driver_.load(std::memory_order_relaxed) == driver_state::asleep;
    }

    /// Wakes the driver if it sleeps. Any thread; under the lock where nothing else keeps the context alive.
    void wake() noexcept
    {
        if (driver_.exchange(driver_state::notified) == driver_state::asleep)
            loop_->wake();
    }
    /// @}

    /// Called where Asio's own reactor may have been made.
    void look_for_asio_reactor();

    /// Called where something counts itself as work, as every operation does that isn't ours: it may be on
    /// Asio's reactor. The driver looks before it sleeps, and on this word where it doesn't sleep.
    void work_of_others_started()
    {
        // In this order, as the driver says that it sleeps, and then looks: one of the two sees the other.
        if (!look_.load(std::memory_order_relaxed))
            look_.exchange(true);
        if (driver_.load() == driver_state::asleep)
            look_for_asio_reactor();
    }

private:
    enum class driver_state
    {
        awake,
        /// In the kernel, or about to go there.
        asleep,
        /// Not to fall asleep, or just woken.
        notified
    };

    bool fall_asleep() noexcept;
    static void abort(reactor_operation& op) noexcept;
    static void abort_waiting(operation_queue& queue) noexcept;
    static void detach(operation_queue& queue) noexcept;
    void refuse(reactor_operation& op, reactor_mutex::scoped_lock& guard, bool is_continuation);
    void hand_over(reactor_completion& c);
    void begin(reactor_operation& op, way_of_starting way, op_queue<scheduler_operation>& ended);
    bool is_tried_at_once(const reactor_operation& op, way_of_starting way);
    bool carry_out_pending(reactor_operation& op, op_queue<scheduler_operation>& ended);
    void end_for_good(completion& c, result r);
    next_step tell(completion& c, result r);
    bool end_at_once(reactor_operation& op, op_queue<scheduler_operation>& ended);
    static void remove(operation_queue& queue, reactor_operation& op) noexcept;

    scheduler& scheduler_;
    reactor_mutex mutex_;
    std::unique_ptr<loop> loop_;
    std::atomic<driver_state> driver_{driver_state::awake};
    /// Where finished operations go; valid inside run() and shutdown().
    op_queue<scheduler_operation>* finished_ = nullptr;
    bool shut_down_ = false;
    /// Whether nothing is in the loop, and nobody had the lock since.
    std::atomic<bool> is_quiet_{false};
    /// Whether Asio's reactor may have been made since the driver looked.
    std::atomic<bool> look_{false};
    std::unique_ptr<asio_reactor_watch, unless_active> asio_reactor_watch_;
};

} // namespace asio_uring::detail

#include <asio_uring/detail/impl/reactor.hpp>

#endif // ASIO_URING_DETAIL_REACTOR_HPP
