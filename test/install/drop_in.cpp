// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A user's program that links asio_uring::drop_in: a stock timer on our context fires, and the header came
// first.

#include <boost/asio/steady_timer.hpp>
#include <chrono>

#ifndef ASIO_URING_DROP_IN_HPP
#error "asio_uring::drop_in did not include asio_uring/drop_in.hpp"
#endif

int main()
{
    asio_uring::io_context context;
    boost::asio::steady_timer timer(context, std::chrono::milliseconds(1));
    bool fired = false;
    timer.async_wait([&](const boost::system::error_code& error) { fired = !error; });
    context.run();
    return fired ? 0 : 1;
}
