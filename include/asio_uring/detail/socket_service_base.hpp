// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The part of the socket service on the ring that is the same for all protocols.

#ifndef ASIO_URING_DETAIL_SOCKET_SERVICE_BASE_HPP
#define ASIO_URING_DETAIL_SOCKET_SERVICE_BASE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/handler_operation.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <asio_uring/detail/socket_operations.hpp>
#include <cstddef>

namespace asio_uring::detail {

/// Opens, closes and cancels sockets, and does the synchronous calls as Asio does them.
class socket_service_base
{
public:
    using native_handle_type = asio::detail::socket_type;

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
        native_handle_type socket_ = asio::detail::invalid_socket;
        socket_ops::state_type state_ = 0;
        operation_queue queues_[operation_kinds];
    };

    explicit socket_service_base(asio::execution_context& context)
        : reactor_(asio::use_service<reactor>(context))
    {
        reactor_.init_task();
    }

    void destroy(base_implementation_type& impl)
    {
        if (!is_open(impl))
            return;
        ASIO_URING_HANDLER_OPERATION((reactor_.context(), "socket", &impl, impl.socket_, "close"));
        let_go(impl);
        error_code ignored;
        socket_ops::close(impl.socket_, impl.state_, true, ignored);
        forget(impl);
    }

    bool is_open(const base_implementation_type& impl) const noexcept
    {
        return impl.socket_ != asio::detail::invalid_socket;
    }

    error_code close(base_implementation_type& impl, error_code& ec)
    {
        ec = error_code();
        if (!is_open(impl))
            return ec;
        ASIO_URING_HANDLER_OPERATION((reactor_.context(), "socket", &impl, impl.socket_, "close"));
        let_go(impl);
        socket_ops::close(impl.socket_, impl.state_, false, ec);
        // The descriptor is gone on Linux also where close() reports an error.
        forget(impl);
        return ec;
    }

    native_handle_type release(base_implementation_type& impl, error_code& ec)
    {
        if (!check_open(impl, ec))
            return asio::detail::invalid_socket;
        ASIO_URING_HANDLER_OPERATION((reactor_.context(), "socket", &impl, impl.socket_, "release"));
        let_go(impl);
        const native_handle_type socket = impl.socket_;
        forget(impl);
        return socket;
    }

    native_handle_type native_handle(base_implementation_type& impl) noexcept
    {
        return impl.socket_;
    }

    error_code cancel(base_implementation_type& impl, error_code& ec)
    {
        if (!check_open(impl, ec))
            return ec;
        ASIO_URING_HANDLER_OPERATION((reactor_.context(), "socket", &impl, impl.socket_, "cancel"));
        reactor_.cancel(impl.queues_);
        return ec;
    }

    bool at_mark(const base_implementation_type& impl, error_code& ec) const
    {
        return socket_ops::sockatmark(impl.socket_, ec);
    }

    std::size_t available(const base_implementation_type& impl, error_code& ec) const
    {
        return socket_ops::available(impl.socket_, ec);
    }

    error_code listen(base_implementation_type& impl, int backlog, error_code& ec)
    {
        socket_ops::listen(impl.socket_, backlog, ec);
        return ec;
    }

    template <typename IoControlCommand>
    error_code io_control(base_implementation_type& impl, IoControlCommand& command, error_code& ec)
    {
        socket_ops::ioctl(impl.socket_, impl.state_, command.name(),
            static_cast<asio::detail::ioctl_arg_type*>(command.data()), ec);
        return ec;
    }

    bool non_blocking(const base_implementation_type& impl) const noexcept
    {
        return (impl.state_ & socket_ops::user_set_non_blocking) != 0;
    }

    error_code non_blocking(base_implementation_type& impl, bool mode, error_code& ec)
    {
        socket_ops::set_user_non_blocking(impl.socket_, impl.state_, mode, ec);
        return ec;
    }

    bool native_non_blocking(const base_implementation_type& impl) const noexcept
    {
        return (impl.state_ & socket_ops::internal_non_blocking) != 0;
    }

    error_code native_non_blocking(base_implementation_type& impl, bool mode, error_code& ec)
    {
        socket_ops::set_internal_non_blocking(impl.socket_, impl.state_, mode, ec);
        return ec;
    }

    error_code shutdown(base_implementation_type& impl, asio::socket_base::shutdown_type what, error_code& ec)
    {
        if (what != asio::socket_base::shutdown_receive)
            send_pending(impl);
        socket_ops::shutdown(impl.socket_, what, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    error_code wait(base_implementation_type& impl, asio::socket_base::wait_type what, error_code& ec)
    {
        switch (what)
        {
        case asio::socket_base::wait_read:
            socket_ops::poll_read(impl.socket_, impl.state_, -1, ec);
            break;
        case asio::socket_base::wait_write:
            socket_ops::poll_write(impl.socket_, impl.state_, -1, ec);
            break;
        case asio::socket_base::wait_error:
            socket_ops::poll_error(impl.socket_, impl.state_, -1, ec);
            break;
        default:
            ec = asio::error::invalid_argument;
            break;
        }
        return ec;
    }

    template <typename Handler, typename IoExecutor>
    void async_wait(base_implementation_type& impl, asio::socket_base::wait_type what, Handler& handler,
        const IoExecutor& io_executor)
    {
        switch (what)
        {
        case asio::socket_base::wait_read:
            return async_wait_for<wait_operation>(impl, reading, handler, io_executor, "async_wait");
        case asio::socket_base::wait_write:
            return async_wait_for<wait_operation>(impl, writing, handler, io_executor, "async_wait");
        case asio::socket_base::wait_error:
            return async_wait_for<wait_operation>(impl, urgent, handler, io_executor, "async_wait");
        default:
            break;
        }
        async_unless<wait_operation>(
            impl, reading, true, asio::error::invalid_argument, handler, io_executor, "async_wait", short(0));
    }

    template <typename ConstBufferSequence>
    std::size_t send(base_implementation_type& impl, const ConstBufferSequence& buffers,
        asio::socket_base::message_flags flags, error_code& ec)
    {
        send_pending(impl);
        asio::detail::buffer_sequence_adapter<asio::const_buffer, ConstBufferSequence> adapter(buffers);
        return socket_ops::sync_send(
            impl.socket_, impl.state_, adapter.buffers(), adapter.count(), flags, adapter.all_empty(), ec);
    }

    std::size_t send(base_implementation_type& impl, const asio::null_buffers&,
        asio::socket_base::message_flags, error_code& ec)
    {
        socket_ops::poll_write(impl.socket_, impl.state_, -1, ec);
        return 0;
    }

    template <typename MutableBufferSequence>
    std::size_t receive(base_implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags flags, error_code& ec)
    {
        asio::detail::buffer_sequence_adapter<asio::mutable_buffer, MutableBufferSequence> adapter(buffers);
        return socket_ops::sync_recv(
            impl.socket_, impl.state_, adapter.buffers(), adapter.count(), flags, adapter.all_empty(), ec);
    }

    std::size_t receive(base_implementation_type& impl, const asio::null_buffers&,
        asio::socket_base::message_flags, error_code& ec)
    {
        socket_ops::poll_read(impl.socket_, impl.state_, -1, ec);
        return 0;
    }

protected:
    static bool stream_oriented(const base_implementation_type& impl) noexcept
    {
        return (impl.state_ & socket_ops::stream_oriented) != 0;
    }

    static operation_kind kind_of_receive(asio::socket_base::message_flags flags) noexcept
    {
        return (flags & asio::socket_base::message_out_of_band) != 0 ? urgent : reading;
    }

    static short events_of(operation_kind kind) noexcept
    {
        return kind == reading ? POLLIN : kind == writing ? POLLOUT : POLLPRI;
    }

    void move_base(base_implementation_type& impl, base_implementation_type& other) noexcept
    {
        impl.socket_ = other.socket_;
        impl.state_ = other.state_;
        reactor_.move(other.queues_, impl.queues_);
        forget(other);
    }

    error_code open_socket(base_implementation_type& impl, int family, int type, int protocol, error_code& ec)
    {
        if (!check_closed(impl, ec))
            return ec;
        const native_handle_type socket = socket_ops::socket(family, type, protocol, ec);
        if (socket == asio::detail::invalid_socket)
            return ec;
        take(impl, socket, type);
        return ec;
    }

    error_code assign_socket(
        base_implementation_type& impl, int type, const native_handle_type& socket, error_code& ec)
    {
        if (!check_closed(impl, ec))
            return ec;
        if (socket < 0)
            return ec = asio::error::bad_descriptor;
        take(impl, socket, type);
        impl.state_ |= socket_ops::possible_dup;
        return ec;
    }

    /// Starts an operation of this kind, made of what else is given.
    template <typename Operation, typename Handler, typename IoExecutor, typename... Arguments>
    void async(base_implementation_type& impl, operation_kind kind, Handler& handler,
        const IoExecutor& io_executor, [[maybe_unused]] const char* name, Arguments&&... arguments)
    {
        async_unless<Operation>(impl, kind, false, error_code(), handler, io_executor, name,
            std::forward<Arguments>(arguments)...);
    }

    /// As above, but where `over` it ends at once with `ec`, and the socket isn't asked.
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
                ASIO_URING_HANDLER_CREATION((reactor_.context(), op, "socket", &impl, impl.socket_, name));
                if (over)
                {
                    op.ec_ = ec;
                    return reactor_.complete_immediately(op, is_continuation);
                }
                connect(slot, op);
                reactor_.start(op, impl.queues_[kind], is_continuation);
            },
            reactor_, impl.socket_, std::forward<Arguments>(arguments)...);
    }

    /// Sends what was started, where what follows may not overtake it.
    void send_pending(base_implementation_type& impl)
    {
        reactor_.send_pending(impl.queues_[writing]);
    }

    template <typename Operation, typename Handler, typename IoExecutor>
    void async_wait_for(base_implementation_type& impl, operation_kind kind, Handler& handler,
        const IoExecutor& io_executor, const char* name)
    {
        async<Operation>(impl, kind, handler, io_executor, name, events_of(kind));
    }

    reactor& reactor_;

private:
    /// Parts the socket from its operations. What was to be sent, and can be, is sent.
    void let_go(base_implementation_type& impl)
    {
        send_pending(impl);
        reactor_.detach(impl.queues_);
    }

    /// Lets the handler's cancellation slot cancel the operation.
    template <typename CancellationSlot>
    void connect(CancellationSlot slot, reactor_operation& op)
    {
        if (slot.is_connected())
            slot.template emplace<operation_cancellation<reactor_operation>>(reactor_, op);
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

    static void take(base_implementation_type& impl, native_handle_type socket, int type) noexcept
    {
        impl.socket_ = socket;
        impl.state_ = 0;
        if (type == SOCK_STREAM)
            impl.state_ = socket_ops::stream_oriented;
        else if (type == SOCK_DGRAM)
            impl.state_ = socket_ops::datagram_oriented;
    }

    static void forget(base_implementation_type& impl) noexcept
    {
        impl.socket_ = asio::detail::invalid_socket;
        impl.state_ = 0;
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SOCKET_SERVICE_BASE_HPP
