// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Stands in for the header of this name where the HTTP server of the examples, which is not changed, is a
// contender on Asio's own context.

#ifndef ASIO_URING_TEST_BENCH_HTTP_STOCK_IO_CONTEXT_HPP
#define ASIO_URING_TEST_BENCH_HTTP_STOCK_IO_CONTEXT_HPP

#include "../../../contender.hpp"

#include <cstdint>
#include <string>

namespace asio_uring {

/// Asio's context, with what the server asks ours beyond that.
class io_context : public bench::contender_context
{
public:
    using bench::contender_context::contender_context;

    struct backend_info
    {
#if defined(ASIO_URING_BENCH_EPOLL)
        std::string description = "Asio's epoll reactor";
#else
        std::string description = "Asio's own io_uring";
#endif
    };

    struct statistics_info
    {
        std::uint64_t submissions = 0;
        std::uint64_t completions = 0;
        std::uint64_t waits = 0;
    };

    backend_info backend() const
    {
        return {};
    }

    statistics_info statistics() const
    {
        return {};
    }
};

} // namespace asio_uring

#endif // ASIO_URING_TEST_BENCH_HTTP_STOCK_IO_CONTEXT_HPP
