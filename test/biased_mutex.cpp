// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the mutex that favours a thread: that it excludes, whoever is favoured and whoever comes.

#include <asio_uring/detail/biased_mutex.hpp>

#include "child_process.hpp"
#include "refuse_io_uring.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using asio_uring::detail::biased_mutex;

constexpr int rounds = 10000;

// What the mutex guards, and what counts wrong where it doesn't.
struct guarded
{
    biased_mutex mutex{true};
    int inside = 0;
    long count = 0;
    bool failed = false;

    void enter()
    {
        failed |= ++inside != 1;
        ++count;
    }

    void leave()
    {
        --inside;
    }
};

void take_time(int steps)
{
    for (volatile int i = 0; i < steps * 10;)
        i = i + 1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(the_biased_mutex)

// The favourite is always in the middle of something when another comes.
BOOST_AUTO_TEST_CASE(its_favourite_and_others_exclude_each_other)
{
    guarded g;
    std::atomic<bool> over{false};
    long locks = 0;
    std::thread favourite(
        [&]
        {
            for (; !over; ++locks)
            {
                const std::lock_guard<biased_mutex> lock(g.mutex);
                g.enter();
                take_time(2);
                g.mutex.favour();
                take_time(20);
                g.leave();
            }
            const std::lock_guard<biased_mutex> lock(g.mutex);
            g.mutex.give_up_favour();
        });
    for (int i = 0; i != rounds; ++i)
    {
        std::this_thread::sleep_for(std::chrono::microseconds(20));
        const std::lock_guard<biased_mutex> lock(g.mutex);
        g.enter();
        take_time(20);
        g.leave();
    }
    over = true;
    favourite.join();
    BOOST_TEST(!g.failed);
    BOOST_TEST(g.count == rounds + locks);
}

BOOST_AUTO_TEST_CASE(any_thread_may_want_to_be_favoured)
{
    guarded g;
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t)
        threads.emplace_back(
            [&g]
            {
                for (int i = 0; i != rounds / 4; ++i)
                {
                    const std::lock_guard<biased_mutex> lock(g.mutex);
                    g.enter();
                    if (i % 7 == 0)
                        g.mutex.favour();
                    if (i % 50 == 0)
                        g.mutex.give_up_favour();
                    g.leave();
                }
                const std::lock_guard<biased_mutex> lock(g.mutex);
                g.mutex.give_up_favour();
            });
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(!g.failed);
    BOOST_TEST(g.count == rounds);
}

BOOST_AUTO_TEST_CASE(a_thread_that_comes_waits_for_the_favourite_that_is_inside)
{
    guarded g;
    {
        const std::lock_guard<biased_mutex> lock(g.mutex);
        g.mutex.favour();
    }
    g.mutex.lock();
    std::thread other(
        [&g]
        {
            const std::lock_guard<biased_mutex> lock(g.mutex);
            g.enter();
            g.leave();
        });
    g.enter();
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    g.leave();
    BOOST_TEST(g.count == 1);
    g.mutex.unlock();
    other.join();
    BOOST_TEST(g.count == 2);
    BOOST_TEST(!g.failed);
}

BOOST_AUTO_TEST_CASE(it_excludes_where_a_filter_comes_that_refuses_membarrier)
{
    const int answer = asio_uring::test::in_a_child(
        []
        {
            guarded g;
            {
                const std::lock_guard<biased_mutex> lock(g.mutex);
                g.mutex.favour();
            }
            if (!asio_uring::test::refuse_calls(__NR_membarrier, __NR_membarrier, EPERM))
                return 2;
            std::atomic<bool> over{false};
            std::thread other(
                [&]
                {
                    for (int i = 0; i != 20; ++i)
                    {
                        const std::lock_guard<biased_mutex> lock(g.mutex);
                        g.enter();
                        take_time(20);
                        g.leave();
                    }
                    over = true;
                });
            while (!over)
            {
                const std::lock_guard<biased_mutex> lock(g.mutex);
                g.enter();
                take_time(2);
                g.mutex.favour();
                g.leave();
            }
            other.join();
            return g.failed ? 1 : 0;
        });
    BOOST_TEST(answer == 0);
}

BOOST_AUTO_TEST_CASE(one_that_is_switched_off_never_waits)
{
    biased_mutex mutex(false);
    mutex.lock();
    mutex.favour();
    std::thread([&mutex] { mutex.lock(); }).join();
    mutex.unlock();
    BOOST_TEST(true); // it came here
}

BOOST_AUTO_TEST_SUITE_END()
