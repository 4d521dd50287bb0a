// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Threads that run a context for a test, and what such tests measure by.

#ifndef ASIO_URING_TEST_RUNNERS_HPP
#define ASIO_URING_TEST_RUNNERS_HPP

#include <contexts.hpp>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <random>
#include <thread>
#include <vector>

namespace asio_uring::test {

/// Any number of threads that run a context until this ends.
template <typename Context>
class runners
{
public:
    runners(Context& context, int count) : context_(context), guard_(asio::make_work_guard(context))
    {
        for (int i = 0; i != count; ++i)
            threads_.emplace_back([this] { context_.run(); });
    }

    runners(const runners&) = delete;
    runners& operator=(const runners&) = delete;

    ~runners()
    {
        context_.stop();
        for (std::thread& thread : threads_)
            thread.join();
    }

private:
    Context& context_;
    asio::executor_work_guard<typename Context::executor_type> guard_;
    std::vector<std::thread> threads_;
};

/// Waits for something that another thread brings about, without sleeping. Returns whether it came.
template <typename Condition>
bool comes_about(Condition holds)
{
    constexpr unsigned looks_at_a_time = 1000;
    const auto end = std::chrono::steady_clock::now() + long_enough;
    for (unsigned looks = 0; !holds(); ++looks)
    {
        if (looks != looks_at_a_time)
            continue;
        if (std::chrono::steady_clock::now() > end)
            return false;
        looks = 0;
        std::this_thread::yield();
    }
    return true;
}

/// Runs a context for a moment, in one of the ways that return soon.
template <typename Context>
void run_a_moment(Context& context, unsigned way)
{
    constexpr std::chrono::microseconds moment{100};
    switch (way % 4)
    {
    case 0:
        context.poll();
        break;
    case 1:
        context.poll_one();
        break;
    case 2:
        context.run_one_for(moment);
        break;
    default:
        context.run_for(moment);
    }
}

/// Random numbers from a seed.
class dice
{
public:
    explicit dice(unsigned seed) : random_(seed) {}

    /// A number from 0 to `n` - 1.
    unsigned operator()(unsigned n)
    {
        return static_cast<unsigned>(random_() % n);
    }

    bool one_in(unsigned n)
    {
        return (*this)(n) == 0;
    }

    /// Passes up to `n` turns of a loop, so that what follows meets another thread at another moment.
    void dawdle(unsigned n)
    {
        for (std::atomic<unsigned> left((*this)(n)); left != 0; --left)
            ;
    }

private:
    std::mt19937 random_;
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_RUNNERS_HPP
