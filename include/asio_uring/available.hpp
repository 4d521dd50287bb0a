// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Whether io_uring can be used here, and why not.

#ifndef ASIO_URING_AVAILABLE_HPP
#define ASIO_URING_AVAILABLE_HPP

#include <string>
#include <system_error>

namespace asio_uring {

/// True where this process can make a ring now. Makes one to find out. Thread-safe.
bool available() noexcept;

/// Why no ring can be made now, as a sentence that tells what to do about it; empty where one can.
/// Thread-safe.
std::string why_unavailable();

/// The same for an error that making a loop ended in.
std::string explain_unavailable(const std::error_code& error);

} // namespace asio_uring

#endif // ASIO_URING_AVAILABLE_HPP
