// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Another handler for a signal, as long as a test needs it.

#ifndef ASIO_URING_TEST_SIGNAL_HANDLER_HPP
#define ASIO_URING_TEST_SIGNAL_HANDLER_HPP

#include <descriptor.hpp>

#include <csignal>

namespace asio_uring::test {

/// Puts another handler in a signal's place while it lives. Interrupted system calls aren't restarted.
class signal_handler
{
public:
    signal_handler(int signal, void (*handler)(int)) : signal_(signal)
    {
        struct sigaction action = {};
        action.sa_handler = handler;
        checked(::sigaction(signal, &action, &old_));
    }

    signal_handler(const signal_handler&) = delete;
    signal_handler& operator=(const signal_handler&) = delete;

    ~signal_handler()
    {
        ::sigaction(signal_, &old_, nullptr);
    }

private:
    int signal_;
    struct sigaction old_ = {};
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_SIGNAL_HANDLER_HPP
