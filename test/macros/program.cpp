// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A small Asio program that is built once for each macro and option that changes Asio: handlers, timers, TCP
// and local sockets. Says on standard output what isn't as it should be, and exits with 1 where anything
// isn't.
//
// Usage: program [ring | reactor | asio]   (on one context after the other by default)

#include <asio_uring/io_context.hpp>

#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

// Without exceptions Asio and Boost leave this to the program.
#if defined(ASIO_URING_STANDALONE_ASIO) && defined(BOOST_ASIO_NO_EXCEPTIONS)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-parameter"
template <typename Exception>
void boost::asio::detail::throw_exception(const Exception& e BOOST_ASIO_SOURCE_LOCATION_PARAM)
{
    std::printf("would throw: %s\n", e.what());
    std::exit(EXIT_FAILURE);
}
#pragma GCC diagnostic pop
#elif defined(BOOST_ASIO_NO_EXCEPTIONS)
#include <boost/throw_exception.hpp>

namespace boost {

void throw_exception(const std::exception& e)
{
    std::printf("would throw: %s\n", e.what());
    std::exit(EXIT_FAILURE);
}

void throw_exception(const std::exception& e, const boost::source_location&)
{
    throw_exception(e);
}

} // namespace boost
#endif

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using local = asio::local::stream_protocol;

constexpr std::chrono::seconds long_enough(30);

int failures = 0;

void check(bool holds, const char* what)
{
    if (holds)
        return;
    ++failures;
    std::printf("wrong: %s\n", what);
}

// Counts the handlers that are called with the error, and the number of bytes, that they should get.
class expected_calls
{
public:
    auto operator()(const char* what, error_code expected = {}, std::size_t expected_bytes = 0)
    {
        ++expected_;
        return [this, what, expected, expected_bytes](error_code ec, std::size_t bytes = 0)
        {
            ++calls_;
            check(expected ? ec == expected : !ec, what);
            check(bytes == expected_bytes, what);
        };
    }

    // Runs a context until it has no more work: then all were called, once.
    template <typename Context>
    void await(Context& context)
    {
        context.restart();
        context.run_for(long_enough);
        check(context.stopped(), "the context runs out of work");
        check(calls_ == expected_, "each handler is called once");
    }

private:
    int expected_ = 0;
    int calls_ = 0;
};

template <typename Context>
void handlers(Context& context)
{
    expected_calls expect;
    asio::post(context,
        [&context, posted = expect("post"), dispatched = expect("dispatch"),
            deferred = expect("defer")]() mutable
        {
            posted(error_code());
            asio::dispatch(context, [dispatched]() mutable { dispatched(error_code()); });
            asio::defer(context, [deferred]() mutable { deferred(error_code()); });
        });
    auto strand = asio::make_strand(context);
    asio::post(strand, [in_strand = expect("strand")]() mutable { in_strand(error_code()); });
    asio::post(strand, [again = expect("strand")]() mutable { again(error_code()); });
#if !defined(BOOST_ASIO_NO_DEPRECATED) && BOOST_ASIO_VERSION < 103300
    context.post([member = expect("the member post")]() mutable { member(error_code()); });
#endif
    expect.await(context);
}

template <typename Context>
void timers(Context& context)
{
    expected_calls expect;
    asio::steady_timer due(context, std::chrono::milliseconds(1));
    asio::steady_timer late(context, std::chrono::hours(1));
    due.async_wait(
        [&late, expired = expect("a timer expires")](error_code ec) mutable
        {
            expired(ec);
            check(late.cancel() == 1, "a cancel tells how many waits it ends");
        });
    late.async_wait(expect("a timer is cancelled", asio::error::operation_aborted));
    expect.await(context);
}

// Sends from one socket to the other, waits, cancels and closes.
template <typename Context, typename Socket>
void transfers(Context& context, Socket& here, Socket& there)
{
    const std::string sent(100000, 'x');
    std::string received(sent.size(), '\0');
    char byte = 0;
    {
        expected_calls expect;
        asio::async_write(here, asio::buffer(sent), expect("a write", {}, sent.size()));
        asio::async_read(there, asio::buffer(received), expect("a read", {}, sent.size()));
        here.async_wait(Socket::wait_write, expect("a wait"));
        expect.await(context);
        check(received == sent, "what was sent is received");
    }
    {
        expected_calls expect;
        there.async_send(asio::buffer("y", 1), expect("a send", {}, 1));
        here.async_receive(asio::buffer(&byte, 1), expect("a receive", {}, 1));
        expect.await(context);
        check(byte == 'y', "what was sent is received");
    }
    {
        expected_calls expect;
        here.async_receive(asio::buffer(&byte, 1), expect("a cancel", asio::error::operation_aborted));
        context.restart();
        context.poll();
        error_code ec;
        here.cancel(ec);
        check(!ec, "a cancel succeeds");
        expect.await(context);
    }
    {
        expected_calls expect;
        there.async_receive(asio::buffer(&byte, 1), expect("the end of file", asio::error::eof));
        error_code ec;
        here.close(ec);
        check(!ec, "a close succeeds");
        expect.await(context);
    }
}

template <typename Context>
void tcp_sockets(Context& context)
{
    tcp::acceptor acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    tcp::socket accepted(context);
    tcp::socket connected(context);
    expected_calls expect;
#if defined(BOOST_ASIO_NO_EXTENSIONS)
    acceptor.async_accept(
        [&accepted, done = expect("an accept")](error_code ec, tcp::socket made) mutable
        {
            done(ec);
            accepted = std::move(made);
        });
#else
    acceptor.async_accept(accepted, expect("an accept"));
#endif
    connected.async_connect(acceptor.local_endpoint(), expect("a connect"));
    expect.await(context);
    transfers(context, connected, accepted);

    expected_calls expect_more;
    acceptor.async_accept(
        [&accepted, done = expect_more("an accept that makes a socket")](
            error_code ec, tcp::socket made) mutable
        {
            done(ec);
            accepted = std::move(made);
        });
    connected.async_connect(acceptor.local_endpoint(), expect_more("a connect"));
    expect_more.await(context);
    transfers(context, accepted, connected);
}

template <typename Context>
void local_sockets(Context& context)
{
    local::socket here(context);
    local::socket there(context);
    error_code ec;
    asio::local::connect_pair(here, there, ec);
    check(!ec, "a pair of local sockets");
    transfers(context, here, there);
}

template <typename Context>
void all_on(Context& context)
{
    handlers(context);
    timers(context);
    tcp_sockets(context);
    local_sockets(context);
}

void all_on(asio_uring::backend_preference backend, asio_uring::backend_kind kind)
{
    asio_uring::io_context_options options;
    options.backend = backend;
    asio_uring::io_context context(options);
    check(context.backend().kind == kind, "a context runs on what it was told");
    all_on(context);
    check((context.statistics().completions != 0) == (kind == asio_uring::backend_kind::io_uring),
        "the ring is used where there is one");
}

} // namespace

int main(int count, char** arguments)
{
    const std::string only = count == 2 ? arguments[1] : "";
    if (only.empty() || only == "ring")
        all_on(asio_uring::backend_preference::io_uring, asio_uring::backend_kind::io_uring);
    if (only.empty() || only == "reactor")
        all_on(asio_uring::backend_preference::reactor, asio_uring::backend_kind::reactor);
    if (only.empty() || only == "asio")
    {
        asio::io_context context;
        all_on(context);
    }
    return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
