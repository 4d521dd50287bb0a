// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The asynchronous operations of sockets: receive, send, connect.

#ifndef ASIO_URING_DETAIL_SOCKET_OPERATIONS_HPP
#define ASIO_URING_DETAIL_SOCKET_OPERATIONS_HPP

#include <asio_uring/detail/buffer_pieces.hpp>
#include <asio_uring/detail/wait_operations.hpp>
#include <cstddef>
#include <unistd.h>

namespace asio_uring::detail {

// "Would block" is no answer to an asynchronous operation, whatever the user's flags say. Nor does one go on
// after the first data: Asio's doesn't, whose sockets are non-blocking.
inline int asynchronous(asio::socket_base::message_flags flags) noexcept
{
    return flags & ~(MSG_DONTWAIT | MSG_WAITALL);
}

// Linux 6.18 loses a message that it waits with, where the queue of a local receiver is full, and sends an
// empty one: it may try, and we wait.
inline int sending(asio::socket_base::message_flags flags, bool stream_oriented) noexcept
{
    return stream_oriented ? asynchronous(flags) : flags | MSG_DONTWAIT;
}

/// Receives from a connected socket.
template <typename MutableBufferSequence, std::size_t MaxPieces>
class receive_operation : public transfer_operation
{
protected:
    receive_operation(func_type on_complete, reactor& owner, int fd, bool stream_oriented,
        const MutableBufferSequence& buffers, asio::socket_base::message_flags flags)
        : transfer_operation(owner, on_complete, how, fd, (flags & MSG_OOB) != 0 ? POLLPRI : POLLIN),
          stream_oriented_(stream_oriented),
          flags_(asynchronous(flags)),
          pieces_(buffers)
    {
        // Without urgent data a receive of it fails at once.
        if ((flags & MSG_OOB) != 0)
            wait_first();
        else
            attempt_first();
    }

private:
    static operation::any submission(descriptor_operation& base)
    {
        auto& self = static_cast<receive_operation&>(base);
        if (self.pieces_.is_single())
            return operation::recv{self.descriptor(), self.pieces_.data(), self.pieces_.size(), self.flags_};
        return operation::recvmsg{self.descriptor(), self.pieces_.message(), self.flags_};
    }

    static attempt judge(descriptor_operation& base, int code)
    {
        auto& self = static_cast<receive_operation&>(base);
        if (code == 0 && self.stream_oriented_)
            self.ec_ = asio::error::eof;
        return self.judge_transfer(code);
    }

    static constexpr behaviour how = {&receive_operation::submission, &receive_operation::judge};

    const bool stream_oriented_;
    const int flags_;
    buffer_pieces<asio::mutable_buffer, MutableBufferSequence, MaxPieces> pieces_;
};

/// Sends on a connected socket.
template <typename ConstBufferSequence, std::size_t MaxPieces>
class send_operation : public transfer_operation
{
protected:
    send_operation(func_type on_complete, reactor& owner, int fd, bool stream_oriented,
        const ConstBufferSequence& buffers, asio::socket_base::message_flags flags)
        : transfer_operation(owner, on_complete, how, fd, POLLOUT),
          pieces_(buffers),
          flags_(sending(flags, stream_oriented))
    {
        attempt_first();
    }

private:
    static operation::any submission(descriptor_operation& base)
    {
        auto& self = static_cast<send_operation&>(base);
        if (self.pieces_.is_single())
            return operation::send{self.descriptor(), self.pieces_.data(), self.pieces_.size(), self.flags_};
        return operation::sendmsg{self.descriptor(), self.pieces_.message(), self.flags_};
    }

    static attempt judge(descriptor_operation& base, int code)
    {
        return static_cast<send_operation&>(base).judge_transfer(code);
    }

    static constexpr behaviour how = {&send_operation::submission, &send_operation::judge};

    buffer_pieces<asio::const_buffer, ConstBufferSequence, MaxPieces> pieces_;
    const int flags_;
};

/// Connects a socket.
template <typename Endpoint>
class connect_operation : public status_operation
{
protected:
    connect_operation(func_type on_complete, reactor& owner, int fd, const Endpoint& endpoint)
        : status_operation(owner, on_complete, how, fd, POLLOUT),
          endpoint_(endpoint)
    {
        attempt_first();
    }

private:
    static operation::any submission(descriptor_operation& base)
    {
        auto& self = static_cast<connect_operation&>(base);
        return operation::connect{self.descriptor(), static_cast<const sockaddr*>(self.endpoint_.data()),
            static_cast<socklen_t>(self.endpoint_.size())};
    }

    static attempt judge(descriptor_operation& base, int code)
    {
        auto& self = static_cast<connect_operation&>(base);
        // A child of fork(2) goes on with what its parent began.
        const bool has_begun = self.in_progress_ || self.starter_ != ::getpid();
        // An attempt that didn't wait: the second one tells the outcome.
        if (code == -EINPROGRESS || (code == -EALREADY && has_begun))
        {
            self.in_progress_ = true;
            return attempt::when_ready;
        }
        if (code < 0 && !(code == -EISCONN && has_begun))
            self.fail(-code);
        return attempt::over;
    }

    static constexpr behaviour how = {&connect_operation::submission, &connect_operation::judge};

    const Endpoint endpoint_;
    const pid_t starter_ = ::getpid();
    bool in_progress_ = false;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SOCKET_OPERATIONS_HPP
