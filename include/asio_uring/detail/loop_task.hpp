// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a scheduler runs between handlers.

#ifndef ASIO_URING_DETAIL_LOOP_TASK_HPP
#define ASIO_URING_DETAIL_LOOP_TASK_HPP

#include <asio_uring/detail/asio.hpp>

namespace asio_uring::detail {

/// A task of Asio's that can say that it has nothing to do.
class loop_task : public scheduler_task
{
public:
    /// Whether run() would do something now, without waiting. Not while a thread is in run().
    virtual bool is_due() = 0;

protected:
    ~loop_task() = default;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_LOOP_TASK_HPP
