// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The category and the messages of loop_error.

#include <asio_uring/error.hpp>

#include <string>

namespace asio_uring {
namespace {

class category final : public std::error_category
{
public:
    const char* name() const noexcept override
    {
        return "asio_uring.loop";
    }

    std::string message(int value) const override
    {
        switch (static_cast<loop_error>(value))
        {
        case loop_error::too_many_entries:
            return "The number of ring entries is not between 1 and 8191";
        case loop_error::nested_run:
            return "The loop is running already";
        case loop_error::end_of_file:
            return "End of file";
        case loop_error::not_found:
            return "The operation is not active";
        case loop_error::in_progress:
            return "The operation is being carried out";
        case loop_error::kernel_too_old:
            return "The kernel's io_uring lacks what asio_uring needs (Linux 6.1 or later)";
        }
        return "Unknown error";
    }
};

} // namespace

const std::error_category& loop_category() noexcept
{
    static const category instance;
    return instance;
}

} // namespace asio_uring
