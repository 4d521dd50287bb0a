// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The same program on both contexts: boost::asio::io_context and asio_uring::io_context in one process.
//
// Shows the one type that a program changes. `exchange` is written once, in stock Boost.Asio types; the
// context that it is given decides whether its sockets and its timer run on epoll or on io_uring.
//
// Run it:  same_program

#include <asio_uring/io_context.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// Sends a message over TCP to itself, a moment later, and returns what arrived.
asio::awaitable<std::string> send_to_itself(std::string_view message)
{
    const auto executor = co_await asio::this_coro::executor;
    tcp::acceptor acceptor(executor, {asio::ip::address_v4::loopback(), 0});
    tcp::socket sender(executor);
    co_await sender.async_connect(acceptor.local_endpoint(), asio::use_awaitable);
    tcp::socket receiver = co_await acceptor.async_accept(asio::use_awaitable);

    asio::steady_timer moment(executor, std::chrono::milliseconds(50));
    co_await moment.async_wait(asio::use_awaitable);
    co_await asio::async_write(sender, asio::buffer(message), asio::use_awaitable);

    std::string received(message.size(), '\0');
    co_await asio::async_read(receiver, asio::buffer(received), asio::use_awaitable);
    co_return received;
}

/// The program: it is the same for every context.
template <class Context>
std::string exchange(Context& context)
{
    std::string received;
    asio::co_spawn(context, send_to_itself("a message"),
        [&](const std::exception_ptr& failure, std::string result)
        {
            if (failure)
            {
                std::rethrow_exception(failure);
            }
            received = std::move(result);
        });
    context.run();
    return received;
}

} // namespace

int main()
{
    try
    {
        boost::asio::io_context stock;
        std::cout << "boost::asio::io_context  received \"" << exchange(stock) << "\" on Asio's epoll reactor"
                  << std::endl;

        asio_uring::io_context ring; // the one type that changes
        std::cout << "asio_uring::io_context   received \"" << exchange(ring) << "\" on "
                  << ring.backend().description << ", with " << ring.statistics().submissions
                  << " submissions" << std::endl;
        return EXIT_SUCCESS;
    }
    catch (const std::exception& error)
    {
        std::cerr << "same_program: " << error.what() << std::endl;
        return EXIT_FAILURE;
    }
}
