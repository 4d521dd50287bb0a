// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Descriptors for ten thousand connections.

#ifndef ASIO_URING_TEST_BENCH_FILE_LIMIT_HPP
#define ASIO_URING_TEST_BENCH_FILE_LIMIT_HPP

#include <algorithm>
#include <sys/resource.h>

namespace asio_uring::bench {

/// Lets this process have as many descriptors as it may: for root that is as many as any workload needs.
inline void raise_file_limit() noexcept
{
    rlimit files{};
    getrlimit(RLIMIT_NOFILE, &files);
    const rlimit enough{std::max<rlim_t>(files.rlim_max, 32768), std::max<rlim_t>(files.rlim_max, 32768)};
    if (setrlimit(RLIMIT_NOFILE, &enough) == 0)
        return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_FILE_LIMIT_HPP
