// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of sockets on the ring: what a stock Asio socket calls.

#ifndef ASIO_URING_DETAIL_SOCKET_SERVICE_HPP
#define ASIO_URING_DETAIL_SOCKET_SERVICE_HPP

#include <asio_uring/detail/accept_operation.hpp>
#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/message_operations.hpp>
#include <asio_uring/detail/socket_service_base.hpp>
#include <cstddef>

namespace asio_uring::detail {

/// Does what Asio's reactive_socket_service does, with the same names, on the ring.
template <typename Protocol>
class socket_service : public execution_context_service_base<socket_service<Protocol>>,
                       public socket_service_base
{
public:
    using protocol_type = Protocol;
    using endpoint_type = typename Protocol::endpoint;

    struct implementation_type : base_implementation_type
    {
        explicit implementation_type(socket_service&) {}

        protocol_type protocol_ = endpoint_type().protocol();
    };

    explicit socket_service(asio::execution_context& context)
        : execution_context_service_base<socket_service<Protocol>>(context),
          socket_service_base(context)
    {}

    void shutdown() override {}

    // The socket's, not the service's.
    using socket_service_base::shutdown;

    void move_construct(implementation_type& impl, implementation_type& other) noexcept
    {
        move_base(impl, other);
        impl.protocol_ = other.protocol_;
        other.protocol_ = endpoint_type().protocol();
    }

    template <typename OtherProtocol>
    void converting_move_construct(implementation_type& impl, socket_service<OtherProtocol>&,
        typename socket_service<OtherProtocol>::implementation_type& other)
    {
        move_base(impl, other);
        impl.protocol_ = protocol_type(other.protocol_);
        other.protocol_ = typename OtherProtocol::endpoint().protocol();
    }

    error_code open(implementation_type& impl, const protocol_type& protocol, error_code& ec)
    {
        if (!open_socket(impl, protocol.family(), protocol.type(), protocol.protocol(), ec))
            impl.protocol_ = protocol;
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    error_code assign(implementation_type& impl, const protocol_type& protocol,
        const native_handle_type& native_socket, error_code& ec)
    {
        if (!assign_socket(impl, protocol.type(), native_socket, ec))
            impl.protocol_ = protocol;
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    error_code bind(implementation_type& impl, const endpoint_type& endpoint, error_code& ec)
    {
        socket_ops::bind(impl.descriptor_, endpoint.data(), endpoint.size(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    template <typename Option>
    error_code set_option(implementation_type& impl, const Option& option, error_code& ec)
    {
        socket_ops::setsockopt(impl.descriptor_, impl.state_, option.level(impl.protocol_),
            option.name(impl.protocol_), option.data(impl.protocol_), option.size(impl.protocol_), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    template <typename Option>
    error_code get_option(const implementation_type& impl, Option& option, error_code& ec) const
    {
        std::size_t size = option.size(impl.protocol_);
        socket_ops::getsockopt(impl.descriptor_, impl.state_, option.level(impl.protocol_),
            option.name(impl.protocol_), option.data(impl.protocol_), &size, ec);
        if (!ec)
            option.resize(impl.protocol_, size);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    endpoint_type local_endpoint(const implementation_type& impl, error_code& ec) const
    {
        endpoint_type endpoint;
        std::size_t size = endpoint.capacity();
        const int failed = socket_ops::getsockname(impl.descriptor_, endpoint.data(), &size, ec);
        return resized(endpoint, failed == 0, size, ec);
    }

    endpoint_type remote_endpoint(const implementation_type& impl, error_code& ec) const
    {
        endpoint_type endpoint;
        std::size_t size = endpoint.capacity();
        const int failed = socket_ops::getpeername(impl.descriptor_, endpoint.data(), &size, false, ec);
        return resized(endpoint, failed == 0, size, ec);
    }

    template <typename Socket>
    error_code accept(implementation_type& impl, Socket& peer, endpoint_type* peer_endpoint, error_code& ec)
    {
        if (peer.is_open())
        {
            ec = asio::error::already_open;
            ASIO_URING_ERROR_LOCATION(ec);
            return ec;
        }
        std::size_t size = peer_endpoint != nullptr ? peer_endpoint->capacity() : 0;
        socket_holder accepted(socket_ops::sync_accept(impl.descriptor_, impl.state_,
            peer_endpoint != nullptr ? peer_endpoint->data() : nullptr,
            peer_endpoint != nullptr ? &size : nullptr, ec));
        if (accepted.get() != asio::detail::invalid_socket)
        {
            if (peer_endpoint != nullptr)
                peer_endpoint->resize(size);
            peer.assign(impl.protocol_, accepted.get(), ec);
            if (!ec)
                accepted.release();
        }
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    error_code connect(implementation_type& impl, const endpoint_type& peer_endpoint, error_code& ec)
    {
        socket_ops::sync_connect(impl.descriptor_, peer_endpoint.data(), peer_endpoint.size(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_send(implementation_type& impl, const ConstBufferSequence& buffers,
        asio::socket_base::message_flags flags, Handler& handler, const IoExecutor& io_executor)
    {
        async_unless<send_operation<ConstBufferSequence, max_pieces>>(impl, writing,
            stream_oriented(impl) && asio::buffer_size(buffers) == 0, error_code(), handler, io_executor,
            "async_send", stream_oriented(impl), buffers, flags);
    }

    template <typename Handler, typename IoExecutor>
    void async_send(implementation_type& impl, null_buffers_argument, asio::socket_base::message_flags,
        Handler& handler, const IoExecutor& io_executor)
    {
        async_wait_for<null_buffers_operation>(
            impl, writing, handler, io_executor, "async_send(null_buffers)");
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_receive(implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags flags, Handler& handler, const IoExecutor& io_executor)
    {
        async_unless<receive_operation<MutableBufferSequence, max_pieces>>(impl, kind_of_receive(flags),
            stream_oriented(impl) && asio::buffer_size(buffers) == 0, error_code(), handler, io_executor,
            "async_receive", stream_oriented(impl), buffers, flags);
    }

    template <typename Handler, typename IoExecutor>
    void async_receive(implementation_type& impl, null_buffers_argument,
        asio::socket_base::message_flags flags, Handler& handler, const IoExecutor& io_executor)
    {
        async_wait_for<null_buffers_operation>(
            impl, kind_of_receive(flags), handler, io_executor, "async_receive(null_buffers)");
    }

    template <typename ConstBufferSequence>
    std::size_t send_to(implementation_type& impl, const ConstBufferSequence& buffers,
        const endpoint_type& destination, asio::socket_base::message_flags flags, error_code& ec)
    {
        carry_out_pending(impl);
        asio::detail::buffer_sequence_adapter<asio::const_buffer, ConstBufferSequence> adapter(buffers);
        const std::size_t sent = socket_ops::sync_sendto(impl.descriptor_, impl.state_, adapter.buffers(),
            adapter.count(), flags, destination.data(), destination.size(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return sent;
    }

    std::size_t send_to(implementation_type& impl, null_buffers_argument buffers, const endpoint_type&,
        asio::socket_base::message_flags flags, error_code& ec)
    {
        return send(impl, buffers, flags, ec);
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_send_to(implementation_type& impl, const ConstBufferSequence& buffers,
        const endpoint_type& destination, asio::socket_base::message_flags flags, Handler& handler,
        const IoExecutor& io_executor)
    {
        async<send_to_operation<ConstBufferSequence, endpoint_type>>(
            impl, writing, handler, io_executor, "async_send_to", buffers, destination, flags);
    }

    template <typename Handler, typename IoExecutor>
    void async_send_to(implementation_type& impl, null_buffers_argument, const endpoint_type&,
        asio::socket_base::message_flags, Handler& handler, const IoExecutor& io_executor)
    {
        async_wait_for<null_buffers_operation>(
            impl, writing, handler, io_executor, "async_send_to(null_buffers)");
    }

    template <typename MutableBufferSequence>
    std::size_t receive_from(implementation_type& impl, const MutableBufferSequence& buffers,
        endpoint_type& sender, asio::socket_base::message_flags flags, error_code& ec)
    {
        asio::detail::buffer_sequence_adapter<asio::mutable_buffer, MutableBufferSequence> adapter(buffers);
        std::size_t size = sender.capacity();
        const std::size_t received = socket_ops::sync_recvfrom(impl.descriptor_, impl.state_,
            adapter.buffers(), adapter.count(), flags, sender.data(), &size, ec);
        if (!ec)
            sender.resize(size);
        ASIO_URING_ERROR_LOCATION(ec);
        return received;
    }

    std::size_t receive_from(implementation_type& impl, null_buffers_argument buffers, endpoint_type& sender,
        asio::socket_base::message_flags flags, error_code& ec)
    {
        sender = endpoint_type();
        return receive(impl, buffers, flags, ec);
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_receive_from(implementation_type& impl, const MutableBufferSequence& buffers,
        endpoint_type& sender, asio::socket_base::message_flags flags, Handler& handler,
        const IoExecutor& io_executor)
    {
        async<receive_from_operation<MutableBufferSequence, endpoint_type>>(
            impl, kind_of_receive(flags), handler, io_executor, "async_receive_from", buffers, sender, flags);
    }

    template <typename Handler, typename IoExecutor>
    void async_receive_from(implementation_type& impl, null_buffers_argument, endpoint_type& sender,
        asio::socket_base::message_flags flags, Handler& handler, const IoExecutor& io_executor)
    {
        sender = endpoint_type();
        async_wait_for<null_buffers_operation>(
            impl, kind_of_receive(flags), handler, io_executor, "async_receive_from(null_buffers)");
    }

    template <typename MutableBufferSequence>
    std::size_t receive_with_flags(implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags in_flags, asio::socket_base::message_flags& out_flags,
        error_code& ec)
    {
        asio::detail::buffer_sequence_adapter<asio::mutable_buffer, MutableBufferSequence> adapter(buffers);
        return socket_ops::sync_recvmsg(
            impl.descriptor_, impl.state_, adapter.buffers(), adapter.count(), in_flags, out_flags, ec);
    }

    std::size_t receive_with_flags(implementation_type& impl, null_buffers_argument buffers,
        asio::socket_base::message_flags in_flags, asio::socket_base::message_flags& out_flags,
        error_code& ec)
    {
        out_flags = 0;
        return receive(impl, buffers, in_flags, ec);
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_receive_with_flags(implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags in_flags, asio::socket_base::message_flags& out_flags,
        Handler& handler, const IoExecutor& io_executor)
    {
        async<receive_with_flags_operation<MutableBufferSequence>>(impl, kind_of_receive(in_flags), handler,
            io_executor, "async_receive_with_flags", buffers, in_flags, out_flags);
    }

    template <typename Handler, typename IoExecutor>
    void async_receive_with_flags(implementation_type& impl, null_buffers_argument,
        asio::socket_base::message_flags in_flags, asio::socket_base::message_flags& out_flags,
        Handler& handler, const IoExecutor& io_executor)
    {
        out_flags = 0;
        async_wait_for<null_buffers_operation>(
            impl, kind_of_receive(in_flags), handler, io_executor, "async_receive_with_flags(null_buffers)");
    }

    template <typename Socket, typename Handler, typename IoExecutor>
    void async_accept(implementation_type& impl, Socket& peer, endpoint_type* peer_endpoint, Handler& handler,
        const IoExecutor& io_executor)
    {
        async_unless<accept_operation<Socket, Protocol>>(impl, reading, peer.is_open(),
            asio::error::already_open, handler, io_executor, "async_accept", impl.state_, peer,
            impl.protocol_, peer_endpoint);
    }

    template <typename PeerExecutor, typename Handler, typename IoExecutor>
    void async_move_accept(implementation_type& impl, const PeerExecutor& peer_executor,
        endpoint_type* peer_endpoint, Handler& handler, const IoExecutor& io_executor)
    {
        async<move_accept_operation<Protocol, PeerExecutor>>(impl, reading, handler, io_executor,
            "async_accept", impl.state_, peer_executor, impl.protocol_, peer_endpoint);
    }

    template <typename Handler, typename IoExecutor>
    void async_connect(implementation_type& impl, const endpoint_type& peer_endpoint, Handler& handler,
        const IoExecutor& io_executor)
    {
        async<connect_operation<endpoint_type>>(
            impl, writing, handler, io_executor, "async_connect", peer_endpoint);
    }

private:
    static constexpr std::size_t max_pieces =
        is_stream_protocol<Protocol> ? max_stream_pieces : max_message_pieces;

    static endpoint_type resized(endpoint_type& endpoint, bool known, std::size_t size, error_code& ec)
    {
        static_cast<void>(ec);
        if (!known)
        {
            ASIO_URING_ERROR_LOCATION(ec);
            return endpoint_type();
        }
        endpoint.resize(size);
        return endpoint;
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SOCKET_SERVICE_HPP
