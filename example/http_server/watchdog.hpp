// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The time limits of a connection: cancels its socket's operations where one takes too long.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_WATCHDOG_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_WATCHDOG_HPP

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>

namespace http_server {

namespace asio = boost::asio;

/// Watches over one socket.
///
/// A new limit only moves a deadline; the timer runs on through many requests, looks at the deadline when it
/// expires, and is set anew. So a limit costs a look at the clock and no timer operation.
///
/// @par Thread Safety
/// Shared objects: unsafe. All members are called on the socket's executor.
class watchdog : public std::enable_shared_from_this<watchdog>
{
public:
    /// @param socket outlives the watch, which `end()` ends.
    /// @param patience how long a peer may take none of the data that waits for it.
    watchdog(asio::ip::tcp::socket& socket, std::chrono::seconds patience);

    /// Sets the limit for what comes next, and forgets that the last one expired.
    void allow(std::chrono::seconds limit);

    /// Whether the limit expired and the operations of the socket were cancelled.
    bool expired() const noexcept
    {
        return expired_;
    }

    /// Ends the watch.
    void end();

private:
    void watch();
    void check();
    bool peer_takes_data();

    asio::ip::tcp::socket* socket_; ///< Null once the watch has ended.
    const std::chrono::seconds patience_;
    asio::steady_timer timer_;
    std::chrono::steady_clock::time_point deadline_;
    int unacknowledged_ = 0; ///< Bytes that the peer hadn't taken at the last look.
    bool watching_ = false;  ///< Whether the timer runs.
    bool expired_ = false;
};

} // namespace http_server

#endif
