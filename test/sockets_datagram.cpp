// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests sockets whose messages keep their boundaries: UDP, local datagrams, seq_packet, raw and generic
// sockets.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>

#include <array>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/generic/datagram_protocol.hpp>
#include <boost/asio/generic/raw_protocol.hpp>
#include <boost/asio/generic/seq_packet_protocol.hpp>
#include <boost/asio/ip/icmp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/datagram_protocol.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <chrono>
#include <functional>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <vector>

namespace {

using namespace asio_uring::test;
using asio::ip::icmp;
using asio::ip::udp;
using local = asio::local::datagram_protocol;

udp::endpoint any_udp()
{
    return {asio::ip::address_v4::loopback(), 0};
}

// Two UDP sockets that know each other.
struct udp_pair
{
    template <typename Context>
    explicit udp_pair(Context& context) : first(context, any_udp()),
                                          second(context, any_udp())
    {
        first.connect(second.local_endpoint());
        second.connect(first.local_endpoint());
    }

    udp::socket first;
    udp::socket second;
};

// Two connected local sockets that keep messages apart, and their order.
struct seq_packet_pair
{
    template <typename Context>
    explicit seq_packet_pair(Context& context) : first(context),
                                                 second(context)
    {
        int ends[2];
        checked(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
        first.assign({AF_UNIX, 0}, ends[0]);
        second.assign({AF_UNIX, 0}, ends[1]);
    }

    asio::generic::seq_packet_protocol::socket first;
    asio::generic::seq_packet_protocol::socket second;
};

// A local datagram socket with a name that the kernel chooses, whose queue nobody empties.
struct full_receiver
{
    template <typename Context>
    explicit full_receiver(Context& context) : socket(context, local())
    {
        const sockaddr_un name = {AF_UNIX, {}};
        checked(
            ::bind(socket.native_handle(), reinterpret_cast<const sockaddr*>(&name), sizeof(sa_family_t)));
        const descriptor sender(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        const local::endpoint there = socket.local_endpoint();
        while (::sendto(sender.get(), "x", 1, 0, static_cast<const sockaddr*>(there.data()),
                   static_cast<socklen_t>(there.size())) == 1)
            ++waiting;
        BOOST_REQUIRE(errno == EAGAIN);
    }

    std::string receive()
    {
        std::array<char, 16> place;
        const std::size_t size = socket.receive(asio::buffer(place));
        return {place.data(), size};
    }

    local::socket socket;
    int waiting = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_datagram)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_message_and_its_sender_arrive, Context, all_contexts)
{
    Context context;
    udp::socket first(context, any_udp());
    udp::socket second(context, any_udp());
    udp::endpoint from(asio::ip::address_v6::loopback(), 1);
    outcome received;
    outcome sent;
    space<8> place;
    first.async_receive_from(asio::mutable_buffer(place), from, into(received));
    tick(context);
    BOOST_TEST(!received.over());
    second.async_send_to(asio::buffer("data", 4), first.local_endpoint(), into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST(place.first(4) == "data");
    BOOST_TEST((from == second.local_endpoint()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(lists_of_buffers_are_one_message, Context, all_contexts)
{
    Context context;
    udp_pair pair(context);
    outcome received;
    outcome sent;
    space<3> begin;
    space<8> end;
    udp::endpoint from;
    const std::array<asio::const_buffer, 3> out = {
        asio::buffer("ab", 2), asio::const_buffer(), asio::buffer("cde", 3)};
    const std::array<asio::mutable_buffer, 2> in = {begin, end};
    pair.first.async_send(out, into(sent));
    pair.second.async_receive_from(in, from, into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(5));
    BOOST_TEST(received.transferred(5));
    BOOST_TEST(begin.first(3) == "abc");
    BOOST_TEST(end.first(2) == "de");

    outcome sent_back;
    outcome received_back;
    pair.second.async_send_to(out, pair.first.local_endpoint(), into(sent_back));
    pair.first.async_receive(in, into(received_back));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent_back.transferred(5));
    BOOST_TEST(received_back.transferred(5));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_empty_message_is_a_message, Context, all_contexts)
{
    Context context;
    udp_pair pair(context);
    outcome received;
    outcome sent;
    space<8> place;
    pair.first.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    pair.second.async_send(asio::const_buffer(), into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(0));
    BOOST_TEST(received.transferred(0));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_message_that_does_not_fit_is_cut_and_says_so, Context, all_contexts)
{
    Context context;
    seq_packet_pair pair(context);
    outcome received;
    outcome sent;
    space<3> place;
    asio::socket_base::message_flags flags = -1;
    pair.first.async_receive(asio::mutable_buffer(place), flags, into(received));
    tick(context);
    pair.second.async_send(asio::buffer("too long", 8), 0, into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(8));
    BOOST_TEST(received.transferred(3));
    BOOST_TEST((flags & MSG_TRUNC) != 0);
    BOOST_TEST((flags & MSG_EOR) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(seq_packet_keeps_the_boundaries, Context, all_contexts)
{
    Context context;
    seq_packet_pair pair(context);
    pair.first.send(asio::buffer("one", 3), 0);
    pair.first.send(asio::buffer("three", 5), 0);
    pair.first.close();
    std::vector<std::size_t> sizes;
    for (int i = 0; i != 3; ++i)
    {
        outcome received;
        space<16> place;
        asio::socket_base::message_flags flags = 0;
        pair.second.async_receive(asio::mutable_buffer(place), flags, into(received));
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(received.succeeded());
        sizes.push_back(received.bytes);
    }
    BOOST_TEST((sizes == std::vector<std::size_t>{3, 5, 0}));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_message_is_an_error_of_the_next_operation, Context, all_contexts)
{
    Context context;
    udp::socket socket(context, any_udp());
    {
        udp::socket gone(context, any_udp());
        socket.connect(gone.local_endpoint());
    }
    outcome sent;
    outcome received;
    space<8> place;
    socket.async_send(asio::buffer("data", 4), into(sent));
    BOOST_TEST(run_to_the_end(context));
    socket.async_receive(asio::mutable_buffer(place), into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST(received.failed_with(asio::error::connection_refused));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_message_beyond_the_limit_is_an_error, Context, all_contexts)
{
    Context context;
    udp::socket socket(context, any_udp());
    const std::vector<char> large(70000);
    outcome sent;
    socket.async_send_to(asio::buffer(large), any_udp(), into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.failed_with(asio::error::message_size));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_send_to_a_full_local_receiver_waits_and_loses_nothing, Context, all_contexts)
{
    Context context;
    full_receiver receiver(context);
    local::socket socket(context, local());
    socket.connect(receiver.socket.local_endpoint());
    outcome sent;
    socket.async_send(asio::buffer("connected", 9), into(sent));
    tick(context);
    tick(context);
    BOOST_TEST(!sent.over());
    for (int i = 0; i != receiver.waiting; ++i)
        BOOST_TEST(receiver.receive() == "x");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(9));
    BOOST_TEST(receiver.receive() == "connected");
}

// The kernel lets an unconnected socket send, and doesn't tell it of the receiver's queue. Asio's reactor
// waits for ever.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_unconnected_sender_waits_for_a_full_receiver_without_spinning, Context, rings)
{
    Context context;
    full_receiver receiver(context);
    local::socket socket(context, local());
    outcome sent;
    socket.async_send_to(asio::buffer("unconnected", 11), receiver.socket.local_endpoint(), into(sent));
    context.run_for(std::chrono::milliseconds(100));
    BOOST_TEST(!sent.over());
    BOOST_TEST(context.statistics().submissions < 50U);
    for (int i = 0; i != receiver.waiting; ++i)
        BOOST_TEST(receiver.receive() == "x");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(11));
    BOOST_TEST(receiver.receive() == "unconnected");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(messages_flow_both_ways_through_a_full_buffer, Context, all_contexts)
{
    Context context;
    local::socket first(context);
    local::socket second(context);
    asio::local::connect_pair(first, second);
    constexpr int messages = 200;
    int sent = 0;
    int received = 0;
    int next = 0;
    bool in_order = true;
    std::function<void()> send = [&]
    {
        first.async_send(asio::buffer(&sent, sizeof(sent)),
            [&](const error_code& ec, std::size_t size)
            {
                BOOST_TEST(!ec);
                BOOST_TEST(size == sizeof(int));
                if (++sent != messages)
                    send();
            });
    };
    std::function<void()> receive = [&]
    {
        second.async_receive(asio::buffer(&next, sizeof(next)),
            [&](const error_code& ec, std::size_t)
            {
                BOOST_TEST(!ec);
                in_order &= next == received;
                if (++received != messages)
                    receive();
            });
    };
    send();
    receive();
    BOOST_TEST(run_until(context, [&] { return received == messages; }));
    BOOST_TEST(in_order);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_and_null_buffers_tell_of_a_message_and_leave_it, Context, all_contexts)
{
    Context context;
    udp_pair pair(context);
    outcome waited;
    outcome nothing_read;
    pair.first.async_wait(udp::socket::wait_read, [&](const error_code& ec) { into(waited)(ec); });
    pair.first.async_receive(asio::null_buffers(), into(nothing_read));
    tick(context);
    BOOST_TEST(!waited.over());
    pair.second.send(asio::buffer("data", 4));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(nothing_read.transferred(0));
    BOOST_TEST(pair.first.available() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(receives_are_cancelled_in_every_way, Context, all_contexts)
{
    outcome cancelled;
    outcome by_slot;
    outcome closed;
    outcome destroyed;
    {
        Context context;
        udp::socket socket(context, any_udp());
        space<8> place;
        udp::endpoint from;
        socket.async_receive_from(asio::mutable_buffer(place), from, into(cancelled));
        tick(context);
        socket.cancel();
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(cancelled.aborted());

        asio::cancellation_signal signal;
        socket.async_receive_from(
            asio::mutable_buffer(place), from, asio::bind_cancellation_slot(signal.slot(), into(by_slot)));
        tick(context);
        signal.emit(asio::cancellation_type::total);
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(by_slot.aborted());

        socket.async_receive_from(asio::mutable_buffer(place), from, into(closed));
        tick(context);
        socket.close();
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(closed.aborted());

        socket.open(udp::v4());
        socket.async_receive_from(asio::mutable_buffer(place), from, into(destroyed));
        tick(context);
    }
    BOOST_TEST(destroyed.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(raw_sockets_see_whole_packets, Context, all_contexts)
{
    Context context;
    error_code ec;
    icmp::socket socket(context);
    socket.open(icmp::v4(), ec);
    if (ec == asio::error::access_denied || ec == asio::error::no_permission)
    {
        BOOST_TEST_MESSAGE("skipped: raw sockets are for root");
        return;
    }
    BOOST_REQUIRE(!ec);
    // An echo request of identifier 0x7a7a, its checksum the complement of the sum of its words.
    const std::array<unsigned char, 8> request = {8, 0, 0x7d, 0x84, 0x7a, 0x7a, 0, 1};
    const icmp::endpoint there(asio::ip::address_v4::loopback(), 0);
    outcome sent;
    socket.async_send_to(asio::buffer(request), there, into(sent));
    // The socket sees the request as well as the reply, and what others do.
    for (bool replied = false; !replied;)
    {
        outcome received;
        std::array<unsigned char, 64> packet = {};
        icmp::endpoint from;
        socket.async_receive_from(asio::buffer(packet), from, into(received));
        BOOST_REQUIRE(run_until(context, [&] { return received.over(); }));
        BOOST_REQUIRE(received.succeeded());
        const unsigned char* const reply = packet.data() + 4 * (packet[0] & 15);
        replied = reply[0] == 0 && reply[4] == 0x7a && reply[5] == 0x7a;
        BOOST_TEST((from == there));
    }
    BOOST_TEST(sent.transferred(8));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_udp_socket_becomes_a_generic_one, Context, all_contexts)
{
    Context context;
    udp_pair pair(context);
    outcome received;
    space<8> place;
    pair.first.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    asio::generic::datagram_protocol::socket generic(std::move(pair.first));
    pair.second.send(asio::buffer("data", 4));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    asio::generic::datagram_protocol::endpoint from;
    pair.second.send(asio::buffer("more", 4));
    BOOST_TEST(generic.receive_from(asio::mutable_buffer(place), from) == 4U);
    BOOST_TEST((from == asio::generic::datagram_protocol::endpoint(pair.second.local_endpoint())));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_calls_work_as_ever, Context, all_contexts)
{
    Context context;
    udp_pair pair(context);
    space<3> place;
    udp::endpoint from;
    BOOST_TEST(pair.first.send_to(asio::buffer("data", 4), pair.second.local_endpoint()) == 4U);
    BOOST_TEST(pair.second.receive_from(asio::mutable_buffer(place), from) == 3U);
    BOOST_TEST((from == pair.first.local_endpoint()));
    error_code ec;
    pair.second.non_blocking(true);
    BOOST_TEST(pair.second.receive_from(asio::mutable_buffer(place), from, 0, ec) == 0U);
    BOOST_TEST((ec == asio::error::would_block));
    BOOST_TEST(pair.first.send(asio::buffer("more", 4)) == 4U);
    pair.second.wait(udp::socket::wait_read);
    BOOST_TEST(pair.second.receive(asio::mutable_buffer(place)) == 3U);
}

// What the kernel takes or has at once needs no ring; and the handler still isn't called at once.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(messages_that_need_not_wait_go_past_the_ring, Context, rings)
{
    Context context;
    udp_pair pair(context);
    tick(context);
    const auto submissions = context.statistics().submissions;
    outcome sent;
    outcome received;
    std::array<char, 16> place;
    pair.first.async_send(asio::buffer("a message", 9), into(sent));
    BOOST_TEST(!sent.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(9));
    pair.second.async_receive(asio::buffer(place), into(received));
    BOOST_TEST(!received.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(9));
    BOOST_TEST(context.statistics().submissions == submissions);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(no_epoll_descriptor_and_no_thread_comes_of_messages, Context, rings)
{
    const auto threads_before = threads();
    Context context;
    udp_pair pair(context);
    outcome received;
    space<8> place;
    pair.first.async_receive(asio::mutable_buffer(place), into(received));
    tick(context);
    pair.second.send(asio::buffer("data", 4));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(threads() == threads_before);
    BOOST_TEST(epoll_descriptors() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
