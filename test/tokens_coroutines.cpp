// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests operations of sockets and timers in Asio's coroutines, with a stack and without.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <exception>
#include <memory>
#include <string>
#include <utility>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using asio::awaitable;
using asio::use_awaitable;

// Runs a coroutine on a context until it ends. Throws what leaves it.
template <typename Context>
void run(Context& context, awaitable<void> coroutine)
{
    bool over = false;
    std::exception_ptr thrown;
    asio::co_spawn(context, std::move(coroutine),
        [&](std::exception_ptr exception)
        {
            over = true;
            thrown = exception;
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(over);
    if (thrown)
        std::rethrow_exception(thrown);
}

// The same for a coroutine with a stack.
template <typename Context, typename Function>
void run_with_stack(Context& context, Function function)
{
    bool over = false;
    std::exception_ptr thrown;
    asio::spawn(context, function,
        [&](std::exception_ptr exception)
        {
            over = true;
            thrown = exception;
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(over);
    if (thrown)
        std::rethrow_exception(thrown);
}

} // namespace

BOOST_AUTO_TEST_SUITE(tokens_coroutines)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_connects_accepts_sends_and_receives, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    std::string got;
    asio::co_spawn(
        context,
        [&]() -> awaitable<void>
        {
            tcp::socket accepted = co_await acceptor.async_accept(use_awaitable);
            space<4> place;
            const std::size_t bytes =
                co_await accepted.async_receive(asio::mutable_buffer(place), use_awaitable);
            got = place.first(bytes);
        },
        asio::detached);
    tcp::socket socket(context);
    const auto client = [&]() -> awaitable<void>
    {
        co_await socket.async_connect(acceptor.local_endpoint(), use_awaitable);
        co_await socket.async_send(asio::buffer("data", 4), use_awaitable);
    };
    run(context, client());
    BOOST_TEST(got == "data");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_error_is_thrown_into_a_coroutine, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer.close();
    const auto reads = [&]() -> awaitable<void>
    {
        space<4> place;
        co_await c.socket.async_receive(asio::mutable_buffer(place), use_awaitable);
    };
    BOOST_CHECK_EXCEPTION(run(context, reads()), boost::system::system_error,
        [](const auto& error) { return error.code() == asio::error::eof; });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_gets_errors_as_a_tuple_or_redirected, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer.close();
    const auto reads = [&]() -> awaitable<void>
    {
        space<4> place;
        const auto [ec, bytes] =
            co_await c.socket.async_receive(asio::mutable_buffer(place), asio::as_tuple(use_awaitable));
        BOOST_TEST(ec == asio::error::eof);
        BOOST_TEST(bytes == 0U);
        error_code redirected;
        co_await c.socket.async_receive(
            asio::mutable_buffer(place), asio::redirect_error(use_awaitable, redirected));
        BOOST_TEST(redirected == asio::error::eof);
    };
    run(context, reads());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_may_await_a_deferred_operation, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("data");
    const auto reads = [&]() -> awaitable<void>
    {
        space<4> place;
        auto operation = c.socket.async_receive(asio::mutable_buffer(place), asio::deferred);
        BOOST_TEST(co_await std::move(operation) == 4U);
    };
    run(context, reads());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(both_of_two_operations_are_awaited, Context, all_contexts)
{
    using namespace asio::experimental::awaitable_operators;
    Context context;
    connection c(context);
    c.peer_sends("data");
    const auto both = [&]() -> awaitable<void>
    {
        space<4> place;
        asio::steady_timer timer(context, 1ms);
        const std::size_t bytes =
            co_await (c.socket.async_receive(asio::mutable_buffer(place), use_awaitable) &&
                      timer.async_wait(use_awaitable));
        BOOST_TEST(bytes == 4U);
    };
    run(context, both());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_first_of_two_operations_ends_the_other, Context, all_contexts)
{
    using namespace asio::experimental::awaitable_operators;
    Context context;
    connection c(context);
    const auto either = [&]() -> awaitable<void>
    {
        space<4> place;
        asio::steady_timer soon(context, 1ms);
        asio::steady_timer late(context, 1h);
        const auto first = co_await ((c.socket.async_receive(asio::mutable_buffer(place), use_awaitable) &&
                                         late.async_wait(use_awaitable)) ||
                                     soon.async_wait(use_awaitable));
        BOOST_TEST(first.index() == 1U);
        c.peer_sends("data");
        BOOST_TEST(co_await c.socket.async_receive(asio::mutable_buffer(place), use_awaitable) == 4U);
    };
    run(context, either());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_failure_of_one_of_two_ends_the_other, Context, all_contexts)
{
    using namespace asio::experimental::awaitable_operators;
    Context context;
    connection c(context);
    c.peer.close();
    const auto both = [&]() -> awaitable<void>
    {
        space<4> place;
        asio::steady_timer late(context, 1h);
        co_await (c.socket.async_receive(asio::mutable_buffer(place), use_awaitable) &&
                  late.async_wait(use_awaitable));
    };
    // The end of the file, and what it did to the timer.
    BOOST_CHECK_THROW(run(context, both()), asio::multiple_exceptions);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_on_a_strand_comes_back_to_it, Context, all_contexts)
{
    Context context;
    const auto strand = asio::make_strand(context);
    connection c(context);
    int returns = 0;
    asio::co_spawn(
        strand,
        [&]() -> awaitable<void>
        {
            space<1> place;
            for (int i = 0; i != 3; ++i)
            {
                c.peer_sends("x");
                co_await c.socket.async_receive(asio::mutable_buffer(place), use_awaitable);
                returns += strand.running_in_this_thread() ? 1 : 0;
            }
        },
        asio::detached);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(returns == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_that_waits_is_destroyed_with_the_context, Context, all_contexts)
{
    const auto alive = std::make_shared<int>();
    {
        Context context;
        connection c(context);
        asio::co_spawn(
            context,
            [&, owned = alive]() -> awaitable<void>
            {
                space<4> place;
                co_await c.socket.async_receive(asio::mutable_buffer(place), use_awaitable);
            },
            asio::detached);
        tick(context);
        BOOST_TEST(alive.use_count() > 1);
    }
    BOOST_TEST(alive.use_count() == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_with_a_stack_sends_and_receives, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("ping");
    run_with_stack(context,
        [&](asio::yield_context yield)
        {
            space<4> place;
            BOOST_TEST(c.socket.async_receive(asio::mutable_buffer(place), yield) == 4U);
            BOOST_TEST(c.socket.async_send(asio::mutable_buffer(place), yield) == 4U);
        });
    BOOST_TEST(c.peer_gets(4) == "ping");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_with_a_stack_waits, Context, all_contexts)
{
    Context context;
    run_with_stack(context,
        [&](asio::yield_context yield)
        {
            asio::steady_timer timer(context, 1ms);
            timer.async_wait(yield);
            BOOST_TEST((timer.expiry() <= std::chrono::steady_clock::now()));
        });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_coroutine_with_a_stack_gets_errors_thrown_or_in_brackets, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer.close();
    run_with_stack(context,
        [&](asio::yield_context yield)
        {
            space<4> place;
            error_code ec;
            c.socket.async_receive(asio::mutable_buffer(place), yield[ec]);
            BOOST_TEST(ec == asio::error::eof);
            BOOST_CHECK_THROW(
                c.socket.async_receive(asio::mutable_buffer(place), yield), boost::system::system_error);
        });
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_with_a_stack_is_cancelled_in_its_wait, Context, all_contexts)
{
    Context context;
    asio::cancellation_signal signal;
    error_code ended_with;
    asio::spawn(
        context,
        [&](asio::yield_context yield)
        {
            asio::steady_timer timer(context, 1h);
            timer.async_wait(yield[ended_with]);
        },
        asio::bind_cancellation_slot(signal.slot(), asio::detached));
    tick(context);
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(ended_with == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()
