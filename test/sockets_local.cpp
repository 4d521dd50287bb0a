// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests stream sockets and acceptors of the local protocol, by path and without a name.

#include <contexts.hpp>
#include <descriptor.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <temporary_directory.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <sys/un.h>
#include <unistd.h>

namespace {

using namespace asio_uring::test;
using local = asio::local::stream_protocol;

// Listens at a name in the abstract namespace that the kernel chooses, and has room for nobody else.
struct full_listener : full_backlog
{
    local::endpoint endpoint() const
    {
        local::endpoint result;
        std::memcpy(result.data(), get(), size);
        result.resize(size);
        return result;
    }
};

// A connect that waits for room in a listener's backlog.
template <typename Context>
struct waiting_connect
{
    Context context;
    full_listener listener;
    local::socket client{context};
    outcome connected;

    waiting_connect()
    {
        client.async_connect(listener.endpoint(), into(connected));
        tick(context);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_local)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connection_by_path_carries_data_both_ways, Context, all_contexts)
{
    Context context;
    const temporary_directory place;
    local::acceptor acceptor(context, local::endpoint(place.path_of("socket")));
    local::socket client(context);
    local::socket server(context);
    outcome connected;
    outcome accepted;
    acceptor.async_accept(server, into(accepted));
    client.async_connect(local::endpoint(place.path_of("socket")), into(connected));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(connected.succeeded());
    BOOST_TEST(accepted.succeeded());

    std::string there(4, ' ');
    std::string back(4, ' ');
    asio::async_write(client, asio::buffer("ping", 4), [](const error_code&, std::size_t) {});
    asio::async_read(server, asio::buffer(there), [](const error_code&, std::size_t) {});
    asio::async_write(server, asio::buffer("pong", 4), [](const error_code&, std::size_t) {});
    asio::async_read(client, asio::buffer(back), [](const error_code&, std::size_t) {});
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(there == "ping");
    BOOST_TEST(back == "pong");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_acceptor_tells_the_path_of_the_peer, Context, all_contexts)
{
    Context context;
    const temporary_directory here;
    const temporary_directory there;
    local::acceptor acceptor(context, local::endpoint(here.path_of("socket")));
    local::socket client(context);
    client.open();
    client.bind(local::endpoint(there.path_of("socket")));
    local::endpoint peer;
    outcome accepted;
    local::socket server(context);
    acceptor.async_accept(server, peer, into(accepted));
    client.connect(local::endpoint(here.path_of("socket")));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(accepted.succeeded());
    BOOST_TEST(peer.path() == there.path_of("socket"));
    BOOST_TEST(server.local_endpoint().path() == here.path_of("socket"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(connect_pair_makes_two_sockets_that_work, Context, all_contexts)
{
    Context context;
    local::socket first(context);
    local::socket second(context);
    asio::local::connect_pair(first, second);
    outcome received;
    std::string place(8, ' ');
    first.async_receive(asio::buffer(place), into(received));
    tick(context);
    BOOST_TEST(second.send(asio::buffer("data", 4)) == 4U);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_full_buffer_lets_a_write_wait_for_the_reader, Context, all_contexts)
{
    Context context;
    local::socket first(context);
    local::socket second(context);
    asio::local::connect_pair(first, second);
    const std::string text(std::size_t(4) << 20U, 'x');
    std::string got(text.size(), '\0');
    outcome written;
    outcome read;
    asio::async_write(first, asio::buffer(text), into(written));
    tick(context);
    BOOST_TEST(!written.over());
    asio::async_read(second, asio::buffer(got), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(text.size()));
    BOOST_TEST(read.transferred(text.size()));
    BOOST_TEST((got == text));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_to_nobody_fails, Context, all_contexts)
{
    Context context;
    const temporary_directory place;
    local::socket client(context);
    outcome connected;
    client.async_connect(local::endpoint(place.path_of("socket")), into(connected));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(connected.failed_with(error_code(ENOENT, asio::error::get_system_category())));
}

// These fail at once on Asio's reactor, with EAGAIN.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_waits_for_room_in_a_full_backlog, Context, rings)
{
    waiting_connect<Context> c;
    BOOST_TEST(!c.connected.over());
    const descriptor accepted(::accept4(c.listener.listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
    BOOST_TEST(run_to_the_end(c.context));
    BOOST_TEST(c.connected.succeeded());
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_that_waits_for_room_ends_with_cancel_and_close, Context, rings)
{
    for (const bool close : {false, true})
    {
        waiting_connect<Context> c;
        if (close)
            c.client.close();
        else
            c.client.cancel();
        BOOST_TEST(run_to_the_end(c.context));
        BOOST_TEST(c.connected.aborted());
    }
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_connect_that_waits_for_room_does_not_hold_up_the_end_of_the_context, Context, rings)
{
    full_listener listener;
    outcome connected;
    {
        Context context;
        local::socket client(context);
        client.async_connect(listener.endpoint(), into(connected));
        tick(context);
    }
    BOOST_TEST(connected.calls == 0);
}

BOOST_AUTO_TEST_SUITE_END()
