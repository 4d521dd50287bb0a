// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests Beast's streams, each on top of the other: a WebSocket in TLS in a TCP stream with time limits.

#include <anonymous_tls.hpp>
#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

// The two ends of a connection.
template <typename Stream>
struct both_ends
{
    template <typename Context, typename... Arguments>
    both_ends(Context& context, connection c, Arguments&... arguments)
        : client(beast::tcp_stream(std::move(c.socket)), arguments...),
          server(beast::tcp_stream(tcp::socket(context, tcp::v4(), c.peer.release())), arguments...)
    {}

    Stream client;
    Stream server;
};

// Runs an operation at each end until both are over.
template <typename Context, typename First, typename Second>
bool succeed(Context& context, First first, Second second)
{
    outcome outcomes[2];
    first(into(outcomes[0]));
    second(into(outcomes[1]));
    return run_until(context, [&] { return outcomes[0].calls + outcomes[1].calls == 2; }) &&
           outcomes[0].succeeded() && outcomes[1].succeeded();
}

template <typename Context, typename Ends>
bool shake_hands(Context& context, Ends& ends)
{
    return succeed(
        context, [&](auto done) { ends.client.async_handshake("localhost", "/", done); },
        [&](auto done) { ends.server.async_accept(done); });
}

} // namespace

BOOST_AUTO_TEST_SUITE(beast_streams)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_websocket_in_tls_carries_messages_both_ways, Context, all_contexts)
{
    using tls = asio::ssl::stream<beast::tcp_stream>;
    Context context;
    auto keys = anonymous_tls(asio::ssl::context::tls);
    both_ends<websocket::stream<tls>> ends(context, connection(context), keys);
    ends.client.set_option(websocket::stream_base::timeout::suggested(beast::role_type::client));
    ends.server.set_option(websocket::stream_base::timeout::suggested(beast::role_type::server));
    BOOST_TEST(succeed(
        context, [&](auto done) { ends.client.next_layer().async_handshake(tls::client, done); },
        [&](auto done) { ends.server.next_layer().async_handshake(tls::server, done); }));
    BOOST_TEST(shake_hands(context, ends));

    const std::string text(std::size_t(1) << 20U, 'x');
    beast::flat_buffer there;
    beast::flat_buffer back;
    BOOST_TEST(succeed(
        context, [&](auto done) { ends.client.async_write(asio::buffer(text), done); },
        [&](auto done) { ends.server.async_read(there, done); }));
    BOOST_TEST(succeed(
        context, [&](auto done) { ends.server.async_write(there.cdata(), done); },
        [&](auto done) { ends.client.async_read(back, done); }));
    BOOST_TEST((beast::buffers_to_string(back.cdata()) == text));

    outcome close;
    outcome read;
    ends.client.async_close(websocket::close_code::normal, into(close));
    ends.server.async_read(there, into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(close.succeeded());
    BOOST_TEST(read.failed_with(websocket::error::closed));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_tcp_stream_ends_a_read_when_its_time_is_over, Context, all_contexts)
{
    Context context;
    connection c(context);
    beast::tcp_stream stream(std::move(c.socket));
    char data[16];
    outcome read;
    stream.expires_after(20ms);
    stream.async_read_some(asio::buffer(data), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(beast::error::timeout));
    BOOST_TEST(c.peer_sees_the_end());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_tcp_stream_that_gets_data_in_time_goes_on, Context, all_contexts)
{
    Context context;
    connection c(context);
    beast::tcp_stream stream(std::move(c.socket));
    char data[16];
    for (int i = 0; i != 3; ++i)
    {
        outcome read;
        stream.expires_after(long_enough);
        stream.async_read_some(asio::buffer(data), into(read));
        tick(context);
        c.peer_sends("hello");
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(read.transferred(5));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_websocket_ends_a_connection_that_is_idle, Context, all_contexts)
{
    Context context;
    both_ends<websocket::stream<beast::tcp_stream>> ends(context, connection(context));
    BOOST_TEST(shake_hands(context, ends));
    ends.server.set_option(websocket::stream_base::timeout{long_enough, 20ms, false});
    beast::flat_buffer message;
    outcome read;
    ends.server.async_read(message, into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(beast::error::timeout));
}

BOOST_AUTO_TEST_SUITE_END()
