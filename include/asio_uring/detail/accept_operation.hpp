// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The asynchronous accept, into a socket of the caller's or into a new one that the handler gets.

#ifndef ASIO_URING_DETAIL_ACCEPT_OPERATION_HPP
#define ASIO_URING_DETAIL_ACCEPT_OPERATION_HPP

#include <asio_uring/detail/socket_operations.hpp>
#include <type_traits>
#include <utility>

namespace asio_uring::detail {

/// Accepts a connection, and keeps its descriptor until it is delivered.
template <typename Protocol>
class accept_operation_base : public status_operation
{
protected:
    using endpoint_type = typename Protocol::endpoint;

    accept_operation_base(func_type on_complete, reactor& owner, int fd, socket_ops::state_type socket_state,
        const Protocol& protocol, endpoint_type* peer_endpoint)
        : status_operation(owner, on_complete, how, fd, POLLIN),
          state_(socket_state),
          protocol_(protocol),
          peer_endpoint_(peer_endpoint),
          address_size_(peer_endpoint != nullptr ? static_cast<socklen_t>(peer_endpoint->capacity()) : 0)
    {
        attempt_first();
    }

    /// Gives the connection to a socket.
    template <typename Socket>
    void assign_to(Socket& peer)
    {
        if (accepted_.get() == asio::detail::invalid_socket)
            return;
        if (peer_endpoint_ != nullptr)
            peer_endpoint_->resize(address_size_);
        peer.assign(protocol_, accepted_.get(), ec_);
        if (!ec_)
            accepted_.release();
    }

private:
    static operation::any submission(descriptor_operation& base)
    {
        auto& self = static_cast<accept_operation_base&>(base);
        if (self.peer_endpoint_ == nullptr)
            return operation::accept{self.descriptor()};
        self.address_size_ = static_cast<socklen_t>(self.peer_endpoint_->capacity());
        return operation::accept{
            self.descriptor(), static_cast<sockaddr*>(self.peer_endpoint_->data()), &self.address_size_};
    }

    static attempt judge(descriptor_operation& base, int code)
    {
        auto& self = static_cast<accept_operation_base&>(base);
        switch (-code)
        {
        case EAGAIN:
            return attempt::when_ready;
        // The peer gave up before it was accepted.
        case ECONNABORTED:
        case EPROTO:
            if ((self.state_ & socket_ops::enable_connection_aborted) == 0)
                return attempt::again;
            break;
        // The kernel reserves the descriptor first, and complains also where nobody has come.
        case EMFILE:
        case ENFILE:
            if (!self.ready())
                return attempt::when_ready;
            break;
        default:
            break;
        }
        if (code < 0)
            self.fail(-code);
        else
            self.accepted_.reset(code);
        return attempt::over;
    }

    static constexpr descriptor_operation::behaviour how = {
        &accept_operation_base::submission, &accept_operation_base::judge};

    const socket_ops::state_type state_;
    const Protocol protocol_;
    endpoint_type* const peer_endpoint_;
    socklen_t address_size_;
    socket_holder accepted_;
};

/// Accepts into a socket of the caller's.
template <typename Socket, typename Protocol>
class accept_operation : public accept_operation_base<Protocol>
{
public:
    void deliver()
    {
        this->assign_to(peer_);
    }

protected:
    accept_operation(scheduler_operation::func_type on_complete, reactor& owner, int fd,
        socket_ops::state_type socket_state, Socket& peer, const Protocol& protocol,
        typename Protocol::endpoint* peer_endpoint)
        : accept_operation_base<Protocol>(on_complete, owner, fd, socket_state, protocol, peer_endpoint),
          peer_(peer)
    {}

private:
    Socket& peer_;
};

/// Accepts into a new socket, which the handler gets.
template <typename Protocol, typename PeerExecutor>
class move_accept_operation : public accept_operation_base<Protocol>
{
    using socket_type = typename Protocol::socket::template rebind_executor<PeerExecutor>::other;

public:
    void deliver()
    {
        this->assign_to(peer_);
    }

    template <typename Handler>
    move_binder2<Handler, error_code, socket_type> bind(Handler& handler)
    {
        return {0, std::move(handler), this->ec_, std::move(peer_)};
    }

protected:
    move_accept_operation(scheduler_operation::func_type on_complete, reactor& owner, int fd,
        socket_ops::state_type socket_state, const PeerExecutor& peer_executor, const Protocol& protocol,
        typename Protocol::endpoint* peer_endpoint)
        : accept_operation_base<Protocol>(on_complete, owner, fd, socket_state, protocol, peer_endpoint),
          peer_(peer_executor)
    {}

private:
    socket_type peer_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ACCEPT_OPERATION_HPP
