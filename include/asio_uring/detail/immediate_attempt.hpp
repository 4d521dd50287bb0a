// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Carries operations out at once, without the ring, as Asio's reactor does when they are started.

#ifndef ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP
#define ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP

#include <asio_uring/operation.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <optional>
#include <sys/socket.h>
#include <sys/uio.h>
#include <variant>

namespace asio_uring::detail {

/// Reads what is in memory. Returns -1 with EAGAIN where that isn't all of it and not the end of the file.
[[nodiscard]] inline ssize_t read_cached(
    int fd, const iovec* buffers, int count, std::size_t size, std::uint64_t offset) noexcept
{
    const ssize_t read = ::preadv2(fd, buffers, count, static_cast<off_t>(offset), RWF_NOWAIT);
    const bool is_partial = read > 0 && static_cast<std::size_t>(read) != size;
    // What has no offsets, as a pipe, is read as it is by the ring.
    if (is_partial || (read < 0 && (errno == EOPNOTSUPP || errno == ESPIPE)))
    {
        errno = EAGAIN;
        return -1;
    }
    return read;
}

/// Reads or writes, by preadv2() or pwritev2(), what needs no waiting, also where the descriptor hasn't got
/// O_NONBLOCK.
template <typename Call>
[[nodiscard]] inline ssize_t transfer_without_waiting(
    Call call, int fd, const iovec* buffers, unsigned count) noexcept
{
    constexpr off_t current_position = -1;
    const ssize_t transferred = call(fd, buffers, static_cast<int>(count), current_position, RWF_NOWAIT);
    if (transferred < 0 && errno == EOPNOTSUPP)
        errno = EAGAIN;
    return transferred;
}

/// Connects, or begins to. The socket has O_NONBLOCK meanwhile: a call can't be told not to wait.
[[nodiscard]] inline int connect_without_waiting(const operation::connect& what) noexcept
{
    const int flags = ::fcntl(what.fd, F_GETFL);
    const bool blocks = flags != -1 && (flags & O_NONBLOCK) == 0;
    if (blocks)
        ::fcntl(what.fd, F_SETFL, flags | O_NONBLOCK);
    const int result = ::connect(what.fd, what.address, what.address_size);
    const int error = errno;
    if (blocks)
        ::fcntl(what.fd, F_SETFL, flags);
    errno = error;
    return result;
}

/// Whether others see that an operation is carried out: it sends, writes or connects.
[[nodiscard]] inline bool has_effect(const operation::any& what) noexcept
{
    return std::holds_alternative<operation::send>(what) ||
           std::holds_alternative<operation::sendmsg>(what) ||
           std::holds_alternative<operation::write>(what) ||
           std::holds_alternative<operation::writev>(what) ||
           std::holds_alternative<operation::connect>(what);
}

/// Carries out a transfer or a connect without the ring and without waiting. Returns the number of bytes or a
/// negative errno; nothing where that would block, and for other operations.
///
/// Must not be used with a read of a file that is open with O_DIRECT: it would wait for the device.
[[nodiscard]] inline std::optional<int> attempt_at_once(const operation::any& what) noexcept
{
    constexpr int sending = MSG_DONTWAIT | MSG_NOSIGNAL;
    constexpr int receiving = MSG_DONTWAIT;
    ssize_t size = 0;
    do
    {
        if (const auto* send = std::get_if<operation::send>(&what))
            size = ::send(send->fd, send->data, send->size, send->flags | sending);
        else if (const auto* sendmsg = std::get_if<operation::sendmsg>(&what))
            size = ::sendmsg(sendmsg->fd, sendmsg->message, sendmsg->flags | sending);
        else if (const auto* recv = std::get_if<operation::recv>(&what))
            size = ::recv(recv->fd, recv->data, recv->size, recv->flags | receiving);
        else if (const auto* recvmsg = std::get_if<operation::recvmsg>(&what))
            size = ::recvmsg(recvmsg->fd, recvmsg->message, recvmsg->flags | receiving);
        else if (const auto* pread = std::get_if<operation::pread>(&what))
        {
            const iovec piece = {pread->data, pread->size};
            size = read_cached(pread->fd, &piece, 1, pread->size, pread->offset);
        }
        else if (const auto* read = std::get_if<operation::read>(&what))
        {
            const iovec piece = {read->data, read->size};
            size = transfer_without_waiting(&::preadv2, read->fd, &piece, 1);
        }
        else if (const auto* readv = std::get_if<operation::readv>(&what))
            size = transfer_without_waiting(&::preadv2, readv->fd, readv->buffers, readv->count);
        else if (const auto* write = std::get_if<operation::write>(&what))
        {
            const iovec piece = {const_cast<void*>(write->data), write->size};
            size = transfer_without_waiting(&::pwritev2, write->fd, &piece, 1);
        }
        else if (const auto* writev = std::get_if<operation::writev>(&what))
            size = transfer_without_waiting(&::pwritev2, writev->fd, writev->buffers, writev->count);
        else if (const auto* connect = std::get_if<operation::connect>(&what))
            size = connect_without_waiting(*connect);
        else
            return std::nullopt;
    } while (size < 0 && errno == EINTR);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return std::nullopt;
    return size < 0 ? -errno : static_cast<int>(size);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP
