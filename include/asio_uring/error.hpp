// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The errors that the loop itself reports, beside the system's errno values.

#ifndef ASIO_URING_ERROR_HPP
#define ASIO_URING_ERROR_HPP

#include <system_error>

namespace asio_uring {

/// What the loop reports where no errno value fits.
enum class loop_error
{
    /// A ring of 0 entries, or of more than loop_options::max_entries, was asked for.
    too_many_entries = 1,

    /// loop::run() was called from inside a callback of the same loop.
    nested_run,

    /// A read of a buffer that isn't empty brought 0 bytes.
    end_of_file,

    /// The timer or completion to remove or cancel is not active, or has finished already.
    not_found,

    /// The completion to cancel is being carried out and may or may not be stopped; its own result tells.
    in_progress,

    /// The kernel makes rings, but lacks something that the loop needs; Linux 6.1 has it all.
    kernel_too_old,
};

/// The category of loop_error, named "asio_uring.loop". Thread-safe.
const std::error_category& loop_category() noexcept;

/// Makes an error code of a loop_error.
inline std::error_code make_error_code(loop_error error) noexcept
{
    return {static_cast<int>(error), loop_category()};
}

} // namespace asio_uring

template <>
struct std::is_error_code_enum<asio_uring::loop_error> : std::true_type
{};

#endif // ASIO_URING_ERROR_HPP
