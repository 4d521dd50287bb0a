// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests waits for readiness: async_wait in its three kinds, urgent data, null_buffers.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace {

using namespace asio_uring::test;

void peer_sends_urgently(const connection& c, char byte)
{
    checked(static_cast<int>(::send(c.peer.get(), &byte, 1, MSG_OOB | MSG_NOSIGNAL)));
}

// Leaves no room for another byte to send.
void fill(tcp::socket& socket)
{
    const std::string text(1U << 20U, 'x');
    while (::send(socket.native_handle(), text.data(), text.size(), MSG_DONTWAIT) > 0)
        ;
}

// Takes what there is until the other end has room again.
template <typename Context>
void drain_until_over(Context& context, const connection& c, const outcome& waited)
{
    std::string place(1U << 20U, '\0');
    while (!waited.over() && ready(c.peer, POLLIN, 1000))
    {
        checked(static_cast<int>(::recv(c.peer.get(), place.data(), place.size(), MSG_DONTWAIT)));
        tick(context);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_wait)

BOOST_AUTO_TEST_CASE_TEMPLATE(wait_read_ends_when_there_is_data_and_leaves_it, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome waited;
    c.socket.async_wait(tcp::socket::wait_read, into(waited));
    tick(context);
    BOOST_TEST(!waited.over());
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(c.socket.available() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wait_read_ends_at_the_end_of_file, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome waited;
    c.socket.async_wait(tcp::socket::wait_read, into(waited));
    tick(context);
    c.peer.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wait_read_of_an_acceptor_ends_when_somebody_connects, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    outcome waited;
    acceptor.async_wait(tcp::acceptor::wait_read, into(waited));
    tick(context);
    BOOST_TEST(!waited.over());
    const descriptor client = tcp_socket();
    const address there(acceptor.local_endpoint().port());
    checked(::connect(client.get(), there.get(), there.size));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wait_write_ends_when_there_is_room, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome waited_with_room;
    c.socket.async_wait(tcp::socket::wait_write, into(waited_with_room));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited_with_room.succeeded());

    fill(c.socket);
    outcome waited;
    c.socket.async_wait(tcp::socket::wait_write, into(waited));
    tick(context);
    BOOST_TEST(!waited.over());
    drain_until_over(context, c, waited);
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wait_error_does_not_end_for_data_or_the_end_of_file, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome waited;
    c.socket.async_wait(tcp::socket::wait_error, into(waited));
    tick(context);
    c.peer_sends("data");
    checked(::shutdown(c.peer.get(), SHUT_WR));
    BOOST_TEST(ready(descriptor(::dup(c.socket.native_handle())), POLLRDHUP, 10'000));
    for (int i = 0; i != 5; ++i)
        tick(context);
    BOOST_TEST(!waited.over());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wait_error_ends_for_a_reset, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome waited;
    c.socket.async_wait(tcp::socket::wait_error, into(waited));
    tick(context);
    const linger at_once{1, 0};
    checked(::setsockopt(c.peer.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once)));
    c.peer.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(wait_error_ends_for_urgent_data, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome waited;
    c.socket.async_wait(tcp::socket::wait_error, into(waited));
    tick(context);
    peer_sends_urgently(c, '!');
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(urgent_data_is_received_out_of_band, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome urgent;
    outcome ordinary;
    space<4> urgent_place;
    space<8> place;
    c.socket.async_receive(
        asio::mutable_buffer(urgent_place), tcp::socket::message_out_of_band, into(urgent));
    c.socket.async_receive(asio::mutable_buffer(place), into(ordinary));
    tick(context);
    BOOST_TEST(!urgent.over());
    c.peer_sends("calm");
    BOOST_TEST(run_until(context, [&] { return ordinary.over(); }));
    BOOST_TEST(ordinary.transferred(4));
    BOOST_TEST(!urgent.over());
    peer_sends_urgently(c, '!');
    BOOST_TEST(run_until(context, [&] { return urgent.over(); }));
    BOOST_TEST(urgent.transferred(1));
    BOOST_TEST(urgent_place.first(1) == "!");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(urgent_data_that_came_before_is_received, Context, all_contexts)
{
    Context context;
    connection c(context);
    peer_sends_urgently(c, '!');
    BOOST_TEST(ready(descriptor(::dup(c.socket.native_handle())), POLLPRI, 10'000));
    outcome urgent;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), tcp::socket::message_out_of_band, into(urgent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(urgent.transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(at_mark_tells_where_the_urgent_data_is, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("ab");
    peer_sends_urgently(c, '!');
    BOOST_TEST(ready(descriptor(::dup(c.socket.native_handle())), POLLPRI, 10'000));
    BOOST_TEST(!c.socket.at_mark());
    outcome received;
    space<8> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(2));
    BOOST_TEST(c.socket.at_mark());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(urgent_data_can_be_sent, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome sent;
    c.socket.async_send(asio::buffer("!", 1), tcp::socket::message_out_of_band, into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(1));
    char byte = 0;
    BOOST_TEST(ready(c.peer, POLLPRI, 10'000));
    BOOST_TEST(::recv(c.peer.get(), &byte, 1, MSG_OOB) == 1);
    BOOST_TEST(byte == '!');
}

BOOST_AUTO_TEST_CASE_TEMPLATE(null_buffers_wait_for_data_and_for_room, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome readable;
    outcome writable;
    c.socket.async_receive(asio::null_buffers(), into(readable));
    c.socket.async_send(asio::null_buffers(), into(writable));
    BOOST_TEST(run_until(context, [&] { return writable.over(); }));
    BOOST_TEST(writable.transferred(0));
    BOOST_TEST(!readable.over());
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(readable.transferred(0));
    BOOST_TEST(c.socket.available() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receive_after_a_wait_follows_it, Context, all_contexts)
{
    Context context;
    connection c(context);
    std::string order;
    space<8> place;
    c.socket.async_wait(tcp::socket::wait_read, [&](const error_code&) { order += 'w'; });
    c.socket.async_receive(
        asio::mutable_buffer(place), [&](const error_code&, std::size_t) { order += 'r'; });
    tick(context);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order == "wr");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_waits_work, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.socket.wait(tcp::socket::wait_write);
    c.peer_sends("data");
    c.socket.wait(tcp::socket::wait_read);
    BOOST_TEST(c.socket.available() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(waits_are_cancelled, Context, all_contexts)
{
    Context context;
    connection c(context);
    fill(c.socket);
    outcome readable;
    outcome writable;
    outcome failed;
    c.socket.async_wait(tcp::socket::wait_read, into(readable));
    c.socket.async_wait(tcp::socket::wait_write, into(writable));
    c.socket.async_wait(tcp::socket::wait_error, into(failed));
    tick(context);
    c.socket.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(readable.aborted());
    BOOST_TEST(writable.aborted());
    BOOST_TEST(failed.aborted());
}

BOOST_AUTO_TEST_SUITE_END()
