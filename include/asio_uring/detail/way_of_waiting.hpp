// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// How an operation waits for a descriptor, by what the descriptor is.

#ifndef ASIO_URING_DETAIL_WAY_OF_WAITING_HPP
#define ASIO_URING_DETAIL_WAY_OF_WAITING_HPP

#include <optional>

namespace asio_uring::detail {

/// How reads and writes of a descriptor wait.
enum class way_of_waiting : unsigned char
{
    /// The kernel waits with the operation itself, and never blocks whoever submits it: sockets, pipes,
    /// eventfds, memory devices, files. Files don't wait; a worker of the kernel's reads what isn't cached.
    in_kernel,
    /// A poll goes before the operation, and what would block after it all the same goes to a worker. For
    /// terminals, where a write waits until all is written, and for what the kernel may not wait for
    /// properly: timerfds (a read doesn't end on Linux 6.15.4), inotify, drivers of devices.
    by_polling
};

/// Finds out what an open descriptor is.
///
/// @returns nothing, with the reason in errno, where there is no such descriptor.
std::optional<way_of_waiting> find_way_of_waiting(int descriptor) noexcept;

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_WAY_OF_WAITING_HPP
