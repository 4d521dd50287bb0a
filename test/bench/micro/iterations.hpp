// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Lets whoever counts instructions say how often a micro-benchmark goes round.

#ifndef ASIO_URING_TEST_BENCH_MICRO_ITERATIONS_HPP
#define ASIO_URING_TEST_BENCH_MICRO_ITERATIONS_HPP

#include <benchmark/benchmark.h>
#include <cstdlib>

namespace asio_uring::bench {

/// Takes the number of iterations from the environment variable ASIO_URING_BENCH_ITERATIONS where it is set.
/// To be given to Apply() of a benchmark.
inline void iterations_asked_for(benchmark::internal::Benchmark* benchmark)
{
    if (const char* const number = std::getenv("ASIO_URING_BENCH_ITERATIONS"))
        benchmark->Iterations(std::atoi(number));
}

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_MICRO_ITERATIONS_HPP
