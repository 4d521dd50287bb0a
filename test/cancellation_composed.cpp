// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests that composed reads and writes that are cancelled half way report what was transferred, to the byte.

#include <cancellable.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <thread>

namespace {

using namespace asio_uring::test;

constexpr std::size_t mebibyte = 1U << 20U;

// What composed operations heed, if nobody says otherwise: they can't undo what they did, as total would have
// it.
constexpr cancellation_type heeded[] = {cancellation_type::terminal, cancellation_type::partial};

// Bytes of which none is like its neighbours, nor like the one a page on.
std::string pattern(std::size_t size)
{
    std::string text(size, '\0');
    for (std::size_t i = 0; i != size; ++i)
        text[i] = static_cast<char>(i % 251);
    return text;
}

// A connection that holds much less than a MiB on its way.
struct narrow_connection : connection
{
    template <typename Context>
    explicit narrow_connection(Context& context) : connection(context)
    {
        constexpr int room = 16384;
        socket.set_option(tcp::socket::send_buffer_size(room));
        checked(::setsockopt(peer.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)));
    }

    // Takes what has arrived at the peer, if anything has.
    void peer_takes(std::string& got) const
    {
        char some[4096];
        const ssize_t size = ::recv(peer.get(), some, sizeof(some), MSG_DONTWAIT);
        if (size > 0)
            got.append(some, static_cast<std::size_t>(size));
    }

    // Takes the rest of what was sent, until the end of file.
    void peer_takes_all(std::string& got)
    {
        socket.close();
        got += peer_gets(2 * mebibyte);
    }
};

// Runs a context, and takes what arrives at the peer, until something holds.
template <typename Context, typename Condition>
void run_and_take(Context& context, const narrow_connection& c, std::string& got, Condition holds)
{
    const auto end = std::chrono::steady_clock::now() + long_enough;
    while (!holds() && std::chrono::steady_clock::now() < end)
    {
        tick(context);
        c.peer_takes(got);
    }
    BOOST_TEST(holds());
}

// Runs a context until a read has put this much, which ends in a byte that isn't 0, into its place.
template <typename Context, typename Place>
bool run_until_read(Context& context, const connection& c, const Place& place, std::size_t size)
{
    const auto end = std::chrono::steady_clock::now() + long_enough;
    while (place[size - 1] == 0 || c.socket.available() != 0)
    {
        if (std::chrono::steady_clock::now() > end)
            return false;
        tick(context);
    }
    // The handler of the last piece may be queued still.
    tick(context);
    return true;
}

auto counting_into(outcome& what, cancellation_signal& signal)
{
    return asio::bind_cancellation_slot(signal.slot(), asio_uring::test::into(what));
}

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_composed)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_write_cancelled_half_way_tells_how_much_the_peer_gets, Context, all_contexts)
{
    const std::string text = pattern(mebibyte);
    for (const cancellation_type type : heeded)
    {
        Context context;
        narrow_connection c(context);
        cancellation_signal signal;
        outcome written;
        asio::async_write(c.socket, asio::buffer(text), counting_into(written, signal));
        std::string got;
        run_and_take(context, c, got, [&] { return got.size() >= mebibyte / 2; });
        BOOST_TEST(written.calls == 0);
        signal.emit(type);
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(written.aborted());
        BOOST_TEST(written.bytes >= got.size());
        BOOST_TEST(written.bytes < mebibyte);
        c.peer_takes_all(got);
        BOOST_TEST(got.size() == written.bytes);
        BOOST_TEST((got == text.substr(0, written.bytes)));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_write_cancelled_before_it_began_wrote_what_it_says, Context, all_contexts)
{
    const std::string text = pattern(mebibyte);
    Context context;
    narrow_connection c(context);
    cancellation_signal signal;
    outcome written;
    asio::async_write(c.socket, asio::buffer(text), counting_into(written, signal));
    signal.emit(cancellation_type::terminal);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.aborted());
    std::string got;
    c.peer_takes_all(got);
    BOOST_TEST(got.size() == written.bytes);
}

// A write can't promise to have written nothing, so a request for that is not heeded.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_total_cancellation_does_not_end_a_write, Context, all_contexts)
{
    const std::string text = pattern(mebibyte);
    Context context;
    narrow_connection c(context);
    cancellation_signal signal;
    outcome written;
    asio::async_write(c.socket, asio::buffer(text), counting_into(written, signal));
    std::string got;
    run_and_take(context, c, got, [&] { return got.size() >= mebibyte / 2; });
    signal.emit(cancellation_type::total);
    run_and_take(context, c, got, [&] { return written.over(); });
    BOOST_TEST(written.transferred(mebibyte));
    c.peer_takes_all(got);
    BOOST_TEST((got == text));
}

// The signal goes off at any moment of a write, also while the kernel is just at it.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_write_cancelled_at_any_moment_tells_the_truth, Context, all_contexts)
{
    const std::string text = pattern(mebibyte);
    for (std::size_t moment = 0; moment != 24; ++moment)
    {
        Context context;
        narrow_connection c(context);
        cancellation_signal signal;
        outcome written;
        asio::async_write(c.socket, asio::buffer(text), counting_into(written, signal));
        std::string got;
        run_and_take(context, c, got, [&] { return got.size() >= moment * 1000; });
        // Now there is room, and the kernel may go on before it hears of the cancel.
        c.peer_takes(got);
        signal.emit(cancellation_type::terminal);
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST_REQUIRE(written.aborted());
        c.peer_takes_all(got);
        BOOST_TEST_REQUIRE(got.size() == written.bytes);
        BOOST_TEST_REQUIRE((got == text.substr(0, written.bytes)));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_read_cancelled_half_way_has_what_it_says, Context, all_contexts)
{
    const std::string text = pattern(mebibyte / 2);
    for (const cancellation_type type : heeded)
    {
        Context context;
        connection c(context);
        cancellation_signal signal;
        outcome read;
        std::string place(mebibyte, '\0');
        asio::async_read(c.socket, asio::buffer(place), counting_into(read, signal));
        std::thread sender([&] { c.peer_sends(text); });
        BOOST_TEST(run_until_read(context, c, place, text.size()));
        sender.join();
        BOOST_TEST(read.calls == 0);
        signal.emit(type);
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(read.aborted());
        BOOST_TEST(read.bytes == text.size());
        BOOST_TEST((place.substr(0, read.bytes) == text));
        c.peer_sends("later");
        space<5> rest;
        BOOST_TEST(asio::read(c.socket, asio::mutable_buffer(rest)) == 5U);
        BOOST_TEST(rest.first(5) == "later");
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_total_cancellation_does_not_end_a_read, Context, all_contexts)
{
    Context context;
    connection c(context);
    cancellation_signal signal;
    outcome read;
    space<8> place;
    asio::async_read(c.socket, asio::mutable_buffer(place), counting_into(read, signal));
    c.peer_sends("half");
    BOOST_TEST(run_until_read(context, c, place.bytes, 4));
    signal.emit(cancellation_type::total);
    tick(context);
    BOOST_TEST(read.calls == 0);
    c.peer_sends("rest");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(8));
}

// The peer sends all the time; what the read doesn't have is still to be received, in order.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_read_cancelled_at_any_moment_loses_nothing, Context, all_contexts)
{
    const std::string text = pattern(mebibyte / 4);
    for (int moment = 0; moment != 64; ++moment)
    {
        Context context;
        connection c(context);
        cancellation_signal signal;
        outcome read;
        std::string place(mebibyte, '\0');
        asio::async_read(c.socket, asio::buffer(place), counting_into(read, signal));
        std::thread sender(
            [&]
            {
                c.peer_sends(text);
                ::shutdown(c.peer.get(), SHUT_WR);
            });
        for (int i = 0; i != moment; ++i)
            tick(context);
        signal.emit(cancellation_type::partial);
        const bool ended = run_to_the_end(context);
        std::size_t rest = 0;
        error_code ec;
        if (ended)
            rest = asio::read(c.socket, asio::buffer(place) + read.bytes, ec);
        sender.join();
        BOOST_TEST_REQUIRE(ended);
        BOOST_TEST_REQUIRE((read.aborted() || read.failed_with(asio::error::eof)));
        BOOST_TEST_REQUIRE(read.bytes + rest == text.size());
        BOOST_TEST_REQUIRE((place.substr(0, text.size()) == text));
    }
}

BOOST_AUTO_TEST_SUITE_END()
