// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests I/O objects that aren't routed to the ring: they work all the same, on the thread that runs the
// context.

#include <connection.hpp>
#include <contexts.hpp>
#include <foreign_stream.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <sleeping_runner.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <string>
#include <thread>

namespace {

using namespace asio_uring::test;
} // namespace

BOOST_AUTO_TEST_SUITE(unrouted)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stream_of_a_third_party_reads_and_writes_a_pipe, Context, all_contexts)
{
    Context context;
    const auto threads_before = threads();
    pipe_pair pipe;
    foreign_stream reader(context, pipe.reader.release());
    foreign_stream writer(context, pipe.writer.release());
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
    foreign_stream reader(context, pipe.reader.release());
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
        foreign_stream& reader;
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
    pipe_pair pipe;
    foreign_stream reader(context, pipe.reader.release());
    std::promise<std::thread::id> received;
    space<8> place;
    reader.async_read_some(asio::mutable_buffer(place),
        [&](const error_code&, std::size_t) { received.set_value(std::this_thread::get_id()); });
    pipe.write("data");
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
        const auto reader = std::make_shared<foreign_stream>(context, pipe.reader.release());
        const auto c = std::make_shared<connection>(context);
        space<4> place;
        const auto never_called = [&](auto owned)
        { return [owned, token](const error_code&, auto) { BOOST_ERROR("called"); }; };
        reader->async_read_some(asio::mutable_buffer(place), never_called(reader));
        c->socket.async_receive(asio::mutable_buffer(place), never_called(c));
        tick(context);
        BOOST_TEST(token.use_count() == 3);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
