// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of stock Asio timers that are routed: the loop's timers or Asio's.

#ifndef ASIO_URING_DETAIL_ROUTED_TIMER_SERVICE_HPP
#define ASIO_URING_DETAIL_ROUTED_TIMER_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/routed_service.hpp>
#include <asio_uring/detail/timer_service.hpp>
#include <cstddef>

namespace asio_uring::detail {

/// What a stock timer calls. Every function is Asio's deadline_timer_service's of the same name.
template <typename TimeTraits>
class routed_timer_service
    : public execution_context_service_base<routed_timer_service<TimeTraits>>,
      public routed_service_base<asio::detail::deadline_timer_service<TimeTraits>, timer_service<TimeTraits>>
{
    using base =
        routed_service_base<asio::detail::deadline_timer_service<TimeTraits>, timer_service<TimeTraits>>;

public:
    using time_type = typename TimeTraits::time_type;
    using duration_type = typename TimeTraits::duration_type;
    using implementation_type = typename base::implementation_type;

    explicit routed_timer_service(asio::execution_context& context)
        : execution_context_service_base<routed_timer_service<TimeTraits>>(context),
          base(context)
    {}

    void shutdown() override {}

    void converting_move_construct(
        implementation_type& impl, routed_timer_service& other_service, implementation_type& other)
    {
        other_service.move_construct(impl, other);
    }

    void converting_move_assign(
        implementation_type& impl, routed_timer_service& other_service, implementation_type& other)
    {
        this->move_assign(impl, other_service, other);
    }

    std::size_t cancel(implementation_type& impl, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.cancel(i, ec); });
    }

    std::size_t cancel_one(implementation_type& impl, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.cancel_one(i, ec); });
    }

    time_type expiry(const implementation_type& impl) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.expiry(i); });
    }

    time_type expires_at(const implementation_type& impl) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.expires_at(i); });
    }

    duration_type expires_from_now(const implementation_type& impl) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.expires_from_now(i); });
    }

    std::size_t expires_at(implementation_type& impl, const time_type& expiry_time, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.expires_at(i, expiry_time, ec); });
    }

    std::size_t expires_after(implementation_type& impl, const duration_type& expiry_time, error_code& ec)
    {
        return this->on(
            impl, [&](auto& chosen, auto& i) { return chosen.expires_after(i, expiry_time, ec); });
    }

    std::size_t expires_from_now(implementation_type& impl, const duration_type& expiry_time, error_code& ec)
    {
        return this->on(
            impl, [&](auto& chosen, auto& i) { return chosen.expires_from_now(i, expiry_time, ec); });
    }

    void wait(implementation_type& impl, error_code& ec)
    {
        this->on(impl, [&](auto& chosen, auto& i) { chosen.wait(i, ec); });
    }

    template <typename Handler, typename IoExecutor>
    void async_wait(implementation_type& impl, Handler& handler, const IoExecutor& io_executor)
    {
        this->on(impl, [&](auto& chosen, auto& i) { chosen.async_wait(i, handler, io_executor); });
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ROUTED_TIMER_SERVICE_HPP
