// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What timers of the loop alone cost. An item is a timer.

#include <asio_uring/loop.hpp>

#include <benchmark/benchmark.h>
#include <chrono>
#include <cstddef>
#include <random>
#include <vector>

namespace {

using asio_uring::completion;
using asio_uring::loop;
using asio_uring::next_step;

// Their times are within the last second, in no order: no time is spent waiting.
void arm_and_fire_loop_timers(benchmark::State& state)
{
    std::vector<completion> timers(static_cast<std::size_t>(state.range()));
    std::size_t fired = 0;
    for (auto _ : state)
    {
        loop l;
        std::minstd_rand random;
        const auto from = loop::clock::now() - std::chrono::seconds(1);
        for (completion& timer : timers)
            l.timer_at(timer, from + std::chrono::nanoseconds(random() % 1'000'000'000),
                [](loop&, completion&, asio_uring::result) { return next_step::disarm; });
        fired += l.run(asio_uring::run_mode::until_done);
    }
    if (fired != timers.size() * static_cast<std::size_t>(state.iterations()))
        state.SkipWithError("a timer did not fire");
    state.SetItemsProcessed(state.iterations() * state.range());
}
BENCHMARK(arm_and_fire_loop_timers)
    ->Unit(benchmark::kMillisecond)
    ->Arg(1'000'000)
    ->Arg(10'000'000)
    ->Iterations(1);

} // namespace
