// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What timers cost where there are many of them. An item is a timer.

#include "../contender.hpp"
#include "hint.hpp"
#include "iterations.hpp"

#include <benchmark/benchmark.h>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>
#include <cstdint>
#include <random>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio_uring::bench::hint_of_one_thread;
using asio_uring::bench::iterations_asked_for;
using context_type = asio_uring::bench::contender_context;
using clock_type = std::chrono::steady_clock;
using timer_type =
    asio::basic_waitable_timer<clock_type, asio::wait_traits<clock_type>, context_type::executor_type>;

// As many timers as the benchmark's argument says.
std::vector<timer_type> timers_of(context_type& context, const benchmark::State& state)
{
    const auto count = static_cast<std::size_t>(state.range());
    std::vector<timer_type> timers;
    timers.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        timers.emplace_back(context);
    return timers;
}

// At different times within a second, in no order.
void arm(std::vector<timer_type>& timers, clock_type::time_point from)
{
    std::minstd_rand random;
    for (timer_type& timer : timers)
    {
        timer.expires_at(from + std::chrono::nanoseconds(random() % 1'000'000'000));
        timer.async_wait([](const boost::system::error_code&) {});
    }
}

void arm_timers(benchmark::State& state)
{
    context_type context(hint_of_one_thread());
    auto timers = timers_of(context, state);
    for (auto _ : state)
    {
        arm(timers, clock_type::now() + std::chrono::hours(1));
        state.PauseTiming();
        for (timer_type& timer : timers)
            timer.cancel();
        context.run();
        context.restart();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * state.range());
}
BENCHMARK(arm_timers)
    ->Unit(benchmark::kMillisecond)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Apply(iterations_asked_for);

void cancel_timers(benchmark::State& state)
{
    context_type context(hint_of_one_thread());
    auto timers = timers_of(context, state);
    for (auto _ : state)
    {
        state.PauseTiming();
        arm(timers, clock_type::now() + std::chrono::hours(1));
        state.ResumeTiming();
        for (timer_type& timer : timers)
            timer.cancel();
        context.run();
        context.restart();
    }
    state.SetItemsProcessed(state.iterations() * state.range());
}
BENCHMARK(cancel_timers)
    ->Unit(benchmark::kMillisecond)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Apply(iterations_asked_for);

// All are due when the context runs, so that no time is spent waiting.
void fire_timers(benchmark::State& state)
{
    context_type context(hint_of_one_thread());
    auto timers = timers_of(context, state);
    for (auto _ : state)
    {
        state.PauseTiming();
        const auto armed = clock_type::now();
        arm(timers, armed);
        std::this_thread::sleep_until(armed + std::chrono::seconds(1));
        state.ResumeTiming();
        context.run();
        context.restart();
    }
    state.SetItemsProcessed(state.iterations() * state.range());
}
BENCHMARK(fire_timers)
    ->Unit(benchmark::kMillisecond)
    ->Arg(10'000)
    ->Arg(1'000'000)
    ->Iterations(3)
    ->Apply(iterations_asked_for);

// What a server does that gives each of its connections 30 s from its last message on.
void rearm_an_idle_timer(benchmark::State& state)
{
    constexpr std::size_t connections = 10'000;
    context_type context(hint_of_one_thread());
    std::vector<timer_type> timers;
    for (std::size_t i = 0; i < connections; ++i)
        timers.emplace_back(context);
    const auto arm_one = [](timer_type& timer)
    {
        timer.expires_after(std::chrono::seconds(30));
        timer.async_wait([](const boost::system::error_code&) {});
    };
    for (timer_type& timer : timers)
        arm_one(timer);
    std::size_t next = 0;
    for (auto _ : state)
    {
        for (int i = 0; i < 64; ++i)
            arm_one(timers[next++ % connections]);
        context.poll();
    }
    state.SetItemsProcessed(state.iterations() * 64);
}
BENCHMARK(rearm_an_idle_timer)->Apply(iterations_asked_for);

void wait_for_what_is_due(benchmark::State& state)
{
    context_type context(hint_of_one_thread());
    timer_type timer(context);
    for (auto _ : state)
    {
        timer.expires_at(clock_type::time_point());
        timer.async_wait([](const boost::system::error_code&) {});
        context.run();
        context.restart();
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(wait_for_what_is_due)->Apply(iterations_asked_for);

} // namespace
