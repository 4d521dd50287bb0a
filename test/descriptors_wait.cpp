// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests waits for descriptors to become ready.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>

#include <boost/asio/posix/descriptor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using namespace asio_uring::test;
using asio::posix::stream_descriptor;

// Writes to a pipe until it is full.
void fill(const descriptor& writer)
{
    const std::string text(4096, 'x');
    while (ready(writer, POLLOUT, 0))
        checked(static_cast<int>(::write(writer.get(), text.data(), text.size())));
}

} // namespace

BOOST_AUTO_TEST_SUITE(descriptors_wait)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_to_read_leaves_the_data, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    stream_descriptor reader(context, ::dup(pipe.reader.get()));
    asio::posix::descriptor& waiter = reader;
    outcome waited;
    waiter.async_wait(asio::posix::descriptor::wait_read, into(waited));
    tick(context);
    BOOST_TEST(!waited.over());
    pipe.write("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(pipe.read(8) == "data");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_to_write_waits_for_room, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    fill(pipe.writer);
    stream_descriptor writer(context, pipe.writer.release());
    outcome waited;
    writer.async_wait(stream_descriptor::wait_write, into(waited));
    tick(context);
    BOOST_TEST(!waited.over());
    pipe.read(std::size_t(1) << 16U);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_for_an_error_sees_the_reader_leave, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    stream_descriptor writer(context, pipe.writer.release());
    outcome waited;
    writer.async_wait(stream_descriptor::wait_error, into(waited));
    tick(context);
    BOOST_TEST(!waited.over());
    pipe.reader.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(files_have_no_error_to_wait_for, Context, all_contexts)
{
    Context context;
    stream_descriptor file(context, temporary_file().release());
    outcome waited;
    file.async_wait(stream_descriptor::wait_error, into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.failed_with(asio::error::operation_not_supported));
}

// Where Asio refuses.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(files_are_always_ready, Context, rings)
{
    Context context;
    stream_descriptor file(context, temporary_file().release());
    outcome readable;
    outcome writable;
    file.async_wait(stream_descriptor::wait_read, into(readable));
    file.async_wait(stream_descriptor::wait_write, into(writable));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(readable.succeeded());
    BOOST_TEST(writable.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_for_nothing_known_is_an_error, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    stream_descriptor reader(context, pipe.reader.release());
    const auto unknown = static_cast<stream_descriptor::wait_type>(3);
    outcome waited;
    error_code ec;
    reader.async_wait(unknown, into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.failed_with(asio::error::invalid_argument));
    reader.wait(unknown, ec);
    BOOST_TEST(ec == asio::error::invalid_argument);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(null_buffers_wait_for_data_and_for_room, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    stream_descriptor reader(context, pipe.reader.release());
    stream_descriptor writer(context, pipe.writer.release());
    outcome readable;
    outcome writable;
    reader.async_read_some(asio::null_buffers(), into(readable));
    writer.async_write_some(asio::null_buffers(), into(writable));
    BOOST_TEST(run_until(context, [&] { return writable.over(); }));
    BOOST_TEST(writable.transferred(0));
    BOOST_TEST(!readable.over());
    writer.write_some(asio::buffer("data", 4));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(readable.transferred(0));
    BOOST_TEST(reader.read_some(asio::null_buffers()) == 0U);
    BOOST_TEST(writer.write_some(asio::null_buffers()) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_waits_work, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    stream_descriptor reader(context, pipe.reader.release());
    stream_descriptor writer(context, pipe.writer.release());
    writer.wait(stream_descriptor::wait_write);
    writer.write_some(asio::buffer("data", 4));
    reader.wait(stream_descriptor::wait_read);
    reader.non_blocking(true);
    space<8> place;
    BOOST_TEST(reader.read_some(asio::mutable_buffer(place)) == 4U);
    error_code ec;
    reader.wait(stream_descriptor::wait_read, ec);
    BOOST_TEST(ec == asio::error::would_block);
}

BOOST_AUTO_TEST_SUITE_END()
