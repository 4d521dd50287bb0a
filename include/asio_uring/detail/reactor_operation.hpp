// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What the reactor gives to its loop, and what it hands to Asio's scheduler when that is finished.

#ifndef ASIO_URING_DETAIL_REACTOR_OPERATION_HPP
#define ASIO_URING_DETAIL_REACTOR_OPERATION_HPP

#include <asio_uring/completion.hpp>
#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/operation_cancellation.hpp>
#include <asio_uring/detail/operation_list.hpp>
#include <cstddef>

namespace asio_uring::detail {

class reactor;
class reactor_operation;

/// A completion of the reactor's own, as opposed to those that users add to the loop of a context. Its
/// callback is called under the reactor's lock.
class reactor_completion : public completion
{
public:
    /// Whether a completion that came out of the loop of a reactor is of this class.
    static bool is_one(const completion& c, const reactor& owner) noexcept
    {
        return c.user_data() == &owner;
    }

protected:
    reactor_completion(reactor& owner, callback_type on_event) noexcept
        : completion(operation::noop(), on_event, &owner)
    {}

    reactor& owner() const noexcept
    {
        return *static_cast<reactor*>(user_data());
    }
};

/// The operations of one kind on one I/O object, in the order in which they were started. Only the first is
/// in the loop; the next follows when it has ended.
using operation_queue = op_queue<reactor_operation>;

/// The operations on one I/O object that don't wait for each other: all are in the loop.
using concurrent_operations = operation_list<reactor_operation>;

/// An asynchronous operation of an I/O object: a completion for the loop, then an operation for the
/// scheduler. Where it waits for no other it may be in a list of concurrent_operations.
class reactor_operation : public scheduler_operation, public reactor_completion, public list_hook
{
public:
    /// What the handler gets.
    error_code ec_;
    std::size_t bytes_transferred_ = 0;

protected:
    reactor_operation(reactor& owner, func_type on_complete, callback_type on_event) noexcept
        : scheduler_operation(on_complete),
          reactor_completion(owner, on_event)
    {}

    ~reactor_operation() = default;

private:
    friend class reactor;
    friend class operation_cancellation<reactor_operation>;

    static void cancel(reactor& owner, operation_cancellation<reactor_operation>& cancellation);

    /// The queue that this is in; null where it hasn't been started, and where the I/O object has let go of
    /// it.
    operation_queue* queue_ = nullptr;
    /// What the handler's cancellation slot holds for this operation, if anything.
    operation_cancellation<reactor_operation>* cancellation_ = nullptr;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_REACTOR_OPERATION_HPP
