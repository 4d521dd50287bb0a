// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Runs a context in several threads, all of which end where one fails.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_THREADS_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_THREADS_HPP

#include <exception>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace http_server {

/// Runs a context in several threads, this one among them, and returns once all have ended.
///
/// @param threads how many, at least 1.
/// @throws std::system_error where a thread can't be created.
/// @throws whatever a handler threw first. In both cases the context is stopped and no thread is left.
template <class Context>
void run_in_threads(Context& context, unsigned threads)
{
    std::mutex mutex;
    std::exception_ptr failure; // the first one; the mutex protects it
    const auto stop_on_failure = [&](auto&& work)
    {
        try
        {
            work();
        }
        catch (...)
        {
            const std::lock_guard lock(mutex);
            if (!failure)
            {
                failure = std::current_exception();
            }
            context.stop();
        }
    };

    std::vector<std::thread> others;
    const auto start_others = [&]
    {
        others.reserve(threads - 1);
        try
        {
            while (others.size() + 1 < threads)
            {
                others.emplace_back(stop_on_failure, [&context] { context.run(); });
            }
        }
        catch (const std::system_error& error)
        {
            throw std::system_error(error.code(),
                "can't start thread " + std::to_string(others.size() + 2) + " of " + std::to_string(threads));
        }
    };
    stop_on_failure(
        [&]
        {
            start_others();
            context.run();
        });
    for (std::thread& other : others)
    {
        other.join();
    }
    if (failure)
    {
        std::rethrow_exception(failure);
    }
}

} // namespace http_server

#endif
