// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What Asio calls deprecated of an io_context: io_context::work, and the members post, dispatch, wrap and
// others.

// Before the guard: io_context.hpp includes this file when its class is complete.
#include <asio_uring/io_context.hpp>

#ifndef ASIO_URING_DETAIL_IO_CONTEXT_LEGACY_HPP
#define ASIO_URING_DETAIL_IO_CONTEXT_LEGACY_HPP

#if !defined(ASIO_URING_NO_DEPRECATED)

#include <asio_uring/detail/io_context_executor.hpp>
#include <type_traits>
#include <utility>

namespace asio_uring {

/// (Deprecated: use boost::asio::executor_work_guard.) Keeps run() from returning while it exists.
///
/// It can be copied, each copy counts, but not assigned to.
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: safe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// auto work = std::make_unique<asio_uring::io_context::work>(context);
/// std::thread thread([&] { context.run(); });
/// work.reset();
/// thread.join();
/// @endcode
class io_context::work
{
public:
    /// Work of this context starts.
    explicit work(io_context& context) : context_(context)
    {
        context_.scheduler_.work_started();
    }

    /// One more piece of work of the same context starts.
    work(const work& other) : work(other.context_) {}

    work& operator=(const work&) = delete;

    /// The work has finished; a context without any other stops.
    ~work()
    {
        context_.scheduler_.work_finished();
    }

    /// The context.
    io_context& get_io_context()
    {
        return context_;
    }

private:
    io_context& context_;
};

inline io_context::count_type io_context::run(error_code& ec)
{
    return scheduler_.run(ec);
}

inline io_context::count_type io_context::run_one(error_code& ec)
{
    return scheduler_.run_one(ec);
}

inline io_context::count_type io_context::poll(error_code& ec)
{
    return scheduler_.poll(ec);
}

inline io_context::count_type io_context::poll_one(error_code& ec)
{
    return scheduler_.poll_one(ec);
}

inline void io_context::reset()
{
    restart();
}

struct io_context::initiate_dispatch
{
    template <typename Handler>
    void operator()(Handler&& handler, io_context* context) const
    {
        std::decay_t<Handler> copy(std::forward<Handler>(handler));
        if (context->scheduler_.can_dispatch())
        {
            detail::fenced_block barrier(detail::fenced_block::full);
            detail::invoke(copy, copy);
            return;
        }

        using operation = detail::completion_handler<std::decay_t<Handler>, executor_type>;
        typename operation::ptr p = {std::addressof(copy), operation::ptr::allocate(copy), nullptr};
        p.p = new (p.v) operation(copy, context->get_executor());
        ASIO_URING_HANDLER_CREATION((*context, *p.p, "io_context", context, 0, "dispatch"));
        context->scheduler_.do_dispatch(p.p);
        p.v = p.p = nullptr;
    }
};

struct io_context::initiate_post
{
    template <typename Handler>
    void operator()(Handler&& handler, io_context* context) const
    {
        std::decay_t<Handler> copy(std::forward<Handler>(handler));
        const bool is_continuation = detail::is_continuation(copy);

        using operation = detail::completion_handler<std::decay_t<Handler>, executor_type>;
        typename operation::ptr p = {std::addressof(copy), operation::ptr::allocate(copy), nullptr};
        p.p = new (p.v) operation(copy, context->get_executor());
        ASIO_URING_HANDLER_CREATION((*context, *p.p, "io_context", context, 0, "post"));
        context->scheduler_.post_immediate_completion(p.p, is_continuation);
        p.v = p.p = nullptr;
    }
};

template <typename LegacyCompletionHandler>
auto io_context::dispatch(LegacyCompletionHandler&& handler)
{
    return asio::async_initiate<LegacyCompletionHandler, void()>(initiate_dispatch(), handler, this);
}

template <typename LegacyCompletionHandler>
auto io_context::post(LegacyCompletionHandler&& handler)
{
    return asio::async_initiate<LegacyCompletionHandler, void()>(initiate_post(), handler, this);
}

template <typename Handler>
auto io_context::wrap(Handler handler)
{
    using dispatcher = decltype(detail::dispatcher_of(*this));
    return detail::wrapped_handler<dispatcher, Handler>(detail::dispatcher_of(*this), handler);
}

} // namespace asio_uring

#endif // !defined(ASIO_URING_NO_DEPRECATED)

#endif // ASIO_URING_DETAIL_IO_CONTEXT_LEGACY_HPP
