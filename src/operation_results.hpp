// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What the kernel's answer to an operation means.

#ifndef ASIO_URING_SRC_OPERATION_RESULTS_HPP
#define ASIO_URING_SRC_OPERATION_RESULTS_HPP

#include "kernel_abi.hpp"

#include <asio_uring/operation.hpp>
#include <asio_uring/result.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <type_traits>
#include <variant>

namespace asio_uring::detail {

template <typename T, typename... Candidates>
inline constexpr bool one_of = (std::is_same_v<T, Candidates> || ...);

inline bool has_room(const iovec* buffers, std::size_t count) noexcept
{
    return std::any_of(buffers, buffers + count, [](const iovec& buffer) { return buffer.iov_len != 0; });
}

/// How the result of an operation is to be read.
inline result::meaning meaning_of(const operation::any& what) noexcept
{
    using meaning = result::meaning;
    return std::visit(
        [](const auto& o)
        {
            using operation_type = std::decay_t<decltype(o)>;
            if constexpr (one_of<operation_type, operation::read, operation::pread, operation::read_fixed,
                              operation::recv>)
                return o.size != 0 ? meaning::read : meaning::plain;
            else if constexpr (one_of<operation_type, operation::recvmsg>)
                return has_room(o.message->msg_iov, o.message->msg_iovlen) ? meaning::read : meaning::plain;
            else if constexpr (one_of<operation_type, operation::readv, operation::preadv>)
                return has_room(o.buffers, o.count) ? meaning::read : meaning::plain;
            else if constexpr (one_of<operation_type, operation::cancel, operation::timer_remove>)
                return meaning::cancel;
            else
                return meaning::plain;
        },
        what);
}

/// Whether an answer says that the operation was interrupted.
// ERESTARTSYS and its kind are the kernel's own and shouldn't be seen.
inline bool interrupted(int code) noexcept
{
    return code == -EINTR || (code <= -abi::erestartsys && code > -abi::erestartsys - 5);
}

/// Whether an operation that ended by accident may be submitted again.
inline bool can_be_issued_again(const operation::any& what) noexcept
{
    return !std::holds_alternative<operation::cancel>(what) &&
           !std::holds_alternative<operation::close>(what);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_SRC_OPERATION_RESULTS_HPP
