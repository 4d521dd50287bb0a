// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What the calling thread has used up.

#ifndef ASIO_URING_TEST_OWN_USAGE_HPP
#define ASIO_URING_TEST_OWN_USAGE_HPP

#include <chrono>
#include <ctime>

namespace asio_uring::test {

inline std::chrono::nanoseconds own_processor_time()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_OWN_USAGE_HPP
