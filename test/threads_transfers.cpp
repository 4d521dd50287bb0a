// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests transfers on many connections and threads while everything is cancelled again and again: no byte is
// lost, and every handler is called once.

#include <connection.hpp>
#include <contexts.hpp>
#include <runners.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace asio_uring::test;
using asio_uring::io_context;
using boost::asio::ip::udp;
using error_code = boost::system::error_code;

constexpr std::size_t stream_size = 1'000'000;
constexpr int connections = 12;

// What the stream of a sender has at an offset.
char byte_of(unsigned sender, std::size_t offset)
{
    return static_cast<char>((offset * 2654435761U + sender * 131) >> 7);
}

// What all parties of a test share.
struct tally
{
    std::atomic<int> unfinished = 0;
    std::atomic<int> faults = 0;
    std::atomic<int> aborted = 0;
};

// One end of a connection: sends its own stream, checks the other's, and cancels both at random.
class party : public std::enable_shared_from_this<party>
{
public:
    party(tcp::socket socket, unsigned number, unsigned number_of_other, tally& shared)
        : socket_(std::move(socket)),
          number_(number),
          number_of_other_(number_of_other),
          shared_(shared),
          random_(number)
    {
        ++shared_.unfinished;
    }

    void start()
    {
        asio::post(strand_,
            [self = shared_from_this()]
            {
                self->receive();
                self->send();
                self->cancel_later();
            });
    }

private:
    void receive()
    {
        if (received_ == stream_size)
            return finish_half();
        place_.resize(1 + random_(8000));
        auto handler = asio::bind_executor(
            strand_, asio::bind_cancellation_slot(receive_signal_.slot(),
                         [self = shared_from_this()](const error_code& ec, std::size_t bytes)
                         { self->on_received(ec, bytes); }));
        expect(!receiving_);
        receiving_ = true;
        if (random_.one_in(3))
            socket_.async_receive(asio::buffer(place_), MSG_WAITALL, std::move(handler));
        else if (random_.one_in(2))
            socket_.async_read_some(halves<asio::mutable_buffer>(asio::buffer(place_)), std::move(handler));
        else
            socket_.async_read_some(asio::buffer(place_), std::move(handler));
    }

    void on_received(const error_code& ec, std::size_t bytes)
    {
        expect(receiving_ && ends_well(ec, bytes));
        receiving_ = false;
        for (std::size_t i = 0; i != bytes; ++i)
            expect(place_[i] == byte_of(number_of_other_, received_ + i));
        received_ += bytes;
        receive();
        if (random_.one_in(8))
            cancel();
    }

    void send()
    {
        if (sent_ == stream_size)
            return finish_half();
        text_.resize(std::min<std::size_t>(1 + random_(20000), stream_size - sent_));
        for (std::size_t i = 0; i != text_.size(); ++i)
            text_[i] = byte_of(number_, sent_ + i);
        auto handler = asio::bind_executor(
            strand_, asio::bind_cancellation_slot(send_signal_.slot(),
                         [self = shared_from_this()](const error_code& ec, std::size_t bytes)
                         { self->on_sent(ec, bytes); }));
        expect(!sending_);
        sending_ = true;
        if (random_.one_in(2))
            socket_.async_send(halves<asio::const_buffer>(asio::buffer(text_)), std::move(handler));
        else
            socket_.async_send(asio::buffer(text_), std::move(handler));
    }

    void on_sent(const error_code& ec, std::size_t bytes)
    {
        expect(sending_ && ends_well(ec, bytes));
        sending_ = false;
        sent_ += bytes;
        send();
        if (random_.one_in(8))
            cancel();
    }

    void cancel()
    {
        switch (random_(3))
        {
        case 0:
            return receive_signal_.emit(asio::cancellation_type::terminal);
        case 1:
            return send_signal_.emit(asio::cancellation_type::total);
        default:
            socket_.cancel();
        }
    }

    void cancel_later()
    {
        timer_.expires_after(std::chrono::microseconds(random_(300)));
        timer_.async_wait(asio::bind_executor(strand_,
            [self = shared_from_this()](const error_code& ec)
            {
                if (ec)
                    return;
                self->cancel();
                self->cancel_later();
            }));
    }

    void finish_half()
    {
        if (received_ != stream_size || sent_ != stream_size)
            return;
        timer_.cancel();
        --shared_.unfinished;
    }

    bool ends_well(const error_code& ec, std::size_t bytes)
    {
        shared_.aborted += ec ? 1 : 0;
        return ec ? ec == asio::error::operation_aborted && bytes == 0 : bytes != 0;
    }

    void expect(bool holds)
    {
        shared_.faults += holds ? 0 : 1;
    }

    template <typename Buffer>
    static std::array<Buffer, 2> halves(const Buffer& whole)
    {
        return {asio::buffer(whole, whole.size() / 2), whole + whole.size() / 2};
    }

    tcp::socket socket_;
    asio::strand<tcp::socket::executor_type> strand_ = asio::make_strand(socket_.get_executor());
    asio::steady_timer timer_{socket_.get_executor()};
    asio::cancellation_signal receive_signal_;
    asio::cancellation_signal send_signal_;
    const unsigned number_;
    const unsigned number_of_other_;
    tally& shared_;
    dice random_;
    std::vector<char> place_;
    std::string text_;
    std::size_t received_ = 0;
    std::size_t sent_ = 0;
    bool receiving_ = false;
    bool sending_ = false;
};

void connect_parties(io_context& context, tally& shared)
{
    tcp::acceptor acceptor(context, loopback());
    for (unsigned i = 0; i != connections; ++i)
    {
        tcp::socket client(context);
        client.connect(acceptor.local_endpoint());
        std::make_shared<party>(acceptor.accept(), 2 * i, 2 * i + 1, shared)->start();
        std::make_shared<party>(std::move(client), 2 * i + 1, 2 * i, shared)->start();
    }
}

void storm_of_cancels(unsigned ring_entries)
{
    asio_uring::io_context_options options;
    options.ring_entries = ring_entries;
    io_context context(options);
    tally shared;
    connect_parties(context, shared);
    {
        const runners running(context, 4);
        BOOST_TEST(comes_about([&] { return shared.unfinished == 0; }));
    }
    BOOST_TEST(shared.faults == 0);
    BOOST_TEST(shared.aborted != 0);
}

} // namespace

BOOST_AUTO_TEST_SUITE(threads_transfers)

BOOST_AUTO_TEST_CASE(a_storm_of_cancels_loses_nothing)
{
    storm_of_cancels(256);
}

// Each operation takes a system call of its own, and the completion queue overflows.
BOOST_AUTO_TEST_CASE(nor_does_it_on_a_ring_of_one_entry)
{
    storm_of_cancels(1);
}

BOOST_AUTO_TEST_CASE(nor_do_threads_that_end_with_operations_in_flight)
{
    io_context context;
    tally shared;
    connect_parties(context, shared);
    std::atomic<bool> over = false;
    std::vector<std::thread> hosts;
    for (unsigned i = 0; i != 3; ++i)
        hosts.emplace_back(
            [&, random = dice(i)]() mutable
            {
                while (!over)
                    std::thread([&] { context.run_for(std::chrono::microseconds(random(3000))); }).join();
            });
    BOOST_TEST(comes_about([&] { return shared.unfinished == 0; }));
    over = true;
    for (std::thread& host : hosts)
        host.join();
    BOOST_TEST(shared.faults == 0);
}

// Datagrams are sent and received at once where no handler waits, by threads that look for handlers
// meanwhile.
BOOST_AUTO_TEST_CASE(three_threads_exchange_datagrams)
{
    io_context context;
    std::atomic<int> left = 40'000;
    const auto loopback_port = [] { return udp::endpoint(boost::asio::ip::address_v4::loopback(), 0); };
    struct pair
    {
        void send()
        {
            from.async_send(boost::asio::buffer("x", 1),
                [this](const error_code& error, std::size_t)
                {
                    if (!error)
                        receive();
                });
        }

        void receive()
        {
            to.async_receive(boost::asio::buffer(byte),
                [this](const error_code& error, std::size_t)
                {
                    if (!error && --left > 0)
                        send();
                });
        }

        udp::socket from;
        udp::socket to;
        std::atomic<int>& left;
        std::array<char, 1> byte = {};
    };
    std::vector<std::unique_ptr<pair>> pairs;
    for (int i = 0; i != 4; ++i)
    {
        pairs.push_back(std::unique_ptr<pair>(
            new pair{udp::socket(context, loopback_port()), udp::socket(context, loopback_port()), left}));
        pairs.back()->from.connect(pairs.back()->to.local_endpoint());
        pairs.back()->send();
    }
    const runners three(context, 3);
    BOOST_TEST(comes_about([&left] { return left <= 0; }));
}

BOOST_AUTO_TEST_CASE(nor_do_exceptions_and_stops_at_random)
{
    io_context context;
    tally shared;
    connect_parties(context, shared);
    dice random(7);
    struct thrown
    {};
    const auto end = std::chrono::steady_clock::now() + long_enough;
    while (shared.unfinished != 0 && std::chrono::steady_clock::now() < end)
    {
        const auto run = [&]
        {
            try
            {
                context.run();
            }
            catch (const thrown&)
            {}
        };
        std::thread first(run);
        std::thread second(run);
        random.dawdle(20000);
        std::promise<void> threw;
        asio::post(context,
            [&]
            {
                threw.set_value();
                throw thrown();
            });
        // On a busy machine the threads come late, and each round must get somewhere.
        threw.get_future().wait();
        random.dawdle(20000);
        context.stop();
        first.join();
        second.join();
        context.restart();
    }
    BOOST_TEST(shared.unfinished == 0);
    BOOST_TEST(shared.faults == 0);
}

BOOST_AUTO_TEST_SUITE_END()
