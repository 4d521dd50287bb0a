// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The part of the services on the ring that is the same for sockets and for all other descriptors.

#ifndef ASIO_URING_DETAIL_NATIVE_SERVICE_BASE_HPP
#define ASIO_URING_DETAIL_NATIVE_SERVICE_BASE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/handler_operation.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <asio_uring/detail/wait_operations.hpp>
#include <utility>

namespace asio_uring::detail {

/// Owns, closes and cancels descriptors, waits for them, and starts operations on them.
///
/// `Calls` has what Asio does with descriptors of this kind: functions, constants and names.
template <typename Calls>
class native_service_base
{
public:
    using native_handle_type = int;
    using wait_type = typename Calls::wait_type;

    /// Operations of one kind wait for each other, those of different kinds don't.
    enum operation_kind
    {
        reading,
        writing,
        urgent,
        operation_kinds
    };

    struct base_implementation_type
    {
        native_handle_type descriptor_ = no_descriptor;
        typename Calls::state_type state_ = 0;
        operation_queue queues_[operation_kinds];
    };

    explicit native_service_base(asio::execution_context& context)
        : reactor_(asio::use_service<reactor>(context))
    {
        reactor_.init_task();
    }

    void destroy(base_implementation_type& impl)
    {
        error_code ignored;
        close(impl, true, ignored);
    }

    bool is_open(const base_implementation_type& impl) const noexcept
    {
        return impl.descriptor_ != no_descriptor;
    }

    error_code close(base_implementation_type& impl, error_code& ec)
    {
        close(impl, false, ec);
        return ec;
    }

    native_handle_type native_handle(const base_implementation_type& impl) const noexcept
    {
        return impl.descriptor_;
    }

    error_code cancel(base_implementation_type& impl, error_code& ec)
    {
        if (!check_open(impl, ec))
            return ec;
        ASIO_URING_HANDLER_OPERATION((reactor_.context(), Calls::object, &impl, impl.descriptor_, "cancel"));
        carry_out_pending(impl);
        reactor_.cancel(impl.queues_);
        return ec;
    }

    template <typename IoControlCommand>
    error_code io_control(base_implementation_type& impl, IoControlCommand& command, error_code& ec)
    {
        Calls::ioctl(impl.descriptor_, impl.state_, command.name(),
            static_cast<asio::detail::ioctl_arg_type*>(command.data()), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    bool non_blocking(const base_implementation_type& impl) const noexcept
    {
        return (impl.state_ & Calls::user_set_non_blocking) != 0;
    }

    error_code non_blocking(base_implementation_type& impl, bool mode, error_code& ec)
    {
        Calls::set_user_non_blocking(impl.descriptor_, impl.state_, mode, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    bool native_non_blocking(const base_implementation_type& impl) const noexcept
    {
        return (impl.state_ & Calls::internal_non_blocking) != 0;
    }

    error_code native_non_blocking(base_implementation_type& impl, bool mode, error_code& ec)
    {
        Calls::set_internal_non_blocking(impl.descriptor_, impl.state_, mode, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    error_code wait(base_implementation_type& impl, wait_type what, error_code& ec)
    {
        switch (what)
        {
        case wait_type::wait_read:
            Calls::poll_read(impl.descriptor_, impl.state_, ec);
            break;
        case wait_type::wait_write:
            Calls::poll_write(impl.descriptor_, impl.state_, ec);
            break;
        case wait_type::wait_error:
            Calls::poll_error(impl.descriptor_, impl.state_, ec);
            break;
        default:
            ec = asio::error::invalid_argument;
            break;
        }
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    template <typename Handler, typename IoExecutor>
    void async_wait(
        base_implementation_type& impl, wait_type what, Handler& handler, const IoExecutor& io_executor)
    {
        switch (what)
        {
        case wait_type::wait_read:
            return async_wait_for<wait_operation>(impl, reading, handler, io_executor, "async_wait");
        case wait_type::wait_write:
            return async_wait_for<wait_operation>(impl, writing, handler, io_executor, "async_wait");
        case wait_type::wait_error:
            return async_wait_for<wait_operation>(impl, urgent, handler, io_executor, "async_wait");
        default:
            break;
        }
        async_unless<wait_operation>(
            impl, reading, true, asio::error::invalid_argument, handler, io_executor, "async_wait", short(0));
    }

protected:
    static constexpr native_handle_type no_descriptor = -1;

    static short events_of(operation_kind kind) noexcept
    {
        return kind == reading ? POLLIN : kind == writing ? POLLOUT : POLLPRI;
    }

    void move_base(base_implementation_type& impl, base_implementation_type& other) noexcept
    {
        impl.descriptor_ = other.descriptor_;
        impl.state_ = other.state_;
        reactor_.move(other.queues_, impl.queues_);
        forget(other);
    }

    static void take(base_implementation_type& impl, native_handle_type descriptor,
        typename Calls::state_type state) noexcept
    {
        impl.descriptor_ = descriptor;
        impl.state_ = state;
    }

    /// Ends what is pending on the descriptor, and leaves it to the caller.
    native_handle_type let_go(base_implementation_type& impl)
    {
        ASIO_URING_HANDLER_OPERATION((reactor_.context(), Calls::object, &impl, impl.descriptor_, "release"));
        part(impl);
        const native_handle_type descriptor = impl.descriptor_;
        forget(impl);
        return descriptor;
    }

    /// Carries out what was started, where what follows may not overtake or undo it.
    void carry_out_pending(base_implementation_type& impl)
    {
        reactor_.carry_out_pending(impl.queues_[writing]);
    }

    bool check_open(const base_implementation_type& impl, error_code& ec) const
    {
        ec = is_open(impl) ? error_code() : error_code(asio::error::bad_descriptor);
        return !ec;
    }

    bool check_closed(const base_implementation_type& impl, error_code& ec) const
    {
        ec = is_open(impl) ? error_code(asio::error::already_open) : error_code();
        return !ec;
    }

    /// Starts an operation of this kind, made of what else is given.
    template <typename Operation, typename Handler, typename IoExecutor, typename... Arguments>
    void async(base_implementation_type& impl, operation_kind kind, Handler& handler,
        const IoExecutor& io_executor, [[maybe_unused]] const char* name, Arguments&&... arguments)
    {
        async_unless<Operation>(impl, kind, false, error_code(), handler, io_executor, name,
            std::forward<Arguments>(arguments)...);
    }

    /// As above, but where `over` it ends at once with `ec`, and the descriptor isn't asked.
    template <typename Operation, typename Handler, typename IoExecutor, typename... Arguments>
    void async_unless(base_implementation_type& impl, operation_kind kind, bool over, error_code ec,
        Handler& handler, const IoExecutor& io_executor, [[maybe_unused]] const char* name,
        Arguments&&... arguments)
    {
        if (!over && !is_open(impl))
        {
            over = true;
            ec = asio::error::bad_descriptor;
        }
        const bool is_continuation = detail::is_continuation(handler);
        const auto slot = asio::get_associated_cancellation_slot(handler);
        make_operation<Operation>(
            handler, io_executor,
            [&](auto& op)
            {
                ASIO_URING_HANDLER_CREATION(
                    (reactor_.context(), op, Calls::object, &impl, impl.descriptor_, name));
                if (over)
                {
                    op.ec_ = ec;
                    return reactor_.complete_immediately(op, is_continuation);
                }
                connect(slot, op);
                reactor_.start(op, impl.queues_[kind], is_continuation, Calls::way_of_starting(impl.state_));
            },
            reactor_, impl.descriptor_, std::forward<Arguments>(arguments)...);
    }

    template <typename Operation, typename Handler, typename IoExecutor>
    void async_wait_for(base_implementation_type& impl, operation_kind kind, Handler& handler,
        const IoExecutor& io_executor, const char* name)
    {
        async<Operation>(impl, kind, handler, io_executor, name, events_of(kind));
    }

    reactor& reactor_;

private:
    /// Parts the descriptor from its operations. What was to be sent, and can be, is sent.
    void part(base_implementation_type& impl)
    {
        carry_out_pending(impl);
        reactor_.detach(impl.queues_);
    }

    /// Lets the handler's cancellation slot cancel the operation.
    template <typename CancellationSlot>
    void connect(CancellationSlot slot, reactor_operation& op)
    {
        if (slot.is_connected())
            slot.template emplace<operation_cancellation<reactor_operation>>(reactor_, op);
    }

    void close(base_implementation_type& impl, bool destruction, error_code& ec)
    {
        ec = error_code();
        if (!is_open(impl))
            return;
        ASIO_URING_HANDLER_OPERATION((reactor_.context(), Calls::object, &impl, impl.descriptor_, "close"));
        part(impl);
        Calls::close(impl.descriptor_, impl.state_, destruction, ec);
        // The descriptor is gone on Linux also where close() reports an error.
        forget(impl);
    }

    static void forget(base_implementation_type& impl) noexcept
    {
        take(impl, no_descriptor, 0);
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_NATIVE_SERVICE_BASE_HPP
