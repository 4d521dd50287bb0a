// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests how far run() of a loop goes, what a callback may do, and the end of a run.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "recorded.hpp"

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(loop_run_test)

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

BOOST_AUTO_TEST_SUITE_END()
