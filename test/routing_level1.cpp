// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests level 1 of routing: stock templates on our executor run where the context does, without drop_in.hpp.

#include <asio_uring/io_context.hpp>
#include <asio_uring/ip/tcp.hpp>
#include <asio_uring/local/stream_protocol.hpp>
#include <asio_uring/posix/stream_descriptor.hpp>
#include <asio_uring/readable_pipe.hpp>
#include <asio_uring/serial_port.hpp>
#include <asio_uring/signal_set.hpp>
#include <asio_uring/timers.hpp>
#include <asio_uring/writable_pipe.hpp>

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <pseudo_terminal.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <unistd.h>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using executor = asio_uring::io_context::executor_type;
using stock_timer = asio::steady_timer;
using tracked_executor = std::decay_t<decltype(asio::require(
    std::declval<executor>(), asio::execution::outstanding_work.tracked))>;

// Every executor whose I/O objects are routed.
using routed_executors =
    std::tuple<executor, asio::strand<executor>, tracked_executor, asio::strand<tracked_executor>>;

template <typename Executor>
Executor executor_of(asio_uring::io_context& context)
{
    if constexpr (std::is_same_v<Executor, executor>)
        return context.get_executor();
    else if constexpr (std::is_same_v<Executor, tracked_executor>)
        return asio::require(context.get_executor(), asio::execution::outstanding_work.tracked);
    else
        return Executor(executor_of<typename Executor::inner_executor_type>(context));
}

// Whether this many operations of a context ran where it does: on its ring, or on Asio's reactor.
bool ran_where_the_context_does(ring& context, std::uint64_t operations)
{
    return on_the_ring(context) ? context.statistics().completions == operations && epoll_descriptors() == 0
                                : ring_descriptors() == 0 && epoll_descriptors() == 1;
}

// Whether what is written to one end is read from the other, by two operations.
template <typename Reader, typename Writer>
bool passes_where_the_context_runs(ring& context, Reader& reader, Writer& writer)
{
    outcome read;
    outcome written;
    space<8> place;
    reader.async_read_some(asio::mutable_buffer(place), into(read));
    asio::post(context, [&] { writer.async_write_some(asio::buffer("data", 4), into(written)); });
    return run_to_the_end(context) && read.transferred(4) && written.transferred(4) &&
           ran_where_the_context_does(context, 2);
}

static_assert(std::is_same_v<asio_uring::ip::tcp::socket, asio::basic_stream_socket<tcp, executor>>);
static_assert(std::is_same_v<asio_uring::ip::tcp::acceptor, asio::basic_socket_acceptor<tcp, executor>>);
static_assert(std::is_same_v<asio_uring::steady_timer::executor_type, executor>);
static_assert(std::is_same_v<asio_uring::signal_set, asio::basic_signal_set<executor>>);
static_assert(std::is_same_v<asio_uring::ip::tcp::resolver, asio::ip::basic_resolver<tcp, executor>>);

} // namespace

BOOST_AUTO_TEST_SUITE(routing_level1)

BOOST_AUTO_TEST_CASE_TEMPLATE(sockets_on_our_executors_run_where_the_context_does, Executor, routed_executors)
{
    using socket_type = asio::basic_stream_socket<tcp, Executor>;
    ring context;
    const auto threads_before = threads();
    const tcp::endpoint any = loopback();
    asio::basic_socket_acceptor<tcp, Executor> acceptor(executor_of<Executor>(context), any);
    socket_type client(executor_of<Executor>(context));
    std::optional<socket_type> server;
    std::string got(4, ' ');
    outcome read;
    acceptor.async_accept(
        [&](const error_code&, socket_type peer)
        {
            server.emplace(std::move(peer));
            asio::async_read(*server, asio::buffer(got), into(read));
        });
    const auto send = [&](const error_code&)
    { asio::async_write(client, asio::buffer("data", 4), [](const error_code&, std::size_t) {}); };
    asio::post(context, [&] { client.async_connect(acceptor.local_endpoint(), send); });
    BOOST_TEST(run_until(context, [&] { return read.over(); }));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(got == "data");
    BOOST_TEST(ran_where_the_context_does(context, 4));
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(timers_on_our_executors_run_where_the_context_does, Executor, routed_executors)
{
    ring context;
    const auto threads_before = threads();
    asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>,
        Executor>
        steady(executor_of<Executor>(context), 1ms);
    asio::basic_waitable_timer<std::chrono::system_clock, asio::wait_traits<std::chrono::system_clock>,
        Executor>
        system(executor_of<Executor>(context), 1ms);
    outcome outcomes[2];
    steady.async_wait(into(outcomes[0]));
    system.async_wait(into(outcomes[1]));
    BOOST_TEST(run_until(context, [&] { return outcomes[0].over() && outcomes[1].over(); }));
    BOOST_TEST(ran_where_the_context_does(context, 0));
    BOOST_TEST(threads() == threads_before);
}

#if defined(ASIO_URING_HAS_DEADLINE_TIMER)
BOOST_AUTO_TEST_CASE_TEMPLATE(
    deadline_timers_on_our_executors_run_where_the_context_does, Executor, routed_executors)
{
    using boost::posix_time::ptime;
    ring context;
    asio::basic_deadline_timer<ptime, asio::time_traits<ptime>, Executor> timer(
        executor_of<Executor>(context), boost::posix_time::milliseconds(1));
    outcome waited;
    timer.async_wait(into(waited));
    BOOST_TEST(run_until(context, [&] { return waited.over(); }));
    BOOST_TEST(ran_where_the_context_does(context, 0));
}
#endif

BOOST_AUTO_TEST_CASE(handlers_of_objects_on_a_strand_run_in_it)
{
    ring context;
    const auto strand = asio::make_strand(context);
    basic_connection<asio::basic_stream_socket<tcp, asio::strand<executor>>> c(strand);
    bool inside = false;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place),
        [&](const error_code&, std::size_t) { inside = strand.running_in_this_thread(); });
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(inside);
}

BOOST_AUTO_TEST_CASE(the_aliases_are_complete_programs)
{
    asio_uring::io_context context;
    const tcp::endpoint any = loopback();
    asio_uring::ip::tcp::acceptor acceptor(context, any);
    asio_uring::ip::tcp::socket client(context);
    std::string got;
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void>
        {
            asio_uring::ip::tcp::socket server = co_await acceptor.async_accept(asio::use_awaitable);
            got.resize(4);
            co_await asio::async_read(server, asio::buffer(got), asio::use_awaitable);
        },
        asio::detached);
    asio::co_spawn(
        context,
        [&]() -> asio::awaitable<void>
        {
            co_await client.async_connect(acceptor.local_endpoint(), asio::use_awaitable);
            asio_uring::steady_timer timer(context, 1ms);
            co_await timer.async_wait(asio::use_awaitable);
            co_await asio::async_write(client, asio::buffer("data", 4), asio::use_awaitable);
        },
        asio::detached);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(got == "data");
}

BOOST_AUTO_TEST_CASE(local_sockets_on_our_executor_run_where_the_context_does)
{
    ring context;
    asio_uring::local::stream_protocol::socket first(context);
    asio_uring::local::stream_protocol::socket second(context);
    asio::local::connect_pair(first, second);
    outcome received;
    space<4> place;
    first.async_receive(asio::mutable_buffer(place), into(received));
    asio::post(
        context, [&] { second.async_send(asio::buffer("data", 4), [](const error_code&, std::size_t) {}); });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(ran_where_the_context_does(context, 2));
}

BOOST_AUTO_TEST_CASE(descriptors_on_our_executor_run_where_the_context_does)
{
    ring context;
    pipe_pair pipe;
    asio_uring::posix::stream_descriptor reader(context, pipe.reader.release());
    asio_uring::posix::stream_descriptor writer(context, pipe.writer.release());
    BOOST_TEST(passes_where_the_context_runs(context, reader, writer));
}

BOOST_AUTO_TEST_CASE(pipes_on_our_executor_run_where_the_context_does)
{
    ring context;
    asio_uring::readable_pipe reader(context);
    asio_uring::writable_pipe writer(context);
    asio::connect_pipe(reader, writer);
    BOOST_TEST(passes_where_the_context_runs(context, reader, writer));
}

BOOST_AUTO_TEST_CASE(a_serial_port_on_our_executor_runs_where_the_context_does)
{
    ring context;
    const pseudo_terminal terminal;
    asio_uring::serial_port port(context, terminal.name);
    outcome read;
    space<4> place;
    port.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    checked(static_cast<int>(::write(terminal.master.get(), "data", 4)));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(epoll_descriptors() == (on_the_ring(context) ? 0 : 1));
}

BOOST_AUTO_TEST_CASE(the_resolver_alias_resolves)
{
    ring context;
    asio_uring::ip::tcp::resolver resolver(context);
    std::size_t count = 0;
    resolver.async_resolve("127.0.0.1", "80",
        [&](const error_code& ec, const tcp::resolver::results_type& results)
        {
            BOOST_TEST(!ec);
            count = results.size();
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(count == 1U);
    BOOST_TEST(epoll_descriptors() == 0);
}

BOOST_AUTO_TEST_CASE(the_signal_set_alias_hears_signals_and_so_do_asios_own)
{
    ring context;
    const auto threads_before = threads();
    asio_uring::signal_set signals(context, SIGUSR1);
    int heard = 0;
    signals.async_wait([&](const error_code&, int number) { heard = number; });
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(heard == SIGUSR1);
    BOOST_TEST(epoll_descriptors() == (on_the_ring(context) ? 0 : 1));
    BOOST_TEST(threads() == threads_before);
    stock plain;
    asio::signal_set others(plain, SIGUSR1);
    int heard_by[2] = {};
    signals.async_wait([&](const error_code&, int number) { heard_by[0] = number; });
    others.async_wait([&](const error_code&, int number) { heard_by[1] = number; });
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(run_to_the_end(plain));
    BOOST_TEST(heard_by[0] == SIGUSR1);
    BOOST_TEST(heard_by[1] == SIGUSR1);
}

BOOST_AUTO_TEST_CASE(where_io_uring_is_not_wanted_the_same_types_run_on_asios_reactor)
{
    const auto rings_before = ring_descriptors();
    fallback context;
    basic_connection<asio_uring::ip::tcp::socket> c(context);
    asio_uring::steady_timer timer(context, 1ms);
    outcome received;
    outcome waited;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    timer.async_wait(into(waited));
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(epoll_descriptors() == 1);
    BOOST_TEST(ring_descriptors() == rings_before);
}

BOOST_AUTO_TEST_CASE(stock_types_on_asios_context_are_as_ever)
{
    stock context;
    connection c(context);
    asio::steady_timer timer(context, 1ms);
    outcome received;
    outcome waited;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    timer.async_wait(into(waited));
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(epoll_descriptors() == 1);
}

BOOST_AUTO_TEST_CASE(stock_types_on_our_context_work_through_asios_reactor_on_the_same_thread)
{
    ring context;
    const auto threads_before = threads();
    connection c(context);
    asio::steady_timer timer(context, 1ms);
    outcome received;
    outcome waited;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), into(received));
    timer.async_wait(into(waited));
    BOOST_TEST(run_until(context, [&] { return waited.over(); }));
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
    BOOST_TEST(epoll_descriptors() == 1);
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE(stock_types_that_are_made_while_another_thread_sleeps_work_on_that_thread)
{
    ring context;
    asio_uring::steady_timer far_away(context, 1h);
    far_away.async_wait([](const error_code&) {});
    std::promise<pid_t> runner_number;
    asio::post(context, [&] { runner_number.set_value(::gettid()); });
    std::thread runner([&] { context.run(); });
    const pid_t runner_thread = runner_number.get_future().get();
    while (!sleeps(runner_thread))
        std::this_thread::yield();

    asio::steady_timer timer(context, 1ms);
    std::promise<pid_t> expired;
    timer.async_wait([&](const error_code&) { expired.set_value(::gettid()); });
    auto thread = expired.get_future();
    BOOST_TEST((thread.wait_for(long_enough) == std::future_status::ready));
    context.stop();
    runner.join();
    BOOST_TEST(thread.get() == runner_thread);
}

BOOST_AUTO_TEST_CASE(stock_types_work_where_a_program_only_polls)
{
    ring context;
    asio::steady_timer timer(context, 1ms);
    outcome waited;
    timer.async_wait(into(waited));
    const auto end = std::chrono::steady_clock::now() + long_enough;
    while (!waited.over() && std::chrono::steady_clock::now() < end)
        context.poll();
    BOOST_TEST(waited.succeeded());
}

// Asio's reactor must not be run again before what it returned has been called: it would queue it twice.
BOOST_AUTO_TEST_CASE_TEMPLATE(stock_sockets_lose_nothing_among_many_handlers, Context, all_contexts)
{
    Context context;
    connection a(context);
    connection b(context);
    outcome from_a;
    outcome from_b;
    space<4> places[2];
    a.socket.async_read_some(asio::mutable_buffer(places[0]), into(from_a));
    b.socket.async_read_some(asio::mutable_buffer(places[1]), into(from_b));
    tick(context);
    asio::post(context,
        [&]
        {
            for (int i = 0; i != 300; ++i)
                asio::post(context,
                    [&, i]
                    {
                        if (i == 30 || i == 100)
                            a.peer_sends("x");
                        if (i == 100)
                            b.peer_sends("x");
                    });
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(from_a.succeeded());
    BOOST_TEST(from_b.transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_stock_timer_that_is_cancelled_comes_before_what_is_posted_then, Context, all_contexts)
{
    Context context;
    std::string order;
    stock_timer timer(context, 1h);
    timer.async_wait([&order](const boost::system::error_code&) { order += "timer "; });
    asio::post(context,
        [&]
        {
            timer.cancel();
            asio::post(context, [&order] { order += "post"; });
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order == "timer post");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    what_is_destroyed_with_a_context_may_post_again_and_again, Context, all_contexts)
{
    const auto owned = std::make_shared<int>(0);
    Context* current = nullptr;
    std::function<std::shared_ptr<void>(int)> generation = [&](int n)
    {
        return std::shared_ptr<void>(nullptr,
            [&, owned, n](void*)
            {
                if (n != 0)
                    asio::post(*current, [next = generation(n - 1)] {});
            });
    };
    {
        Context context;
        current = &context;
        stock_timer timer(context, 1h);
        timer.async_wait([first = generation(5)](const boost::system::error_code&) {});
        tick(context);
        timer.cancel();
    }
    BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
