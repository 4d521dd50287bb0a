// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of a loop that looks for completions before it sleeps.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "faulty_kernel.hpp"
#include "own_usage.hpp"
#include "recorded.hpp"

#include <algorithm>
#include <asio_uring/detail/relax_processor.hpp>
#include <atomic>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <future>
#include <sched.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

namespace {

constexpr unsigned entries = 8;

} // namespace

BOOST_AUTO_TEST_SUITE(a_loop_that_spins)

BOOST_DATA_TEST_CASE(
    does_not_ask_the_kernel_to_wait_for_what_comes, boost::unit_test::data::make({false, true}), spins)
{
    faulty_kernel kernel;
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    loop_on l(kernel, {entries, spins ? 1h : 0h});
    std::atomic<bool> started{false};
    kernel.before_enter = [&started] { started = true; };
    bool waited = false;
    std::thread writer(
        [&]
        {
            while (!started)
                std::this_thread::yield();
            std::this_thread::sleep_for(20ms);
            waited = kernel.waits != 0;
            p.write("x");
        });
    l.add(read);
    BOOST_TEST(l.run(run_mode::once) == 1u);
    writer.join();
    BOOST_TEST(waited == !spins);
    BOOST_TEST(byte == 'x');
}

BOOST_AUTO_TEST_CASE(is_not_late_for_its_timers)
{
    recorded timer;
    loop l(loop_options{entries, 1h});
    const auto start = loop::clock::now();
    timer.start_timer(l, 10ms);
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST((loop::clock::now() - start < patience));
}

BOOST_AUTO_TEST_CASE(sleeps_when_the_time_is_over)
{
    recorded timer;
    loop l(loop_options{entries, 1ms});
    // The best of three: where the machine's own processor was taken away, that may count as used.
    auto least = std::chrono::nanoseconds::max();
    for (int i = 0; i < 3 && least >= 250ms; ++i)
    {
        timer.start_timer(l, 500ms);
        const auto before = own_processor_time();
        BOOST_TEST(l.run(run_mode::once) == 1u);
        least = std::min(least, own_processor_time() - before);
    }
    BOOST_TEST((least < 250ms));
}

BOOST_AUTO_TEST_CASE(waits_no_longer_than_its_limit)
{
    for (const std::chrono::nanoseconds spin : {1ns, 1000000ns, 3600000000000ns})
    {
        loop l(loop_options{entries, spin});
        const auto start = loop::clock::now();
        BOOST_TEST(!l.wait(l.begin_tick(true, 10ms)));
        const auto waited = loop::clock::now() - start;
        BOOST_TEST((waited >= 10ms && waited < patience));
        BOOST_TEST(l.end_tick() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(can_be_woken)
{
    loop l(loop_options{entries, 1h});
    for (int i = 0; i < 100; ++i)
    {
        const loop::wait_plan plan = l.begin_tick(true);
        std::thread waker([&l] { l.wake(); });
        BOOST_TEST(!l.wait(plan));
        BOOST_TEST(l.end_tick() == 0u);
        waker.join();
    }
}

BOOST_AUTO_TEST_CASE(submits_again_what_the_kernel_did_not_take)
{
    for (const int error : {EAGAIN, EINTR, EBUSY, ENOMEM})
    {
        faulty_kernel kernel;
        loop_on l(kernel, {entries, 1h});
        const pipe_pair p;
        p.write("x");
        char byte = 0;
        recorded read(operation::read{p.reader.get(), &byte, 1});
        l.add(read);
        kernel.next_enters_return = {-error};
        BOOST_TEST(l.run(run_mode::once) == 1u);
        BOOST_TEST(byte == 'x');
    }
}

// The thread that started the operation can't finish it: it waits for a process that shares its memory.
BOOST_AUTO_TEST_CASE(sleeps_where_another_thread_has_to_finish_an_operation)
{
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    loop l(loop_options{entries, 1us});
    l.add(read);
    std::promise<void> started;
    std::thread starter(
        [&]
        {
            l.run(run_mode::no_wait);
            started.set_value();
            const pid_t process = ::vfork();
            if (process == 0)
            {
                ::usleep(300'000);
                ::_exit(0);
            }
            ::waitpid(process, nullptr, 0);
        });
    started.get_future().wait();
    std::this_thread::sleep_for(50ms);
    p.write("x");
    const auto before = l.statistics().waits;
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST(l.statistics().waits - before < 100u);
    starter.join();
}

BOOST_AUTO_TEST_CASE(a_thread_that_may_use_one_processor_has_no_others)
{
    std::thread(
        []
        {
            cpu_set_t one;
            CPU_ZERO(&one);
            CPU_SET(static_cast<unsigned>(::sched_getcpu()), &one);
            BOOST_TEST(::sched_setaffinity(0, sizeof one, &one) == 0);
            BOOST_TEST(!detail::has_other_processors());
        })
        .join();
    cpu_set_t all;
    BOOST_REQUIRE(::sched_getaffinity(0, sizeof all, &all) == 0);
    BOOST_TEST(detail::has_other_processors() == (CPU_COUNT(&all) > 1));
}

BOOST_AUTO_TEST_SUITE_END()
