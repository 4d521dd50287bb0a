// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests asynchronous connects over TCP: success, failure, cancel, and threads that end meanwhile.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;

// Listens, and has no room for a connection: who connects waits until free() makes room, and tries again
// after a second.
class full_listener
{
public:
    full_listener()
    {
        early_.push_back(tcp_socket());
        const address there = address::local_of(listener_);
        checked(::connect(early_.back().get(), there.get(), there.size));
    }

    tcp::endpoint endpoint() const
    {
        return loopback(ntohs(address::local_of(listener_).storage.sin_port));
    }

    void free()
    {
        early_.push_back(descriptor(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    }

private:
    descriptor listener_ = tcp_listener(0);
    std::vector<descriptor> early_;
};

tcp::endpoint endpoint_of(const descriptor& listener)
{
    return loopback(ntohs(address::local_of(listener).storage.sin_port));
}

// Where nobody listens.
tcp::endpoint nobody()
{
    return endpoint_of(udp_socket());
}

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_connect)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_opens_the_socket_and_connects_it, Context, all_contexts)
{
    Context context;
    const descriptor listener = tcp_listener();
    tcp::socket socket(context);
    outcome result;
    socket.async_connect(endpoint_of(listener), into(result));
    BOOST_TEST(socket.is_open());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.succeeded());
    BOOST_TEST(socket.remote_endpoint() == endpoint_of(listener));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_to_nobody_is_refused, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context);
    outcome result;
    socket.async_connect(nobody(), into(result));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.failed_with(asio::error::connection_refused));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_socket_connects_once, Context, all_contexts)
{
    Context context;
    const descriptor listener = tcp_listener();
    tcp::socket socket(context);
    socket.connect(endpoint_of(listener));
    outcome result;
    socket.async_connect(endpoint_of(listener), into(result));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.failed_with(asio::error::already_connected));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_socket_with_o_nonblock_connects, Context, all_contexts)
{
    Context context;
    const descriptor listener = tcp_listener();
    tcp::socket socket(context, tcp::v4());
    socket.native_non_blocking(true);
    outcome result;
    socket.async_connect(endpoint_of(listener), into(result));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_connect_may_be_tried_elsewhere, Context, all_contexts)
{
    Context context;
    const descriptor listener = tcp_listener();
    tcp::socket socket(context);
    const std::vector<tcp::endpoint> endpoints{nobody(), endpoint_of(listener)};
    outcome result;
    tcp::endpoint connected;
    asio::async_connect(socket, endpoints,
        [&](const error_code& ec, const tcp::endpoint& endpoint)
        {
            into(result)(ec);
            connected = endpoint;
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.succeeded());
    BOOST_TEST(connected == endpoints.back());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_that_waits_is_cancelled, Context, all_contexts)
{
    Context context;
    const full_listener listener;
    tcp::socket socket(context);
    outcome result;
    socket.async_connect(listener.endpoint(), into(result));
    tick(context);
    BOOST_TEST(!result.over());
    socket.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.aborted());
    BOOST_TEST(socket.is_open());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_that_waits_is_ended_by_close, Context, all_contexts)
{
    Context context;
    const full_listener listener;
    tcp::socket socket(context);
    outcome result;
    socket.async_connect(listener.endpoint(), into(result));
    tick(context);
    socket.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_second_connect_while_one_waits_follows_it, Context, std::tuple<ring>)
{
    Context context;
    full_listener listener;
    tcp::socket socket(context);
    outcome first;
    outcome second;
    socket.async_connect(listener.endpoint(), into(first));
    socket.async_connect(listener.endpoint(), into(second));
    tick(context);
    listener.free();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(first.succeeded());
    BOOST_TEST(second.calls == 1);
    BOOST_TEST(!!second.ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_survives_the_thread_that_started_it, Context, rings)
{
    Context context;
    full_listener listener;
    tcp::socket socket(context);
    outcome result;
    std::thread(
        [&]
        {
            socket.async_connect(listener.endpoint(), into(result));
            tick(context);
        })
        .join();
    BOOST_TEST(!result.over());
    listener.free();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.succeeded());
    BOOST_TEST(socket.remote_endpoint() == listener.endpoint());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_that_lost_its_thread_still_tells_a_refusal, Context, std::tuple<ring>)
{
    Context context;
    tcp::socket socket(context);
    outcome result;
    {
        full_listener listener;
        std::thread(
            [&]
            {
                socket.async_connect(listener.endpoint(), into(result));
                tick(context);
            })
            .join();
        BOOST_TEST(!result.over());
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.failed_with(asio::error::connection_refused));
}

BOOST_AUTO_TEST_SUITE_END()
