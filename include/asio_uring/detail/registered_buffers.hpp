// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The buffers that a program has registered with a context on the ring.

#ifndef ASIO_URING_DETAIL_REGISTERED_BUFFERS_HPP
#define ASIO_URING_DETAIL_REGISTERED_BUFFERS_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <atomic>
#include <sys/uio.h>

namespace asio_uring::detail {

/// Registers buffers with the ring, one list at a time. Any thread.
class registered_buffers : public execution_context_service_base<registered_buffers>
{
public:
    explicit registered_buffers(asio::execution_context& context)
        : execution_context_service_base<registered_buffers>(context),
          loop_(asio::use_service<reactor>(context).get_loop())
    {}

    void shutdown() override {}

    /// @throws system_error what the kernel says: busy where buffers are registered already.
    void add(const iovec* buffers, unsigned count)
    {
        throw_error(error_code(loop_.register_buffers(buffers, count)), "register_buffers");
        count_.store(count, std::memory_order_relaxed);
    }

    void remove() noexcept
    {
        count_.store(0, std::memory_order_relaxed);
        loop_.unregister_buffers();
    }

    /// Whether a buffer with this index is registered. A hint where another thread registers or unregisters
    /// buffers: the kernel knows.
    bool holds(int index) const noexcept
    {
        return index >= 0 && static_cast<unsigned>(index) < count_.load(std::memory_order_relaxed);
    }

private:
    loop& loop_;
    std::atomic<unsigned> count_{0};
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_REGISTERED_BUFFERS_HPP
