// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The concurrency hint of a context that one thread runs.

#ifndef ASIO_URING_TEST_BENCH_MICRO_HINT_HPP
#define ASIO_URING_TEST_BENCH_MICRO_HINT_HPP

#include <cstdlib>

namespace asio_uring::bench {

/// 1, or what the environment variable ASIO_URING_BENCH_HINT says; with -1 a context is as if it was
/// default-constructed.
inline int hint_of_one_thread()
{
    const char* const hint = std::getenv("ASIO_URING_BENCH_HINT");
    return hint != nullptr ? std::atoi(hint) : 1;
}

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_MICRO_HINT_HPP
