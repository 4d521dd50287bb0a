// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Lists of operations that any of them can leave.

#ifndef ASIO_URING_DETAIL_OPERATION_LIST_HPP
#define ASIO_URING_DETAIL_OPERATION_LIST_HPP

#include <asio_uring/detail/completion_queue.hpp>

namespace asio_uring::detail {

/// The base of an operation that can be in a list, one at a time.
struct list_hook : queue_hook
{};

/// Operations in the order in which they came.
template <typename Operation>
class operation_list
{
public:
    bool empty() const noexcept
    {
        return hooks_.empty();
    }

    void push_back(Operation& op) noexcept
    {
        hooks_.push_back(static_cast<list_hook&>(op));
    }

    /// Takes out the oldest. The list may not be empty.
    Operation& pop_front() noexcept
    {
        return static_cast<Operation&>(static_cast<list_hook&>(hooks_.pop_front()));
    }

    /// Takes an operation out of the list that it is in, if any.
    static void remove(Operation& op) noexcept
    {
        auto& hook = static_cast<list_hook&>(op);
        if (hook.linked())
            hook.unlink();
    }

    /// Calls a function with each operation, which may take that one out, and no other.
    template <typename Function>
    void for_each(Function function)
    {
        completion_queue rest;
        rest.splice(hooks_);
        while (!rest.empty())
        {
            queue_hook& hook = rest.pop_front();
            hooks_.push_back(hook);
            function(static_cast<Operation&>(static_cast<list_hook&>(hook)));
        }
    }

    /// Takes over all that `other` holds, behind what is here.
    void splice(operation_list& other) noexcept
    {
        hooks_.splice(other.hooks_);
    }

private:
    completion_queue hooks_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_OPERATION_LIST_HPP
