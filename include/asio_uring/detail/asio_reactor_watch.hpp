// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Lets I/O objects that nobody routed to the ring work all the same: watches the descriptor of Asio's own
// reactor.

#ifndef ASIO_URING_DETAIL_ASIO_REACTOR_WATCH_HPP
#define ASIO_URING_DETAIL_ASIO_REACTOR_WATCH_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/reactor_operation.hpp>

namespace asio_uring::detail {

class reactor;

/// Polls the descriptor of Asio's reactor on the ring, and runs that reactor when it has something to do.
/// Everything here happens under the lock of our reactor.
class asio_reactor_watch : public reactor_completion
{
public:
    asio_reactor_watch(reactor& owner, asio::execution_context& context) noexcept
        : reactor_completion(owner, &asio_reactor_watch::on_event),
          context_(context)
    {}

    /// Starts to watch where Asio's reactor exists and isn't watched yet. Returns whether it did.
    bool look();

private:
    static next_step on_event(loop&, completion& base, result r);

    asio::execution_context& context_;
    asio_reactor* asio_reactor_ = nullptr;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ASIO_REACTOR_WATCH_HPP
