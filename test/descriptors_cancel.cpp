// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the ends that a program brings about: cancel, cancellation slots of every kind.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>
#include <pipe_ends.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using namespace asio_uring::test;
using asio::posix::stream_descriptor;

const std::string more_than_a_pipe_holds(std::size_t(1) << 20U, 'x');

} // namespace

BOOST_AUTO_TEST_SUITE(descriptors_cancel)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cancel_ends_all_operations, Context, all_contexts)
{
    Context context;
    socket_pair pair;
    stream_descriptor both(context, pair.first.release());
    asio::write(both, asio::buffer("x", 1));
    outcome outcomes[4];
    space<8> place;
    both.async_read_some(asio::mutable_buffer(place), into(outcomes[0]));
    both.async_read_some(asio::null_buffers(), into(outcomes[1]));
    both.async_wait(stream_descriptor::wait_read, into(outcomes[2]));
    both.async_wait(stream_descriptor::wait_error, into(outcomes[3]));
    tick(context);
    both.cancel();
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.aborted());
    BOOST_TEST(both.is_open());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_operation_that_nobody_submitted_yet_is_cancelled, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    stream_descriptor reader(context, pipe.reader.release());
    outcome read;
    space<8> place;
    reader.async_read_some(asio::mutable_buffer(place), into(read));
    reader.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_composed_write_that_is_cancelled_tells_how_far_it_came, Context, all_contexts)
{
    Context context;
    writing_end end(context);
    asio::cancellation_signal signal;
    outcome written;
    asio::async_write(end.writer, asio::buffer(more_than_a_pipe_holds),
        asio::bind_cancellation_slot(signal.slot(), into(written)));
    // The pipe takes its part, then the write waits.
    for (int i = 0; i != 3; ++i)
        tick(context);
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.aborted());
    BOOST_TEST(written.bytes == end.pipe.read(more_than_a_pipe_holds.size()).size());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_kind_of_cancellation_ends_one_operation, Context, all_contexts)
{
    using kind = asio::cancellation_type;
    for (const kind type : {kind::terminal, kind::partial, kind::total})
    {
        Context context;
        pipe_pair pipe;
        stream_descriptor reader(context, pipe.reader.release());
        asio::cancellation_signal signal;
        outcome cancelled;
        outcome read;
        space<8> place;
        reader.async_read_some(
            asio::mutable_buffer(place), asio::bind_cancellation_slot(signal.slot(), into(cancelled)));
        reader.async_read_some(asio::mutable_buffer(place), into(read));
        tick(context);
        signal.emit(type);
        BOOST_TEST(run_until(context, [&] { return cancelled.over(); }));
        BOOST_TEST(cancelled.aborted());
        pipe.write("data");
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(read.transferred(4));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_queued_operation_is_cancelled_alone, Context, all_contexts)
{
    Context context;
    pending_read end(context);
    asio::cancellation_signal signal;
    outcome queued;
    end.reader.async_wait(
        stream_descriptor::wait_read, asio::bind_cancellation_slot(signal.slot(), into(queued)));
    tick(context);
    signal.emit(asio::cancellation_type::total);
    BOOST_TEST(run_until(context, [&] { return queued.over(); }));
    BOOST_TEST(queued.aborted());
    BOOST_TEST(!end.read.over());
    end.pipe.write("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(end.read.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(data_that_came_is_not_lost_to_a_cancel, Context, all_contexts)
{
    for (int i = 0; i != 200; ++i)
    {
        Context context;
        pending_read end(context);
        end.pipe.write("data");
        end.reader.cancel();
        BOOST_TEST_REQUIRE(run_to_the_end(context));
        if (end.read.aborted())
            BOOST_TEST_REQUIRE(end.reader.read_some(asio::mutable_buffer(end.place)) == 4U);
        else
            BOOST_TEST_REQUIRE(end.read.transferred(4));
    }
}

BOOST_AUTO_TEST_SUITE_END()
