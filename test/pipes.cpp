// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests readable_pipe, writable_pipe and connect_pipe.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <signal_handler.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect_pipe.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <string>
#include <utility>

namespace {

using namespace asio_uring::test;

// A pipe of which the context under test has both ends.
struct connected_pipe
{
    template <typename Context>
    explicit connected_pipe(Context& context) : reader(context),
                                                writer(context)
    {
        asio::connect_pipe(reader, writer);
    }

    asio::readable_pipe reader;
    asio::writable_pipe writer;
};

} // namespace

BOOST_AUTO_TEST_SUITE(pipes)

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_written_is_read, Context, all_contexts)
{
    Context context;
    connected_pipe pipe(context);
    outcome read;
    outcome written;
    space<8> place;
    pipe.reader.async_read_some(asio::mutable_buffer(place), into(read));
    pipe.writer.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(4));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(place.first(4) == "data");
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(pipes_run_on_the_ring, Context, rings)
{
    Context context;
    connected_pipe pipe(context);
    space<8> place;
    pipe.reader.async_read_some(asio::mutable_buffer(place), [](const error_code&, std::size_t) {});
    asio::post(context, [&]
        { pipe.writer.async_write_some(asio::buffer("data", 4), [](const error_code&, std::size_t) {}); });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(context.statistics().completions == 2U);
    BOOST_TEST(epoll_descriptors() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(coroutines_talk_over_a_pipe, Context, all_contexts)
{
    Context context;
    connected_pipe pipe(context);
    const std::string text(std::size_t(1) << 20U, 'x');
    std::string got(text.size(), ' ');
    error_code ended_with;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void>
        {
            co_await asio::async_write(pipe.writer, asio::buffer(text), asio::use_awaitable);
            pipe.writer.close();
        },
        asio::detached);
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void>
        {
            co_await asio::async_read(pipe.reader, asio::buffer(got), asio::use_awaitable);
            char more = 0;
            co_await pipe.reader.async_read_some(
                asio::buffer(&more, 1), asio::redirect_error(asio::use_awaitable, ended_with));
        },
        asio::detached);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST((got == text));
    BOOST_TEST(ended_with == asio::error::eof);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_calls_work, Context, all_contexts)
{
    Context context;
    connected_pipe pipe(context);
    space<8> place;
    BOOST_TEST(pipe.writer.write_some(asio::buffer("data", 4)) == 4U);
    BOOST_TEST(pipe.reader.read_some(asio::mutable_buffer(place)) == 4U);
    pipe.writer.close();
    error_code ec;
    BOOST_TEST(pipe.reader.read_some(asio::mutable_buffer(place), ec) == 0U);
    BOOST_TEST(ec == asio::error::eof);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ends_are_moved_released_and_assigned, Context, all_contexts)
{
    Context context;
    connected_pipe pipe(context);
    asio::basic_readable_pipe<typename Context::executor_type> own(context, pipe.reader.release());
    asio::readable_pipe reader(std::move(own));
    asio::writable_pipe writer(std::move(pipe.writer));
    outcome read;
    outcome written;
    space<8> place;
    reader.async_read_some(asio::mutable_buffer(place), into(read));
    writer.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
    const int number = writer.release();
    BOOST_TEST(!writer.is_open());
    writer.assign(number);
    BOOST_TEST(writer.native_handle() == number);
    error_code ec;
    reader.assign(number, ec);
    BOOST_TEST(ec == asio::error::already_open);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(both_ends_are_cancelled_and_closed, Context, all_contexts)
{
    Context context;
    connected_pipe pipe(context);
    const std::string text(std::size_t(1) << 20U, 'x');
    outcome written;
    asio::async_write(pipe.writer, asio::buffer(text), into(written));
    for (int i = 0; i != 3; ++i)
        tick(context);
    pipe.writer.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.aborted());
    std::string got(written.bytes, ' ');
    BOOST_TEST(asio::read(pipe.reader, asio::buffer(got)) == written.bytes);
    outcome read;
    space<8> place;
    pipe.reader.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    pipe.reader.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_pipe_without_a_reader_is_broken, Context, all_contexts)
{
    const signal_handler ignored(SIGPIPE, SIG_IGN);
    Context context;
    connected_pipe pipe(context);
    pipe.reader.close();
    outcome written;
    pipe.writer.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.failed_with(asio::error::broken_pipe));
}

BOOST_AUTO_TEST_SUITE_END()
