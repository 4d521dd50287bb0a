// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a handler's cancellation slot holds for an operation in flight.

#ifndef ASIO_URING_DETAIL_OPERATION_CANCELLATION_HPP
#define ASIO_URING_DETAIL_OPERATION_CANCELLATION_HPP

#include <asio_uring/detail/asio.hpp>
#include <atomic>

namespace asio_uring::detail {

class reactor;

/// Cancels one operation. The slot may outlive the operation, and the operation the slot: each knows the
/// other and tells it, under the owner's lock, when it ends.
///
/// `Operation` has a member cancellation_ that points here, and a static function cancel(Owner&,
/// operation_cancellation&). `Owner` is what ends the operation: the reactor or a service; its lock() guards
/// both.
template <typename Operation, typename Owner = reactor>
class operation_cancellation
{
public:
    operation_cancellation(Owner& owner, Operation& operation) noexcept
        : owner_(owner),
          operation_(&operation)
    {
        operation.cancellation_ = this;
    }

    operation_cancellation(const operation_cancellation&) = delete;
    operation_cancellation& operator=(const operation_cancellation&) = delete;

    ~operation_cancellation()
    {
        if (operation_.load(std::memory_order_acquire) == nullptr)
            return;
        const auto guard = owner_.lock();
        if (Operation* const op = operation())
            op->cancellation_ = nullptr;
    }

    /// Called by the cancellation signal, on any thread.
    void operator()(asio::cancellation_type_t type)
    {
        using kind = asio::cancellation_type;
        if ((type & (kind::terminal | kind::partial | kind::total)) == kind::none)
            return;
        // Where the operation has ended, its owner may be gone.
        if (operation_.load(std::memory_order_acquire) != nullptr)
            Operation::cancel(owner_, *this);
    }

    /// The operation, null where it has ended. Under the owner's lock.
    Operation* operation() const noexcept
    {
        return operation_.load(std::memory_order_relaxed);
    }

    /// Parts an operation that ends from its slot. Under the owner's lock.
    static void part(Operation& operation) noexcept
    {
        if (operation.cancellation_ == nullptr)
            return;
        auto& self = *operation.cancellation_;
        operation.cancellation_ = nullptr;
        // The last access: the slot may be gone after it.
        self.operation_.store(nullptr, std::memory_order_release);
    }

private:
    Owner& owner_;
    std::atomic<Operation*> operation_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_OPERATION_CANCELLATION_HPP
