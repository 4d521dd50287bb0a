// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests ends at bad moments: of contexts with everything in flight, and where the system has nothing left.

#include <connection.hpp>
#include <contexts.hpp>
#include <faulty_kernel.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <recorded.hpp>
#include <runners.hpp>

#include <array>
#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <sys/resource.h>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using asio_uring::backend_preference;
using asio_uring::completion;
using asio_uring::io_context;
using asio_uring::loop;
namespace operation = asio_uring::operation;

// A part of a handler: counts what is not destroyed yet.
class counted
{
public:
    explicit counted(std::atomic<int>& live) : live_(live)
    {
        ++live_;
    }

    counted(const counted& other) : counted(other.live_) {}
    counted& operator=(const counted&) = delete;

    ~counted()
    {
        --live_;
    }

private:
    std::atomic<int>& live_;
};

// Two ends of a connection with everything in flight on it, owned by its handlers, one of which may own a
// context.
struct everything : std::enable_shared_from_this<everything>
{
    everything(io_context& context, std::atomic<int>& live_count)
        : live(live_count),
          acceptor(context, loopback()),
          client(context),
          server(context),
          idle(context, 1h),
          due(context, 100us),
          datagrams(context, asio::ip::udp::endpoint(asio::ip::address_v4::loopback(), 0))
    {
        client.connect(acceptor.local_endpoint());
        acceptor.accept(server);
    }

    template <typename Then>
    auto handler(Then then)
    {
        return [self = shared_from_this(), mark = counted(live), then](const auto&...) { then(*self); };
    }

    auto handler()
    {
        return handler([](everything&) {});
    }

    void start(std::shared_ptr<io_context> inner)
    {
        const auto again = [](everything& self)
        { self.client.async_receive(asio::buffer(self.place), self.handler()); };
        client.async_receive(
            asio::buffer(place), asio::bind_cancellation_slot(signal.slot(), handler(again)));
        client.async_receive(asio::buffer(place), handler());
        client.async_wait(tcp::socket::wait_error, handler());
        client.async_send(asio::buffer(text), handler());
        server.async_send(asio::buffer(text), handler());
        server.async_send(asio::buffer(text), handler());
        acceptor.async_accept(handler());
        idle.async_wait(handler());
        idle.async_wait(handler());
        due.async_wait(
            handler([](everything& self) { asio::post(self.due.get_executor(), self.handler()); }));
        datagrams.async_receive(asio::buffer(place), handler());
        server.async_wait(tcp::socket::wait_error, handler([inner](everything&) {}));
        asio::co_spawn(
            client.get_executor(), use_coroutine(acceptor.local_endpoint(), counted(live)), asio::detached);
    }

    static asio::awaitable<void> use_coroutine(tcp::endpoint there, counted)
    {
        tcp::socket socket(co_await asio::this_coro::executor);
        co_await socket.async_connect(there, asio::use_awaitable);
        char byte = 0;
        co_await socket.async_receive(asio::buffer(&byte, 1), asio::use_awaitable);
    }

    std::atomic<int>& live;
    tcp::acceptor acceptor;
    tcp::socket client;
    tcp::socket server;
    asio::steady_timer idle;
    asio::steady_timer due;
    asio::ip::udp::socket datagrams;
    asio::cancellation_signal signal;
    std::array<char, 1000> place{};
    std::string text = std::string(4 << 20, 'x');
};

// A context with something in flight, for a handler to own.
std::shared_ptr<io_context> busy_context(std::atomic<int>& live)
{
    auto context = std::make_shared<io_context>();
    const auto acceptor = std::make_shared<tcp::acceptor>(*context, loopback());
    acceptor->async_accept([acceptor, mark = counted(live)](const auto&...) {});
    context->poll();
    return context;
}

std::unique_ptr<io_context> context_of(unsigned ring_entries)
{
    asio_uring::io_context_options options;
    options.ring_entries = ring_entries;
    return std::make_unique<io_context>(options);
}

std::ptrdiff_t open_descriptors()
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::distance(begin(all), end(all));
}

// Uses up all descriptors of this process while it lives.
class no_descriptors
{
public:
    no_descriptors()
    {
        checked(::getrlimit(RLIMIT_NOFILE, &before_));
        rlimit few = before_;
        few.rlim_cur = 100;
        checked(::setrlimit(RLIMIT_NOFILE, &few));
        for (int fd = ::dup(0); fd >= 0; fd = ::dup(0))
            used_.emplace_back(fd);
    }

    no_descriptors(const no_descriptors&) = delete;
    no_descriptors& operator=(const no_descriptors&) = delete;

    ~no_descriptors()
    {
        ::setrlimit(RLIMIT_NOFILE, &before_);
    }

private:
    rlimit before_{};
    std::vector<descriptor> used_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(lifetimes)

BOOST_AUTO_TEST_CASE(contexts_end_with_everything_in_flight_on_another_thread)
{
    std::atomic<int> live = 0;
    const auto before = open_descriptors();
    dice random(1);
    for (int round = 0; round != 40; ++round)
    {
        auto context = context_of(random.one_in(2) ? 1 : 64);
        {
            std::optional<runners<io_context>> running;
            if (random.one_in(2))
                running.emplace(*context, 1 + static_cast<int>(random(2)));
            for (unsigned i = random(3) + 1; i != 0; --i)
                std::make_shared<everything>(*context, live)
                    ->start(random.one_in(3) ? busy_context(live) : nullptr);
            random.dawdle(20000);
        }
        if (random.one_in(2))
        {
            context->restart();
            context->poll();
        }
        std::thread([&] { context.reset(); }).join();
        BOOST_TEST_REQUIRE(live == 0);
    }
    BOOST_TEST(open_descriptors() == before);
}

// It takes the kernel some milliseconds to give up what a thread that ended has started.
BOOST_AUTO_TEST_CASE(a_loop_that_waits_for_its_end_does_not_spin, *needs_the_ring())
{
    faulty_kernel kernel;
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    std::atomic<int> system_calls = 0;
    std::chrono::steady_clock::time_point start;
    {
        std::error_code error;
        loop l({}, kernel, error);
        BOOST_TEST_REQUIRE(!error);
        std::thread(
            [&]
            {
                l.add(read);
                l.submit();
            })
            .join();
        kernel.before_enter = [&] { ++system_calls; };
        start = std::chrono::steady_clock::now();
    }
    // It pauses for 10 ms.
    const auto pauses = (std::chrono::steady_clock::now() - start) / 10ms;
    BOOST_TEST(system_calls != 0);
    BOOST_TEST(system_calls < 10 * (1 + pauses));
}

BOOST_AUTO_TEST_CASE(
    a_connection_that_a_completion_of_the_users_own_accepted_unseen_is_closed, *needs_the_ring())
{
    const auto before = open_descriptors();
    {
        const descriptor listener = tcp_listener();
        recorded accept(operation::accept{listener.get()});
        io_context context;
        context.loop().add(accept);
        context.loop().submit();
        const descriptor client = tcp_socket();
        const address there = address::local_of(listener);
        checked(::connect(client.get(), there.get(), there.size));
    }
    BOOST_TEST(open_descriptors() == before);
}

// Asio's own reactor must outlive its signals.
BOOST_AUTO_TEST_CASE(a_signal_of_an_ended_operation_may_go_off_when_the_context_is_gone, *needs_the_ring())
{
    asio::cancellation_signal of_a_receive;
    asio::cancellation_signal of_a_wait;
    outcome received;
    {
        io_context context;
        connection c(context);
        asio::steady_timer timer(context, 1h);
        c.socket.async_wait(
            tcp::socket::wait_read, asio::bind_cancellation_slot(of_a_receive.slot(), into(received)));
        timer.async_wait(asio::bind_cancellation_slot(of_a_wait.slot(), into(received)));
        tick(context);
    }
    of_a_receive.emit(asio::cancellation_type::all);
    of_a_wait.emit(asio::cancellation_type::all);
    BOOST_TEST(received.calls == 0);
}

BOOST_AUTO_TEST_CASE(a_handler_that_dies_with_its_context_may_ask_what_that_runs_on)
{
    struct curious
    {
        explicit curious(io_context& c, std::string& a) : context(&c), answer(&a) {}
        curious(curious&& other) noexcept
            : context(std::exchange(other.context, nullptr)),
              answer(other.answer)
        {}
        ~curious()
        {
            if (context != nullptr)
                *answer = context->backend().description;
        }
        void operator()() const {}

        io_context* context;
        std::string* answer;
    };
    std::string answer;
    std::string expected;
    {
        io_context context;
        expected = context.backend().description;
        asio::post(context, curious(context, answer));
    }
    BOOST_TEST(answer == expected);
    BOOST_TEST(answer != "");
}

BOOST_AUTO_TEST_CASE(waits_that_need_a_descriptor_fail_where_there_is_none, *needs_the_ring())
{
    io_context context;
    connection c(context);
    outcome waited;
    outcome received;
    std::array<char, 1> place{};
    {
        const no_descriptors exhausted;
        c.socket.async_wait(tcp::socket::wait_error, into(waited));
        c.socket.async_receive(asio::buffer(place), tcp::socket::message_out_of_band, into(received));
        BOOST_TEST(run_to_the_end(context));
    }
    BOOST_TEST(waited.failed_with(error_code(EMFILE, asio::error::get_system_category())));
    BOOST_TEST(received.failed_with(error_code(EMFILE, asio::error::get_system_category())));
}

BOOST_AUTO_TEST_CASE(an_accept_without_a_descriptor_fails_when_somebody_comes_and_not_before)
{
    io_context context;
    tcp::acceptor acceptor(context, loopback());
    tcp::socket peer(context);
    outcome accepted;
    acceptor.async_accept(peer, into(accepted));
    const descriptor client = tcp_socket();
    const no_descriptors exhausted;
    const auto waits = context.statistics().waits;
    context.run_for(20ms);
    BOOST_TEST(accepted.calls == 0);
    // It neither fails nor spins.
    BOOST_TEST(context.statistics().waits - waits < 10U);
    const address there(acceptor.local_endpoint().port());
    checked(::connect(client.get(), there.get(), there.size));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(accepted.failed_with(error_code(EMFILE, asio::error::get_system_category())));
}

BOOST_AUTO_TEST_CASE(thousands_of_sockets_are_ready_at_once_on_a_ring_of_one_entry)
{
    const auto context = context_of(1);
    constexpr int count = 2000;
    std::vector<std::pair<asio::local::stream_protocol::socket, descriptor>> all;
    std::vector<std::array<char, 4>> places(count);
    int received = 0;
    int closed = 0;
    for (int i = 0; i != count; ++i)
    {
        socket_pair ends;
        all.emplace_back(std::piecewise_construct,
            std::forward_as_tuple(*context, asio::local::stream_protocol(), ends.first.release()),
            std::forward_as_tuple(std::move(ends.second)));
        auto& socket = all.back().first;
        socket.async_receive(asio::buffer(places[static_cast<std::size_t>(i)]),
            [&](const error_code& ec, std::size_t bytes) { received += !ec && bytes == 4 ? 1 : 0; });
        socket.async_receive(asio::buffer(places[static_cast<std::size_t>(i)]),
            [&](const error_code& ec, std::size_t) { closed += ec == asio::error::eof ? 1 : 0; });
    }
    tick(*context);
    for (auto& [socket, peer] : all)
        checked(static_cast<int>(::send(peer.get(), "data", 4, 0)));
    BOOST_TEST(run_until(*context, [&] { return received == count; }));
    for (auto& [socket, peer] : all)
        peer.close();
    BOOST_TEST(run_to_the_end(*context));
    BOOST_TEST(closed == count);
}

BOOST_AUTO_TEST_SUITE_END()
