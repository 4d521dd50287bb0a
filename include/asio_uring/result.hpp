// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a callback gets: a value or an error.

#ifndef ASIO_URING_RESULT_HPP
#define ASIO_URING_RESULT_HPP

#include <asio_uring/detail/assert.hpp>
#include <cstddef>
#include <system_error>

namespace asio_uring {

/// How a timer ended.
enum class timer_outcome
{
    expired,
    cancelled,
};

/// The result of an operation: a value or an error.
///
/// @par Thread Safety
/// A value type: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// if (!result)
///     report(result.error().message());
/// else
///     consume(buffer, result.bytes());
/// @endcode
class result
{
public:
    /// What the kernel's number means beyond being a number.
    enum class meaning : unsigned char
    {
        plain,
        /// 0 stands for the end of the file.
        read,
        /// ENOENT and EALREADY speak of another completion.
        cancel,
    };

    /// Takes what the kernel answered: a value, or a negative errno.
    constexpr result(int code, meaning what) noexcept : code_(code), meaning_(what) {}

    /// The kernel's answer as it came: a value, or a negative errno.
    constexpr int code() const noexcept
    {
        return code_;
    }

    /// True where the operation succeeded.
    constexpr explicit operator bool() const noexcept
    {
        return code_ > 0 || (code_ == 0 && meaning_ != meaning::read);
    }

    /// The error; default-constructed where the operation succeeded. errno values are in the system category,
    /// the others are a loop_error. A cancelled operation has std::errc::operation_canceled.
    std::error_code error() const noexcept;

    /// The number of bytes that a read, receive, send or write transferred, 0 where it failed.
    constexpr std::size_t bytes() const noexcept
    {
        return code_ > 0 ? static_cast<std::size_t>(code_) : 0;
    }

    /// The descriptor that an accept made. The caller owns it.
    int descriptor() const noexcept
    {
        ASIO_URING_ASSERT(code_ >= 0);
        return code_;
    }

    /// The events that a poll saw, as in poll(2).
    short events() const noexcept
    {
        ASIO_URING_ASSERT(code_ >= 0);
        return static_cast<short>(code_);
    }

    /// How a timer ended.
    constexpr timer_outcome timer() const noexcept
    {
        return code_ == 0 ? timer_outcome::expired : timer_outcome::cancelled;
    }

private:
    int code_;
    meaning meaning_;
};

} // namespace asio_uring

#endif // ASIO_URING_RESULT_HPP
