// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests that cancellation slots end operations that wait for room in the submission queue, and those alone.

#include <cancellable.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/test/unit_test.hpp>
#include <deque>
#include <tuple>

namespace {

using namespace asio_uring::test;

asio_uring::io_context_options one_entry()
{
    asio_uring::io_context_options options =
        options_for(asio_uring::backend_preference::automatic, ASIO_URING_CONCURRENCY_HINT_DEFAULT);
    options.ring_entries = 1;
    return options;
}

// A context whose submission queue, where it has one, is full with one operation.
struct ring_of_one_entry : asio_uring::io_context
{
    ring_of_one_entry() : io_context(one_entry()) {}
};

using contexts = std::tuple<ring_of_one_entry, stock>;

constexpr std::size_t count = 64;

// Connections, each with an operation that waits.
struct many
{
    template <typename Context>
    explicit many(Context& context)
    {
        for (std::size_t i = 0; i != count; ++i)
            connections.emplace_back(context);
    }

    void receive()
    {
        for (std::size_t i = 0; i != count; ++i)
            connections[i].socket.async_receive(
                asio::mutable_buffer(places[i]), into(received[i], signals[i]));
    }

    void peers_send()
    {
        for (const connection& c : connections)
            c.peer_sends("x");
    }

    std::deque<connection> connections;
    cancellation_signal signals[count];
    outcome received[count];
    space<1> places[count];
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_full_ring)

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_not_submitted_yet_ends, Context, contexts)
{
    Context context;
    many all(context);
    all.receive();
    for (cancellation_signal& signal : all.signals)
        signal.emit(cancellation_type::total);
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& received : all.received)
        BOOST_TEST(received.aborted());
    all.peers_send();
    for (connection& c : all.connections)
        BOOST_TEST(c.socket.receive(asio::mutable_buffer(all.places[0])) == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_others_go_on, Context, contexts)
{
    Context context;
    many all(context);
    all.receive();
    for (std::size_t i = 0; i < count; i += 2)
        all.signals[i].emit(cancellation_type::total);
    all.peers_send();
    BOOST_TEST(run_to_the_end(context));
    for (std::size_t i = 0; i != count; ++i)
        BOOST_TEST(((i % 2 == 0 && all.received[i].aborted()) || all.received[i].succeeded()));
    for (std::size_t i = 1; i < count; i += 2)
        BOOST_TEST(all.received[i].succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(more_cancels_than_entries_reach_what_is_in_flight, Context, contexts)
{
    Context context;
    many all(context);
    all.receive();
    for (int i = 0; i != 10; ++i)
        tick(context);
    for (cancellation_signal& signal : all.signals)
        signal.emit(cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& received : all.received)
        BOOST_TEST(received.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_operation_starts_again_after_its_cancel, Context, contexts)
{
    Context context;
    many all(context);
    outcome again[count];
    space<1> places[count];
    all.receive();
    for (std::size_t i = 0; i != count; ++i)
    {
        all.signals[i].emit(cancellation_type::partial);
        all.connections[i].socket.async_receive(
            asio::mutable_buffer(places[i]), asio_uring::test::into(again[i]));
    }
    for (int i = 0; i != 10; ++i)
        tick(context);
    all.peers_send();
    BOOST_TEST(run_to_the_end(context));
    for (std::size_t i = 0; i != count; ++i)
    {
        BOOST_TEST(all.received[i].aborted());
        BOOST_TEST(again[i].transferred(1));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_kind_of_operation_ends_behind_a_full_queue, Context, contexts)
{
    for (const cancellable what : all_cancellables)
        BOOST_TEST_CONTEXT(what)
        {
            Context context;
            many others(context);
            cancellables all(context);
            cancellation_signal signal;
            outcome ended;
            others.receive();
            all.start(what, into(ended, signal));
            signal.emit(cancellation_type::all);
            BOOST_TEST(ended.calls == 0);
            BOOST_TEST(run_until(context, [&] { return ended.over(); }));
            BOOST_TEST(ended.aborted());
            others.peers_send();
            BOOST_TEST(run_to_the_end(context));
            for (const outcome& received : others.received)
                BOOST_TEST(received.succeeded());
        }
}

BOOST_AUTO_TEST_SUITE_END()
