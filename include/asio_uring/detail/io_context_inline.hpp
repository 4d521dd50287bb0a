// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Definitions of io_context's own members: all inline, because Asio's macros change the layout of what they
// use.

// Before the guard: io_context.hpp includes this file when its class is complete.
#include <asio_uring/io_context.hpp>

#ifndef ASIO_URING_DETAIL_IO_CONTEXT_INLINE_HPP
#define ASIO_URING_DETAIL_IO_CONTEXT_INLINE_HPP

#include <limits>

namespace asio_uring {

inline io_context::io_context() : io_context(io_context_options()) {}

inline io_context::io_context(int concurrency_hint) : io_context(io_context_options{concurrency_hint}) {}

#if defined(ASIO_URING_ASIO_HAS_CONTEXT_CONFIG)

inline io_context::io_context(const io_context_options& options)
    : io_context(options.concurrency_hint, detail::choose_backend(options),
          asio::config_from_concurrency_hint(detail::scheduler_hint(options.concurrency_hint)))
{}

inline io_context::io_context(const asio::execution_context::service_maker& initial_services)
    : io_context(io_context_options().concurrency_hint, detail::choose_backend({}), initial_services)
{}

#else

inline io_context::io_context(const io_context_options& options)
    : io_context(options.concurrency_hint, detail::choose_backend(options))
{}

#endif

#if defined(ASIO_URING_ASIO_HAS_CONTEXT_ALLOCATOR)

template <typename Allocator>
io_context::io_context(std::allocator_arg_t, const Allocator& from)
    : io_context(std::allocator_arg, from, io_context_options().concurrency_hint)
{}

template <typename Allocator>
io_context::io_context(std::allocator_arg_t, const Allocator& from, int concurrency_hint)
    : io_context(std::allocator_arg, from,
          asio::config_from_concurrency_hint(detail::scheduler_hint(concurrency_hint)))
{}

template <typename Allocator>
io_context::io_context(std::allocator_arg_t, const Allocator& from,
    const asio::execution_context::service_maker& initial_services)
    : io_context(io_context_options().concurrency_hint, detail::choose_backend({}), std::allocator_arg, from,
          initial_services)
{}

#endif

template <typename... Base>
io_context::io_context(int concurrency_hint, detail::backend_choice choice, const Base&... base)
    : asio::execution_context(base...),
      backend_(asio::make_service<detail::backend_record>(*this, std::move(choice.info)).info),
      scheduler_(detail::make_scheduler(*this, concurrency_hint, choice.ring_loop ? &task_of : nullptr)),
      reactor_(choice.ring_loop ? &asio::make_service<detail::reactor>(*this, std::move(choice.ring_loop),
                                      detail::needs_locks(*this, concurrency_hint))
                                : nullptr)
{
    if (reactor_ == nullptr)
        asio::make_service<detail::blocking_pool>(*this, detail::needs_locks(*this, concurrency_hint));
#if defined(ASIO_URING_OWN_SCHEDULER)
    else
        reactor_->init_task();
#endif
}

inline detail::scheduler_task* io_context::task_of(asio::execution_context& context)
{
    return &asio::use_service<detail::reactor>(context);
}

// The base shuts the services down, each once. Handlers that are destroyed then still count work through this
// class: its members are references to services, valid until the base has ended.
inline io_context::~io_context() = default;

inline const backend_info& io_context::backend() const noexcept
{
    return backend_;
}

inline io_context_statistics io_context::statistics() const noexcept
{
    return reactor_ != nullptr ? reactor_->get_loop().statistics() : io_context_statistics();
}

inline asio_uring::loop& io_context::loop()
{
    if (reactor_ == nullptr)
        detail::throw_error(asio::error::operation_not_supported, "io_context::loop");
    reactor_->init_task();
    return reactor_->get_loop();
}

inline io_context::count_type io_context::run()
{
    error_code ec;
    const count_type count = scheduler_.run(ec);
    detail::throw_error(ec);
    return count;
}

template <typename Rep, typename Period>
std::size_t io_context::run_for(const std::chrono::duration<Rep, Period>& duration)
{
    return run_until(std::chrono::steady_clock::now() + duration);
}

template <typename Clock, typename Duration>
std::size_t io_context::run_until(const std::chrono::time_point<Clock, Duration>& deadline)
{
    std::size_t count = 0;
    while (run_one_until(deadline) != 0)
        if (count != (std::numeric_limits<std::size_t>::max)())
            ++count;
    return count;
}

inline io_context::count_type io_context::run_one()
{
    error_code ec;
    const count_type count = scheduler_.run_one(ec);
    detail::throw_error(ec);
    return count;
}

template <typename Rep, typename Period>
std::size_t io_context::run_one_for(const std::chrono::duration<Rep, Period>& duration)
{
    return run_one_until(std::chrono::steady_clock::now() + duration);
}

template <typename Clock, typename Duration>
std::size_t io_context::run_one_until(const std::chrono::time_point<Clock, Duration>& deadline)
{
    // The clock may be set meanwhile, so no wait is longer than this.
    constexpr std::chrono::seconds longest_wait(1);

    for (auto now = Clock::now(); now < deadline; now = Clock::now())
    {
        const auto remaining = deadline - now;
        const auto wait = remaining > longest_wait
                              ? std::chrono::microseconds(longest_wait)
                              : std::chrono::duration_cast<std::chrono::microseconds>(remaining);

        error_code ec;
        const std::size_t count = scheduler_.wait_one(static_cast<long>(wait.count()), ec);
        detail::throw_error(ec);
        if (count != 0 || scheduler_.stopped())
            return count;
    }
    return 0;
}

inline io_context::count_type io_context::poll()
{
    error_code ec;
    const count_type count = scheduler_.poll(ec);
    detail::throw_error(ec);
    return count;
}

inline io_context::count_type io_context::poll_one()
{
    error_code ec;
    const count_type count = scheduler_.poll_one(ec);
    detail::throw_error(ec);
    return count;
}

inline void io_context::stop()
{
    scheduler_.stop();
}

inline bool io_context::stopped() const
{
    return scheduler_.stopped();
}

inline void io_context::restart()
{
    scheduler_.restart();
}

} // namespace asio_uring

#endif // ASIO_URING_DETAIL_IO_CONTEXT_INLINE_HPP
