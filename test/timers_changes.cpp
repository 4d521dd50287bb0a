// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests timers that move, that other threads arm and cancel, and whose waits cancellation slots end.

#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using asio::cancellation_signal;
using asio::cancellation_type;
using asio::steady_timer;

template <typename C, typename T>
struct pairing
{
    using context = C;
    using timer = T;
};

struct steady_on_ring : pairing<ring, steady_timer>
{};
struct system_on_ring : pairing<ring, asio::system_timer>
{};
struct steady_on_ring_of_one_thread : pairing<ring_of_one_thread, steady_timer>
{};
struct steady_on_fallback : pairing<fallback, steady_timer>
{};
struct steady_on_stock : pairing<stock, steady_timer>
{};
using timers_of_all_contexts = std::tuple<steady_on_ring, system_on_ring, steady_on_ring_of_one_thread,
    steady_on_fallback, steady_on_stock>;

auto into(outcome& what, cancellation_signal& signal)
{
    return asio::bind_cancellation_slot(signal.slot(), asio_uring::test::into(what));
}

} // namespace

BOOST_AUTO_TEST_SUITE(timers_changes)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timer_moves_with_waits_pending, Pairing, timers_of_all_contexts)
{
    using timer_type = typename Pairing::timer;
    typename Pairing::context context;
    timer_type timer(context, 5ms);
    outcome first;
    outcome second;
    timer.async_wait(asio_uring::test::into(first));
    timer.async_wait(asio_uring::test::into(second));
    tick(context);
    const auto time = timer.expiry();
    timer_type moved(std::move(timer));
    BOOST_TEST((moved.expiry() == time));
    BOOST_TEST(timer.cancel() == 0U);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(first.succeeded());
    BOOST_TEST(second.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_new_timer_cancels_what_the_old_one_started, Pairing, timers_of_all_contexts)
{
    using timer_type = typename Pairing::timer;
    typename Pairing::context context;
    std::vector<timer_type> timers;
    timers.emplace_back(context, 1h);
    outcome waited;
    outcome lost;
    timers.front().async_wait(asio_uring::test::into(waited));
    for (int i = 0; i != 20; ++i)
        timers.emplace_back(context, 1h);
    timers.back().async_wait(asio_uring::test::into(lost));
    timers.back() = std::move(timers.front());
    tick(context);
    BOOST_TEST(lost.aborted());
    BOOST_TEST(!waited.over());
    BOOST_TEST(timers.back().cancel() == 1U);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.aborted());
}

BOOST_AUTO_TEST_CASE(a_timer_moves_between_contexts_of_different_kinds)
{
    ring on_ring;
    stock on_stock;
    steady_timer first(on_ring, 1ms);
    steady_timer second(on_stock, 1ms);
    outcome first_waited;
    outcome second_waited;
    first.async_wait(asio_uring::test::into(first_waited));
    second.async_wait(asio_uring::test::into(second_waited));
    std::swap(first, second);
    BOOST_CHECK(&asio::query(first.get_executor(), asio::execution::context) == &on_stock);
    BOOST_TEST(run_to_the_end(on_ring));
    BOOST_TEST(run_to_the_end(on_stock));
    BOOST_TEST(first_waited.succeeded());
    BOOST_TEST(second_waited.succeeded());
    outcome again;
    second.expires_after(1ms);
    second.async_wait(asio_uring::test::into(again));
    BOOST_TEST(run_to_the_end(on_ring));
    BOOST_TEST(again.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_ends_its_own_wait_only, Pairing, timers_of_all_contexts)
{
    for (const cancellation_type kind :
        {cancellation_type::terminal, cancellation_type::partial, cancellation_type::total})
    {
        typename Pairing::context context;
        typename Pairing::timer timer(context, 300ms);
        cancellation_signal signals[3];
        outcome outcomes[3];
        for (std::size_t i = 0; i != 3; ++i)
            timer.async_wait(into(outcomes[i], signals[i]));
        signals[1].emit(kind);
        BOOST_TEST(!outcomes[1].over());
        tick(context);
        BOOST_TEST(outcomes[1].aborted());
        BOOST_TEST(!outcomes[0].over());
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(outcomes[0].succeeded());
        BOOST_TEST(outcomes[2].succeeded());
        signals[0].emit(kind);
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(outcomes[0].calls == 1);
    }
}

// Asio 1.26 looks for the wait where the timer was, and does nothing.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_ends_a_wait_of_a_timer_that_moved, Context, rings)
{
    Context context;
    steady_timer timer(context, 1h);
    cancellation_signal signal;
    outcome waited;
    timer.async_wait(into(waited, signal));
    const steady_timer moved(std::move(timer));
    signal.emit(cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.aborted());
}

// Asio's own reactor must outlive its signals.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_may_outlive_its_signal_and_the_signal_the_wait, Context, rings)
{
    std::optional<cancellation_signal> short_lived(std::in_place);
    cancellation_signal long_lived;
    outcome first;
    outcome second;
    {
        Context context;
        steady_timer timer(context, 1ms);
        timer.async_wait(into(first, *short_lived));
        short_lived.reset();
        BOOST_TEST(run_to_the_end(context));
        timer.expires_after(1h);
        timer.async_wait(into(second, long_lived));
        tick(context);
    }
    long_lived.emit(cancellation_type::all);
    BOOST_TEST(first.succeeded());
    BOOST_TEST(second.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_timer_armed_while_another_thread_sleeps_expires_in_time, Pairing, timers_of_all_contexts)
{
    typename Pairing::context context;
    typename Pairing::timer far_away(context, 1h);
    typename Pairing::timer timer(context);
    far_away.async_wait([](const error_code&) {});
    std::thread runner([&] { context.run(); });
    for (int i = 0; i != 20; ++i)
    {
        std::promise<error_code> expired;
        timer.expires_after(1ms);
        timer.async_wait([&](const error_code& ec) { expired.set_value(ec); });
        auto result = expired.get_future();
        BOOST_TEST_REQUIRE((result.wait_for(long_enough) == std::future_status::ready));
        BOOST_TEST(!result.get());
    }
    far_away.cancel();
    runner.join();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_wait_is_cancelled_while_another_thread_sleeps, Pairing, timers_of_all_contexts)
{
    typename Pairing::context context;
    typename Pairing::timer timer(context);
    const auto guard = asio::make_work_guard(context);
    std::thread runner([&] { context.run(); });
    for (int i = 0; i != 20; ++i)
    {
        std::promise<error_code> ended;
        cancellation_signal signal;
        timer.expires_after(1h);
        timer.async_wait(
            asio::bind_cancellation_slot(signal.slot(), [&](const error_code& ec) { ended.set_value(ec); }));
        if (i % 2 == 0)
            timer.cancel();
        else
            signal.emit(cancellation_type::terminal);
        auto result = ended.get_future();
        BOOST_TEST_REQUIRE((result.wait_for(long_enough) == std::future_status::ready));
        BOOST_TEST(result.get() == asio::error::operation_aborted);
    }
    context.stop();
    runner.join();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(many_threads_may_arm_cancel_and_run_at_once, Pairing, timers_of_all_contexts)
{
    typename Pairing::context context;
    auto guard = asio::make_work_guard(context);
    std::atomic<int> calls = 0;
    std::atomic<int> waits = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i != 2; ++i)
        threads.emplace_back([&] { context.run(); });
    std::vector<std::thread> users;
    for (int i = 0; i != 3; ++i)
        users.emplace_back(
            [&, i]
            {
                typename Pairing::timer timer(context);
                for (int j = 0; j != 300; ++j)
                {
                    timer.expires_after(std::chrono::microseconds((i + j) % 50));
                    timer.async_wait([&](const error_code&) { ++calls; });
                    ++waits;
                    if (j % 5 == 0)
                        timer.cancel();
                }
            });
    for (std::thread& user : users)
        user.join();
    guard.reset();
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(calls == waits);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_context_with_timers_pending_is_destroyed_without_calling_them, Pairing, timers_of_all_contexts)
{
    const auto token = std::make_shared<int>();
    {
        typename Pairing::context context;
        for (int i = 0; i != 100; ++i)
        {
            const auto timer =
                std::make_shared<typename Pairing::timer>(context, std::chrono::milliseconds(i * 10));
            for (int j = 0; j != 2; ++j)
                timer->async_wait([timer, token](const error_code&) { BOOST_ERROR("called"); });
        }
        BOOST_TEST(token.use_count() == 201);
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
