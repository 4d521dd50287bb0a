// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests cancellation slots whose signals other threads ask for, in the ways that Asio allows: through the
// executor of a context that one thread runs, and through a strand.

#include <cancellable.hpp>
#include <contexts.hpp>
#include <outcome.hpp>
#include <runners.hpp>

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <vector>

namespace {

using namespace asio_uring::test;

// Calls a function on an executor, and waits until it has returned.
template <typename Executor, typename Function>
void on(const Executor& executor, Function function)
{
    asio::post(executor, asio::use_future(function)).get();
}

// One type for the strands of all contexts, and so one type of handler.
using strand_of_any = asio::strand<asio::any_io_executor>;

// What an operation's handler gets on one thread, and another waits for.
class awaited_outcome
{
public:
    // A handler with a slot of the signal.
    auto handler()
    {
        return asio::bind_cancellation_slot(signal.slot(),
            [this](const error_code& ec, auto&&...)
            {
                ++what_.calls;
                what_.ec = ec;
                over_ = true;
            });
    }

    auto handler_in(const strand_of_any& strand)
    {
        return asio::bind_executor(strand, handler());
    }

    // Whether the handler comes to be called, and gets told of the cancellation. Once: whoever asks lets the
    // executor, on which the handler runs, do what it has to do before looking.
    template <typename Executor>
    bool is_aborted_on(const Executor& executor) const
    {
        if (!comes_about([&] { return over_.load(); }))
            return false;
        on(executor, [] {});
        return what_.aborted();
    }

    cancellation_signal signal;

private:
    outcome what_;
    std::atomic<bool> over_ = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_threads)

BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_signal_through_the_executor_ends_what_a_sleeping_context_has, Context, all_contexts)
{
    Context context;
    cancellables all(context);
    const runners one(context, 1);
    for (const cancellable what : all_cancellables)
        BOOST_TEST_CONTEXT(what)
        {
            awaited_outcome ended;
            on(context.get_executor(), [&] { all.start(what, ended.handler()); });
            asio::dispatch(context, [&] { ended.signal.emit(cancellation_type::all); });
            BOOST_TEST_REQUIRE(ended.is_aborted_on(context.get_executor()));
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_through_a_strand_ends_what_three_threads_run, Context, all_contexts)
{
    Context context;
    cancellables all(context);
    const strand_of_any strand(context.get_executor());
    const runners three(context, 3);
    for (const cancellable what : all_cancellables)
        for (int round = 0; round != 20; ++round)
            BOOST_TEST_CONTEXT(what)
            {
                // A socket that connects may not try again.
                if (what == cancellable::connect && round != 0)
                    break;
                awaited_outcome ended;
                on(strand, [&] { all.start(what, ended.handler_in(strand)); });
                asio::dispatch(strand, [&] { ended.signal.emit(cancellation_type::all); });
                BOOST_TEST_REQUIRE(ended.is_aborted_on(strand));
            }
}

// The peer sends from one thread while others let the signal go off: each byte is received or still there.
BOOST_AUTO_TEST_CASE_TEMPLATE(
    data_that_races_with_a_signal_through_a_strand_is_not_lost, Context, all_contexts)
{
    Context context;
    connection c(context);
    const auto strand = asio::make_strand(context);
    dice random(1);
    int received = 0;
    int aborted = 0;
    constexpr int rounds = 500;
    {
        const runners two(context, 2);
        for (int round = 0; round != rounds; ++round)
        {
            cancellation_signal signal;
            space<1> place;
            std::atomic<bool> over = false;
            on(strand,
                [&]
                {
                    c.socket.async_receive(asio::mutable_buffer(place),
                        asio::bind_cancellation_slot(
                            signal.slot(), asio::bind_executor(strand,
                                               [&](const error_code& ec, std::size_t bytes)
                                               {
                                                   received += static_cast<int>(bytes);
                                                   aborted += ec == asio::error::operation_aborted ? 1 : 0;
                                                   over = true;
                                               })));
                });
            std::promise<void> emitted;
            asio::post(strand,
                [&]
                {
                    signal.emit(cancellation_type::all);
                    emitted.set_value();
                });
            random.dawdle(2000);
            c.peer_sends("x");
            emitted.get_future().get();
            BOOST_TEST_REQUIRE(comes_about([&] { return over.load(); }));
            on(strand, [] {});
        }
    }
    BOOST_TEST(received + aborted == rounds);
    ::shutdown(c.peer.get(), SHUT_WR);
    std::vector<char> rest(rounds);
    error_code ec;
    BOOST_TEST(asio::read(c.socket, asio::buffer(rest), ec) == static_cast<std::size_t>(rounds - received));
    BOOST_TEST(ec == asio::error::eof);
}

// A timer that is due races with its signal: its handler is called once, with the one or the other.
BOOST_AUTO_TEST_CASE_TEMPLATE(
    a_timer_that_races_with_a_signal_through_a_strand_ends_once, Context, all_contexts)
{
    Context context;
    const auto strand = asio::make_strand(context);
    asio::steady_timer timer(strand);
    dice random(2);
    int expired = 0;
    int aborted = 0;
    constexpr int rounds = 500;
    {
        const runners two(context, 2);
        for (int round = 0; round != rounds; ++round)
        {
            cancellation_signal signal;
            std::atomic<bool> over = false;
            on(strand,
                [&]
                {
                    timer.expires_after(std::chrono::microseconds(random(200)));
                    timer.async_wait(asio::bind_cancellation_slot(signal.slot(),
                        [&](const error_code& ec)
                        {
                            ++(ec ? aborted : expired);
                            over = true;
                        }));
                });
            random.dawdle(20000);
            on(strand, [&] { signal.emit(cancellation_type::all); });
            BOOST_TEST_REQUIRE(comes_about([&] { return over.load(); }));
            on(strand, [] {});
        }
    }
    BOOST_TEST(expired + aborted == rounds);
}

BOOST_AUTO_TEST_SUITE_END()
