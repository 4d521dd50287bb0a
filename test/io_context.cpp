// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests io_context: running, stopping, counting work, exceptions, forks, the end.

#include <asio_uring/io_context.hpp>

#include <algorithm>
#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio_uring::io_context;
using namespace std::chrono_literals;
using steady_clock = std::chrono::steady_clock;

// Long enough to tell waiting from not waiting, short enough for many tests.
constexpr auto a_while = 20ms;

// No wait that should end early may come near it, also under a sanitizer.
constexpr auto too_long = 10s;

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context)

BOOST_AUTO_TEST_CASE(a_new_context_is_not_stopped_and_calls_nothing_by_itself)
{
    io_context context;
    bool called = false;
    asio::post(context, [&] { called = true; });
    BOOST_TEST(!context.stopped());
    BOOST_TEST(!called);
}

BOOST_AUTO_TEST_CASE(run_calls_all_handlers_in_their_order_and_returns_how_many)
{
    io_context context;
    std::vector<int> order;
    for (int i = 0; i != 5; ++i)
        asio::post(context, [&order, i] { order.push_back(i); });
    BOOST_TEST(context.run() == 5U);
    BOOST_TEST(order == (std::vector<int>{0, 1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(run_goes_on_until_handlers_stop_adding_work)
{
    io_context context;
    int remaining = 10;
    const auto step = [&](auto& self) -> void
    {
        if (--remaining != 0)
            asio::post(context, [&] { self(self); });
    };
    asio::post(context, [&] { step(step); });
    BOOST_TEST(context.run() == 10U);
    BOOST_TEST(remaining == 0);
}

BOOST_AUTO_TEST_CASE(a_context_out_of_work_is_stopped_until_restart)
{
    io_context context;
    BOOST_TEST(context.run() == 0U);
    BOOST_TEST(context.stopped());

    asio::post(context, [] {});
    BOOST_TEST(context.run() == 0U);
    BOOST_TEST(context.run_one() == 0U);
    BOOST_TEST(context.poll() == 0U);
    BOOST_TEST(context.poll_one() == 0U);
    BOOST_TEST(context.run_for(too_long) == 0U);
    BOOST_TEST(context.run_one_for(too_long) == 0U);

    context.restart();
    BOOST_TEST(!context.stopped());
    BOOST_TEST(context.run() == 1U);
}

BOOST_AUTO_TEST_CASE(run_one_calls_one_handler)
{
    io_context context;
    int calls = 0;
    asio::post(context, [&] { ++calls; });
    asio::post(context, [&] { ++calls; });
    BOOST_TEST(context.run_one() == 1U);
    BOOST_TEST(calls == 1);
    BOOST_TEST(!context.stopped());
    BOOST_TEST(context.run_one() == 1U);
    BOOST_TEST(context.run_one() == 0U);
    BOOST_TEST(calls == 2);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(poll_calls_what_is_ready_and_does_not_wait)
{
    io_context context;
    const auto guard = asio::make_work_guard(context);
    BOOST_TEST(context.poll() == 0U);
    asio::post(context, [] {});
    asio::post(context, [] {});
    BOOST_TEST(context.poll() == 2U);
    BOOST_TEST(!context.stopped());
}

BOOST_AUTO_TEST_CASE(poll_one_calls_one_handler_and_does_not_wait)
{
    io_context context;
    const auto guard = asio::make_work_guard(context);
    BOOST_TEST(context.poll_one() == 0U);
    asio::post(context, [] {});
    asio::post(context, [] {});
    BOOST_TEST(context.poll_one() == 1U);
    BOOST_TEST(context.poll_one() == 1U);
    BOOST_TEST(context.poll_one() == 0U);
}

BOOST_AUTO_TEST_CASE(poll_without_work_stops_the_context)
{
    io_context context;
    BOOST_TEST(context.poll() == 0U);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(run_for_on_a_context_without_work_returns_at_once)
{
    io_context context;
    const auto start = steady_clock::now();
    BOOST_TEST(context.run_for(too_long) == 0U);
    BOOST_TEST((steady_clock::now() - start < too_long));
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(run_for_on_an_idle_context_waits_as_long_as_it_was_told)
{
    io_context context;
    const auto guard = asio::make_work_guard(context);
    const auto start = steady_clock::now();
    BOOST_TEST(context.run_for(a_while) == 0U);
    const auto waited = steady_clock::now() - start;
    BOOST_TEST((waited >= a_while));
    BOOST_TEST((waited < too_long));
    BOOST_TEST(!context.stopped());
}

BOOST_AUTO_TEST_CASE(run_for_returns_how_many_handlers_it_called)
{
    io_context context;
    asio::post(context, [] {});
    asio::post(context, [] {});
    BOOST_TEST(context.run_for(too_long) == 2U);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(run_until_takes_any_clock_and_calls_nothing_after_its_deadline)
{
    io_context context;
    asio::post(context, [] {});
    BOOST_TEST(context.run_until(std::chrono::system_clock::now() - 1s) == 0U);
    BOOST_TEST(!context.stopped());
    BOOST_TEST(context.run_until(std::chrono::system_clock::now() + too_long) == 1U);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(run_one_for_waits_for_one_handler_but_no_longer_than_it_was_told)
{
    io_context context;
    const auto guard = asio::make_work_guard(context);
    const auto start = steady_clock::now();
    BOOST_TEST(context.run_one_for(a_while) == 0U);
    BOOST_TEST((steady_clock::now() - start >= a_while));

    asio::post(context, [] {});
    asio::post(context, [] {});
    BOOST_TEST(context.run_one_for(too_long) == 1U);
    BOOST_TEST(context.run_one_until(steady_clock::now() + too_long) == 1U);
    BOOST_TEST(context.run_one_until(steady_clock::now() - 1s) == 0U);
}

BOOST_AUTO_TEST_CASE(a_timer_ends_the_wait_of_run)
{
    io_context context;
    asio::steady_timer timer(context, a_while);
    bool expired = false;
    timer.async_wait([&](const boost::system::error_code& ec) { expired = !ec; });
    const auto start = steady_clock::now();
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST((steady_clock::now() - start >= a_while / 2));
    BOOST_TEST(expired);
}

BOOST_AUTO_TEST_CASE(stop_leaves_ready_handlers_queued)
{
    io_context context;
    int calls = 0;
    asio::post(context, [&] { context.stop(); });
    asio::post(context, [&] { ++calls; });
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(context.stopped());
    BOOST_TEST(calls == 0);

    context.restart();
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(run_returns_when_the_last_work_guard_goes)
{
    io_context context;
    auto first = asio::make_work_guard(context);
    auto second = first;
    BOOST_TEST(context.run_for(1ms) == 0U);
    BOOST_TEST(!context.stopped());
    first.reset();
    BOOST_TEST(!context.stopped());
    asio::post(context, [&] { second.reset(); });
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(post_and_defer_never_call_inside_dispatch_does_if_it_may)
{
    io_context context;
    std::vector<int> order;
    asio::dispatch(context,
        [&]
        {
            asio::post(context, [&] { order.push_back(3); });
            asio::defer(context, [&] { order.push_back(4); });
            asio::dispatch(context, [&] { order.push_back(1); });
            order.push_back(2);
        });
    BOOST_TEST(order.empty());
    BOOST_TEST(context.run() == 3U);
    std::vector<int> sorted = order;
    std::sort(sorted.begin() + 2, sorted.end());
    BOOST_TEST(sorted == (std::vector<int>{1, 2, 3, 4}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_run_and_a_later_run_goes_on)
{
    io_context context;
    int calls = 0;
    asio::post(context, [] { throw std::runtime_error("first"); });
    asio::post(context, [&] { ++calls; });
    asio::post(context,
        [&]
        {
            // Called at once by the executor, it leaves run() all the same, not dispatch().
            asio::dispatch(context, [] { throw std::runtime_error("second"); });
            ++calls;
        });
    asio::post(context, [&] { ++calls; });

    BOOST_CHECK_EXCEPTION(context.run(), std::runtime_error,
        [](const auto& error) { return error.what() == std::string("first"); });
    BOOST_TEST(!context.stopped());
    BOOST_CHECK_EXCEPTION(context.run(), std::runtime_error,
        [](const auto& error) { return error.what() == std::string("second"); });
    BOOST_TEST(calls == 2);
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(calls == 3);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(a_context_goes_on_after_it_was_told_of_a_fork)
{
    io_context context;
    asio::steady_timer timer(context, 1ms);
    bool expired = false;
    timer.async_wait([&](const boost::system::error_code& ec) { expired = !ec; });
    context.notify_fork(io_context::fork_prepare);
    context.notify_fork(io_context::fork_parent);
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(expired);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_context_destroys_queued_handlers_uncalled)
{
    bool called = false;
    const auto owned = std::make_shared<int>();
    {
        io_context context;
        asio::post(context, [&called, owned] { called = true; });
        auto timer = std::make_shared<asio::steady_timer>(context, too_long);
        timer->async_wait([&called, owned, timer](const boost::system::error_code&) { called = true; });
        BOOST_TEST(owned.use_count() == 3);
    }
    BOOST_TEST(owned.use_count() == 1);
    BOOST_TEST(!called);
}

BOOST_AUTO_TEST_CASE(a_queued_handler_may_own_work_of_its_own_context)
{
    bool called = false;
    {
        io_context context;
        asio::post(context, [&called, guard = asio::make_work_guard(context)] { called = true; });
    }
    BOOST_TEST(!called);
}

BOOST_AUTO_TEST_SUITE_END()
