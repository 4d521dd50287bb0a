// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a completion can ask the kernel, or the loop, to do: one small struct an operation.

#ifndef ASIO_URING_OPERATION_HPP
#define ASIO_URING_OPERATION_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <sys/socket.h>
#include <sys/uio.h>
#include <variant>

namespace asio_uring {

class completion;

/// The operations of a loop.
///
/// Sizes are in bytes. At most 0x7ffff000 bytes are transferred by one operation, as with read(2). Whatever
/// an operation points to must stay valid, and untouched, until its callback is called. Each works on every
/// kernel on which the loop works.
namespace operation {

/// Nothing. A completion with it is never active and its callback is never called.
struct noop
{};

/// Accepts a connection, as accept4(2). The result is the new descriptor.
struct accept
{
    int fd;
    /// Where the peer's address goes, or null.
    sockaddr* address = nullptr;
    /// In: the room at `address`; out: the size of the peer's address. Null where `address` is.
    socklen_t* address_size = nullptr;
    /// SOCK_CLOEXEC, SOCK_NONBLOCK.
    int flags = 0;
};

/// Closes a descriptor. Operations in flight on it go on: cancel them first.
struct close
{
    int fd;
};

/// Connects a socket, as connect(2).
struct connect
{
    int fd;
    const sockaddr* address;
    socklen_t address_size;
};

/// Waits until a descriptor is ready, once. The result is a set of poll(2)'s events; POLLERR, POLLHUP and
/// POLLRDHUP are always waited for. A hint: check with poll(2) where it matters.
struct poll
{
    int fd;
    short events;
};

/// Reads at the file position, and advances it, as read(2). The result is a number of bytes.
struct read
{
    int fd;
    void* data;
    std::size_t size;
    /// Has a worker thread of the kernel's carry it out (IOSQE_ASYNC): for files that would block whoever
    /// submits.
    bool on_worker = false;
};

/// Reads at an offset, as pread(2).
struct pread
{
    int fd;
    void* data;
    std::size_t size;
    std::uint64_t offset;
};

/// In place of an offset: the file position, which advances.
inline constexpr std::uint64_t current_position = static_cast<std::uint64_t>(-1);

/// Reads at an offset, or at current_position, into a part of a buffer that loop::register_buffers() has
/// registered: the kernel needn't look for its pages. Fails with EFAULT where the memory isn't a part of it.
struct read_fixed
{
    int fd;
    /// The buffer's index among those that are registered.
    unsigned buffer;
    void* data;
    std::size_t size;
    std::uint64_t offset;
};

/// Reads into a list of at most 1024 buffers at the file position, and advances it, as readv(2).
struct readv
{
    int fd;
    const iovec* buffers;
    unsigned count;
    /// Has a worker thread of the kernel's carry it out (IOSQE_ASYNC): for files that would block whoever
    /// submits.
    bool on_worker = false;
};

/// Reads into a list of at most 1024 buffers at an offset, as preadv(2).
struct preadv
{
    int fd;
    const iovec* buffers;
    unsigned count;
    std::uint64_t offset;
};

/// Receives from a socket, as recv(2). With a size of 0 it waits for data.
struct recv
{
    int fd;
    void* data;
    std::size_t size;
    /// MSG_PEEK, MSG_WAITALL and so on.
    int flags = 0;
};

/// Receives into a list of buffers, as recvmsg(2).
struct recvmsg
{
    int fd;
    msghdr* message;
    int flags = 0;
};

/// Sends to a socket, as send(2), and never raises SIGPIPE. The result is a number of bytes, perhaps fewer
/// than were asked for.
struct send
{
    int fd;
    const void* data;
    std::size_t size;
    int flags = 0;
};

/// Sends a list of buffers, as sendmsg(2), and never raises SIGPIPE.
struct sendmsg
{
    int fd;
    const msghdr* message;
    int flags = 0;
};

/// Shuts down a socket's directions, as shutdown(2).
struct shutdown
{
    int fd;
    /// SHUT_RD, SHUT_WR or SHUT_RDWR.
    int how;
};

/// Writes at the file position, and advances it, as write(2). The result is a number of bytes.
struct write
{
    int fd;
    const void* data;
    std::size_t size;
    /// Has a worker thread of the kernel's carry it out (IOSQE_ASYNC): for files that would block whoever
    /// submits.
    bool on_worker = false;
};

/// Writes at an offset, as pwrite(2).
struct pwrite
{
    int fd;
    const void* data;
    std::size_t size;
    std::uint64_t offset;
};

/// Writes a part of a registered buffer at an offset, or at current_position, as read_fixed reads.
struct write_fixed
{
    int fd;
    /// The buffer's index among those that are registered.
    unsigned buffer;
    const void* data;
    std::size_t size;
    std::uint64_t offset;
};

/// Writes a list of at most 1024 buffers at the file position, and advances it, as writev(2).
struct writev
{
    int fd;
    const iovec* buffers;
    unsigned count;
    /// Has a worker thread of the kernel's carry it out (IOSQE_ASYNC): for files that would block whoever
    /// submits.
    bool on_worker = false;
};

/// Writes a list of at most 1024 buffers at an offset, as pwritev(2).
struct pwritev
{
    int fd;
    const iovec* buffers;
    unsigned count;
    std::uint64_t offset;
};

/// Expires some time after the loop's now(), by the monotonic clock. 0 expires on the next tick.
struct timer
{
    std::chrono::nanoseconds after;
};

/// Removes an active timer, whose callback then gets operation_canceled. The result is success or not_found.
struct timer_remove
{
    completion* timer;
};

/// Cancels an active completion. The result is success, not_found or in_progress.
struct cancel
{
    completion* target;
};

/// Any one of the operations.
using any =
    std::variant<noop, accept, close, connect, poll, read, pread, read_fixed, readv, preadv, recv, recvmsg,
        send, sendmsg, shutdown, write, pwrite, write_fixed, writev, pwritev, timer, timer_remove, cancel>;

} // namespace operation
} // namespace asio_uring

#endif // ASIO_URING_OPERATION_HPP
