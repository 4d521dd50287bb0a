// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Keeps a deadline with one timer that is not touched by each request.

#include "watchdog.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>

#include <utility>

namespace http_server {

using boost::system::error_code;

watchdog::watchdog(asio::ip::tcp::socket& socket, std::chrono::seconds patience)
    : socket_(&socket),
      patience_(patience),
      timer_(socket.get_executor())
{}

void watchdog::allow(std::chrono::seconds limit)
{
    expired_ = false;
    unacknowledged_ = 0;
    deadline_ = std::chrono::steady_clock::now() + limit;
    if (socket_ != nullptr && (!watching_ || deadline_ < timer_.expiry()))
    {
        watch();
    }
}

void watchdog::end()
{
    socket_ = nullptr;
    timer_.cancel();
}

void watchdog::watch()
{
    watching_ = true;
    timer_.expires_at(deadline_);
    timer_.async_wait(
        [self = shared_from_this()](const error_code& error)
        {
            if (!error && self->socket_ != nullptr)
            {
                self->check();
            }
        });
}

/// Cancels what is in progress where its time is up. Usually the deadline has moved on since the timer was
/// set.
void watchdog::check()
{
    watching_ = false;
    const auto now = std::chrono::steady_clock::now();
    if (now >= deadline_)
    {
        if (!peer_takes_data())
        {
            expired_ = true;
            error_code ignored;
            socket_->cancel(ignored);
            return;
        }
        deadline_ = now + patience_;
    }
    watch();
}

/// Whether a peer is slow rather than gone: whether fewer bytes wait in the socket than at the last look. The
/// first look has nothing to compare with and counts as progress.
bool watchdog::peer_takes_data()
{
    int waiting = 0;
    if (::ioctl(socket_->native_handle(), SIOCOUTQ, &waiting) != 0 || waiting == 0)
    {
        return false;
    }
    const int before = std::exchange(unacknowledged_, waiting);
    return before == 0 || waiting < before;
}

} // namespace http_server
