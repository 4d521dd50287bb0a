// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A user's program with the headers that are safe everywhere: sockets and a timer on our executor.

#include "round_trip.hpp"

#include <asio_uring/ip/tcp.hpp>
#include <asio_uring/timers.hpp>

#ifdef ASIO_URING_DROP_IN_HPP
#error "asio_uring::asio_uring included asio_uring/drop_in.hpp"
#endif

int main()
{
    return round_trip<asio_uring::ip::tcp::acceptor, asio_uring::ip::tcp::socket, asio_uring::steady_timer>();
}
