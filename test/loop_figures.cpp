// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what a loop tells: the time, and how much it did.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "ordered_writes.hpp"
#include "recorded.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <vector>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(loop_figures_test)

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

BOOST_AUTO_TEST_SUITE_END()
