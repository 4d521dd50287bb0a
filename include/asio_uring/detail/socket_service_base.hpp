// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The part of the socket service on the ring that is the same for all protocols.

#ifndef ASIO_URING_DETAIL_SOCKET_SERVICE_BASE_HPP
#define ASIO_URING_DETAIL_SOCKET_SERVICE_BASE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/native_service_base.hpp>
#include <asio_uring/detail/socket_operations.hpp>
#include <cstddef>
#include <fcntl.h>

namespace asio_uring::detail {

/// What Asio does with sockets, for native_service_base.
struct socket_calls
{
    using state_type = socket_ops::state_type;
    using wait_type = asio::socket_base::wait_type;

    /// As Asio's handler tracking calls them.
    static constexpr const char object[] = "socket";
    static constexpr state_type user_set_non_blocking = socket_ops::user_set_non_blocking;
    static constexpr state_type internal_non_blocking = socket_ops::internal_non_blocking;

    static void close(int socket, state_type& state, bool destruction, error_code& ec)
    {
        socket_ops::close(socket, state, destruction, ec);
    }

    static void ioctl(
        int socket, state_type& state, int command, asio::detail::ioctl_arg_type* argument, error_code& ec)
    {
        socket_ops::ioctl(socket, state, command, argument, ec);
    }

    static void set_user_non_blocking(int socket, state_type& state, bool mode, error_code& ec)
    {
        socket_ops::set_user_non_blocking(socket, state, mode, ec);
    }

    static void set_internal_non_blocking(int socket, state_type& state, bool mode, error_code& ec)
    {
        socket_ops::set_internal_non_blocking(socket, state, mode, ec);
    }

    static void poll_read(int socket, state_type state, error_code& ec)
    {
        socket_ops::poll_read(socket, state, forever, ec);
    }

    static void poll_write(int socket, state_type state, error_code& ec)
    {
        socket_ops::poll_write(socket, state, forever, ec);
    }

    static void poll_error(int socket, state_type state, error_code& ec)
    {
        socket_ops::poll_error(socket, state, forever, ec);
    }

    /// Messages may go without the ring: they are sent at once as a rule, and where one has come, more have.
    static reactor::way_of_starting way_of_starting(state_type state) noexcept
    {
        return (state & socket_ops::stream_oriented) == 0 ? reactor::way_of_starting::at_once
                                                          : reactor::way_of_starting::on_the_ring;
    }

private:
    static constexpr int forever = -1;
};

/// Opens sockets, and does the synchronous calls as Asio does them.
class socket_service_base : public native_service_base<socket_calls>
{
public:
    using native_service_base::native_service_base;

    native_handle_type release(base_implementation_type& impl, error_code& ec)
    {
        return check_open(impl, ec) ? let_go(impl) : no_descriptor;
    }

    bool at_mark(const base_implementation_type& impl, error_code& ec) const
    {
        return socket_ops::sockatmark(impl.descriptor_, ec);
    }

    std::size_t available(const base_implementation_type& impl, error_code& ec) const
    {
        return socket_ops::available(impl.descriptor_, ec);
    }

    error_code listen(base_implementation_type& impl, int backlog, error_code& ec)
    {
        socket_ops::listen(impl.descriptor_, backlog, ec);
        return ec;
    }

    error_code shutdown(base_implementation_type& impl, asio::socket_base::shutdown_type what, error_code& ec)
    {
        if (what != asio::socket_base::shutdown_receive)
            carry_out_pending(impl);
        socket_ops::shutdown(impl.descriptor_, what, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    template <typename ConstBufferSequence>
    std::size_t send(base_implementation_type& impl, const ConstBufferSequence& buffers,
        asio::socket_base::message_flags flags, error_code& ec)
    {
        carry_out_pending(impl);
        asio::detail::buffer_sequence_adapter<asio::const_buffer, ConstBufferSequence> adapter(buffers);
        return socket_ops::sync_send(impl.descriptor_, impl.state_, adapter.buffers(), adapter.count(), flags,
            adapter.all_empty(), ec);
    }

    std::size_t send(base_implementation_type& impl, null_buffers_argument, asio::socket_base::message_flags,
        error_code& ec)
    {
        socket_ops::poll_write(impl.descriptor_, impl.state_, -1, ec);
        return 0;
    }

    template <typename MutableBufferSequence>
    std::size_t receive(base_implementation_type& impl, const MutableBufferSequence& buffers,
        asio::socket_base::message_flags flags, error_code& ec)
    {
        asio::detail::buffer_sequence_adapter<asio::mutable_buffer, MutableBufferSequence> adapter(buffers);
        return socket_ops::sync_recv(impl.descriptor_, impl.state_, adapter.buffers(), adapter.count(), flags,
            adapter.all_empty(), ec);
    }

    std::size_t receive(base_implementation_type& impl, null_buffers_argument,
        asio::socket_base::message_flags, error_code& ec)
    {
        socket_ops::poll_read(impl.descriptor_, impl.state_, -1, ec);
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

    error_code open_socket(base_implementation_type& impl, int family, int type, int protocol, error_code& ec)
    {
        if (!check_closed(impl, ec))
            return ec;
        const native_handle_type socket = socket_ops::socket(family, type, protocol, ec);
        if (socket != no_descriptor)
            take(impl, socket, state_of(type));
        return ec;
    }

    error_code assign_socket(
        base_implementation_type& impl, int type, const native_handle_type& socket, error_code& ec)
    {
        if (!check_closed(impl, ec))
            return ec;
        if (::fcntl(socket, F_GETFD) == -1)
            return ec = asio::error::bad_descriptor;
        take(impl, socket, state_of(type) | socket_ops::possible_dup);
        return ec;
    }

private:
    static socket_ops::state_type state_of(int type) noexcept
    {
        if (type == SOCK_STREAM)
            return socket_ops::stream_oriented;
        return type == SOCK_DGRAM ? socket_ops::datagram_oriented : 0;
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SOCKET_SERVICE_BASE_HPP
