// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests that signal sets on rings, on each other's contexts and on Asio's own share the signals of the
// process.

#include <contexts.hpp>
#include <outcome.hpp>
#include <signals.hpp>

#include <algorithm>
#include <array>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <memory>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;
using asio::signal_set;

// A context of any kind with a set on it.
class listener
{
public:
    virtual ~listener() = default;
    virtual void listen() = 0;
    virtual void clear() = 0;
    virtual bool hears_one() = 0;
    virtual bool hears_none() = 0;
};

template <typename Context>
class listener_on : public listener
{
public:
    void listen() override
    {
        set_.add(SIGUSR1);
    }

    void clear() override
    {
        set_.clear();
    }

    bool hears_one() override
    {
        outcome waited;
        set_.async_wait(into(waited));
        return run_until(context_, [&] { return waited.over(); }) && heard(waited, SIGUSR1) && hears_none();
    }

    bool hears_none() override
    {
        outcome waited;
        set_.async_wait(into(waited));
        tick(context_);
        set_.cancel();
        return run_to_the_end(context_) && waited.aborted();
    }

private:
    Context context_;
    signal_set set_{context_};
};

using listeners = std::array<std::unique_ptr<listener>, 3>;

// Two rings and a context of Asio's, in an order that counts.
listeners make_listeners(const std::array<int, 3>& order)
{
    listeners made;
    for (const int i : order)
    {
        auto& place = made[static_cast<std::size_t>(i)];
        if (i == 0)
            place = std::make_unique<listener_on<stock>>();
        else
            place = std::make_unique<listener_on<ring>>();
    }
    return made;
}

template <typename Function>
void for_all_orders(Function function)
{
    std::array<int, 3> order{0, 1, 2};
    do
        function(order);
    while (std::next_permutation(order.begin(), order.end()));
}

void ready_the_listeners(listeners& all, const std::array<int, 3>& order)
{
    for (const int i : order)
        all[static_cast<std::size_t>(i)]->listen();
}

} // namespace

BOOST_AUTO_TEST_SUITE(signals_shared)

BOOST_AUTO_TEST_CASE(all_contexts_hear_a_signal_in_whatever_order_they_came)
{
    for_all_orders(
        [](const std::array<int, 3>& made)
        {
            for_all_orders(
                [&](const std::array<int, 3>& listening)
                {
                    auto all = make_listeners(made);
                    ready_the_listeners(all, listening);
                    std::raise(SIGUSR1);
                    for (const auto& one : all)
                        BOOST_TEST(one->hears_one());
                });
        });
    BOOST_TEST(is_default(SIGUSR1));
}

BOOST_AUTO_TEST_CASE(who_clears_its_set_hears_no_more_and_the_others_do)
{
    for_all_orders(
        [](const std::array<int, 3>& order)
        {
            auto all = make_listeners({0, 1, 2});
            ready_the_listeners(all, {0, 1, 2});
            for (std::size_t gone = 0; gone != order.size(); ++gone)
            {
                BOOST_TEST(!is_default(SIGUSR1));
                std::raise(SIGUSR1);
                for (std::size_t i = 0; i != order.size(); ++i)
                {
                    auto& one = *all[static_cast<std::size_t>(order[i])];
                    BOOST_TEST((i < gone ? one.hears_none() : one.hears_one()));
                }
                all[static_cast<std::size_t>(order[gone])]->clear();
            }
            BOOST_TEST(is_default(SIGUSR1));
        });
}

BOOST_AUTO_TEST_CASE(contexts_end_in_any_order_and_the_others_hear)
{
    for_all_orders(
        [](const std::array<int, 3>& order)
        {
            auto all = make_listeners({0, 1, 2});
            ready_the_listeners(all, {1, 0, 2});
            for (const int i : order)
            {
                BOOST_TEST(!is_default(SIGUSR1));
                std::raise(SIGUSR1);
                for (const auto& one : all)
                    BOOST_TEST((one == nullptr || one->hears_one()));
                all[static_cast<std::size_t>(i)].reset();
            }
            BOOST_TEST(is_default(SIGUSR1));
        });
}

BOOST_AUTO_TEST_CASE(a_set_listens_again_after_it_was_cleared)
{
    auto all = make_listeners({0, 1, 2});
    ready_the_listeners(all, {0, 1, 2});
    for (const std::size_t i : {1U, 0U, 2U, 0U, 1U})
    {
        all[i]->clear();
        all[i]->listen();
        std::raise(SIGUSR1);
        for (const auto& one : all)
            BOOST_TEST(one->hears_one());
    }
}

BOOST_AUTO_TEST_CASE(a_ring_that_nobody_runs_takes_no_signal_away)
{
    ring idle;
    ring busy;
    const auto guard = asio::make_work_guard(idle);
    signal_set idle_set(idle, SIGUSR1);
    signal_set busy_set(busy, SIGUSR1);
    outcome idle_wait;
    outcome busy_wait;
    idle_set.async_wait(into(idle_wait));
    busy_set.async_wait(into(busy_wait));
    tick(idle);
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(busy));
    BOOST_TEST(heard(busy_wait, SIGUSR1));
    BOOST_TEST(run_until(idle, [&] { return idle_wait.over(); }));
    BOOST_TEST(heard(idle_wait, SIGUSR1));
}

BOOST_AUTO_TEST_CASE(a_ring_without_locks_has_the_signals_of_the_rings_to_itself)
{
    ring alone(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
    {
        signal_set set(alone, SIGUSR1);
        outcome waited;
        set.async_wait(into(waited));
        std::raise(SIGUSR1);
        BOOST_TEST(run_to_the_end(alone));
        BOOST_TEST(heard(waited, SIGUSR1));
    }
    ring other;
    BOOST_CHECK_THROW(signal_set(other, SIGUSR1), std::logic_error);
}

BOOST_AUTO_TEST_CASE(no_signal_is_lost_among_threads)
{
    constexpr int count = 500;
    const auto hear_all = [](auto& context, signal_set& set)
    {
        int got = 0;
        struct again
        {
            void operator()(const error_code& ec, int) const
            {
                if (!ec && ++got != count)
                    set.async_wait(*this);
            }
            signal_set& set;
            int& got;
        };
        set.async_wait(again{set, got});
        run_to_the_end(context);
        return got;
    };
    ring rings_[2];
    stock plain;
    signal_set sets[] = {
        signal_set(rings_[0], SIGUSR1), signal_set(rings_[1], SIGUSR1), signal_set(plain, SIGUSR1)};
    int got[3] = {};
    std::vector<std::thread> runners;
    for (int i = 0; i != 2; ++i)
        runners.emplace_back([&, i] { got[i] = hear_all(rings_[i], sets[i]); });
    runners.emplace_back([&] { got[2] = hear_all(plain, sets[2]); });
    std::vector<std::thread> raisers;
    for (int i = 0; i != 2; ++i)
        raisers.emplace_back(
            []
            {
                for (int n = 0; n != count / 2; ++n)
                    std::raise(SIGUSR1);
            });
    for (auto& thread : raisers)
        thread.join();
    for (auto& thread : runners)
        thread.join();
    BOOST_TEST(got[0] == count);
    BOOST_TEST(got[1] == count);
    BOOST_TEST(got[2] == count);
}

BOOST_AUTO_TEST_CASE(sets_come_and_go_while_signals_come)
{
    stock plain;
    const signal_set keeps_the_process_alive(plain, SIGUSR1);
    ring contexts[2];
    constexpr int count = 200;
    int heard_by[2] = {};
    std::vector<std::thread> threads;
    for (int t = 0; t != 2; ++t)
        threads.emplace_back(
            [&context = contexts[t], &count_heard = heard_by[t]]
            {
                for (int i = 0; i != count; ++i)
                {
                    signal_set set(context, SIGUSR1);
                    outcome waited;
                    set.async_wait(into(waited));
                    std::raise(SIGUSR1);
                    count_heard += run_to_the_end(context) && heard(waited, SIGUSR1) ? 1 : 0;
                }
            });
    for (auto& thread : threads)
        thread.join();
    BOOST_TEST(heard_by[0] == count);
    BOOST_TEST(heard_by[1] == count);
}

BOOST_AUTO_TEST_SUITE_END()
