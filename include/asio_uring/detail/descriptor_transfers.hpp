// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The asynchronous reads and writes of descriptors.

#ifndef ASIO_URING_DETAIL_DESCRIPTOR_TRANSFERS_HPP
#define ASIO_URING_DETAIL_DESCRIPTOR_TRANSFERS_HPP

#include <asio_uring/detail/buffer_pieces.hpp>
#include <asio_uring/detail/wait_operations.hpp>
#include <asio_uring/detail/way_of_waiting.hpp>
#include <fcntl.h>

namespace asio_uring::detail {

/// The base of reads and writes: where they wait, and on which thread the kernel carries them out.
class descriptor_transfer : public transfer_operation
{
protected:
    descriptor_transfer(func_type on_complete, reactor& owner, const behaviour& how, int fd, short events,
        way_of_waiting way) noexcept
        : transfer_operation(owner, on_complete, how, fd, events),
          way_(way)
    {}

    void begin()
    {
        if (way_ == way_of_waiting::by_polling)
            wait_first();
        else
            attempt_first();
    }

    /// Whether the attempt that is about to be submitted may block, and so is a worker's.
    bool choose_worker() noexcept
    {
        on_worker_ = was_refused_ || (way_ == way_of_waiting::by_polling && !has_non_blocking_flag());
        return on_worker_;
    }

    bool on_worker() const noexcept
    {
        return on_worker_;
    }

    attempt judge_attempt(int code) noexcept
    {
        // A file that never waits, and with O_NONBLOCK isn't read by whoever submits.
        if (code == -EAGAIN && !on_worker_ && ready())
        {
            was_refused_ = true;
            return attempt::again;
        }
        return judge_transfer(code);
    }

private:
    // Asked each time: the flag is the user's, and of all who share the file.
    bool has_non_blocking_flag() const noexcept
    {
        return (::fcntl(descriptor(), F_GETFL) & O_NONBLOCK) != 0;
    }

    const way_of_waiting way_;
    /// Whether the kernel said that it would block where there was nothing to wait for.
    bool was_refused_ = false;
    bool on_worker_ = false;
};

/// Reads from a descriptor.
template <typename MutableBufferSequence>
class read_operation : public descriptor_transfer
{
protected:
    read_operation(func_type on_complete, reactor& owner, int fd, way_of_waiting way,
        const MutableBufferSequence& buffers)
        : descriptor_transfer(on_complete, owner, how, fd, POLLIN, way),
          pieces_(buffers)
    {
        begin();
    }

private:
    static operation::any submission(descriptor_operation& base)
    {
        auto& self = static_cast<read_operation&>(base);
        if (self.pieces_.is_single())
            return operation::read{
                self.descriptor(), self.pieces_.data(), self.pieces_.size(), self.choose_worker()};
        return operation::readv{
            self.descriptor(), self.pieces_.list(), self.pieces_.count(), self.choose_worker()};
    }

    static attempt judge(descriptor_operation& base, int code)
    {
        auto& self = static_cast<read_operation&>(base);
        if (code == 0)
            self.ec_ = asio::error::eof;
        return self.judge_attempt(code);
    }

    static constexpr behaviour how = {&read_operation::submission, &read_operation::judge};

    buffer_pieces<asio::mutable_buffer, MutableBufferSequence, max_stream_pieces> pieces_;
};

/// Writes to a descriptor.
template <typename ConstBufferSequence>
class write_operation : public descriptor_transfer
{
protected:
    write_operation(
        func_type on_complete, reactor& owner, int fd, way_of_waiting way, const ConstBufferSequence& buffers)
        : descriptor_transfer(on_complete, owner, how, fd, POLLOUT, way),
          pieces_(buffers)
    {
        begin();
    }

private:
    static operation::any submission(descriptor_operation& base)
    {
        auto& self = static_cast<write_operation&>(base);
        if (self.pieces_.is_single())
            return operation::write{
                self.descriptor(), self.pieces_.data(), self.pieces_.size(), self.choose_worker()};
        return operation::writev{
            self.descriptor(), self.pieces_.list(), self.pieces_.count(), self.choose_worker()};
    }

    static attempt judge(descriptor_operation& base, int code)
    {
        auto& self = static_cast<write_operation&>(base);
        // A worker's write ends early only where it is cancelled. Told of the part alone, a composed write
        // would go on.
        if (code > 0 && self.on_worker() && self.cancel_requested() &&
            !self.pieces_.fit_into(static_cast<std::size_t>(code)))
            self.fail(ECANCELED);
        return self.judge_attempt(code);
    }

    static constexpr behaviour how = {&write_operation::submission, &write_operation::judge};

    buffer_pieces<asio::const_buffer, ConstBufferSequence, max_stream_pieces> pieces_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_DESCRIPTOR_TRANSFERS_HPP
