// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The functions of the reactor, and of what it works with, that need it whole.

#ifndef ASIO_URING_DETAIL_IMPL_REACTOR_HPP
#define ASIO_URING_DETAIL_IMPL_REACTOR_HPP

#include <asio_uring/detail/reactor.hpp>
#include <boost/assert.hpp>
#include <optional>
#include <poll.h>

namespace asio_uring::detail {

inline void reactor::shutdown()
{
    op_queue<scheduler_operation> ended;
    {
        const auto guard = lock();
        shut_down_ = true;
        finished_ = &ended;
        loop_->drain(
            [](completion& c, result r, void* context)
            {
                if (reactor_completion::is_one(c))
                    static_cast<reactor_completion&>(c).tell(r);
                else
                    loop::give_back(c, r, context);
            },
            nullptr);
        finished_ = nullptr;
    }
    scheduler_.abandon_operations(ended);
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
    if (error)
        throw_exception(system_error(error_code(error), "io_uring_enter"));
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
    bool wake_driver = false;
    {
        const auto guard = lock();
        loop_->add(c);
        wake_driver = asleep();
    }
    if (wake_driver)
        wake();
}

inline void reactor::start(reactor_operation& op, operation_queue& queue, bool is_continuation)
{
    auto guard = lock();
    if (shut_down_)
    {
        operation_cancellation<reactor_operation>::part(op);
        guard.unlock();
        complete_immediately(op, is_continuation);
        return;
    }
    scheduler_.work_started();
    const bool first = queue.front() == nullptr;
    queue.push(&op);
    op.queue_ = &queue;
    if (!first)
        return;
    loop_->add(op);
    const bool wake_driver = asleep();
    guard.unlock();
    if (wake_driver)
        wake();
}

inline void reactor::retire(reactor_operation& op)
{
    if (op.queue_ != nullptr)
    {
        operation_queue& queue = *op.queue_;
        BOOST_ASSERT(queue.front() == &op);
        queue.pop();
        op.queue_ = nullptr;
        if (reactor_operation* const next = queue.front())
            loop_->add(*next);
    }
    operation_cancellation<reactor_operation>::part(op);
    finish(op);
}

/// Ends an operation that isn't in the loop.
inline void reactor::abort(reactor_operation& op, op_queue<scheduler_operation>& aborted) noexcept
{
    op.queue_ = nullptr;
    op.ec_ = asio::error::operation_aborted;
    operation_cancellation<reactor_operation>::part(op);
    aborted.push(&op);
}

/// Ends all operations of a queue but the first.
inline void reactor::abort_waiting(operation_queue& queue, op_queue<scheduler_operation>& aborted) noexcept
{
    reactor_operation* const first = queue.front();
    if (first == nullptr)
        return;
    queue.pop();
    while (reactor_operation* const op = queue.front())
    {
        queue.pop();
        abort(*op, aborted);
    }
    queue.push(first);
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
    op_queue<scheduler_operation> aborted;
    bool wake_driver = false;
    {
        const auto guard = lock();
        for (operation_queue& queue : queues)
        {
            abort_waiting(queue, aborted);
            if (reactor_operation* const first = queue.front())
                wake_driver |= loop_->cancel(*first) && asleep();
        }
    }
    if (wake_driver)
        wake();
    post(aborted);
}

template <std::size_t N>
void reactor::detach(operation_queue (&queues)[N])
{
    op_queue<scheduler_operation> aborted;
    bool wake_driver = false;
    {
        const auto guard = lock();
        for (operation_queue& queue : queues)
        {
            abort_waiting(queue, aborted);
            if (reactor_operation* const first = queue.front())
            {
                queue.pop();
                first->queue_ = nullptr;
                // Where the kernel has it, its completion wakes the driver.
                wake_driver |= !loop_->cancel_now(*first) && asleep();
            }
        }
    }
    if (wake_driver)
        wake();
    post(aborted);
}

template <std::size_t N>
void reactor::move(operation_queue (&from)[N], operation_queue (&to)[N])
{
    const auto guard = lock();
    for (std::size_t i = 0; i != N; ++i)
    {
        BOOST_ASSERT(to[i].front() == nullptr);
        while (reactor_operation* const op = from[i].front())
        {
            from[i].pop();
            op->queue_ = &to[i];
            to[i].push(op);
        }
    }
}

inline void reactor::cancel(operation_cancellation<reactor_operation>& cancellation)
{
    op_queue<scheduler_operation> aborted;
    bool wake_driver = false;
    {
        const auto guard = lock();
        reactor_operation* const op = cancellation.operation();
        if (op == nullptr)
            return;
        if (op->get_state() == completion::state::active)
        {
            wake_driver = loop_->cancel(*op) && asleep();
        }
        else if (op->queue_ != nullptr)
        {
            remove(*op->queue_, *op);
            abort(*op, aborted);
        }
    }
    if (wake_driver)
        wake();
    post(aborted);
}

inline void reactor_operation::cancel(reactor& owner, operation_cancellation<reactor_operation>& cancellation)
{
    owner.cancel(cancellation);
}

template <typename Operation, typename Owner>
operation_cancellation<Operation, Owner>::~operation_cancellation()
{
    if (operation_.load(std::memory_order_acquire) == nullptr)
        return;
    const auto guard = owner_.lock();
    if (Operation* const op = operation())
        op->cancellation_ = nullptr;
}

inline bool asio_reactor_watch::look()
{
    if (get_state() == state::active || reactor_.shut_down())
        return false;
    asio_reactor_ = find_asio_reactor(context_);
    if (asio_reactor_ == nullptr)
        return false;
    prepare(operation::poll{descriptor_of(*asio_reactor_), POLLIN});
    reactor_.get_loop().add(*this);
    return true;
}

inline next_step asio_reactor_watch::on_event(reactor_completion& base, result)
{
    auto& self = static_cast<asio_reactor_watch&>(base);
    if (self.reactor_.shut_down())
        return next_step::disarm;
    self.asio_reactor_->run(0, self.reactor_.finished());
    return next_step::rearm;
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_IMPL_REACTOR_HPP
