// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What programs on plain liburing do where the submission queue is full.

#ifndef ASIO_URING_TEST_BENCH_NEXT_SUBMISSION_HPP
#define ASIO_URING_TEST_BENCH_NEXT_SUBMISSION_HPP

#include <liburing.h>

namespace asio_uring::bench {

/// An empty submission queue entry; hands over those that are filled in where there is none.
inline io_uring_sqe* next_submission(io_uring& ring) noexcept
{
    if (io_uring_sqe* const sqe = io_uring_get_sqe(&ring))
        return sqe;
    io_uring_submit(&ring);
    return io_uring_get_sqe(&ring);
}

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_NEXT_SUBMISSION_HPP
