// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests stock buffer registrations, and what is read and written with their buffers.

#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <temporary_directory.hpp>

#include <array>
#include <boost/asio/buffer_registration.hpp>
#include <boost/asio/random_access_file.hpp>
#include <boost/asio/read_at.hpp>
#include <boost/asio/stream_file.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>
#include <utility>

namespace {

using namespace asio_uring::test;
using asio::random_access_file;
using asio::stream_file;

// Two buffers, and the sequence of them that is registered.
struct places
{
    std::array<asio::mutable_buffer, 2> sequence()
    {
        return {asio::buffer(first), asio::buffer(second)};
    }

    std::string first = std::string(64, '1');
    std::string second = std::string(64, '2');
};

} // namespace

BOOST_AUTO_TEST_SUITE(files_registered_buffers)

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(registered_buffers_are_written_and_read, Context, all_contexts)
{
    const temporary_directory directory;
    const std::string path = directory.path_of("new");
    Context context;
    places memory;
    const auto registration = asio::register_buffers(context, memory.sequence());
    BOOST_TEST(registration.size() == 2U);
    stream_file out(context, path, stream_file::write_only | stream_file::create);
    outcome written;
    asio::async_write(out, asio::buffer(*registration.begin(), 10), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(10));
    BOOST_TEST(temporary_directory::content_of(path) == std::string(10, '1'));

    random_access_file in(context, path, random_access_file::read_only);
    outcome read;
    asio::async_read_at(in, 4, *(registration.begin() + 1), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(asio::error::eof));
    BOOST_TEST(read.bytes == 6U);
    BOOST_TEST(memory.second == "111111" + std::string(58, '2'));
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_part_of_a_registered_buffer_is_used_in_its_place, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    places memory;
    auto registration = asio::register_buffers(context.get_executor(), memory.sequence());
    random_access_file file(context, directory.make_file("text"), random_access_file::read_only);
    outcome read;
    file.async_read_some_at(0, asio::buffer(registration[1] + 3, 2), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(2));
    BOOST_TEST(memory.second.substr(0, 6) == "222te2");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_registration_moves, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    places memory;
    auto registration = asio::register_buffers(context, memory.sequence());
    auto moved = std::move(registration);
    random_access_file file(context, directory.make_file("text"), random_access_file::read_only);
    outcome read;
    file.async_read_some_at(0, moved[0], into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(memory.first.substr(0, 5) == "text1");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(buffers_can_be_registered_again_and_again, Context, all_contexts)
{
    Context context;
    places memory;
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(asio::register_buffers(context, memory.sequence()).size() == 2U);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(the_kernel_knows_the_buffers_of_a_ring, Context, rings)
{
    Context context;
    places memory;
    const auto registered_by_us = [&]
    {
        const iovec buffer = {memory.first.data(), 1};
        const std::error_code error = context.loop().register_buffers(&buffer, 1);
        if (!error)
            context.loop().unregister_buffers();
        return error == std::errc::device_or_resource_busy;
    };
    {
        const auto registration = asio::register_buffers(context, memory.sequence());
        BOOST_TEST(registered_by_us());
        BOOST_CHECK_THROW(static_cast<void>(asio::register_buffers(context, memory.sequence())),
            boost::system::system_error);
    }
    BOOST_TEST(!registered_by_us());
}

// On a stock context these would be read to where another registration of the same index says, or not at all.
using our_contexts = std::tuple<ring, ring_of_one_thread, fallback>;

BOOST_AUTO_TEST_CASE_TEMPLATE(buffers_of_another_context_are_ordinary_ones, Context, our_contexts)
{
    const temporary_directory directory;
    Context context;
    Context other;
    places memory;
    places others_memory;
    const auto registration = asio::register_buffers(context, memory.sequence());
    auto others_registration = asio::register_buffers(other, others_memory.sequence());
    random_access_file file(context, directory.make_file("text"), random_access_file::read_only);
    outcome read;
    file.async_read_some_at(0, others_registration[0], into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(others_memory.first.substr(0, 5) == "text1");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(buffers_whose_registration_ended_are_ordinary_ones, Context, our_contexts)
{
    const temporary_directory directory;
    Context context;
    places memory;
    std::optional registration(asio::register_buffers(context, memory.sequence()));
    const auto buffers = *registration->begin();
    random_access_file file(context, directory.make_file("text"), random_access_file::read_only);
    outcome before;
    outcome after;
    file.async_read_some_at(0, asio::buffer(buffers, 2), into(before));
    registration.reset();
    file.async_read_some_at(2, buffers + 2, into(after));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(before.transferred(2));
    BOOST_TEST(after.transferred(2));
    BOOST_TEST(memory.first.substr(0, 5) == "text1");
}

BOOST_AUTO_TEST_SUITE_END()
