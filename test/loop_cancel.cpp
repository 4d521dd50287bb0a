// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of cancellation in the loop: both callbacks' results, wherever the target is, and races with its end.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "recorded.hpp"

#include <boost/test/unit_test.hpp>
#include <deque>
#include <memory>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

namespace {

/// A read of one byte from a pipe into which nobody has written.
struct pending_read
{
    pending_read()
    {
        read.prepare(operation::read{pipe.reader.get(), &byte, 1});
    }

    pipe_pair pipe;
    char byte = 0;
    recorded read;
};

} // namespace

BOOST_AUTO_TEST_SUITE(loop_cancel_test)

BOOST_AUTO_TEST_CASE(cancelling_a_pending_read_tells_both_callbacks)
{
    pending_read target;
    recorded cancel;
    loop l;
    l.add(target.read);
    BOOST_TEST(l.run(run_mode::no_wait) == 0u);
    l.cancel(target.read, cancel);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(target.read.only().error() == system_error_code(ECANCELED));
    BOOST_TEST((target.read.only().error() == std::errc::operation_canceled));
    BOOST_TEST(!cancel.only().error());
    BOOST_TEST(target.read.cancel_requested());
}

BOOST_AUTO_TEST_CASE(a_cancel_may_be_added_as_an_operation)
{
    pending_read target;
    recorded cancel(operation::cancel{&target.read});
    loop l;
    l.add(target.read);
    l.run(run_mode::no_wait);
    l.add(cancel);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(target.read.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(!cancel.only().error());
}

BOOST_AUTO_TEST_CASE(cancelling_without_a_completion_tells_the_target)
{
    pending_read target;
    loop l;
    l.add(target.read);
    l.run(run_mode::no_wait);
    BOOST_TEST(l.cancel(target.read));
    BOOST_TEST(l.active() == 1u);
    BOOST_TEST(target.read.calls() == 0u);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(target.read.only().error() == system_error_code(ECANCELED));
}

BOOST_AUTO_TEST_CASE(what_was_cancelled_can_be_added_again)
{
    pending_read target;
    loop l;
    l.add(target.read);
    l.run(run_mode::no_wait);
    l.cancel(target.read);
    l.run(run_mode::until_done);
    BOOST_TEST(target.read.cancel_requested());
    l.add(target.read);
    BOOST_TEST(!target.read.cancel_requested());
    target.pipe.write("x");
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(target.read.results.back().bytes() == 1u);
}

BOOST_AUTO_TEST_CASE(cancelling_in_the_same_batch_finds_the_target)
{
    pending_read target;
    recorded cancel;
    loop l;
    l.add(target.read);
    l.cancel(target.read, cancel);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(target.read.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(!cancel.only().error());
}

BOOST_AUTO_TEST_CASE(cancelling_something_finished_is_not_found)
{
    pending_read target;
    recorded cancel;
    loop l;
    target.pipe.write("x");
    l.add(target.read);
    l.run(run_mode::until_done);
    BOOST_TEST(!l.cancel(target.read));
    l.cancel(target.read, cancel);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(cancel.only().error() == make_error_code(loop_error::not_found));
    BOOST_TEST(target.read.only().bytes() == 1u);
}

BOOST_AUTO_TEST_CASE(cancelling_something_never_added_is_not_found)
{
    pending_read target;
    recorded cancel;
    loop l;
    BOOST_TEST(!l.cancel(target.read));
    l.cancel(target.read, cancel);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(cancel.only().error() == make_error_code(loop_error::not_found));
}

BOOST_AUTO_TEST_CASE(cancelling_what_is_queued_behind_a_full_submission_queue_needs_no_kernel)
{
    std::deque<pending_read> reads(5);
    recorded cancel;
    loop l(loop_options{1});
    for (pending_read& r : reads)
        l.add(r.read);
    BOOST_TEST(l.cancel(reads[4].read));
    BOOST_TEST(!l.cancel(reads[4].read));
    l.cancel(reads[3].read, cancel);
    BOOST_TEST(l.run(run_mode::once) == 3u);
    BOOST_TEST(reads[4].read.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(reads[3].read.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(!cancel.only().error());
    l.submit();
    BOOST_TEST(l.active() == 3u);
    BOOST_TEST(l.statistics().submissions == 3u);
}

BOOST_AUTO_TEST_CASE(cancelling_a_timer_tells_both_callbacks)
{
    recorded timer;
    recorded cancel;
    loop l;
    timer.start_timer(l, 1h);
    l.cancel(timer, cancel);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST((timer.only().timer() == timer_outcome::cancelled));
    BOOST_TEST(timer.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(!cancel.only().error());
    BOOST_TEST(l.statistics().waits == 0u);
}

BOOST_AUTO_TEST_CASE(cancelling_a_timer_that_expired_and_is_not_called_back_yet_is_not_found)
{
    recorded first;
    recorded second;
    recorded cancel;
    loop l;
    first.then(
        [&](recorded&, result)
        {
            recorded& other = second.active() ? second : first;
            BOOST_TEST(!l.cancel(other));
            l.cancel(other, cancel);
            return next_step::disarm;
        });
    first.start_timer(l, -2ms);
    second.start_timer(l, -1ms);
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
    BOOST_TEST((second.only().timer() == timer_outcome::expired));
    BOOST_TEST(cancel.only().error() == make_error_code(loop_error::not_found));
}

BOOST_AUTO_TEST_CASE(a_cancel_can_be_cancelled_while_it_is_queued)
{
    pending_read target;
    recorded cancel;
    loop l;
    l.add(target.read);
    l.run(run_mode::no_wait);
    l.cancel(target.read, cancel);
    BOOST_TEST(l.cancel(cancel));
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST(cancel.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(target.read.active());
    target.pipe.write("x");
    l.run(run_mode::until_done);
    BOOST_TEST(target.read.only().bytes() == 1u);
}

BOOST_AUTO_TEST_CASE(cancelling_twice_calls_the_target_once)
{
    pending_read target;
    recorded first;
    recorded second;
    loop l;
    l.add(target.read);
    l.run(run_mode::no_wait);
    l.cancel(target.read, first);
    BOOST_TEST(l.cancel(target.read));
    BOOST_TEST(l.cancel(target.read));
    l.cancel(target.read, second);
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
    BOOST_TEST(target.read.only().error() == system_error_code(ECANCELED));
    // All of them may be in time.
    for (const recorded* cancel : {&first, &second})
        BOOST_TEST((cancel->only() || cancel->only().error() == make_error_code(loop_error::not_found)));
}

BOOST_AUTO_TEST_CASE(a_hundred_reads_are_cancelled_in_any_order)
{
    std::deque<pending_read> reads(100);
    std::deque<recorded> cancels(reads.size());
    loop l(loop_options{8});
    for (pending_read& r : reads)
        l.add(r.read);
    l.submit();
    for (std::size_t i = 0; i < reads.size(); ++i)
    {
        const std::size_t n = i * 37 % reads.size();
        if (i % 2)
            l.cancel(reads[n].read, cancels[n]);
        else
            BOOST_TEST(l.cancel(reads[n].read));
    }
    BOOST_TEST(l.run(run_mode::until_done) == 150u);
    for (pending_read& r : reads)
        BOOST_TEST(r.read.only().error() == system_error_code(ECANCELED));
    for (recorded& cancel : cancels)
        BOOST_TEST((cancel.calls() == 0 || !cancel.only().error()));
}

BOOST_AUTO_TEST_CASE(a_cancel_does_not_hit_what_its_target_does_next)
{
    // Both reads are complete when the first callback asks to cancel the second, which then reads again.
    for (const bool told : {false, true})
    {
        pending_read first;
        pending_read second;
        recorded cancel;
        loop l;
        first.read.then(
            [&](recorded&, result)
            {
                if (told)
                    l.cancel(second.read, cancel);
                else
                    l.cancel(second.read);
                return next_step::disarm;
            });
        second.read.then(
            [](recorded& self, result) { return self.calls() == 1 ? next_step::rearm : next_step::disarm; });
        first.pipe.write("a");
        second.pipe.write("b");
        l.add(first.read);
        l.add(second.read);
        BOOST_TEST(l.run(run_mode::once) == 2u);
        l.run(run_mode::no_wait);
        l.run(run_mode::no_wait);
        BOOST_TEST(second.read.active());
        second.pipe.write("c");
        l.run(run_mode::until_done);
        BOOST_REQUIRE(second.read.calls() == 2u);
        BOOST_TEST(second.read.results[0].bytes() == 1u);
        BOOST_TEST(second.read.results[1].bytes() == 1u);
        BOOST_TEST(second.byte == 'c');
        if (told)
            BOOST_TEST(cancel.only().error() == make_error_code(loop_error::not_found));
    }
}

BOOST_AUTO_TEST_CASE(a_target_may_be_destroyed_before_its_cancel_is_told)
{
    const pipe_pair p;
    pending_read first;
    char byte = 0;
    auto second = std::make_unique<recorded>(operation::read{p.reader.get(), &byte, 1});
    recorded cancel;
    loop l;
    first.read.then(
        [&](recorded&, result)
        {
            l.cancel(*second, cancel);
            return next_step::disarm;
        });
    second->then(
        [&](recorded&, result)
        {
            second.reset();
            return next_step::disarm;
        });
    first.pipe.write("a");
    p.write("b");
    l.add(first.read);
    l.add(*second);
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
    BOOST_TEST(cancel.only().error() == make_error_code(loop_error::not_found));
}

BOOST_AUTO_TEST_CASE(a_cancel_that_lost_the_race_leaves_the_data_to_the_target)
{
    constexpr int rounds = 3000;
    pending_read target;
    recorded cancel;
    loop l;
    std::atomic<int> round{0};
    std::thread writer(
        [&]
        {
            for (int i = 1; i <= rounds; ++i)
            {
                while (round < i)
                    std::this_thread::yield();
                target.pipe.write(std::string(1, static_cast<char>(i)));
            }
        });
    for (int i = 1; i <= rounds; ++i)
    {
        target.read.results.clear();
        cancel.results.clear();
        l.add(target.read);
        l.submit();
        round = i;
        // More and more late, from before the write to after it.
        for (const auto start = loop::clock::now();
             loop::clock::now() - start < std::chrono::microseconds(i % 30);)
            ;
        l.cancel(target.read, cancel);
        l.run(run_mode::until_done);
        const result read = target.read.only();
        if (cancel.only())
            BOOST_REQUIRE((read.error() == system_error_code(ECANCELED) || read.bytes() == 1u));
        else
            BOOST_REQUIRE(
                (read.bytes() == 1u || cancel.only().error() == make_error_code(loop_error::in_progress)));
        if (!read)
            BOOST_REQUIRE(target.pipe.read(1) == std::string(1, static_cast<char>(i)));
        else
            BOOST_REQUIRE(target.byte == static_cast<char>(i));
    }
    writer.join();
}

BOOST_AUTO_TEST_CASE(what_a_worker_of_the_kernels_carries_out_can_be_cancelled)
{
    // A worker waits in a connect to a local socket whose backlog is full.
    const full_backlog target;
    recorded connect(operation::connect{target.late.get(), target.get(), target.size});
    recorded cancel;
    recorded pause(operation::timer{2ms});
    loop l;
    l.add(connect);
    l.add(pause);
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST(connect.active());
    l.cancel(connect, cancel);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(connect.only().error() == system_error_code(ECANCELED));
    BOOST_TEST((cancel.only() || cancel.only().error() == make_error_code(loop_error::in_progress)));
}

BOOST_AUTO_TEST_CASE(cancel_now_frees_the_descriptor_though_nobody_runs_the_loop)
{
    socket_pair sockets;
    char byte = 0;
    recorded receive(operation::recv{sockets.first.get(), &byte, 1});
    loop l;
    l.add(receive);
    l.run(run_mode::no_wait);
    BOOST_TEST(l.cancel_now(receive));
    sockets.first.close();
    // The kernel closes the file once it has let go of it.
    BOOST_TEST(ready(sockets.second, POLLIN, 10'000));
    BOOST_TEST(::recv(sockets.second.get(), &byte, 1, 0) == 0);
    BOOST_TEST(receive.active());
    l.run(run_mode::until_done);
    BOOST_TEST(receive.only().error() == system_error_code(ECANCELED));
}

BOOST_AUTO_TEST_CASE(cancel_now_of_what_the_kernel_does_not_have_needs_no_kernel)
{
    pending_read queued;
    pending_read dead;
    recorded timer;
    loop l;
    l.add(queued.read);
    timer.start_timer(l, 1h);
    BOOST_TEST(!l.cancel_now(queued.read));
    BOOST_TEST(!l.cancel_now(timer));
    BOOST_TEST(!l.cancel_now(dead.read));
    BOOST_TEST(queued.read.calls() == 0u);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(queued.read.only().error() == system_error_code(ECANCELED));
    BOOST_TEST((timer.only().timer() == timer_outcome::cancelled));
    BOOST_TEST(l.statistics().waits == 0u);
}

BOOST_AUTO_TEST_CASE(cancel_now_of_something_complete_keeps_its_result)
{
    pending_read target;
    target.pipe.write("x");
    loop l;
    l.add(target.read);
    l.submit();
    l.cancel_now(target.read);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(target.read.only().bytes() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
