// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what a context tells of its ring, lends of it, and does with each concurrency hint.

#include <asio_uring/io_context.hpp>

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <recorded.hpp>

#include <boost/asio/defer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using asio_uring::next_step;
using asio_uring::result;
namespace operation = asio_uring::operation;

const int hints[] = {BOOST_ASIO_CONCURRENCY_HINT_DEFAULT, 1, 2, 8, BOOST_ASIO_CONCURRENCY_HINT_UNSAFE,
    BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO, BOOST_ASIO_CONCURRENCY_HINT_SAFE};

// A timer and a transfer on a context.
template <typename Context>
void check_a_timer_and_a_socket(Context& context)
{
    connection c(context);
    asio::steady_timer timer(context, 1ms);
    outcome received;
    outcome sent;
    outcome waited;
    outcome cancelled;
    space<4> place;
    space<4> second_place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    c.socket.async_receive(asio::mutable_buffer(second_place), into(cancelled));
    c.socket.async_send(asio::buffer("ping", 4), into(sent));
    timer.async_wait(
        [&](const error_code& ec)
        {
            into(waited)(ec);
            c.peer_sends("pong");
        });
    BOOST_TEST(run_until(context, [&] { return received.over(); }));
    c.socket.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(c.peer_gets(4) == "ping");
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(cancelled.aborted());
}

// A completion that ends at once: something to read is there.
class readable
{
public:
    readable()
    {
        pipe_.write("x");
    }

    operation::poll poll() const
    {
        return {pipe_.reader.get(), POLLIN};
    }

private:
    pipe_pair pipe_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_loop)

BOOST_DATA_TEST_CASE(
    every_concurrency_hint_runs_a_timer_and_a_socket, boost::unit_test::data::make(hints), hint)
{
    ring context(hint);
    check_a_timer_and_a_socket(context);
    BOOST_TEST((context.statistics().completions != 0U) == on_the_ring(context));
}

BOOST_DATA_TEST_CASE(
    every_concurrency_hint_runs_them_on_asios_context, boost::unit_test::data::make(hints), hint)
{
    stock context(hint);
    check_a_timer_and_a_socket(context);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_completion_of_ones_own_is_called_inside_run, Context, rings)
{
    Context context;
    const readable source;
    recorded own(source.poll(),
        [&](recorded&, result)
        {
            BOOST_TEST(context.get_executor().running_in_this_thread());
            asio::post(context, [] {});
            return next_step::disarm;
        });
    context.loop().add(own);
    const auto guard = asio::make_work_guard(context);
    BOOST_TEST(own.calls() == 0U);
    BOOST_TEST(context.run_one() == 1U);
    BOOST_TEST(own.calls() == 1U);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_completion_of_ones_own_is_called_inside_poll, Context, rings)
{
    Context context;
    const readable source;
    recorded own(source.poll());
    context.loop().add(own);
    const auto guard = asio::make_work_guard(context);
    const auto end = std::chrono::steady_clock::now() + long_enough;
    while (own.calls() == 0 && std::chrono::steady_clock::now() < end)
        BOOST_TEST(context.poll() == 0U);
    BOOST_TEST(own.calls() == 1U);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(what_a_callback_posts_is_called_though_no_other_work_is_left, Context, rings)
{
    Context context;
    int called = 0;
    auto guard = asio::make_work_guard(context);
    recorded own(operation::timer{1ms},
        [&](recorded&, result)
        {
            asio::post(context, [&called] { ++called; });
            asio::defer(context, [&called] { ++called; });
            guard.reset();
            return next_step::disarm;
        });
    context.loop().add(own);
    BOOST_TEST(context.run() == 2U);
    BOOST_TEST(called == 2);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_callback_may_start_operations_of_io_objects, Context, rings)
{
    Context context;
    connection c(context);
    asio::steady_timer timer(context, 1ms);
    outcome sent;
    outcome waited;
    const readable source;
    recorded own(source.poll(),
        [&](recorded&, result)
        {
            c.socket.async_send(asio::buffer("data", 4), into(sent));
            timer.async_wait(into(waited));
            return next_step::disarm;
        });
    context.loop().add(own);
    const auto guard = asio::make_work_guard(context);
    BOOST_TEST(run_until(context, [&] { return sent.over() && waited.over(); }));
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(c.peer_gets(4) == "data");
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_callback_may_cancel_operations_of_io_objects, Context, rings)
{
    Context context;
    connection c(context);
    asio::steady_timer timer(context, 1h);
    outcome received;
    outcome queued;
    outcome waited;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    c.socket.async_receive(asio::mutable_buffer(place), into(queued));
    timer.async_wait(into(waited));
    tick(context);
    const readable source;
    recorded own(source.poll(),
        [&](recorded&, result)
        {
            c.socket.cancel();
            timer.cancel();
            return next_step::disarm;
        });
    context.loop().add(own);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.aborted());
    BOOST_TEST(queued.aborted());
    BOOST_TEST(waited.aborted());
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_completion_of_ones_own_that_rearms_goes_on, Context, rings)
{
    Context context;
    const readable source;
    recorded own(source.poll(),
        [](recorded& self, result) { return self.calls() < 10 ? next_step::rearm : next_step::disarm; });
    context.loop().add(own);
    asio::steady_timer until(context, 1h);
    until.async_wait([](const error_code&) {});
    const auto end = std::chrono::steady_clock::now() + long_enough;
    while (own.calls() < 10 && std::chrono::steady_clock::now() < end)
        context.poll();
    BOOST_TEST(own.calls() == 10U);
    BOOST_TEST(!own.active());
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_completion_of_ones_own_is_no_work, Context, rings)
{
    Context context;
    const pipe_pair never_written;
    recorded own(operation::poll{never_written.reader.get(), POLLIN});
    context.loop().add(own);
    BOOST_TEST(context.run() == 0U);
    BOOST_TEST(context.stopped());
    BOOST_TEST(own.active());
    context.loop().cancel(own);
    const auto guard = asio::make_work_guard(context);
    context.restart();
    const auto end = std::chrono::steady_clock::now() + long_enough;
    while (own.calls() == 0 && std::chrono::steady_clock::now() < end)
        context.poll();
    BOOST_TEST((own.only().error() == std::errc::operation_canceled));
}

BOOST_AUTO_TEST_CASE(asios_reactor_has_no_loop_to_lend)
{
    fallback context;
    BOOST_CHECK_EXCEPTION(context.loop(), boost::system::system_error,
        [](const auto& error) { return error.code() == asio::error::operation_not_supported; });
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(statistics_count_what_the_ring_did, Context, rings)
{
    Context context;
    BOOST_TEST(context.statistics().submissions == 0U);
    BOOST_TEST(context.statistics().completions == 0U);
    connection c(context);
    outcome received;
    space<4> place;
    c.peer_sends("data");
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    BOOST_TEST(context.statistics().submissions == 0U);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    const asio_uring::io_context_statistics one = context.statistics();
    BOOST_TEST(one.submissions == 1U);
    BOOST_TEST(one.completions == 1U);
    BOOST_TEST(one.waits >= 1U);
    for (int i = 0; i != 10; ++i)
    {
        c.peer_sends("data");
        c.socket.async_receive(asio::mutable_buffer(place), [](const error_code&, std::size_t) {});
        BOOST_TEST(run_to_the_end(context));
    }
    BOOST_TEST(context.statistics().submissions == 11U);
    BOOST_TEST(context.statistics().completions == 11U);
    BOOST_TEST(context.statistics().waits > one.waits);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(timers_and_posts_need_no_submissions, Context, rings)
{
    Context context;
    asio::steady_timer timer(context, 200ms);
    outcome waited;
    timer.async_wait(into(waited));
    asio::post(context, [] {});
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(context.statistics().submissions == 0U);
    BOOST_TEST(context.statistics().completions == 0U);
    BOOST_TEST(context.statistics().waits >= 1U);
}

BOOST_AUTO_TEST_SUITE_END()
