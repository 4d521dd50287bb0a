// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests that a socket may be closed, moved and cancelled at every moment while other threads run its context.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <runners.hpp>

#include <array>
#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace asio_uring::test;
using error_code = boost::system::error_code;

// What all users of a test share.
struct tally
{
    std::atomic<int> started = 0;
    std::atomic<int> ended = 0;
    std::atomic<int> faults = 0;

    auto handler(std::shared_ptr<std::array<char, 1000>> place)
    {
        ++started;
        return [this, place](const error_code& ec, std::size_t = 0)
        {
            ++ended;
            faults += ec && ec != asio::error::operation_aborted ? 1 : 0;
        };
    }
};

// Starts some operations on a connection, and ends them by closing it or by destroying it.
template <typename Context>
void use_and_close(Context& context, dice& random, tally& shared)
{
    connection c(context);
    std::optional<tcp::socket> socket(std::move(c.socket));
    const auto place = std::make_shared<std::array<char, 1000>>();
    const unsigned kinds = random(8);
    if ((kinds & 1) != 0)
        for (unsigned i = random(2) + 1; i != 0; --i)
            socket->async_receive(asio::buffer(*place), shared.handler(place));
    if ((kinds & 2) != 0)
        socket->async_wait(tcp::socket::wait_error, shared.handler(place));
    if ((kinds & 4) != 0)
        socket->async_send(asio::buffer(*place, 1), shared.handler(place));
    if (random.one_in(3))
        c.peer_sends("x");
    random.dawdle(2000);
    if (random.one_in(3))
        socket->cancel();
    if (random.one_in(5))
    {
        tcp::socket moved(std::move(*socket));
        *socket = std::move(moved);
    }
    if (random.one_in(2))
        socket->close();
    else
        socket.reset();
    // The end, also where data that nobody received makes it a reset.
    shared.faults += ready(c.peer, POLLIN, 10'000) ? 0 : 1;
    std::array<char, 10> rest{};
    while (::recv(c.peer.get(), rest.data(), rest.size(), 0) > 0)
        ;
}

template <typename Context>
void everyone_closes(int threads)
{
    Context context;
    tally shared;
    const runners running(context, threads);
    std::vector<std::thread> users;
    for (unsigned i = 0; i != 2; ++i)
        users.emplace_back(
            [&, random = dice(i)]() mutable
            {
                for (int round = 0; round != 1500; ++round)
                    use_and_close(context, random, shared);
            });
    for (std::thread& user : users)
        user.join();
    BOOST_TEST(comes_about([&] { return shared.ended == shared.started; }));
    BOOST_TEST(shared.faults == 0);
}

// Four receives on a connection, each with a signal of its own, which goes off or goes away meanwhile.
template <typename Context>
void use_and_signal(Context& context, dice& random, tally& shared)
{
    connection c(context);
    std::optional<tcp::socket> socket(std::move(c.socket));
    std::array<std::optional<asio::cancellation_signal>, 4> signals;
    const auto place = std::make_shared<std::array<char, 1000>>();
    for (auto& signal : signals)
        socket->async_receive(asio::buffer(*place, 1),
            asio::bind_cancellation_slot(signal.emplace().slot(), shared.handler(place)));
    for (int i = 0; i != 6; ++i)
    {
        auto& signal = signals[random(4)];
        // In vain where the socket is gone.
        if (random.one_in(3))
            ::send(c.peer.get(), "x", 1, MSG_NOSIGNAL);
        random.dawdle(500);
        switch (random(6))
        {
        case 0:
            signal.reset();
            break;
        case 1:
            if (signal)
                signal->slot().clear();
            break;
        case 2:
            if (i == 3)
                socket.reset();
            break;
        default:
            if (signal)
                signal->emit(asio::cancellation_type::terminal);
        }
    }
    socket.reset();
    for (auto& signal : signals)
        if (signal)
            signal->emit(asio::cancellation_type::all);
}

} // namespace

BOOST_AUTO_TEST_SUITE(threads_close)

// On the ring alone: Asio's reactor was seen to lose a handler here.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(peers_see_every_close_and_each_handler_is_called_once, Context, rings)
{
    everyone_closes<Context>(1);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(so_they_do_where_three_threads_run_the_context, Context, rings)
{
    everyone_closes<Context>(3);
}

// Asio's own sockets mustn't be gone before their signals.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(signals_may_go_off_and_away_at_every_moment, Context, rings)
{
    Context context;
    tally shared;
    const runners running(context, 2);
    std::vector<std::thread> users;
    for (unsigned i = 0; i != 2; ++i)
        users.emplace_back(
            [&, random = dice(i)]() mutable
            {
                for (int round = 0; round != 1500; ++round)
                    use_and_signal(context, random, shared);
            });
    for (std::thread& user : users)
        user.join();
    BOOST_TEST(comes_about([&] { return shared.ended == shared.started; }));
    BOOST_TEST(shared.faults == 0);
}

BOOST_AUTO_TEST_SUITE_END()
