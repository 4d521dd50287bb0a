// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests timers that many threads arm, cancel, move and destroy while others run the context.

#include <contexts.hpp>
#include <own_usage.hpp>
#include <runners.hpp>

#include <array>
#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/system_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using error_code = boost::system::error_code;

// What all users of a test share.
struct tally
{
    std::atomic<int> started = 0;
    std::atomic<int> ended = 0;
    std::atomic<int> early = 0;

    template <typename Timer>
    void wait(Timer& timer)
    {
        ++started;
        timer.async_wait(
            [this, expiry = timer.expiry()](const error_code& ec)
            {
                ++ended;
                early += !ec && Timer::clock_type::now() < expiry ? 1 : 0;
            });
    }
};

template <typename Timer, typename Context>
void use(Context& context, dice random, tally& shared)
{
    std::array<std::optional<Timer>, 20> timers;
    for (auto& timer : timers)
        timer.emplace(context);
    for (int i = 0; i != 20000; ++i)
    {
        Timer& timer = *timers[random(20)];
        Timer& other = *timers[random(20)];
        const std::chrono::microseconds soon(random(2000));
        switch (random(8))
        {
        case 0:
            timer.expires_after(soon);
            shared.wait(timer);
            break;
        case 1:
            shared.wait(timer);
            break;
        case 2:
            timer.cancel();
            break;
        case 3:
            timer.cancel_one();
            break;
        case 4:
            if (&timer != &other)
                timer = std::move(other);
            break;
        case 5:
            timers[random(20)].emplace(context, soon);
            break;
        case 6:
            timer.expires_at(Timer::time_point::max());
            shared.wait(timer);
            break;
        default:
            asio::cancellation_signal signal;
            ++shared.started;
            timer.async_wait(
                asio::bind_cancellation_slot(signal.slot(), [&](const error_code&) { ++shared.ended; }));
            random.dawdle(200);
            if (random.one_in(2))
                signal.emit(asio::cancellation_type::all);
        }
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(threads_timers)

BOOST_AUTO_TEST_CASE_TEMPLATE(each_wait_ends_once_and_none_early, Context, all_contexts)
{
    Context context;
    tally shared;
    {
        const runners running(context, 2);
        std::thread first([&] { use<asio::steady_timer>(context, dice(1), shared); });
        std::thread second([&] { use<asio::system_timer>(context, dice(2), shared); });
        first.join();
        second.join();
        BOOST_TEST(comes_about([&] { return shared.ended == shared.started; }));
    }
    BOOST_TEST(shared.early == 0);
}

// A program may use a timer as an event that very many wait for.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_cancel_of_very_many_waits_takes_no_time, Context, all_contexts)
{
    Context context;
    asio::steady_timer timer(context, 1h);
    constexpr int waits = 20000;
    int aborted = 0;
    for (int i = 0; i != waits; ++i)
        timer.async_wait([&](const error_code& ec) { aborted += ec ? 1 : 0; });
    const auto start = own_processor_time();
    BOOST_TEST(timer.cancel() == std::size_t(waits));
    // A quadratic one takes several seconds, a linear one less than a millisecond.
    BOOST_TEST((own_processor_time() - start < 500ms));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(aborted == waits);
}

BOOST_AUTO_TEST_SUITE_END()
