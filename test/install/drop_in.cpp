// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A user's program that links asio_uring::drop_in: stock sockets and a stock timer on our context, and the
// header came first.

#include "round_trip.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#ifndef ASIO_URING_DROP_IN_HPP
#error "asio_uring::drop_in did not include asio_uring/drop_in.hpp"
#endif

int main()
{
    using boost::asio::ip::tcp;
    return round_trip<tcp::acceptor, tcp::socket, boost::asio::steady_timer>();
}
