// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The moves of the timer heap.

#include <asio_uring/completion.hpp>
#include <asio_uring/detail/assert.hpp>
#include <asio_uring/detail/timer_heap.hpp>

#include <algorithm>

namespace asio_uring::detail {

timer_heap::time_point timer_heap::earliest() const noexcept
{
    ASIO_URING_ASSERT(!empty());
    return at(root).deadline;
}

void timer_heap::push(completion& timer, time_point deadline)
{
    if (end_ / 4 >= lines_.size())
        lines_.emplace_back();
    const std::size_t index = end_++;
    sift_up(index, {deadline, &timer});
}

completion& timer_heap::pop() noexcept
{
    ASIO_URING_ASSERT(!empty());
    completion& timer = *at(root).timer;
    erase(root);
    return timer;
}

void timer_heap::remove(completion& timer) noexcept
{
    ASIO_URING_ASSERT(at(timer.heap_index_).timer == &timer);
    erase(timer.heap_index_);
}

void timer_heap::update(completion& timer, time_point deadline) noexcept
{
    ASIO_URING_ASSERT(at(timer.heap_index_).timer == &timer);
    sift(timer.heap_index_, {deadline, &timer});
}

void timer_heap::replace(completion& from, completion& to) noexcept
{
    ASIO_URING_ASSERT(at(from.heap_index_).timer == &from);
    put(from.heap_index_, {at(from.heap_index_).deadline, &to});
}

void timer_heap::put(std::size_t index, const entry& e) noexcept
{
    at(index) = e;
    e.timer->heap_index_ = index;
}

void timer_heap::sift_up(std::size_t index, const entry& e) noexcept
{
    while (index != root && e.deadline < at(parent(index)).deadline)
    {
        put(index, at(parent(index)));
        index = parent(index);
    }
    put(index, e);
}

void timer_heap::sift_down(std::size_t index, const entry& e) noexcept
{
    for (std::size_t child = first_child(index); child < end_; child = first_child(index))
    {
        const std::size_t last = std::min(child + 4, end_);
        std::size_t least = child;
        for (++child; child < last; ++child)
            if (at(child).deadline < at(least).deadline)
                least = child;
        if (e.deadline <= at(least).deadline)
            break;
        put(index, at(least));
        index = least;
    }
    put(index, e);
}

void timer_heap::sift(std::size_t index, const entry& e) noexcept
{
    if (index != root && e.deadline < at(parent(index)).deadline)
        sift_up(index, e);
    else
        sift_down(index, e);
}

void timer_heap::erase(std::size_t index) noexcept
{
    const entry last = at(--end_);
    if (index != end_)
        sift(index, last);
}

} // namespace asio_uring::detail
