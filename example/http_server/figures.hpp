// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The figures of the running server that /status shows: plain counters, written by every connection.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_FIGURES_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_FIGURES_HPP

#include <atomic>
#include <chrono>
#include <cstdint>

namespace http_server {

/// Counters of the whole server, since it started.
///
/// @par Thread Safety
/// Shared objects: safe. Each counter is read on its own, so a page may show two of them a moment apart.
struct figures
{
    const std::chrono::steady_clock::time_point started = std::chrono::steady_clock::now();
    std::atomic<std::uint64_t> requests = 0;
    std::atomic<std::uint64_t> open_connections = 0;
    std::atomic<std::uint64_t> total_connections = 0;
    std::atomic<std::uint64_t> bytes_sent = 0;
};

/// Adds to a counter. Nothing else is ordered by it, so this is the cheapest addition that loses nothing.
inline void count(std::atomic<std::uint64_t>& counter, std::uint64_t amount = 1) noexcept
{
    counter.fetch_add(amount, std::memory_order_relaxed);
}

} // namespace http_server

#endif
