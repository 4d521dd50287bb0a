// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// io_context::strand, the strand that is a class of its own, on the service of Asio's strand template.

// Before the guard: io_context.hpp includes this file when its class is complete.
#include <asio_uring/io_context.hpp>

#ifndef ASIO_URING_DETAIL_IO_CONTEXT_STRAND_HPP
#define ASIO_URING_DETAIL_IO_CONTEXT_STRAND_HPP

#if !defined(ASIO_URING_NO_EXTENSIONS) && !defined(ASIO_URING_NO_TS_EXECUTORS)

#include <asio_uring/detail/io_context_executor.hpp>
#include <utility>

namespace asio_uring {

/// An executor of Asio's older interface whose handlers never run concurrently, and in the order in which
/// they were posted. Copies share this order. Unlike Asio's class of this name, strands that aren't copies
/// never wait for each other. It must not be used after its context has ended, nor end after it.
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: safe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::io_context::strand strand(context);
/// boost::asio::post(strand, [] { std::cout << "first\n"; });
/// boost::asio::post(strand, [] { std::cout << "second, never at the same time\n"; });
/// context.run();
/// @endcode
class io_context::strand
{
public:
    /// Makes a strand of a context.
    ///
    /// @throws std::bad_alloc
    explicit strand(io_context& context)
        : context_(context),
          implementation_(asio::use_service<detail::strand_executor_service>(context).create_implementation())
    {}

    /// The context. Never throws.
    io_context& context() const noexcept
    {
        return context_;
    }

    /// Counts one more piece of work of the context. Never throws.
    void on_work_started() const noexcept
    {
        context_.get_executor().on_work_started();
    }

    /// Takes one piece of work back. Never throws.
    void on_work_finished() const noexcept
    {
        context_.get_executor().on_work_finished();
    }

    /// Calls a function at once where this thread runs the context and the strand is free or this thread's,
    /// queues it otherwise.
    ///
    /// @param function what to call, as `void function()`.
    /// @param allocator what its memory comes from.
    template <typename Function, typename Allocator>
    void dispatch(Function&& function, const Allocator& allocator) const
    {
        executor_type executor = context_.get_executor();
        detail::strand_executor_service::dispatch(
            implementation_, executor, std::forward<Function>(function), allocator);
    }

    /// Queues a function; never calls it inside post().
    ///
    /// @param function what to call, as `void function()`.
    /// @param allocator what its memory comes from.
    template <typename Function, typename Allocator>
    void post(Function&& function, const Allocator& allocator) const
    {
        executor_type executor = context_.get_executor();
        detail::strand_executor_service::post(
            implementation_, executor, std::forward<Function>(function), allocator);
    }

    /// Queues a function that goes on with what the caller does; never calls it inside defer().
    ///
    /// @param function what to call, as `void function()`.
    /// @param allocator what its memory comes from.
    template <typename Function, typename Allocator>
    void defer(Function&& function, const Allocator& allocator) const
    {
        executor_type executor = context_.get_executor();
        detail::strand_executor_service::defer(
            implementation_, executor, std::forward<Function>(function), allocator);
    }

#if !defined(ASIO_URING_NO_DEPRECATED)
    /// (Deprecated: use boost::asio::dispatch().) Calls a handler at once where it may, queues it otherwise.
    ///
    /// @param handler what to call, as `void handler()`, or a completion token.
    template <typename LegacyCompletionHandler>
    auto dispatch(LegacyCompletionHandler&& handler)
    {
        return asio::dispatch(*this, std::forward<LegacyCompletionHandler>(handler));
    }

    /// (Deprecated: use boost::asio::post().) Queues a handler; never calls it inside this function.
    ///
    /// @param handler what to call, as `void handler()`, or a completion token.
    template <typename LegacyCompletionHandler>
    auto post(LegacyCompletionHandler&& handler)
    {
        return asio::post(*this, std::forward<LegacyCompletionHandler>(handler));
    }

    /// (Deprecated: use boost::asio::bind_executor().) Makes a handler that passes its arguments and
    /// `handler` to dispatch() when it is called.
    template <typename Handler>
    detail::wrapped_handler<strand, Handler, detail::strand_continuation> wrap(Handler handler)
    {
        return {*this, handler};
    }
#endif

    /// Whether this thread is calling a handler of this strand or a copy of it. Never throws.
    bool running_in_this_thread() const noexcept
    {
        return detail::strand_executor_service::running_in_this_thread(implementation_);
    }

    /// Whether one is a copy of the other.
    friend bool operator==(const strand& a, const strand& b) noexcept
    {
        return a.implementation_ == b.implementation_;
    }

    /// Whether neither is a copy of the other.
    friend bool operator!=(const strand& a, const strand& b) noexcept
    {
        return !(a == b);
    }

private:
    io_context& context_;

    // Shared with the copies and with the functions that are queued.
    detail::strand_executor_service::implementation_type implementation_;
};

} // namespace asio_uring

#endif // extensions and TS executors

#endif // ASIO_URING_DETAIL_IO_CONTEXT_STRAND_HPP
