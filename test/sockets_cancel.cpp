// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests cancel() of sockets: all operations end, none twice, and no data is lost.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_cancel)

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_aborts_all_and_the_socket_can_be_used_again, Context, all_contexts)
{
    Context context;
    connection c(context);
    std::vector<outcome> outcomes(6);
    space<4> place;
    for (std::size_t i = 0; i != 3; ++i)
    {
        c.socket.async_receive(asio::mutable_buffer(place), into(outcomes[2 * i]));
        c.socket.async_wait(tcp::socket::wait_error, into(outcomes[2 * i + 1]));
    }
    tick(context);
    c.socket.cancel();
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.aborted());

    outcome received;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_aborts_what_was_just_started, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    c.socket.cancel();
    BOOST_TEST(!received.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_started_after_cancel_goes_on, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome first;
    outcome second;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(first));
    tick(context);
    c.socket.cancel();
    c.socket.async_receive(asio::mutable_buffer(place), into(second));
    BOOST_TEST(run_until(context, [&] { return first.over(); }));
    BOOST_TEST(first.aborted());
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(second.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    what_cancel_and_close_abort_ends_in_the_order_of_its_start, Context, all_contexts)
{
    Context context;
    connection c(context);
    space<4> place;
    std::vector<int> order;
    for (const bool close : {false, true})
    {
        for (int i = 0; i != 3; ++i)
            c.socket.async_receive(asio::mutable_buffer(place),
                [&order, i](const error_code& ec, std::size_t)
                {
                    BOOST_TEST((ec == asio::error::operation_aborted));
                    order.push_back(i);
                });
        tick(context);
        if (close)
            c.socket.close();
        else
            c.socket.cancel();
        BOOST_TEST(run_to_the_end(context));
    }
    BOOST_TEST((order == std::vector<int>{0, 1, 2, 0, 1, 2}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_started_after_a_cancel_follows_what_that_aborts, Context, all_contexts)
{
    Context context;
    connection c(context);
    std::vector<outcome> aborted(3);
    outcome received;
    space<4> place;
    for (outcome& o : aborted)
        c.socket.async_receive(asio::mutable_buffer(place), into(o));
    tick(context);
    c.socket.cancel();
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    tcp::socket moved(std::move(c.socket));
    c.peer_sends("data");
    BOOST_TEST(run_until(context, [&] { return aborted.back().over(); }));
    // Where the data came before the end of the first, that one has it, and nothing is left to wait for.
    const bool first_has_it = aborted.front().transferred(4);
    if (first_has_it)
        moved.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST((first_has_it ? received.aborted() : received.transferred(4)));
    BOOST_TEST((first_has_it || aborted.front().aborted()));
    BOOST_TEST(aborted[1].aborted());
    BOOST_TEST(aborted[2].aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_ends_a_full_send, Context, all_contexts)
{
    Context context;
    local_connection c(context);
    c.fill();
    outcome sent;
    c.socket.async_send(asio::buffer("data", 4), into(sent));
    tick(context);
    BOOST_TEST(!sent.over());
    c.socket.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_ends_accepts, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    outcome first;
    outcome second;
    tcp::socket peers[] = {tcp::socket(context), tcp::socket(context)};
    acceptor.async_accept(peers[0], into(first));
    acceptor.async_accept(peers[1], into(second));
    tick(context);
    acceptor.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(first.aborted());
    BOOST_TEST(second.aborted());
    BOOST_TEST(acceptor.is_open());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_with_nothing_in_flight_does_nothing, Context, all_contexts)
{
    Context context;
    connection c(context);
    error_code ec;
    c.socket.cancel(ec);
    BOOST_TEST(!ec);
    BOOST_TEST(run_to_the_end(context));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_of_a_closed_socket_fails, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context);
    error_code ec;
    socket.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_works_from_a_thread_that_does_not_run_the_context, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    std::thread canceller([&] { c.socket.cancel(); });
    BOOST_TEST(run_to_the_end(context));
    canceller.join();
    BOOST_TEST(received.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_works_while_the_context_sleeps, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    std::thread runner([&] { BOOST_TEST(run_to_the_end(context)); });
    // It sleeps now, or will soon; both must work.
    c.socket.cancel();
    runner.join();
    BOOST_TEST(received.aborted());
}

// The peer's data and the cancel race; where the receive was aborted, the data must still be there.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_cancel_that_races_with_data_loses_none, Context, all_contexts)
{
    Context context;
    connection c(context);
    for (int round = 0; round != 300; ++round)
    {
        outcome received;
        space<4> place;
        c.socket.async_receive(asio::mutable_buffer(place), into(received));
        tick(context);
        std::thread peer([&] { c.peer_sends("x"); });
        c.socket.cancel();
        BOOST_TEST_REQUIRE(run_to_the_end(context));
        peer.join();
        BOOST_TEST_REQUIRE(received.calls == 1);
        if (received.ec)
        {
            BOOST_TEST_REQUIRE(received.aborted());
            BOOST_TEST_REQUIRE(c.socket.receive(asio::mutable_buffer(place)) == 1U);
        }
        else
        {
            BOOST_TEST_REQUIRE(received.bytes == 1U);
        }
        BOOST_TEST_REQUIRE(place.first(1) == "x");
    }
    BOOST_TEST(c.socket.available() == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cancel_that_races_with_a_connection_loses_none, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    const address there(acceptor.local_endpoint().port());
    for (int round = 0; round != 100; ++round)
    {
        outcome accepted;
        tcp::socket peer(context);
        acceptor.async_accept(peer, into(accepted));
        tick(context);
        const descriptor client = tcp_socket();
        std::thread connector([&] { checked(::connect(client.get(), there.get(), there.size)); });
        acceptor.cancel();
        BOOST_TEST_REQUIRE(run_to_the_end(context));
        connector.join();
        BOOST_TEST_REQUIRE(accepted.calls == 1);
        if (accepted.ec)
            acceptor.accept(peer);
        BOOST_TEST_REQUIRE(peer.is_open());
    }
}

BOOST_AUTO_TEST_SUITE_END()
