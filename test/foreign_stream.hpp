// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// An I/O object of a third party, which nobody routes: it calls Asio's reactor by itself.

#ifndef ASIO_URING_TEST_FOREIGN_STREAM_HPP
#define ASIO_URING_TEST_FOREIGN_STREAM_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/detail/reactive_descriptor_service.hpp>
#include <boost/asio/detail/throw_error.hpp>
#include <boost/asio/execution_context.hpp>
#include <type_traits>

namespace asio_uring::test {

/// Reads and writes a descriptor, which it owns.
class foreign_stream
{
    using service_type = boost::asio::detail::reactive_descriptor_service;

public:
    using executor_type = boost::asio::any_io_executor;

    template <typename Context>
    foreign_stream(Context& context, int fd)
        : service_(boost::asio::use_service<service_type>(context)),
          executor_(context.get_executor())
    {
        service_.construct(implementation_);
        boost::system::error_code ec;
        service_.assign(implementation_, fd, ec);
        boost::asio::detail::throw_error(ec, "assign");
    }

    foreign_stream(const foreign_stream&) = delete;
    foreign_stream& operator=(const foreign_stream&) = delete;

    ~foreign_stream()
    {
        service_.destroy(implementation_);
    }

    executor_type get_executor() const
    {
        return executor_;
    }

    template <typename Buffers, typename Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler)
    {
        std::decay_t<Handler> copy(static_cast<Handler&&>(handler));
        service_.async_read_some(implementation_, buffers, copy, executor_);
    }

    template <typename Buffers, typename Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler)
    {
        std::decay_t<Handler> copy(static_cast<Handler&&>(handler));
        service_.async_write_some(implementation_, buffers, copy, executor_);
    }

private:
    service_type& service_;
    service_type::implementation_type implementation_;
    executor_type executor_;
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_FOREIGN_STREAM_HPP
