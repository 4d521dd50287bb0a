// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The run loop: what is added goes to the kernel, what comes back is called back.

#include <asio_uring/loop.hpp>

#include "operation_results.hpp"
#include "ring.hpp"
#include "submission.hpp"
#include "user_data.hpp"

#include <algorithm>
#include <asio_uring/detail/assert.hpp>
#include <asio_uring/detail/relax_processor.hpp>
#include <cerrno>
#include <ctime>

namespace asio_uring {
namespace {

// Beyond this a wait isn't limited: the kernel adds the limit to its clock, and may overflow.
constexpr std::chrono::hours longest_limit{24 * 365};

// As many timers expire in one tick. They are in the cache still when they are called, and I/O isn't kept
// waiting.
constexpr unsigned most_timers = 1024;

// The kernel's coarse clock is behind by a tick of the kernel's: 10 ms at most.
constexpr std::chrono::milliseconds coarse_delay{20};

// Whether it is that late. Far from there it doesn't read the clock itself, which takes three times as long.
bool is_past(loop::time_point time) noexcept
{
    std::timespec coarse{};
    ::clock_gettime(CLOCK_MONOTONIC_COARSE, &coarse);
    const loop::time_point now(
        std::chrono::seconds(coarse.tv_sec) + std::chrono::nanoseconds(coarse.tv_nsec));
    return time <= now + coarse_delay && time <= loop::clock::now();
}

// Written by one thread at a time, read by any.
void count(std::atomic<std::uint64_t>& counter, std::uint64_t n) noexcept
{
    counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

/// Set while it lives.
class running_mark
{
public:
    explicit running_mark(bool& mark) noexcept : mark_(mark)
    {
        mark_ = true;
    }

    running_mark(const running_mark&) = delete;
    running_mark& operator=(const running_mark&) = delete;

    ~running_mark()
    {
        mark_ = false;
    }

private:
    bool& mark_;
};

} // namespace

std::error_code loop::submit() noexcept
{
    std::error_code error;
    do
    {
        error = wait(begin_tick(false));
    } while (!error && ring_->unsubmitted() == 0 && !(queue_.empty() && cancels_.empty()));
    take_back_submissions();
    return error;
}

std::size_t loop::run(run_mode mode)
{
    std::error_code error;
    const std::size_t called = run(mode, error);
    if (error)
        throw std::system_error(error, "asio_uring::loop::run");
    return called;
}

std::size_t loop::run(run_mode mode, std::error_code& error)
{
    error.clear();
    if (running_)
    {
        error = loop_error::nested_run;
        return 0;
    }
    const running_mark mark(running_);

    std::size_t called = 0;
    time_point began = time_point::max();
    while (active_ != 0 && !stopped_)
    {
        error = wait(begin_tick(mode != run_mode::no_wait));
        if (error)
            break;
        called += end_tick();
        began = std::min(began, now_);
        // What was due when it began is called, however many ticks that takes.
        if ((mode == run_mode::no_wait && next_deadline() >= began) ||
            (mode == run_mode::once && called != 0))
            break;
    }
    return called;
}

void loop::stop() noexcept
{
    stopped_ = true;
}

loop_statistics loop::statistics() const noexcept
{
    return {submissions_.load(std::memory_order_relaxed), completions_.load(std::memory_order_relaxed),
        waits_.load(std::memory_order_relaxed)};
}

bool loop::is_due() const noexcept
{
    return !queue_.empty() || !cancels_.empty() || !ready_.empty() || !due_.empty() ||
           ring_->completions() != 0 || ring_->completions_behind() ||
           (!timers_.empty() && is_past(timers_.next_event()));
}

loop::wait_plan loop::begin_tick(bool may_block, std::optional<duration> limit) noexcept
{
    fill_submissions();

    wait_plan plan;
    const bool idle = queue_.empty() && cancels_.empty() && ready_.empty() && due_.empty();
    plan.block = may_block && idle && ring_->completions() == 0;
    if (plan.block && !timers_.empty())
    {
        const time_point now = clock::now();
        const duration until_timer = std::max(timers_.next_event(), now) - now;
        limit = limit ? std::min(*limit, until_timer) : until_timer;
    }
    if (limit && *limit <= duration::zero())
        plan.block = false;
    if (limit && *limit < longest_limit)
        plan.limit = limit;
    plan.enter = plan.block || ring_->unsubmitted() != 0 || ring_->completions_behind();
    waiting_.store(plan.enter, std::memory_order_relaxed);
    return plan;
}

std::error_code loop::wait(const wait_plan& plan) noexcept
{
    std::error_code error;
    wait_plan rest = plan;
    if (plan.block && options_.spin > duration::zero())
        error = spin(rest);
    if (rest.enter && !error)
        error = enter(rest);
    waiting_.store(false, std::memory_order_release);
    return error;
}

/// Submits, and looks for completions for a while before the loop would sleep. Leaves in the plan what is
/// still to be done.
std::error_code loop::spin(wait_plan& plan) noexcept
{
    if (ring_->unsubmitted() != 0)
    {
        const std::error_code error = enter({true, false, {}});
        if (error || ring_->unsubmitted() != 0)
        {
            plan.enter = false;
            return error;
        }
    }
    const time_point start = clock::now();
    const duration longest = std::min(options_.spin, plan.limit.value_or(options_.spin));
    duration passed = duration::zero();
    while (!ring_->has_news() && passed < longest)
    {
        detail::relax_processor();
        passed = clock::now() - start;
    }
    if (plan.limit)
        *plan.limit -= std::min(passed, *plan.limit);
    // Work that the kernel tells of may be another thread's to do.
    plan.block = ring_->completions() == 0 && plan.limit != duration::zero();
    plan.enter = plan.block || ring_->completions_behind();
    return {};
}

std::error_code loop::enter(const wait_plan& plan) noexcept
{
    const int result = ring_->enter(plan.block, plan.limit);
    count(waits_, 1);
    if (result >= 0)
        count(submissions_, static_cast<unsigned>(result));
    else if (!detail::ring::passes(result))
        return {-result, std::system_category()};
    return {};
}

std::size_t loop::end_tick()
{
    take_back_submissions();
    update_now();
    expire_timers();
    due_.splice(ready_);
    // First what the kernel has finished: what came in time isn't late because the loop was.
    const std::size_t called = reap();
    return called + call_due();
}

void loop::wake() noexcept
{
    ring_->wake(detail::wake_mark);
}

void loop::fill_submissions() noexcept
{
    // First, so that they can't starve behind operations that keep coming. The kernel has their targets
    // already.
    while (!cancels_.empty())
    {
        io_uring_sqe* const sqe = ring_->next_submission();
        if (!sqe)
            return;
        completion& c = completion_of(cancels_.pop_front());
        detail::prepare_silent_cancel(*sqe, detail::address_of(c));
        sqe->user_data = detail::address_of(c) | detail::silent_cancel_mark;
        c.place_ = completion::place::kernel;
        kernel_.push_back(c);
    }
    while (!queue_.empty())
    {
        io_uring_sqe* const sqe = ring_->next_submission();
        if (!sqe)
            return;
        completion& c = completion_of(queue_.pop_front());
        detail::prepare(*sqe, c.operation_);
        sqe->user_data = detail::address_of(c);
        c.place_ = completion::place::kernel;
        kernel_.push_back(c);
    }
}

/// Outside begin_tick() and wait() the submission queue is empty: what the kernel didn't take is queued
/// again.
void loop::take_back_submissions() noexcept
{
    while (ring_->unsubmitted() != 0)
    {
        const std::uint64_t user_data = ring_->take_back();
        auto& c = detail::completion_at(user_data);
        if (user_data & detail::silent_cancel_mark)
        {
            ask_to_cancel(c);
            continue;
        }
        const bool wanted = c.place_ == completion::place::kernel;
        c.unlink();
        if (wanted)
        {
            c.place_ = completion::place::queued;
            queue_.push_front(c);
        }
        else
        {
            make_ready(c, -ECANCELED);
        }
    }
}

void loop::expire_timers() noexcept
{
    for (unsigned n = 0; n < most_timers; ++n)
    {
        completion* const timer = timers_.pop_due(now_);
        if (timer == nullptr)
            break;
        make_ready(*timer, 0);
    }
}

/// Calls what was ready when the tick ended; what becomes ready meanwhile waits for the next tick.
std::size_t loop::call_due()
{
    std::size_t called = 0;
    while (!due_.empty() && !stopped_)
    {
        completion& c = completion_of(due_.pop_front());
        called += call(c, c.code_);
    }
    return called;
}

std::size_t loop::reap()
{
    std::size_t called = 0;
    for (unsigned n = ring_->completions(); n != 0 && !stopped_; --n)
        if (const finished f = take_finished(); f.c)
            called += call(*f.c, f.code);
    return called;
}

/// Takes one entry out of the completion queue. There is no completion in the answer where the entry finishes
/// none.
loop::finished loop::take_finished() noexcept
{
    const io_uring_cqe& cqe = ring_->front_completion();
    const std::uint64_t user_data = cqe.user_data;
    int code = cqe.res;
    ring_->pop_completion();
    if (user_data == detail::wake_mark || (user_data & detail::silent_cancel_mark))
        return {};

    auto& c = detail::completion_at(user_data);
    ASIO_URING_ASSERT(kernel_has(c));
    count(completions_, 1);
    c.unlink();
    if (c.cancel_requested_ && detail::interrupted(code))
        code = -ECANCELED;
    // The thread that submitted it ended, or a signal came between: nobody asked for an end of this
    // operation.
    const bool by_accident = !c.cancel_requested_ && (code == -ECANCELED || detail::interrupted(code));
    if (by_accident && detail::can_be_issued_again(c.operation_))
    {
        c.place_ = completion::place::queued;
        queue_.push_back(c);
        return {};
    }
    return {&c, code};
}

std::size_t loop::call(completion& c, int code)
{
    retire(c);
    if (c.callback_ &&
        c.callback_(*this, c, result(code, detail::meaning_of(c.operation_))) == next_step::rearm)
        add(c);
    return 1;
}

void loop::retire(completion& c) noexcept
{
    c.place_ = completion::place::nowhere;
    --active_;
}

} // namespace asio_uring
