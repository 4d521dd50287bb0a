// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Accepts connections, survives the errors of accept, and stops cleanly.

#include "server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <exception>
#include <iostream>
#include <utility>

namespace http_server {

namespace {

using boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::chrono::milliseconds accept_retry = 100ms; // after an error such as EMFILE
constexpr std::chrono::seconds stop_limit = 10s;          // for responses in progress when the server stops

/// Says why a coroutine ended by an exception, such as a lack of memory.
void report(const char* what, const std::exception_ptr& failure)
{
    try
    {
        if (failure)
        {
            std::rethrow_exception(failure);
        }
    }
    catch (const std::exception& exception)
    {
        std::cerr << "http_server: " << what << " ended: " << exception.what() << std::endl;
    }
}

} // namespace

server::server(
    asio_uring::io_context& context, const options& options, responder& responder, figures& figures)
    : context_(context),
      several_threads_(options.threads > 1),
      limits_{options.header_timeout, options.idle_timeout},
      responder_(responder),
      figures_(figures),
      executor_(new_executor()),
      acceptor_(executor_),
      retry_timer_(executor_),
      stop_timer_(executor_),
      signals_(executor_, SIGINT, SIGTERM)
{
    const asio::ip::tcp::endpoint endpoint(options.address, options.port);
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::ip::tcp::acceptor::reuse_address(true));
    acceptor_.set_option(asio::ip::tcp::no_delay(true)); // Linux hands it down to every accepted socket
    acceptor_.bind(endpoint);
    acceptor_.listen();
}

void server::start()
{
    asio::co_spawn(executor_, accept_connections(),
        [this](const std::exception_ptr& failure)
        {
            report("accepting", failure);
            if (!stopping_)
            {
                stop();
            }
        });
    asio::co_spawn(executor_, wait_for_signals(), asio::detached);
}

/// An executor whose handlers never run at the same time.
asio::any_io_executor server::new_executor()
{
    if (several_threads_)
    {
        return asio::make_strand(context_);
    }
    return context_.get_executor();
}

asio::awaitable<void> server::accept_connections()
{
    bool failed_before = false;
    while (!stopping_)
    {
        error_code error;
        asio::ip::tcp::socket socket =
            co_await acceptor_.async_accept(new_executor(), asio::redirect_error(asio::use_awaitable, error));
        if (!error)
        {
            failed_before = false;
            open_session(std::move(socket));
        }
        else if (error != asio::error::operation_aborted && error != asio::error::connection_aborted)
        {
            // Too many open files, or no memory: the connection waits in the backlog. It is tried again after
            // a while, since trying at once would only burn the processor until a descriptor comes free.
            if (!std::exchange(failed_before, true))
            {
                std::cerr << "http_server: can't accept a connection: " << error.message() << "; trying again"
                          << std::endl;
            }
            retry_timer_.expires_after(accept_retry);
            co_await retry_timer_.async_wait(asio::redirect_error(asio::use_awaitable, error));
        }
    }
}

asio::awaitable<void> server::wait_for_signals()
{
    error_code error;
    co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, error));
    if (!stopping_)
    {
        stop();
    }
    if (!sessions_.empty())
    {
        co_await signals_.async_wait(asio::redirect_error(asio::use_awaitable, error));
        if (!error)
        {
            context_.stop();
        }
    }
}

void server::open_session(asio::ip::tcp::socket socket)
{
    if (stopping_)
    {
        return;
    }
    const auto executor = socket.get_executor();
    const auto opened = std::make_shared<session>(std::move(socket), responder_, figures_, limits_);
    sessions_.insert(opened);
    count(figures_.total_connections);
    count(figures_.open_connections);
    asio::co_spawn(
        executor, [opened] { return opened->run(); },
        [this, opened](const std::exception_ptr& failure)
        {
            report("a connection", failure);
            opened->close();
            asio::dispatch(executor_, [this, opened] { close_session(opened); });
        });
}

void server::close_session(const std::shared_ptr<session>& session)
{
    sessions_.erase(session);
    figures_.open_connections.fetch_sub(1, std::memory_order_relaxed);
    if (stopping_ && sessions_.empty())
    {
        finish_stop();
    }
}

/// Stops accepting, ends idle connections and gives the others a limited time.
void server::stop()
{
    stopping_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    retry_timer_.cancel();
    for (const auto& session : sessions_)
    {
        asio::post(session->get_executor(), [session] { session->stop(); });
    }
    if (sessions_.empty())
    {
        finish_stop();
        return;
    }
    stop_timer_.expires_after(stop_limit);
    stop_timer_.async_wait(
        [this](const error_code& error)
        {
            if (error)
            {
                return;
            }
            for (const auto& session : sessions_)
            {
                asio::post(session->get_executor(), [session] { session->close(); });
            }
        });
}

/// Ends what still keeps the context at work.
void server::finish_stop()
{
    stop_timer_.cancel();
    signals_.cancel();
}

} // namespace http_server
