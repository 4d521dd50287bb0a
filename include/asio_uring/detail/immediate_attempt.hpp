// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Sends and receives at once, without the ring, as Asio's reactor does when an operation is started.

#ifndef ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP
#define ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP

#include <asio_uring/operation.hpp>
#include <cerrno>
#include <optional>
#include <sys/socket.h>
#include <variant>

namespace asio_uring::detail {

/// Sends or receives without the ring and without waiting. Returns the number of bytes or a negative errno;
/// nothing where that would block, and where `what` is neither a send nor a receive.
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
        else
            return std::nullopt;
    } while (size < 0 && errno == EINTR);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return std::nullopt;
    return size < 0 ? -errno : static_cast<int>(size);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP
