// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Where threads that don't run a context leave operations for those that do.

#ifndef ASIO_URING_DETAIL_OPERATION_INBOX_HPP
#define ASIO_URING_DETAIL_OPERATION_INBOX_HPP

#include <asio_uring/detail/asio.hpp>
#include <atomic>

namespace asio_uring::detail {

/// A queue without a lock, of many writers and of one reader at a time. Each writer's operations stay in
/// their order.
class operation_inbox
{
public:
    operation_inbox() = default;
    operation_inbox(const operation_inbox&) = delete;
    operation_inbox& operator=(const operation_inbox&) = delete;

    /// Destroys what is left.
    ~operation_inbox()
    {
        op_queue<scheduler_operation> left;
        move_to(left);
    }

    bool empty() const noexcept
    {
        return newest_.load(std::memory_order_seq_cst) == nullptr;
    }

    /// Any thread.
    void push(scheduler_operation& op) noexcept
    {
        scheduler_operation* newest = newest_.load(std::memory_order_relaxed);
        do
            set_next(&op, newest);
        while (!newest_.compare_exchange_weak(
            newest, &op, std::memory_order_seq_cst, std::memory_order_relaxed));
    }

    /// Moves all operations to the end of a queue.
    void move_to(op_queue<scheduler_operation>& queue) noexcept
    {
        scheduler_operation* const newest = newest_.exchange(nullptr, std::memory_order_acquire);
        scheduler_operation* first = nullptr;
        for (scheduler_operation* op = newest; op != nullptr;)
        {
            scheduler_operation* const older = next_of(op);
            set_next(op, first);
            first = op;
            op = older;
        }
        op_queue<scheduler_operation> in_order;
        set_all(in_order, first, newest);
        queue.push(in_order);
    }

private:
    std::atomic<scheduler_operation*> newest_{nullptr};
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_OPERATION_INBOX_HPP
