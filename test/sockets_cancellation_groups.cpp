// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what Asio builds on cancellation slots: groups of operations and coroutines, of which one wins.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <variant>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;

// Receives with a time limit in a coroutine. Returns 0 where the data came first, 1 where the time was up.
template <typename Context>
std::size_t winner_of_receive_and_timer(Context& context, connection& c, asio::steady_timer::duration limit)
{
    using namespace asio::experimental::awaitable_operators;
    std::size_t winner = 9;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void>
        {
            space<4> place;
            asio::steady_timer timer(context, limit);
            const auto result =
                co_await (c.socket.async_receive(asio::mutable_buffer(place), asio::use_awaitable) ||
                          timer.async_wait(asio::use_awaitable));
            winner = result.index();
        },
        asio::detached);
    BOOST_TEST(run_to_the_end(context));
    return winner;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_cancellation_groups)

BOOST_AUTO_TEST_CASE_TEMPLATE(the_first_of_a_group_ends_the_others, Context, all_contexts)
{
    Context context;
    connection first(context);
    connection second(context);
    asio::steady_timer timer(context, 1h);
    space<4> first_place;
    space<4> second_place;
    const asio::mutable_buffer first_buffer = first_place;
    const asio::mutable_buffer second_buffer = second_place;
    int calls = 0;
    asio::experimental::make_parallel_group(first.socket.async_receive(first_buffer, asio::deferred),
        second.socket.async_receive(second_buffer, asio::deferred), timer.async_wait(asio::deferred))
        .async_wait(asio::experimental::wait_for_one(),
            [&](std::array<std::size_t, 3> order, const error_code& first_ec, std::size_t,
                const error_code& second_ec, std::size_t second_bytes, const error_code& timer_ec)
            {
                ++calls;
                BOOST_TEST(order[0] == 1U);
                BOOST_TEST(first_ec == asio::error::operation_aborted);
                BOOST_TEST(!second_ec);
                BOOST_TEST(second_bytes == 4U);
                BOOST_TEST(timer_ec == asio::error::operation_aborted);
            });
    tick(context);
    second.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_gives_a_receive_a_time_limit, Context, all_contexts)
{
    Context context;
    connection c(context);
    BOOST_TEST(winner_of_receive_and_timer(context, c, 1ms) == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receive_in_time_ends_its_time_limit, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    BOOST_TEST(winner_of_receive_and_timer(context, c, 1h) == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_is_cancelled_in_the_operation_it_waits_for, Context, all_contexts)
{
    Context context;
    connection c(context);
    asio::cancellation_signal signal;
    error_code ended_with;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void>
        {
            space<4> place;
            const auto [ec, bytes] = co_await c.socket.async_receive(
                asio::mutable_buffer(place), asio::as_tuple(asio::use_awaitable));
            ended_with = ec;
        },
        asio::bind_cancellation_slot(signal.slot(), asio::detached));
    tick(context);
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(ended_with == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()
