// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests buffers of all kinds on stream sockets: many, empty, large, and several operations at a time.

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;

// As many buffers as one operation takes, fewer and more.
constexpr std::size_t piece_counts[] = {1, 3, 16, 17, 64, 100};

std::string pattern(std::size_t size)
{
    std::string text(size, '\0');
    unsigned value = 1;
    std::generate(text.begin(), text.end(),
        [&]
        {
            value = value * 1664525U + 1013904223U;
            return static_cast<char>(value >> 24U);
        });
    return text;
}

// Cuts memory into pieces of 1, 2, 3, 1, 2, 3, ... bytes, with an empty one after every third.
template <typename Buffer, typename Pointer>
std::vector<Buffer> in_pieces(Pointer data, std::size_t count)
{
    std::vector<Buffer> pieces;
    for (std::size_t i = 0; i != count; ++i)
    {
        const std::size_t size = i % 4 == 3 ? 0 : i % 4 + 1;
        pieces.emplace_back(data, size);
        data += size;
    }
    return pieces;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sockets_buffers)

BOOST_AUTO_TEST_CASE_TEMPLATE(any_number_of_buffers_is_gathered_by_a_write, Context, all_contexts)
{
    for (const std::size_t count : piece_counts)
    {
        Context context;
        connection c(context);
        outcome written;
        const std::string text = pattern(3 * count);
        const auto pieces = in_pieces<asio::const_buffer>(text.data(), count);
        const std::size_t size = asio::buffer_size(pieces);
        asio::async_write(c.socket, pieces, into(written));
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(written.transferred(size));
        BOOST_TEST(c.peer_gets(size) == text.substr(0, size));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(any_number_of_buffers_is_filled_by_a_read, Context, all_contexts)
{
    for (const std::size_t count : piece_counts)
    {
        Context context;
        connection c(context);
        outcome read;
        std::string place(3 * count, '\0');
        const auto pieces = in_pieces<asio::mutable_buffer>(place.data(), count);
        const std::string text = pattern(asio::buffer_size(pieces));
        asio::async_read(c.socket, pieces, into(read));
        tick(context);
        c.peer_sends(text);
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(read.transferred(text.size()));
        BOOST_TEST(place.substr(0, text.size()) == text);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(one_operation_takes_at_least_16_buffers, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome sent;
    outcome received;
    const std::vector<asio::const_buffer> pieces(100, asio::buffer("x", 1));
    c.socket.async_send(pieces, into(sent));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(sent.succeeded());
    BOOST_TEST(sent.bytes >= 16U);

    std::array<char, 100> place{};
    std::vector<asio::mutable_buffer> places;
    for (char& byte : place)
        places.emplace_back(&byte, 1);
    c.peer_sends(std::string(100, 'y'));
    c.socket.async_receive(places, into(received));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.succeeded());
    BOOST_TEST(received.bytes >= 16U);
    BOOST_TEST(std::count(place.begin(), place.end(), 'y') == static_cast<std::ptrdiff_t>(received.bytes));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(empty_buffers_are_done_at_once, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome received;
    outcome received_pieces;
    outcome sent;
    outcome sent_pieces;
    c.socket.async_receive(asio::mutable_buffer(), into(received));
    c.socket.async_receive(std::vector<asio::mutable_buffer>(3), into(received_pieces));
    c.socket.async_send(asio::const_buffer(), into(sent));
    c.socket.async_send(std::vector<asio::const_buffer>(3), into(sent_pieces));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(received.transferred(0));
    BOOST_TEST(received_pieces.transferred(0));
    BOOST_TEST(sent.transferred(0));
    BOOST_TEST(sent_pieces.transferred(0));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_empty_receive_does_not_wait_behind_another, Context, all_contexts)
{
    Context context;
    connection c(context);
    outcome pending;
    outcome empty;
    space<8> buffer;
    c.socket.async_receive(asio::mutable_buffer(buffer), into(pending));
    c.socket.async_receive(asio::mutable_buffer(), into(empty));
    BOOST_TEST(run_until(context, [&] { return empty.over(); }));
    BOOST_TEST(empty.transferred(0));
    BOOST_TEST(!pending.over());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    receives_complete_in_the_order_in_which_they_were_started, Context, all_contexts)
{
    Context context;
    connection c(context);
    constexpr std::size_t count = 50;
    std::vector<std::size_t> order;
    std::string place(count, '\0');
    for (std::size_t i = 0; i != count; ++i)
        c.socket.async_receive(asio::buffer(&place[i], 1),
            [&, i](const error_code& ec, std::size_t bytes)
            {
                BOOST_TEST(!ec);
                BOOST_TEST(bytes == 1U);
                order.push_back(i);
            });
    tick(context);
    const std::string text = pattern(count);
    c.peer_sends(text.substr(0, 10));
    tick(context);
    c.peer_sends(text.substr(10));
    BOOST_TEST(run_to_the_end(context));
    std::vector<std::size_t> expected(count);
    std::iota(expected.begin(), expected.end(), 0U);
    BOOST_TEST(order == expected, boost::test_tools::per_element());
    BOOST_TEST(place == text);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sends_complete_in_the_order_in_which_they_were_started, Context, all_contexts)
{
    Context context;
    connection c(context);
    constexpr std::size_t count = 50;
    const std::string text = pattern(count);
    std::string order;
    for (std::size_t i = 0; i != count; ++i)
        c.socket.async_send(asio::buffer(&text[i], 1),
            [&, i](const error_code& ec, std::size_t)
            {
                BOOST_TEST(!ec);
                order += text[i];
            });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order == text);
    BOOST_TEST(c.peer_gets(count) == text);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sixteen_mebibytes_arrive_as_they_were_written, Context, all_contexts)
{
    Context context;
    connection c(context);
    const std::string text = pattern(std::size_t(16) << 20U);
    outcome written;
    std::string got;
    asio::async_write(c.socket, asio::buffer(text), into(written));
    std::thread peer([&] { got = c.peer_gets(text.size()); });
    const bool ended = run_to_the_end(context);
    if (!ended)
        c.socket.close();
    peer.join();
    BOOST_TEST(ended);
    BOOST_TEST(written.transferred(text.size()));
    BOOST_TEST((got == text));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(sixteen_mebibytes_are_read_as_they_were_sent, Context, all_contexts)
{
    Context context;
    connection c(context);
    const std::string text = pattern(std::size_t(16) << 20U);
    outcome read;
    std::string got(text.size(), '\0');
    asio::async_read(c.socket, asio::buffer(got), into(read));
    std::thread peer([&] { c.peer_sends(text); });
    const bool ended = run_to_the_end(context);
    if (!ended)
        c.socket.close();
    peer.join();
    BOOST_TEST(ended);
    BOOST_TEST(read.transferred(text.size()));
    BOOST_TEST((got == text));
}

BOOST_AUTO_TEST_SUITE_END()
