// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of signal sets on a ring: what a stock Asio signal set calls.

#ifndef ASIO_URING_DETAIL_SIGNAL_SET_SERVICE_HPP
#define ASIO_URING_DETAIL_SIGNAL_SET_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/handler_operation.hpp>
#include <asio_uring/detail/process_signals.hpp>
#include <asio_uring/detail/signal_set.hpp>
#include <asio_uring/detail/signal_watch.hpp>
#include <memory>

namespace asio_uring::detail {

/// Does what Asio's signal_set_service does, with the same names, and shares signals with it.
class signal_set_service : public execution_context_service_base<signal_set_service>
{
public:
    struct implementation_type : signal_set
    {
        explicit implementation_type(signal_set_service& service) : signal_set(service.reactor_)
        {
            const auto guard = process_signals::lock();
            process_signals::get().insert(*this);
        }
    };

    explicit signal_set_service(asio::execution_context& context)
        : execution_context_service_base<signal_set_service>(context),
          reactor_(asio::use_service<reactor>(context)),
          watch_(new signal_watch(reactor_))
    {
        reactor_.init_task();
        {
            const auto guard = process_signals::lock();
            process_signals::get().enter(reactor_.locks());
        }
        watch_->start();
    }

    void shutdown() override
    {
        op_queue<scheduler_operation> aborted;
        {
            const auto guard = process_signals::lock();
            shut_down_ = true;
            process_signals::get().leave();
            process_signals::get().abort(reactor_, aborted);
        }
        reactor_.abandon(aborted);
    }

    void notify_fork(asio::execution_context::fork_event event) override
    {
        if (event != asio::execution_context::fork_child)
            return;
        {
            const auto guard = process_signals::lock();
            process_signals::get().forked();
        }
        watch_->restart();
    }

    void destroy(implementation_type& impl)
    {
        error_code ignored;
        clear(impl, ignored);
        cancel(impl, ignored);
        const auto guard = process_signals::lock();
        process_signals::get().erase(impl);
    }

    error_code add(implementation_type& impl, int signal_number, error_code& ec)
    {
        return add(impl, signal_number, any_signal_flags, ec);
    }

    error_code add(implementation_type& impl, int signal_number, signal_flags flags, error_code& ec)
    {
        const auto guard = process_signals::lock();
        return ec = process_signals::get().add(impl, signal_number, flags);
    }

    error_code remove(implementation_type& impl, int signal_number, error_code& ec)
    {
        const auto guard = process_signals::lock();
        return ec = process_signals::get().remove(impl, signal_number);
    }

    error_code clear(implementation_type& impl, error_code& ec)
    {
        const auto guard = process_signals::lock();
        ec = error_code();
        while (!impl.registrations().empty() && !ec)
            ec = process_signals::get().remove(impl, impl.registrations().front().signal_number);
        return ec;
    }

    error_code cancel(implementation_type& impl, error_code& ec)
    {
        ASIO_URING_HANDLER_OPERATION((context(), "signal_set", &impl, 0, "cancel"));
        op_queue<scheduler_operation> aborted;
        {
            const auto guard = lock();
            signal_wait_operation::end_all(impl.waits_, asio::error::operation_aborted, aborted);
        }
        post(aborted);
        return ec = error_code();
    }

    template <typename Handler, typename IoExecutor>
    void async_wait(implementation_type& impl, Handler& handler, const IoExecutor& io_executor)
    {
        const auto slot = asio::get_associated_cancellation_slot(handler);
        make_operation<signal_wait_operation>(handler, io_executor,
            [&](auto& op)
            {
                ASIO_URING_HANDLER_CREATION((context(), op, "signal_set", &impl, 0, "async_wait"));
                connect(slot, op);
                start(impl, op);
            });
    }

    /// @name For waiting_operation
    /// @{
    static signal_lock lock()
    {
        return process_signals::lock();
    }

    void post(op_queue<scheduler_operation>& ended)
    {
        reactor_.post(ended);
    }
    /// @}

private:
    template <typename CancellationSlot>
    void connect(CancellationSlot slot, signal_wait_operation& op)
    {
        if (slot.is_connected())
            slot.template emplace<signal_wait_operation::cancellation>(*this, op);
    }

    void start(implementation_type& impl, signal_wait_operation& op)
    {
        op_queue<scheduler_operation> ended;
        {
            const auto guard = lock();
            reactor_.work_started();
            op.wait_in(impl.waits_);
            if (shut_down_)
                op.end(asio::error::operation_aborted, ended);
            else if ((op.signal_number_ = impl.take_undelivered()) != 0)
                op.end(error_code(), ended);
        }
        post(ended);
    }

    reactor& reactor_;
    std::unique_ptr<signal_watch, reactor::unless_active> watch_;
    bool shut_down_ = false;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SIGNAL_SET_SERVICE_HPP
