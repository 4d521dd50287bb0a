// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests options of sockets, and the flags of their descriptors, which are the user's.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <string>
#include <thread>

namespace {

using namespace asio_uring::test;

bool has_o_nonblock(tcp::socket& socket)
{
    return (checked(::fcntl(socket.native_handle(), F_GETFL)) & O_NONBLOCK) != 0;
}

void set_o_nonblock(int fd)
{
    checked(::fcntl(fd, F_SETFL, checked(::fcntl(fd, F_GETFL)) | O_NONBLOCK));
}

// Each kind of operation has to wait on this socket, and does.
template <typename Context>
void check_that_operations_wait(Context& context, connection& c)
{
    outcome received;
    outcome waited;
    outcome written;
    outcome urgent;
    space<4> place;
    space<4> urgent_place;
    const std::string text(std::size_t(16) << 20U, 'x');
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    c.socket.async_wait(tcp::socket::wait_error, into(waited));
    c.socket.async_receive(
        asio::mutable_buffer(urgent_place), tcp::socket::message_out_of_band, into(urgent));
    asio::async_write(c.socket, asio::buffer(text), into(written));
    for (int i = 0; i != 20; ++i)
        tick(context);
    BOOST_TEST(!received.over());
    BOOST_TEST(!waited.over());
    BOOST_TEST(!urgent.over());
    BOOST_TEST(!written.over());
    // A part may just have been sent: then the next one follows.
    const auto are_cancelled = [&]
    {
        c.socket.cancel();
        return received.over() && written.over();
    };
    BOOST_TEST(run_until(context, are_cancelled));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.aborted());
    BOOST_TEST(written.aborted());

    outcome then_received;
    c.socket.async_receive(asio::mutable_buffer(place), into(then_received));
    tick(context);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(then_received.transferred(4));
}

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_options)

BOOST_AUTO_TEST_CASE_TEMPLATE(options_can_be_set_and_read, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context, tcp::v4());
    socket.set_option(tcp::no_delay(true));
    socket.set_option(tcp::socket::keep_alive(true));
    socket.set_option(tcp::socket::reuse_address(true));
    socket.set_option(tcp::socket::linger(true, 7));
    socket.set_option(tcp::socket::receive_buffer_size(32768));
    tcp::no_delay no_delay;
    tcp::socket::keep_alive keep_alive;
    tcp::socket::reuse_address reuse_address;
    tcp::socket::linger linger;
    tcp::socket::receive_buffer_size size;
    socket.get_option(no_delay);
    socket.get_option(keep_alive);
    socket.get_option(reuse_address);
    socket.get_option(linger);
    socket.get_option(size);
    BOOST_TEST(no_delay.value());
    BOOST_TEST(keep_alive.value());
    BOOST_TEST(reuse_address.value());
    BOOST_TEST(linger.enabled());
    BOOST_TEST(linger.timeout() == 7);
    BOOST_TEST(size.value() >= 32768);

    tcp::acceptor acceptor(context, tcp::v4());
    acceptor.set_option(tcp::acceptor::enable_connection_aborted(true));
    tcp::acceptor::enable_connection_aborted enabled;
    acceptor.get_option(enabled);
    BOOST_TEST(enabled.value());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(open_bind_and_endpoints_work, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context);
    error_code ec;
    socket.local_endpoint(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    socket.open(tcp::v4());
    socket.open(tcp::v4(), ec);
    BOOST_TEST(ec == asio::error::already_open);
    socket.bind(loopback());
    BOOST_TEST(socket.local_endpoint().address() == loopback().address());
    BOOST_TEST(socket.local_endpoint().port() != 0);
    socket.remote_endpoint(ec);
    BOOST_TEST(ec == asio::error::not_connected);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(io_control_tells_how_much_there_is_to_read, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    c.socket.wait(tcp::socket::wait_read);
    tcp::socket::bytes_readable command;
    c.socket.io_control(command);
    BOOST_TEST(command.get() == 4U);
    BOOST_TEST(c.socket.available() == 4U);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(operations_leave_a_socket_blocking, Context, rings)
{
    Context context;
    connection c(context);
    check_that_operations_wait(context, c);
    BOOST_TEST(!has_o_nonblock(c.socket));
    BOOST_TEST(!c.socket.native_non_blocking());
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(operations_leave_o_nonblock_as_it_was_set, Context, rings)
{
    Context context;
    connection c(context);
    c.socket.native_non_blocking(true);
    check_that_operations_wait(context, c);
    BOOST_TEST(has_o_nonblock(c.socket));
    c.socket.native_non_blocking(false);
    check_that_operations_wait(context, c);
    BOOST_TEST(!has_o_nonblock(c.socket));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(operations_wait_with_non_blocking, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.socket.non_blocking(true);
    check_that_operations_wait(context, c);
    BOOST_TEST(c.socket.non_blocking());
    BOOST_TEST(has_o_nonblock(c.socket));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(operations_wait_with_native_non_blocking, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.socket.native_non_blocking(true);
    BOOST_TEST(c.socket.native_non_blocking());
    check_that_operations_wait(context, c);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    operations_wait_on_a_descriptor_that_came_with_o_nonblock, Context, all_contexts)
{
    Context context;
    connection c(context);
    const int fd = c.socket.release();
    set_o_nonblock(fd);
    c.socket.assign(tcp::v4(), fd);
    check_that_operations_wait(context, c);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(accepts_wait_with_non_blocking, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    acceptor.non_blocking(true);
    outcome accepted;
    tcp::socket peer(context);
    acceptor.async_accept(peer, into(accepted));
    for (int i = 0; i != 5; ++i)
        tick(context);
    BOOST_TEST(!accepted.over());
    const descriptor client = tcp_socket();
    const address there(acceptor.local_endpoint().port());
    checked(::connect(client.get(), there.get(), there.size));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(accepted.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receive_waits_also_with_msg_dontwait, Context, rings)
{
    Context context;
    connection c(context);
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), MSG_DONTWAIT, into(received));
    tick(context);
    BOOST_TEST(!received.over());
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_calls_would_block_with_non_blocking, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.socket.non_blocking(true);
    error_code ec;
    space<4> place;
    c.socket.receive(asio::mutable_buffer(place), 0, ec);
    BOOST_TEST(ec == asio::error::would_block);
    c.socket.non_blocking(false);
    BOOST_TEST(!c.socket.non_blocking());
    c.peer_sends("data");
    BOOST_TEST(c.socket.receive(asio::mutable_buffer(place)) == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_calls_wait_with_native_non_blocking, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.socket.native_non_blocking(true);
    std::string got(std::size_t(1) << 20U, '\0');
    std::thread peer([&] { c.peer_sends(std::string(got.size(), 'x')); });
    BOOST_TEST(asio::read(c.socket, asio::buffer(got)) == got.size());
    peer.join();
}

BOOST_AUTO_TEST_SUITE_END()
