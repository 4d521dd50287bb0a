// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The one difference between the contenders that are Asio programs: what a context is. The build defines one
// of ASIO_URING_BENCH_OURS, ASIO_URING_BENCH_EPOLL and ASIO_URING_BENCH_ASIO_URING; the last has Asio's own
// macros, too.

#ifndef ASIO_URING_TEST_BENCH_CONTENDER_HPP
#define ASIO_URING_TEST_BENCH_CONTENDER_HPP

#if defined(ASIO_URING_BENCH_OURS)
#include <asio_uring/drop_in.hpp>
#include <asio_uring/io_context.hpp>
#endif
#include <boost/asio/io_context.hpp>
#include <chrono>

namespace asio_uring::bench {

#if defined(ASIO_URING_BENCH_OURS)
using contender_context = asio_uring::io_context;

/// A context that spins before it sleeps.
inline contender_context make_context(int concurrency_hint, std::chrono::nanoseconds spin)
{
    io_context_options options;
    options.concurrency_hint = concurrency_hint;
    options.spin = spin;
    return contender_context(options);
}
#else
#if defined(ASIO_URING_BENCH_EPOLL) && !defined(BOOST_ASIO_HAS_EPOLL)
#error "this contender is Asio on epoll"
#endif
#if defined(ASIO_URING_BENCH_ASIO_URING) && !defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
#error "this contender is Asio on its own io_uring"
#endif
using contender_context = boost::asio::io_context;

/// Asio's contexts don't spin.
inline contender_context make_context(int concurrency_hint, std::chrono::nanoseconds)
{
    return contender_context(concurrency_hint);
}
#endif

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_CONTENDER_HPP
