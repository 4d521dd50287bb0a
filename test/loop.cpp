// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the loop: how far run() goes, its queues, its time, its end.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "ordered_writes.hpp"
#include "recorded.hpp"

#include <array>
#include <atomic>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <stdexcept>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;
namespace utf = boost::unit_test;

BOOST_AUTO_TEST_SUITE(loop_test)

BOOST_AUTO_TEST_CASE(too_many_entries_are_refused)
{
    for (const unsigned entries : {0u, loop_options::max_entries + 1, ~0u})
    {
        std::error_code error;
        const loop l(loop_options{entries}, error);
        BOOST_TEST(error == make_error_code(loop_error::too_many_entries));
        BOOST_CHECK_EXCEPTION(loop{loop_options{entries}}, std::system_error,
            [](const std::system_error& e)
            {
                return e.code() == loop_error::too_many_entries &&
                       e.what() == "asio_uring::loop: " + e.code().message();
            });
    }
}

BOOST_AUTO_TEST_CASE(the_fewest_and_the_most_entries_are_taken)
{
    for (const unsigned entries : {1u, loop_options::max_entries})
    {
        std::error_code error = loop_error::too_many_entries;
        const loop l(loop_options{entries}, error);
        BOOST_TEST(!error);
    }
}

BOOST_AUTO_TEST_CASE(a_loop_without_completions_returns_at_once)
{
    loop l;
    for (const run_mode mode : {run_mode::no_wait, run_mode::once, run_mode::until_done})
        BOOST_TEST(l.run(mode) == 0u);
    BOOST_TEST(l.statistics().waits == 0u);
}

BOOST_AUTO_TEST_CASE(no_wait_calls_what_is_complete_and_does_not_wait)
{
    const pipe_pair silent;
    const pipe_pair full;
    full.write("x");
    char byte = 0;
    char other = 0;
    recorded pending(operation::read{silent.reader.get(), &byte, 1});
    recorded complete(operation::read{full.reader.get(), &other, 1});
    loop l;
    l.add(pending);
    BOOST_TEST(l.run(run_mode::no_wait) == 0u);
    l.add(complete);
    BOOST_TEST(l.run(run_mode::no_wait) == 1u);
    BOOST_TEST(complete.calls() == 1u);
    BOOST_TEST(pending.active());
}

BOOST_AUTO_TEST_CASE(no_wait_sees_what_ended_while_the_thread_was_not_in_the_kernel)
{
    for (int round = 0; round < 20; ++round)
    {
        const pipe_pair p;
        char byte = 0;
        recorded read(operation::read{p.reader.get(), &byte, 1});
        loop l;
        l.add(read);
        l.run(run_mode::no_wait);
        std::atomic<bool> go{false};
        std::atomic<bool> written{false};
        std::thread writer(
            [&]
            {
                while (!go)
                    ;
                p.write("x");
                written = true;
            });
        go = true;
        while (!written)
            ;
        BOOST_TEST(l.run(run_mode::no_wait) == 1u);
        writer.join();
    }
}

BOOST_AUTO_TEST_CASE(no_wait_sees_what_overflowed_the_completion_queue)
{
    const pipe_pair p;
    ordered_writes w(100, p);
    loop l(loop_options{1});
    w.add_to(l);
    l.submit();
    // Each run finds at least one, and calls it.
    for (int runs = 0; l.active() != 0 && runs < 100; ++runs)
        l.run(run_mode::no_wait);
    BOOST_TEST(w.called_in_order());
}

BOOST_AUTO_TEST_CASE(once_waits_for_the_first_completion)
{
    const pipe_pair silent;
    char byte = 0;
    recorded pending(operation::read{silent.reader.get(), &byte, 1});
    recorded first;
    recorded second;
    loop l;
    l.add(pending);
    first.start_timer(l, 5ms);
    second.start_timer(l, 1h);
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST(first.calls() == 1u);
    BOOST_TEST(l.active() == 2u);
}

BOOST_AUTO_TEST_CASE(until_done_returns_where_nothing_is_active)
{
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    recorded write(operation::write{p.writer.get(), "x", 1});
    recorded timer;
    loop l;
    l.add(read);
    timer.start_timer(l, 2ms);
    timer.then(
        [&](recorded&, result)
        {
            l.add(write);
            return next_step::disarm;
        });
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
    BOOST_TEST(l.active() == 0u);
    BOOST_TEST(byte == 'x');
}

BOOST_AUTO_TEST_CASE(a_callback_is_never_called_inside_add_or_submit)
{
    const pipe_pair p;
    recorded write(operation::write{p.writer.get(), "x", 1});
    recorded timer;
    loop l;
    l.add(write);
    timer.start_timer(l, 0ms);
    BOOST_TEST(!l.submit());
    BOOST_TEST(p.read(1) == "x");
    BOOST_TEST(write.active());
    BOOST_TEST(write.calls() == 0u);
    BOOST_TEST(timer.calls() == 0u);
    l.run(run_mode::until_done);
    BOOST_TEST(write.calls() == 1u);
    BOOST_TEST(timer.calls() == 1u);
}

BOOST_DATA_TEST_CASE(a_full_submission_queue_keeps_the_order, utf::data::xrange(1u, 9u), entries)
{
    const pipe_pair p;
    ordered_writes w(200, p);
    loop l(loop_options{entries});
    w.add_to(l);
    BOOST_TEST(l.active() == 200u);
    BOOST_TEST(l.run(run_mode::until_done) == 200u);
    BOOST_TEST(p.read(1000) == w.expected());
    BOOST_TEST(w.called_in_order());
}

BOOST_AUTO_TEST_CASE(the_largest_submission_queue_keeps_the_order)
{
    const pipe_pair p;
    ordered_writes w(20'000, p);
    loop l(loop_options{loop_options::max_entries});
    w.add_to(l);
    BOOST_TEST(l.run(run_mode::until_done) == 20'000u);
    BOOST_TEST(p.read(30'000) == w.expected());
    BOOST_TEST(w.called_in_order());
    BOOST_TEST(l.statistics().waits <= 3u);
}

BOOST_DATA_TEST_CASE(
    what_is_behind_a_full_submission_queue_does_not_wait_for_it, utf::data::xrange(1u, 9u), entries)
{
    // None of the reads can end before the write, which is the last.
    const pipe_pair p;
    std::array<char, 32> bytes{};
    std::deque<recorded> reads;
    recorded write(operation::write{p.writer.get(), "0123456789abcdef0123456789abcdef", bytes.size()});
    loop l(loop_options{entries});
    for (char& byte : bytes)
        l.add(reads.emplace_back(operation::read{p.reader.get(), &byte, 1}));
    l.add(write);
    BOOST_TEST(l.run(run_mode::until_done) == bytes.size() + 1);
    BOOST_TEST(write.only().bytes() == bytes.size());
}

BOOST_DATA_TEST_CASE(submit_hands_over_more_than_the_queue_holds, utf::data::xrange(1u, 9u), entries)
{
    const pipe_pair p;
    ordered_writes w(200, p);
    loop l(loop_options{entries});
    w.add_to(l);
    BOOST_TEST(!l.submit());
    BOOST_TEST(p.read(1000) == w.expected());
    BOOST_TEST(w.calls() == 0u);
    l.run(run_mode::until_done);
    BOOST_TEST(w.called_in_order());
}

BOOST_AUTO_TEST_CASE(an_overflowing_completion_queue_loses_nothing)
{
    const pipe_pair p;
    ordered_writes w(20'000, p);
    loop l(loop_options{1});
    w.add_to(l);
    BOOST_TEST(!l.submit());
    BOOST_TEST(l.run(run_mode::until_done) == 20'000u);
    BOOST_TEST(p.read(30'000) == w.expected());
    BOOST_TEST(w.called_in_order());
}

BOOST_AUTO_TEST_CASE(completions_that_overflow_while_nobody_runs_the_loop_are_called_later)
{
    constexpr std::size_t count = 500;
    const pipe_pair p;
    std::vector<char> bytes(count);
    std::deque<recorded> reads;
    loop l(loop_options{1});
    for (char& byte : bytes)
        l.add(reads.emplace_back(operation::read{p.reader.get(), &byte, 1}));
    l.submit();
    p.write(std::string(count, 'x'));
    l.run(run_mode::until_done);
    for (const recorded& read : reads)
        BOOST_TEST(read.only().bytes() == 1u);
    BOOST_TEST(std::string(bytes.begin(), bytes.end()) == std::string(count, 'x'));
}

BOOST_AUTO_TEST_CASE(rearm_adds_the_completion_again)
{
    const pipe_pair p;
    p.write("abc");
    char byte = 0;
    std::string seen;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    read.then(
        [&](recorded& self, result)
        {
            BOOST_TEST(!self.active());
            seen += byte;
            return seen.size() < 3 ? next_step::rearm : next_step::disarm;
        });
    loop l;
    l.add(read);
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
    BOOST_TEST(seen == "abc");
}

BOOST_AUTO_TEST_CASE(a_callback_may_add_its_completion_with_another_operation)
{
    const pipe_pair p;
    char byte = 0;
    recorded c(operation::write{p.writer.get(), "x", 1});
    loop l;
    c.then(
        [&](recorded& self, result)
        {
            if (self.calls() == 1)
            {
                self.prepare(operation::read{p.reader.get(), &byte, 1});
                l.add(self);
            }
            return next_step::disarm;
        });
    l.add(c);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(byte == 'x');
}

BOOST_AUTO_TEST_CASE(a_callback_may_destroy_its_completion)
{
    const pipe_pair p;
    auto owned = std::make_unique<recorded>(operation::write{p.writer.get(), "x", 1});
    auto* const c = new completion(operation::write{p.writer.get(), "x", 1},
        [](loop&, completion& self, result)
        {
            delete &self;
            return next_step::disarm;
        });
    loop l;
    l.add(*owned);
    l.add(*c);
    owned->then(
        [&](recorded&, result)
        {
            BOOST_TEST(l.active() == 1u);
            return next_step::disarm;
        });
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
}

BOOST_AUTO_TEST_CASE(a_completion_without_a_callback_is_counted)
{
    const pipe_pair p;
    completion c(operation::write{p.writer.get(), "x", 1}, nullptr);
    loop l;
    l.add(c);
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST((c.get_state() == completion::state::dead));
}

BOOST_AUTO_TEST_CASE(stop_ends_run_after_the_callback_and_is_for_ever)
{
    const pipe_pair p;
    p.write("ab");
    char bytes[2] = {};
    recorded first(operation::read{p.reader.get(), &bytes[0], 1});
    recorded second(operation::read{p.reader.get(), &bytes[1], 1});
    recorded timer;
    loop l;
    first.then(
        [&](recorded&, result)
        {
            l.stop();
            return next_step::disarm;
        });
    l.add(first);
    l.add(second);
    BOOST_TEST(!l.stopped());
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(l.stopped());
    timer.start_timer(l, 0ms);
    for (const run_mode mode : {run_mode::no_wait, run_mode::once, run_mode::until_done})
        BOOST_TEST(l.run(mode) == 0u);
    BOOST_TEST(second.calls() == 0u);
    BOOST_TEST(timer.calls() == 0u);
    BOOST_TEST(l.active() == 2u);
}

BOOST_AUTO_TEST_CASE(stop_before_run_makes_it_do_nothing)
{
    recorded timer;
    loop l;
    timer.start_timer(l, 0ms);
    l.stop();
    BOOST_TEST(l.run(run_mode::until_done) == 0u);
    BOOST_TEST(timer.calls() == 0u);
}

BOOST_AUTO_TEST_CASE(the_time_is_constant_during_a_tick)
{
    loop l;
    std::vector<loop::time_point> seen;
    const auto look = [&](recorded&, result)
    {
        for (const auto start = loop::clock::now(); loop::clock::now() - start < 2ms;)
            ;
        seen.push_back(l.now());
        return next_step::disarm;
    };
    const pipe_pair p;
    recorded first(operation::write{p.writer.get(), "x", 1}, look);
    recorded second(operation::write{p.writer.get(), "x", 1}, look);
    recorded timer(operation::timer{0ms}, look);
    l.add(first);
    l.add(second);
    l.add(timer);
    l.run(run_mode::once);
    BOOST_REQUIRE(seen.size() == 3u);
    BOOST_TEST((seen[0] == seen[1]));
    BOOST_TEST((seen[0] == seen[2]));
}

BOOST_AUTO_TEST_CASE(the_time_moves_on_with_each_tick)
{
    loop l;
    const auto made = l.now();
    recorded first(operation::timer{3ms});
    l.add(first);
    l.run(run_mode::until_done);
    BOOST_TEST((l.now() >= made + 3ms));
    BOOST_TEST((l.now() <= loop::clock::now()));
}

BOOST_AUTO_TEST_CASE(update_now_reads_the_clock)
{
    loop l;
    const auto before = loop::clock::now();
    BOOST_TEST((l.now() <= before));
    l.update_now();
    BOOST_TEST((l.now() >= before));
}

BOOST_AUTO_TEST_CASE(a_run_inside_a_run_is_refused)
{
    loop l;
    std::error_code error;
    bool thrown = false;
    recorded timer(operation::timer{0ms},
        [&](recorded&, result)
        {
            BOOST_TEST(l.run(run_mode::no_wait, error) == 0u);
            try
            {
                l.run(run_mode::no_wait);
            }
            catch (const std::system_error& e)
            {
                thrown = e.code() == loop_error::nested_run;
            }
            return next_step::disarm;
        });
    recorded other(operation::timer{0ms});
    l.add(timer);
    l.add(other);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(error == make_error_code(loop_error::nested_run));
    BOOST_TEST(thrown);
    l.add(other);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
}

BOOST_AUTO_TEST_CASE(an_exception_leaves_run_and_a_later_run_goes_on)
{
    const pipe_pair p;
    p.write("abcd");
    std::array<char, 4> bytes{};
    std::deque<recorded> all;
    loop l;
    const auto fail = [](recorded&, result) -> next_step { throw std::runtime_error("from a callback"); };
    for (char& byte : bytes)
        l.add(all.emplace_back(operation::read{p.reader.get(), &byte, 1}, fail));
    for (int i = 0; i < 4; ++i)
        l.add(all.emplace_back(operation::timer{0ms}, fail));
    for (std::size_t thrown = 1; thrown <= all.size(); ++thrown)
    {
        BOOST_CHECK_THROW(l.run(run_mode::until_done), std::runtime_error);
        BOOST_TEST(l.active() == all.size() - thrown);
    }
    BOOST_TEST(l.run(run_mode::until_done) == 0u);
    for (const recorded& c : all)
        BOOST_TEST(c.calls() == 1u);
    BOOST_TEST(std::string(bytes.begin(), bytes.end()) == "abcd");
}

BOOST_AUTO_TEST_CASE(what_an_exception_left_behind_is_called_back_without_waiting)
{
    const pipe_pair silent;
    char byte = 0;
    recorded pending(operation::read{silent.reader.get(), &byte, 1});
    const auto fail = [](recorded&, result) -> next_step { throw std::runtime_error("from a callback"); };
    recorded first(operation::timer{0ms}, fail);
    recorded second(operation::timer{0ms}, fail);
    loop l;
    for (recorded* c : {&pending, &first, &second})
        l.add(*c);
    BOOST_CHECK_THROW(l.run(run_mode::once), std::runtime_error);
    BOOST_TEST(l.active() == 2u);
    BOOST_TEST(!l.begin_tick(true).block);
    BOOST_CHECK_THROW(l.run(run_mode::once), std::runtime_error);
    BOOST_TEST(first.calls() + second.calls() == 2u);
}

BOOST_AUTO_TEST_CASE(the_statistics_count_submissions_completions_and_system_calls)
{
    const pipe_pair p;
    ordered_writes w(100, p);
    recorded timer(operation::timer{0ms});
    loop l(loop_options{128});
    w.add_to(l);
    l.add(timer);
    l.run(run_mode::until_done);
    BOOST_TEST(l.statistics().submissions == 100u);
    BOOST_TEST(l.statistics().completions == 100u);
    BOOST_TEST(l.statistics().waits == 1u);
}

BOOST_AUTO_TEST_CASE(submission_and_wait_are_one_system_call)
{
    socket_pair sockets;
    char byte = 0;
    int turns = 0;
    loop l;
    recorded receive(operation::recv{sockets.first.get(), &byte, 1});
    recorded send(operation::send{sockets.second.get(), "x", 1});
    receive.then(
        [&](recorded&, result)
        {
            if (++turns == 100)
                return next_step::disarm;
            l.add(send);
            return next_step::rearm;
        });
    l.add(receive);
    l.add(send);
    const auto waits_before = l.statistics().waits;
    l.run(run_mode::until_done);
    // Both may complete in one tick, or in two.
    BOOST_TEST(l.statistics().waits - waits_before <= 201u);
}

BOOST_AUTO_TEST_CASE(an_idle_loop_makes_no_system_calls)
{
    const pipe_pair silent;
    char byte = 0;
    recorded read(operation::read{silent.reader.get(), &byte, 1});
    recorded timer(operation::timer{300ms},
        [&](recorded&, result)
        {
            silent.write("x");
            return next_step::disarm;
        });
    loop l;
    l.add(read);
    l.add(timer);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    // One that submits and waits, one after the timer; and one for a wait that ended early.
    BOOST_TEST(l.statistics().waits <= 3u);
}

BOOST_AUTO_TEST_CASE(a_steady_stream_of_cancels_is_handed_over_while_the_queue_stays_full)
{
    const pipe_pair silent;
    char byte = 0;
    descriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    recorded target(operation::read{silent.reader.get(), &byte, 1});
    std::deque<recorded> busy;
    loop l(loop_options{1});
    l.add(target);
    l.run(run_mode::no_wait);
    for (int i = 0; i < 4; ++i)
        l.add(busy.emplace_back(operation::write{null.get(), "x", 1}, [&](recorded& self, result)
            { return target.active() && self.calls() < 10'000 ? next_step::rearm : next_step::disarm; }));
    l.run(run_mode::no_wait);
    BOOST_TEST(l.cancel(target));
    while (l.active() > 1)
        l.run(run_mode::once);
    BOOST_TEST(!target.active());
    BOOST_TEST(busy.front().calls() < 100u);
}

BOOST_AUTO_TEST_SUITE_END()
