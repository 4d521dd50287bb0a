// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests io_context where several threads run it, post to it, or take turns.

#include <asio_uring/io_context.hpp>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <latch>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio_uring::io_context;

// Long enough for one thread to end before the timer does.
constexpr std::chrono::milliseconds a_while(20);

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_threads)

BOOST_AUTO_TEST_CASE(run_one_waits_for_a_handler)
{
    io_context context;
    const auto guard = asio::make_work_guard(context);
    std::thread poster([&] { asio::post(context, [] {}); });
    BOOST_TEST(context.run_one() == 1U);
    poster.join();
}

BOOST_AUTO_TEST_CASE(stop_wakes_every_thread_that_waits_in_run)
{
    io_context context;
    const auto guard = asio::make_work_guard(context);
    std::vector<std::thread> threads;
    for (int i = 0; i != 3; ++i)
        threads.emplace_back([&] { context.run(); });
    context.stop();
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_the_run_of_its_own_thread_only)
{
    io_context context;
    auto guard = asio::make_work_guard(context);
    std::atomic<int> exceptions = 0;
    const auto run = [&]
    {
        try
        {
            context.run();
        }
        catch (const std::runtime_error&)
        {
            ++exceptions;
            context.run();
        }
    };
    std::thread first(run);
    std::thread second(run);
    asio::post(context,
        [&]
        {
            asio::post(context, [&] { guard.reset(); });
            throw std::runtime_error("one");
        });
    first.join();
    second.join();
    BOOST_TEST(exceptions == 1);
}

BOOST_AUTO_TEST_CASE(every_handler_runs_once_however_many_threads_run_and_post)
{
    io_context context;
    auto guard = asio::make_work_guard(context);
    constexpr int posts = 2000;
    std::atomic<int> calls = 0;
    std::atomic<std::size_t> counted = 0;
    std::vector<std::thread> runners;
    for (int i = 0; i != 4; ++i)
        runners.emplace_back([&] { counted += context.run(); });
    std::vector<std::thread> posters;
    for (int i = 0; i != 2; ++i)
        posters.emplace_back(
            [&]
            {
                for (int j = 0; j != posts; ++j)
                    asio::post(context, [&] { asio::post(context, [&] { ++calls; }); });
            });
    for (std::thread& poster : posters)
        poster.join();
    guard.reset();
    for (std::thread& runner : runners)
        runner.join();
    BOOST_TEST(calls == 2 * posts);
    BOOST_TEST(counted == 4U * posts);
}

BOOST_AUTO_TEST_CASE(a_handler_may_wait_for_another_that_a_second_thread_runs)
{
    io_context context;
    std::latch both(2);
    asio::post(context, [&] { both.arrive_and_wait(); });
    asio::post(context, [&] { both.arrive_and_wait(); });
    std::thread second([&] { context.run(); });
    context.run();
    second.join();
    BOOST_TEST(both.try_wait());
}

BOOST_AUTO_TEST_CASE(run_may_move_from_one_thread_to_another)
{
    io_context context;
    int calls = 0;
    asio::steady_timer timer(context, a_while);
    std::thread(
        [&]
        {
            asio::post(context, [&] { ++calls; });
            timer.async_wait([&](const boost::system::error_code& ec) { calls += ec ? 0 : 1; });
            context.run_one();
        })
        .join();
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(calls == 2);
}

BOOST_AUTO_TEST_SUITE_END()
