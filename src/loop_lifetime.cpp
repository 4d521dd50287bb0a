// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A loop begins, goes on in a child of fork(2), and ends.

#include <asio_uring/available.hpp>
#include <asio_uring/loop.hpp>

#include "operation_results.hpp"
#include "ring.hpp"
#include "submission.hpp"
#include "user_data.hpp"

#include <cerrno>
#include <new>
#include <unistd.h>
#include <variant>

namespace asio_uring {
namespace {

// How long drain() waits before it asks again: an operation that a worker was about to start can miss a
// cancel.
constexpr std::chrono::milliseconds drain_pause{10};

std::error_code error_of(int code) noexcept
{
    return code < 0 ? std::error_code(-code, std::system_category()) : std::error_code();
}

} // namespace

loop::loop(loop_options options)
{
    std::error_code error;
    options_ = options;
    ring_ = make_ring(options, detail::kernel::current(), error);
    if (error == loop_error::too_many_entries)
        throw std::system_error(error, "asio_uring::loop");
    if (error)
        throw std::system_error(error, "asio_uring::loop: " + explain_unavailable(error));
}

loop::loop(loop_options options, std::error_code& error) noexcept
    : loop(options, detail::kernel::current(), error)
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

std::error_code loop::register_buffers(const iovec* buffers, unsigned count) noexcept
{
    return error_of(ring_->register_buffers(buffers, count));
}

std::error_code loop::unregister_buffers() noexcept
{
    return error_of(ring_->unregister_buffers());
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
        release(c, result(code, detail::meaning_of(c.operation_)), context);
    };

    const bool parents = forked();
    if (!parents)
        take_back_submissions();
    bool asked = false;
    while (active_ != 0)
    {
        while (!timers_.empty())
            release_one(timers_.pop_any(), -ECANCELED);
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
            sqe->user_data = detail::wake_mark;
        }
        const int entered = ring_->enter(true, drain_pause);
        // The kernel can't be asked any more, and what it has is its own for ever.
        if (entered < 0 && !detail::ring::passes(entered))
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
