// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests I/O objects that aren't routed to the ring: they work all the same, on the thread that runs the
// context.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <sleeping_runner.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace asio_uring::test;
using asio::ip::udp;
using asio::posix::stream_descriptor;

udp::endpoint any_udp()
{
    return {asio::ip::address_v4::loopback(), 0};
}

} // namespace

BOOST_AUTO_TEST_SUITE(unrouted)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_udp_socket_receives_and_sends, Context, all_contexts)
{
    Context context;
    const auto threads_before = threads();
    udp::socket first(context, any_udp());
    udp::socket second(context, any_udp());
    udp::endpoint from;
    outcome received;
    outcome sent;
    space<8> place;
    first.async_receive_from(asio::mutable_buffer(place), from, into(received));
    tick(context);
    second.async_send_to(asio::buffer("data", 4), first.local_endpoint(), into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST(from == second.local_endpoint());
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_udp_socket_is_cancelled_closed_and_destroyed, Context, all_contexts)
{
    outcome cancelled;
    outcome closed;
    outcome destroyed;
    {
        Context context;
        udp::socket socket(context, any_udp());
        udp::socket doomed(context, any_udp());
        space<8> place;
        socket.async_receive(asio::mutable_buffer(place), into(cancelled));
        tick(context);
        socket.cancel();
        BOOST_TEST(run_to_the_end(context));
        socket.async_receive(asio::mutable_buffer(place), into(closed));
        tick(context);
        socket.close();
        BOOST_TEST(run_to_the_end(context));
        doomed.async_receive(asio::mutable_buffer(place), into(destroyed));
        tick(context);
    }
    BOOST_TEST(cancelled.aborted());
    BOOST_TEST(closed.aborted());
    BOOST_TEST(destroyed.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_local_datagram_socket_keeps_messages_apart, Context, all_contexts)
{
    Context context;
    const socket_pair pair(SOCK_DGRAM);
    asio::local::datagram_protocol::socket socket(
        context, asio::local::datagram_protocol(), ::dup(pair.first.get()));
    outcome received;
    space<16> place;
    socket.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    checked(static_cast<int>(::send(pair.second.get(), "one", 3, 0)));
    checked(static_cast<int>(::send(pair.second.get(), "three", 5, 0)));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(3));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stream_descriptor_reads_and_writes_a_pipe, Context, all_contexts)
{
    Context context;
    const auto threads_before = threads();
    pipe_pair pipe;
    stream_descriptor reader(context, pipe.reader.release());
    stream_descriptor writer(context, pipe.writer.release());
    const std::string text(std::size_t(1) << 20U, 'x');
    std::string got(text.size(), '\0');
    outcome read;
    outcome written;
    asio::async_read(reader, asio::buffer(got), into(read));
    asio::async_write(writer, asio::buffer(text), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(text.size()));
    BOOST_TEST(written.transferred(text.size()));
    BOOST_TEST((got == text));
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(routed_and_unrouted_objects_live_side_by_side, Context, all_contexts)
{
    Context context;
    connection c(context);
    pipe_pair pipe;
    stream_descriptor reader(context, pipe.reader.release());
    std::string order;
    space<8> places[2];
    int rounds = 0;
    // Each message over TCP makes one through the pipe, and the other way round.
    struct relay
    {
        void over_tcp()
        {
            c.socket.async_receive(asio::mutable_buffer(places[0]),
                [this](const error_code&, std::size_t)
                {
                    order += 't';
                    pipe.write("x");
                    over_pipe();
                });
        }
        void over_pipe()
        {
            reader.async_read_some(asio::mutable_buffer(places[1]),
                [this](const error_code&, std::size_t)
                {
                    order += 'p';
                    if (++rounds == 100)
                        return;
                    c.peer_sends("x");
                    over_tcp();
                });
        }
        connection& c;
        pipe_pair& pipe;
        stream_descriptor& reader;
        std::string& order;
        space<8>* places;
        int& rounds;
    };
    relay relaying{c, pipe, reader, order, places, rounds};
    relaying.over_tcp();
    c.peer_sends("x");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(rounds == 100);
    BOOST_TEST(order.substr(0, 4) == "tptp");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    objects_that_are_made_while_another_thread_sleeps_work_on_that_thread, Context, all_contexts)
{
    Context context;
    const sleeping_runner runner(context);
    const auto threads_before = threads();
    udp::socket first(context, any_udp());
    udp::socket second(context, any_udp());
    std::promise<std::thread::id> received;
    space<8> place;
    first.async_receive(asio::mutable_buffer(place),
        [&](const error_code&, std::size_t) { received.set_value(std::this_thread::get_id()); });
    second.send_to(asio::buffer("data", 4), first.local_endpoint());
    auto thread = received.get_future();
    BOOST_TEST_REQUIRE((thread.wait_for(long_enough) == std::future_status::ready));
    BOOST_TEST((thread.get() == runner.id()));
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(contexts_with_unrouted_objects_in_flight_are_destroyed, Context, all_contexts)
{
    const auto token = std::make_shared<int>();
    pipe_pair pipe;
    {
        Context context;
        const auto socket = std::make_shared<udp::socket>(context, any_udp());
        const auto reader = std::make_shared<stream_descriptor>(context, pipe.reader.release());
        const auto c = std::make_shared<connection>(context);
        space<4> place;
        const auto never_called = [&](auto owned)
        { return [owned, token](const error_code&, auto) { BOOST_ERROR("called"); }; };
        socket->async_receive(asio::mutable_buffer(place), never_called(socket));
        reader->async_read_some(asio::mutable_buffer(place), never_called(reader));
        c->socket.async_receive(asio::mutable_buffer(place), never_called(c));
        tick(context);
        BOOST_TEST(token.use_count() == 4);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
