// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what has happened when an initiating function has returned, or what follows it: others see the same
// as with Asio's reactor, which carries out what it can at once.

#include <child_process.hpp>
#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <string>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;

namespace {

tcp::endpoint end_point_of(const descriptor& listener)
{
    return loopback(ntohs(address::local_of(listener).storage.sin_port));
}

// A socket that has been told to connect, while nobody runs its context.
template <typename Context>
struct connecting
{
    connecting()
    {
        socket.async_connect(end_point_of(listener), into(connected));
    }

    Context context;
    const descriptor listener = tcp_listener();
    tcp::socket socket{context};
    outcome connected;
};

// A pipe that a context writes to.
template <typename Context>
struct written_pipe
{
    explicit written_pipe(Context& context)
    {
        pipe_pair ends;
        reader = std::move(ends.reader);
        writer.emplace(context, ends.writer.release());
    }

    /// What has been written, where all of it has this size.
    std::string text(std::size_t size) const
    {
        std::string result(size + 1, '\0');
        const ssize_t read = ready(reader, POLLIN, 0) ? ::read(reader.get(), result.data(), size + 1) : 0;
        result.resize(static_cast<std::size_t>(read));
        return result;
    }

    descriptor reader;
    std::optional<asio::posix::stream_descriptor> writer;
};

// Runs a function as a handler, and all that it starts.
template <typename Context, typename Function>
bool run_in_a_handler(Context& context, Function function)
{
    asio::post(context, function);
    return run_to_the_end(context);
}

} // namespace

BOOST_AUTO_TEST_SUITE(at_once)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_is_made_before_anybody_runs_the_context, Context, all_contexts)
{
    connecting<Context> c;
    BOOST_TEST(ready(c.listener, POLLIN, 10'000));
    BOOST_TEST(c.connected.calls == 0);
    BOOST_TEST(run_to_the_end(c.context));
    BOOST_TEST(c.connected.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_that_was_made_in_time_ends_before_a_timer, Context, all_contexts)
{
    Context context;
    const descriptor listener = tcp_listener();
    tcp::socket socket(context);
    asio::steady_timer timer(context, std::chrono::milliseconds(1));
    std::string order;
    timer.async_wait([&](const error_code&) { order += " timer"; });
    socket.async_connect(end_point_of(listener), [&](const error_code&) { order += " connect"; });
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order == " connect timer");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_leaves_the_socket_blocking, Context, rings)
{
    connecting<Context> c;
    if (on_the_ring(c.context))
        BOOST_TEST((::fcntl(c.socket.native_handle(), F_GETFL) & O_NONBLOCK) == 0);
    BOOST_TEST(run_to_the_end(c.context));
    BOOST_TEST(c.connected.succeeded());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_connect_that_is_refused_tells_so_in_its_handler, Context, all_contexts)
{
    Context context;
    const tcp::endpoint nobody = end_point_of(tcp_listener());
    tcp::socket socket(context);
    outcome connected;
    socket.async_connect(nobody, into(connected));
    BOOST_TEST(connected.calls == 0);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(connected.failed_with(asio::error::connection_refused));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_datagram_socket_that_connects_may_send, Context, all_contexts)
{
    Context context;
    const descriptor peer = udp_socket();
    const auto there = asio::ip::udp::endpoint(
        asio::ip::address_v4::loopback(), ntohs(address::local_of(peer).storage.sin_port));
    for (const bool in_a_handler : {false, true})
    {
        asio::ip::udp::socket socket(context);
        outcome connected;
        error_code ec;
        const auto connect_and_send = [&]
        {
            socket.async_connect(there, into(connected));
            socket.send(asio::buffer("text"), 0, ec);
        };
        if (in_a_handler)
            asio::post(context, connect_and_send);
        else
            connect_and_send();
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(!ec);
        BOOST_TEST(connected.succeeded());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_sent_arrives_before_anybody_runs_the_context, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome sent;
    asio::async_write(c.socket, asio::buffer("text", 4), into(sent));
    BOOST_TEST_REQUIRE(ready(c.peer, POLLIN, 10'000));
    BOOST_TEST(sent.calls == 0);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST(c.peer_gets(4) == "text");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(so_it_is_with_what_is_written_to_a_pipe, Context, all_contexts)
{
    Context context;
    written_pipe<Context> pipe(context);
    outcome written;
    asio::async_write(*pipe.writer, asio::buffer("text", 4), into(written));
    BOOST_TEST(pipe.text(4) == "text");
    BOOST_TEST(written.calls == 0);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_written_to_a_pipe_before_its_end_is_there, Context, all_contexts)
{
    Context context;
    using descriptor_type = std::optional<asio::posix::stream_descriptor>;
    void (*const ends[])(descriptor_type&) = {
        [](descriptor_type& d) { d->close(); },
        [](descriptor_type& d) { d.reset(); },
        [](descriptor_type& d) { ::close(d->release()); },
    };
    for (const auto end : ends)
    {
        written_pipe<Context> pipe(context);
        outcome written;
        BOOST_TEST(run_in_a_handler(context,
            [&]
            {
                asio::async_write(*pipe.writer, asio::buffer("text", 4), into(written));
                end(pipe.writer);
            }));
        BOOST_TEST(pipe.text(4) == "text");
        BOOST_TEST(written.transferred(4));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_synchronous_write_to_a_pipe_does_not_overtake, Context, all_contexts)
{
    Context context;
    written_pipe<Context> pipe(context);
    outcome written;
    BOOST_TEST(run_in_a_handler(context,
        [&]
        {
            asio::async_write(*pipe.writer, asio::buffer("A", 1), into(written));
            asio::write(*pipe.writer, asio::buffer("B", 1));
        }));
    BOOST_TEST(written.transferred(1));
    BOOST_TEST(pipe.text(2) == "AB");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_sent_before_a_cancel_is_sent, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome sent;
    outcome received;
    char place[8];
    BOOST_TEST(run_in_a_handler(context,
        [&]
        {
            c.socket.async_receive(asio::buffer(place), into(received));
            c.socket.async_send(asio::buffer("text", 4), into(sent));
            c.socket.cancel();
        }));
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST(received.aborted());
    BOOST_TEST_REQUIRE(ready(c.peer, POLLIN, 10'000));
    BOOST_TEST(c.peer_gets(4) == "text");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_sent_before_a_signal_is_sent, Context, all_contexts)
{
    Context context;
    connection c(context);
    asio::cancellation_signal signal;
    outcome sent;
    BOOST_TEST(run_in_a_handler(context,
        [&]
        {
            c.socket.async_send(
                asio::buffer("text", 4), asio::bind_cancellation_slot(signal.slot(), into(sent)));
            signal.emit(asio::cancellation_type::total);
        }));
    BOOST_TEST(sent.transferred(4));
    BOOST_TEST_REQUIRE(ready(c.peer, POLLIN, 10'000));
    BOOST_TEST(c.peer_gets(4) == "text");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_was_sent_before_the_context_stops_and_goes_is_sent, Context, all_contexts)
{
    auto context = std::make_unique<Context>();
    descriptor peer;
    {
        connection c(*context);
        peer = std::move(c.peer);
        asio::post(*context,
            [&context = *context, socket = std::make_shared<tcp::socket>(std::move(c.socket))]
            {
                asio::async_write(*socket, asio::buffer("one", 3), [socket](error_code, std::size_t) {});
                asio::async_write(*socket, asio::buffer("two", 3), [socket](error_code, std::size_t) {});
                context.stop();
            });
    }
    context->run();
    // A child of fork(2) leaves that to its parent.
    BOOST_TEST(in_a_child(
                   [&]
                   {
                       context.reset();
                       return 0;
                   }) == 0);
    context.reset();
    BOOST_TEST(receive_all(peer, 16) == "onetwo");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_child_of_a_fork_that_destroys_the_socket_sends_nothing, Context, all_contexts)
{
    auto context = std::make_unique<Context>();
    auto c = std::make_unique<connection>(*context);
    outcome sent;
    int child = -1;
    asio::post(*context,
        [&]
        {
            c->socket.async_send(asio::buffer("text", 4), into(sent));
            child = in_a_child(
                [&]
                {
                    c.reset();
                    return 0;
                });
        });
    BOOST_TEST(run_to_the_end(*context));
    BOOST_TEST(child == 0);
    BOOST_TEST(sent.transferred(4));
    c->socket.close();
    BOOST_TEST(c->peer_gets(8) == "text");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_event_ends_all_waits_for_it, Context, all_contexts)
{
    Context context;
    connection c(context);
    int ended = 0;
    char place[8];
    const auto on_data = [&](const error_code& ec)
    {
        ended += ec ? 0 : 1;
        // The first takes what all have waited for.
        if (c.socket.available() != 0)
            c.socket.receive(asio::buffer(place));
    };
    for (int i = 0; i != 3; ++i)
        c.socket.async_wait(tcp::socket::wait_read, on_data);
    tick(context);
    c.peer_sends("text");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(ended == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receive_of_all_gets_what_is_there, Context, all_contexts)
{
    Context context;
    connection c(context);
    c.peer_sends("text");
    char place[8];
    outcome received;
    c.socket.async_receive(asio::buffer(place), MSG_WAITALL, into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(4));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_no_descriptor_is_not_assigned_to_a_socket, Context, all_contexts)
{
    Context context;
    tcp::socket socket(context);
    descriptor closed = tcp_socket();
    const int number = closed.get();
    closed.close();
    error_code ec;
    socket.assign(tcp::v4(), number, ec);
    BOOST_TEST((ec == asio::error::bad_descriptor));
    BOOST_TEST(!socket.is_open());
}

BOOST_AUTO_TEST_SUITE_END()
