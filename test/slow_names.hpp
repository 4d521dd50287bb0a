// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A name whose resolution takes as long as a test likes.

#ifndef ASIO_URING_TEST_SLOW_NAMES_HPP
#define ASIO_URING_TEST_SLOW_NAMES_HPP

namespace asio_uring::test {

/// While one lives, getaddrinfo(3) in this program doesn't return for `name` before it is told to. There is
/// at most one at a time.
class slow_names
{
public:
    static constexpr const char* name = "slow.test";

    slow_names();
    ~slow_names();
    slow_names(const slow_names&) = delete;
    slow_names& operator=(const slow_names&) = delete;

    /// Returns when somebody waits for the answer.
    void wait_until_asked();

    /// Lets the answer come: the address of this machine.
    void answer();
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_SLOW_NAMES_HPP
