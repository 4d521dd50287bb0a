// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests level 2 of routing: with drop_in.hpp stock types run on the ring where their context does, and
// elsewhere as ever.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/basic_datagram_socket.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/high_resolution_timer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <sys/socket.h>
#include <type_traits>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;

// A server and a client of stock types that exchange a message, both with a time limit.
template <typename Context>
std::string exchange(Context& context)
{
    tcp::acceptor acceptor(context, loopback());
    std::string got(4, ' ');
    const auto serve = [&]() -> asio::awaitable<void>
    {
        tcp::socket peer = co_await acceptor.async_accept(asio::use_awaitable);
        co_await asio::async_read(peer, asio::buffer(got), asio::use_awaitable);
    };
    const auto call = [&]() -> asio::awaitable<void>
    {
        tcp::socket socket(co_await asio::this_coro::executor);
        asio::steady_timer timer(socket.get_executor(), 1ms);
        co_await timer.async_wait(asio::use_awaitable);
        co_await socket.async_connect(acceptor.local_endpoint(), asio::use_awaitable);
        co_await asio::async_write(socket, asio::buffer("data", 4), asio::use_awaitable);
    };
    asio::co_spawn(context, serve, asio::detached);
    asio::co_spawn(context, call, asio::detached);
    BOOST_TEST(run_to_the_end(context));
    return got;
}

// A protocol of a program's own, with no more than Asio asks of a Protocol.
struct local_messages
{
    using endpoint = asio::local::basic_endpoint<local_messages>;

    int type() const noexcept
    {
        return SOCK_DGRAM;
    }
    int protocol() const noexcept
    {
        return 0;
    }
    int family() const noexcept
    {
        return AF_UNIX;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(routing_drop_in)

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(stock_sockets_and_timers_run_on_the_ring, Context, rings)
{
    const auto threads_before = threads();
    Context context;
    BOOST_TEST(exchange(context) == "data");
    BOOST_TEST(context.statistics().completions >= 4U);
    BOOST_TEST(epoll_descriptors() == 0);
    BOOST_TEST(threads() == threads_before);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(no_routed_type_makes_an_epoll_descriptor_or_a_thread, Context, rings)
{
    const auto threads_before = threads();
    Context context;
    tcp::socket socket(context);
    tcp::acceptor acceptor(context, loopback());
    asio::local::stream_protocol::socket first(context);
    asio::local::stream_protocol::socket second(context);
    asio::local::connect_pair(first, second);
    asio::local::stream_protocol::acceptor local_acceptor(context);
    asio::steady_timer steady(context, 1ms);
    asio::system_timer system(context, 1ms);
    asio::high_resolution_timer fine(context, 1ms);
    int calls = 0;
    const auto count = [&](const error_code&, std::size_t = 0) { ++calls; };
    socket.async_connect(acceptor.local_endpoint(), count);
    first.async_wait(tcp::socket::wait_read, count);
    second.async_send(asio::buffer("x", 1), count);
    steady.async_wait(count);
    system.async_wait(count);
    fine.async_wait(count);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(calls == 6);
    BOOST_TEST(epoll_descriptors() == 0);
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE(the_same_types_are_as_ever_on_asios_contexts_in_the_same_program)
{
    ring ours;
    stock on_stock;
    fallback on_fallback;
    BOOST_TEST(exchange(ours) == "data");
    BOOST_TEST(exchange(on_stock) == "data");
    BOOST_TEST(exchange(on_fallback) == "data");
    BOOST_TEST(exchange(ours) == "data");
    // Each that isn't on a ring has one.
    BOOST_TEST(epoll_descriptors() == (on_the_ring(ours) ? 2 : 3));
}

BOOST_AUTO_TEST_CASE(the_same_types_work_on_a_thread_pool)
{
    asio::thread_pool pool(2);
    connection c(pool);
    asio::steady_timer timer(pool, 1ms);
    timer.async_wait(asio::use_future).get();
    space<4> place;
    auto received = c.socket.async_receive(asio::mutable_buffer(place), asio::use_future);
    c.peer_sends("data");
    BOOST_TEST(received.get() == 4U);
    auto aborted = c.socket.async_receive(asio::mutable_buffer(place), asio::use_future);
    c.socket.close();
    BOOST_CHECK_THROW(aborted.get(), boost::system::system_error);
    pool.join();
}

BOOST_AUTO_TEST_CASE(sockets_of_different_contexts_talk_to_each_other)
{
    ring on_ring;
    stock on_stock;
    tcp::acceptor acceptor(on_ring, loopback());
    tcp::socket client(on_stock);
    tcp::socket server(on_ring);
    outcome connected;
    outcome accepted;
    acceptor.async_accept(server, into(accepted));
    client.async_connect(acceptor.local_endpoint(), into(connected));
    BOOST_TEST(run_to_the_end(on_stock));
    BOOST_TEST(run_to_the_end(on_ring));
    BOOST_TEST(connected.succeeded());
    BOOST_TEST(accepted.succeeded());
    outcome sent;
    outcome received;
    space<4> place;
    client.async_receive(asio::mutable_buffer(place), into(received));
    server.async_send(asio::buffer("data", 4), into(sent));
    BOOST_TEST(run_to_the_end(on_ring));
    BOOST_TEST(run_to_the_end(on_stock));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(templates_with_other_executors_are_routed_too, Context, all_contexts)
{
    using strand_type = asio::strand<asio::any_io_executor>;
    using own_type = typename Context::executor_type;
    Context context;
    const strand_type strand(context.get_executor());
    basic_connection<asio::basic_stream_socket<tcp, strand_type>> on_strand(strand);
    basic_connection<asio::basic_stream_socket<tcp, own_type>> on_own(context);
    bool inside = false;
    outcome received;
    space<4> places[2];
    on_strand.socket.async_receive(asio::mutable_buffer(places[0]),
        [&](const error_code&, std::size_t) { inside = strand.running_in_this_thread(); });
    on_own.socket.async_receive(asio::mutable_buffer(places[1]), into(received));
    on_strand.peer_sends("data");
    on_own.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(inside);
    BOOST_TEST(received.transferred(4));
    if constexpr (std::is_base_of_v<ring, Context>)
    {
        BOOST_TEST(context.statistics().completions == (on_the_ring(context) ? 2U : 0U));
        BOOST_TEST(epoll_descriptors() == (on_the_ring(context) ? 0 : 1));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_socket_of_our_executor_moves_to_a_stock_one, Context, rings)
{
    Context context;
    basic_connection<asio::basic_stream_socket<tcp, typename Context::executor_type>> c(context);
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    const tcp::socket moved(std::move(c.socket));
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE(two_rings_are_two_rings, *needs_the_ring())
{
    ring first;
    const auto before = ring_descriptors();
    ring second;
    BOOST_TEST(ring_descriptors() == before + 1);
    BOOST_TEST(exchange(first) == "data");
    BOOST_TEST(exchange(second) == "data");
    BOOST_TEST(epoll_descriptors() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_protocol_need_not_name_its_socket, Context, all_contexts)
{
    Context context;
    asio::basic_datagram_socket<local_messages> first(context);
    asio::basic_datagram_socket<local_messages> second(context);
    asio::local::connect_pair(first, second);
    outcome received;
    space<8> place;
    first.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    second.send(asio::buffer("data", 4));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_SUITE_END()
