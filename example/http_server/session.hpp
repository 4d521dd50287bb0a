// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// One connection: reads requests, writes responses, and keeps to the time limits.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_SESSION_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_SESSION_HPP

#include "figures.hpp"
#include "request.hpp"
#include "response.hpp"
#include "watchdog.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <chrono>
#include <memory>

namespace http_server {

namespace asio = boost::asio;

/// The time limits of a connection.
struct time_limits
{
    std::chrono::seconds header; ///< For a whole request, from its first byte; and for the first byte of all.
    std::chrono::seconds idle;   ///< Between requests, and for a peer that takes no data.
};

/// A connection. All members are called on its socket's executor.
///
/// @par Thread Safety
/// Shared objects: unsafe.
class session
{
public:
    /// @param responder, figures must outlive the session.
    session(asio::ip::tcp::socket socket, responder& responder, figures& figures, time_limits limits);

    /// Serves the connection until there is no more to say; then close() is to be called.
    asio::awaitable<void> run();

    /// Ends the connection: at once where it is idle, after the response where one is in progress, and else
    /// after a moment that lets a request arrive that is on its way.
    void stop();

    /// Ends the connection at once.
    void close();

    asio::any_io_executor get_executor()
    {
        return socket_.get_executor();
    }

private:
    using error_code = boost::system::error_code;

    /// What the connection is at.
    enum class stage
    {
        idle,       ///< It waits for the first byte of a request.
        receiving,  ///< A part of a request has come.
        responding, ///< A response is being sent.
        lingering   ///< The last response is sent, and the peer has yet to close.
    };

    asio::awaitable<bool> read_request();
    bool answer(request_parser& parser, const error_code& error);
    asio::awaitable<bool> write_response();
    asio::awaitable<bool> write_large_file();
    asio::awaitable<void> finish_sending();

    asio::ip::tcp::socket socket_;
    const std::shared_ptr<watchdog> watchdog_; ///< Shared with its timer's handler.
    responder& responder_;
    figures& figures_;
    const time_limits limits_;
    boost::beast::flat_buffer buffer_; ///< What was received and not yet parsed.
    request request_;
    response response_;
    stage stage_ = stage::idle;
    bool stopping_ = false; ///< Whether stop() was called.
};

} // namespace http_server

#endif
