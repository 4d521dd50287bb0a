// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A buffer sequence as the kernel takes it.

#ifndef ASIO_URING_DETAIL_BUFFER_PIECES_HPP
#define ASIO_URING_DETAIL_BUFFER_PIECES_HPP

#include <asio_uring/detail/asio.hpp>
#include <cstddef>
#include <sys/socket.h>
#include <sys/uio.h>

namespace asio_uring::detail {

/// How many buffers one operation on a stream takes at most. More are a matter of the next operation, as with
/// every partial read or write; Asio's composed operations give no more at a time either.
inline constexpr std::size_t max_stream_pieces = 16;

/// How many buffers one message has at most, as in Asio.
inline constexpr std::size_t max_message_pieces = 64;

/// Keeps a copy of a buffer sequence, which may own the memory, and the list of its buffers that aren't
/// empty.
template <typename Buffer, typename BufferSequence, std::size_t MaxPieces,
    bool Single = is_single_buffer<Buffer, BufferSequence>>
class buffer_pieces
{
public:
    explicit buffer_pieces(const BufferSequence& buffers) : buffers_(buffers)
    {
        message_.msg_iov = pieces_;
        const auto end = asio::buffer_sequence_end(buffers_);
        for (auto it = asio::buffer_sequence_begin(buffers_); it != end && message_.msg_iovlen != MaxPieces;
             ++it)
        {
            const Buffer buffer(*it);
            if (buffer.size() != 0)
                pieces_[message_.msg_iovlen++] = {
                    const_cast<void*>(static_cast<const void*>(buffer.data())), buffer.size()};
        }
    }

    buffer_pieces(const buffer_pieces&) = delete;
    buffer_pieces& operator=(const buffer_pieces&) = delete;

    bool is_single() const noexcept
    {
        return message_.msg_iovlen <= 1;
    }
    void* data() const noexcept
    {
        return message_.msg_iovlen != 0 ? pieces_[0].iov_base : nullptr;
    }
    std::size_t size() const noexcept
    {
        return message_.msg_iovlen != 0 ? pieces_[0].iov_len : 0;
    }

    /// All buffers, valid as long as this object.
    msghdr* message() noexcept
    {
        return &message_;
    }
    const iovec* list() const noexcept
    {
        return pieces_;
    }
    unsigned count() const noexcept
    {
        return static_cast<unsigned>(message_.msg_iovlen);
    }

    /// Whether a transfer of this size was one of all buffers.
    bool fit_into(std::size_t transferred) const noexcept
    {
        for (unsigned i = 0; i != count(); ++i)
        {
            if (pieces_[i].iov_len > transferred)
                return false;
            transferred -= pieces_[i].iov_len;
        }
        return true;
    }

private:
    BufferSequence buffers_;
    msghdr message_ = {};
    iovec pieces_[MaxPieces];
};

/// The same for sequences that are known to have one buffer.
template <typename Buffer, typename BufferSequence, std::size_t MaxPieces>
class buffer_pieces<Buffer, BufferSequence, MaxPieces, true>
{
public:
    explicit buffer_pieces(const BufferSequence& buffers) : buffers_(buffers) {}

    buffer_pieces(const buffer_pieces&) = delete;
    buffer_pieces& operator=(const buffer_pieces&) = delete;

    static constexpr bool is_single() noexcept
    {
        return true;
    }
    void* data() const noexcept
    {
        return const_cast<void*>(static_cast<const void*>(buffer().data()));
    }
    std::size_t size() const noexcept
    {
        return buffer().size();
    }
    static constexpr msghdr* message() noexcept
    {
        return nullptr;
    }
    static constexpr const iovec* list() noexcept
    {
        return nullptr;
    }
    static constexpr unsigned count() noexcept
    {
        return 1;
    }
    bool fit_into(std::size_t transferred) const noexcept
    {
        return size() <= transferred;
    }

private:
    Buffer buffer() const noexcept
    {
        return Buffer(*asio::buffer_sequence_begin(buffers_));
    }

    BufferSequence buffers_;
};

/// The same as one message, also where there is one buffer.
template <typename Buffer, typename BufferSequence>
using message_pieces = buffer_pieces<Buffer, BufferSequence,
    is_single_buffer<Buffer, BufferSequence> ? 1 : max_message_pieces, false>;

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_BUFFER_PIECES_HPP
