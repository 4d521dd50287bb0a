// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The asynchronous operations of stream sockets, acceptors and timers, each started in one line so that it
// waits until it is told to succeed or a cancellation slot ends it.

#ifndef ASIO_URING_TEST_CANCELLABLE_HPP
#define ASIO_URING_TEST_CANCELLABLE_HPP

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_timer.hpp>
#include <chrono>
#include <cstddef>
#include <ostream>
#include <string>
#include <utility>

namespace asio_uring::test {

using asio::cancellation_signal;
using asio::cancellation_type;

/// The types of cancellation, of which each ends each of the operations below.
inline constexpr cancellation_type cancellation_types[] = {cancellation_type::terminal,
    cancellation_type::partial, cancellation_type::total, cancellation_type::all};

enum class cancellable
{
    receive,
    receive_nothing,
    send,
    wait_for_reading,
    wait_for_writing,
    wait_for_error,
    accept,
    accept_with_endpoint,
    accept_that_makes,
    connect,
    steady_wait,
    system_wait,
};

inline constexpr cancellable all_cancellables[] = {cancellable::receive, cancellable::receive_nothing,
    cancellable::send, cancellable::wait_for_reading, cancellable::wait_for_writing,
    cancellable::wait_for_error, cancellable::accept, cancellable::accept_with_endpoint,
    cancellable::accept_that_makes, cancellable::connect, cancellable::steady_wait, cancellable::system_wait};

/// Those of which several may wait for the same object, and that can be told to succeed.
inline constexpr cancellable all_queueables[] = {cancellable::receive, cancellable::receive_nothing,
    cancellable::send, cancellable::wait_for_reading, cancellable::wait_for_writing,
    cancellable::wait_for_error, cancellable::accept, cancellable::accept_with_endpoint,
    cancellable::accept_that_makes};

inline std::ostream& operator<<(std::ostream& out, cancellable what)
{
    constexpr const char* names[] = {"a receive", "a receive of null buffers", "a send", "a wait for reading",
        "a wait for writing", "a wait for an error", "an accept", "an accept with the endpoint",
        "an accept that makes a socket", "a connect", "a wait of a steady timer", "a wait of a system timer"};
    return out << names[static_cast<std::size_t>(what)];
}

/// A handler that writes down what it gets, with a slot of the signal; also one for accepts that make
/// sockets.
inline auto into(outcome& what, cancellation_signal& signal)
{
    return asio::bind_cancellation_slot(signal.slot(),
        [&what](const error_code& ec, auto&&...)
        {
            ++what.calls;
            what.ec = ec;
        });
}

/// What the operations are operations of, all on one context.
class cancellables
{
public:
    template <typename Context>
    explicit cancellables(Context& context)
        : acceptor_(context, loopback()),
          accepted_(context),
          connecting_(context),
          steady_(context, std::chrono::hours(1)),
          system_(context, std::chrono::hours(1)),
          connection_(context),
          sending_(context)
    {}

    /// Starts an operation that doesn't end yet: nothing has come, and there is no room to send.
    template <typename Handler>
    void start(cancellable what, Handler handler)
    {
        tcp::socket& socket = connection_.socket;
        switch (what)
        {
        case cancellable::receive:
            return socket.async_receive(asio::mutable_buffer(place_), handler);
        case cancellable::receive_nothing:
            return socket.async_receive(asio::null_buffers(), handler);
        case cancellable::send:
            filled_ += sending_.fill();
            return sending_.socket.async_send(asio::buffer("data", 4), handler);
        case cancellable::wait_for_reading:
            return socket.async_wait(tcp::socket::wait_read, handler);
        case cancellable::wait_for_writing:
            filled_ += sending_.fill();
            return sending_.socket.async_wait(tcp::socket::wait_write, handler);
        case cancellable::wait_for_error:
            return socket.async_wait(tcp::socket::wait_error, handler);
        case cancellable::accept:
            return acceptor_.async_accept(accepted_, handler);
        case cancellable::accept_with_endpoint:
            return acceptor_.async_accept(accepted_, peer_, handler);
        case cancellable::accept_that_makes:
            return acceptor_.async_accept(handler);
        case cancellable::connect:
            early_ = tcp_socket();
            full_ = tcp_listener(0);
            {
                const address there = address::local_of(full_);
                checked(::connect(early_.get(), there.get(), there.size));
                return connecting_.async_connect(loopback(ntohs(there.storage.sin_port)), handler);
            }
        case cancellable::steady_wait:
            return steady_.async_wait(handler);
        case cancellable::system_wait:
            return system_.async_wait(handler);
        }
    }

    /// Does what lets one of all_queueables succeed.
    void let_succeed(cancellable what)
    {
        switch (what)
        {
        case cancellable::receive:
        case cancellable::receive_nothing:
        case cancellable::wait_for_reading:
            return connection_.peer_sends("x");
        case cancellable::send:
        case cancellable::wait_for_writing:
            return drain();
        case cancellable::wait_for_error:
            return static_cast<void>(
                checked(static_cast<int>(::send(connection_.peer.get(), "!", 1, MSG_OOB))));
        case cancellable::accept:
        case cancellable::accept_with_endpoint:
        case cancellable::accept_that_makes:
        {
            const address there(acceptor_.local_endpoint().port());
            visitor_ = tcp_socket();
            checked(::connect(visitor_.get(), there.get(), there.size));
            return;
        }
        default:
            return;
        }
    }

    /// Where an operation was told to succeed and was cancelled all the same: whether what it would have got
    /// is still there, and what it would have sent is not.
    bool is_undone(cancellable what)
    {
        switch (what)
        {
        case cancellable::accept:
        case cancellable::accept_with_endpoint:
        case cancellable::accept_that_makes:
            return ready(descriptor(::dup(acceptor_.native_handle())), POLLIN, 10'000);
        case cancellable::receive:
            return connection_.socket.available() == 1;
        case cancellable::send:
            return !ready(sending_.peer, POLLIN, 0);
        default:
            return true;
        }
    }

private:
    void drain()
    {
        receive_all(sending_.peer, filled_);
        filled_ = 0;
    }

    tcp::acceptor acceptor_;
    tcp::socket accepted_;
    tcp::socket connecting_;
    tcp::endpoint peer_;
    asio::steady_timer steady_;
    asio::system_timer system_;
    connection connection_;
    local_connection sending_;
    space<1> place_;
    std::size_t filled_ = 0;
    descriptor early_;
    descriptor full_;
    descriptor visitor_;
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_CANCELLABLE_HPP
