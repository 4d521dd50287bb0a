// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What tests of signal sets ask of the process.

#ifndef ASIO_URING_TEST_SIGNALS_HPP
#define ASIO_URING_TEST_SIGNALS_HPP

#include <descriptor.hpp>
#include <outcome.hpp>

#include <csignal>
#include <cstddef>

namespace asio_uring::test {

/// Whether a wait ended with this signal.
inline bool heard(const outcome& waited, int signal_number) noexcept
{
    return waited.transferred(static_cast<std::size_t>(signal_number));
}

/// Whether a signal does to the process what it does where nobody listens to it.
inline bool is_default(int signal_number)
{
    struct sigaction action = {};
    checked(::sigaction(signal_number, nullptr, &action));
    return action.sa_handler == SIG_DFL;
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_SIGNALS_HPP
