// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A timer of Asio's in the loop, and the waits that end when it expires.

#ifndef ASIO_URING_DETAIL_TIMER_WAIT_OPERATION_HPP
#define ASIO_URING_DETAIL_TIMER_WAIT_OPERATION_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/operation_cancellation.hpp>
#include <asio_uring/detail/reactor.hpp>

namespace asio_uring::detail {

class timer_wait_operation;

/// One timer: a completion for the loop, active exactly while somebody waits. What it holds is guarded by the
/// reactor's lock.
class waited_timer : public reactor_completion
{
public:
    waited_timer(reactor& owner, callback_type on_event) noexcept : reactor_completion(owner, on_event)
    {
        prepare(operation::timer{});
    }

    op_queue<timer_wait_operation> waits_;

    /// Hands over all waits. Inside an event.
    void finish_all();

    /// Ends all waits, the first only if `one`, and returns how many. Under the lock.
    std::size_t abort(bool one, op_queue<scheduler_operation>& aborted);

    /// Ends one wait. Under the lock.
    void abort(timer_wait_operation& wait, op_queue<scheduler_operation>& aborted);

    /// Takes over the waits of another timer, and its place in the loop. Under the lock.
    void take_over(waited_timer& other);

    /// Whether the context is being destroyed. Under the lock.
    bool shut_down() const noexcept
    {
        return owner().shut_down();
    }

private:
    static void end(timer_wait_operation& wait, op_queue<scheduler_operation>& aborted);
    void discard_if_unwaited();
};

/// An asynchronous wait for a timer.
class timer_wait_operation : public scheduler_operation
{
public:
    error_code ec_;

    void deliver() noexcept {}

    template <typename Handler>
    binder1<Handler, error_code> bind(Handler& handler)
    {
        return {handler, ec_};
    }

protected:
    explicit timer_wait_operation(func_type on_complete) noexcept : scheduler_operation(on_complete) {}

    /// Its slot knows it still where there was no memory for the timer, and so nothing was started.
    ~timer_wait_operation()
    {
        operation_cancellation<timer_wait_operation>::part(*this);
    }

private:
    friend class waited_timer;
    friend class operation_cancellation<timer_wait_operation>;
    template <typename TimeTraits>
    friend class timer_service;

    static void cancel(reactor& owner, operation_cancellation<timer_wait_operation>& cancellation)
    {
        op_queue<scheduler_operation> aborted;
        {
            const auto guard = owner.lock();
            timer_wait_operation* const wait = cancellation.operation();
            if (wait != nullptr && wait->timer_ != nullptr)
                wait->timer_->abort(*wait, aborted);
        }
        owner.post(aborted);
    }

    /// Null where it isn't waiting.
    waited_timer* timer_ = nullptr;
    operation_cancellation<timer_wait_operation>* cancellation_ = nullptr;
};

inline void waited_timer::finish_all()
{
    while (timer_wait_operation* const wait = waits_.front())
    {
        waits_.pop();
        wait->timer_ = nullptr;
        operation_cancellation<timer_wait_operation>::part(*wait);
        owner().finish(*wait);
    }
}

inline std::size_t waited_timer::abort(bool one, op_queue<scheduler_operation>& aborted)
{
    std::size_t count = 0;
    while (timer_wait_operation* const wait = waits_.front())
    {
        waits_.pop();
        end(*wait, aborted);
        ++count;
        if (one)
            break;
    }
    discard_if_unwaited();
    return count;
}

inline void waited_timer::abort(timer_wait_operation& wait, op_queue<scheduler_operation>& aborted)
{
    op_queue<timer_wait_operation> others;
    while (timer_wait_operation* const front = waits_.front())
    {
        waits_.pop();
        if (front != &wait)
            others.push(front);
    }
    waits_.push(others);
    end(wait, aborted);
    discard_if_unwaited();
}

/// Ends a wait that is out of the queue.
inline void waited_timer::end(timer_wait_operation& wait, op_queue<scheduler_operation>& aborted)
{
    wait.timer_ = nullptr;
    wait.ec_ = asio::error::operation_aborted;
    operation_cancellation<timer_wait_operation>::part(wait);
    aborted.push(&wait);
}

inline void waited_timer::take_over(waited_timer& other)
{
    if (other.get_state() == state::active)
        owner().get_loop().timer_move(other, *this);
    while (timer_wait_operation* const wait = other.waits_.front())
    {
        other.waits_.pop();
        wait->timer_ = this;
        waits_.push(wait);
    }
}

inline void waited_timer::discard_if_unwaited()
{
    if (waits_.front() == nullptr)
        owner().get_loop().discard(*this);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_TIMER_WAIT_OPERATION_HPP
