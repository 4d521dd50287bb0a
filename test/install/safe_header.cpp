// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A user's program with the header that is safe everywhere: a timer on our executor fires.

#include <asio_uring/io_context.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <chrono>

int main()
{
    using clock = std::chrono::steady_clock;
    using executor = asio_uring::io_context::executor_type;
    using timer_type = boost::asio::basic_waitable_timer<clock, boost::asio::wait_traits<clock>, executor>;

    asio_uring::io_context context;
    timer_type timer(context, std::chrono::milliseconds(1));
    bool fired = false;
    timer.async_wait([&](const boost::system::error_code& error) { fired = !error; });
    context.run();
    return fired ? 0 : 1;
}
