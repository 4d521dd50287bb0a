// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// An operation that waits outside the loop, in a queue of its I/O object, until something ends it.

#ifndef ASIO_URING_DETAIL_WAITING_OPERATION_HPP
#define ASIO_URING_DETAIL_WAITING_OPERATION_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/operation_cancellation.hpp>
#include <asio_uring/detail/reactor.hpp>

namespace asio_uring::detail {

/// The part of such an operation that isn't about what it waits for. All of it is guarded by the lock of the
/// owner, a service: Owner::lock(). Owner::post() hands over what has ended, without that lock.
///
/// `Operation` derives from this; its left_queue() is called under the lock when the operation ends.
template <typename Operation, typename Owner>
class waiting_operation : public scheduler_operation
{
public:
    /// What the handler's cancellation slot holds.
    using cancellation = operation_cancellation<waiting_operation, Owner>;

    /// What the handler gets.
    error_code ec_;

    void wait_in(op_queue<Operation>& queue)
    {
        queue.push(static_cast<Operation*>(this));
        queue_ = &queue;
    }

    /// Ends the operation, if it waits.
    void end(const error_code& ec, op_queue<scheduler_operation>& ended)
    {
        if (queue_ == nullptr)
            return;
        leave_queue();
        ec_ = ec;
        cancellation::part(*this);
        static_cast<Operation*>(this)->left_queue();
        ended.push(this);
    }

    /// Ends all operations of a queue.
    static void end_all(
        op_queue<Operation>& queue, const error_code& ec, op_queue<scheduler_operation>& ended)
    {
        while (Operation* const op = queue.front())
            op->end(ec, ended);
    }

    /// Lets the operations of a queue wait in another, which is empty.
    static void move_all(op_queue<Operation>& from, op_queue<Operation>& to)
    {
        while (Operation* const op = from.front())
        {
            from.pop();
            op->wait_in(to);
        }
    }

protected:
    explicit waiting_operation(func_type on_complete) noexcept : scheduler_operation(on_complete) {}

    /// Its slot knows it still where starting it threw.
    ~waiting_operation()
    {
        cancellation::part(*this);
    }

private:
    friend class operation_cancellation<waiting_operation, Owner>;

    static void cancel(Owner& owner, cancellation& c)
    {
        op_queue<scheduler_operation> aborted;
        {
            const auto guard = owner.lock();
            if (waiting_operation* const op = c.operation())
                op->end(asio::error::operation_aborted, aborted);
        }
        owner.post(aborted);
    }

    void leave_queue()
    {
        if (queue_->front() == this)
        {
            queue_->pop();
        }
        else
        {
            op_queue<Operation> others;
            while (Operation* const front = queue_->front())
            {
                queue_->pop();
                if (front != this)
                    others.push(front);
            }
            queue_->push(others);
        }
        queue_ = nullptr;
    }

    /// Null where it doesn't wait.
    op_queue<Operation>* queue_ = nullptr;
    cancellation* cancellation_ = nullptr;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_WAITING_OPERATION_HPP
