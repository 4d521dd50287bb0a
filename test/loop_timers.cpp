// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the loop's timers: order, expiry, reset, removal, the furthest and the nearest time.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "recorded.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <memory>
#include <random>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(loop_timers_test)

BOOST_AUTO_TEST_CASE(timers_fire_in_the_order_of_their_deadlines)
{
    std::string order;
    const auto note = [&](char name)
    {
        return [&order, name](recorded&, result r)
        {
            BOOST_TEST((r.timer() == timer_outcome::expired));
            BOOST_TEST(!r.error());
            order += name;
            return next_step::disarm;
        };
    };
    recorded c(operation::timer{9ms}, note('c'));
    recorded a(operation::timer{3ms}, note('a'));
    recorded b(operation::timer{6ms}, note('b'));
    recorded d(operation::timer{9ms + 1ns}, note('d'));
    loop l;
    for (recorded* timer : {&c, &a, &d, &b})
        l.add(*timer);
    BOOST_TEST(l.run(run_mode::until_done) == 4u);
    BOOST_TEST(order == "abcd");
}

BOOST_AUTO_TEST_CASE(what_the_kernel_has_finished_is_told_before_a_timer_that_is_due)
{
    std::string order;
    const auto note = [&](char name)
    {
        return [&order, name](recorded&, result)
        {
            order += name;
            return next_step::disarm;
        };
    };
    pipe_pair pipe;
    pipe.write("x");
    char byte = 0;
    recorded timer(operation::timer{0ms}, note('t'));
    recorded read(operation::read{pipe.reader.get(), &byte, 1}, note('r'));
    loop l;
    l.add(timer);
    l.add(read);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(order == "rt");
}

BOOST_AUTO_TEST_CASE(a_timer_does_not_fire_early)
{
    for (const auto after : {1us, 99us, 1000us, 1500us, 7777us})
    {
        loop l;
        loop::time_point fired;
        recorded timer(operation::timer{after},
            [&](recorded&, result)
            {
                fired = loop::clock::now();
                return next_step::disarm;
            });
        const auto started = l.now();
        l.add(timer);
        BOOST_TEST(l.run(run_mode::until_done) == 1u);
        BOOST_TEST((fired - started >= after));
        BOOST_TEST((l.now() - started >= after));
    }
}

BOOST_AUTO_TEST_CASE(a_deadline_counts_from_the_time_of_the_loop)
{
    loop l;
    const auto cached = l.now();
    while (loop::clock::now() < cached + 5ms)
        ;
    recorded timer(operation::timer{5ms});
    l.add(timer);
    BOOST_TEST(l.run(run_mode::no_wait) == 1u);
}

BOOST_AUTO_TEST_CASE(a_timer_of_0_ms_fires_on_the_next_tick)
{
    recorded timer;
    recorded inner;
    loop l;
    timer.then(
        [&](recorded&, result)
        {
            inner.start_timer(l, 0ms);
            return next_step::disarm;
        });
    timer.start_timer(l, 0ms);
    BOOST_TEST(l.run(run_mode::no_wait) == 1u);
    BOOST_TEST(inner.calls() == 0u);
    BOOST_TEST(l.run(run_mode::no_wait) == 1u);
    BOOST_TEST(inner.calls() == 1u);
}

BOOST_AUTO_TEST_CASE(a_timer_that_is_due_makes_no_system_call)
{
    recorded timer;
    loop l;
    timer.start_timer(l, 0ms);
    l.run(run_mode::until_done);
    timer.start_timer(l, -1h);
    l.run(run_mode::until_done);
    BOOST_TEST(timer.calls() == 2u);
    BOOST_TEST(l.statistics().waits == 0u);
}

BOOST_AUTO_TEST_CASE(a_timer_that_rearms_at_once_does_not_keep_others_waiting)
{
    const pipe_pair p;
    recorded busy;
    recorded write(operation::write{p.writer.get(), "x", 1});
    recorded other(operation::timer{2ms});
    loop l;
    busy.then([&](recorded&, result)
        { return write.calls() + other.calls() < 2 ? next_step::rearm : next_step::disarm; });
    busy.start_timer(l, 0ms);
    l.add(write);
    l.add(other);
    l.run(run_mode::until_done);
    BOOST_TEST(write.calls() == 1u);
    BOOST_TEST(other.calls() == 1u);
}

BOOST_AUTO_TEST_CASE(an_overflowing_deadline_means_the_furthest_time)
{
    std::deque<recorded> far;
    recorded near(operation::timer{2ms});
    loop l;
    for (const auto after : {loop::duration::max(), loop::duration::max() - 1ns,
             std::chrono::duration_cast<loop::duration>(std::chrono::hours(24 * 365 * 250))})
        far.emplace_back().start_timer(l, after);
    l.timer_at(far.emplace_back(), loop::time_point::max(), &recorded::call);
    l.add(near);
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST(near.calls() == 1u);
    // With nothing but far timers a wait has no end of its own.
    const auto plan = l.begin_tick(true);
    BOOST_TEST(plan.block);
    for (recorded& timer : far)
    {
        BOOST_TEST(timer.active());
        BOOST_TEST(l.cancel(timer));
    }
    l.end_tick();
    l.run(run_mode::until_done);
    for (recorded& timer : far)
        BOOST_TEST(timer.only().error() == system_error_code(ECANCELED));
}

BOOST_AUTO_TEST_CASE(the_earliest_time_there_is_is_due_at_once)
{
    recorded at;
    recorded reset;
    recorded after;
    loop l;
    l.timer_at(at, loop::time_point::min(), &recorded::call);
    reset.start_timer(l, 1h);
    l.timer_reset_at(reset, loop::time_point::min());
    after.start_timer(l, loop::duration::min());
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
    for (const recorded* timer : {&at, &reset, &after})
        BOOST_TEST((timer->only().timer() == timer_outcome::expired));
}

BOOST_AUTO_TEST_CASE(a_loop_is_due_from_the_time_of_its_next_timer_on)
{
    recorded timer;
    loop l;
    BOOST_TEST(!l.is_due());
    for (int i = 0; i != 10; ++i)
    {
        const auto deadline = loop::clock::now() + std::chrono::milliseconds(3 * i);
        l.timer_at(timer, deadline, &recorded::call);
        while (!l.is_due())
            BOOST_REQUIRE((loop::clock::now() < deadline + 1s));
        BOOST_TEST((loop::clock::now() >= deadline));
        BOOST_TEST(l.run(run_mode::no_wait) == 1u);
    }
    l.timer_at(timer, loop::time_point::max(), &recorded::call);
    BOOST_TEST(!l.is_due());
    l.timer_reset_at(timer, loop::time_point::min());
    BOOST_TEST(l.is_due());
    BOOST_TEST(l.run(run_mode::no_wait) == 1u);
}

BOOST_AUTO_TEST_CASE(a_timer_wakes_a_loop_that_waits_for_the_kernel)
{
    const pipe_pair silent;
    char byte = 0;
    recorded read(operation::read{silent.reader.get(), &byte, 1});
    recorded timer;
    loop l;
    l.add(read);
    timer.start_timer(l, 5ms);
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST(timer.calls() == 1u);
    BOOST_TEST(read.active());
}

BOOST_AUTO_TEST_CASE(a_reset_starts_a_dead_timer)
{
    recorded timer;
    loop l;
    timer.start_timer(l, 0ms);
    l.run(run_mode::until_done);
    BOOST_TEST(!timer.active());
    const auto reset_at = l.now();
    l.timer_reset(timer, 4ms);
    BOOST_TEST(timer.active());
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(timer.calls() == 2u);
    BOOST_TEST((l.now() >= reset_at + 4ms));
}

BOOST_AUTO_TEST_CASE(a_reset_gives_an_active_timer_a_later_deadline_without_a_callback_for_the_old)
{
    recorded timer;
    loop l;
    const auto started = l.now();
    timer.start_timer(l, 1ms);
    l.timer_reset(timer, 10ms);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST((timer.only().timer() == timer_outcome::expired));
    BOOST_TEST((l.now() >= started + 10ms));
}

BOOST_AUTO_TEST_CASE(a_reset_gives_an_active_timer_an_earlier_deadline)
{
    recorded timer;
    loop l;
    timer.start_timer(l, 1h);
    l.timer_reset(timer, 1ms);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
}

BOOST_AUTO_TEST_CASE(a_reset_during_a_reset_only_moves_the_deadline)
{
    recorded timer;
    loop l;
    const auto started = l.now();
    timer.start_timer(l, 1ms);
    l.timer_reset(timer, 1h);
    l.timer_reset(timer, 2ms);
    l.timer_reset(timer, 5ms);
    BOOST_TEST(l.active() == 1u);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(timer.calls() == 1u);
    BOOST_TEST((l.now() >= started + 5ms));
}

BOOST_AUTO_TEST_CASE(a_reset_of_a_timer_that_expired_and_is_not_called_back_yet_moves_it)
{
    recorded first;
    recorded second;
    loop l;
    loop::time_point reset_at;
    first.start_timer(l, 1ms);
    second.start_timer(l, 2ms);
    const auto reset_other = [&](recorded& other)
    {
        return [&](recorded&, result)
        {
            if (first.calls() + second.calls() == 1)
            {
                BOOST_TEST(other.active());
                l.timer_reset(other, 8ms);
                reset_at = l.now();
            }
            return next_step::disarm;
        };
    };
    first.then(reset_other(second));
    second.then(reset_other(first));
    // Both expire in the same tick.
    while (loop::clock::now() < l.now() + 3ms)
        ;
    BOOST_TEST(l.run(run_mode::no_wait) == 1u);
    BOOST_TEST(l.active() == 1u);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(first.calls() == 1u);
    BOOST_TEST(second.calls() == 1u);
    BOOST_TEST((l.now() >= reset_at + 8ms));
}

BOOST_AUTO_TEST_CASE(a_reset_inside_the_callback_starts_the_timer_anew)
{
    recorded timer;
    loop l;
    timer.then(
        [&](recorded& self, result)
        {
            if (self.calls() < 3)
                l.timer_reset(self, 1ms);
            return next_step::disarm;
        });
    timer.start_timer(l, 1ms);
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
}

BOOST_AUTO_TEST_CASE(a_reset_before_the_callback_of_a_cancel_keeps_the_timer)
{
    recorded timer;
    loop l;
    timer.start_timer(l, 1h);
    BOOST_TEST(l.cancel(timer));
    l.timer_reset(timer, 1ms);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST((timer.only().timer() == timer_outcome::expired));
}

BOOST_AUTO_TEST_CASE(timer_remove_tells_both_callbacks)
{
    recorded timer;
    recorded remove;
    loop l;
    timer.start_timer(l, 1h);
    remove.prepare(operation::timer_remove{&timer});
    l.add(remove);
    BOOST_TEST(timer.calls() == 0u);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST((timer.only().timer() == timer_outcome::cancelled));
    BOOST_TEST(timer.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(!remove.only().error());
}

BOOST_AUTO_TEST_CASE(removing_a_timer_that_is_gone_is_not_found)
{
    recorded timer;
    recorded remove(operation::timer_remove{&timer});
    loop l;
    timer.start_timer(l, 0ms);
    l.run(run_mode::until_done);
    l.add(remove);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(timer.calls() == 1u);
    BOOST_TEST(remove.only().error() == make_error_code(loop_error::not_found));
}

BOOST_AUTO_TEST_CASE(removing_a_timer_twice_finds_it_once)
{
    recorded timer;
    recorded first(operation::timer_remove{&timer});
    recorded second(operation::timer_remove{&timer});
    loop l;
    timer.start_timer(l, 1h);
    l.add(first);
    l.add(second);
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
    BOOST_TEST(!first.only().error());
    BOOST_TEST(second.only().error() == make_error_code(loop_error::not_found));
}

BOOST_AUTO_TEST_CASE(a_timer_that_moved_lives_on_at_its_new_address)
{
    auto from = std::make_unique<recorded>();
    recorded to;
    loop l;
    from->start_timer(l, 2ms);
    recorded target;
    l.timer_move(*from, to);
    BOOST_TEST(!from->active());
    from.reset();
    BOOST_TEST(to.active());
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST((to.only().timer() == timer_outcome::expired));
}

BOOST_AUTO_TEST_CASE(a_timer_that_moved_before_its_callback_keeps_its_result)
{
    auto from = std::make_unique<recorded>();
    recorded to;
    loop l;
    from->start_timer(l, 1h);
    l.cancel(*from);
    l.timer_move(*from, to);
    from.reset();
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST((to.only().timer() == timer_outcome::cancelled));
}

BOOST_AUTO_TEST_CASE(a_dead_timer_that_moved_is_dead)
{
    recorded from(operation::timer{1ms});
    recorded to;
    loop l;
    l.timer_move(from, to);
    BOOST_TEST(!to.active());
    l.add(to);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(to.calls() == 1u);
}

BOOST_AUTO_TEST_CASE(a_discarded_timer_is_not_called_back)
{
    recorded active;
    recorded other;
    recorded dead(operation::timer{1ms});
    loop l;
    active.start_timer(l, 1ms);
    other.start_timer(l, 2ms);
    BOOST_TEST(l.discard(active));
    BOOST_TEST(!l.discard(active));
    BOOST_TEST(!l.discard(dead));
    BOOST_TEST(!active.active());
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(active.calls() == 0u);
    BOOST_TEST(other.calls() == 1u);
}

BOOST_AUTO_TEST_CASE(a_timer_can_be_discarded_between_its_end_and_its_callback)
{
    recorded cancelled;
    recorded first;
    recorded second;
    loop l;
    cancelled.start_timer(l, 1h);
    BOOST_TEST(l.cancel(cancelled));
    BOOST_TEST(l.discard(cancelled));
    const auto discard_other = [&](recorded&, result)
    {
        BOOST_TEST(l.discard(first.active() ? first : second));
        return next_step::disarm;
    };
    first.then(discard_other);
    second.then(discard_other);
    first.start_timer(l, 0ms);
    second.start_timer(l, 0ms);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(l.active() == 0u);
    BOOST_TEST(first.calls() + second.calls() == 1u);
    BOOST_TEST(cancelled.calls() == 0u);
}

BOOST_AUTO_TEST_CASE(the_next_deadline_is_that_of_the_earliest_timer)
{
    recorded late;
    recorded early;
    loop l;
    BOOST_TEST((l.next_deadline() == loop::time_point::max()));
    late.start_timer(l, 2h);
    early.start_timer(l, 1h);
    BOOST_TEST((l.next_deadline() == l.now() + 1h));
    l.discard(early);
    BOOST_TEST((l.next_deadline() == l.now() + 2h));
}

BOOST_AUTO_TEST_CASE(all_that_is_due_is_called_by_one_run_that_does_not_wait)
{
    std::deque<recorded> timers;
    loop l;
    for (int i = 0; i < 10000; ++i)
        l.add(timers.emplace_back(operation::timer{0ns}));
    BOOST_TEST(l.run(run_mode::no_wait) == timers.size());
    BOOST_TEST(l.active() == 0u);
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_timers_fire_in_order)
{
    constexpr std::size_t count = 100'000;
    std::mt19937 random(7);
    std::uniform_int_distribution<int> microseconds(0, 200'000);
    std::vector<completion> timers(count);
    std::vector<loop::time_point> deadlines;
    std::size_t fired = 0;
    std::size_t too_early = 0;
    std::size_t out_of_order = 0;
    loop::time_point last;
    struct context
    {
        std::size_t& fired;
        std::size_t& too_early;
        std::size_t& out_of_order;
        loop::time_point& last;
        std::vector<completion>& timers;
        std::vector<loop::time_point>& deadlines;
    } all{fired, too_early, out_of_order, last, timers, deadlines};
    loop l;
    for (completion& timer : timers)
    {
        deadlines.push_back(l.now() + std::chrono::microseconds(microseconds(random)));
        l.timer_at(
            timer, deadlines.back(),
            [](loop& running, completion& c, result)
            {
                auto& seen = *static_cast<context*>(c.user_data());
                const auto deadline = seen.deadlines[static_cast<std::size_t>(&c - seen.timers.data())];
                ++seen.fired;
                seen.too_early += running.now() < deadline;
                seen.out_of_order += deadline < seen.last;
                seen.last = deadline;
                return next_step::disarm;
            },
            &all);
    }
    BOOST_TEST(l.active() == count);
    BOOST_TEST(l.run(run_mode::until_done) == count);
    BOOST_TEST(fired == count);
    BOOST_TEST(too_early == 0u);
    BOOST_TEST(out_of_order == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
