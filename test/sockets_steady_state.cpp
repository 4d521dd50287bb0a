// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what sockets cost on the ring once everything is warm: no memory, one system call a tick, nothing
// while idle.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

namespace {

// What the program allocates is counted while somebody wants to know.
std::atomic<bool> counting = false;
std::atomic<int> allocations = 0;

void* counted_allocation(std::size_t size)
{
    if (counting.load(std::memory_order_relaxed))
        allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* const memory = std::malloc(size != 0 ? size : 1))
        return memory;
    throw std::bad_alloc();
}

} // namespace

// NOLINTBEGIN(misc-definitions-in-headers): they replace the library's for the whole program.
// Not inlined: g++ with sanitizers would warn of a free() of what its own operator new made.
[[gnu::noinline]] void* operator new(std::size_t size)
{
    return counted_allocation(size);
}

[[gnu::noinline]] void* operator new[](std::size_t size)
{
    return counted_allocation(size);
}

[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept
{
    return counted_allocation(size);
}

[[gnu::noinline]] void operator delete(void* memory) noexcept
{
    std::free(memory);
}

[[gnu::noinline]] void operator delete[](void* memory) noexcept
{
    std::free(memory);
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}
// NOLINTEND

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;

// Runs a part of a program and returns how often it allocates.
template <typename Part>
int allocations_of(Part part)
{
    allocations = 0;
    counting = true;
    part();
    counting = false;
    return allocations;
}

// Two sockets of one context that play ping-pong, with a timer that is set anew for every message.
template <typename Context>
class ping_pong
{
public:
    explicit ping_pong(Context& context) : context_(context), timer_(context), a_(context), b_(context)
    {
        connection c(context);
        a_ = std::move(c.socket);
        b_.assign(tcp::v4(), c.peer.release());
    }

    /// Runs the context until this many messages have arrived. Returns how many handlers ran.
    std::size_t play(int messages)
    {
        left_ = messages;
        wait();
        receive(a_, b_);
        send(b_);
        if (context_.stopped())
            context_.restart();
        return context_.run();
    }

private:
    void wait()
    {
        timer_.expires_after(1h);
        timer_.async_wait([](const error_code&) {});
    }

    void receive(tcp::socket& from, tcp::socket& to)
    {
        from.async_receive(asio::buffer(place_),
            [&](const error_code&, std::size_t)
            {
                if (--left_ == 0)
                    return static_cast<void>(timer_.cancel());
                wait();
                receive(to, from);
                send(from);
            });
    }

    void send(tcp::socket& from)
    {
        from.async_send(asio::buffer("x", 1), [](const error_code&, std::size_t) {});
    }

    Context& context_;
    asio::steady_timer timer_;
    tcp::socket a_;
    tcp::socket b_;
    char place_[64] = {};
    int left_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_steady_state)

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(messages_allocate_nothing, Context, rings)
{
    Context context;
    ping_pong game(context);
    game.play(100);
    BOOST_TEST(allocations_of([&] { game.play(1000); }) == 0);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(many_connections_allocate_nothing, Context, rings)
{
    Context context;
    std::vector<std::unique_ptr<connection>> connections;
    for (int i = 0; i != 50; ++i)
        connections.push_back(std::make_unique<connection>(context));
    space<4> place;
    int received = 0;
    const auto round = [&]
    {
        for (const auto& c : connections)
        {
            c->socket.async_receive(
                asio::mutable_buffer(place), [&](const error_code&, std::size_t) { ++received; });
            ::send(c->peer.get(), "data", 4, 0);
        }
        context.restart();
        context.run();
    };
    // Each handler's memory is kept by the thread that runs, but not beyond run(): only what the library
    // itself keeps is at stake.
    round();
    const int first = allocations_of(round);
    const int later = allocations_of(
        [&]
        {
            for (int i = 0; i != 10; ++i)
                round();
        });
    BOOST_TEST(received == 12 * 50);
    BOOST_TEST(later <= 10 * first);
    BOOST_TEST(first <= 50);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(coroutines_allocate_nothing_in_their_loop, Context, rings)
{
    Context context;
    connection c(context);
    int in_loop = -1;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void>
        {
            space<4> place;
            const auto exchange = [&]() -> asio::awaitable<void>
            {
                ::send(c.peer.get(), "data", 4, 0);
                co_await c.socket.async_receive(asio::mutable_buffer(place), asio::use_awaitable);
                co_await c.socket.async_send(asio::mutable_buffer(place), asio::use_awaitable);
            };
            for (int i = 0; i != 100; ++i)
                co_await exchange();
            allocations = 0;
            counting = true;
            for (int i = 0; i != 100; ++i)
                co_await exchange();
            counting = false;
            in_loop = allocations;
        },
        asio::detached);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(in_loop == 0);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_tick_makes_one_system_call, Context, rings)
{
    Context context;
    ping_pong game(context);
    game.play(10);
    const auto before = context.statistics();
    const std::size_t handlers = game.play(1000);
    const auto after = context.statistics();
    // Every tick runs a handler at least, and most run two: a send's and a receive's.
    BOOST_TEST(after.waits - before.waits <= handlers);
    BOOST_TEST(after.waits - before.waits <= 1100U);
    // The first send of a game is none of the ring's: nobody runs the context then.
    BOOST_TEST(after.submissions - before.submissions == 1999U);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(fifty_operations_are_handed_over_in_one_system_call, Context, rings)
{
    Context context;
    std::vector<std::unique_ptr<connection>> connections;
    space<4> place;
    for (int i = 0; i != 50; ++i)
        connections.push_back(std::make_unique<connection>(context));
    const auto before = context.statistics();
    for (const auto& c : connections)
        c->socket.async_receive(asio::mutable_buffer(place), [](const error_code&, std::size_t) {});
    tick(context);
    const auto after = context.statistics();
    BOOST_TEST(after.submissions - before.submissions == 50U);
    BOOST_TEST(after.waits - before.waits == 1U);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(an_idle_context_makes_no_system_calls, Context, rings)
{
    Context context;
    connection c(context);
    asio::steady_timer timer(context, 1h);
    space<4> place;
    timer.async_wait([](const error_code&) {});
    c.socket.async_receive(asio::mutable_buffer(place), [](const error_code&, std::size_t) {});
    tick(context);
    const auto before = context.statistics();
    context.run_for(100ms);
    BOOST_TEST(context.statistics().waits - before.waits <= 2U);
}

BOOST_AUTO_TEST_SUITE_END()
