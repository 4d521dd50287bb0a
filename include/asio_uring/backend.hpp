// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What an io_context runs on: the wish that a program states, the answer that it gets, and the ring's
// figures.

#ifndef ASIO_URING_BACKEND_HPP
#define ASIO_URING_BACKEND_HPP

#include <string>

namespace asio_uring {

/// What an io_context runs on.
enum class backend_kind
{
    /// An io_uring of the context's own.
    io_uring,

    /// Asio's own reactor, as boost::asio::io_context: where io_uring can't be had or isn't wanted.
    reactor
};

/// What a program wishes an io_context to run on.
enum class backend_preference
{
    /// io_uring where the kernel lets the process have one, Asio's reactor otherwise; or what the user of the
    /// program chooses by the environment variable ASIO_URING_BACKEND: `uring` means io_uring or nothing,
    /// `reactor` means Asio's reactor, `auto` or nothing leaves it open. Read whenever a context is made.
    automatic,

    /// io_uring or nothing: the constructor throws where the kernel refuses.
    io_uring,

    /// Asio's reactor, also where io_uring could be had.
    reactor
};

/// What an io_context runs on, and why, as `io_context::backend()` tells it.
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: safe, a context never changes its own.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// if (context.backend().kind != asio_uring::backend_kind::io_uring)
///     std::cerr << "running on " << context.backend().description << '\n';
/// @endcode
struct backend_info
{
    /// What the context runs on.
    backend_kind kind = backend_kind::reactor;

    /// The same for people, with the kernel's release or the reason: "io_uring, Linux 6.18", "Asio's epoll
    /// reactor (io_uring is disabled by kernel.io_uring_disabled=2)".
    std::string description;
};

} // namespace asio_uring

#endif // ASIO_URING_BACKEND_HPP
