// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests operations of sockets and timers with the tokens and tools that Asio calls experimental, and with
// those of its later versions where they are to be had.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <array>
#include <boost/asio/append.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/experimental/concurrent_channel.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/experimental/promise.hpp>
#include <boost/asio/experimental/use_promise.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/version.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#if BOOST_ASIO_VERSION >= 102800
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/bind_immediate_executor.hpp>
#include <boost/asio/system_executor.hpp>
#endif

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
namespace experimental = asio::experimental;

} // namespace

BOOST_AUTO_TEST_SUITE(tokens_experimental)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_group_waits_for_all, Context, all_contexts)
{
    Context context;
    connection first(context);
    connection second(context);
    first.peer_sends("one");
    second.peer_sends("two");
    space<3> first_place;
    space<3> second_place;
    const asio::mutable_buffer first_buffer = first_place;
    const asio::mutable_buffer second_buffer = second_place;
    int calls = 0;
    experimental::make_parallel_group(first.socket.async_receive(first_buffer, asio::deferred),
        second.socket.async_receive(second_buffer, asio::deferred))
        .async_wait(experimental::wait_for_all(),
            [&](std::array<std::size_t, 2>, error_code first_ec, std::size_t first_bytes,
                error_code second_ec, std::size_t second_bytes)
            {
                ++calls;
                BOOST_TEST(!first_ec);
                BOOST_TEST(first_bytes == 3U);
                BOOST_TEST(!second_ec);
                BOOST_TEST(second_bytes == 3U);
            });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_group_that_waits_for_a_success_goes_on_after_an_error, Context, all_contexts)
{
    Context context;
    connection broken(context);
    broken.peer.close();
    asio::steady_timer timer(context, 1ms);
    space<3> place;
    const asio::mutable_buffer buffer = place;
    int calls = 0;
    experimental::make_parallel_group(
        broken.socket.async_receive(buffer, asio::deferred), timer.async_wait(asio::deferred))
        .async_wait(experimental::wait_for_one_success(),
            [&](std::array<std::size_t, 2> order, error_code ec, std::size_t, error_code timer_ec)
            {
                ++calls;
                BOOST_TEST(order[0] == 0U);
                BOOST_TEST(ec == asio::error::eof);
                BOOST_TEST(!timer_ec);
            });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_group_of_groups_is_cancelled_as_one, Context, all_contexts)
{
    Context context;
    asio::steady_timer soon(context, 1ms);
    std::vector<asio::steady_timer> late;
    for (int i = 0; i != 3; ++i)
        late.emplace_back(context, 1h);
    int calls = 0;
    experimental::make_parallel_group(soon.async_wait(asio::deferred),
        experimental::make_parallel_group(late[0].async_wait(asio::deferred),
            late[1].async_wait(asio::deferred), late[2].async_wait(asio::deferred))
            .async_wait(experimental::wait_for_all(), asio::deferred))
        .async_wait(experimental::wait_for_one(),
            [&](std::array<std::size_t, 2>, error_code ec, std::array<std::size_t, 3>, error_code ec0,
                error_code ec1, error_code ec2)
            {
                ++calls;
                BOOST_TEST(!ec);
                for (const error_code& of_late : {ec0, ec1, ec2})
                    BOOST_TEST(of_late == asio::error::operation_aborted);
            });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_channel_gives_what_was_sent_to_who_receives, Context, all_contexts)
{
    Context context;
    experimental::channel<void(error_code, std::string)> channel(context, 1);
    std::string got;
    channel.async_receive(
        [&](const error_code& ec, const std::string& text) { got = ec ? ec.message() : text; });
    BOOST_TEST(got.empty());
    BOOST_TEST(channel.try_send(error_code(), "message"));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(got == "message");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_full_channel_holds_back_who_sends, Context, all_contexts)
{
    Context context;
    experimental::channel<void(error_code, std::string)> channel(context, 0);
    outcome sent;
    channel.async_send(error_code(), "message", into(sent));
    tick(context);
    BOOST_TEST(sent.calls == 0);
    std::string got;
    channel.async_receive([&](const error_code&, const std::string& text) { got = text; });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.succeeded());
    BOOST_TEST(got == "message");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_channel_between_sockets_carries_what_they_get, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    experimental::concurrent_channel<void(error_code, std::size_t)> channel(context, 1);
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), [&](const error_code& ec, std::size_t bytes)
        { channel.async_send(ec, bytes, [](const error_code&) {}); });
    outcome received;
    channel.async_receive(into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_channel_in_use_is_destroyed_with_the_context, Context, all_contexts)
{
    outcome received;
    {
        Context context;
        experimental::channel<void(error_code, std::size_t)> channel(context);
        channel.async_receive(into(received));
        tick(context);
    }
    BOOST_TEST(received.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_promise_starts_at_once_and_is_awaited_later, Context, all_contexts)
{
    Context context;
    connection c(context);
    space<4> place;
    auto promise = c.socket.async_receive(asio::mutable_buffer(place), experimental::use_promise);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(promise.completed());
    outcome received;
    std::move(promise)(into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_promise_that_is_cancelled_ends_its_operation, Context, all_contexts)
{
    Context context;
    asio::steady_timer timer(context, 1h);
    auto promise = timer.async_wait(experimental::use_promise);
    tick(context);
    promise.cancel();
    BOOST_TEST(run_to_the_end(context));
    outcome waited;
    std::move(promise)(into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_promise_that_goes_ends_its_operation, Context, all_contexts)
{
    Context context;
    asio::steady_timer timer(context, 1h);
    {
        const auto promise = timer.async_wait(experimental::use_promise);
        tick(context);
    }
    BOOST_TEST(run_to_the_end(context));
}

#if BOOST_ASIO_VERSION >= 102800
BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_of_erased_type_is_called, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    space<4> place;
    outcome received;
    c.socket.async_receive(asio::mutable_buffer(place),
        asio::any_completion_handler<void(error_code, std::size_t)>(into(received)));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}
#endif

#if BOOST_ASIO_VERSION >= 102800
BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_with_an_immediate_executor_is_called_once, Context, all_contexts)
{
    Context context;
    connection c(context);
    tcp::socket closed(context);
    c.peer_sends("data");
    space<4> place;
    outcome received;
    outcome failed;
    c.socket.async_receive(
        asio::mutable_buffer(place), asio::bind_immediate_executor(asio::system_executor(), into(received)));
    closed.async_receive(
        asio::mutable_buffer(place), asio::bind_immediate_executor(asio::system_executor(), into(failed)));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(failed.failed_with(asio::error::bad_descriptor));
}
#endif

BOOST_AUTO_TEST_SUITE_END()
