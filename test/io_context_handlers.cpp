// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests where the memory of handlers of I/O objects comes from, and when it goes back.

#include <asio_uring/io_context.hpp>

#include <connection.hpp>
#include <contexts.hpp>
#include <counting_allocator.hpp>
#include <outcome.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;

// A handler with an allocator, and what both saw.
class watched_memory
{
public:
    // A handler that looks, when it is called, whether its memory has been given back.
    auto handler()
    {
        return asio::bind_allocator(counting_allocator<void>(allocations_, live_),
            [this](const error_code& ec, auto&&...)
            {
                ++calls_;
                ec_ = ec;
                live_when_called_ = live_;
            });
    }

    // Whether memory was taken for one operation that hasn't ended.
    bool is_taken() const
    {
        return allocations_ != 0 && live_ != 0 && calls_ == 0;
    }

    // Whether the handler was called once, with this, and all memory was free by then.
    bool was_free_in_time(const error_code& expected = {}) const
    {
        return calls_ == 1 && (expected ? ec_ == expected : !ec_) && live_when_called_ == 0 && live_ == 0;
    }

    bool is_free_uncalled() const
    {
        return calls_ == 0 && live_ == 0;
    }

private:
    int allocations_ = 0;
    int live_ = 0;
    int live_when_called_ = -1;
    int calls_ = 0;
    error_code ec_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_handlers)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_receives_memory_is_its_allocators, Context, all_contexts)
{
    Context context;
    connection c(context);
    watched_memory memory;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), memory.handler());
    BOOST_TEST(memory.is_taken());
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(memory.was_free_in_time());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_sends_memory_is_its_allocators, Context, all_contexts)
{
    Context context;
    connection c(context);
    watched_memory memory;
    c.socket.async_send(asio::buffer("data", 4), memory.handler());
    BOOST_TEST(memory.is_taken());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(memory.was_free_in_time());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_socket_waits_memory_is_its_allocators, Context, all_contexts)
{
    Context context;
    connection c(context);
    watched_memory memory;
    c.socket.async_wait(tcp::socket::wait_read, memory.handler());
    BOOST_TEST(memory.is_taken());
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(memory.was_free_in_time());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_accepts_and_a_connects_memory_is_their_allocators, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    tcp::socket accepted(context);
    tcp::socket connected(context);
    watched_memory of_accept;
    watched_memory of_connect;
    acceptor.async_accept(accepted, of_accept.handler());
    connected.async_connect(acceptor.local_endpoint(), of_connect.handler());
    BOOST_TEST(of_accept.is_taken());
    BOOST_TEST(of_connect.is_taken());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(of_accept.was_free_in_time());
    BOOST_TEST(of_connect.was_free_in_time());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    the_memory_of_an_accept_that_makes_a_socket_is_its_allocators, Context, all_contexts)
{
    Context context;
    tcp::acceptor acceptor(context, loopback());
    tcp::socket connected(context);
    watched_memory memory;
    acceptor.async_accept(memory.handler());
    BOOST_TEST(memory.is_taken());
    connected.connect(acceptor.local_endpoint());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(memory.was_free_in_time());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timer_waits_memory_is_its_allocators, Context, all_contexts)
{
    Context context;
    asio::steady_timer timer(context, 1ms);
    watched_memory memory;
    timer.async_wait(memory.handler());
    BOOST_TEST(memory.is_taken());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(memory.was_free_in_time());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    memory_of_what_was_cancelled_goes_back_before_the_handler_too, Context, all_contexts)
{
    Context context;
    connection c(context);
    asio::steady_timer timer(context, 1h);
    watched_memory of_receive;
    watched_memory of_queued_receive;
    watched_memory of_timer;
    space<4> place;
    c.socket.async_receive(asio::mutable_buffer(place), of_receive.handler());
    c.socket.async_receive(asio::mutable_buffer(place), of_queued_receive.handler());
    timer.async_wait(of_timer.handler());
    tick(context);
    BOOST_TEST(of_receive.is_taken());
    c.socket.cancel();
    timer.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(of_receive.was_free_in_time(asio::error::operation_aborted));
    BOOST_TEST(of_queued_receive.was_free_in_time(asio::error::operation_aborted));
    BOOST_TEST(of_timer.was_free_in_time(asio::error::operation_aborted));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    memory_of_what_fails_at_once_goes_back_before_the_handler_too, Context, all_contexts)
{
    Context context;
    tcp::socket closed(context);
    watched_memory memory;
    space<4> place;
    closed.async_receive(asio::mutable_buffer(place), memory.handler());
    BOOST_TEST(memory.is_taken());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(memory.was_free_in_time(asio::error::bad_descriptor));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(memory_of_what_is_in_flight_goes_back_with_the_context, Context, all_contexts)
{
    watched_memory of_receive;
    watched_memory of_timer;
    space<4> place;
    {
        Context context;
        connection c(context);
        asio::steady_timer timer(context, 1h);
        c.socket.async_receive(asio::mutable_buffer(place), of_receive.handler());
        timer.async_wait(of_timer.handler());
        tick(context);
        BOOST_TEST(of_receive.is_taken());
        BOOST_TEST(of_timer.is_taken());
    }
    BOOST_TEST(of_receive.is_free_uncalled());
    BOOST_TEST(of_timer.is_free_uncalled());
}

BOOST_AUTO_TEST_SUITE_END()
