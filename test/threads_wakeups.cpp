// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests that a context which sleeps, or is about to, hears of whatever another thread gives it to do.

#include <connection.hpp>
#include <contexts.hpp>
#include <faulty_kernel.hpp>
#include <needs_the_ring.hpp>
#include <runners.hpp>

#include <array>
#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <netinet/tcp.h>
#include <thread>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using error_code = boost::system::error_code;

constexpr int rounds = 10000;

// All ways to give a context something to do, each of which ends in one call of a handler.
template <typename Context>
class requests
{
public:
    explicit requests(Context& context)
        : context_(context),
          acceptor_(context, loopback()),
          connection_(context),
          timer_(context),
          far_(context, 1h)
    {
        const int on = 1;
        checked(::setsockopt(connection_.peer.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)));
        // A deadline that others come before.
        far_.async_wait([](const error_code&) {});
    }

    /// Makes a request.
    void make(unsigned kind)
    {
        const auto handler = [this](const error_code& = {}, std::size_t = 0) { ++done_; };
        switch (kind)
        {
        case 0:
            return asio::post(context_, handler);
        case 1:
            return asio::dispatch(context_, [this, handler] { asio::post(context_, handler); });
        case 2:
            timer_.expires_after(std::chrono::microseconds(random_(60)));
            return timer_.async_wait(handler);
        case 3:
            timer_.expires_after(1h);
            timer_.async_wait(handler);
            timer_.cancel();
            return;
        case 4:
            return connection_.socket.async_send(asio::buffer(byte_), handler);
        case 5:
            connection_.socket.async_receive(asio::buffer(byte_), handler);
            return connection_.peer_sends("x");
        default:
            acceptor_.async_accept(peer_, asio::bind_cancellation_slot(signal_.slot(), handler));
            random_.dawdle(300);
            return signal_.emit(asio::cancellation_type::all);
        }
    }

    static constexpr unsigned kinds = 7;

    int done() const
    {
        return done_;
    }

private:
    Context& context_;
    tcp::acceptor acceptor_;
    connection connection_;
    tcp::socket peer_{context_};
    asio::steady_timer timer_;
    asio::steady_timer far_;
    asio::cancellation_signal signal_;
    std::array<char, 1> byte_{};
    dice random_{1};
    std::atomic<int> done_ = 0;
};

template <typename Context>
void every_request_is_heard(int threads)
{
    Context context;
    requests<Context> all(context);
    dice random(2);
    const runners running(context, threads);
    for (int i = 1; i <= rounds; ++i)
    {
        all.make(random(all.kinds));
        BOOST_TEST_REQUIRE(comes_about([&] { return all.done() == i; }));
        random.dawdle(500);
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(threads_wakeups)

BOOST_AUTO_TEST_CASE_TEMPLATE(an_idle_context_hears_of_every_request, Context, all_contexts)
{
    every_request_is_heard<Context>(1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(so_it_does_where_three_threads_run_it, Context, all_contexts)
{
    every_request_is_heard<Context>(3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_run_of_limited_time_hears_of_every_request, Context, all_contexts)
{
    Context context;
    requests<Context> all(context);
    std::atomic<bool> over = false;
    std::thread runner(
        [&]
        {
            while (!over)
                context.run_one_for(1ms);
        });
    dice random(3);
    bool heard = true;
    for (int i = 1; heard && i <= rounds / 4; ++i)
    {
        all.make(random(all.kinds));
        heard = comes_about([&] { return all.done() == i; });
    }
    over = true;
    runner.join();
    BOOST_TEST(heard);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_stop_is_heard_at_every_moment, Context, all_contexts)
{
    Context context;
    const auto guard = asio::make_work_guard(context);
    dice random(4);
    for (int i = 0; i != 500; ++i)
    {
        std::atomic<bool> returned = false;
        std::thread runner(
            [&]
            {
                context.run();
                returned = true;
            });
        random.dawdle(5000);
        context.stop();
        const bool heard = comes_about([&] { return returned.load(); });
        BOOST_TEST_REQUIRE(heard);
        runner.join();
        context.restart();
    }
}

// What is started can't end before the thread that started it has left the context alone: its handler may be
// the last work of the context, and the context be gone by then.
BOOST_AUTO_TEST_CASE(nothing_ends_while_the_thread_that_started_it_wakes_the_context, *needs_the_ring())
{
    faulty_kernel kernel;
    const substituted_kernel in_its_place(kernel);
    asio_uring::io_context context;
    connection c(context);
    asio::steady_timer timer(context, 0ms);
    std::atomic<int> ended = 0;
    int ended_while_waking = -1;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), [](const error_code&, std::size_t) {});
    tick(context);
    std::atomic<bool> asleep = false;
    kernel.before_enter = [&] { asleep = true; };
    std::thread runner([&] { context.run(); });
    BOOST_TEST(comes_about([&] { return asleep.load(); }));
    const auto starter = std::this_thread::get_id();
    kernel.before_register = [&](unsigned)
    {
        if (std::this_thread::get_id() != starter || ended_while_waking != -1)
            return;
        // What the runner waits for ends its sleep meanwhile.
        c.peer_sends("x");
        std::this_thread::sleep_for(60ms);
        ended_while_waking = ended;
    };
    timer.async_wait([&](const error_code&) { ++ended; });
    runner.join();
    BOOST_TEST(ended_while_waking == 0);
    BOOST_TEST(ended == 1);
}

BOOST_AUTO_TEST_SUITE_END()
