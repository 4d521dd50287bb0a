// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The asynchronous operations of files: on the ring, and on a thread where there is none.

#ifndef ASIO_URING_DETAIL_FILE_OPERATIONS_HPP
#define ASIO_URING_DETAIL_FILE_OPERATIONS_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/blocking_operation.hpp>
#include <asio_uring/detail/buffer_pieces.hpp>
#include <asio_uring/detail/handler_arguments.hpp>
#include <asio_uring/detail/socket_operations.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <poll.h>
#include <sys/uio.h>

namespace asio_uring::detail {

/// How many buffers one operation on a file takes at most, as in Asio.
inline constexpr std::size_t max_file_pieces = 64;

/// How a file is read.
struct file_reading
{
    using buffer_type = asio::mutable_buffer;
    using one_piece = operation::pread;
    using pieces = operation::preadv;
    using registered = operation::read_fixed;
    static constexpr bool reads = true;
    static constexpr short events = POLLIN;

    static ssize_t transfer(int fd, const iovec* buffers, int count, std::uint64_t offset) noexcept
    {
        return ::preadv2(fd, buffers, count, static_cast<off_t>(offset), 0);
    }

    /// What a transfer of 0 bytes means. No operation is started with nothing but empty buffers.
    static error_code nothing_transferred() noexcept
    {
        return asio::error::eof;
    }
};

/// How a file is written.
struct file_writing
{
    using buffer_type = asio::const_buffer;
    using one_piece = operation::pwrite;
    using pieces = operation::pwritev;
    using registered = operation::write_fixed;
    static constexpr bool reads = false;
    static constexpr short events = POLLOUT;

    static ssize_t transfer(int fd, const iovec* buffers, int count, std::uint64_t offset) noexcept
    {
        return ::pwritev2(fd, buffers, count, static_cast<off_t>(offset), 0);
    }

    static error_code nothing_transferred() noexcept
    {
        return error_code();
    }
};

template <typename Direction, typename BufferSequence>
using file_pieces = buffer_pieces<typename Direction::buffer_type, BufferSequence, max_file_pieces>;

/// Reads or writes a file on the ring, at an offset or at operation::current_position.
template <typename Direction, typename BufferSequence>
class file_operation : public transfer_operation
{
protected:
    /// @param registered the index of the registered buffer that the buffers are a part of, or -1.
    file_operation(func_type on_complete, reactor& owner, int fd, const BufferSequence& buffers,
        std::uint64_t offset, int registered)
        : transfer_operation(owner, on_complete, how, fd, Direction::events),
          pieces_(buffers),
          offset_(offset),
          registered_(registered)
    {
        attempt_first();
    }

private:
    static operation::any submission(descriptor_operation& base)
    {
        auto& self = static_cast<file_operation&>(base);
        auto& pieces = self.pieces_;
        const int fd = self.descriptor();
        if (!pieces.is_single())
            return typename Direction::pieces{fd, pieces.message()->msg_iov,
                static_cast<unsigned>(pieces.message()->msg_iovlen), self.offset_};
        if (self.registered_ != -1)
            return typename Direction::registered{
                fd, static_cast<unsigned>(self.registered_), pieces.data(), pieces.size(), self.offset_};
        return typename Direction::one_piece{fd, pieces.data(), pieces.size(), self.offset_};
    }

    static attempt judge(descriptor_operation& base, int code)
    {
        auto& self = static_cast<file_operation&>(base);
        // The registration ended before the kernel looked. The memory is the operation's all the same.
        if (code == -EFAULT && self.registered_ != -1)
        {
            self.registered_ = -1;
            return attempt::again;
        }
        if (code == 0)
            self.ec_ = Direction::nothing_transferred();
        return self.judge_transfer(code);
    }

    static constexpr behaviour how = {&file_operation::submission, &file_operation::judge};

    file_pieces<Direction, BufferSequence> pieces_;
    const std::uint64_t offset_;
    int registered_;
};

/// Reads or writes a file on a thread, at an offset or at operation::current_position.
template <typename Direction, typename BufferSequence>
class blocking_file_operation : public with_bytes<blocking_operation>
{
protected:
    blocking_file_operation(func_type on_complete, blocking_pool& pool, int fd, const BufferSequence& buffers,
        std::uint64_t offset)
        : with_bytes(on_complete, pool, &blocking_file_operation::perform),
          pieces_(buffers),
          fd_(fd),
          offset_(offset)
    {}

private:
    static void perform(blocking_operation& base)
    {
        auto& self = static_cast<blocking_file_operation&>(base);
        ssize_t transferred = -1;
        do
        {
            if (!self.wait_until_ready(self.fd_, Direction::events))
                return;
            transferred = self.transfer();
        } while (transferred < 0 && (errno == EAGAIN || errno == EINTR));
        if (transferred < 0)
            return self.fail(errno);
        if (transferred == 0)
            self.ec_ = Direction::nothing_transferred();
        self.bytes_transferred_ = static_cast<std::size_t>(transferred);
    }

    ssize_t transfer() noexcept
    {
        if (!pieces_.is_single())
            return Direction::transfer(
                fd_, pieces_.message()->msg_iov, static_cast<int>(pieces_.message()->msg_iovlen), offset_);
        const iovec piece = {pieces_.data(), pieces_.size()};
        return Direction::transfer(fd_, &piece, 1, offset_);
    }

    file_pieces<Direction, BufferSequence> pieces_;
    const int fd_;
    const std::uint64_t offset_;
};

/// Waits on a thread until a file is ready, for the handlers of null_buffers.
class blocking_wait_operation : public with_bytes<blocking_operation>
{
protected:
    blocking_wait_operation(func_type on_complete, blocking_pool& pool, int fd, short events) noexcept
        : with_bytes(on_complete, pool, &blocking_wait_operation::perform),
          fd_(fd),
          events_(events)
    {}

private:
    static void perform(blocking_operation& base)
    {
        auto& self = static_cast<blocking_wait_operation&>(base);
        self.wait_until_ready(self.fd_, self.events_);
    }

    const int fd_;
    const short events_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_FILE_OPERATIONS_HPP
