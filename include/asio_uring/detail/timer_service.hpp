// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of timers on the ring's loop: what a stock Asio timer calls.

#ifndef ASIO_URING_DETAIL_TIMER_SERVICE_HPP
#define ASIO_URING_DETAIL_TIMER_SERVICE_HPP

#include <algorithm>
#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/handler_operation.hpp>
#include <asio_uring/detail/timer_wait_operation.hpp>
#include <chrono>
#include <cstddef>
#include <type_traits>

namespace asio_uring::detail {

/// Does what Asio's deadline_timer_service does, with the same names, with the timers of the loop.
template <typename TimeTraits>
class timer_service : public execution_context_service_base<timer_service<TimeTraits>>
{
public:
    using time_type = typename TimeTraits::time_type;
    using duration_type = typename TimeTraits::duration_type;

    struct implementation_type : waited_timer
    {
        explicit implementation_type(timer_service& service)
            : waited_timer(service.reactor_, &timer_service::on_event)
        {}

        time_type expiry = time_type();
        /// False where a cancel would find nothing. The I/O object's own, so that it costs no lock.
        bool might_have_pending_waits = false;
    };

    explicit timer_service(asio::execution_context& context)
        : execution_context_service_base<timer_service<TimeTraits>>(context),
          reactor_(asio::use_service<reactor>(context))
    {
        reactor_.init_task();
    }

    void shutdown() override {}

    void destroy(implementation_type& impl)
    {
        error_code ignored;
        cancel(impl, ignored);
    }

    void move_construct(implementation_type& impl, implementation_type& other)
    {
        // First: it is looked at when the timer expires, as soon as the loop knows it at its new address.
        impl.expiry = other.expiry;
        {
            const auto guard = reactor_.lock();
            impl.take_over(other);
        }
        impl.might_have_pending_waits = other.might_have_pending_waits;
        other.expiry = time_type();
        other.might_have_pending_waits = false;
    }

    std::size_t cancel(implementation_type& impl, error_code& ec)
    {
        return cancel(impl, false, ec);
    }

    std::size_t cancel_one(implementation_type& impl, error_code& ec)
    {
        return cancel(impl, true, ec);
    }

    time_type expiry(const implementation_type& impl) const
    {
        return impl.expiry;
    }

    time_type expires_at(const implementation_type& impl) const
    {
        return impl.expiry;
    }

    duration_type expires_from_now(const implementation_type& impl) const
    {
        return TimeTraits::subtract(impl.expiry, TimeTraits::now());
    }

    std::size_t expires_at(implementation_type& impl, const time_type& expiry_time, error_code& ec)
    {
        const std::size_t count = cancel(impl, ec);
        impl.expiry = expiry_time;
        return count;
    }

    std::size_t expires_after(implementation_type& impl, const duration_type& expiry_time, error_code& ec)
    {
        return expires_at(impl, TimeTraits::add(TimeTraits::now(), expiry_time), ec);
    }

    std::size_t expires_from_now(implementation_type& impl, const duration_type& expiry_time, error_code& ec)
    {
        return expires_after(impl, expiry_time, ec);
    }

    void wait(implementation_type& impl, error_code& ec)
    {
        ec = error_code();
        for (time_type now = TimeTraits::now(); TimeTraits::less_than(now, impl.expiry) && !ec;
             now = TimeTraits::now())
        {
            const auto remaining = TimeTraits::to_posix_duration(TimeTraits::subtract(impl.expiry, now));
            timeval limit = {};
            limit.tv_sec = static_cast<decltype(limit.tv_sec)>(remaining.total_seconds());
            limit.tv_usec = static_cast<decltype(limit.tv_usec)>(remaining.total_microseconds() % 1000000);
            socket_ops::select(0, nullptr, nullptr, nullptr, &limit, ec);
        }
    }

    template <typename Handler, typename IoExecutor>
    void async_wait(implementation_type& impl, Handler& handler, const IoExecutor& io_executor)
    {
        const auto slot = asio::get_associated_cancellation_slot(handler);
        make_operation<timer_wait_operation>(handler, io_executor,
            [&](auto& op)
            {
                ASIO_URING_HANDLER_CREATION((this->context(), op, "deadline_timer", &impl, 0, "async_wait"));
                if (slot.is_connected())
                    connect(slot, op);
                impl.might_have_pending_waits = true;
                start(impl, op);
            });
    }

private:
    static constexpr bool is_steady = std::is_same_v<TimeTraits, steady_time_traits>;

    // Other clocks can be set: the loop looks at them at least this often, as Asio's reactor does.
    static constexpr std::chrono::minutes longest_wait{5};

    template <typename CancellationSlot>
    void connect(CancellationSlot slot, timer_wait_operation& op)
    {
        slot.template emplace<operation_cancellation<timer_wait_operation>>(reactor_, op);
    }

    void start(implementation_type& impl, timer_wait_operation& op)
    {
        const auto guard = reactor_.lock();
        if (reactor_.shut_down())
        {
            operation_cancellation<timer_wait_operation>::part(op);
            return reactor_.complete_immediately(op, false);
        }
        bool earlier = false;
        if (impl.get_state() == completion::state::dead)
        {
            const loop::time_point deadline = deadline_of(impl.expiry);
            earlier = deadline < reactor_.get_loop().next_deadline();
            reactor_.get_loop().timer_reset_at(impl, deadline);
        }
        reactor_.work_started();
        impl.waits_.push(&op);
        op.timer_ = &impl;
        if (earlier && reactor_.asleep())
            reactor_.wake();
    }

    std::size_t cancel(implementation_type& impl, bool one, error_code& ec)
    {
        ec = error_code();
        if (!impl.might_have_pending_waits)
            return 0;
        ASIO_URING_HANDLER_OPERATION(
            (this->context(), "deadline_timer", &impl, 0, one ? "cancel_one" : "cancel"));
        op_queue<scheduler_operation> aborted;
        std::size_t count = 0;
        {
            const auto guard = reactor_.lock();
            count = impl.abort(one, aborted);
        }
        if (!one || count == 0)
            impl.might_have_pending_waits = false;
        reactor_.post(aborted);
        return count;
    }

    static next_step on_event(loop&, completion& base, result)
    {
        auto& impl = static_cast<implementation_type&>(base);
        if constexpr (!is_steady)
            if (!impl.shut_down() && TimeTraits::less_than(TimeTraits::now(), impl.expiry))
            {
                impl.prepare(operation::timer{remaining_until(impl.expiry)});
                return next_step::rearm;
            }
        impl.finish_all();
        return next_step::disarm;
    }

    static loop::time_point deadline_of(const time_type& expiry)
    {
        if constexpr (is_steady)
            return expiry;
        else
            return loop::clock::now() + remaining_until(expiry);
    }

    /// The time to wait before looking at the clock again.
    static loop::duration remaining_until(const time_type& expiry)
    {
        const time_type now = TimeTraits::now();
        if (!TimeTraits::less_than(now, expiry))
            return loop::duration::zero();
        const std::chrono::microseconds remaining(
            TimeTraits::to_posix_duration(TimeTraits::subtract(expiry, now)).total_microseconds());
        return std::clamp<std::chrono::microseconds>(remaining, std::chrono::microseconds(1), longest_wait);
    }

    reactor& reactor_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_TIMER_SERVICE_HPP
