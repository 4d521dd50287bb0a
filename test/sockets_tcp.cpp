// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what stream sockets send and receive over TCP, and when their handlers run.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace asio_uring::test;

// Starts an operation inside a handler, and tells whether that called the operation's own handler.
template <typename Context, typename Start>
bool calls_back_inside(Context& context, Start start)
{
    bool inside = false;
    bool called_inside = false;
    int calls = 0;
    asio::post(context,
        [&]
        {
            inside = true;
            start(
                [&](const error_code&, std::size_t = 0)
                {
                    ++calls;
                    called_inside |= inside;
                });
            inside = false;
        });
    BOOST_TEST(run_until(context, [&] { return calls != 0; }));
    return called_inside;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_tcp)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receive_waits_for_data_and_gets_it, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<64> buffer;
    c.socket.async_receive(asio::mutable_buffer(buffer), into(received));
    tick(context);
    BOOST_TEST(!received.over());
    c.peer_sends("hello");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(5));
    BOOST_TEST(buffer.first(5) == "hello");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receive_gets_what_came_before_it, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<3> buffer;
    c.peer_sends("hello");
    c.socket.async_read_some(asio::mutable_buffer(buffer), into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(3));
    BOOST_TEST(buffer.first(3) == "hel");
    BOOST_TEST(c.socket.available() == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_sent_arrives, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome sent;
    c.socket.async_write_some(asio::buffer("hello", 5), into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(5));
    BOOST_TEST(c.peer_gets(5) == "hello");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receive_and_a_send_do_not_wait_for_each_other, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    outcome sent;
    space<8> buffer;
    c.socket.async_receive(asio::mutable_buffer(buffer), into(received));
    c.socket.async_send(asio::buffer("ping", 4), into(sent));
    BOOST_TEST(run_until(context, [&] { return sent.over(); }));
    BOOST_TEST(!received.over());
    BOOST_TEST(c.peer_gets(4) == "ping");
    c.peer_sends("pong");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receive_gets_the_end_of_file, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<8> buffer;
    c.socket.async_receive(asio::mutable_buffer(buffer), into(received));
    tick(context);
    checked(::shutdown(c.peer.get(), SHUT_WR));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.failed_with(asio::error::eof));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(shutdown_lets_the_peer_see_the_end, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.socket.shutdown(tcp::socket::shutdown_send);
    BOOST_TEST(c.peer_sees_the_end());
    c.peer_sends("still open");
    space<16> buffer;
    BOOST_TEST(c.socket.receive(asio::mutable_buffer(buffer)) == 10U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_shutdown_of_both_ends_a_receive, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<8> buffer;
    c.socket.async_receive(asio::mutable_buffer(buffer), into(received));
    tick(context);
    c.socket.shutdown(tcp::socket::shutdown_both);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.failed_with(asio::error::eof));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_reset_by_the_peer_ends_a_receive, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<8> buffer;
    c.socket.async_receive(asio::mutable_buffer(buffer), into(received));
    tick(context);
    const linger at_once{1, 0};
    checked(::setsockopt(c.peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)));
    c.peer.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.failed_with(asio::error::connection_reset));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_send_after_shutdown_fails_and_raises_no_signal, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome sent;
    outcome sent_pieces;
    c.socket.shutdown(tcp::socket::shutdown_send);
    const std::vector<asio::const_buffer> pieces{asio::buffer("a", 1), asio::buffer("b", 1)};
    c.socket.async_send(asio::buffer("x", 1), into(sent));
    c.socket.async_send(pieces, into(sent_pieces));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.failed_with(asio::error::broken_pipe));
    BOOST_TEST(sent_pieces.failed_with(asio::error::broken_pipe));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_peek_leaves_the_data, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome peeked;
    space<8> buffer;
    c.socket.async_receive(asio::mutable_buffer(buffer), tcp::socket::message_peek, into(peeked));
    tick(context);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(peeked.transferred(4));
    BOOST_TEST(c.socket.available() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_synchronous_calls_work_between_asynchronous_ones, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<8> buffer;
    c.socket.async_receive(asio::mutable_buffer(buffer), into(received));
    c.peer_sends("one");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(3));

    BOOST_TEST(c.socket.write_some(asio::buffer("two", 3)) == 3U);
    BOOST_TEST(c.peer_gets(3) == "two");
    c.peer_sends("three");
    BOOST_TEST(c.socket.read_some(asio::mutable_buffer(buffer)) == 5U);
    c.peer.close();
    error_code ec;
    BOOST_TEST(c.socket.receive(asio::mutable_buffer(buffer), 0, ec) == 0U);
    BOOST_TEST(ec == asio::error::eof);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_operation_on_a_closed_socket_fails, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context);
    outcome received;
    outcome sent;
    outcome waited;
    space<8> buffer;
    socket.async_receive(asio::mutable_buffer(buffer), into(received));
    socket.async_send(asio::buffer("x", 1), into(sent));
    socket.async_wait(tcp::socket::wait_read, into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.failed_with(asio::error::bad_descriptor));
    BOOST_TEST(sent.failed_with(asio::error::bad_descriptor));
    BOOST_TEST(waited.failed_with(asio::error::bad_descriptor));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_operation_on_an_unconnected_socket_fails, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context, tcp::v4());
    outcome received;
    space<8> buffer;
    socket.async_receive(asio::mutable_buffer(buffer), into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.failed_with(asio::error::not_connected));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(no_handler_runs_inside_its_initiating_function, Context, all_contexts)
{
    Context context;
    connection c(context);
    tcp::socket closed(context);
    tcp::socket unconnected(context, tcp::v4());
    space<1> buffer;
    const asio::mutable_buffer place = buffer;
    c.peer_sends("plenty");
    const auto receive = [&](auto handler) { c.socket.async_receive(place, handler); };
    const auto receive_nothing = [&](auto handler)
    { c.socket.async_receive(asio::buffer(place, 0), handler); };
    const auto send = [&](auto handler) { c.socket.async_send(place, handler); };
    const auto send_nothing = [&](auto handler) { c.socket.async_send(asio::buffer(place, 0), handler); };
    const auto wait = [&](auto handler) { c.socket.async_wait(tcp::socket::wait_write, handler); };
    const auto fail = [&](auto handler) { closed.async_receive(place, handler); };
    const auto connect = [&](auto handler) { unconnected.async_connect(loopback(1), handler); };
    BOOST_TEST(!calls_back_inside(context, receive));
    BOOST_TEST(!calls_back_inside(context, receive_nothing));
    BOOST_TEST(!calls_back_inside(context, send));
    BOOST_TEST(!calls_back_inside(context, send_nothing));
    BOOST_TEST(!calls_back_inside(context, wait));
    BOOST_TEST(!calls_back_inside(context, fail));
    BOOST_TEST(!calls_back_inside(context, connect));
}

BOOST_AUTO_TEST_SUITE_END()
