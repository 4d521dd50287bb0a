// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What each program of this project does, with the types that it has: a message over TCP, sent once a timer
// has fired.

#ifndef ASIO_URING_TEST_INSTALL_ROUND_TRIP_HPP
#define ASIO_URING_TEST_INSTALL_ROUND_TRIP_HPP

#include <asio_uring/io_context.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <cstddef>
#include <iostream>
#include <string>

/// Sends a message from one socket to another, and says what the context runs on.
///
/// @returns the exit status of the program.
template <class Acceptor, class Socket, class Timer>
int round_trip()
{
    using error_code = boost::system::error_code;
    const std::string message = "over the ring";

    asio_uring::io_context context;
    Acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    Socket sender(context);
    Socket receiver(context);
    Timer timer(context, std::chrono::milliseconds(1));
    std::string received(message.size(), '\0');

    acceptor.async_accept(receiver,
        [&](const error_code& accept_error)
        {
            if (!accept_error)
            {
                boost::asio::async_read(
                    receiver, boost::asio::buffer(received), [](const error_code&, std::size_t) {});
            }
        });
    sender.async_connect(acceptor.local_endpoint(),
        [&](const error_code& connect_error)
        {
            timer.async_wait(
                [&, connect_error](const error_code& wait_error)
                {
                    if (!connect_error && !wait_error)
                    {
                        boost::asio::async_write(
                            sender, boost::asio::buffer(message), [](const error_code&, std::size_t) {});
                    }
                });
        });
    context.run();

    const auto figures = context.statistics();
    std::cout << "runs on " << context.backend().description << ", " << figures.completions
              << " completions, received \"" << received << '"' << std::endl;
    const bool on_ring = context.backend().kind == asio_uring::backend_kind::io_uring;
    constexpr std::size_t socket_operations = 3; // at least: accept, connect, read
    return received == message && (!on_ring || figures.completions >= socket_operations) ? 0 : 1;
}

#endif
