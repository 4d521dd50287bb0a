// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A first-in first-out queue of completions, linked through the completions themselves.

#ifndef ASIO_URING_DETAIL_COMPLETION_QUEUE_HPP
#define ASIO_URING_DETAIL_COMPLETION_QUEUE_HPP

#include <asio_uring/detail/assert.hpp>

namespace asio_uring::detail {

/// The links of a completion. Null where it is in no queue.
struct queue_hook
{
    queue_hook* next_in_queue = nullptr;
    queue_hook* previous_in_queue = nullptr;

    bool linked() const noexcept
    {
        return next_in_queue != nullptr;
    }

    /// Leaves the queue that it is in, whichever that is.
    void unlink() noexcept
    {
        ASIO_URING_ASSERT(linked());
        previous_in_queue->next_in_queue = next_in_queue;
        next_in_queue->previous_in_queue = previous_in_queue;
        next_in_queue = previous_in_queue = nullptr;
    }

    /// Leaves the queue and lets another take its place in it.
    void hand_link_to(queue_hook& other) noexcept
    {
        ASIO_URING_ASSERT(linked() && !other.linked());
        other.next_in_queue = next_in_queue;
        other.previous_in_queue = previous_in_queue;
        next_in_queue->previous_in_queue = previous_in_queue->next_in_queue = &other;
        next_in_queue = previous_in_queue = nullptr;
    }
};

/// A circular doubly linked queue around a sentinel.
class completion_queue
{
public:
    completion_queue() noexcept
    {
        clear();
    }

    completion_queue(const completion_queue&) = delete;
    completion_queue& operator=(const completion_queue&) = delete;

    bool empty() const noexcept
    {
        return sentinel_.next_in_queue == &sentinel_;
    }

    void push_back(queue_hook& hook) noexcept
    {
        insert_before(sentinel_, hook);
    }

    void push_front(queue_hook& hook) noexcept
    {
        insert_before(*sentinel_.next_in_queue, hook);
    }

    /// Takes out the oldest. The queue may not be empty.
    queue_hook& pop_front() noexcept
    {
        ASIO_URING_ASSERT(!empty());
        queue_hook& hook = *sentinel_.next_in_queue;
        hook.unlink();
        return hook;
    }

    /// Takes over all that `other` holds, behind what is here.
    void splice(completion_queue& other) noexcept
    {
        if (other.empty())
            return;
        queue_hook* const first = other.sentinel_.next_in_queue;
        queue_hook* const last = other.sentinel_.previous_in_queue;
        first->previous_in_queue = sentinel_.previous_in_queue;
        sentinel_.previous_in_queue->next_in_queue = first;
        last->next_in_queue = &sentinel_;
        sentinel_.previous_in_queue = last;
        other.clear();
    }

private:
    void clear() noexcept
    {
        sentinel_.next_in_queue = sentinel_.previous_in_queue = &sentinel_;
    }

    static void insert_before(queue_hook& position, queue_hook& hook) noexcept
    {
        ASIO_URING_ASSERT(!hook.linked());
        hook.next_in_queue = &position;
        hook.previous_in_queue = position.previous_in_queue;
        position.previous_in_queue->next_in_queue = &hook;
        position.previous_in_queue = &hook;
    }

    queue_hook sentinel_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_COMPLETION_QUEUE_HPP
