// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a pool of threads does by blocking, where there is no ring that waits for it.

#ifndef ASIO_URING_DETAIL_BLOCKING_OPERATION_HPP
#define ASIO_URING_DETAIL_BLOCKING_OPERATION_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/operation_cancellation.hpp>
#include <asio_uring/detail/operation_list.hpp>
#include <cstddef>

namespace asio_uring::detail {

class blocking_pool;
class blocking_operation;

/// The blocking operations of one I/O object.
class blocking_operations
{
    friend class blocking_pool;

    /// Those that wait for another of this object, oldest first.
    operation_list<blocking_operation> waiting_;
    /// Whether there is one that those wait for.
    bool busy_ = false;
};

/// An asynchronous operation of an I/O object that a thread of a pool carries out.
class blocking_operation : public scheduler_operation, public list_hook
{
public:
    blocking_operation(const blocking_operation&) = delete;
    blocking_operation& operator=(const blocking_operation&) = delete;

    /// What the handler gets.
    error_code ec_;
    std::size_t bytes_transferred_ = 0;

protected:
    /// Carries the operation out, on a thread of the pool.
    using perform_function = void (*)(blocking_operation&);

    blocking_operation(func_type on_complete, blocking_pool& pool, perform_function perform) noexcept
        : scheduler_operation(on_complete),
          pool_(pool),
          perform_(perform)
    {}

    ~blocking_operation();

    /// Waits until a descriptor is ready. Returns false where the operation is over instead: it was
    /// cancelled, or failed. On a thread of the pool.
    bool wait_until_ready(int fd, short events);

    void fail(int error) noexcept
    {
        ec_ = error_code(error, asio::error::get_system_category());
    }

private:
    friend class blocking_pool;
    friend class operation_cancellation<blocking_operation, blocking_pool>;

    enum class place
    {
        /// In no list.
        nowhere,
        /// Behind another one of its object.
        waiting,
        /// The next thread that is free takes it.
        ready,
        /// A thread carries it out.
        running
    };

    static void cancel(
        blocking_pool& owner, operation_cancellation<blocking_operation, blocking_pool>& cancellation);

    blocking_pool& pool_;
    const perform_function perform_;
    // What follows changes under the pool's lock.
    place place_ = place::nowhere;
    /// Whether others of its object wait for it.
    bool in_order_ = false;
    bool cancel_requested_ = false;
    /// An eventfd that ends a wait, -1 where nothing waits.
    int end_of_wait_ = -1;
    /// The operations of the I/O object; valid while this is in a list.
    blocking_operations* object_ = nullptr;
    operation_cancellation<blocking_operation, blocking_pool>* cancellation_ = nullptr;
};

} // namespace asio_uring::detail

#include <asio_uring/detail/blocking_pool.hpp>

#endif // ASIO_URING_DETAIL_BLOCKING_OPERATION_HPP
