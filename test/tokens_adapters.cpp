// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests operations of sockets and timers with Asio's completion tokens that need no coroutine.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>
#include <runners.hpp>

#include <boost/asio/append.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/consign.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/prepend.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <utility>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;

} // namespace

BOOST_AUTO_TEST_SUITE(tokens_adapters)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_callback_may_be_only_movable, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    space<4> place;
    std::size_t got = 0;
    c.socket.async_receive(asio::mutable_buffer(place),
        [&, owned = std::make_unique<int>(1)](const error_code&, std::size_t bytes)
        { got = owned != nullptr ? bytes : 0; });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(got == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_callback_that_is_an_lvalue_is_copied, Context, all_contexts)
{
    Context context;
    asio::steady_timer timer(context, 1ms);
    outcome waited;
    auto handler = into(waited);
    timer.async_wait(handler);
    timer.async_wait(handler);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.calls == 2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_future_gets_the_bytes_of_a_receive, Context, all_contexts)
{
    Context context;
    connection c(context);
    const runners one(context, 1);
    space<4> place;
    std::future<std::size_t> received = c.socket.async_receive(asio::mutable_buffer(place), asio::use_future);
    c.peer_sends("data");
    BOOST_TEST(received.get() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_future_throws_the_error_of_a_receive, Context, all_contexts)
{
    Context context;
    connection c(context);
    const runners one(context, 1);
    space<4> place;
    std::future<std::size_t> received = c.socket.async_receive(asio::mutable_buffer(place), asio::use_future);
    c.peer.close();
    BOOST_CHECK_EXCEPTION(received.get(), boost::system::system_error,
        [](const auto& error) { return error.code() == asio::error::eof; });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    futures_of_an_accept_a_connect_and_a_wait_are_ready_in_the_end, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    tcp::socket connected(context);
    asio::steady_timer timer(context, 1ms);
    std::future<tcp::socket> accepted = acceptor.async_accept(asio::use_future);
    std::future<void> connection = connected.async_connect(acceptor.local_endpoint(), asio::use_future);
    std::future<void> wait = timer.async_wait(asio::use_future);
    BOOST_TEST(run_to_the_end(context));
    connection.get();
    wait.get();
    BOOST_TEST((accepted.get().remote_endpoint() == connected.local_endpoint()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_future_is_broken_where_the_context_ends_before, Context, all_contexts)
{
    std::future<void> wait;
    {
        Context context;
        asio::steady_timer timer(context, 1h);
        wait = timer.async_wait(asio::use_future);
        tick(context);
    }
    BOOST_CHECK_THROW(wait.get(), std::future_error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_deferred_operation_starts_when_it_is_called, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    space<4> place;
    outcome received;
    auto operation = c.socket.async_receive(asio::mutable_buffer(place), asio::deferred);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.socket.available() == 4U);
    std::move(operation)(into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(deferred_operations_follow_each_other, Context, all_contexts)
{
    Context context;
    connection c(context);
    space<4> place;
    outcome sent;
    c.peer_sends("ping");
    c.socket.async_receive(asio::mutable_buffer(place),
        asio::deferred([&](const error_code&, std::size_t bytes)
            { return c.socket.async_send(asio::buffer(place.bytes, bytes), asio::deferred); }))(into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST(c.peer_gets(4) == "ping");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_detached_send_is_sent, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.socket.async_send(asio::buffer("data", 4), asio::detached);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.peer_gets(4) == "data");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_detached_wait_is_work_until_it_ends, Context, all_contexts)
{
    Context context;
    asio::steady_timer timer(context, 1h);
    timer.async_wait(asio::detached);
    tick(context);
    BOOST_TEST(!context.stopped());
    timer.cancel();
    BOOST_TEST(run_to_the_end(context));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(as_tuple_gives_all_results_in_one, Context, all_contexts)
{
    Context context;
    connection c(context);
    space<4> place;
    std::tuple<error_code, std::size_t> results(error_code(), 9);
    c.socket.async_receive(asio::mutable_buffer(place),
        asio::as_tuple([&](const std::tuple<error_code, std::size_t>& both) { results = both; }));
    c.peer.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(std::get<0>(results) == asio::error::eof);
    BOOST_TEST(std::get<1>(results) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(redirect_error_takes_the_error_out, Context, all_contexts)
{
    Context context;
    connection c(context);
    space<4> place;
    error_code ec;
    std::future<std::size_t> received =
        c.socket.async_receive(asio::mutable_buffer(place), asio::redirect_error(asio::use_future, ec));
    c.peer.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.get() == 0U);
    BOOST_TEST(ec == asio::error::eof);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(append_adds_results_behind, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    space<4> place;
    std::string seen;
    c.socket.async_receive(asio::mutable_buffer(place),
        asio::append([&](const error_code&, std::size_t bytes, const std::string& name)
            { seen = name + std::to_string(bytes); },
            std::string("appended")));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(seen == "appended4");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(prepend_adds_results_before, Context, all_contexts)
{
    Context context;
    asio::steady_timer timer(context, 1ms);
    std::string seen;
    timer.async_wait(asio::prepend(
        [&](std::string name, const error_code& ec) { seen = ec ? "" : name; }, std::string("prepended")));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(seen == "prepended");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_consigned_lives_as_long_as_the_operation, Context, all_contexts)
{
    Context context;
    connection c(context);
    auto place = std::make_shared<space<4>>();
    const std::weak_ptr<space<4>> watched = place;
    outcome received;
    const asio::mutable_buffer buffer = *place;
    c.socket.async_receive(buffer, asio::consign(into(received), std::move(place)));
    tick(context);
    BOOST_TEST(!watched.expired());
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_consigned_goes_with_the_context, Context, all_contexts)
{
    auto place = std::make_shared<space<4>>();
    const std::weak_ptr<space<4>> watched = place;
    outcome received;
    {
        Context context;
        connection c(context);
        const asio::mutable_buffer buffer = *place;
        c.socket.async_receive(buffer, asio::consign(into(received), std::move(place)));
        tick(context);
    }
    BOOST_TEST(received.calls == 0);
    BOOST_TEST(watched.expired());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(adapters_may_be_nested, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    space<4> place;
    error_code ec = asio::error::eof;
    std::tuple<std::size_t, int> results;
    c.socket.async_receive(asio::mutable_buffer(place),
        asio::redirect_error(
            asio::append(
                asio::as_tuple([&](const std::tuple<std::size_t, int>& both) { results = both; }), 7),
            ec));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(!ec);
    BOOST_TEST((results == std::tuple<std::size_t, int>(4, 7)));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_token_may_be_the_default_of_a_sockets_type, Context, all_contexts)
{
    using deferring_socket = asio::deferred_t::as_default_on_t<tcp::socket>;
    Context context;
    connection c(context);
    c.peer_sends("data");
    deferring_socket socket(std::move(c.socket));
    space<4> place;
    outcome received;
    socket.async_receive(asio::mutable_buffer(place))(into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_work_guard_of_a_socket_keeps_its_context_going, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context);
    auto guard = asio::make_work_guard(socket.get_executor());
    tick(context);
    BOOST_TEST(!context.stopped());
    guard.reset();
    tick(context);
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_SUITE_END()
