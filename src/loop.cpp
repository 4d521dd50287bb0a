// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The run loop: what is added goes to the kernel, what comes back is called back.

#include <asio_uring/loop.hpp>

#include "kernel_abi.hpp"
#include "ring.hpp"
#include "submission.hpp"

#include <algorithm>
#include <boost/assert.hpp>
#include <cerrno>
#include <sched.h>
#include <type_traits>
#include <unistd.h>

namespace asio_uring {
namespace {

// The user_data of entries that aren't a completion's: its own address is even.
constexpr std::uint64_t wake_mark = 0;
constexpr std::uint64_t silent_cancel_mark = 1;

// Beyond this a wait isn't limited: the kernel adds the limit to its clock, and may overflow.
constexpr std::chrono::hours longest_limit{24 * 365};

// How long drain() waits before it asks again: an operation that a worker was about to start can miss a
// cancel.
constexpr std::chrono::milliseconds drain_pause{10};

// As many timers expire in one tick. They are in the cache still when they are called, and I/O isn't kept
// waiting.
constexpr unsigned most_timers = 1024;

std::uint64_t address_of(const completion& c) noexcept
{
    return reinterpret_cast<std::uintptr_t>(&c);
}

// Written by one thread at a time, read by any.
void count(std::atomic<std::uint64_t>& counter, std::uint64_t n) noexcept
{
    counter.store(counter.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
}

template <typename T, typename... Candidates>
constexpr bool one_of = (std::is_same_v<T, Candidates> || ...);

bool has_room(const iovec* buffers, std::size_t count) noexcept
{
    return std::any_of(buffers, buffers + count, [](const iovec& buffer) { return buffer.iov_len != 0; });
}

result::meaning meaning_of(const operation::any& what) noexcept
{
    using meaning = result::meaning;
    return std::visit(
        [](const auto& o)
        {
            using operation_type = std::decay_t<decltype(o)>;
            if constexpr (one_of<operation_type, operation::read, operation::pread, operation::read_fixed,
                              operation::recv>)
                return o.size != 0 ? meaning::read : meaning::plain;
            else if constexpr (one_of<operation_type, operation::recvmsg>)
                return has_room(o.message->msg_iov, o.message->msg_iovlen) ? meaning::read : meaning::plain;
            else if constexpr (one_of<operation_type, operation::readv, operation::preadv>)
                return has_room(o.buffers, o.count) ? meaning::read : meaning::plain;
            else if constexpr (one_of<operation_type, operation::cancel, operation::timer_remove>)
                return meaning::cancel;
            else
                return meaning::plain;
        },
        what);
}

// ERESTARTSYS and its kind are the kernel's own and shouldn't be seen.
bool interrupted(int code) noexcept
{
    return code == -EINTR || (code <= -detail::abi::erestartsys && code > -detail::abi::erestartsys - 5);
}

// Whether an error of entering the kernel passes, and what was not taken can be submitted with the next tick.
bool passing(int error) noexcept
{
    switch (error)
    {
    case EINTR:
    case ETIME:
    // Memory is short, or completions wait to be seen.
    case EAGAIN:
    case EBUSY:
    case ENOMEM:
        return true;
    default:
        return false;
    }
}

std::error_code error_of(int code) noexcept
{
    return code < 0 ? std::error_code(-code, std::system_category()) : std::error_code();
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

bool can_be_issued_again(const operation::any& what) noexcept
{
    return !std::holds_alternative<operation::cancel>(what) &&
           !std::holds_alternative<operation::close>(what);
}

} // namespace

loop::loop(loop_options options)
{
    std::error_code error;
    options_ = options;
    ring_ = make_ring(options, detail::kernel::system(), error);
    if (error)
        throw std::system_error(error, "asio_uring::loop");
}

loop::loop(loop_options options, std::error_code& error) noexcept
    : loop(options, detail::kernel::system(), error)
{}

loop::loop(loop_options options, detail::kernel& kernel, std::error_code& error) noexcept
    : options_(options),
      ring_(make_ring(options, kernel, error))
{}

loop::~loop()
{
    if (ring_)
        drain(give_back, nullptr);
}

std::unique_ptr<detail::ring> loop::make_ring(
    loop_options options, detail::kernel& kernel, std::error_code& error) noexcept
{
    if (options.entries == 0 || options.entries > loop_options::max_entries)
    {
        error = loop_error::too_many_entries;
        return nullptr;
    }
    std::unique_ptr<detail::ring> ring(new (std::nothrow) detail::ring(options.entries, kernel, error));
    if (!ring)
        error = std::make_error_code(std::errc::not_enough_memory);
    if (error)
        return nullptr;
    return ring;
}

completion& loop::completion_of(detail::queue_hook& hook) noexcept
{
    return static_cast<completion&>(hook);
}

void loop::add(completion& c)
{
    BOOST_ASSERT(c.place_ == completion::place::nowhere);
    if (std::holds_alternative<operation::noop>(c.operation_))
        return;
    if (const auto* timer = std::get_if<operation::timer>(&c.operation_))
        return add_at(c, deadline_after(timer->after));

    ++active_;
    c.cancel_requested_ = false;
    if (const auto* remove = std::get_if<operation::timer_remove>(&c.operation_))
    {
        BOOST_ASSERT(std::holds_alternative<operation::timer>(remove->timer->operation_));
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
    BOOST_ASSERT(std::holds_alternative<operation::timer>(c.operation_));
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
    return timers_.empty() ? time_point::max() : timers_.earliest();
}

void loop::timer_move(completion& from, completion& to) noexcept
{
    BOOST_ASSERT(to.place_ == completion::place::nowhere);
    BOOST_ASSERT(std::holds_alternative<operation::timer>(from.operation_));
    to.user_data_ = from.user_data_;
    to.callback_ = from.callback_;
    to.operation_ = from.operation_;
    to.code_ = from.code_;
    to.place_ = from.place_;
    to.cancel_requested_ = from.cancel_requested_;
    if (from.place_ == completion::place::timers)
        timers_.replace(from, to);
    else if (from.place_ == completion::place::ready)
        from.hand_link_to(to);
    from.place_ = completion::place::nowhere;
}

void loop::add_at(completion& c, time_point deadline)
{
    BOOST_ASSERT(c.place_ == completion::place::nowhere);
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

/// Whether a completion is in the submission queue or with the kernel.
bool loop::kernel_has(const completion& c) noexcept
{
    return c.place_ == completion::place::kernel || c.place_ == completion::place::cancelling;
}

/// Lets the kernel be asked, with the next tick, to cancel a completion that it has.
void loop::ask_to_cancel(completion& target) noexcept
{
    BOOST_ASSERT(kernel_has(target));
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
    if (ring_->cancel_now(address_of(target)) != -ENOENT)
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

bool loop::forked() const noexcept
{
    return ring_->forked();
}

std::error_code loop::after_fork() noexcept
{
    std::error_code error;
    auto ring = make_ring(options_, ring_->system(), error);
    if (error)
        return error;
    ring_ = std::move(ring);
    waiting_.store(false, std::memory_order_relaxed);
    while (!cancels_.empty())
        make_ready(completion_of(cancels_.pop_front()), -ECANCELED);
    // They were there before what is queued.
    detail::completion_queue queued;
    queued.splice(queue_);
    while (!kernel_.empty())
    {
        completion& c = completion_of(kernel_.pop_front());
        if (c.cancel_requested_)
        {
            make_ready(c, -ECANCELED);
            continue;
        }
        c.place_ = completion::place::queued;
        queue_.push_back(c);
    }
    queue_.splice(queued);
    return {};
}

void loop::make_ready(completion& c, int code) noexcept
{
    c.code_ = code;
    c.place_ = completion::place::ready;
    ready_.push_back(c);
}

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

std::error_code loop::register_buffers(const iovec* buffers, unsigned count) noexcept
{
    return error_of(ring_->register_buffers(buffers, count));
}

std::error_code loop::unregister_buffers() noexcept
{
    return error_of(ring_->unregister_buffers());
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

loop::wait_plan loop::begin_tick(bool may_block, std::optional<duration> limit) noexcept
{
    fill_submissions();

    wait_plan plan;
    const bool idle = queue_.empty() && cancels_.empty() && ready_.empty() && due_.empty();
    plan.block = may_block && idle && ring_->completions() == 0;
    if (plan.block && !timers_.empty())
    {
        const time_point now = clock::now();
        const duration until_timer = std::max(timers_.earliest(), now) - now;
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
    if (!plan.enter)
        return {};
    const int result = ring_->enter(plan.block, plan.limit);
    waiting_.store(false, std::memory_order_release);
    count(waits_, 1);
    if (result >= 0)
        count(submissions_, static_cast<unsigned>(result));
    else if (!passing(-result))
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
    ring_->wake(wake_mark);
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
        detail::prepare_silent_cancel(*sqe, address_of(c));
        sqe->user_data = address_of(c) | silent_cancel_mark;
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
        sqe->user_data = address_of(c);
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
        auto& c = *reinterpret_cast<completion*>(user_data & ~silent_cancel_mark);
        if (user_data & silent_cancel_mark)
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
    for (unsigned n = 0; n < most_timers && !timers_.empty() && timers_.earliest() <= now_; ++n)
        make_ready(timers_.pop(), 0);
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
    if (user_data == wake_mark || (user_data & silent_cancel_mark))
        return {};

    auto& c = *reinterpret_cast<completion*>(user_data);
    BOOST_ASSERT(kernel_has(c));
    count(completions_, 1);
    c.unlink();
    if (c.cancel_requested_ && interrupted(code))
        code = -ECANCELED;
    // The thread that submitted it ended, or a signal came between: nobody asked for an end of this
    // operation.
    const bool by_accident = !c.cancel_requested_ && (code == -ECANCELED || interrupted(code));
    if (by_accident && can_be_issued_again(c.operation_))
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
    if (c.callback_ && c.callback_(*this, c, result(code, meaning_of(c.operation_))) == next_step::rearm)
        add(c);
    return 1;
}

void loop::retire(completion& c) noexcept
{
    c.place_ = completion::place::nowhere;
    --active_;
}

void loop::give_back(completion& c, result r, void*) noexcept
{
    if (r && std::holds_alternative<operation::accept>(c.get_operation()))
        ::close(r.descriptor());
}

void loop::drain(release_type release, void* context) noexcept
{
    const auto release_one = [&](completion& c, int code)
    {
        retire(c);
        release(c, result(code, meaning_of(c.operation_)), context);
    };

    const bool parents = forked();
    if (!parents)
        take_back_submissions();
    bool asked = false;
    while (active_ != 0)
    {
        while (!timers_.empty())
            release_one(timers_.pop(), -ECANCELED);
        queue_.splice(ready_);
        queue_.splice(due_);
        while (!queue_.empty())
            release_one(completion_of(queue_.pop_front()), -ECANCELED);
        if (kernel_.empty() && cancels_.empty())
            continue;
        // What the kernel has is the parent's.
        if (parents)
            return;

        // Not in every turn: the answer would end each wait at once.
        if (!asked)
        {
            io_uring_sqe* const sqe = ring_->next_submission();
            detail::prepare_cancel_all(*sqe);
            sqe->user_data = wake_mark;
        }
        const int entered = ring_->enter(true, drain_pause);
        // The kernel can't be asked any more, and what it has is its own for ever.
        if (entered < 0 && !passing(-entered))
            return;
        asked = entered != -ETIME && ring_->unsubmitted() == 0;
        while (ring_->unsubmitted() != 0)
            ring_->take_back();
        for (unsigned n = ring_->completions(); n != 0; --n)
            if (const finished f = take_finished(); f.c)
                release_one(*f.c, f.code);
    }
}

} // namespace asio_uring
