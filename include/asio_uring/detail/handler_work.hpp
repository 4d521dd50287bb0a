// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What an operation's handler runs on: at once, inside the scheduler, or through another executor.

#ifndef ASIO_URING_DETAIL_HANDLER_WORK_HPP
#define ASIO_URING_DETAIL_HANDLER_WORK_HPP

#include <asio_uring/detail/asio.hpp>

namespace asio_uring {

class io_context;

namespace detail {

/// Asio's handler_work for our io_context: a handler whose executor is the context's own, also inside an
/// any_io_executor, is called straight from the operation, and costs no work counting.
template <typename Handler, typename IoExecutor,
    bool RunsOnIoExecutor = runs_on_io_executor<Handler, IoExecutor>::value>
class handler_work : executor_work<IoExecutor, void, io_context>,
                     executor_work<asio::associated_executor_t<Handler, IoExecutor>, IoExecutor, io_context>
{
    using io_work = executor_work<IoExecutor, void, io_context>;
    using own_work = executor_work<asio::associated_executor_t<Handler, IoExecutor>, IoExecutor, io_context>;

public:
    handler_work(Handler& handler, const IoExecutor& io_executor) noexcept
        : io_work(0, 0, io_executor),
          own_work(io_work::owns_work(), asio::get_associated_executor(handler, io_executor), io_executor)
    {}

    /// Runs the function, which calls the handler.
    template <typename Function>
    void complete(Function& function, Handler& handler)
    {
        if (!io_work::owns_work() && !own_work::owns_work())
            detail::invoke(function, handler);
        else
            own_work::dispatch(function, handler);
    }
};

template <typename Handler, typename IoExecutor>
class handler_work<Handler, IoExecutor, true> : executor_work<IoExecutor, void, io_context>
{
    using io_work = executor_work<IoExecutor, void, io_context>;

public:
    handler_work(Handler&, const IoExecutor& io_executor) noexcept : io_work(0, 0, io_executor) {}

    template <typename Function>
    void complete(Function& function, Handler& handler)
    {
        if (!io_work::owns_work())
            detail::invoke(function, handler);
        else
            io_work::dispatch(function, handler);
    }
};

} // namespace detail
} // namespace asio_uring

#endif // ASIO_URING_DETAIL_HANDLER_WORK_HPP
