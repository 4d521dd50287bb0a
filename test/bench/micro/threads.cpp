// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What handlers cost where two threads run one context. An item is a handler.

#include "../contender.hpp"

#include <array>
#include <atomic>
#include <benchmark/benchmark.h>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <cstddef>
#include <cstdint>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using context_type = asio_uring::bench::contender_context;
using strand_type = asio::strand<context_type::executor_type>;

// So many handlers are ready or running at any time, and so many are called in all.
constexpr std::size_t ready = 64;
constexpr int handlers = 100'000;

// Counts handlers, and lets a thread wait for the last.
class countdown
{
public:
    void start(int from)
    {
        left_ = from;
    }

    // Counts one, and returns whether there are more to come than are ready by now.
    bool next()
    {
        const int left = left_.fetch_sub(1, std::memory_order_acq_rel) - 1;
        if (left == 0)
            left_.notify_one();
        return left >= static_cast<int>(ready);
    }

    void wait() const
    {
        for (int left = left_; left != 0; left = left_)
            left_.wait(left);
    }

private:
    std::atomic<int> left_ = 0;
};

class two_threads
{
public:
    two_threads()
    {
        for (std::thread& thread : threads_)
            thread = std::thread([this] { context_.run(); });
    }

    ~two_threads()
    {
        guard_.reset();
        for (std::thread& thread : threads_)
            thread.join();
    }

    context_type& context()
    {
        return context_;
    }

private:
    context_type context_{2};
    asio::executor_work_guard<context_type::executor_type> guard_{context_.get_executor()};
    std::array<std::thread, 2> threads_;
};

// Each handler posts another one.
struct link
{
    void operator()() const
    {
        if (left->next())
            asio::post(*context, *this);
    }

    context_type* context;
    countdown* left;
};

void posts_of_two_threads(benchmark::State& state)
{
    countdown left;
    two_threads runners;
    for (auto _ : state)
    {
        left.start(handlers);
        for (std::size_t i = 0; i < ready; ++i)
            asio::post(runners.context(), link{&runners.context(), &left});
        left.wait();
    }
    state.SetItemsProcessed(state.iterations() * handlers);
}
BENCHMARK(posts_of_two_threads)->UseRealTime();

// Each handler posts another one to the next strand, and counts in a variable of its own strand.
struct strand_link
{
    void operator()() const
    {
        ++(*called)[at].count;
        const std::size_t next = (at + 1) % strands->size();
        if (left->next())
            asio::post((*strands)[next], strand_link{strands, called, left, next});
    }

    struct alignas(64) counter
    {
        std::int64_t count = 0;
    };

    std::vector<strand_type>* strands;
    std::vector<counter>* called;
    countdown* left;
    std::size_t at;
};

void strands_of_two_threads(benchmark::State& state)
{
    constexpr std::size_t strand_count = 1000;
    std::vector<strand_link::counter> called(strand_count);
    {
        countdown left;
        two_threads runners;
        std::vector<strand_type> strands;
        for (std::size_t i = 0; i < strand_count; ++i)
            strands.push_back(asio::make_strand(runners.context()));
        for (auto _ : state)
        {
            left.start(handlers);
            for (std::size_t i = 0; i < ready; ++i)
            {
                const std::size_t at = i * strand_count / ready;
                asio::post(strands[at], strand_link{&strands, &called, &left, at});
            }
            left.wait();
        }
    }
    std::int64_t all = 0;
    for (const strand_link::counter& counter : called)
        all += counter.count;
    if (all != state.iterations() * handlers)
        state.SkipWithError("a strand ran two handlers at a time");
    state.SetItemsProcessed(state.iterations() * handlers);
}
BENCHMARK(strands_of_two_threads)->UseRealTime();

} // namespace
