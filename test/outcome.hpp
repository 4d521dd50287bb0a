// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What became of an asynchronous operation, and a handler that writes it down.

#ifndef ASIO_URING_TEST_OUTCOME_HPP
#define ASIO_URING_TEST_OUTCOME_HPP

#include <boost/asio/error.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>

namespace asio_uring::test {

using boost::system::error_code;

/// What an operation's handler got, and how often.
struct outcome
{
    int calls = 0;
    error_code ec;
    std::size_t bytes = 0;

    /// Whether the operation is over, once.
    bool over() const noexcept
    {
        return calls == 1;
    }

    /// Whether it is over with this error.
    bool failed_with(const error_code& error) const noexcept
    {
        return over() && ec == error;
    }

    bool aborted() const noexcept
    {
        return failed_with(boost::asio::error::operation_aborted);
    }

    /// Whether it is over without an error.
    bool succeeded() const noexcept
    {
        return over() && !ec;
    }

    /// Whether it is over without an error, and transferred this many bytes.
    bool transferred(std::size_t expected) const noexcept
    {
        return succeeded() && bytes == expected;
    }
};

/// A handler that writes down what it gets.
inline auto into(outcome& what)
{
    return [&what](const error_code& ec, std::size_t bytes = 0)
    {
        ++what.calls;
        what.ec = ec;
        what.bytes = bytes;
    };
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_OUTCOME_HPP
