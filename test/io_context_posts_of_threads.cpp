// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests that every handler is called, and run() returns, where many threads run a context, and come and go.

#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <runners.hpp>

#include <atomic>
#include <boost/asio/defer.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <stdexcept>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;

// Those whose program didn't say that one thread would run them: Asio's scheduler believes it.
using contexts_of_many_threads = std::tuple<ring, fallback, stock>;

} // namespace

BOOST_AUTO_TEST_SUITE(handlers_that_were_posted)

BOOST_AUTO_TEST_CASE_TEMPLATE(are_all_run_though_threads_come_and_go, Context, contexts_of_many_threads)
{
    constexpr int posters = 2;
    constexpr int each = 3000;
    Context context;
    std::atomic<int> called{0};
    auto guard = asio::make_work_guard(context);
    std::vector<std::thread> threads;
    for (int t = 0; t != posters; ++t)
        threads.emplace_back(
            [&]
            {
                for (int i = 0; i != each; ++i)
                    asio::post(context, [&] { asio::post(context, [&called] { ++called; }); });
            });
    for (int t = 0; t != 3; ++t)
        threads.emplace_back(
            [&, random = dice(static_cast<unsigned>(t))]() mutable
            {
                while (called != posters * each)
                    run_a_moment(context, random(4));
            });
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(called == posters * each);
    BOOST_TEST(!context.stopped());
    guard.reset();
    context.run();
    BOOST_TEST(context.stopped());
    context.restart();
    BOOST_TEST(context.poll() == 0U);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(are_all_run_where_more_threads_come_than_was_said, Context, all_contexts)
{
    constexpr int chains = 4;
    constexpr int each = 2000;
    Context context;
    std::atomic<int> called{0};
    std::function<void(int)> go_on = [&](int left)
    {
        ++called;
        if (left != 1)
            asio::post(context, [&go_on, left] { go_on(left - 1); });
    };
    for (int i = 0; i != chains; ++i)
        asio::post(context, [&go_on] { go_on(each); });
    std::thread second([&context] { context.run(); });
    context.run();
    second.join();
    BOOST_TEST(called == chains * each);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    are_run_by_a_thread_that_comes_while_the_first_is_busy, Context, contexts_of_many_threads)
{
    Context context;
    std::promise<void> called;
    asio::post(context,
        [&]
        {
            asio::post(context, [&called] { called.set_value(); });
            std::thread second([&context] { context.run_one(); });
            BOOST_TEST((called.get_future().wait_for(long_enough) == std::future_status::ready));
            second.join();
        });
    BOOST_TEST(context.run() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    are_work_though_another_thread_runs_each_at_once, Context, contexts_of_many_threads)
{
    constexpr int count = 100;
    Context context;
    std::atomic<int> called{0};
    int waited_for = 0;
    asio::post(context,
        [&]
        {
            do
                asio::post(context, [&called] { ++called; });
            while (comes_about([&] { return called == waited_for + 1; }) && ++waited_for != count);
        });
    std::thread second([&context] { context.run(); });
    context.run();
    second.join();
    BOOST_TEST(waited_for == count);
}

// The thread that a post woke finds another handler first, and what was posted is left to the third.
BOOST_AUTO_TEST_CASE_TEMPLATE(
    are_run_though_the_thread_woken_for_them_calls_another, Context, contexts_of_many_threads)
{
    Context context;
    std::atomic<bool> deferred{false};
    std::atomic<bool> called{false};
    const auto is_called = [&called] { return called.load(); };
    const runners three(context, 3);
    std::this_thread::sleep_for(20ms); // until they sleep
    asio::post(context,
        [&]
        {
            asio::defer(context, [&] { comes_about(is_called); });
            deferred = true;
            comes_about(is_called);
        });
    BOOST_TEST(comes_about([&deferred] { return deferred.load(); }));
    asio::post(context, [&called] { called = true; });
    BOOST_TEST(comes_about(is_called));
}

// Asio's scheduler wakes nobody for it.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE(are_run_though_the_thread_that_deferred_them_goes)
{
    ring context;
    const runners one(context, 1);
    for (const bool throws : {false, true})
    {
        std::promise<void> called;
        std::atomic<bool> is_busy{false};
        std::atomic<bool> go{false};
        asio::post(context,
            [&]
            {
                is_busy = true;
                comes_about([&go] { return go.load(); });
            });
        BOOST_TEST(comes_about([&is_busy] { return is_busy.load(); }));
        asio::post(context,
            [&]
            {
                go = true;
                std::this_thread::sleep_for(20ms); // until the other thread sleeps
                asio::defer(context, [&called] { called.set_value(); });
                if (throws)
                    throw std::runtime_error("a handler");
            });
        if (throws)
            BOOST_CHECK_THROW(context.poll_one(), std::runtime_error);
        else
            BOOST_TEST(context.poll_one() == 1U);
        BOOST_TEST((called.get_future().wait_for(long_enough) == std::future_status::ready));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    let_run_return_in_every_thread_when_the_last_is_over, Context, contexts_of_many_threads)
{
    for (int round = 0; round != 300; ++round)
    {
        Context context;
        std::atomic<int> called{0};
        std::vector<std::thread> threads;
        for (int i = 0; i != 3; ++i)
            asio::post(context, [&] { asio::post(context, [&called] { ++called; }); });
        for (int t = 0; t != 3; ++t)
            threads.emplace_back([&context] { context.run(); });
        for (std::thread& thread : threads)
            thread.join();
        BOOST_TEST(called == 3);
        BOOST_TEST(context.stopped());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(leave_nothing_behind_when_the_last_work_ends_elsewhere, Context, all_contexts)
{
    for (int round = 0; round != 300; ++round)
    {
        Context context;
        auto guard = asio::make_work_guard(context);
        std::thread runner([&context] { context.run(); });
        asio::post(context, [] {});
        guard.reset();
        runner.join();
        BOOST_TEST(context.stopped());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    are_run_though_another_thread_polls_now_and_then, Context, contexts_of_many_threads)
{
    Context context;
    std::atomic<int> called{0};
    const runners one(context, 1);
    for (int i = 1; i <= 3000; ++i)
    {
        asio::post(context, [&] { asio::post(context, [&called] { ++called; }); });
        context.poll_one();
        BOOST_REQUIRE(comes_about([&] { return called == i; }));
    }
}

BOOST_AUTO_TEST_SUITE_END()
