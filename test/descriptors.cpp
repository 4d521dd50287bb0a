// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests reads and writes of stream descriptors.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <pipe_ends.hpp>
#include <process.hpp>
#include <signal_handler.hpp>

#include <array>
#include <atomic>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <string>
#include <vector>

namespace {

using namespace asio_uring::test;
using asio::posix::stream_descriptor;

// For signal handlers.
std::atomic<int> signals_seen{0};

} // namespace

BOOST_AUTO_TEST_SUITE(descriptors)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_read_gets_what_comes_later, Context, all_contexts)
{
    Context context;
    pending_read end(context);
    BOOST_TEST(!end.read.over());
    end.pipe.write("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(end.read.transferred(4));
    BOOST_TEST(end.place.first(4) == "data");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_read_gets_what_came_before, Context, all_contexts)
{
    Context context;
    reading_end end(context);
    end.pipe.write("data");
    outcome read;
    space<2> place;
    end.reader.async_read_some(asio::mutable_buffer(place), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(2));
    BOOST_TEST(end.pipe.reader.get() == -1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_write_arrives, Context, all_contexts)
{
    Context context;
    writing_end end(context);
    outcome written;
    end.writer.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(4));
    BOOST_TEST(end.pipe.read(8) == "data");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(more_than_a_pipe_holds_passes_through_it, Context, all_contexts)
{
    Context context;
    reading_end reading(context);
    stream_descriptor writer(context, reading.pipe.writer.release());
    const std::string text(std::size_t(1) << 20U, 'x');
    std::string got(text.size(), ' ');
    outcome read;
    outcome written;
    asio::async_read(reading.reader, asio::buffer(got), into(read));
    asio::async_write(writer, asio::buffer(text), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(text.size()));
    BOOST_TEST(written.transferred(text.size()));
    BOOST_TEST((got == text));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_last_writers_end_is_the_end_of_file, Context, all_contexts)
{
    Context context;
    pending_read end(context);
    end.pipe.writer.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(end.read.failed_with(asio::error::eof));
    BOOST_TEST(end.read.bytes == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(transfers_of_nothing_end_at_once, Context, all_contexts)
{
    Context context;
    reading_end reading(context);
    writing_end writing(context);
    outcome read;
    outcome read_list;
    outcome written;
    const std::array<asio::mutable_buffer, 2> empty_list{};
    reading.reader.async_read_some(asio::mutable_buffer(), into(read));
    reading.reader.async_read_some(empty_list, into(read_list));
    writing.writer.async_write_some(asio::const_buffer(), into(written));
    BOOST_TEST(!read.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(0));
    BOOST_TEST(read_list.transferred(0));
    BOOST_TEST(written.transferred(0));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lists_of_buffers_are_gathered_and_scattered, Context, all_contexts)
{
    Context context;
    reading_end reading(context);
    stream_descriptor writer(context, reading.pipe.writer.release());
    space<3> places[2];
    outcome read;
    outcome written;
    const std::array<asio::const_buffer, 3> parts{
        asio::buffer("da", 2), asio::const_buffer(), asio::buffer("ta!", 3)};
    const std::array<asio::mutable_buffer, 2> scattered{
        asio::mutable_buffer(places[0]), asio::mutable_buffer(places[1])};
    reading.reader.async_read_some(scattered, into(read));
    tick(context);
    writer.async_write_some(parts, into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(5));
    BOOST_TEST(read.transferred(5));
    BOOST_TEST(places[0].first(3) == "dat");
    BOOST_TEST(places[1].first(2) == "a!");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_long_list_of_buffers_passes, Context, all_contexts)
{
    Context context;
    writing_end end(context);
    const std::vector<asio::const_buffer> parts(200, asio::buffer("ab", 2));
    outcome written;
    asio::async_write(end.writer, parts, into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(400));
    BOOST_TEST(end.pipe.read(500).size() == 400U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(reads_are_served_in_their_order, Context, all_contexts)
{
    Context context;
    reading_end end(context);
    space<2> places[3];
    std::string order;
    for (int i = 0; i != 3; ++i)
        end.reader.async_read_some(asio::mutable_buffer(places[i]),
            [&order, i](const error_code&, std::size_t) { order += static_cast<char>('0' + i); });
    tick(context);
    end.pipe.write("aabbcc");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order == "012");
    BOOST_TEST(places[0].first(2) == "aa");
    BOOST_TEST(places[2].first(2) == "cc");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_write_does_not_wait_for_a_read, Context, all_contexts)
{
    Context context;
    socket_pair pair;
    stream_descriptor both(context, pair.first.release());
    outcome read;
    outcome written;
    space<8> place;
    both.async_read_some(asio::mutable_buffer(place), into(read));
    both.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_until(context, [&] { return written.over(); }));
    BOOST_TEST(written.transferred(4));
    BOOST_TEST(!read.over());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_write_that_nobody_can_read_is_an_error, Context, all_contexts)
{
    const signal_handler ignored(SIGPIPE, SIG_IGN);
    Context context;
    writing_end end(context);
    end.pipe.reader.close();
    outcome written;
    end.writer.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.failed_with(asio::error::broken_pipe));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_write_that_nobody_can_read_raises_sigpipe, Context, all_contexts)
{
    signals_seen = 0;
    const signal_handler counting(SIGPIPE, [](int) { ++signals_seen; });
    Context context;
    writing_end end(context);
    end.pipe.reader.close();
    outcome written;
    end.writer.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.failed_with(asio::error::broken_pipe));
    BOOST_TEST(signals_seen == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_descriptor_that_is_not_open_fails, Context, all_contexts)
{
    Context context;
    stream_descriptor closed(context);
    outcome read;
    outcome written;
    outcome waited;
    space<8> place;
    error_code ec;
    closed.async_read_some(asio::mutable_buffer(place), into(read));
    closed.async_write_some(asio::buffer("data", 4), into(written));
    closed.async_wait(stream_descriptor::wait_read, into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(asio::error::bad_descriptor));
    BOOST_TEST(written.failed_with(asio::error::bad_descriptor));
    BOOST_TEST(waited.failed_with(asio::error::bad_descriptor));
    BOOST_TEST(closed.read_some(asio::mutable_buffer(place), ec) == 0U);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    closed.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_wrong_end_of_a_pipe_fails, Context, all_contexts)
{
    Context context;
    reading_end reading(context);
    writing_end writing(context);
    outcome read;
    outcome written;
    space<8> place;
    writing.writer.async_read_some(asio::mutable_buffer(place), into(read));
    reading.reader.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(asio::error::bad_descriptor));
    BOOST_TEST(written.failed_with(asio::error::bad_descriptor));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_calls_transfer_and_wait, Context, all_contexts)
{
    Context context;
    reading_end reading(context);
    stream_descriptor writer(context, reading.pipe.writer.release());
    space<8> place;
    const std::array<asio::const_buffer, 2> parts{asio::buffer("da", 2), asio::buffer("ta", 2)};
    BOOST_TEST(writer.write_some(parts) == 4U);
    BOOST_TEST(reading.reader.read_some(asio::mutable_buffer(place)) == 4U);
    BOOST_TEST(place.first(4) == "data");
    writer.close();
    error_code ec;
    BOOST_TEST(reading.reader.read_some(asio::mutable_buffer(place), ec) == 0U);
    BOOST_TEST(ec == asio::error::eof);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_non_blocking_descriptor_would_block, Context, all_contexts)
{
    Context context;
    reading_end end(context);
    BOOST_TEST(!end.reader.non_blocking());
    end.reader.non_blocking(true);
    BOOST_TEST(end.reader.non_blocking());
    space<8> place;
    error_code ec;
    end.reader.read_some(asio::mutable_buffer(place), ec);
    BOOST_TEST(ec == asio::error::would_block);
    outcome read;
    end.reader.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    BOOST_TEST(!read.over());
    end.pipe.write("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_io_control_command_is_carried_out, Context, all_contexts)
{
    Context context;
    reading_end end(context);
    end.pipe.write("data");
    stream_descriptor::bytes_readable command;
    end.reader.io_control(command);
    BOOST_TEST(command.get() == 4U);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(reads_and_writes_run_on_the_ring, Context, rings)
{
    const auto threads_before = threads();
    Context context;
    reading_end reading(context);
    stream_descriptor writer(context, reading.pipe.writer.release());
    outcome read;
    outcome written;
    space<8> place;
    reading.reader.async_read_some(asio::mutable_buffer(place), into(read));
    asio::post(context, [&] { writer.async_write_some(asio::buffer("data", 4), into(written)); });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(context.statistics().completions == 2U);
    BOOST_TEST(epoll_descriptors() == 0);
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_SUITE_END()
