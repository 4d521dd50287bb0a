// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the end of a context whose I/O objects have operations in flight: handlers are destroyed, not called.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;

// A handler that nobody may call. What it owns is destroyed with it.
template <typename Owned>
auto never_called(Owned owned)
{
    return [owned = std::move(owned)](const auto&...) { BOOST_ERROR("the handler was called"); };
}

// Counts itself, as a handler's data does that mustn't leak.
struct counted
{
    explicit counted(int& number) : live(number)
    {
        ++live;
    }

    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;

    ~counted()
    {
        --live;
    }

    int& live;
};

// A connection, listener and timer with every operation in flight and another behind it, owned by their own
// handlers.
struct everything : std::enable_shared_from_this<everything>
{
    template <typename Context>
    everything(Context& context, int& live)
        : count(live),
          c(context),
          full(context),
          acceptor(context, loopback()),
          timer(context, 1h),
          due(context, 0s)
    {}

    void start()
    {
        full.fill();
        for (int i = 0; i != 2; ++i)
        {
            const auto handler = never_called(shared_from_this());
            c.socket.async_receive(asio::mutable_buffer(place), handler);
            c.socket.async_wait(tcp::socket::wait_read, handler);
            c.socket.async_wait(tcp::socket::wait_error, handler);
            c.socket.async_receive(asio::mutable_buffer(place), tcp::socket::message_out_of_band, handler);
            full.socket.async_send(asio::buffer(text), handler);
            full.socket.async_wait(tcp::socket::wait_write, handler);
            acceptor.async_accept(handler);
            timer.async_wait(handler);
            timer.async_wait(asio::bind_cancellation_slot(signal.slot(), handler));
        }
    }

    const counted count;
    const std::string text = std::string(std::size_t(4) << 20U, 'x');
    connection c;
    local_connection full;
    tcp::acceptor acceptor;
    asio::steady_timer timer;
    asio::steady_timer due;
    asio::cancellation_signal signal;
    space<4> place;
};

class stopwatch
{
public:
    bool prompt() const
    {
        return std::chrono::steady_clock::now() - start_ < 5s;
    }

private:
    const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_destruction)

BOOST_AUTO_TEST_CASE_TEMPLATE(
    handlers_that_own_their_sockets_are_destroyed_with_the_context, Context, all_contexts)
{
    int live = 0;
    std::unique_ptr<stopwatch> destruction;
    {
        Context context;
        for (int i = 0; i != 10; ++i)
            std::make_shared<everything>(context, live)->start();
        tick(context);
        BOOST_TEST(live == 10);
        destruction = std::make_unique<stopwatch>();
    }
    BOOST_TEST(destruction->prompt());
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(so_they_are_where_nothing_ever_ran, Context, all_contexts)
{
    int live = 0;
    {
        Context context;
        std::make_shared<everything>(context, live)->start();
        BOOST_TEST(live == 1);
    }
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(so_they_are_where_the_thread_that_ran_is_gone, Context, all_contexts)
{
    int live = 0;
    {
        Context context;
        std::thread(
            [&]
            {
                std::make_shared<everything>(context, live)->start();
                tick(context);
            })
            .join();
        BOOST_TEST(live == 1);
    }
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(so_they_are_where_operations_are_over_and_handlers_wait, Context, all_contexts)
{
    int live = 0;
    {
        Context context;
        const auto all = std::make_shared<everything>(context, live);
        all->start();
        all->due.async_wait(
            [&](const error_code&)
            {
                // What the peer sends now is received with the next tick, but the context is stopped.
                all->c.peer_sends("datadata");
                all->acceptor.cancel();
                all->timer.cancel();
                context.stop();
            });
        context.run();
    }
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(so_they_are_where_their_sockets_were_closed_before, Context, all_contexts)
{
    int live = 0;
    {
        Context context;
        const auto all = std::make_shared<everything>(context, live);
        all->start();
        tick(context);
        all->c.socket.close();
        all->full.socket.cancel();
        all->acceptor.close();
        all->timer.cancel();
    }
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(peers_see_the_end_when_the_context_is_destroyed, Context, all_contexts)
{
    int live = 0;
    descriptor peer;
    {
        Context context;
        const auto all = std::make_shared<everything>(context, live);
        all->start();
        tick(context);
        peer = std::move(all->c.peer);
    }
    char byte = 0;
    BOOST_TEST(ready(peer, POLLIN, 10'000));
    BOOST_TEST(::recv(peer.get(), &byte, 1, MSG_DONTWAIT) == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    coroutines_are_destroyed_in_the_operation_that_they_wait_for, Context, all_contexts)
{
    int live = 0;
    {
        Context context;
        for (int i = 0; i != 10; ++i)
            asio::co_spawn(
                context,
                [&]() -> asio::awaitable<void>
                {
                    const counted count(live);
                    connection c(context);
                    space<4> place;
                    co_await c.socket.async_receive(asio::mutable_buffer(place), asio::use_awaitable);
                    BOOST_ERROR("the coroutine went on");
                },
                asio::detached);
        tick(context);
        BOOST_TEST(live == 10);
    }
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_dying_handler_may_close_sockets_and_cancel_timers, Context, all_contexts)
{
    int live = 0;
    {
        Context context;
        const auto first = std::make_shared<everything>(context, live);
        const auto second = std::make_shared<everything>(context, live);
        const std::shared_ptr<void> last_wish(nullptr,
            [second](void*)
            {
                error_code ec;
                second->c.socket.cancel(ec);
                second->c.socket.close(ec);
                second->acceptor.close(ec);
                second->timer.cancel();
            });
        first->c.socket.async_wait(tcp::socket::wait_read, never_called(last_wish));
        second->start();
        tick(context);
    }
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_thousand_sockets_in_flight_are_gone_promptly, Context, rings)
{
    std::optional<stopwatch> end;
    int calls = 0;
    {
        Context context;
        std::vector<std::unique_ptr<connection>> connections;
        space<1> place;
        for (int i = 0; i != 300; ++i)
        {
            connections.push_back(std::make_unique<connection>(context));
            for (int j = 0; j != 2; ++j)
                connections.back()->socket.async_receive(
                    asio::mutable_buffer(place), [&](const error_code&, std::size_t) { ++calls; });
        }
        tick(context);
        end.emplace();
    }
    BOOST_TEST(calls == 0);
    BOOST_TEST(end->prompt());
}

BOOST_AUTO_TEST_SUITE_END()
