// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What an entry of the ring's queues says of the completion that it is about.

#ifndef ASIO_URING_SRC_USER_DATA_HPP
#define ASIO_URING_SRC_USER_DATA_HPP

#include <asio_uring/completion.hpp>

#include <cstdint>

namespace asio_uring::detail {

// The user_data of entries that aren't a completion's: its own address is even.
inline constexpr std::uint64_t wake_mark = 0;
inline constexpr std::uint64_t silent_cancel_mark = 1;

/// The user_data of a completion's entries.
inline std::uint64_t address_of(const completion& c) noexcept
{
    return reinterpret_cast<std::uintptr_t>(&c);
}

/// The completion that an entry is about, also where it only asks to cancel it.
inline completion& completion_at(std::uint64_t user_data) noexcept
{
    return *reinterpret_cast<completion*>(user_data & ~silent_cancel_mark);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_SRC_USER_DATA_HPP
