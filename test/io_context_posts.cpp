// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the order in which handlers are called, and that none waits for ever: posted by threads that run the
// context and by others, beside I/O, inside each other.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <runners.hpp>

#include <atomic>
#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using error_code = boost::system::error_code;

// Those whose program didn't say that one thread would run them: Asio's scheduler believes it.
using contexts_of_many_threads = std::tuple<ring, fallback, stock>;

std::vector<int> up_to(int n)
{
    std::vector<int> numbers(static_cast<std::size_t>(n));
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

} // namespace

BOOST_AUTO_TEST_SUITE(handlers_that_were_posted)

BOOST_AUTO_TEST_CASE_TEMPLATE(run_in_the_order_of_another_thread, Context, all_contexts)
{
    constexpr int count = 10000;
    Context context;
    std::vector<int> called;
    auto guard = asio::make_work_guard(context);
    std::thread runner([&context] { context.run(); });
    for (int i = 0; i != count; ++i)
        asio::post(context, [&called, i] { called.push_back(i); });
    guard.reset();
    runner.join();
    BOOST_TEST((called == up_to(count)));
}

// Asio's scheduler holds what the only thread posts back, until its handler is over.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(run_in_the_order_of_cause_and_effect, Context, rings)
{
    Context context;
    std::vector<int> called;
    const auto tell = [&called](int i) { return [&called, i] { called.push_back(i); }; };
    asio::post(context,
        [&]
        {
            std::thread([&] { asio::post(context, tell(0)); }).join();
            asio::post(context, tell(1));
            asio::post(context, tell(2));
            std::thread([&] { asio::defer(context, tell(3)); }).join();
            asio::defer(context, tell(4));
            asio::post(context, tell(5));
            asio::defer(context, tell(6));
            std::thread([&] { asio::post(context, tell(7)); }).join();
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST((called == up_to(8)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(run_before_an_end_that_their_thread_causes_later, Context, all_contexts)
{
    Context context;
    connection c(context);
    space<4> place;
    std::string called;
    const auto tell = [&called](char what) { return [&called, what](auto...) { called += what; }; };
    c.socket.async_receive(asio::mutable_buffer(place), tell('r'));
    asio::steady_timer timer(context, 1h);
    timer.async_wait(tell('t'));
    context.poll();
    asio::post(context,
        [&]
        {
            asio::post(context, tell('1'));
            std::thread(
                [&]
                {
                    asio::post(context, tell('2'));
                    timer.cancel();
                    asio::post(context, tell('3'));
                    c.peer_sends("data");
                })
                .join();
        });
    context.restart();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(called.size() == 5U);
    BOOST_TEST(called.find('2') < called.find('t'));
    BOOST_TEST(called.find('3') < called.find('r'));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(run_before_what_their_thread_sends_later_is_received, Context, all_contexts)
{
    constexpr int rounds = 300;
    Context context;
    connection c(context);
    space<1> place;
    std::atomic<int> posted{0};
    int received = 0;
    int early = 0;
    std::function<void()> receive = [&]
    {
        c.socket.async_receive(asio::mutable_buffer(place),
            [&](const error_code&, std::size_t)
            {
                early += posted > received++ ? 0 : 1;
                if (received != rounds)
                    receive();
            });
    };
    receive();
    std::thread peer(
        [&]
        {
            for (int i = 0; i != rounds; ++i)
            {
                asio::post(context, [&posted] { ++posted; });
                c.peer_sends("x");
                std::this_thread::sleep_for(100us); // until the context sleeps again
            }
        });
    BOOST_TEST(run_to_the_end(context));
    peer.join();
    BOOST_TEST(received == rounds);
    BOOST_TEST(early == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(let_timers_and_sockets_have_their_turn, Context, all_contexts)
{
    Context context;
    connection c(context);
    space<4> place;
    int waiting = 2;
    asio::steady_timer timer(context, 1ms);
    timer.async_wait([&waiting](const error_code&) { --waiting; });
    c.socket.async_receive(
        asio::mutable_buffer(place), [&waiting](const error_code&, std::size_t) { --waiting; });
    c.peer_sends("data");
    std::function<void()> again = [&]
    {
        if (waiting != 0)
            asio::post(context, again);
    };
    again();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waiting == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(let_those_of_other_threads_have_their_turn, Context, all_contexts)
{
    for (const bool continues : {false, true})
    {
        Context context;
        bool over = false;
        std::thread other;
        std::function<void()> again = [&]
        {
            if (over)
                return;
            if (!other.joinable())
                other = std::thread([&] { asio::post(context, [&over] { over = true; }); });
            if (continues)
                asio::defer(context, again);
            else
                asio::post(context, again);
        };
        asio::post(context, again);
        BOOST_TEST(run_to_the_end(context));
        other.join();
    }
}

// With Asio's scheduler and concurrency hint 1 such a poll() ends the run() around it too early.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(run_in_a_poll_inside_of_the_handler_that_posted_them, Context, rings)
{
    Context context;
    int called = 0;
    std::size_t counted = 0;
    asio::post(context,
        [&]
        {
            asio::post(context, [&called] { ++called; });
            asio::post(context, [&called] { ++called; });
            counted = context.poll();
            asio::post(context, [&called] { ++called; });
        });
    BOOST_TEST(context.run() == 2U);
    BOOST_TEST(counted == 2U);
    BOOST_TEST(called == 3);
    BOOST_TEST(context.stopped());
}

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
                    switch (random(4))
                    {
                    case 0:
                        context.poll();
                        break;
                    case 1:
                        context.poll_one();
                        break;
                    case 2:
                        context.run_one_for(100us);
                        break;
                    default:
                        context.run_for(100us);
                    }
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

BOOST_AUTO_TEST_CASE_TEMPLATE(are_destroyed_with_their_context, Context, all_contexts)
{
    const auto owned = std::make_shared<int>(0);
    {
        Context context;
        asio::post(context, [&context, owned] { asio::post(context, [owned] {}); });
        context.run_one();
        std::thread([&context, owned] { asio::post(context, [owned] {}); }).join();
        BOOST_TEST(owned.use_count() == 3);
    }
    BOOST_TEST(owned.use_count() == 1);
}

// A burst wakes the runner once, not once a handler: it doesn't go to the kernel for each.
BOOST_AUTO_TEST_CASE(are_fetched_together_where_they_come_in_a_burst, *needs_the_ring())
{
    constexpr int bursts = 20;
    constexpr int each = 1000;
    ring context;
    std::atomic<int> called{0};
    const runners one(context, 1);
    const auto waits = context.statistics().waits;
    for (int burst = 1; burst <= bursts; ++burst)
    {
        for (int i = 0; i != each; ++i)
            asio::post(context, [&called] { ++called; });
        BOOST_TEST(comes_about([&] { return called == burst * each; }));
    }
    BOOST_TEST(context.statistics().waits - waits < std::uint64_t{bursts * each / 4});
}

BOOST_AUTO_TEST_SUITE_END()
