// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests sockets where several threads run the context, start operations, or come and go.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>
#include <runners.hpp>

#include <array>
#include <atomic>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <latch>
#include <memory>
#include <string>
#include <sys/epoll.h>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;

bool soon(std::future<void> what)
{
    return what.wait_for(long_enough) == std::future_status::ready;
}

// Sends back what it gets, and counts handlers that were called too often or in the wrong order.
struct echo : std::enable_shared_from_this<echo>
{
    echo(tcp::socket s, std::atomic<int>& fault_count) : socket(std::move(s)), faults(fault_count) {}

    void receive()
    {
        faults += pending.exchange(true) ? 1 : 0;
        socket.async_receive(asio::buffer(place),
            [self = shared_from_this()](const error_code& ec, std::size_t bytes)
            {
                self->faults += self->pending.exchange(false) ? 0 : 1;
                if (!ec)
                    self->send(bytes);
            });
    }

    void send(std::size_t bytes)
    {
        faults += pending.exchange(true) ? 1 : 0;
        socket.async_send(asio::buffer(place, bytes),
            [self = shared_from_this()](const error_code& ec, std::size_t)
            {
                self->faults += self->pending.exchange(false) ? 0 : 1;
                if (!ec)
                    self->receive();
            });
    }

    tcp::socket socket;
    std::array<char, 64> place{};
    std::atomic<bool> pending = false;
    std::atomic<int>& faults;
};

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_threads)

BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_operation_may_be_started_while_another_thread_sleeps_in_run, Context, all_contexts)
{
    Context context;
    connection c(context);
    const runners running(context, 1);
    for (int i = 0; i != 50; ++i)
    {
        std::promise<void> done;
        space<4> place;
        error_code error;
        std::size_t received = 0;
        c.socket.async_receive(asio::mutable_buffer(place),
            [&](const error_code& ec, std::size_t bytes)
            {
                error = ec;
                received = bytes;
                done.set_value();
            });
        c.peer_sends("data");
        const bool called = soon(done.get_future());
        BOOST_TEST_REQUIRE(called);
        BOOST_TEST(!error);
        BOOST_TEST(received == 4U);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_operation_survives_the_thread_that_ran_the_context, Context, all_contexts)
{
    Context context;
    connection c(context);
    tcp::acceptor acceptor(context, loopback());
    outcome received;
    outcome waited;
    outcome accepted;
    tcp::socket peer(context);
    space<4> place;
    std::thread(
        [&]
        {
            c.socket.async_receive(asio::mutable_buffer(place), into(received));
            c.socket.async_wait(tcp::socket::wait_error, into(waited));
            acceptor.async_accept(peer, into(accepted));
            tick(context);
        })
        .join();
    c.peer_sends("data");
    const descriptor client = tcp_socket();
    const address there(acceptor.local_endpoint().port());
    checked(::connect(client.get(), there.get(), there.size));
    BOOST_TEST(run_until(context, [&] { return received.over() && accepted.over(); }));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(accepted.succeeded());
    checked(static_cast<int>(::send(c.peer.get(), "!", 1, MSG_OOB)));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(every_handler_runs_once_however_many_threads_run, Context, all_contexts)
{
    Context context;
    std::atomic<int> faults = 0;
    std::vector<descriptor> peers;
    for (int i = 0; i != 20; ++i)
    {
        connection c(context);
        peers.push_back(std::move(c.peer));
        std::make_shared<echo>(std::move(c.socket), faults)->receive();
    }
    const runners running(context, 4);
    for (int round = 0; round != 50; ++round)
    {
        for (const descriptor& peer : peers)
            checked(static_cast<int>(::send(peer.get(), &round, sizeof(round), 0)));
        for (const descriptor& peer : peers)
        {
            int back = -1;
            BOOST_TEST_REQUIRE(ready(peer, POLLIN, 30000));
            BOOST_TEST_REQUIRE(::recv(peer.get(), &back, sizeof(back), MSG_WAITALL) == sizeof(back));
            BOOST_TEST_REQUIRE(back == round);
        }
    }
    BOOST_TEST(faults == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    operations_of_one_socket_may_be_started_in_a_strand_on_many_threads, Context, all_contexts)
{
    Context context;
    connection c(context);
    const auto strand = asio::make_strand(context);
    std::string order;
    std::promise<void> done;
    std::array<char, 26> place{};
    asio::post(strand,
        [&]
        {
            for (char& byte : place)
                c.socket.async_receive(asio::buffer(&byte, 1), asio::bind_executor(strand,
                                                                   [&](const error_code&, std::size_t)
                                                                   {
                                                                       order += byte;
                                                                       if (order.size() == place.size())
                                                                           done.set_value();
                                                                   }));
        });
    const runners running(context, 3);
    const std::string text = "abcdefghijklmnopqrstuvwxyz";
    for (const char byte : text)
        c.peer_sends(std::string(1, byte));
    BOOST_TEST_REQUIRE(soon(done.get_future()));
    BOOST_TEST(std::string(place.data(), place.size()) == text);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    what_a_handler_starts_goes_on_while_it_blocks_where_another_thread_runs, Context, all_contexts)
{
    Context context;
    connection c(context);
    std::promise<void> done;
    space<4> place;
    std::latch received(1);
    asio::post(context,
        [&]
        {
            c.socket.async_receive(
                asio::mutable_buffer(place), [&](const error_code&, std::size_t) { received.count_down(); });
            c.peer_sends("data");
            received.wait();
            done.set_value();
        });
    const runners running(context, 2);
    BOOST_TEST_REQUIRE(soon(done.get_future()));
}

// In a thread of its own: one that made or ran a ring is interrupted once more when the kernel ends that
// ring.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_thread_that_only_starts_operations_sees_no_eintr, Context, all_contexts)
{
    Context context;
    connection c(context);
    int interruptions = 0;
    int receives = 0;
    const runners running(context, 1);
    std::thread starter(
        [&]
        {
            const descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
            for (int i = 0; i != 20; ++i)
            {
                std::promise<void> done;
                space<4> place;
                c.socket.async_receive(
                    asio::mutable_buffer(place), [&](const error_code&, std::size_t) { done.set_value(); });
                std::thread peer([&] { c.peer_sends("data"); });
                epoll_event event{};
                interruptions += ::epoll_wait(epoll.get(), &event, 1, 5) == 0 ? 0 : 1;
                peer.join();
                receives += soon(done.get_future()) ? 1 : 0;
            }
        });
    starter.join();
    BOOST_TEST(interruptions == 0);
    BOOST_TEST(receives == 20);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    sockets_may_be_opened_used_and_closed_by_many_threads_at_once, Context, all_contexts)
{
    Context context;
    std::atomic<int> aborted = 0;
    std::atomic<int> received = 0;
    constexpr int rounds = 30;
    {
        const runners running(context, 2);
        std::vector<std::thread> users;
        for (int i = 0; i != 3; ++i)
            users.emplace_back(
                [&]
                {
                    for (int round = 0; round != rounds; ++round)
                    {
                        connection c(context);
                        std::promise<void> both[2];
                        space<4> places[2];
                        for (int j = 0; j != 2; ++j)
                            c.socket.async_receive(asio::mutable_buffer(places[j]),
                                [&, j](const error_code& ec, std::size_t)
                                {
                                    ++(ec ? aborted : received);
                                    both[j].set_value();
                                });
                        c.peer_sends("data");
                        both[0].get_future().wait();
                        c.socket.close();
                        both[1].get_future().wait();
                    }
                });
        for (std::thread& user : users)
            user.join();
    }
    BOOST_TEST(received == 3 * rounds);
    BOOST_TEST(aborted == 3 * rounds);
}

BOOST_AUTO_TEST_SUITE_END()
