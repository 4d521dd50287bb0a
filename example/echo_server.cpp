// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A TCP echo server with one C++20 coroutine for each connection, in stock Boost.Asio types.
//
// Shows that only the context's type differs from a program on epoll: sockets, acceptor and signals are
// Boost.Asio's own, and asio_uring/drop_in.hpp, which this file is compiled with, puts them on io_uring.
//
// Run it:  echo_server [port]          (7777 if none is given)
// Then:    nc 127.0.0.1 7777           (what you type comes back; Ctrl-C here ends the server)

#include <asio_uring/io_context.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Sends back what arrives, until the peer ends the connection or it breaks.
asio::awaitable<void> echo(tcp::socket socket)
{
    std::vector<char> data(4096);
    boost::system::error_code error;
    while (!error)
    {
        const std::size_t size = co_await socket.async_read_some(
            asio::buffer(data), asio::redirect_error(asio::use_awaitable, error));
        if (size != 0)
        {
            co_await asio::async_write(
                socket, asio::buffer(data, size), asio::redirect_error(asio::use_awaitable, error));
        }
    }
}

/// Accepts connections. An error, such as too many open files, only delays the next attempt.
asio::awaitable<void> accept(tcp::acceptor acceptor)
{
    asio::steady_timer pause(acceptor.get_executor());
    for (;;)
    {
        boost::system::error_code error;
        tcp::socket socket = co_await acceptor.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error)
        {
            pause.expires_after(std::chrono::milliseconds(100));
            co_await pause.async_wait(asio::use_awaitable);
            continue;
        }
        asio::co_spawn(acceptor.get_executor(), echo(std::move(socket)), asio::detached);
    }
}

unsigned short read_port(int argc, char** argv)
{
    unsigned short port = 7777;
    const std::string_view text = argc > 1 ? argv[1] : "7777";
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (argc > 2 || error != std::errc() || end != text.data() + text.size())
    {
        throw std::invalid_argument("usage: echo_server [port], a number from 0 to 65535");
    }
    return port;
}

} // namespace

int main(int argc, char** argv)
{
    try
    {
        asio_uring::io_context context;
        tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), read_port(argc, argv)});
        std::cout << "Echoing on 127.0.0.1:" << acceptor.local_endpoint().port() << ", running on "
                  << context.backend().description << std::endl;

        asio::signal_set signals(context, SIGINT, SIGTERM);
        signals.async_wait([&](const boost::system::error_code&, int) { context.stop(); });
        asio::co_spawn(context, accept(std::move(acceptor)), asio::detached);
        context.run();
        return EXIT_SUCCESS;
    }
    catch (const std::exception& error)
    {
        std::cerr << "echo_server: " << error.what() << std::endl;
        return EXIT_FAILURE;
    }
}
