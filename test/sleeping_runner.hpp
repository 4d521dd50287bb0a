// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A thread that sleeps in a context while a test does something to it.

#ifndef ASIO_URING_TEST_SLEEPING_RUNNER_HPP
#define ASIO_URING_TEST_SLEEPING_RUNNER_HPP

#include <contexts.hpp>
#include <process.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <future>
#include <thread>
#include <unistd.h>

namespace asio_uring::test {

/// A thread that runs a context until this ends, and sleeps when this is made.
template <typename Context>
class sleeping_runner
{
public:
    explicit sleeping_runner(Context& context)
        : context_(context),
          guard_(asio::make_work_guard(context)),
          far_away_(context, std::chrono::hours(1))
    {
        // So that the thread sleeps in the context's reactor, as in any program.
        far_away_.async_wait([](const boost::system::error_code&) {});
        std::promise<pid_t> number;
        asio::post(context, [&] { number.set_value(::gettid()); });
        thread_ = std::thread([this] { context_.run(); });
        const pid_t thread = number.get_future().get();
        while (!sleeps(thread))
            std::this_thread::yield();
    }

    sleeping_runner(const sleeping_runner&) = delete;
    sleeping_runner& operator=(const sleeping_runner&) = delete;

    ~sleeping_runner()
    {
        context_.stop();
        thread_.join();
    }

    std::thread::id id() const
    {
        return thread_.get_id();
    }

private:
    Context& context_;
    asio::executor_work_guard<typename Context::executor_type> guard_;
    asio::steady_timer far_away_;
    std::thread thread_;
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_SLEEPING_RUNNER_HPP
