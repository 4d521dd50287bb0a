// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests asynchronous accepts: into a socket, into a new one, with the peer's address, and without room.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <optional>
#include <sys/resource.h>
#include <vector>

namespace {

using namespace asio_uring::test;

template <typename Context>
tcp::acceptor acceptor_on(Context& context)
{
    return tcp::acceptor(context, loopback());
}

// Connects, and doesn't care who accepts.
descriptor client_of(tcp::acceptor& acceptor)
{
    descriptor client = tcp_socket();
    const address there(acceptor.local_endpoint().port());
    checked(::connect(client.get(), there.get(), there.size));
    return client;
}

// Lets the process open no descriptor, as long as it lives.
class no_descriptors
{
public:
    no_descriptors()
    {
        checked(::getrlimit(RLIMIT_NOFILE, &before_));
        rlimit now = before_;
        now.rlim_cur = 0;
        checked(::setrlimit(RLIMIT_NOFILE, &now));
    }

    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;

    ~no_descriptors()
    {
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }

private:
    rlimit before_{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_accept)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_accept_waits_for_a_connection, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    tcp::socket accepted(context);
    outcome result;
    acceptor.async_accept(accepted, into(result));
    tick(context);
    BOOST_TEST(!result.over());
    const descriptor client = client_of(acceptor);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.succeeded());
    BOOST_TEST(accepted.is_open());
    checked(static_cast<int>(::send(client.get(), "x", 1, 0)));
    space<4> buffer;
    BOOST_TEST(accepted.receive(asio::mutable_buffer(buffer)) == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_accept_takes_a_connection_that_waits, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    const descriptor client = client_of(acceptor);
    tcp::socket accepted(context);
    outcome result;
    acceptor.async_accept(accepted, into(result));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.succeeded());
    BOOST_TEST(accepted.is_open());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_accept_tells_the_address_of_the_peer, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    tcp::socket accepted(context);
    tcp::endpoint peer;
    outcome result;
    acceptor.async_accept(accepted, peer, into(result));
    tick(context);
    const descriptor client = client_of(acceptor);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.succeeded());
    BOOST_TEST(peer.port() == ntohs(address::local_of(client).storage.sin_port));
    BOOST_TEST(peer == accepted.remote_endpoint());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_accept_can_hand_a_new_socket_to_the_handler, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    std::optional<tcp::socket> accepted;
    acceptor.async_accept(
        [&](const error_code& ec, tcp::socket peer)
        {
            BOOST_TEST(!ec);
            accepted = std::move(peer);
        });
    tick(context);
    const descriptor client = client_of(acceptor);
    BOOST_TEST(run_to_the_end(context));
    BOOST_REQUIRE(accepted.has_value());
    checked(static_cast<int>(::send(client.get(), "x", 1, 0)));
    outcome received;
    space<4> buffer;
    accepted->async_receive(asio::mutable_buffer(buffer), into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_new_socket_and_an_address_can_be_had_together, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    std::optional<tcp::socket> accepted;
    tcp::endpoint address_of_peer;
    acceptor.async_accept(address_of_peer,
        [&](const error_code& ec, tcp::socket peer)
        {
            BOOST_TEST(!ec);
            accepted = std::move(peer);
        });
    const descriptor client = client_of(acceptor);
    BOOST_TEST(run_to_the_end(context));
    BOOST_REQUIRE(accepted.has_value());
    BOOST_TEST(address_of_peer == accepted->remote_endpoint());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_new_socket_may_belong_to_another_context, Context, all_contexts)
{
    Context context;
    Context other;
    stock third;
    tcp::acceptor acceptor = acceptor_on(context);
    std::optional<tcp::socket> on_other;
    std::optional<tcp::socket> on_third;
    acceptor.async_accept(other, [&](const error_code&, tcp::socket peer) { on_other = std::move(peer); });
    acceptor.async_accept(third, [&](const error_code&, tcp::socket peer) { on_third = std::move(peer); });
    const descriptor first_client = client_of(acceptor);
    const descriptor second_client = client_of(acceptor);
    BOOST_TEST(run_to_the_end(context));
    BOOST_REQUIRE((on_other.has_value() && on_third.has_value()));
    BOOST_CHECK(&asio::query(on_other->get_executor(), asio::execution::context) == &other);
    BOOST_CHECK(&asio::query(on_third->get_executor(), asio::execution::context) == &third);
    outcome on_other_waited;
    outcome on_third_waited;
    on_other->async_wait(tcp::socket::wait_write, into(on_other_waited));
    on_third->async_wait(tcp::socket::wait_write, into(on_third_waited));
    BOOST_TEST(run_to_the_end(other));
    BOOST_TEST(run_to_the_end(third));
    BOOST_TEST(on_other_waited.succeeded());
    BOOST_TEST(on_third_waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_new_socket_may_have_a_strand, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    const auto strand = asio::make_strand(context);
    bool inside = false;
    std::optional<tcp::socket> accepted;
    acceptor.async_accept(asio::any_io_executor(strand),
        [&](const error_code& ec, tcp::socket peer)
        {
            BOOST_TEST(!ec);
            accepted = std::move(peer);
            accepted->async_wait(tcp::socket::wait_write,
                [&](const error_code&) { inside = strand.running_in_this_thread(); });
        });
    const descriptor client = client_of(acceptor);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(inside);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(accepts_complete_in_the_order_in_which_they_were_started, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    constexpr int count = 10;
    std::vector<int> order;
    std::vector<int> expected;
    for (int i = 0; i != count; ++i)
    {
        expected.push_back(i);
        acceptor.async_accept(
            [&, i](const error_code& ec, const tcp::socket&)
            {
                BOOST_TEST(!ec);
                order.push_back(i);
            });
    }
    tick(context);
    std::vector<descriptor> clients;
    for (int i = 0; i != count; ++i)
        clients.push_back(client_of(acceptor));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_accept_into_an_open_socket_fails, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    tcp::socket open(context, tcp::v4());
    outcome result;
    acceptor.async_accept(open, into(result));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.failed_with(asio::error::already_open));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_accept_that_does_not_listen_fails, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, tcp::v4());
    outcome result;
    tcp::socket accepted(context);
    acceptor.async_accept(accepted, into(result));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(result.failed_with(asio::error::invalid_argument));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_accepts_work, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    const descriptor first_client = client_of(acceptor);
    const descriptor second_client = client_of(acceptor);
    tcp::endpoint peer;
    tcp::socket first(context);
    acceptor.accept(first, peer);
    BOOST_TEST(peer == first.remote_endpoint());
    tcp::socket second = acceptor.accept();
    BOOST_TEST(second.is_open());
    acceptor.non_blocking(true);
    error_code ec;
    tcp::socket third(context);
    acceptor.accept(third, ec);
    BOOST_TEST(ec == asio::error::would_block);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_accepted_descriptor_has_no_flags, Context, rings)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    acceptor.native_non_blocking(true);
    tcp::socket accepted(context);
    outcome result;
    acceptor.async_accept(accepted, into(result));
    const descriptor client = client_of(acceptor);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST((::fcntl(accepted.native_handle(), F_GETFL) & O_NONBLOCK) == 0);
    BOOST_TEST(::fcntl(accepted.native_handle(), F_GETFD) == 0);
}

// Asio fails at once, as accept(2) does.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_accept_without_a_free_descriptor_waits_for_a_peer_and_fails_then, Context, rings)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    const address there(acceptor.local_endpoint().port());
    const descriptor client = tcp_socket();
    tcp::socket accepted(context);
    outcome result;
    tick(context);
    {
        const no_descriptors limit;
        acceptor.async_accept(accepted, into(result));
        for (int i = 0; i != 20; ++i)
            tick(context);
        BOOST_TEST(!result.over());
        checked(::connect(client.get(), there.get(), there.size));
        BOOST_TEST(run_until(context, [&] { return result.calls != 0; }));
    }
    BOOST_TEST(result.failed_with(asio::error::no_descriptors));

    outcome next;
    acceptor.async_accept(accepted, into(next));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(next.succeeded());
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_accept_without_a_free_descriptor_costs_nothing_while_it_waits, Context, rings)
{
    Context context;
    tcp::acceptor acceptor = acceptor_on(context);
    tcp::socket accepted(context);
    outcome result;
    const no_descriptors limit;
    acceptor.async_accept(accepted, into(result));
    context.run_for(std::chrono::milliseconds(50));
    const auto waits = context.statistics().waits;
    context.run_for(std::chrono::milliseconds(100));
    BOOST_TEST(!result.over());
    BOOST_TEST(context.statistics().waits <= waits + 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_connection_that_nobody_takes_is_closed_with_the_context, Context, all_contexts)
{
    descriptor client;
    {
        Context context;
        tcp::acceptor acceptor = acceptor_on(context);
        acceptor.async_accept([](const error_code&, const tcp::socket&) { BOOST_ERROR("called"); });
        asio::post(context, [&] { context.stop(); });
        context.run();
        client = client_of(acceptor);
    }
    char byte = 0;
    BOOST_TEST(ready(client, POLLIN, 10'000));
    BOOST_TEST(::recv(client.get(), &byte, 1, MSG_DONTWAIT) <= 0);
}

BOOST_AUTO_TEST_SUITE_END()
