// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the timer wheel against a model.

#include <asio_uring/completion.hpp>
#include <asio_uring/detail/timer_wheel.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <vector>

using asio_uring::completion;
using asio_uring::detail::timer_wheel;
using time_point = timer_wheel::time_point;

namespace {

time_point at(std::int64_t tick)
{
    return time_point(std::chrono::nanoseconds(tick));
}

/// What the wheel should be: which timers are in it, by deadline.
class model
{
public:
    using map = std::multimap<time_point, completion*>;

    void push(completion& timer, time_point deadline)
    {
        places_[&timer] = ordered_.emplace(deadline, &timer);
    }

    void remove(completion& timer)
    {
        ordered_.erase(places_.at(&timer));
        places_.erase(&timer);
    }

    void update(completion& timer, time_point deadline)
    {
        remove(timer);
        push(timer, deadline);
    }

    void replace(completion& from, completion& to)
    {
        const time_point deadline = places_.at(&from)->first;
        remove(from);
        push(to, deadline);
    }

    time_point deadline_of(completion& timer) const
    {
        return places_.at(&timer)->first;
    }

    bool holds(completion& timer) const
    {
        return places_.count(&timer) != 0;
    }

    const map& ordered() const
    {
        return ordered_;
    }

private:
    map ordered_;
    std::map<completion*, map::iterator> places_;
};

} // namespace

// Takes out of both what is due.
void expire(timer_wheel& wheel, model& expected, time_point now)
{
    while (completion* const timer = wheel.pop_due(now))
    {
        BOOST_REQUIRE(expected.holds(*timer));
        BOOST_REQUIRE((expected.deadline_of(*timer) == expected.ordered().begin()->first));
        BOOST_REQUIRE((expected.deadline_of(*timer) <= now));
        expected.remove(*timer);
    }
    if (!expected.ordered().empty())
        BOOST_REQUIRE((expected.ordered().begin()->first > now));
}

BOOST_AUTO_TEST_SUITE(timer_wheel_test)

BOOST_AUTO_TEST_CASE(a_new_wheel_is_empty)
{
    timer_wheel wheel;
    BOOST_TEST(wheel.empty());
    BOOST_TEST(wheel.size() == 0u);
    BOOST_TEST((wheel.next_event() == time_point::max()));
    BOOST_TEST(wheel.pop_due(time_point::max()) == nullptr);
}

BOOST_AUTO_TEST_CASE(timers_expire_in_order_and_none_early)
{
    for (const std::int64_t distance : {1L, 1'000L, 100'000L, 10'000'000L, 5'000'000'000L})
    {
        std::vector<completion> timers(70);
        timer_wheel wheel;
        for (std::int64_t i = 0; i < 70; ++i)
            wheel.push(timers[static_cast<std::size_t>(i)], at(i * 71 % 70 * distance));
        for (std::int64_t i = 0; i < 70; ++i)
        {
            BOOST_TEST(wheel.pop_due(at(i * distance - 1)) == nullptr);
            BOOST_TEST(wheel.pop_due(at(i * distance)) == &timers[static_cast<std::size_t>(i)]);
        }
        BOOST_TEST(wheel.empty());
    }
}

BOOST_AUTO_TEST_CASE(any_timer_can_be_removed_whether_its_time_has_come_or_not)
{
    for (const std::int64_t now : {0, 20, 1'000'000'000})
        for (std::size_t removed = 0; removed < 40; ++removed)
        {
            std::vector<completion> timers(40);
            timer_wheel wheel;
            for (std::size_t i = 0; i < 40; ++i)
                wheel.push(timers[i], at(10 + static_cast<std::int64_t>(i * 100'000)));
            completion first;
            wheel.push(first, at(0));
            BOOST_TEST(wheel.pop_due(at(now)) == &first);
            wheel.remove(timers[removed]);
            BOOST_TEST(wheel.size() == 39u);
            for (std::size_t i = 0; i < 40; ++i)
                if (i != removed)
                    BOOST_TEST(wheel.pop_due(at(1'000'000'000)) == &timers[i]);
            BOOST_TEST(wheel.empty());
        }
}

BOOST_AUTO_TEST_CASE(the_furthest_and_the_nearest_time_have_their_places)
{
    completion far;
    completion near;
    completion middle;
    timer_wheel wheel;
    wheel.push(far, time_point::max());
    wheel.push(middle, at(0));
    wheel.push(near, time_point::min());
    BOOST_TEST((wheel.next_event() == time_point::min()));
    BOOST_TEST(wheel.pop_due(at(0)) == &near);
    BOOST_TEST(wheel.pop_due(at(0)) == &middle);
    BOOST_TEST(wheel.pop_due(time_point::max() - std::chrono::nanoseconds(1)) == nullptr);
    BOOST_TEST(&wheel.pop_any() == &far);
}

BOOST_AUTO_TEST_CASE(few_timers_let_nobody_wake_up_in_vain)
{
    std::vector<completion> timers(10);
    timer_wheel wheel;
    const auto seconds = [](std::size_t s) { return at(static_cast<std::int64_t>(s) * 1'000'000'000); };
    for (std::size_t i = 0; i < 10; ++i)
        wheel.push(timers[i], seconds(10 + i));
    BOOST_TEST(wheel.pop_due(seconds(9)) == nullptr);
    wheel.remove(timers[0]);
    BOOST_TEST((wheel.next_event() == seconds(11)));
    wheel.update(timers[1], seconds(100));
    BOOST_TEST((wheel.next_event() == seconds(12)));
    wheel.update(timers[2], seconds(11));
    BOOST_TEST((wheel.next_event() == seconds(11)));
    BOOST_TEST(wheel.pop_due(seconds(15)) == &timers[2]);
    wheel.remove(timers[3]);
    BOOST_TEST(wheel.pop_due(seconds(15)) == &timers[4]);
    BOOST_TEST(wheel.pop_due(seconds(15)) == &timers[5]);
    BOOST_TEST(wheel.pop_due(seconds(15)) == nullptr);
    BOOST_TEST((wheel.next_event() == seconds(16)));
}

// So many are put in order by the digits of their deadlines, of which there are 1 to 63 bits.
BOOST_DATA_TEST_CASE(
    many_timers_that_come_due_together_expire_in_order, boost::unit_test::data::xrange(9u), step)
{
    std::mt19937_64 random(step);
    const unsigned bits = 1 + step * 31 / 4;
    std::vector<completion> timers(10'000);
    timer_wheel wheel;
    model expected;
    for (completion& timer : timers)
    {
        const time_point deadline = at(static_cast<std::int64_t>(random() >> (64 - bits)));
        wheel.push(timer, deadline);
        expected.push(timer, deadline);
    }
    completion* const first = wheel.pop_due(time_point::max());
    BOOST_REQUIRE(first != nullptr);
    BOOST_TEST((expected.deadline_of(*first) == expected.ordered().begin()->first));
    expected.remove(*first);
    for (completion& timer : timers)
        if (expected.holds(timer) && random() % 4 == 0)
        {
            wheel.remove(timer);
            expected.remove(timer);
        }
    expire(wheel, expected, time_point::max());
    BOOST_TEST(wheel.empty());
}

BOOST_DATA_TEST_CASE(a_random_sequence_does_what_a_multimap_does, boost::unit_test::data::xrange(40u), seed)
{
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t end) { return random() % end; };
    // Few different deadlines make many equal ones; many bits lead through all levels of the wheel.
    const unsigned bits = 4 + seed % 10 * 6;
    time_point now = at(seed % 3 == 0 ? 0 : 1'000'000'000'000);
    const auto some_time = [&]
    { return now + std::chrono::nanoseconds(random() >> (64 - bits)) - std::chrono::nanoseconds(3); };
    std::vector<completion> timers(10 + 50 * seed);
    timer_wheel wheel;
    model expected;
    for (int step = 0; step < 20'000; ++step)
    {
        completion& timer = timers[below(timers.size())];
        completion& other = timers[below(timers.size())];
        switch (below(8))
        {
        case 0:
        case 1:
        case 2:
            if (!expected.holds(timer))
            {
                const time_point deadline = some_time();
                wheel.push(timer, deadline);
                expected.push(timer, deadline);
            }
            break;
        case 3:
            if (expected.holds(timer))
            {
                wheel.remove(timer);
                expected.remove(timer);
            }
            break;
        case 4:
            if (expected.holds(timer))
            {
                const time_point deadline = some_time();
                wheel.update(timer, deadline);
                expected.update(timer, deadline);
            }
            break;
        case 5:
            if (expected.holds(timer) && !expected.holds(other))
            {
                wheel.replace(timer, other);
                expected.replace(timer, other);
            }
            break;
        case 6:
            // As a loop does that was told when the next timer is due.
            if (!expected.ordered().empty() && wheel.next_event() > now)
                now = wheel.next_event();
            expire(wheel, expected, now);
            break;
        default:
            now += std::chrono::nanoseconds(random() >> (64 - bits)) / 1'000;
            if (completion* const first = wheel.pop_due(now))
            {
                BOOST_REQUIRE((expected.deadline_of(*first) == expected.ordered().begin()->first));
                expected.remove(*first);
            }
        }
        BOOST_REQUIRE(wheel.size() == expected.ordered().size());
        if (!wheel.empty())
            BOOST_REQUIRE((wheel.next_event() <= expected.ordered().begin()->first));
    }
    while (!wheel.empty())
    {
        completion& any = wheel.pop_any();
        BOOST_REQUIRE((expected.deadline_of(any) == expected.ordered().begin()->first));
        expected.remove(any);
    }
}

BOOST_AUTO_TEST_SUITE_END()
