// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a program may choose when it makes an io_context.

#ifndef ASIO_URING_IO_CONTEXT_OPTIONS_HPP
#define ASIO_URING_IO_CONTEXT_OPTIONS_HPP

#include <asio_uring/backend.hpp>
#include <asio_uring/detail/asio.hpp>
#include <asio_uring/loop.hpp>
#include <chrono>

namespace asio_uring {

/// What a program may choose when it makes an io_context. Each member has a default that suits most programs.
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: unsafe, it is a plain value.
///
/// @par Example
/// @code
/// asio_uring::io_context_options options;
/// options.ring_entries = 4096;
/// options.backend = asio_uring::backend_preference::io_uring;
/// asio_uring::io_context context(options);
/// @endcode
struct io_context_options
{
    /// The smallest value of ring_entries.
    static constexpr unsigned min_ring_entries = 1;

    /// The largest value of ring_entries.
    static constexpr unsigned max_ring_entries = loop_options::max_entries;

    /// How many threads the program thinks will run the context at a time, or one of Asio's
    /// BOOST_ASIO_CONCURRENCY_HINT_* values. As in Asio, only the UNSAFE values restrict what the program may
    /// do; any other number is a hint. With 1, other threads that run the context see what a handler posts
    /// when it has returned.
    int concurrency_hint = ASIO_URING_CONCURRENCY_HINT_DEFAULT;

    /// The size of the ring's submission queue in entries, from 1 to 8191; the kernel rounds it up to a power
    /// of two. It limits how much is submitted in one system call, not how many operations may be in flight.
    unsigned ring_entries = 256;

    /// How long a thread that runs the context looks for completions before it sleeps in the kernel, each
    /// time there is nothing to do. What comes meanwhile is handled without a wake-up's delay, some ten
    /// microseconds; the price is a busy processor. Zero: not at all. Asio's reactor never does.
    std::chrono::nanoseconds spin{0};

    /// What the context should run on. Only where this is `automatic`, the environment variable
    /// ASIO_URING_BACKEND counts.
    backend_preference backend = backend_preference::automatic;
};

} // namespace asio_uring

#endif // ASIO_URING_IO_CONTEXT_OPTIONS_HPP
