// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests example/http_server/threads.hpp: whatever fails in one thread ends all of them, and is told.

#include "../example/http_server/threads.hpp"

#include <asio_uring/io_context.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

using asio_uring::io_context;
using http_server::run_in_threads;

constexpr unsigned threads = 4;

BOOST_AUTO_TEST_SUITE(example_threads)

BOOST_AUTO_TEST_CASE(all_threads_run_the_context)
{
    io_context context;
    std::atomic<unsigned> arrived = 0;
    for (unsigned i = 0; i < threads; ++i)
    {
        // Each handler waits for the others, so that no thread can run two of them.
        boost::asio::post(context,
            [&]
            {
                ++arrived;
                while (arrived < threads)
                {
                    std::this_thread::yield();
                }
            });
    }
    run_in_threads(context, threads);
    BOOST_TEST(arrived == threads);
}

BOOST_AUTO_TEST_CASE(an_exception_in_any_thread_stops_all_and_is_thrown)
{
    io_context context;
    const auto work = boost::asio::make_work_guard(context);
    std::atomic<unsigned> arrived = 0;
    const auto caller = std::this_thread::get_id();
    for (unsigned i = 0; i < threads; ++i)
    {
        boost::asio::post(context,
            [&]
            {
                ++arrived;
                while (arrived < threads)
                {
                    std::this_thread::yield();
                }
                if (std::this_thread::get_id() != caller)
                {
                    throw std::runtime_error("of another thread");
                }
            });
    }
    BOOST_CHECK_EXCEPTION(run_in_threads(context, threads), std::runtime_error,
        [](const std::runtime_error& error) { return error.what() == std::string("of another thread"); });
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(an_exception_in_the_calling_thread_stops_all)
{
    io_context context;
    const auto work = boost::asio::make_work_guard(context);
    boost::asio::post(context, [] { throw std::runtime_error("of this thread"); });
    BOOST_CHECK_THROW(run_in_threads(context, 1), std::runtime_error);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace
