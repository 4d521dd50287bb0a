// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What it costs to hand a handler to a context. An item is a handler.

#include "../contender.hpp"
#include "hint.hpp"
#include "iterations.hpp"

#include <atomic>
#include <benchmark/benchmark.h>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <thread>

namespace {

namespace asio = boost::asio;
using asio_uring::bench::hint_of_one_thread;
using asio_uring::bench::iterations_asked_for;
using context_type = asio_uring::bench::contender_context;

constexpr int burst = 1000;

// Each handler posts the next; the last stops the context.
struct chain
{
    void operator()() const
    {
        if (left > 1)
            asio::post(*context, chain{context, left - 1});
        else
            context->stop();
    }

    context_type* context;
    int left;
};

void start_chain(context_type& context)
{
    asio::post(context, chain{&context, burst});
}

asio::awaitable<void> post_often(context_type& context)
{
    for (int i = 0; i < burst; ++i)
        co_await asio::post(asio::use_awaitable);
    context.stop();
}

void start_coroutine(context_type& context)
{
    asio::co_spawn(context, post_often(context), asio::detached);
}

// Measures a burst of handlers, which `start` hands to a context, and their run.
template <typename Start>
void run_bursts(benchmark::State& state, context_type& context, Start start)
{
    for (auto _ : state)
    {
        start(context);
        context.run();
        context.restart();
    }
    state.SetItemsProcessed(state.iterations() * burst);
}

template <typename Start>
void run_bursts(benchmark::State& state, Start start)
{
    context_type context(hint_of_one_thread());
    run_bursts(state, context, start);
}

// As in a program that does more than post.
template <typename Start>
void run_bursts_beside_a_timer(benchmark::State& state, Start start)
{
    context_type context(hint_of_one_thread());
    asio::steady_timer timer(context, std::chrono::hours(1));
    timer.async_wait([](const auto&) {});
    run_bursts(state, context, start);
}

void post_chain(benchmark::State& state)
{
    run_bursts(state, start_chain);
}
BENCHMARK(post_chain)->Apply(iterations_asked_for);

void post_chain_beside_a_timer(benchmark::State& state)
{
    run_bursts_beside_a_timer(state, start_chain);
}
BENCHMARK(post_chain_beside_a_timer)->Apply(iterations_asked_for);

void post_burst(benchmark::State& state)
{
    run_bursts(state,
        [](context_type& context)
        {
            for (int i = 0; i < burst; ++i)
                asio::post(context, [] {});
        });
}
BENCHMARK(post_burst)->Apply(iterations_asked_for);

void dispatch_inside(benchmark::State& state)
{
    int called = 0;
    run_bursts(state,
        [&called](context_type& context)
        {
            asio::post(context,
                [&]
                {
                    for (int i = 0; i < burst; ++i)
                        asio::dispatch(context, [&called] { benchmark::DoNotOptimize(++called); });
                });
        });
}
BENCHMARK(dispatch_inside)->Apply(iterations_asked_for);

void co_await_post(benchmark::State& state)
{
    run_bursts(state, start_coroutine);
}
BENCHMARK(co_await_post)->Apply(iterations_asked_for);

void co_await_post_beside_a_timer(benchmark::State& state)
{
    run_bursts_beside_a_timer(state, start_coroutine);
}
BENCHMARK(co_await_post_beside_a_timer)->Apply(iterations_asked_for);

// Another thread runs the context.
class runner
{
public:
    runner() : thread_([this] { context_.run(); }) {}

    ~runner()
    {
        guard_.reset();
        thread_.join();
    }

    context_type& context()
    {
        return context_;
    }

private:
    context_type context_;
    asio::executor_work_guard<context_type::executor_type> guard_{context_.get_executor()};
    std::thread thread_;
};

void post_burst_from_another_thread(benchmark::State& state)
{
    runner other;
    for (auto _ : state)
    {
        std::atomic<bool> over = false;
        for (int i = 1; i < burst; ++i)
            asio::post(other.context(), [] {});
        asio::post(other.context(),
            [&over]
            {
                over = true;
                over.notify_one();
            });
        over.wait(false);
    }
    state.SetItemsProcessed(state.iterations() * burst);
}
BENCHMARK(post_burst_from_another_thread)->UseRealTime();

// Each handler is posted to the other of two threads.
struct hop
{
    void operator()() const
    {
        if (--*left > 0)
            asio::post(*there, hop{there, here, left, over});
        else
            over->store(true), over->notify_one();
    }

    context_type* here;
    context_type* there;
    int* left;
    std::atomic<bool>* over;
};

void hop_between_threads(benchmark::State& state)
{
    constexpr int hops = 100;
    runner a;
    runner b;
    for (auto _ : state)
    {
        int left = hops;
        std::atomic<bool> over = false;
        asio::post(a.context(), hop{&a.context(), &b.context(), &left, &over});
        over.wait(false);
    }
    state.SetItemsProcessed(state.iterations() * hops);
}
BENCHMARK(hop_between_threads)->UseRealTime();

} // namespace
