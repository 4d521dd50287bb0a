// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Counts the memory that a contender takes from the heap, where the load generator can read the count.

#ifndef ASIO_URING_TEST_BENCH_ALLOCATIONS_HPP
#define ASIO_URING_TEST_BENCH_ALLOCATIONS_HPP

#include <atomic>
#include <cstdint>

namespace asio_uring::bench {

/// What is in the file that the environment variable ASIO_URING_BENCH_COUNTS names: written by a contender,
/// read by the load generator. Without the variable it is private memory.
struct shared_counts
{
    /// Calls of operator new since the program's start.
    std::atomic<std::uint64_t> allocations;
};

/// The counts of this program, which replaces the global operator new; never null.
shared_counts& counts() noexcept;

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_ALLOCATIONS_HPP
