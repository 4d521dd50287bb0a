// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests children of fork(2): they go on with what was pending, and their ends leave it to the parent.

#include <child_process.hpp>
#include <connection.hpp>
#include <contexts.hpp>
#include <foreign_stream.hpp>
#include <outcome.hpp>
#include <runners.hpp>

#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <memory>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using asio_uring::io_context;

// Forks, and checks that something holds in the child, and then in the parent.
template <typename Context, typename Condition>
void check_in_both(Context& context, Condition holds)
{
    context.notify_fork(asio::execution_context::fork_prepare);
    const int child = in_a_child(
        [&]
        {
            context.notify_fork(asio::execution_context::fork_child);
            return holds() ? 0 : 1;
        });
    context.notify_fork(asio::execution_context::fork_parent);
    BOOST_TEST(child == 0);
    BOOST_TEST(holds());
}

} // namespace

BOOST_AUTO_TEST_SUITE(children_of_fork)

BOOST_AUTO_TEST_CASE(a_child_may_destroy_the_context_and_its_objects_and_leaves_the_parents_alone)
{
    auto context = std::make_unique<io_context>();
    auto c = std::make_unique<connection>(*context);
    auto acceptor = std::make_unique<tcp::acceptor>(*context, loopback());
    auto timer = std::make_unique<asio::steady_timer>(*context, 1h);
    auto signals = std::make_unique<asio::signal_set>(*context, SIGUSR1);
    outcome received;
    outcome accepted;
    outcome others;
    std::array<char, 10> place{};
    c->socket.async_receive(asio::buffer(place), into(received));
    tcp::socket peer(*context);
    acceptor->async_accept(peer, into(accepted));
    timer->async_wait(into(others));
    signals->async_wait([&](const error_code&, int) { ++others.calls; });
    tick(*context);
    BOOST_TEST(in_a_child(
                   [&]
                   {
                       c->socket.cancel();
                       c.reset();
                       acceptor.reset();
                       signals.reset();
                       timer.reset();
                       peer.close();
                       context.reset();
                       io_context own;
                       return asio::post(own, [] {}), own.run() == 1 ? 0 : 1;
                   }) == 0);
    c->peer_sends("data");
    const descriptor client = tcp_socket();
    const address there(acceptor->local_endpoint().port());
    checked(::connect(client.get(), there.get(), there.size));
    BOOST_TEST(run_until(*context, [&] { return received.over() && accepted.over(); }));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(accepted.succeeded());
    BOOST_TEST(others.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_child_goes_on_with_what_was_pending, Context, all_contexts)
{
    Context context;
    connection waiting(context);
    connection cancelled(context);
    asio::steady_timer timer(context, 10ms);
    outcome ready;
    outcome aborted;
    outcome expired;
    std::array<char, 10> place{};
    waiting.socket.async_wait(tcp::socket::wait_read, into(ready));
    cancelled.socket.async_receive(asio::buffer(place), into(aborted));
    timer.async_wait(into(expired));
    tick(context);
    const auto goes_on = [&]
    {
        cancelled.socket.cancel();
        waiting.peer_sends("data");
        return run_to_the_end(context) && ready.succeeded() && aborted.aborted() && expired.succeeded();
    };
    check_in_both(context, goes_on);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_child_goes_on_with_a_connect, Context, all_contexts)
{
    Context context;
    const descriptor listener = tcp_listener(0);
    const address there = address::local_of(listener);
    // With this one the listener has no room any more.
    const descriptor early = tcp_socket();
    checked(::connect(early.get(), there.get(), there.size));
    tcp::socket late(context);
    outcome connected;
    late.async_connect(loopback(ntohs(there.storage.sin_port)), into(connected));
    context.run_for(10ms);
    BOOST_TEST(connected.calls == 0);
    const auto goes_on = [&]
    {
        while (ready(listener, POLLIN, 0))
            descriptor(::accept(listener.get(), nullptr, nullptr));
        return run_to_the_end(context) && connected.succeeded();
    };
    check_in_both(context, goes_on);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_child_goes_on_with_what_asios_reactor_has, Context, all_contexts)
{
    Context context;
    pipe_pair pipe;
    foreign_stream unrouted(context, pipe.reader.release());
    outcome read;
    std::array<char, 4> place{};
    asio::async_read(unrouted, asio::buffer(place), into(read));
    tick(context);
    const auto goes_on = [&]
    {
        pipe.write("data");
        return run_to_the_end(context) && read.transferred(4);
    };
    check_in_both(context, goes_on);
}

BOOST_AUTO_TEST_SUITE_END()
