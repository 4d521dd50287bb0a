// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The listening socket, the connections that it accepted, and the clean stop of both.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_SERVER_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_SERVER_HPP

#include "figures.hpp"
#include "options.hpp"
#include "response.hpp"
#include "session.hpp"

#include <asio_uring/io_context.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <unordered_set>

namespace http_server {

/// Accepts connections and serves each with a session, until SIGINT or SIGTERM.
///
/// The first signal closes the listening socket and idle connections and lets responses in progress finish,
/// within a limit; a second one stops the context at once. With several threads the server and each
/// connection have a strand of their own; a single thread pays for none.
class server
{
public:
    /// Listens.
    ///
    /// @param context, responder, figures must outlive the server.
    /// @throws boost::system::system_error where the address can't be listened on.
    server(asio_uring::io_context& context, const options& options, responder& responder, figures& figures);

    /// Where it listens; shows the true port where the options said 0.
    asio::ip::tcp::endpoint endpoint() const
    {
        return acceptor_.local_endpoint();
    }

    /// Starts the work; `context.run()` does it, and returns once the server has stopped.
    void start();

private:
    asio::any_io_executor new_executor();
    asio::awaitable<void> accept_connections();
    asio::awaitable<void> wait_for_signals();
    void open_session(asio::ip::tcp::socket socket);
    void close_session(const std::shared_ptr<session>& session);
    void stop();
    void finish_stop();

    asio_uring::io_context& context_;
    const bool several_threads_;
    const time_limits limits_;
    responder& responder_;
    figures& figures_;
    asio::any_io_executor executor_; ///< All that follows is used on it.
    asio::ip::tcp::acceptor acceptor_;
    asio::steady_timer retry_timer_;
    asio::steady_timer stop_timer_;
    asio::signal_set signals_;
    std::unordered_set<std::shared_ptr<session>> sessions_;
    bool stopping_ = false;
};

} // namespace http_server

#endif
