// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests where files go: the ring, threads, or Asio's own ring; and what that does not move.

#include <asio_uring/random_access_file.hpp>
#include <asio_uring/stream_file.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <temporary_directory.hpp>

#include <boost/asio/basic_stream_file.hpp>
#include <boost/asio/buffer_registration.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/stream_file.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <type_traits>

namespace {

using namespace asio_uring::test;
using asio::stream_file;

// Reads a file to its end on a context.
template <typename File, typename Context>
std::string read_all(Context& context, const std::string& path)
{
    File file(context, path, File::read_only);
    std::string text(16, '.');
    outcome read;
    asio::async_read(file, asio::buffer(text), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(asio::error::eof));
    text.resize(read.bytes);
    return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(files_routing)

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(files_on_a_ring_need_no_epoll_no_second_ring_and_no_thread, Context, rings)
{
    const temporary_directory directory;
    const auto threads_before = threads();
    const auto workers_before = ring_workers();
    Context context;
    char memory[16] = {};
    const auto registration = asio::register_buffers(context, asio::buffer(memory));
    BOOST_TEST(read_all<stream_file>(context, directory.make_file("text")) == "text");
    BOOST_TEST(epoll_descriptors() == 0);
    BOOST_TEST(ring_descriptors() == 1);
    BOOST_TEST(threads() == threads_before);
    BOOST_TEST(ring_workers() <= workers_before);
    BOOST_TEST(context.statistics().completions >= 2U);
}

BOOST_AUTO_TEST_CASE(files_without_a_ring_need_nothing_of_io_uring_and_few_threads)
{
    const temporary_directory directory;
    const auto threads_before = threads();
    {
        fallback context;
        char memory[16] = {};
        const auto registration = asio::register_buffers(context, asio::buffer(memory));
        BOOST_TEST(threads() == threads_before);
        BOOST_TEST(read_all<stream_file>(context, directory.make_file("text")) == "text");
        BOOST_TEST(ring_descriptors() == 0);
        BOOST_TEST(threads() <= threads_before + 4);
    }
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE(files_without_a_ring_need_a_context_that_threads_may_use)
{
    const temporary_directory directory;
    asio_uring::io_context context(
        options_for(asio_uring::backend_preference::reactor, BOOST_ASIO_CONCURRENCY_HINT_UNSAFE));
    stream_file file(context, directory.make_file("text"), stream_file::read_only);
    char byte = 0;
    outcome read;
    file.async_read_some(asio::buffer(&byte, 1), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(asio::error::operation_not_supported));
    BOOST_TEST(file.read_some(asio::buffer(&byte, 1)) == 1U);
}

BOOST_AUTO_TEST_CASE(files_on_a_context_of_asio_are_on_asios_ring, *needs_io_uring())
{
    const temporary_directory directory;
    stock context;
    BOOST_TEST(read_all<stream_file>(context, directory.make_file("text")) == "text");
    BOOST_TEST(asio::has_service<asio::detail::io_uring_file_service>(context));
    BOOST_TEST(ring_descriptors() == 1);
}

BOOST_AUTO_TEST_CASE(sockets_on_a_context_of_asio_stay_on_epoll)
{
    stock context;
    asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    acceptor.async_accept([](const error_code&, const asio::ip::tcp::socket&) {});
    tick(context);
    BOOST_TEST(epoll_descriptors() == 1);
    BOOST_TEST(ring_descriptors() == 0);
    BOOST_TEST(!asio::has_service<asio::detail::io_uring_service>(context));
}

BOOST_AUTO_TEST_CASE(one_program_has_files_on_all_contexts, *needs_io_uring())
{
    const temporary_directory directory;
    const std::string path = directory.make_file("text");
    ring first;
    fallback second;
    stock third;
    for (int i = 0; i != 2; ++i)
    {
        BOOST_TEST(read_all<stream_file>(first, path) == "text");
        BOOST_TEST(read_all<stream_file>(second, path) == "text");
        BOOST_TEST(read_all<stream_file>(third, path) == "text");
    }
}

BOOST_AUTO_TEST_CASE(a_file_moves_from_context_to_context, *needs_io_uring())
{
    const temporary_directory directory;
    const std::string path = directory.make_file("abc");
    ring first;
    fallback second;
    stock third;
    char byte = 0;
    const auto read_one = [&](stream_file& file, auto& context)
    {
        outcome read;
        file.async_read_some(asio::buffer(&byte, 1), into(read));
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(read.transferred(1));
        return byte;
    };
    stream_file file(first);
    file = stream_file(third, path, stream_file::read_only);
    BOOST_TEST(read_one(file, third) == 'a');
    file = stream_file(second, file.release());
    BOOST_TEST(read_one(file, second) == 'b');
    file = stream_file(first, file.release());
    BOOST_TEST(read_one(file, first) == 'c');
}

BOOST_AUTO_TEST_CASE_TEMPLATE(files_bound_to_our_executor_are_routed_too, Context, rings)
{
    const temporary_directory directory;
    const std::string path = directory.make_file("text");
    Context context;
    BOOST_TEST(read_all<asio_uring::stream_file>(context, path) == "text");
    const auto strand = asio::make_strand(context);
    asio::basic_stream_file<std::decay_t<decltype(strand)>> file(strand, path, stream_file::read_only);
    asio_uring::random_access_file random(context, path, stream_file::read_only);
    char byte = 0;
    outcome read;
    outcome read_at;
    file.async_read_some(asio::buffer(&byte, 1), into(read));
    BOOST_TEST(run_to_the_end(context));
    random.async_read_some_at(3, asio::buffer(&byte, 1), into(read_at));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(1));
    BOOST_TEST(read_at.transferred(1));
    BOOST_TEST(!asio::has_service<asio::detail::io_uring_file_service>(context));
}

BOOST_AUTO_TEST_SUITE_END()
