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
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using error_code = boost::system::error_code;

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
