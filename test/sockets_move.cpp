// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests moves of sockets and acceptors: with operations in flight, to wider protocols, between contexts.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace {

using namespace asio_uring::test;
using generic = asio::generic::stream_protocol;

template <typename First, typename Second>
struct two
{
    using first = First;
    using second = Second;
};

// A socket that is moved may change the kind of its context.
using pairs_of_contexts = std::tuple<two<ring, ring>, two<ring, fallback>, two<ring, stock>,
    two<fallback, ring>, two<stock, ring>, two<stock, fallback>, two<stock, stock>>;

// Whether the socket works both ways, without an operation in flight.
template <typename Context, typename Socket>
bool works(Context& context, Socket& socket, const descriptor& peer)
{
    outcome received;
    outcome sent;
    space<4> place;
    socket.async_receive(asio::mutable_buffer(place), into(received));
    socket.async_send(asio::buffer("ping", 4), into(sent));
    checked(static_cast<int>(::send(peer.get(), "pong", 4, 0)));
    return run_to_the_end(context) && received.transferred(4) && sent.transferred(4) &&
           receive_all(peer, 4) == "ping";
}

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_move)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_moved_socket_works_and_the_old_one_is_closed, Context, all_contexts)
{
    Context context;
    connection c(context);
    tcp::socket moved(std::move(c.socket));
    BOOST_TEST(!c.socket.is_open());
    BOOST_TEST(works(context, moved, c.peer));
    c.socket.open(tcp::v4());
    BOOST_TEST(c.socket.is_open());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(operations_in_flight_go_on_in_the_new_socket, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome first;
    outcome second;
    space<2> places[2];
    c.socket.async_receive(asio::mutable_buffer(places[0]), into(first));
    c.socket.async_receive(asio::mutable_buffer(places[1]), into(second));
    tick(context);
    {
        tcp::socket moved(std::move(c.socket));
        c.peer_sends("ab");
        BOOST_TEST(run_until(context, [&] { return first.over(); }));
        BOOST_TEST(first.transferred(2));
        c.socket.close();
        tick(context);
        BOOST_TEST(!second.over());
        BOOST_TEST(moved.is_open());
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(second.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_of_the_new_socket_ends_what_the_old_one_started, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome first;
    outcome second;
    space<2> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(first));
    c.socket.async_receive(asio::mutable_buffer(place), into(second));
    tcp::socket moved(std::move(c.socket));
    tick(context);
    tcp::socket moved_again(context);
    moved_again = std::move(moved);
    moved_again.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(first.aborted());
    BOOST_TEST(second.aborted());
    BOOST_TEST(works(context, moved_again, c.peer));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_move_to_an_open_socket_closes_that, Context, all_contexts)
{
    Context context;
    connection c(context);
    connection overwritten(context);
    outcome received;
    space<2> place;
    overwritten.socket.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    overwritten.socket = std::move(c.socket);
    BOOST_TEST(overwritten.peer_sees_the_end());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.aborted());
    BOOST_TEST(works(context, overwritten.socket, c.peer));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_move_to_itself_changes_nothing, Context, all_contexts)
{
    Context context;
    connection c(context);
    tcp::socket& same = c.socket;
    c.socket = std::move(same);
    BOOST_TEST(works(context, c.socket, c.peer));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sockets_can_be_swapped_and_kept_in_a_vector, Context, all_contexts)
{
    Context context;
    connection first(context);
    connection second(context);
    std::swap(first.socket, second.socket);
    BOOST_TEST(works(context, first.socket, second.peer));
    BOOST_TEST(works(context, second.socket, first.peer));
    std::vector<tcp::socket> sockets;
    sockets.push_back(std::move(first.socket));
    sockets.push_back(std::move(second.socket));
    for (int i = 0; i != 20; ++i)
        sockets.emplace_back(context);
    BOOST_TEST(works(context, sockets[0], second.peer));
    BOOST_TEST(works(context, sockets[1], first.peer));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_socket_moves_to_a_wider_protocol, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    generic::socket wide(std::move(c.socket));
    BOOST_TEST(!c.socket.is_open());
    BOOST_TEST(wide.local_endpoint().protocol().family() == AF_INET);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(works(context, wide, c.peer));

    connection other(context);
    wide = std::move(other.socket);
    BOOST_TEST(works(context, wide, other.peer));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_local_socket_moves_to_the_same_wider_protocol, Context, all_contexts)
{
    Context context;
    socket_pair pair;
    asio::local::stream_protocol::socket narrow(
        context, asio::local::stream_protocol(), pair.first.release());
    generic::socket wide(std::move(narrow));
    BOOST_TEST(works(context, wide, pair.second));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_acceptor_moves_with_accepts_in_flight, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    outcome accepted;
    tcp::socket peer(context);
    acceptor.async_accept(peer, into(accepted));
    tick(context);
    tcp::acceptor moved(std::move(acceptor));
    const descriptor client = tcp_socket();
    const address there(moved.local_endpoint().port());
    checked(::connect(client.get(), there.get(), there.size));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(accepted.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_socket_moves_to_another_context, Pair, pairs_of_contexts)
{
    typename Pair::first here;
    typename Pair::second there;
    connection c(here);
    tcp::socket target(there, tcp::v4());
    target = std::move(c.socket);
    // As in Asio the socket keeps the context that it comes from, and brings it along.
    BOOST_CHECK(&asio::query(target.get_executor(), asio::execution::context) == &here);
    BOOST_TEST(works(here, target, c.peer));
    BOOST_TEST(run_to_the_end(there));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_socket_moves_to_another_context_with_operations_in_flight, Pair, pairs_of_contexts)
{
    typename Pair::first here;
    typename Pair::second there;
    connection c(here);
    connection overwritten(there);
    outcome received;
    outcome lost;
    space<4> place;
    space<4> lost_place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    overwritten.socket.async_receive(asio::mutable_buffer(lost_place), into(lost));
    tick(here);
    tick(there);
    overwritten.socket = std::move(c.socket);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(here));
    BOOST_TEST(run_to_the_end(there));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(lost.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connection_is_handed_over_by_release_and_assign, Pair, pairs_of_contexts)
{
    typename Pair::first here;
    typename Pair::second there;
    connection c(here);
    BOOST_TEST(works(here, c.socket, c.peer));
    tcp::socket target(there, tcp::v4(), c.socket.release());
    BOOST_TEST(works(there, target, c.peer));
}

BOOST_AUTO_TEST_SUITE_END()
