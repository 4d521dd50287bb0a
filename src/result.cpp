// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The error that a result stands for.

#include <asio_uring/error.hpp>
#include <asio_uring/result.hpp>

#include <cerrno>

namespace asio_uring {

std::error_code result::error() const noexcept
{
    if (*this)
        return {};
    if (code_ == 0)
        return loop_error::end_of_file;
    if (meaning_ == meaning::cancel && code_ == -ENOENT)
        return loop_error::not_found;
    if (meaning_ == meaning::cancel && code_ == -EALREADY)
        return loop_error::in_progress;
    return {-code_, std::system_category()};
}

} // namespace asio_uring
