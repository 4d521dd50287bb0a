// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests files without drop_in.hpp, in a program that defines what Asio wants for them.

#define BOOST_ASIO_HAS_IO_URING 1

#include <asio_uring/random_access_file.hpp>
#include <asio_uring/stream_file.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <temporary_directory.hpp>

#include <boost/asio/buffer_registration.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/stream_file.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using namespace asio_uring::test;

using our_contexts = std::tuple<ring, ring_of_one_thread, fallback>;

} // namespace

BOOST_AUTO_TEST_SUITE(files_level1)

BOOST_AUTO_TEST_CASE_TEMPLATE(files_bound_to_our_executor_are_routed, Context, our_contexts)
{
    const temporary_directory directory;
    Context context;
    asio_uring::stream_file file(context, directory.make_file("text"), asio_uring::stream_file::read_only);
    std::string text(8, '.');
    outcome read;
    asio::async_read(file, asio::buffer(text), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(asio::error::eof));
    BOOST_TEST(text == "text....");
    BOOST_TEST(!asio::has_service<asio::detail::io_uring_service>(context));
}

// The registration is with a ring of Asio's.
BOOST_TEST_DECORATOR(*needs_io_uring())
BOOST_AUTO_TEST_CASE_TEMPLATE(stock_registrations_are_of_no_use_and_do_no_harm, Context, rings)
{
    const temporary_directory directory;
    Context context;
    std::string text(8, '.');
    auto registration = asio::register_buffers(context, asio::buffer(text));
    asio_uring::random_access_file file(
        context, directory.make_file("text"), asio_uring::random_access_file::read_only);
    outcome read;
    file.async_read_some_at(1, registration[0], into(read));
    BOOST_TEST(run_until(context, [&] { return read.over(); }));
    BOOST_TEST(read.transferred(3));
    BOOST_TEST(text == "ext.....");
}

BOOST_AUTO_TEST_CASE(stock_files_of_a_stock_context_are_asios, *needs_io_uring())
{
    const temporary_directory directory;
    stock context;
    asio::stream_file file(context, directory.make_file("text"), asio::stream_file::read_only);
    std::string text(4, '.');
    outcome read;
    file.async_read_some(asio::buffer(text), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(text == "text");
}

BOOST_AUTO_TEST_SUITE_END()
