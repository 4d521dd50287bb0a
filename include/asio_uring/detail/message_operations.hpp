// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The asynchronous operations of sockets whose messages have addresses or flags.

#ifndef ASIO_URING_DETAIL_MESSAGE_OPERATIONS_HPP
#define ASIO_URING_DETAIL_MESSAGE_OPERATIONS_HPP

#include <asio_uring/detail/buffer_pieces.hpp>
#include <asio_uring/detail/socket_operations.hpp>
#include <cstddef>

namespace asio_uring::detail {

/// Sends a message to an address.
template <typename ConstBufferSequence, typename Endpoint>
class send_to_operation : public transfer_operation
{
protected:
    send_to_operation(func_type on_complete, reactor& owner, int fd, const ConstBufferSequence& buffers,
        const Endpoint& destination, asio::socket_base::message_flags flags)
        : transfer_operation(owner, on_complete, how, fd, POLLOUT),
          pieces_(buffers),
          destination_(destination),
          flags_(sending(flags, false))
    {
        pieces_.message()->msg_name = destination_.data();
        pieces_.message()->msg_namelen = static_cast<socklen_t>(destination_.size());
        attempt_first();
    }

private:
    static operation::any submission(descriptor_operation& base)
    {
        auto& self = static_cast<send_to_operation&>(base);
        return operation::sendmsg{self.descriptor(), self.pieces_.message(), self.flags_};
    }

    static attempt judge(descriptor_operation& base, int code)
    {
        return static_cast<send_to_operation&>(base).judge_transfer(code);
    }

    static constexpr behaviour how = {&send_to_operation::submission, &send_to_operation::judge};

    message_pieces<asio::const_buffer, ConstBufferSequence> pieces_;
    Endpoint destination_;
    const int flags_;
};

/// The base of operations that receive a whole message.
template <typename MutableBufferSequence>
class receive_message_operation : public transfer_operation
{
protected:
    receive_message_operation(func_type on_complete, const behaviour& how, reactor& owner, int fd,
        const MutableBufferSequence& buffers, asio::socket_base::message_flags flags)
        : transfer_operation(owner, on_complete, how, fd, (flags & MSG_OOB) != 0 ? POLLPRI : POLLIN),
          pieces_(buffers),
          flags_(asynchronous(flags))
    {}

    /// To be called when the derived operation is complete. Without urgent data a receive of it fails at
    /// once.
    void begin()
    {
        if ((flags_ & MSG_OOB) != 0)
            wait_first();
        else
            attempt_first();
    }

    operation::any receive_message()
    {
        return operation::recvmsg{descriptor(), pieces_.message(), flags_};
    }

    message_pieces<asio::mutable_buffer, MutableBufferSequence> pieces_;

private:
    const int flags_;
};

/// Receives a message, and tells who sent it.
template <typename MutableBufferSequence, typename Endpoint>
class receive_from_operation : public receive_message_operation<MutableBufferSequence>
{
    using base = receive_message_operation<MutableBufferSequence>;

protected:
    receive_from_operation(scheduler_operation::func_type on_complete, reactor& owner, int fd,
        const MutableBufferSequence& buffers, Endpoint& sender, asio::socket_base::message_flags flags)
        : base(on_complete, how, owner, fd, buffers, flags),
          sender_(sender)
    {
        this->begin();
    }

private:
    static operation::any submission(descriptor_operation& operation)
    {
        auto& self = static_cast<receive_from_operation&>(operation);
        self.pieces_.message()->msg_name = self.sender_.data();
        self.pieces_.message()->msg_namelen = static_cast<socklen_t>(self.sender_.capacity());
        return self.receive_message();
    }

    static attempt judge(descriptor_operation& operation, int code)
    {
        auto& self = static_cast<receive_from_operation&>(operation);
        if (code >= 0)
            self.sender_.resize(self.pieces_.message()->msg_namelen);
        return self.judge_transfer(code);
    }

    static constexpr descriptor_operation::behaviour how = {
        &receive_from_operation::submission, &receive_from_operation::judge};

    Endpoint& sender_;
};

/// Receives a message, and tells its flags.
template <typename MutableBufferSequence>
class receive_with_flags_operation : public receive_message_operation<MutableBufferSequence>
{
    using base = receive_message_operation<MutableBufferSequence>;

protected:
    receive_with_flags_operation(scheduler_operation::func_type on_complete, reactor& owner, int fd,
        const MutableBufferSequence& buffers, asio::socket_base::message_flags in_flags,
        asio::socket_base::message_flags& out_flags)
        : base(on_complete, how, owner, fd, buffers, in_flags),
          out_flags_(out_flags)
    {
        this->begin();
    }

private:
    static operation::any submission(descriptor_operation& operation)
    {
        return static_cast<receive_with_flags_operation&>(operation).receive_message();
    }

    static attempt judge(descriptor_operation& operation, int code)
    {
        auto& self = static_cast<receive_with_flags_operation&>(operation);
        self.out_flags_ = code >= 0 ? self.pieces_.message()->msg_flags : 0;
        return self.judge_transfer(code);
    }

    static constexpr descriptor_operation::behaviour how = {
        &receive_with_flags_operation::submission, &receive_with_flags_operation::judge};

    asio::socket_base::message_flags& out_flags_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_MESSAGE_OPERATIONS_HPP
