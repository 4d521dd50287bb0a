// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Sends at once what the kernel hasn't got yet, as Asio's reactor does when a send is started.

#ifndef ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP
#define ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP

#include <asio_uring/operation.hpp>
#include <cerrno>
#include <optional>
#include <sys/socket.h>
#include <variant>

namespace asio_uring::detail {

/// Carries out a send without waiting. Returns what the kernel would have answered, or nothing where the
/// operation isn't a send, or the send would have to wait.
[[nodiscard]] inline std::optional<int> attempt_send(const operation::any& what) noexcept
{
    constexpr int at_once = MSG_DONTWAIT | MSG_NOSIGNAL;
    ssize_t sent = 0;
    do
    {
        if (const auto* send = std::get_if<operation::send>(&what))
            sent = ::send(send->fd, send->data, send->size, send->flags | at_once);
        else if (const auto* sendmsg = std::get_if<operation::sendmsg>(&what))
            sent = ::sendmsg(sendmsg->fd, sendmsg->message, sendmsg->flags | at_once);
        else
            return std::nullopt;
    } while (sent < 0 && errno == EINTR);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
        return std::nullopt;
    return sent < 0 ? -errno : static_cast<int>(sent);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_IMMEDIATE_ATTEMPT_HPP
