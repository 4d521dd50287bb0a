// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// An operation together with the handler that it ends in.

#ifndef ASIO_URING_DETAIL_HANDLER_OPERATION_HPP
#define ASIO_URING_DETAIL_HANDLER_OPERATION_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/handler_work.hpp>
#include <asio_uring/detail/operation_cancellation.hpp>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace asio_uring::detail {

/// Whether a function object gives its handler something besides the error, and whether that is a number of
/// bytes: Asio's handler tracking tells it.
template <typename Function>
inline constexpr bool gives_more = false;
template <typename Function>
inline constexpr bool gives_bytes = false;

template <typename Handler, typename Result>
inline constexpr bool gives_more<move_binder2<Handler, error_code, Result>> = true;
template <typename Handler>
inline constexpr bool gives_bytes<binder2<Handler, error_code, std::size_t>> = true;

/// Adds the handler to an operation, in one piece of memory from the handler's allocator.
///
/// `Operation` is constructed with the function that completes it, and what else it needs. Its bind(Handler&)
/// moves the handler, and what the handler gets, into a function object; its deliver() is called before that,
/// where the handler will be called.
template <typename Operation, typename Handler, typename IoExecutor>
class handler_operation : public Operation
{
public:
    ASIO_URING_DEFINE_HANDLER_PTR(handler_operation);

    template <typename... Arguments>
    handler_operation(Handler& handler, const IoExecutor& io_executor, Arguments&&... arguments)
        : Operation(&handler_operation::do_complete, std::forward<Arguments>(arguments)...),
          handler_(std::move(handler)),
          work_(handler_, io_executor)
    {}

private:
    static void do_complete(
        void* owner, scheduler_operation* base, const error_code& /*ec*/, std::size_t /*bytes_transferred*/)
    {
        auto* const self = static_cast<handler_operation*>(base);
        ptr p = {std::addressof(self->handler_), self, self};

        if (owner != nullptr)
            self->deliver();
        ASIO_URING_HANDLER_COMPLETION((*self));

        handler_work<Handler, IoExecutor> work(std::move(self->work_));
        ASIO_URING_ERROR_LOCATION(self->ec_);

        // The memory is given back before the handler is called, so that the handler's next operation can
        // have it. A part of the handler may own that memory, so the handler is moved out first, also where
        // it isn't called.
        auto function = self->bind(self->handler_);
        p.h = std::addressof(function.handler_);
        p.reset();

        if (owner != nullptr)
        {
            fenced_block barrier(fenced_block::half);
            if constexpr (gives_bytes<decltype(function)>)
                ASIO_URING_HANDLER_INVOCATION_BEGIN((function.arg1_, function.arg2_));
            else if constexpr (gives_more<decltype(function)>)
                ASIO_URING_HANDLER_INVOCATION_BEGIN((function.arg1_, "..."));
            else
                ASIO_URING_HANDLER_INVOCATION_BEGIN((function.arg1_));
            work.complete(function, function.handler_);
            ASIO_URING_HANDLER_INVOCATION_END;
        }
    }

    Handler handler_;
    handler_work<Handler, IoExecutor> work_;
};

/// Makes an operation of this kind in memory from the handler's allocator, and gives it to `start`, which
/// must not throw once it has let others see the operation.
template <typename Operation, typename Handler, typename IoExecutor, typename Start, typename... Arguments>
void make_operation(Handler& handler, const IoExecutor& io_executor, Start start, Arguments&&... arguments)
{
    using operation_type = handler_operation<Operation, Handler, IoExecutor>;
    typename operation_type::ptr p = {
        std::addressof(handler), operation_type::ptr::allocate(handler), nullptr};
    p.p = new (p.v) operation_type(handler, io_executor, std::forward<Arguments>(arguments)...);
    start(*p.p);
    p.v = p.p = nullptr;
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_HANDLER_OPERATION_HPP
