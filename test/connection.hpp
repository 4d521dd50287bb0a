// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Connections over the loopback interface for tests: two sockets in one line.

#ifndef ASIO_URING_TEST_CONNECTION_HPP
#define ASIO_URING_TEST_CONNECTION_HPP

#include <descriptor.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace asio_uring::test {

using tcp = boost::asio::ip::tcp;

/// Any free port of the loopback interface.
inline tcp::endpoint loopback(boost::asio::ip::port_type port = 0)
{
    return {boost::asio::ip::address_v4::loopback(), port};
}

/// Two connected TCP sockets: one of the context under test, and a peer that is used synchronously.
///
/// `Socket` is the type of the former.
template <typename Socket = tcp::socket>
struct basic_connection
{
    template <typename Context>
    explicit basic_connection(Context& context) : basic_connection(context, tcp_listener())
    {}

    void peer_sends(std::string_view text) const
    {
        checked(static_cast<int>(::send(peer.get(), text.data(), text.size(), MSG_NOSIGNAL)));
    }

    /// Reads what the peer gets: as much as this, or what comes before the end of file.
    std::string peer_gets(std::size_t size) const
    {
        return receive_all(peer, size);
    }

    /// Whether the peer sees the end of file within this time.
    bool peer_sees_the_end(int milliseconds = 10'000) const
    {
        char byte = 0;
        return ready(peer, POLLIN, milliseconds) && ::recv(peer.get(), &byte, 1, MSG_DONTWAIT) == 0;
    }

    Socket socket;
    descriptor peer;

private:
    template <typename Context>
    basic_connection(Context& context, const descriptor& listener) : socket(context)
    {
        const address there = address::local_of(listener);
        socket.connect(loopback(ntohs(there.storage.sin_port)));
        peer = descriptor(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    }
};

using connection = basic_connection<>;

/// As connection, but local. What was filled has no room until the peer reads, while TCP finds some after a
/// while.
struct local_connection
{
    template <typename Context>
    explicit local_connection(Context& context) : socket(context)
    {
        socket_pair ends;
        socket.assign({}, ends.first.release());
        peer = std::move(ends.second);
    }

    /// Leaves no room to send. Returns the bytes that this took.
    std::size_t fill()
    {
        const std::string much(1U << 16U, '.');
        std::size_t filled = 0;
        ssize_t sent = 0;
        while ((sent = ::send(socket.native_handle(), much.data(), much.size(), MSG_DONTWAIT)) > 0)
            filled += static_cast<std::size_t>(sent);
        return filled;
    }

    boost::asio::local::stream_protocol::socket socket;
    descriptor peer;
};

/// A place for `N` bytes to be read to.
template <std::size_t N>
struct space
{
    char bytes[N] = {};

    operator boost::asio::mutable_buffer() noexcept
    {
        return boost::asio::buffer(bytes);
    }

    std::string_view first(std::size_t n) const noexcept
    {
        return {bytes, n};
    }
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_CONNECTION_HPP
