// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Definitions of the members of io_context's executor: assignment, and the ways to submit a function.

// Before the guard: io_context_executor.hpp includes this file when its class is complete.
#include <asio_uring/detail/io_context_executor.hpp>

#ifndef ASIO_URING_DETAIL_IO_CONTEXT_EXECUTOR_INLINE_HPP
#define ASIO_URING_DETAIL_IO_CONTEXT_EXECUTOR_INLINE_HPP

#include <asio_uring/detail/handler_memory.hpp>
#include <type_traits>
#include <utility>

namespace asio_uring {

template <typename Allocator, std::uintptr_t Bits>
io_context::basic_executor_type<Allocator, Bits>& io_context::basic_executor_type<Allocator, Bits>::operator=(
    const basic_executor_type& other) noexcept
{
    if (this != &other)
    {
        static_cast<Allocator&>(*this) = other.allocator();
        io_context* const old = context_pointer();
        target_ = other.target_;
        start_tracking();
        stop_tracking(old);
    }
    return *this;
}

template <typename Allocator, std::uintptr_t Bits>
io_context::basic_executor_type<Allocator, Bits>& io_context::basic_executor_type<Allocator, Bits>::operator=(
    basic_executor_type&& other) noexcept
{
    if (this != &other)
    {
        static_cast<Allocator&>(*this) = static_cast<Allocator&&>(other);
        io_context* const old = context_pointer();
        target_ = other.target_;
        if constexpr (tracked)
            other.target_ = 0;
        stop_tracking(old);
    }
    return *this;
}

template <typename Allocator, std::uintptr_t Bits>
template <typename Function>
void io_context::basic_executor_type<Allocator, Bits>::execute(Function&& function) const
{
    if ((bits() & blocking_never) == 0 && scheduler().can_dispatch())
    {
        std::decay_t<Function> copy(std::forward<Function>(function));
        detail::invoke_and_capture(scheduler(), copy);
        return;
    }
    enqueue(
        std::forward<Function>(function), allocator(), (bits() & relationship_continuation) != 0, "execute");
}

#if !defined(ASIO_URING_NO_TS_EXECUTORS)
template <typename Allocator, std::uintptr_t Bits>
template <typename Function, typename OtherAllocator>
void io_context::basic_executor_type<Allocator, Bits>::dispatch(
    Function&& function, const OtherAllocator& other) const
{
    if (scheduler().can_dispatch())
    {
        std::decay_t<Function> copy(std::forward<Function>(function));
        detail::fenced_block barrier(detail::fenced_block::full);
        detail::invoke(copy, copy);
        return;
    }
    enqueue(std::forward<Function>(function), other, false, "dispatch");
}

template <typename Allocator, std::uintptr_t Bits>
template <typename Function, typename OtherAllocator>
void io_context::basic_executor_type<Allocator, Bits>::post(
    Function&& function, const OtherAllocator& other) const
{
    enqueue(std::forward<Function>(function), other, false, "post");
}

template <typename Allocator, std::uintptr_t Bits>
template <typename Function, typename OtherAllocator>
void io_context::basic_executor_type<Allocator, Bits>::defer(
    Function&& function, const OtherAllocator& other) const
{
    enqueue(std::forward<Function>(function), other, true, "defer");
}
#endif

template <typename Allocator, std::uintptr_t Bits>
template <typename Function, typename OtherAllocator>
void io_context::basic_executor_type<Allocator, Bits>::enqueue(Function&& function,
    const OtherAllocator& other, bool is_continuation, [[maybe_unused]] const char* name) const
{
    using allocator_type = detail::allocator_of_handlers<OtherAllocator>;
    using operation = detail::executor_op<std::decay_t<Function>, allocator_type>;
    const allocator_type allocator(other);
    typename operation::ptr p = {std::addressof(allocator), operation::ptr::allocate(allocator), nullptr};
    p.p = new (p.v) operation(std::forward<Function>(function), allocator);
    ASIO_URING_HANDLER_CREATION((*context_pointer(), *p.p, "io_context", context_pointer(), 0, name));
    scheduler().post_immediate_completion(p.p, is_continuation);
    p.v = p.p = nullptr;
}

inline io_context::executor_type io_context::get_executor() noexcept
{
    return {this, std::allocator<void>(), 0};
}

} // namespace asio_uring

ASIO_URING_ASIO_BEGIN
namespace execution {

// Said, not deduced: Asio may ask where the class is incomplete.
template <>
struct is_executor<::asio_uring::io_context> : std::false_type
{};

} // namespace execution
ASIO_URING_ASIO_END

#endif // ASIO_URING_DETAIL_IO_CONTEXT_EXECUTOR_INLINE_HPP
