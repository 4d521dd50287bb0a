// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A timer that repeats, and what cancelling it does.
//
// Shows that a stock boost::asio::steady_timer runs on io_uring, that a period measured from the last expiry
// doesn't drift, and that a cancelled wait still calls its handler once, with operation_aborted.
//
// Run it:  timer          (it takes about one second)

#include <asio_uring/io_context.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

using namespace std::chrono_literals;

/// Ticks, and cancels its own timer in the end.
class ticker
{
public:
    ticker(asio_uring::io_context& context, std::chrono::milliseconds period)
        : timer_(context, period),
          period_(period)
    {
        wait();
    }

private:
    static constexpr int enough = 5;

    void wait()
    {
        timer_.async_wait(
            [this](const boost::system::error_code& error)
            {
                if (error)
                {
                    std::cout << "the wait ended early: " << error.message() << std::endl;
                    return;
                }
                const auto elapsed = std::chrono::steady_clock::now() - started_;
                std::cout << "tick " << ++ticks_ << " after "
                          << std::chrono::duration_cast<std::chrono::milliseconds>(elapsed).count() << " ms"
                          << std::endl;
                timer_.expires_at(
                    timer_.expiry() + period_); // not from now: a late tick doesn't delay the next
                wait();
                if (ticks_ == enough)
                    timer_.cancel();
            });
    }

    const std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
    boost::asio::steady_timer timer_;
    const std::chrono::milliseconds period_;
    int ticks_ = 0;
};

} // namespace

int main()
{
    try
    {
        asio_uring::io_context context;
        std::cout << "Running on " << context.backend().description << std::endl;

        const ticker every_200_ms(context, 200ms);
        context.run(); // returns when no wait is left
        return EXIT_SUCCESS;
    }
    catch (const std::exception& error)
    {
        std::cerr << "timer: " << error.what() << std::endl;
        return EXIT_FAILURE;
    }
}
