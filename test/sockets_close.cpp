// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the end of sockets: close, destruction and release with operations in flight, seen from both ends.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>
#include <runners.hpp>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>
#include <latch>
#include <optional>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;

// A connection with one operation of each kind in flight, and others behind them.
struct busy_connection : connection
{
    template <typename Context>
    explicit busy_connection(Context& context) : connection(context)
    {
        for (int i = 0; i != 2; ++i)
        {
            socket.async_receive(asio::mutable_buffer(place[i]), into(received[i]));
            socket.async_wait(tcp::socket::wait_error, into(waited[i]));
        }
        tick(context);
    }

    bool aborted() const
    {
        return received[0].aborted() && received[1].aborted() && waited[0].aborted() && waited[1].aborted();
    }

    space<4> place[2];
    outcome received[2];
    outcome waited[2];
};

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_close)

BOOST_AUTO_TEST_CASE_TEMPLATE(close_aborts_what_is_in_flight_and_what_waits_behind, Context, all_contexts)
{
    Context context;
    busy_connection c(context);
    c.socket.close();
    BOOST_TEST(!c.socket.is_open());
    BOOST_TEST(!c.received[0].over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(destruction_aborts_what_is_in_flight, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<4> place;
    {
        tcp::socket short_lived(std::move(c.socket));
        short_lived.async_receive(asio::mutable_buffer(place), into(received));
        tick(context);
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(close_aborts_what_the_kernel_never_got, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    c.socket.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_started_before_a_shutdown_is_sent, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome first;
    outcome second;
    c.socket.async_send(asio::buffer("hel", 3), into(first));
    c.socket.async_send(std::array{asio::buffer("l", 1), asio::buffer("o", 1)}, into(second));
    c.socket.shutdown(tcp::socket::shutdown_send);
    BOOST_TEST(!first.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(first.transferred(3));
    BOOST_TEST(second.transferred(2));
    BOOST_TEST(c.peer_gets(8) == "hello");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_started_before_a_close_is_sent, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome sent;
    c.socket.async_send(asio::buffer("hello", 5), into(sent));
    c.socket.close();
    BOOST_TEST(!sent.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(5));
    BOOST_TEST(c.peer_gets(8) == "hello");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_synchronous_send_does_not_overtake, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome sent;
    c.socket.async_send(asio::buffer("hello", 5), into(sent));
    BOOST_TEST(c.socket.send(asio::buffer("world", 5)) == 5U);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(5));
    BOOST_TEST(c.peer_gets(10) == "helloworld");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_does_not_fit_before_a_close_is_aborted, Context, all_contexts)
{
    Context context;
    local_connection c(context);
    const std::vector<char> large(32 << 20);
    outcome partly;
    outcome aborted;
    c.socket.async_send(asio::buffer(large), into(partly));
    c.socket.async_send(asio::buffer(large), into(aborted));
    c.socket.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(partly.succeeded());
    BOOST_TEST(partly.bytes != 0U);
    BOOST_TEST(partly.bytes < large.size());
    BOOST_TEST(aborted.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_second_close_does_nothing, Context, all_contexts)
{
    Context context;
    connection c(context);
    error_code ec;
    c.socket.close(ec);
    BOOST_TEST(!ec);
    c.socket.close(ec);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    the_peer_sees_the_end_at_once_where_nobody_runs_the_context, Context, all_contexts)
{
    Context context;
    busy_connection closed(context);
    closed.socket.close();
    BOOST_TEST(closed.peer_sees_the_end());

    connection destroyed(context);
    outcome received;
    space<4> place;
    destroyed.socket.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    {
        const tcp::socket short_lived(std::move(destroyed.socket));
    }
    BOOST_TEST(destroyed.peer_sees_the_end());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    the_peer_sees_the_end_where_the_thread_that_ran_the_context_is_gone, Context, all_contexts)
{
    Context context;
    std::optional<busy_connection> c;
    std::thread([&] { c.emplace(context); }).join();
    c->socket.close();
    BOOST_TEST(c->peer_sees_the_end());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c->aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_peer_sees_the_end_while_another_thread_sleeps_in_run, Context, all_contexts)
{
    Context context;
    busy_connection c(context);
    {
        const runners running(context, 1);
        c.socket.close();
        BOOST_TEST(c.peer_sees_the_end());
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    the_peer_sees_the_end_while_a_handler_blocks_the_only_thread, Context, all_contexts)
{
    Context context;
    busy_connection c(context);
    std::latch blocked(1);
    std::latch over(1);
    asio::post(context,
        [&]
        {
            blocked.count_down();
            over.wait();
        });
    {
        const runners running(context, 1);
        blocked.wait();
        c.socket.close();
        BOOST_TEST(c.peer_sees_the_end());
        over.count_down();
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_port_is_free_at_once_where_nobody_runs_the_context, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback(), /*reuse_addr*/ false);
    const tcp::endpoint place = acceptor.local_endpoint();
    outcome accepted;
    outcome accepted_later;
    tcp::socket first(context);
    tcp::socket second(context);
    acceptor.async_accept(first, into(accepted));
    acceptor.async_accept(second, into(accepted_later));
    tick(context);
    acceptor.close();
    BOOST_CHECK_NO_THROW(tcp::acceptor(context, place, false));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(accepted.aborted());
    BOOST_TEST(accepted_later.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(close_leaves_other_sockets_alone, Context, all_contexts)
{
    Context context;
    busy_connection closed(context);
    busy_connection other(context);
    closed.socket.close();
    other.peer_sends("data");
    BOOST_TEST(run_until(context, [&] { return other.received[0].over() && closed.aborted(); }));
    BOOST_TEST(other.received[0].transferred(4));
    BOOST_TEST(other.waited[0].calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(close_leaves_a_duplicates_operations_alone, Context, rings)
{
    Context context;
    busy_connection c(context);
    tcp::socket duplicate(context, tcp::v4(), ::dup(c.socket.native_handle()));
    outcome received;
    space<4> place;
    duplicate.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    c.socket.close();
    BOOST_TEST(run_until(context, [&] { return c.aborted(); }));
    BOOST_TEST(!ready(c.peer, POLLIN, 0));
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_new_socket_with_the_same_number_is_not_disturbed, Context, all_contexts)
{
    Context context;
    connection next(context);
    busy_connection old(context);
    const int number = old.socket.native_handle();
    old.socket.close();
    tcp::socket reused(context, tcp::v4(), ::dup2(next.socket.native_handle(), number));
    next.socket.close();
    outcome received;
    space<8> place;
    reused.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    BOOST_TEST(old.aborted());
    next.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_may_close_its_own_socket, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome second;
    space<2> place;
    c.socket.async_receive(
        asio::mutable_buffer(place), [&](const error_code&, std::size_t) { c.socket.close(); });
    c.socket.async_receive(asio::mutable_buffer(place), into(second));
    tick(context);
    c.peer_sends("ab");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(second.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(close_with_a_linger_time_of_zero_resets_the_connection, Context, all_contexts)
{
    Context context;
    busy_connection c(context);
    c.socket.set_option(tcp::socket::linger(true, 0));
    c.socket.close();
    char byte = 0;
    BOOST_TEST(ready(c.peer, POLLIN, 10'000));
    BOOST_TEST(::recv(c.peer.get(), &byte, 1, MSG_DONTWAIT) == -1);
    BOOST_TEST(errno == ECONNRESET);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(release_aborts_and_leaves_the_connection_alone, Context, all_contexts)
{
    Context context;
    busy_connection c(context);
    const descriptor released(c.socket.release());
    BOOST_TEST(!c.socket.is_open());
    BOOST_TEST(!ready(c.peer, POLLIN, 0));
    // Nothing of the old socket's takes this, although nobody has run the context since.
    c.peer_sends("data");
    BOOST_TEST(ready(released, POLLIN, 10'000));
    space<8> place;
    BOOST_TEST(::recv(released.get(), place.bytes, sizeof(place.bytes), MSG_DONTWAIT) == 4);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_released_descriptor_may_be_assigned_to_a_socket_of_another_context, Context, all_contexts)
{
    Context context;
    Context other;
    busy_connection c(context);
    tcp::socket there(other);
    there.assign(tcp::v4(), c.socket.release());
    outcome received;
    space<8> place;
    there.async_receive(asio::mutable_buffer(place), into(received));
    tick(other);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(other));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(release_and_assign_tell_what_is_wrong, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context);
    error_code ec;
    socket.release(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    socket.open(tcp::v4());
    socket.assign(tcp::v4(), 0, ec);
    BOOST_TEST(ec == asio::error::already_open);
}

BOOST_AUTO_TEST_SUITE_END()
