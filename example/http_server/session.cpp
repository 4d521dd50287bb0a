// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Serves one connection as a coroutine. A watchdog beside it cancels what takes too long: its timer runs
// through many requests and is not touched by each.

#include "session.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

namespace http_server {

namespace {

using boost::system::error_code;
using namespace std::chrono_literals;

constexpr std::size_t read_size = 4 * 1024;               // bytes, for one receive
constexpr std::size_t max_buffered = 2 * max_header_size; // bytes received and not yet parsed
constexpr std::size_t chunk_size = 64 * 1024;             // bytes of a large file at a time
constexpr std::chrono::seconds linger_limit = 2s;         // for the peer to close after the last response
constexpr std::chrono::seconds stop_limit = 1s;           // for either when the server stops

/// The answer to a request that the parser refused.
http::status status_for(const error_code& error)
{
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
    {
        return http::status::request_header_fields_too_large;
    }
    if (error == http::error::body_limit)
    {
        return http::status::payload_too_large;
    }
    return http::status::bad_request;
}

/// Reads a part of a file.
///
/// @returns how many bytes were read; 0 where the file ended early or can't be read.
std::size_t read_at(int descriptor, std::uint64_t place, void* data, std::size_t size)
{
    for (;;)
    {
        const ssize_t count = ::pread(descriptor, data, size, static_cast<off_t>(place));
        if (count >= 0)
        {
            return static_cast<std::size_t>(count);
        }
        if (errno != EINTR)
        {
            return 0;
        }
    }
}

} // namespace

session::session(asio::ip::tcp::socket socket, responder& responder, figures& figures, time_limits limits)
    : socket_(std::move(socket)),
      watchdog_(std::make_shared<watchdog>(socket_, limits.idle)),
      responder_(responder),
      figures_(figures),
      limits_(limits),
      buffer_(max_buffered)
{}

asio::awaitable<void> session::run()
{
    watchdog_->allow(limits_.header);
    bool open = true;
    while (open)
    {
        // g++ 12 miscompiles a co_await inside the conditions of this loop; it stands alone in this file.
        open = co_await read_request();
        if (open)
        {
            open = co_await write_response();
        }
        if (open && !response_.keep_alive)
        {
            co_await finish_sending();
            open = false;
        }
    }
}

void session::stop()
{
    stopping_ = true;
    if (stage_ == stage::idle)
    {
        error_code ignored;
        socket_.cancel(ignored);
    }
    else if (stage_ != stage::responding)
    {
        watchdog_->allow(stop_limit);
    }
}

void session::close()
{
    stopping_ = true;
    watchdog_->end();
    error_code ignored;
    socket_.close(ignored);
}

/// Reads one request and prepares its response. What came behind the request stays in the buffer.
///
/// @returns whether there is a response to send.
asio::awaitable<bool> session::read_request()
{
    request_.clear();
    request_parser parser(request_);
    for (;;)
    {
        const bool began_before = parser.got_some();
        error_code error = http::error::need_more;
        if (buffer_.size() != 0)
        {
            buffer_.consume(parser.parse(buffer_.data(), error));
        }
        if (answer(parser, error))
        {
            co_return true;
        }
        if (parser.got_some() && !began_before)
        {
            watchdog_->allow(stopping_ ? stop_limit : limits_.header);
        }

        stage_ = parser.got_some() ? stage::receiving : stage::idle;
        if (stage_ == stage::idle && stopping_)
        {
            co_return false;
        }
        const std::size_t received = co_await socket_.async_read_some(
            buffer_.prepare(std::min(read_size, max_buffered - buffer_.size())),
            asio::redirect_error(asio::use_awaitable, error));
        buffer_.commit(received);
        if (watchdog_->expired() && parser.got_some() && !stopping_)
        {
            responder_.refuse(http::status::request_timeout, false, response_);
            co_return true;
        }
        if (error)
        {
            co_return false;
        }
    }
}

/// Prepares the response once the parser has seen enough.
///
/// @param error what the parser said last.
/// @returns false where more of the request has to be received first.
bool session::answer(request_parser& parser, const error_code& error)
{
    if (error && error != http::error::need_more)
    {
        responder_.refuse(status_for(error), false, response_);
    }
    else if (parser.is_done())
    {
        responder_.respond(request_, parser.keep_alive() && !stopping_, response_);
    }
    else if (buffer_.size() == max_buffered)
    {
        responder_.refuse(http::status::request_header_fields_too_large, false, response_);
    }
    else if (parser.is_header_done() && request_.expects_continue)
    {
        // The peer asks before it sends its body. Nothing here wants one: answer now, and close.
        responder_.respond(request_, false, response_);
    }
    else
    {
        return false;
    }
    return true;
}

/// Writes the response; header and body of a small one in a single gather write.
///
/// @returns false where the connection broke.
asio::awaitable<bool> session::write_response()
{
    stage_ = stage::responding;
    count(figures_.requests);
    if (response_.file && !response_.file->in_memory)
    {
        const bool written = co_await write_large_file();
        co_return written;
    }
    asio::const_buffer body = asio::buffer(response_.page);
    if (response_.file)
    {
        body = asio::buffer(response_.file->content) + response_.first;
        body = asio::buffer(body, response_.length);
    }
    const std::array<asio::const_buffer, 2> buffers = {asio::buffer(response_.header), body};
    watchdog_->allow(limits_.idle); // for this write, and for the peer to begin its next request
    error_code error;
    const std::size_t sent =
        co_await asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, error));
    count(figures_.bytes_sent, sent);
    co_return !error;
}

/// Writes a response whose file isn't in memory, a chunk at a time.
asio::awaitable<bool> session::write_large_file()
{
    std::vector<char> chunk(std::min<std::uint64_t>(chunk_size, response_.length));
    std::array<asio::const_buffer, 2> buffers = {asio::buffer(response_.header), asio::const_buffer()};
    while (response_.length != 0)
    {
        // This read may wait for the disk, and the thread with it. It is what a static file server without
        // file operations of its own does; the page cache makes it rare.
        const std::size_t size = read_at(response_.file->descriptor.get(), response_.first, chunk.data(),
            std::min<std::uint64_t>(chunk.size(), response_.length));
        if (size == 0)
        {
            co_return false; // only the end of the connection can tell the peer that the file got shorter
        }
        buffers[1] = asio::buffer(chunk.data(), size);
        response_.first += size;
        response_.length -= size;

        watchdog_->allow(limits_.idle);
        error_code error;
        const std::size_t sent =
            co_await asio::async_write(socket_, buffers, asio::redirect_error(asio::use_awaitable, error));
        count(figures_.bytes_sent, sent);
        if (error)
        {
            co_return false;
        }
        buffers[0] = asio::const_buffer();
    }
    response_.file.reset(); // gives the descriptor back
    co_return true;
}

/// Ends the connection so that the last response arrives: a socket that is closed with unread data in it
/// resets the connection, and the peer may lose what it hasn't read yet.
asio::awaitable<void> session::finish_sending()
{
    error_code error;
    socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
    stage_ = stage::lingering;
    watchdog_->allow(stopping_ ? stop_limit : linger_limit);
    buffer_.consume(buffer_.size());
    while (!error && !watchdog_->expired())
    {
        co_await socket_.async_read_some(
            buffer_.prepare(read_size), asio::redirect_error(asio::use_awaitable, error));
    }
}

} // namespace http_server
