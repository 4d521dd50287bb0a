// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests who owns a descriptor: assign, release, close, moves, destruction; and that its flags are left alone.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <pipe_ends.hpp>
#include <signal_handler.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <fcntl.h>
#include <memory>
#include <utility>

namespace {

using namespace asio_uring::test;
using asio::posix::stream_descriptor;

bool has_non_blocking_flag(int fd)
{
    return (checked(::fcntl(fd, F_GETFL)) & O_NONBLOCK) != 0;
}

bool is_open(int fd)
{
    return ::fcntl(fd, F_GETFD) != -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(descriptors_ownership)

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_no_descriptor_is_not_assigned, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    stream_descriptor reader(context);
    error_code ec;
    const int gone = ::dup(pipe.writer.get());
    ::close(gone);
    reader.assign(gone, ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    BOOST_TEST(!reader.is_open());
    reader.assign(pipe.reader.get(), ec);
    BOOST_TEST(!ec);
    BOOST_TEST(reader.native_handle() == pipe.reader.release());
    reader.assign(pipe.writer.get(), ec);
    BOOST_TEST(ec == asio::error::already_open);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_released_descriptor_stays_open_and_its_operations_end, Context, all_contexts)
{
    Context context;
    pending_read end(context);
    const descriptor released(end.reader.release());
    BOOST_TEST(!end.reader.is_open());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(end.read.aborted());
    end.pipe.write("data");
    BOOST_TEST(::read(released.get(), end.place.bytes, 8) == 4);
    BOOST_TEST(end.reader.release() == -1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_closed_descriptor_ends_its_operations, Context, all_contexts)
{
    Context context;
    socket_pair pair;
    stream_descriptor both(context, pair.first.release());
    outcome outcomes[4];
    space<8> place;
    both.async_read_some(asio::mutable_buffer(place), into(outcomes[0]));
    both.async_read_some(asio::mutable_buffer(place), into(outcomes[1]));
    both.async_wait(stream_descriptor::wait_read, into(outcomes[2]));
    both.async_wait(stream_descriptor::wait_error, into(outcomes[3]));
    tick(context);
    both.close();
    BOOST_TEST(!both.is_open());
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.aborted());
    error_code ec;
    both.close(ec);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_other_end_sees_a_close_where_nobody_runs_the_context, Context, all_contexts)
{
    const signal_handler ignored(SIGPIPE, SIG_IGN);
    Context context;
    pending_read end(context);
    end.reader.close();
    BOOST_TEST(ready(end.pipe.writer, POLLERR, 10'000));
    BOOST_TEST(::write(end.pipe.writer.get(), "x", 1) == -1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_moved_descriptor_takes_its_operations_along, Context, all_contexts)
{
    Context context;
    pending_read end(context);
    stream_descriptor second(std::move(end.reader));
    BOOST_TEST(!end.reader.is_open());
    end.pipe.write("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(end.read.transferred(4));
    outcome aborted;
    second.async_read_some(asio::mutable_buffer(end.place), into(aborted));
    tick(context);
    second = stream_descriptor(context);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(aborted.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_descriptor_of_our_executor_moves_to_a_stock_one, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    asio::posix::basic_stream_descriptor<typename Context::executor_type> own(context, pipe.reader.release());
    outcome read;
    space<8> place;
    own.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    const stream_descriptor moved(std::move(own));
    pipe.write("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_descriptor_moves_between_contexts_of_all_kinds, Context, all_contexts)
{
    stock on_stock;
    Context context;
    pipe_pair pipe;
    stream_descriptor reader(on_stock, pipe.reader.release());
    outcome read;
    space<8> place;
    {
        stream_descriptor there(context);
        std::swap(reader, there);
    }
    BOOST_TEST(!reader.is_open());
    pipe_pair other;
    reader = stream_descriptor(context, other.reader.release());
    reader.async_read_some(asio::mutable_buffer(place), into(read));
    other.write("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_descriptor_is_closed_at_its_end, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    const int fd = pipe.reader.get();
    outcome read;
    space<8> place;
    {
        stream_descriptor reader(context, pipe.reader.release());
        reader.async_read_some(asio::mutable_buffer(place), into(read));
        tick(context);
    }
    BOOST_TEST(!is_open(fd));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_context_is_destroyed_with_operations_in_flight, Context, all_contexts)
{
    const auto token = std::make_shared<int>();
    pipe_pair pipe;
    {
        Context context;
        const auto reader = std::make_shared<stream_descriptor>(context, pipe.reader.release());
        space<8> place;
        for (int i = 0; i != 3; ++i)
            reader->async_read_some(asio::mutable_buffer(place),
                [reader, token](const error_code&, std::size_t) { BOOST_ERROR("called"); });
        tick(context);
        BOOST_TEST(token.use_count() == 4);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(the_flags_are_the_users, Context, rings)
{
    Context context;
    pipe_pair pipe;
    stream_descriptor reader(context, pipe.reader.release());
    stream_descriptor writer(context, pipe.writer.release());
    outcome read;
    outcome written;
    space<8> place;
    reader.async_read_some(asio::mutable_buffer(place), into(read));
    writer.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(!has_non_blocking_flag(reader.native_handle()));
    BOOST_TEST(!has_non_blocking_flag(writer.native_handle()));
    BOOST_TEST(!reader.native_non_blocking());
    reader.native_non_blocking(true);
    BOOST_TEST(has_non_blocking_flag(reader.native_handle()));
    BOOST_TEST(reader.native_non_blocking());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_descriptor_that_came_non_blocking_is_waited_for, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    checked(::fcntl(pipe.reader.get(), F_SETFL, O_NONBLOCK));
    stream_descriptor reader(context, pipe.reader.release());
    outcome read;
    space<8> place;
    reader.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    BOOST_TEST(!read.over());
    pipe.write("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
}

BOOST_AUTO_TEST_SUITE_END()
