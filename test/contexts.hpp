// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The contexts on which I/O objects are tested, and runs of them that end also where the library is wrong.

#ifndef ASIO_URING_TEST_CONTEXTS_HPP
#define ASIO_URING_TEST_CONTEXTS_HPP

#include <asio_uring/io_context.hpp>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <tuple>

namespace asio_uring::test {

namespace asio = boost::asio;

/// No test waits longer than this for something that should happen soon; a loaded machine is slow, not
/// broken.
inline constexpr std::chrono::seconds long_enough{100};

inline io_context_options options_for(backend_preference backend, int concurrency_hint) noexcept
{
    io_context_options options;
    options.backend = backend;
    options.concurrency_hint = concurrency_hint;
    return options;
}

/// What a program's contexts get here: a ring, or Asio's reactor where the tests run without io_uring. Asked
/// once, so that no test goes without a ring that others have.
inline const backend_info& usual_backend()
{
    static const backend_info backend = io_context().backend();
    return backend;
}

/// A context as a program gets it, or none.
struct ring : io_context
{
    explicit ring(int concurrency_hint = ASIO_URING_CONCURRENCY_HINT_DEFAULT)
        : io_context(
              options_for(usual_backend().kind == backend_kind::io_uring ? backend_preference::io_uring
                                                                         : backend_preference::automatic,
                  concurrency_hint))
    {}
};

/// The same for a program that runs it on one thread.
struct ring_of_one_thread : ring
{
    ring_of_one_thread() : ring(1) {}
};

/// A context as it is where the program wants no io_uring.
struct fallback : io_context
{
    fallback() : io_context(options_for(backend_preference::reactor, ASIO_URING_CONCURRENCY_HINT_DEFAULT)) {}
};

using stock = asio::io_context;

/// Whether a context is on a ring.
inline bool on_the_ring(const io_context& context)
{
    return context.backend().kind == backend_kind::io_uring;
}

/// What only the ring can do, or must prove, is tested on these; with needs_the_ring() where Asio's reactor
/// can't.
using rings = std::tuple<ring, ring_of_one_thread>;

/// What an Asio program relies on is tested on all: Asio's own shows that the test is right.
using all_contexts = std::tuple<ring, ring_of_one_thread, fallback, stock>;

/// Runs a context until something holds. Returns whether it does.
template <typename Context, typename Condition>
bool run_until(Context& context, Condition holds)
{
    const auto end = std::chrono::steady_clock::now() + long_enough;
    while (!holds())
    {
        if (context.stopped())
            context.restart();
        if (context.run_one_until(end) == 0)
            break;
    }
    return holds();
}

/// Runs a context until it has no more work. Returns whether that came about.
template <typename Context>
bool run_to_the_end(Context& context)
{
    if (context.stopped())
        context.restart();
    context.run_for(long_enough);
    return context.stopped();
}

/// Lets a context hand over to the kernel what was started, and calls the handlers that are ready.
template <typename Context>
void tick(Context& context)
{
    if (context.stopped())
        context.restart();
    context.poll();
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_CONTEXTS_HPP
