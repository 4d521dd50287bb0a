// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The execution context: what boost::asio::io_context is, on io_uring where the kernel lets it.

#ifndef ASIO_URING_IO_CONTEXT_HPP
#define ASIO_URING_IO_CONTEXT_HPP

#include <asio_uring/backend.hpp>
#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/backend.hpp>
#include <asio_uring/detail/blocking_pool.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <asio_uring/detail/scheduler.hpp>
#include <asio_uring/io_context_options.hpp>
#include <asio_uring/loop.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace asio_uring {

/// Counts of a context's ring since it was made; all zero on Asio's reactor.
using io_context_statistics = loop_statistics;

/// Runs handlers and the asynchronous operations of I/O objects: boost::asio::io_context on io_uring.
///
/// Every member means what it means for boost::asio::io_context, and returns the same. A context makes its
/// ring when it is constructed; where io_uring can't be had it runs on Asio's own reactor, and backend()
/// tells.
///
/// What a handler throws leaves the run(), run_one(), run_for(), run_until(), run_one_for(), run_one_until(),
/// poll() or poll_one() that called it; other threads in these functions aren't touched. The function may be
/// called again at once, without restart().
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: safe, except that restart() must not be called while a thread is
/// in a run or poll function, and notify_fork() not while any function of the context or of its I/O objects
/// is being called in another thread. A context that was made with one of the UNSAFE concurrency hints: as
/// Asio says there.
///
/// @par Kernel
/// io_uring of Linux 6.1 or later; Asio's reactor elsewhere.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// boost::asio::post(context, [] { std::cout << "a handler\n"; });
/// context.run();
/// @endcode
class io_context : public asio::execution_context
{
#if !defined(ASIO_URING_NO_DEPRECATED)
    struct initiate_dispatch;
    struct initiate_post;
#endif

public:
    template <typename Allocator, std::uintptr_t Bits>
    class basic_executor_type;

    /// The executor of this context, of default properties.
    using executor_type = basic_executor_type<std::allocator<void>, 0>;

    class service;

#if !defined(ASIO_URING_NO_DEPRECATED)
    class work;
#endif

#if !defined(ASIO_URING_NO_EXTENSIONS) && !defined(ASIO_URING_NO_TS_EXECUTORS)
    class strand;
#endif

    /// Counts the handlers that a run or poll function called.
    using count_type = std::size_t;

    /// Makes a context with default options.
    ///
    /// @throws boost::system::system_error where the system lacks what Asio's reactor needs; with the
    /// kernel's error where the environment variable ASIO_URING_BACKEND is `uring` and there is no io_uring,
    /// and with asio::error::invalid_argument where it is none of `uring`, `reactor` and `auto`.
    io_context();

    /// Makes a context for about this many threads.
    ///
    /// @param concurrency_hint how many threads will run the context at a time, or one of Asio's
    /// BOOST_ASIO_CONCURRENCY_HINT_* values.
    /// @throws boost::system::system_error as io_context().
    explicit io_context(int concurrency_hint);

    /// Makes a context with options of this library.
    ///
    /// @throws boost::system::system_error as io_context(); with asio::error::invalid_argument where
    /// `options.ring_entries` is out of range, and the kernel's error or asio::error::operation_not_supported
    /// where `options.backend` demands io_uring and there is none.
    explicit io_context(const io_context_options& options);

#if defined(ASIO_URING_ASIO_HAS_CONTEXT_CONFIG)
    /// Makes a context with services that are there from its beginning, as Asio's config_from_string() is
    /// one. Its configuration takes the place of a concurrency hint. Since Boost 1.87.
    ///
    /// @throws boost::system::system_error as io_context().
    explicit io_context(const asio::execution_context::service_maker& initial_services);
#endif

#if defined(ASIO_URING_ASIO_HAS_CONTEXT_ALLOCATOR)
    /// Makes a context whose services are allocated from this allocator. Since Boost 1.89.
    ///
    /// @throws boost::system::system_error as io_context().
    template <typename Allocator>
    io_context(std::allocator_arg_t, const Allocator& from);

    /// The same, with a concurrency hint.
    template <typename Allocator>
    io_context(std::allocator_arg_t, const Allocator& from, int concurrency_hint);

    /// The same, with services that are there from its beginning.
    template <typename Allocator>
    io_context(std::allocator_arg_t, const Allocator& from,
        const asio::execution_context::service_maker& initial_services);
#endif

    io_context(const io_context&) = delete;
    io_context& operator=(const io_context&) = delete;

    /// Shuts all services down, newest first, destroys the handlers that are still queued without calling
    /// them, then destroys the services, newest first. No thread may be in a run or poll function.
    ~io_context();

    /// The executor of this context. Never throws.
    executor_type get_executor() noexcept;

    /// What this context runs on, and why. The same for its whole life. Never throws.
    const backend_info& backend() const noexcept;

    /// Figures of the ring so far; all zero on Asio's reactor. Never throws.
    io_context_statistics statistics() const noexcept;

    /// The loop of a context that runs on io_uring, for completions of the caller's own.
    ///
    /// Their callbacks run inside run() and poll(), on the thread that drives the loop, between handlers, and
    /// under the context's lock. They may use the context and its I/O objects, and post to other contexts,
    /// but not use I/O objects of others, whose locks they would wait for, nor block, throw or stop() the
    /// loop. Its run() fails with nested_run: the context runs it. They don't count as work: a work guard
    /// keeps run() going. While threads are in run() the loop may only be used inside handlers and callbacks,
    /// and inside handlers only where one thread runs the context.
    ///
    /// @throws boost::system::system_error asio::error::operation_not_supported where backend() isn't
    /// io_uring.
    asio_uring::loop& loop();

    /// Calls handlers until the context is stopped or has no work left, and waits for them.
    ///
    /// Any number of threads may be in run() at a time. A run() out of work leaves the context stopped.
    ///
    /// @returns the number of handlers that this thread called.
    /// @throws what a handler throws; boost::system::system_error where the system fails.
    count_type run();

    /// Calls handlers as run() does, but no longer than a duration.
    ///
    /// @param duration how long to go on; a handler that is being called is not interrupted.
    /// @returns the number of handlers called.
    /// @throws as run().
    template <typename Rep, typename Period>
    std::size_t run_for(const std::chrono::duration<Rep, Period>& duration);

    /// Calls handlers as run() does, but not beyond a point in time.
    ///
    /// @param deadline when to stop, on any clock; a handler that is being called is not interrupted.
    /// @returns the number of handlers called.
    /// @throws as run().
    template <typename Clock, typename Duration>
    std::size_t run_until(const std::chrono::time_point<Clock, Duration>& deadline);

    /// Calls one handler, and waits for it if none is ready.
    ///
    /// @returns 1, or 0 where the context is stopped or out of work, which stops it.
    /// @throws as run().
    count_type run_one();

    /// Calls one handler as run_one() does, but waits no longer than a duration.
    ///
    /// @returns 1, or 0 where the time is over or the context stopped.
    /// @throws as run().
    template <typename Rep, typename Period>
    std::size_t run_one_for(const std::chrono::duration<Rep, Period>& duration);

    /// Calls one handler as run_one() does, but waits not beyond a point in time, on any clock.
    ///
    /// @returns 1, or 0 where the time is over or the context stopped.
    /// @throws as run().
    template <typename Clock, typename Duration>
    std::size_t run_one_until(const std::chrono::time_point<Clock, Duration>& deadline);

    /// Calls the handlers that are ready, without waiting, until none is ready or the context is stopped.
    ///
    /// @returns the number of handlers called.
    /// @throws as run().
    count_type poll();

    /// Calls one handler that is ready, without waiting.
    ///
    /// @returns 1, or 0 where none was ready or the context is stopped.
    /// @throws as run().
    count_type poll_one();

    /// Lets all run and poll functions return as soon as possible, and later ones at once until restart().
    /// Doesn't wait for them. Handlers that are ready stay queued.
    void stop();

    /// Whether the context is stopped, by stop() or because a run or poll function ran out of work.
    bool stopped() const;

    /// Lets a stopped context run again. Not to be called while a thread is in a run or poll function.
    void restart();

#if !defined(ASIO_URING_NO_DEPRECATED)
    /// (Deprecated: use run().) As run(), with the system's failure in `ec`.
    count_type run(error_code& ec);

    /// (Deprecated: use run_one().) As run_one(), with the system's failure in `ec`.
    count_type run_one(error_code& ec);

    /// (Deprecated: use poll().) As poll(), with the system's failure in `ec`.
    count_type poll(error_code& ec);

    /// (Deprecated: use poll_one().) As poll_one(), with the system's failure in `ec`.
    count_type poll_one(error_code& ec);

    /// (Deprecated: use restart().) The same as restart().
    void reset();

    /// (Deprecated: use boost::asio::dispatch().) Calls a handler at once where this thread runs the context,
    /// queues it otherwise.
    ///
    /// @param handler what to call, as `void handler()`, or a completion token.
    template <typename LegacyCompletionHandler>
    auto dispatch(LegacyCompletionHandler&& handler);

    /// (Deprecated: use boost::asio::post().) Queues a handler; never calls it inside this function.
    ///
    /// @param handler what to call, as `void handler()`, or a completion token.
    template <typename LegacyCompletionHandler>
    auto post(LegacyCompletionHandler&& handler);

    /// (Deprecated: use boost::asio::bind_executor().) Makes a handler that passes its arguments and
    /// `handler` to dispatch() when it is called.
    template <typename Handler>
    auto wrap(Handler handler);
#endif

private:
    template <typename... Base>
    io_context(int concurrency_hint, detail::backend_choice choice, const Base&... base);

    static detail::scheduler_task* task_of(asio::execution_context& context);

    // A service's of this context, the first: handlers that are destroyed with the context may look at it.
    const backend_info& backend_;

    // A service of this context, which owns it.
    detail::scheduler& scheduler_;

    // The same; null where the context runs on Asio's reactor.
    detail::reactor* const reactor_;
};

} // namespace asio_uring

#include <asio_uring/detail/io_context_executor.hpp>
#include <asio_uring/detail/io_context_inline.hpp>
#include <asio_uring/detail/io_context_legacy.hpp>
#include <asio_uring/detail/io_context_service.hpp>
#include <asio_uring/detail/io_context_strand.hpp>
#include <asio_uring/detail/routing.hpp>

#endif // ASIO_URING_IO_CONTEXT_HPP
