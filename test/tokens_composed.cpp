// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests operations that programs compose out of those of sockets, with what Asio has for it.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <future>
#include <memory>
#include <utility>

#if defined(BOOST_ASIO_HAS_CO_AWAIT) && BOOST_ASIO_VERSION >= 102800
#include <boost/asio/experimental/co_composed.hpp>
#define ASIO_URING_TEST_HAS_CO_COMPOSED
#endif

// A false warning of g++ 12 without optimisation: co_composed's operators new and delete do match.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace {

using namespace asio_uring::test;

// One step after the other: receives up to four bytes, and sends them back.
struct echo_once
{
    tcp::socket& socket;
    std::shared_ptr<space<4>> place = std::make_shared<space<4>>();
    bool received = false;

    template <typename Self>
    void operator()(Self& self, error_code ec = {}, std::size_t bytes = 0)
    {
        if (ec)
            return self.complete(ec, bytes);
        if (bytes == 0)
            return socket.async_receive(asio::mutable_buffer(*place), std::move(self));
        if (received)
            return self.complete(ec, bytes);
        received = true;
        const asio::const_buffer echo(place->bytes, bytes);
        asio::async_write(socket, echo, std::move(self));
    }
};

template <typename Token>
auto async_echo_once(tcp::socket& socket, Token&& token)
{
    return asio::async_compose<Token, void(error_code, std::size_t)>(echo_once{socket}, token, socket);
}

#if defined(ASIO_URING_TEST_HAS_CO_COMPOSED)
// Sends back what comes, until there is an error or a cancellation.
template <typename Token>
auto async_echo(tcp::socket& socket, Token&& token)
{
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        asio::experimental::co_composed(
            [](auto state, tcp::socket& s) -> void
            {
                state.reset_cancellation_state(asio::enable_terminal_cancellation());
                std::size_t echoed = 0;
                while (!state.cancelled())
                {
                    char data[16];
                    auto [receive_ec, received] =
                        co_await s.async_receive(asio::buffer(data), asio::as_tuple(asio::deferred));
                    if (receive_ec)
                        co_yield state.complete(receive_ec, echoed);
                    auto [send_ec, sent] = co_await asio::async_write(
                        s, asio::buffer(data, received), asio::as_tuple(asio::deferred));
                    echoed += sent;
                    if (send_ec)
                        co_yield state.complete(send_ec, echoed);
                }
                error_code aborted = asio::error::operation_aborted;
                co_yield state.complete(aborted, echoed);
            },
            socket),
        token, std::ref(socket));
}
#endif

} // namespace

BOOST_AUTO_TEST_SUITE(tokens_composed)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_composed_operation_takes_its_steps, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome echoed;
    async_echo_once(c.socket, into(echoed));
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(echoed.transferred(4));
    BOOST_TEST(c.peer_gets(4) == "data");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_composed_operation_takes_tokens, Context, all_contexts)
{
    Context context;
    connection c(context);
    std::future<std::size_t> echoed = async_echo_once(c.socket, asio::use_future);
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(echoed.get() == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_composed_operation_is_cancelled_in_its_step, Context, all_contexts)
{
    Context context;
    connection c(context);
    asio::cancellation_signal signal;
    outcome echoed;
    async_echo_once(c.socket, asio::bind_cancellation_slot(signal.slot(), into(echoed)));
    tick(context);
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(echoed.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_composed_operation_ends_in_the_strand_of_its_handler, Context, all_contexts)
{
    Context context;
    connection c(context);
    const auto strand = asio::make_strand(context);
    bool in_strand = false;
    async_echo_once(c.socket, asio::bind_executor(strand, [&](const error_code&, std::size_t)
                                  { in_strand = strand.running_in_this_thread(); }));
    c.peer_sends("data");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(in_strand);
}

#if defined(ASIO_URING_TEST_HAS_CO_COMPOSED)
BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_that_composes_goes_on_to_the_end_of_file, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome ended;
    async_echo(c.socket, into(ended));
    c.peer_sends("ping");
    BOOST_TEST(run_until(context, [&] { return ready(c.peer, POLLIN, 0); }));
    BOOST_TEST(c.peer_gets(4) == "ping");
    c.peer.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(ended.failed_with(asio::error::eof));
    BOOST_TEST(ended.bytes == 4U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_that_composes_is_cancelled, Context, all_contexts)
{
    Context context;
    connection c(context);
    asio::cancellation_signal signal;
    outcome ended;
    async_echo(c.socket, asio::bind_cancellation_slot(signal.slot(), into(ended)));
    tick(context);
    signal.emit(asio::cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(ended.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_coroutine_that_composes_goes_with_the_context, Context, all_contexts)
{
    outcome ended;
    {
        Context context;
        connection c(context);
        async_echo(c.socket, into(ended));
        tick(context);
    }
    BOOST_TEST(ended.calls == 0);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
