// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of stock Asio sockets that are routed: on the ring or Asio's.

#ifndef ASIO_URING_DETAIL_ROUTED_SOCKET_SERVICE_HPP
#define ASIO_URING_DETAIL_ROUTED_SOCKET_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/routed_native_service.hpp>
#include <asio_uring/detail/socket_service.hpp>
#include <cstddef>

namespace asio_uring::detail {

/// What a stock socket or acceptor calls. Every function is Asio's reactive_socket_service's of the same
/// name.
template <typename Protocol>
class routed_socket_service
    : public execution_context_service_base<routed_socket_service<Protocol>>,
      public routed_native_service<asio::detail::reactive_socket_service<Protocol>, socket_service<Protocol>>
{
    using base =
        routed_native_service<asio::detail::reactive_socket_service<Protocol>, socket_service<Protocol>>;

public:
    using protocol_type = Protocol;
    using endpoint_type = typename Protocol::endpoint;
    using native_handle_type = asio::detail::socket_type;
    using implementation_type = typename base::implementation_type;

    explicit routed_socket_service(asio::execution_context& context)
        : execution_context_service_base<routed_socket_service<Protocol>>(context),
          base(context)
    {}

    /// The service's.
    void shutdown() override {}

    error_code open(implementation_type& impl, const protocol_type& protocol, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.open(i, protocol, ec); });
    }

    error_code assign(implementation_type& impl, const protocol_type& protocol,
        const native_handle_type& native_socket, error_code& ec)
    {
        return this->on(
            impl, [&](auto& chosen, auto& i) { return chosen.assign(i, protocol, native_socket, ec); });
    }

    bool at_mark(const implementation_type& impl, error_code& ec) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.at_mark(i, ec); });
    }

    std::size_t available(const implementation_type& impl, error_code& ec) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.available(i, ec); });
    }

    error_code bind(implementation_type& impl, const endpoint_type& endpoint, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.bind(i, endpoint, ec); });
    }

    error_code listen(implementation_type& impl, int backlog, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.listen(i, backlog, ec); });
    }

    template <typename Option>
    error_code set_option(implementation_type& impl, const Option& option, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.set_option(i, option, ec); });
    }

    template <typename Option>
    error_code get_option(const implementation_type& impl, Option& option, error_code& ec) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.get_option(i, option, ec); });
    }

    endpoint_type local_endpoint(const implementation_type& impl, error_code& ec) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.local_endpoint(i, ec); });
    }

    endpoint_type remote_endpoint(const implementation_type& impl, error_code& ec) const
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.remote_endpoint(i, ec); });
    }

    error_code shutdown(implementation_type& impl, asio::socket_base::shutdown_type what, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.shutdown(i, what, ec); });
    }

    template <typename ConstBufferSequence>
    std::size_t send(implementation_type& impl, const ConstBufferSequence& buffers,
        asio::socket_base::message_flags flags, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.send(i, buffers, flags, ec); });
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_send(implementation_type& impl, const ConstBufferSequence& buffers,
        asio::socket_base::message_flags flags, Handler& handler, const IoExecutor& io_executor)
    {
        return this->on(impl, [&](auto& chosen, auto& i)
            { return chosen.async_send(i, buffers, flags, handler, io_executor); });
    }

    template <typename MutableBufferSequence>
    std::size_t receive(implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags flags, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.receive(i, buffers, flags, ec); });
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_receive(implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags flags, Handler& handler, const IoExecutor& io_executor)
    {
        return this->on(impl, [&](auto& chosen, auto& i)
            { return chosen.async_receive(i, buffers, flags, handler, io_executor); });
    }

    template <typename ConstBufferSequence>
    std::size_t send_to(implementation_type& impl, const ConstBufferSequence& buffers,
        const endpoint_type& destination, asio::socket_base::message_flags flags, error_code& ec)
    {
        return this->on(
            impl, [&](auto& chosen, auto& i) { return chosen.send_to(i, buffers, destination, flags, ec); });
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_send_to(implementation_type& impl, const ConstBufferSequence& buffers,
        const endpoint_type& destination, asio::socket_base::message_flags flags, Handler& handler,
        const IoExecutor& io_executor)
    {
        return this->on(impl, [&](auto& chosen, auto& i)
            { return chosen.async_send_to(i, buffers, destination, flags, handler, io_executor); });
    }

    template <typename MutableBufferSequence>
    std::size_t receive_from(implementation_type& impl, const MutableBufferSequence& buffers,
        endpoint_type& sender, asio::socket_base::message_flags flags, error_code& ec)
    {
        return this->on(
            impl, [&](auto& chosen, auto& i) { return chosen.receive_from(i, buffers, sender, flags, ec); });
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_receive_from(implementation_type& impl, const MutableBufferSequence& buffers,
        endpoint_type& sender, asio::socket_base::message_flags flags, Handler& handler,
        const IoExecutor& io_executor)
    {
        return this->on(impl, [&](auto& chosen, auto& i)
            { return chosen.async_receive_from(i, buffers, sender, flags, handler, io_executor); });
    }

    template <typename MutableBufferSequence>
    std::size_t receive_with_flags(implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags in_flags, asio::socket_base::message_flags& out_flags,
        error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i)
            { return chosen.receive_with_flags(i, buffers, in_flags, out_flags, ec); });
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_receive_with_flags(implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags in_flags, asio::socket_base::message_flags& out_flags,
        Handler& handler, const IoExecutor& io_executor)
    {
        return this->on(impl,
            [&](auto& chosen, auto& i) {
                return chosen.async_receive_with_flags(i, buffers, in_flags, out_flags, handler, io_executor);
            });
    }

    template <typename Socket>
    error_code accept(implementation_type& impl, Socket& peer, endpoint_type* peer_endpoint, error_code& ec)
    {
        return this->on(
            impl, [&](auto& chosen, auto& i) { return chosen.accept(i, peer, peer_endpoint, ec); });
    }

    template <typename Socket, typename Handler, typename IoExecutor>
    void async_accept(implementation_type& impl, Socket& peer, endpoint_type* peer_endpoint, Handler& handler,
        const IoExecutor& io_executor)
    {
        return this->on(impl, [&](auto& chosen, auto& i)
            { return chosen.async_accept(i, peer, peer_endpoint, handler, io_executor); });
    }

    template <typename PeerExecutor, typename Handler, typename IoExecutor>
    void async_move_accept(implementation_type& impl, const PeerExecutor& peer_executor,
        endpoint_type* peer_endpoint, Handler& handler, const IoExecutor& io_executor)
    {
        return this->on(impl, [&](auto& chosen, auto& i)
            { return chosen.async_move_accept(i, peer_executor, peer_endpoint, handler, io_executor); });
    }

    error_code connect(implementation_type& impl, const endpoint_type& peer_endpoint, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.connect(i, peer_endpoint, ec); });
    }

    template <typename Handler, typename IoExecutor>
    void async_connect(implementation_type& impl, const endpoint_type& peer_endpoint, Handler& handler,
        const IoExecutor& io_executor)
    {
        return this->on(impl, [&](auto& chosen, auto& i)
            { return chosen.async_connect(i, peer_endpoint, handler, io_executor); });
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ROUTED_SOCKET_SERVICE_HPP
