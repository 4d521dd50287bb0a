// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The bases of operations on descriptors, by what their handlers get, and the operations that only wait.

#ifndef ASIO_URING_DETAIL_WAIT_OPERATIONS_HPP
#define ASIO_URING_DETAIL_WAIT_OPERATIONS_HPP

#include <asio_uring/detail/descriptor_operation.hpp>
#include <asio_uring/detail/handler_arguments.hpp>
#include <cstddef>

namespace asio_uring::detail {

/// The base of operations whose handlers get a number of bytes.
class transfer_operation : public with_bytes<descriptor_operation>
{
protected:
    using with_bytes::with_bytes;

    attempt judge_transfer(int code) noexcept
    {
        if (code == -EAGAIN)
            return attempt::when_ready;
        if (code < 0)
            fail(-code);
        else
            bytes_transferred_ = static_cast<std::size_t>(code);
        return attempt::over;
    }
};

/// The base of operations whose handlers get an error code only.
using status_operation = with_status<descriptor_operation>;

/// Waits until a descriptor is ready.
class wait_operation : public status_operation
{
protected:
    wait_operation(func_type on_complete, reactor& owner, int fd, short events)
        : status_operation(owner, on_complete, how, fd, events)
    {
        wait_first();
    }

    static constexpr behaviour how = {nullptr, nullptr};
};

/// Waits until a descriptor is ready, for the handlers of null_buffers, which get a number of bytes: 0.
class null_buffers_operation : public transfer_operation
{
protected:
    null_buffers_operation(func_type on_complete, reactor& owner, int fd, short events)
        : transfer_operation(owner, on_complete, how, fd, events)
    {
        wait_first();
    }

    static constexpr behaviour how = {nullptr, nullptr};
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_WAIT_OPERATIONS_HPP
