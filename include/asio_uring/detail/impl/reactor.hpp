// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The functions of the reactor, and of what it works with, that need it whole.

#ifndef ASIO_URING_DETAIL_IMPL_REACTOR_HPP
#define ASIO_URING_DETAIL_IMPL_REACTOR_HPP

#include <asio_uring/detail/assert.hpp>
#include <asio_uring/detail/immediate_attempt.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <optional>
#include <poll.h>
#include <utility>

namespace asio_uring::detail {

inline void reactor::shutdown()
{
    op_queue<scheduler_operation> ended;
    {
        const auto guard = lock();
        shut_down_ = true;
        finished_ = &ended;
        loop_->drain([](completion& c, result r, void* context)
            { static_cast<reactor*>(context)->end_for_good(c, r); },
            this);
        finished_ = nullptr;
    }
    scheduler_.abandon_operations(ended);
}

inline void reactor::notify_fork(asio::execution_context::fork_event event)
{
    if (event != asio::execution_context::fork_child)
        return;
    const auto guard = lock();
    if (const std::error_code error = loop_->after_fork())
        throw_exception(system_error(asio_error(error), "io_context::notify_fork"));
    // The thread that drove the loop may be the parent's only.
    driver_.store(driver_state::awake, std::memory_order_relaxed);
    // Asio's reactor is about to get another descriptor.
    loop_->discard(*asio_reactor_watch_);
    look_.store(true, std::memory_order_relaxed);
}

inline void reactor::run(long usec, op_queue<scheduler_operation>& finished)
{
    auto guard = lock();
    if (shut_down_)
        return;

    std::optional<loop::duration> limit;
    if (usec >= 0)
        limit = std::chrono::microseconds(usec);
    const bool may_block = usec != 0 && fall_asleep();
    if (may_block || look_.load(std::memory_order_relaxed))
    {
        // First: what is said meanwhile is looked for with the next tick.
        look_.exchange(false);
        asio_reactor_watch_->look();
    }
    const loop::wait_plan plan = loop_->begin_tick(may_block, limit);

    guard.unlock();
    const std::error_code error = loop_->wait(plan);
    guard.lock();

    driver_.store(driver_state::awake, std::memory_order_relaxed);
    finished_ = &finished;
    loop_->end_tick();
    finished_ = nullptr;
    is_quiet_.store(loop_->empty(), std::memory_order_relaxed);
    if (error)
        throw_exception(system_error(asio_error(error), "io_uring_enter"));
}

inline bool reactor::is_due()
{
    if (look_.load(std::memory_order_relaxed))
        return true;
    if (is_quiet_.load(std::memory_order_relaxed))
        return false;
    // The scheduler's lock is held, and comes after this one.
    const reactor_mutex::scoped_lock guard(mutex_, std::try_to_lock);
    return !guard.owns_lock() || loop_->is_due();
}

inline void reactor::interrupt()
{
    wake();
}

/// Announces that the driver is about to sleep. Returns false where somebody has just asked that it doesn't.
inline bool reactor::fall_asleep() noexcept
{
    driver_state expected = driver_state::awake;
    return driver_.compare_exchange_strong(expected, driver_state::asleep);
}

inline void reactor::look_for_asio_reactor()
{
    bool wake_driver = false;
    {
        const auto guard = lock();
        wake_driver = asio_reactor_watch_->look() && asleep();
    }
    if (wake_driver)
        wake();
}

inline void reactor::add(reactor_completion& c)
{
    const auto guard = lock();
    hand_over(c);
}

inline void reactor::start(
    reactor_operation& op, operation_queue& queue, bool is_continuation, way_of_starting way)
{
    op_queue<scheduler_operation> ended;
    {
        auto guard = lock();
        if (shut_down_)
            return refuse(op, guard, is_continuation);
        scheduler_.work_started();
        const bool first = queue.front() == nullptr;
        queue.push(&op);
        op.queue_ = &queue;
        if (first)
            begin(op, way, ended);
    }
    post(ended);
}

inline void reactor::start(
    reactor_operation& op, concurrent_operations& list, bool is_continuation, way_of_starting way)
{
    op_queue<scheduler_operation> ended;
    {
        auto guard = lock();
        if (shut_down_)
            return refuse(op, guard, is_continuation);
        scheduler_.work_started();
        list.push_back(op);
        begin(op, way, ended);
    }
    post(ended);
}

/// Begins an operation that waits for no other; `ended` has it where it is over then.
inline void reactor::begin(reactor_operation& op, way_of_starting way, op_queue<scheduler_operation>& ended)
{
    if (!is_tried_at_once(op, way) || !end_at_once(op, ended))
        hand_over(op);
}

/// Whether an operation is tried without the ring when it is started. Outside of run() what it does to others
/// is done when the initiating function returns, as with Asio: the caller may wait for that, and run later.
inline bool reactor::is_tried_at_once(const reactor_operation& op, way_of_starting way)
{
    const bool is_preferred = way == way_of_starting::at_once;
    if (scheduler_.can_dispatch())
        return is_preferred && !has_ready_handlers(scheduler_);
    return is_preferred || has_effect(op.get_operation());
}

/// Tries an operation that isn't in the loop without the ring. Returns whether it has ended; `ended` has it
/// then.
inline bool reactor::end_at_once(reactor_operation& op, op_queue<scheduler_operation>& ended)
{
    const std::optional<int> answer = attempt_at_once(op.get_operation());
    if (!answer)
        return false;
    op_queue<scheduler_operation>* const outer = std::exchange(finished_, &ended);
    const next_step next = tell(op, result(*answer, result::meaning::plain));
    finished_ = outer;
    return next == next_step::disarm;
}

/// Ends an operation that came too late.
inline void reactor::refuse(reactor_operation& op, reactor_mutex::scoped_lock& guard, bool is_continuation)
{
    operation_cancellation<reactor_operation>::part(op);
    guard.unlock();
    complete_immediately(op, is_continuation);
}

/// Gives a completion to the loop. Under the lock.
inline void reactor::hand_over(reactor_completion& c)
{
    loop_->add(c);
    if (asleep())
        wake();
}

inline void reactor::retire(reactor_operation& op, bool (*goes_too)(const reactor_operation&))
{
    reactor_operation* next = next_of(&op);
    operation_queue* const queue = op.queue_;
    if (queue != nullptr)
    {
        ASIO_URING_ASSERT(queue->front() == &op);
        queue->pop();
        op.queue_ = nullptr;
    }
    concurrent_operations::remove(op);
    operation_cancellation<reactor_operation>::part(op);
    finish(op);

    // And what was aborted behind it, in this order.
    while (next != nullptr && (next->ec_ || goes_too(*next)))
    {
        reactor_operation& other = *next;
        next = next_of(&other);
        if (queue != nullptr)
            queue->pop();
        other.queue_ = nullptr;
        operation_cancellation<reactor_operation>::part(other);
        finish(other);
    }
    ASIO_URING_ASSERT(next == nullptr || queue != nullptr);
    if (next != nullptr)
        loop_->add(*next);
}

inline void reactor::carry_out_pending(operation_queue& queue)
{
    op_queue<scheduler_operation> ended;
    {
        const auto guard = lock();
        while (reactor_operation* const op = queue.front())
            if (!carry_out_pending(*op, ended))
                break;
    }
    post(ended);
}

/// Carries out at once, and without waiting, what others would see of an operation that isn't with the kernel
/// yet. Returns whether it has ended; `ended` has it then.
inline bool reactor::carry_out_pending(reactor_operation& op, op_queue<scheduler_operation>& ended)
{
    // What a child of fork(2) has is its own copy: the operations are its parent's.
    if (op.cancel_requested() || !has_effect(op.get_operation()) || loop_->forked())
        return false;
    loop_->await_submission();
    if (!loop_->discard(op))
        return false;
    if (end_at_once(op, ended))
        return true;
    loop_->add(op);
    return false;
}

/// Ends what is in the loop when the context is destroyed. What others would see, and needs no waiting, is
/// done, as Asio has done it when it was started.
inline void reactor::end_for_good(completion& c, result r)
{
    if (!reactor_completion::is_one(c, *this))
        return loop::give_back(c, r, nullptr);
    if (r.code() == -ECANCELED && !c.cancel_requested() && has_effect(c.get_operation()) && !loop_->forked())
    {
        auto& op = static_cast<reactor_operation&>(c);
        // Else its descriptor is closed.
        if (op.queue_ != nullptr)
        {
            if (const std::optional<int> answer = attempt_at_once(c.get_operation()))
                r = result(*answer, result::meaning::plain);
            else
                abort_waiting(*op.queue_);
        }
    }
    tell(c, r);
}

/// Tells a completion of ours that its operation is over. Under the lock.
inline next_step reactor::tell(completion& c, result r)
{
    return c.callback()(*loop_, c, r);
}

/// Ends an operation that isn't in the loop.
inline void reactor::abort(reactor_operation& op) noexcept
{
    op.ec_ = asio::error::operation_aborted;
    operation_cancellation<reactor_operation>::part(op);
}

/// Ends all operations of a queue but the first, which hands them over when it ends itself.
inline void reactor::abort_waiting(operation_queue& queue) noexcept
{
    reactor_operation* const first = queue.front();
    for (reactor_operation* op = first ? next_of(first) : nullptr; op != nullptr; op = next_of(op))
        abort(*op);
}

/// Leaves the operations to themselves: the first still knows those behind it.
inline void reactor::detach(operation_queue& queue) noexcept
{
    for (reactor_operation* op = queue.front(); op != nullptr; op = next_of(op))
        op->queue_ = nullptr;
    forget_all(queue);
}

inline void reactor::remove(operation_queue& queue, reactor_operation& op) noexcept
{
    operation_queue others;
    while (reactor_operation* const front = queue.front())
    {
        queue.pop();
        if (front != &op)
            others.push(front);
    }
    queue.push(others);
}

template <std::size_t N>
void reactor::cancel(operation_queue (&queues)[N])
{
    const auto guard = lock();
    bool cancelled = false;
    for (operation_queue& queue : queues)
    {
        abort_waiting(queue);
        if (reactor_operation* const first = queue.front())
            cancelled |= loop_->cancel(*first);
    }
    if (cancelled && asleep())
        wake();
}

template <std::size_t N>
void reactor::detach(operation_queue (&queues)[N])
{
    const auto guard = lock();
    bool wake_driver = false;
    for (operation_queue& queue : queues)
    {
        abort_waiting(queue);
        if (reactor_operation* const first = queue.front())
        {
            detach(queue);
            // Where the kernel has it, its completion wakes the driver.
            wake_driver |= !loop_->cancel_now(*first);
        }
    }
    if (wake_driver && asleep())
        wake();
}

template <std::size_t N>
void reactor::move(operation_queue (&from)[N], operation_queue (&to)[N])
{
    const auto guard = lock();
    for (std::size_t i = 0; i != N; ++i)
    {
        ASIO_URING_ASSERT(to[i].front() == nullptr);
        while (reactor_operation* const op = from[i].front())
        {
            from[i].pop();
            op->queue_ = &to[i];
            to[i].push(op);
        }
    }
}

inline void reactor::cancel(concurrent_operations& list)
{
    const auto guard = lock();
    bool cancelled = false;
    list.for_each([&](reactor_operation& op) { cancelled |= loop_->cancel(op); });
    if (cancelled && asleep())
        wake();
}

inline void reactor::detach(concurrent_operations& list)
{
    const auto guard = lock();
    bool wake_driver = false;
    while (!list.empty())
        wake_driver |= !loop_->cancel_now(list.pop_front());
    if (wake_driver && asleep())
        wake();
}

inline void reactor::move(concurrent_operations& from, concurrent_operations& to)
{
    const auto guard = lock();
    to.splice(from);
}

inline void reactor::cancel(operation_cancellation<reactor_operation>& cancellation)
{
    op_queue<scheduler_operation> ended;
    {
        const auto guard = lock();
        reactor_operation* const op = cancellation.operation();
        if (op == nullptr)
            return;
        if (op->get_state() == completion::state::active)
        {
            if (!carry_out_pending(*op, ended) && loop_->cancel(*op) && asleep())
                wake();
        }
        else if (op->queue_ != nullptr)
        {
            remove(*op->queue_, *op);
            op->queue_ = nullptr;
            abort(*op);
            ended.push(op);
        }
    }
    post(ended);
}

inline void reactor_operation::cancel(reactor& owner, operation_cancellation<reactor_operation>& cancellation)
{
    owner.cancel(cancellation);
}

inline bool asio_reactor_watch::look()
{
    if (get_state() == state::active || owner().shut_down())
        return false;
    asio_reactor_ = find_asio_reactor(context_);
    if (asio_reactor_ == nullptr)
        return false;
    prepare(operation::poll{descriptor_of(*asio_reactor_), POLLIN});
    owner().get_loop().add(*this);
    return true;
}

inline next_step asio_reactor_watch::on_event(loop&, completion& base, result)
{
    auto& self = static_cast<asio_reactor_watch&>(base);
    if (self.owner().shut_down())
        return next_step::disarm;
    self.asio_reactor_->run(0, self.owner().finished());
    return next_step::rearm;
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_IMPL_REACTOR_HPP
