// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the sizes of a loop's queues, and what they don't hold.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "ordered_writes.hpp"
#include "recorded.hpp"

#include <array>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <vector>

using namespace asio_uring;
using namespace asio_uring::test;
namespace utf = boost::unit_test;

BOOST_AUTO_TEST_SUITE(loop_queues_test)

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
