// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests timers on other clocks: system, high resolution, and one that a test sets.

#include <contexts.hpp>
#include <outcome.hpp>

#include <algorithm>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/high_resolution_timer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdint>
#include <tuple>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;

template <typename C, typename T>
struct pairing
{
    using context = C;
    using timer = T;
};

// Timers of <chrono>'s clocks, on contexts of each kind. Two of the clocks may be the same.
struct steady_on_ring : pairing<ring, asio::steady_timer>
{};
struct system_on_ring : pairing<ring, asio::system_timer>
{};
struct high_resolution_on_ring : pairing<ring, asio::high_resolution_timer>
{};
struct system_on_fallback : pairing<fallback, asio::system_timer>
{};
struct system_on_stock : pairing<stock, asio::system_timer>
{};
using chrono_timers =
    std::tuple<steady_on_ring, system_on_ring, high_resolution_on_ring, system_on_fallback, system_on_stock>;

// A clock that stands still until a test moves it.
struct set_clock
{
    using rep = std::int64_t;
    using period = std::milli;
    using duration = std::chrono::duration<rep, period>;
    using time_point = std::chrono::time_point<set_clock>;
    [[maybe_unused]] static constexpr bool is_steady = false;

    static time_point now() noexcept
    {
        return current;
    }

    static inline time_point current{};
};

// Looks at the clock every millisecond of real time: nobody knows when it will be set.
struct look_often
{
    static set_clock::duration to_wait_duration(const set_clock::duration& d)
    {
        return std::min<set_clock::duration>(d, 1ms);
    }

    static set_clock::duration to_wait_duration(const set_clock::time_point& t)
    {
        return to_wait_duration(t - set_clock::now());
    }
};

using set_timer = asio::basic_waitable_timer<set_clock, look_often>;

} // namespace

BOOST_AUTO_TEST_SUITE(timers_clocks)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timer_of_any_clock_expires_when_its_clock_says_so, Pairing, chrono_timers)
{
    using timer_type = typename Pairing::timer;
    typename Pairing::context context;
    timer_type timer(context, 10ms);
    outcome waited;
    timer.async_wait(into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST((timer_type::clock_type::now() >= timer.expiry()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_ends_of_time_of_any_clock_work, Pairing, chrono_timers)
{
    using timer_type = typename Pairing::timer;
    using time_point = typename timer_type::time_point;
    typename Pairing::context context;
    timer_type never(context, (time_point::max)());
    timer_type always(context, (time_point::min)());
    timer_type by_duration(context);
    by_duration.expires_after((timer_type::duration::max)());
    outcome waited_never;
    outcome waited_always;
    outcome waited_by_duration;
    never.async_wait(into(waited_never));
    by_duration.async_wait(into(waited_by_duration));
    always.async_wait(into(waited_always));
    BOOST_TEST(run_until(context, [&] { return waited_always.over(); }));
    BOOST_TEST(waited_always.succeeded());
    tick(context);
    BOOST_TEST(never.cancel() == 1U);
    BOOST_TEST(by_duration.cancel() == 1U);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited_never.aborted());
    BOOST_TEST(waited_by_duration.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(members_of_timers_of_any_clock_count_what_they_abort, Pairing, chrono_timers)
{
    typename Pairing::context context;
    typename Pairing::timer timer(context, 1h);
    outcome outcomes[3];
    for (outcome& o : outcomes)
        timer.async_wait(into(o));
    BOOST_TEST(timer.cancel_one() == 1U);
    BOOST_TEST(timer.expires_after(1h) == 2U);
    BOOST_TEST(timer.cancel() == 0U);
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_clock_that_is_set_forward_ends_waits, Context, all_contexts)
{
    set_clock::current = {};
    Context context;
    set_timer timer(context, 1h);
    set_timer later(context, 3h);
    outcome waited;
    outcome waited_later;
    timer.async_wait(into(waited));
    later.async_wait(into(waited_later));
    context.run_for(5ms);
    BOOST_TEST(!waited.over());
    set_clock::current += 2h;
    BOOST_TEST(run_until(context, [&] { return waited.over(); }));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(!waited_later.over());
    set_clock::current += 2h;
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited_later.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_clock_that_stands_still_can_be_waited_for_and_cancelled, Context, all_contexts)
{
    set_clock::current = {};
    Context context;
    set_timer timer(context, 1ms);
    outcome waited;
    timer.async_wait(into(waited));
    context.run_for(20ms);
    BOOST_TEST(!waited.over());
    BOOST_TEST(timer.cancel() == 1U);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(timers_of_different_clocks_live_side_by_side, Context, all_contexts)
{
    Context context;
    asio::steady_timer steady(context, 3ms);
    asio::system_timer system(context, 2ms);
    asio::high_resolution_timer fine(context, 1ms);
    outcome outcomes[3];
    steady.async_wait(into(outcomes[0]));
    system.async_wait(into(outcomes[1]));
    fine.async_wait(into(outcomes[2]));
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.succeeded());
}

BOOST_AUTO_TEST_SUITE_END()
