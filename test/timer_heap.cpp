// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the heap of timers against a model.

#include <asio_uring/completion.hpp>
#include <asio_uring/detail/timer_heap.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <vector>

using asio_uring::completion;
using asio_uring::detail::timer_heap;
using time_point = timer_heap::time_point;

namespace {

time_point at(std::int64_t tick)
{
    return time_point(std::chrono::nanoseconds(tick));
}

/// What the heap should be: which timers are in it, by deadline.
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

BOOST_AUTO_TEST_SUITE(timer_heap_test)

BOOST_AUTO_TEST_CASE(a_new_heap_is_empty)
{
    const timer_heap heap;
    BOOST_TEST(heap.empty());
    BOOST_TEST(heap.size() == 0u);
}

BOOST_AUTO_TEST_CASE(pop_gives_the_earliest_for_every_size)
{
    for (std::int64_t size = 1; size <= 70; ++size)
    {
        std::vector<completion> timers(static_cast<std::size_t>(size));
        timer_heap heap;
        for (std::int64_t i = 0; i < size; ++i)
            heap.push(timers[static_cast<std::size_t>(i)], at(i * 71 % size));
        for (std::int64_t i = 0; i < size; ++i)
        {
            BOOST_TEST((heap.earliest() == at(i)));
            heap.pop();
        }
        BOOST_TEST(heap.empty());
    }
}

BOOST_AUTO_TEST_CASE(any_timer_can_be_removed_from_a_heap_of_any_size)
{
    for (std::size_t size = 1; size <= 40; ++size)
        for (std::size_t removed = 0; removed < size; ++removed)
        {
            std::vector<completion> timers(size);
            timer_heap heap;
            for (std::size_t i = 0; i < size; ++i)
                heap.push(timers[i], at(static_cast<std::int64_t>(size - i)));
            heap.remove(timers[removed]);
            BOOST_TEST(heap.size() == size - 1);
            for (std::size_t i = size; i-- != 0;)
                if (i != removed)
                    BOOST_TEST(&heap.pop() == &timers[i]);
        }
}

BOOST_AUTO_TEST_CASE(the_furthest_and_the_nearest_time_have_their_places)
{
    completion far;
    completion near;
    completion middle;
    timer_heap heap;
    heap.push(far, time_point::max());
    heap.push(middle, at(0));
    heap.push(near, time_point::min());
    BOOST_TEST(&heap.pop() == &near);
    BOOST_TEST(&heap.pop() == &middle);
    BOOST_TEST(&heap.pop() == &far);
}

BOOST_DATA_TEST_CASE(a_random_sequence_does_what_a_multimap_does, boost::unit_test::data::xrange(20u), seed)
{
    std::mt19937 random(seed);
    const auto below = [&](std::size_t end) { return random() % end; };
    // Few different deadlines make many equal ones.
    const auto some_time = [&]
    { return at(static_cast<std::int64_t>(below(seed % 2 ? 50 : 1'000'000'000))); };
    std::vector<completion> timers(10 + 100 * seed);
    timer_heap heap;
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
                heap.push(timer, deadline);
                expected.push(timer, deadline);
            }
            break;
        case 3:
            if (expected.holds(timer))
            {
                heap.remove(timer);
                expected.remove(timer);
            }
            break;
        case 4:
            if (expected.holds(timer))
            {
                const time_point deadline = some_time();
                heap.update(timer, deadline);
                expected.update(timer, deadline);
            }
            break;
        case 5:
            if (expected.holds(timer) && !expected.holds(other))
            {
                heap.replace(timer, other);
                expected.replace(timer, other);
            }
            break;
        default:
            if (!heap.empty())
            {
                completion& earliest = heap.pop();
                BOOST_REQUIRE(expected.holds(earliest));
                BOOST_REQUIRE((expected.deadline_of(earliest) == expected.ordered().begin()->first));
                expected.remove(earliest);
            }
        }
        BOOST_REQUIRE(heap.size() == expected.ordered().size());
        if (!heap.empty())
            BOOST_REQUIRE((heap.earliest() == expected.ordered().begin()->first));
    }
    while (!heap.empty())
    {
        BOOST_REQUIRE((heap.earliest() == expected.ordered().begin()->first));
        expected.remove(heap.pop());
    }
}

BOOST_AUTO_TEST_SUITE_END()
