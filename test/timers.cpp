// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests steady_timer: when its waits end, in which order, and what its members return.

#include <contexts.hpp>
#include <outcome.hpp>
#include <own_usage.hpp>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <random>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using asio::steady_timer;
using clock_type = std::chrono::steady_clock;

} // namespace

BOOST_AUTO_TEST_SUITE(timers)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_ends_when_the_time_has_come_and_not_before, Context, all_contexts)
{
    Context context;
    steady_timer timer(context, 20ms);
    outcome waited;
    bool too_early = true;
    timer.async_wait(
        [&](const error_code& ec)
        {
            into(waited)(ec);
            too_early = clock_type::now() < timer.expiry();
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(!too_early);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timer_that_is_due_already_expires_at_once, Context, all_contexts)
{
    Context context;
    steady_timer now(context, 0s);
    steady_timer before(context, -1h);
    steady_timer unset(context);
    steady_timer long_before(context, clock_type::time_point::min());
    outcome outcomes[4];
    now.async_wait(into(outcomes[0]));
    before.async_wait(into(outcomes[1]));
    unset.async_wait(into(outcomes[2]));
    long_before.async_wait(into(outcomes[3]));
    BOOST_TEST(outcomes[0].calls == 0);
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timer_at_the_end_of_time_waits_and_can_be_cancelled, Context, all_contexts)
{
    Context context;
    steady_timer last(context, clock_type::time_point::max());
    steady_timer soon(context, 1ms);
    outcome waited;
    last.async_wait(into(waited));
    soon.async_wait([&](const error_code&) { BOOST_TEST(last.cancel() == 1U); });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_never_runs_inside_async_wait, Context, all_contexts)
{
    Context context;
    steady_timer timer(context, -1s);
    bool inside = false;
    bool called_inside = false;
    asio::post(context,
        [&]
        {
            inside = true;
            timer.async_wait([&](const error_code&) { called_inside = inside; });
            inside = false;
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(!called_inside);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(timers_expire_in_the_order_of_their_times, Context, all_contexts)
{
    Context context;
    constexpr int count = 200;
    const auto start = clock_type::now();
    std::vector<int> times(count);
    for (int i = 0; i != count; ++i)
        times[static_cast<std::size_t>(i)] = i;
    std::shuffle(times.begin(), times.end(), std::minstd_rand(1));
    std::vector<std::unique_ptr<steady_timer>> all;
    std::vector<int> order;
    for (const int time : times)
    {
        all.push_back(std::make_unique<steady_timer>(context, start + time * 50us));
        all.back()->async_wait([&, time](const error_code&) { order.push_back(time); });
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order.size() == std::size_t(count));
    BOOST_TEST(std::is_sorted(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(several_waits_end_together_in_their_order, Context, all_contexts)
{
    Context context;
    steady_timer timer(context, 1ms);
    std::vector<int> order;
    for (int i = 0; i != 5; ++i)
        timer.async_wait(
            [&, i](const error_code& ec)
            {
                BOOST_TEST(!ec);
                order.push_back(i);
            });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order == (std::vector<int>{0, 1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_may_set_the_timer_anew, Context, all_contexts)
{
    Context context;
    steady_timer timer(context, 0s);
    int left = 100;
    struct again
    {
        void operator()(const error_code& ec) const
        {
            BOOST_TEST(!ec);
            if (--left == 0)
                return;
            t.expires_at(t.expiry() + 10us);
            t.async_wait(*this);
        }
        steady_timer& t;
        int& left;
    };
    timer.async_wait(again{timer, left});
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(left == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(setting_the_time_anew_aborts_all_waits_and_counts_them, Context, all_contexts)
{
    Context context;
    steady_timer timer(context, 1h);
    outcome first;
    outcome second;
    outcome third;
    timer.async_wait(into(first));
    timer.async_wait(into(second));
    BOOST_TEST(timer.expires_after(1h) == 2U);
    BOOST_TEST(timer.expires_after(1h) == 0U);
    timer.async_wait(into(third));
    tick(context);
    BOOST_TEST(first.aborted());
    BOOST_TEST(second.aborted());
    BOOST_TEST(timer.expires_at(clock_type::now()) == 1U);
    outcome fourth;
    timer.async_wait(into(fourth));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(third.aborted());
    BOOST_TEST(fourth.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_aborts_all_waits_and_cancel_one_the_oldest, Context, all_contexts)
{
    Context context;
    steady_timer timer(context, 1h);
    outcome outcomes[4];
    for (outcome& o : outcomes)
        timer.async_wait(into(o));
    tick(context);
    BOOST_TEST(timer.cancel_one() == 1U);
    tick(context);
    BOOST_TEST(outcomes[0].aborted());
    BOOST_TEST(!outcomes[1].over());
    BOOST_TEST(timer.cancel_one() == 1U);
    BOOST_TEST(timer.cancel() == 2U);
    BOOST_TEST(timer.cancel() == 0U);
    BOOST_TEST(timer.cancel_one() == 0U);
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_keeps_the_time, Context, all_contexts)
{
    Context context;
    steady_timer timer(context, 5ms);
    const auto time = timer.expiry();
    outcome first;
    outcome second;
    timer.async_wait(into(first));
    timer.cancel();
    BOOST_TEST((timer.expiry() == time));
    timer.async_wait(into(second));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(first.aborted());
    BOOST_TEST(second.succeeded());
    BOOST_TEST((clock_type::now() >= time));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_has_expired_can_not_be_cancelled, Context, all_contexts)
{
    Context context;
    steady_timer first(context, 0s);
    steady_timer second(context, 0s);
    outcome waited;
    std::size_t cancelled = 9;
    // Both expire with the same look at the clock, so the second is over when the first one's handler runs.
    const auto same = clock_type::now() - 1s;
    first.expires_at(same - 1s);
    second.expires_at(same);
    first.async_wait([&](const error_code&) { cancelled = second.cancel(); });
    second.async_wait(into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(cancelled == 0U);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(destruction_aborts_waits, Context, all_contexts)
{
    Context context;
    outcome waited;
    {
        steady_timer timer(context, 1h);
        timer.async_wait(into(waited));
        tick(context);
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_synchronous_wait_takes_its_time, Context, all_contexts)
{
    Context context;
    steady_timer timer(context, 5ms);
    timer.wait();
    BOOST_TEST((clock_type::now() >= timer.expiry()));
    steady_timer due(context, -1h);
    error_code ec;
    due.wait(ec);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_hundred_thousand_timers_expire_each_once, Context, all_contexts)
{
    Context context;
    constexpr int count = 100000;
    std::vector<std::unique_ptr<steady_timer>> all;
    all.reserve(count);
    int expired = 0;
    int aborted = 0;
    std::minstd_rand random(1);
    const auto start = clock_type::now();
    for (int i = 0; i != count; ++i)
    {
        all.push_back(
            std::make_unique<steady_timer>(context, start + std::chrono::microseconds(random() % 50000)));
        all.back()->async_wait([&](const error_code& ec) { ++(ec ? aborted : expired); });
    }
    std::size_t cancelled = 0;
    for (std::size_t i = 0; i < all.size(); i += 3)
        cancelled += all[i]->cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(aborted == static_cast<int>(cancelled));
    BOOST_TEST(expired == count - aborted);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(ten_thousand_waits_for_one_timer_are_cancelled_promptly, Context, all_contexts)
{
    Context context;
    constexpr int count = 10000;
    steady_timer timer(context, 1h);
    int aborted = 0;
    for (int i = 0; i != count; ++i)
        timer.async_wait([&](const error_code& ec) { aborted += ec ? 1 : 0; });
    const auto start = own_processor_time();
    BOOST_TEST(timer.cancel() == std::size_t(count));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(aborted == count);
    BOOST_TEST((own_processor_time() - start < 2s));
}

BOOST_AUTO_TEST_SUITE_END()
