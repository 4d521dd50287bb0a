// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Completions are added to a loop, moved, discarded and cancelled.

#include <asio_uring/loop.hpp>

#include "ring.hpp"
#include "user_data.hpp"

#include <algorithm>
#include <asio_uring/detail/assert.hpp>
#include <cerrno>
#include <sched.h>
#include <variant>

namespace asio_uring {

void loop::add(completion& c)
{
    ASIO_URING_ASSERT(c.place_ == completion::place::nowhere);
    if (std::holds_alternative<operation::noop>(c.operation_))
        return;
    if (const auto* timer = std::get_if<operation::timer>(&c.operation_))
        return add_at(c, deadline_after(timer->after));

    ++active_;
    c.cancel_requested_ = false;
    if (const auto* remove = std::get_if<operation::timer_remove>(&c.operation_))
    {
        ASIO_URING_ASSERT(std::holds_alternative<operation::timer>(remove->timer->operation_));
        make_ready(c, cancel_here(*remove->timer) ? 0 : -ENOENT);
    }
    else if (const auto* cancel = std::get_if<operation::cancel>(&c.operation_);
             cancel && !kernel_has(*cancel->target))
    {
        make_ready(c, cancel_here(*cancel->target) ? 0 : -ENOENT);
    }
    else
    {
        if (cancel)
            cancel->target->cancel_requested_ = true;
        c.place_ = completion::place::queued;
        queue_.push_back(c);
    }
}

void loop::timer(completion& c, duration after, completion::callback_type callback, void* user_data)
{
    c.prepare(operation::timer{after}, callback, user_data);
    add(c);
}

void loop::timer_at(completion& c, time_point deadline, completion::callback_type callback, void* user_data)
{
    c.prepare(operation::timer{std::max(deadline, now_) - now_}, callback, user_data);
    add_at(c, deadline);
}

void loop::timer_reset(completion& c, duration after)
{
    timer_reset_at(c, deadline_after(after));
}

void loop::timer_reset_at(completion& c, time_point deadline)
{
    ASIO_URING_ASSERT(std::holds_alternative<operation::timer>(c.operation_));
    switch (c.place_)
    {
    case completion::place::timers:
        timers_.update(c, deadline);
        break;
    case completion::place::ready:
        timers_.push(c, deadline);
        c.unlink();
        c.place_ = completion::place::timers;
        c.cancel_requested_ = false;
        break;
    default:
        add_at(c, deadline);
    }
}

bool loop::discard(completion& c) noexcept
{
    if (c.place_ == completion::place::nowhere || kernel_has(c))
        return false;
    if (c.place_ == completion::place::timers)
        timers_.remove(c);
    else
        c.unlink();
    retire(c);
    return true;
}

loop::time_point loop::next_deadline() const noexcept
{
    return timers_.next_event();
}

void loop::timer_move(completion& from, completion& to) noexcept
{
    ASIO_URING_ASSERT(to.place_ == completion::place::nowhere);
    ASIO_URING_ASSERT(std::holds_alternative<operation::timer>(from.operation_));
    to.user_data_ = from.user_data_;
    to.callback_ = from.callback_;
    to.operation_ = from.operation_;
    to.place_ = from.place_;
    to.cancel_requested_ = from.cancel_requested_;
    if (from.place_ == completion::place::timers)
    {
        timers_.replace(from, to);
    }
    else if (from.place_ == completion::place::ready)
    {
        to.code_ = from.code_;
        from.hand_link_to(to);
    }
    from.place_ = completion::place::nowhere;
}

void loop::add_at(completion& c, time_point deadline)
{
    ASIO_URING_ASSERT(c.place_ == completion::place::nowhere);
    timers_.push(c, deadline);
    ++active_;
    c.cancel_requested_ = false;
    c.place_ = completion::place::timers;
}

loop::time_point loop::deadline_after(duration after) const noexcept
{
    return after < time_point::max() - now_ ? now_ + after : time_point::max();
}

bool loop::cancel(completion& target) noexcept
{
    if (!kernel_has(target))
        return cancel_here(target);
    ask_to_cancel(target);
    return true;
}

void loop::cancel(completion& target, completion& c_cancel)
{
    c_cancel.prepare(operation::cancel{&target});
    add(c_cancel);
}

/// Lets the kernel be asked, with the next tick, to cancel a completion that it has.
void loop::ask_to_cancel(completion& target) noexcept
{
    ASIO_URING_ASSERT(kernel_has(target));
    target.cancel_requested_ = true;
    if (target.place_ == completion::place::cancelling)
        return;
    target.unlink();
    target.place_ = completion::place::cancelling;
    cancels_.push_back(target);
}

/// Cancels a completion that the kernel doesn't have.
bool loop::cancel_here(completion& target) noexcept
{
    switch (target.place_)
    {
    case completion::place::queued:
        target.unlink();
        break;
    case completion::place::timers:
        timers_.remove(target);
        break;
    default:
        return false;
    }
    target.cancel_requested_ = true;
    make_ready(target, -ECANCELED);
    return true;
}

bool loop::cancel_now(completion& target) noexcept
{
    if (!kernel_has(target))
    {
        cancel_here(target);
        return false;
    }
    // What a child of fork(2) closes is its own copy: the operation is its parent's.
    if (forked())
        return true;
    target.cancel_requested_ = true;
    await_submission();
    if (ring_->cancel_now(detail::address_of(target)) != -ENOENT)
        return true;
    // It is complete; or it was left behind, as end_tick() will see; or the kernel was just then between two
    // attempts of it, and has to be asked again.
    ask_to_cancel(target);
    return false;
}

void loop::await_submission() const noexcept
{
    while (waiting_.load(std::memory_order_acquire) && ring_->unsubmitted() != 0)
        sched_yield();
}

void loop::make_ready(completion& c, int code) noexcept
{
    c.code_ = code;
    c.place_ = completion::place::ready;
    ready_.push_back(c);
}

} // namespace asio_uring
