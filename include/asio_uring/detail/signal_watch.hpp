// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Lets a ring hear of the signals of the process.

#ifndef ASIO_URING_DETAIL_SIGNAL_WATCH_HPP
#define ASIO_URING_DETAIL_SIGNAL_WATCH_HPP

#include <asio_uring/detail/process_signals.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <cerrno>
#include <poll.h>

namespace asio_uring::detail {

/// Polls the pipe of process_signals on the ring, and delivers what is in it. It polls first and then reads
/// without waiting: a ring whose context nobody runs must not take signals away from others.
class signal_watch : public reactor_completion
{
public:
    explicit signal_watch(reactor& owner) noexcept : reactor_completion(owner, &signal_watch::on_event) {}

    void start()
    {
        prepare(operation::poll{process_signals::get().descriptor(), POLLIN});
        owner().add(*this);
    }

    /// Lets it see what its descriptor has become in a child of fork(2).
    void restart()
    {
        const auto guard = owner().lock();
        owner().get_loop().cancel(*this);
    }

private:
    static next_step on_event(loop&, completion& base, result r)
    {
        auto& self = static_cast<signal_watch&>(base);
        if (self.owner().shut_down())
            return next_step::disarm;
        process_signals::get().deliver_all();
        // A poll that can't work, because somebody closed all descriptors, would fail for ever.
        return r || r.code() == -ECANCELED ? next_step::rearm : next_step::disarm;
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SIGNAL_WATCH_HPP
