// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of cancels that meet their target on its way into the kernel.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "faulty_kernel.hpp"
#include "recorded.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

namespace {

/// What cancel_now() must withstand: the moment at which another thread submits its target.
struct cancel_now_against_submission
{
    /// Adds a read, cancels it while another thread is on its way into the kernel with it, and ticks until it
    /// ends.
    void run()
    {
        std::promise<void> on_the_way;
        auto in_wait = on_the_way.get_future();
        l = std::make_unique<loop_on>(kernel);
        l->add(read);
        std::thread driver(
            [&]
            {
                std::unique_lock lock(mutex);
                const auto end = loop::clock::now() + patience;
                for (bool first = true; l->active() != 0 && loop::clock::now() < end; first = false)
                {
                    const loop::wait_plan plan = l->begin_tick(true, 1s);
                    lock.unlock();
                    if (first)
                        on_the_way.set_value();
                    l->wait(plan);
                    lock.lock();
                    l->end_tick();
                }
            });
        in_wait.wait();
        {
            const std::lock_guard lock(mutex);
            cancelling = true;
            l->cancel_now(read);
        }
        driver.join();
        BOOST_REQUIRE(read.calls() == 1u);
        BOOST_TEST(read.only().error() == system_error_code(ECANCELED));
        p.write("x");
        BOOST_TEST(p.read(10) == "x");
    }

    /// For the driver: the cancel is on its way then, and can't end before the driver goes on.
    void wait_for_the_cancel() const
    {
        while (!cancelling)
            std::this_thread::yield();
        std::this_thread::sleep_for(50ms);
    }

    faulty_kernel kernel;
    pipe_pair p;
    char byte = 0;
    std::atomic<bool> cancelling{false};
    recorded read{operation::read{p.reader.get(), &byte, 1}};
    std::mutex mutex;
    std::unique_ptr<loop> l;
};

} // namespace

BOOST_AUTO_TEST_SUITE(loop_cancel_races_test)

BOOST_AUTO_TEST_CASE(a_cancel_of_what_the_kernel_left_behind_ends_it)
{
    faulty_kernel kernel;
    const pipe_pair p;
    char bytes[3] = {};
    std::deque<recorded> reads;
    loop_on l(kernel);
    for (char& byte : bytes)
        l.add(reads.emplace_back(operation::read{p.reader.get(), &byte, 1}));
    kernel.next_enters_return = {-EAGAIN};
    const loop::wait_plan plan = l.begin_tick(true);
    // As another thread would, while this one is in wait().
    BOOST_TEST(l.cancel(reads[1]));
    l.wait(plan);
    BOOST_TEST(l.end_tick() == 1u);
    BOOST_TEST(reads[1].only().error() == system_error_code(ECANCELED));
    p.write("ab");
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(bytes[0] == 'a');
    BOOST_TEST(bytes[2] == 'b');
    BOOST_TEST(l.statistics().submissions == 2u);
}

BOOST_AUTO_TEST_CASE(a_cancel_that_the_kernel_left_behind_follows_once)
{
    faulty_kernel kernel;
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    loop_on l(kernel);
    l.add(read);
    l.run(run_mode::no_wait);
    BOOST_TEST(l.cancel(read));
    kernel.next_enters_return = {-EAGAIN};
    const loop::wait_plan plan = l.begin_tick(true);
    // Another thread asks again, while the first cancel is in the submission queue.
    BOOST_TEST(l.cancel(read));
    l.wait(plan);
    l.end_tick();
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(read.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(l.statistics().submissions == 2u);
}

BOOST_FIXTURE_TEST_CASE(cancel_now_finds_what_a_thread_is_about_to_submit, cancel_now_against_submission)
{
    // The thread takes its time on its way into the kernel.
    std::atomic<int> attempts{0};
    std::atomic<int> attempts_before_it_entered{0};
    kernel.after_register = [&](unsigned opcode) { attempts += opcode == IORING_REGISTER_SYNC_CANCEL; };
    kernel.before_enter = [&, first = true]() mutable
    {
        if (!std::exchange(first, false))
            return;
        wait_for_the_cancel();
        attempts_before_it_entered = attempts.load();
    };
    run();
    // One was made with the loop.
    BOOST_TEST(attempts_before_it_entered == 1);
    BOOST_TEST(attempts == 2);
}

BOOST_FIXTURE_TEST_CASE(cancel_now_returns_where_the_kernel_did_not_take_it, cancel_now_against_submission)
{
    // The thread's submission fails, and it can't take it back while the lock is held for the cancel.
    kernel.before_enter = [&, first = true]() mutable
    {
        if (std::exchange(first, false))
            wait_for_the_cancel();
    };
    kernel.next_enters_return = {-EAGAIN};
    run();
    BOOST_TEST(l->statistics().submissions == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
