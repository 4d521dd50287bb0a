// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests cancellation slots: one operation ends, whichever comes first, the signal or the operation.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace {

using namespace asio_uring::test;
using asio::cancellation_signal;
using asio::cancellation_type;

constexpr cancellation_type kinds[] = {cancellation_type::terminal, cancellation_type::partial,
    cancellation_type::total, cancellation_type::all};

auto into(outcome& what, cancellation_signal& signal)
{
    return asio::bind_cancellation_slot(signal.slot(), asio_uring::test::into(what));
}

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_cancellation)

BOOST_AUTO_TEST_CASE_TEMPLATE(every_kind_of_signal_ends_a_receive_in_flight, Context, all_contexts)
{
    for (const cancellation_type kind : kinds)
    {
        Context context;
        connection c(context);
        cancellation_signal signal;
        outcome received;
        space<4> place;
        c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
        tick(context);
        signal.emit(kind);
        BOOST_TEST(!received.over());
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(received.aborted());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_of_no_kind_ends_nothing, Context, all_contexts)
{
    Context context;
    connection c(context);
    cancellation_signal signal;
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
    tick(context);
    signal.emit(cancellation_type::none);
    tick(context);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_ends_what_the_kernel_has_not_got_yet, Context, all_contexts)
{
    Context context;
    connection c(context);
    cancellation_signal signal;
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
    signal.emit(cancellation_type::all);
    BOOST_TEST(!received.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_ends_its_own_operation_only, Context, all_contexts)
{
    Context context;
    connection c(context);
    cancellation_signal signals[3];
    outcome received[3];
    outcome waited;
    space<2> places[3];
    for (std::size_t i = 0; i != 3; ++i)
        c.socket.async_receive(asio::mutable_buffer(places[i]), into(received[i], signals[i]));
    c.socket.async_wait(tcp::socket::wait_error, asio_uring::test::into(waited));
    tick(context);
    signals[1].emit(cancellation_type::all);
    BOOST_TEST(run_until(context, [&] { return received[1].over(); }));
    BOOST_TEST(received[1].aborted());
    c.peer_sends("abcd");
    BOOST_TEST(run_until(context, [&] { return received[2].over(); }));
    BOOST_TEST(received[0].transferred(2));
    BOOST_TEST(received[2].transferred(2));
    BOOST_TEST(places[2].first(2) == "cd");
    BOOST_TEST(waited.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_next_operation_follows_one_that_a_signal_ended, Context, all_contexts)
{
    Context context;
    connection c(context);
    cancellation_signal signal;
    outcome first;
    outcome second;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(first, signal));
    c.socket.async_receive(asio::mutable_buffer(place), asio_uring::test::into(second));
    tick(context);
    signal.emit(cancellation_type::terminal);
    BOOST_TEST(run_until(context, [&] { return first.over(); }));
    BOOST_TEST(first.aborted());
    BOOST_TEST(!second.over());
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(second.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(connects_accepts_sends_and_waits_end_too, Context, all_contexts)
{
    Context context;
    connection c(context);
    tcp::acceptor acceptor(context, loopback());
    local_connection full(context);
    full.fill();
    cancellation_signal signals[4];
    outcome outcomes[4];
    tcp::socket peer(context);
    acceptor.async_accept(peer, into(outcomes[0], signals[0]));
    full.socket.async_send(asio::buffer("data", 4), into(outcomes[1], signals[1]));
    c.socket.async_wait(tcp::socket::wait_error, into(outcomes[2], signals[2]));
    c.socket.async_receive(asio::null_buffers(), into(outcomes[3], signals[3]));
    tick(context);
    for (cancellation_signal& signal : signals)
        signal.emit(cancellation_type::all);
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_after_the_end_does_nothing, Context, all_contexts)
{
    Context context;
    connection c(context);
    cancellation_signal signal;
    outcome received;
    outcome next;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    c.socket.async_receive(asio::mutable_buffer(place), asio_uring::test::into(next));
    tick(context);
    signal.emit(cancellation_type::all);
    tick(context);
    BOOST_TEST(received.calls == 1);
    BOOST_TEST(next.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_between_the_end_and_the_handler_does_nothing, Context, rings)
{
    Context context;
    connection c(context);
    cancellation_signal signal;
    outcome received;
    space<4> place;
    c.peer_sends("data");
    // This handler runs when the receive is over and its handler is queued behind it.
    c.socket.async_wait(
        tcp::socket::wait_read, [&](const error_code&) { signal.emit(cancellation_type::all); });
    c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.calls == 1);
    if (received.ec)
        BOOST_TEST(c.socket.available() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_operation_may_outlive_its_signal, Context, all_contexts)
{
    Context context;
    connection c(context);
    std::optional<cancellation_signal> signal(std::in_place);
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received, *signal));
    tick(context);
    signal.reset();
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

// Asio's own reactor must outlive its signals.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_may_outlive_the_operation_the_socket_and_the_context, Context, rings)
{
    cancellation_signal signal;
    cancellation_signal signal_of_aborted;
    outcome received;
    {
        Context context;
        connection c(context);
        space<4> place;
        c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
        c.peer_sends("data");
        BOOST_TEST(run_to_the_end(context));
        c.socket.async_receive(asio::mutable_buffer(place), into(received, signal_of_aborted));
        tick(context);
    }
    signal.emit(cancellation_type::all);
    signal_of_aborted.emit(cancellation_type::all);
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_may_be_used_again_and_again, Context, all_contexts)
{
    Context context;
    connection c(context);
    cancellation_signal signal;
    for (int i = 0; i != 10; ++i)
    {
        outcome received;
        space<4> place;
        c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
        tick(context);
        if (i % 2 == 0)
            signal.emit(cancellation_type::all);
        else
            c.peer_sends("data");
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST((i % 2 == 0 ? received.aborted() : received.transferred(4)));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_composed_read_keeps_what_it_has_when_a_signal_ends_it, Context, all_contexts)
{
    Context context;
    connection c(context);
    cancellation_signal signal;
    outcome read;
    space<8> place;
    asio::async_read(c.socket, asio::mutable_buffer(place), into(read, signal));
    c.peer_sends("half");
    BOOST_TEST(run_until(context, [&] { return c.socket.available() == 0; }));
    tick(context);
    signal.emit(cancellation_type::partial);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.aborted());
    BOOST_TEST(read.bytes == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_signal_from_another_thread_ends_an_operation_while_the_context_sleeps, Context, all_contexts)
{
    for (int round = 0; round != 50; ++round)
    {
        Context context;
        connection c(context);
        cancellation_signal signal;
        outcome received;
        space<4> place;
        c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
        std::thread runner([&] { BOOST_TEST(run_to_the_end(context)); });
        signal.emit(cancellation_type::all);
        runner.join();
        BOOST_TEST(received.aborted());
    }
}

// The signal goes off in one thread while the operation ends in another, and the data is there or was handed
// over.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_that_races_with_data_loses_none, Context, all_contexts)
{
    Context context;
    connection c(context);
    for (int round = 0; round != 300; ++round)
    {
        cancellation_signal signal;
        outcome received;
        space<4> place;
        c.socket.async_receive(asio::mutable_buffer(place), into(received, signal));
        std::thread other(
            [&]
            {
                c.peer_sends("x");
                signal.emit(cancellation_type::all);
            });
        BOOST_TEST_REQUIRE(run_to_the_end(context));
        other.join();
        BOOST_TEST_REQUIRE(received.calls == 1);
        BOOST_TEST_REQUIRE((received.aborted() || received.transferred(1)));
        BOOST_TEST_REQUIRE((received.ec ? c.socket.receive(asio::mutable_buffer(place)) : 1U) == 1U);
    }
}

BOOST_AUTO_TEST_SUITE_END()
