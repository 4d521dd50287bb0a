// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests handlers that block on other handlers, or run the context themselves.

#include <connection.hpp>
#include <contexts.hpp>
#include <runners.hpp>

#include <array>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <future>
#include <tuple>

namespace {

using namespace asio_uring::test;
using error_code = boost::system::error_code;

// A context with the hint 1 lets handlers block only where nobody else must run, as Asio's.
using contexts_of_many_threads = std::tuple<ring, fallback, stock>;

// Starts something, and blocks until its handler was called. Returns whether that went well.
template <typename Start>
bool block_on(Start start)
{
    std::promise<bool> over;
    start([&](const error_code& ec = {}, std::size_t = 0) { over.set_value(!ec); });
    auto result = over.get_future();
    return result.wait_for(long_enough) == std::future_status::ready && result.get();
}

// What a handler blocks on, one after another.
template <typename Context>
int block_on_everything(Context& context)
{
    connection c(context);
    asio::steady_timer timer(context);
    std::array<char, 4> place{};
    int faults = 0;
    for (int i = 0; i != 50; ++i)
    {
        faults += block_on([&](auto handler) { asio::post(context, handler); }) ? 0 : 1;
        faults +=
            block_on([&](auto handler) { c.socket.async_send(asio::buffer("abcd", 4), handler); }) ? 0 : 1;
        faults += block_on(
                      [&](auto handler)
                      {
                          c.socket.async_receive(asio::buffer(place), handler);
                          c.peer_sends("data");
                      })
                      ? 0
                      : 1;
        timer.expires_after(std::chrono::microseconds(i));
        faults += block_on([&](auto handler) { timer.async_wait(handler); }) ? 0 : 1;
        // Here a cancel is what ends it.
        faults += block_on(
                      [&](auto handler)
                      {
                          c.socket.async_receive(asio::buffer(place), handler);
                          c.socket.cancel();
                      })
                      ? 1
                      : 0;
    }
    return faults;
}

} // namespace

BOOST_AUTO_TEST_SUITE(threads_blocking)

BOOST_AUTO_TEST_CASE_TEMPLATE(
    all_threads_but_one_may_block_in_handlers_on_others, Context, contexts_of_many_threads)
{
    Context context;
    constexpr int blocked = 3;
    std::atomic<int> over = 0;
    std::atomic<int> faults = 0;
    const runners running(context, blocked + 1);
    for (int i = 0; i != blocked; ++i)
        asio::post(context,
            [&]
            {
                faults += block_on_everything(context);
                ++over;
            });
    BOOST_TEST(comes_about([&] { return over == blocked; }));
    BOOST_TEST(faults == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_may_run_its_context, Context, all_contexts)
{
    Context context;
    connection c(context);
    std::array<char, 1> place{};
    int received = 0;
    int posted = 0;
    int depth = 0;
    const auto run_inside = [&]
    {
        if (depth == 5)
            return;
        ++depth;
        run_a_moment(context, static_cast<unsigned>(received));
        --depth;
    };
    const std::function<void()> receive = [&]
    {
        c.socket.async_receive(asio::buffer(place),
            [&](const error_code& ec, std::size_t)
            {
                BOOST_TEST_REQUIRE(!ec);
                if (++received == 500)
                    return;
                receive();
                asio::post(context, [&] { ++posted; });
                c.peer_sends("x");
                run_inside();
            });
    };
    receive();
    c.peer_sends("x");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received == 500);
    BOOST_TEST(posted == 499);
}

BOOST_AUTO_TEST_SUITE_END()
