// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests Asio's SSL streams over routed sockets: they keep timers of their own, which need a context.

// Before OpenSSL's: asio_uring/drop_in.hpp, where it is in use, is the compiler's first file.
#include <anonymous_tls.hpp>
#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>
#include <process.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using namespace asio_uring::test;
using stream = asio::ssl::stream<tcp::socket>;

} // namespace

BOOST_AUTO_TEST_SUITE(ssl)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stream_shakes_hands_transfers_and_shuts_down, Context, all_contexts)
{
    Context context;
    const auto threads_before = threads();
    auto client_side = anonymous_tls(asio::ssl::context::tls_client);
    auto server_side = anonymous_tls(asio::ssl::context::tls_server);
    connection c(context);
    stream client(std::move(c.socket), client_side);
    stream server(tcp::socket(context, tcp::v4(), c.peer.release()), server_side);
    outcome client_ready;
    outcome server_ready;
    client.async_handshake(stream::client, into(client_ready));
    server.async_handshake(stream::server, into(server_ready));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(client_ready.succeeded());
    BOOST_TEST(server_ready.succeeded());

    const std::string text(std::size_t(1) << 20U, 'x');
    std::string there(text.size(), '\0');
    std::string back(text.size(), '\0');
    outcome outcomes[4];
    asio::async_write(client, asio::buffer(text), into(outcomes[0]));
    asio::async_read(server, asio::buffer(there), into(outcomes[1]));
    asio::async_write(server, asio::buffer(text), into(outcomes[2]));
    asio::async_read(client, asio::buffer(back), into(outcomes[3]));
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.transferred(text.size()));
    BOOST_TEST((there == text));
    BOOST_TEST((back == text));

    outcome client_over;
    outcome server_over;
    client.async_shutdown(into(client_over));
    server.async_shutdown(into(server_over));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(client_over.succeeded());
    BOOST_TEST(server_over.succeeded());
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_read_of_a_stream_is_cancelled, Context, all_contexts)
{
    Context context;
    auto client_side = anonymous_tls(asio::ssl::context::tls_client);
    connection c(context);
    stream client(std::move(c.socket), client_side);
    asio::cancellation_signal signal;
    outcome handshake;
    client.async_handshake(stream::client, asio::bind_cancellation_slot(signal.slot(), into(handshake)));
    tick(context);
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(handshake.aborted());
}

BOOST_AUTO_TEST_SUITE_END()
