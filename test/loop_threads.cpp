// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the loop among threads: it moves from one to another, threads end, and others add, cancel and
// wake.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "recorded.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <future>
#include <memory>
#include <mutex>
#include <random>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

namespace {

/// Runs a function on a thread that has ended when this returns.
template <typename Function>
void on_another_thread(Function function)
{
    std::thread(function).join();
}

} // namespace

BOOST_AUTO_TEST_SUITE(loop_threads_test)

BOOST_AUTO_TEST_CASE(a_tick_can_be_made_by_hand)
{
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    recorded timer;
    loop l;
    l.add(read);
    timer.start_timer(l, 1h);

    loop::wait_plan plan = l.begin_tick(true);
    BOOST_TEST(plan.enter);
    BOOST_TEST(plan.block);
    BOOST_REQUIRE(plan.limit.has_value());
    BOOST_TEST((*plan.limit <= 1h));
    plan.block = false; // it only submits
    BOOST_TEST(!l.wait(plan));
    BOOST_TEST(l.end_tick() == 0u);

    l.timer_reset(timer, 20ms);
    BOOST_TEST(!l.wait(l.begin_tick(true)));
    BOOST_TEST(l.end_tick() == 1u);
    BOOST_TEST(timer.calls() == 1u);

    p.write("x");
    plan = l.begin_tick(true);
    BOOST_TEST(!plan.limit.has_value());
    BOOST_TEST(!l.wait(plan));
    BOOST_TEST(read.calls() == 0u);
    BOOST_TEST(l.end_tick() == 1u);
    BOOST_TEST(read.calls() == 1u);
}

BOOST_AUTO_TEST_CASE(a_tick_waits_no_longer_than_its_limit)
{
    recorded timer;
    loop l;
    timer.start_timer(l, 1h);
    const auto start = loop::clock::now();
    const loop::wait_plan plan = l.begin_tick(true, 3ms);
    BOOST_TEST(plan.block);
    BOOST_TEST((*plan.limit == 3ms));
    BOOST_TEST(!l.wait(plan));
    BOOST_TEST((loop::clock::now() - start >= 3ms));
    BOOST_TEST(l.end_tick() == 0u);

    BOOST_TEST(!l.begin_tick(true, 0ms).block);
    BOOST_TEST(!l.begin_tick(true, -1ms).block);
    BOOST_TEST(!l.begin_tick(false).block);
    BOOST_TEST(!l.begin_tick(false).enter);
}

BOOST_AUTO_TEST_CASE(a_tick_does_not_wait_where_something_is_ready)
{
    recorded timer;
    loop l;
    timer.start_timer(l, 1h);
    l.cancel(timer);
    const loop::wait_plan plan = l.begin_tick(true);
    BOOST_TEST(!plan.block);
    BOOST_TEST(!plan.enter);
    BOOST_TEST(l.end_tick() == 1u);
}

BOOST_AUTO_TEST_CASE(wake_ends_a_wait)
{
    loop l;
    for (int i = 0; i < 200; ++i)
    {
        const loop::wait_plan plan = l.begin_tick(true);
        BOOST_TEST(plan.block);
        BOOST_TEST(!plan.limit.has_value());
        std::thread waker([&] { l.wake(); });
        BOOST_TEST(!l.wait(plan));
        BOOST_TEST(l.end_tick() == 0u);
        waker.join();
        // The wake has been used up, or ends the next wait; it isn't doubled.
        BOOST_TEST(l.begin_tick(true, 0ms).block == false);
        l.end_tick();
    }
    BOOST_TEST(l.statistics().completions == 0u);
}

BOOST_AUTO_TEST_CASE(a_wake_before_the_wait_is_not_lost)
{
    loop l;
    l.wake();
    BOOST_TEST(!l.wait(l.begin_tick(true)));
    l.end_tick();
    const loop::wait_plan plan = l.begin_tick(true);
    l.wake();
    BOOST_TEST(!l.wait(plan));
    l.end_tick();
}

BOOST_AUTO_TEST_CASE(run_goes_on_after_a_wake)
{
    recorded timer;
    loop l;
    timer.start_timer(l, 20ms);
    std::thread waker(
        [&]
        {
            for (int i = 0; i < 1000; ++i)
                l.wake();
        });
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST(timer.calls() == 1u);
    waker.join();
}

BOOST_AUTO_TEST_CASE(others_add_and_cancel_while_one_waits)
{
    const pipe_pair silent;
    const pipe_pair full;
    full.write("x");
    char bytes[2] = {};
    recorded pending(operation::read{silent.reader.get(), &bytes[0], 1});
    recorded added(operation::read{full.reader.get(), &bytes[1], 1});
    std::mutex mutex;
    std::promise<void> about_to_wait;
    loop l;
    l.add(pending);
    std::thread other(
        [&]
        {
            about_to_wait.get_future().wait();
            {
                const std::lock_guard lock(mutex);
                l.add(added);
                BOOST_TEST(l.cancel(pending));
            }
            l.wake();
        });
    std::unique_lock lock(mutex);
    bool told = false;
    const auto end = loop::clock::now() + patience;
    while (l.active() + (told ? 0u : 1u) != 0 && loop::clock::now() < end)
    {
        const loop::wait_plan plan = l.begin_tick(true, 1s);
        lock.unlock();
        if (!std::exchange(told, true))
            about_to_wait.set_value();
        l.wait(plan);
        lock.lock();
        l.end_tick();
    }
    other.join();
    BOOST_TEST(added.only().bytes() == 1u);
    BOOST_TEST(pending.only().error() == system_error_code(ECANCELED));
}

BOOST_AUTO_TEST_CASE(cancel_now_from_another_thread_lets_go_of_the_descriptor)
{
    socket_pair sockets;
    char byte = 0;
    recorded receive(operation::recv{sockets.first.get(), &byte, 1});
    std::mutex mutex;
    std::promise<void> about_to_wait;
    loop l;
    l.add(receive);
    std::thread other(
        [&]
        {
            about_to_wait.get_future().wait();
            const std::lock_guard lock(mutex);
            l.cancel_now(receive);
            sockets.first.close();
            BOOST_TEST(ready(sockets.second, POLLIN, 10'000));
        });
    std::unique_lock lock(mutex);
    bool told = false;
    const auto end = loop::clock::now() + patience;
    while (l.active() != 0 && loop::clock::now() < end)
    {
        const loop::wait_plan plan = l.begin_tick(true, 1s);
        lock.unlock();
        if (!std::exchange(told, true))
            about_to_wait.set_value();
        l.wait(plan);
        lock.lock();
        l.end_tick();
    }
    lock.unlock();
    other.join();
    BOOST_TEST(receive.only().error() == system_error_code(ECANCELED));
}

BOOST_AUTO_TEST_CASE(operations_outlive_the_thread_that_started_them)
{
    const pipe_pair p;
    const pipe_pair polled;
    const socket_pair sockets;
    const socket_pair messages(SOCK_DGRAM);
    const descriptor listener = tcp_listener();
    const address server_address = address::local_of(listener);
    const descriptor client = tcp_socket();
    char bytes[3] = {};
    iovec piece{&bytes[2], 1};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    recorded read(operation::read{p.reader.get(), &bytes[0], 1});
    recorded receive(operation::recv{sockets.first.get(), &bytes[1], 1});
    recorded receive_message(operation::recvmsg{messages.first.get(), &message});
    recorded poll(operation::poll{polled.reader.get(), POLLIN});
    recorded accept(operation::accept{listener.get()});
    recorded timer;
    const std::array<recorded*, 6> all{&read, &receive, &receive_message, &poll, &accept, &timer};
    loop l;
    on_another_thread(
        [&]
        {
            for (recorded* c : {&read, &receive, &receive_message, &poll, &accept})
                l.add(*c);
            timer.start_timer(l, 1ms);
            BOOST_TEST(!l.submit());
        });
    p.write("a");
    polled.write("b");
    checked(static_cast<int>(::send(sockets.second.get(), "c", 1, 0)));
    checked(static_cast<int>(::send(messages.second.get(), "d", 1, 0)));
    checked(::connect(client.get(), server_address.get(), server_address.size));
    BOOST_TEST(run_until(l, [&] { return l.active() == 0; }));
    for (const recorded* c : all)
        BOOST_TEST(!c->only().error());
    BOOST_TEST(std::string(bytes, 3) == "acd");
    const descriptor server(accept.only().descriptor());
}

BOOST_AUTO_TEST_CASE(a_write_outlives_the_thread_that_started_it)
{
    const pipe_pair p;
    const auto capacity = static_cast<std::size_t>(checked(::fcntl(p.writer.get(), F_SETPIPE_SZ, 4096)));
    p.write(std::string(capacity, '.'));
    recorded write(operation::write{p.writer.get(), "late", 4});
    loop l;
    on_another_thread(
        [&]
        {
            l.add(write);
            l.submit();
        });
    BOOST_TEST(p.read(capacity).size() == capacity);
    BOOST_TEST(run_until(l, [&] { return l.active() == 0; }));
    BOOST_TEST(write.only().bytes() == 4u);
    BOOST_TEST(p.read(4) == "late");
}

BOOST_AUTO_TEST_CASE(a_connect_outlives_the_thread_that_started_it)
{
    // The backlog is full, so that the connection is made after the thread's end.
    const descriptor listener = tcp_listener(0);
    const address server_address = address::local_of(listener);
    std::vector<descriptor> others;
    for (int i = 0; i < 3; ++i)
    {
        others.push_back(tcp_socket());
        checked(::fcntl(others.back().get(), F_SETFL, O_NONBLOCK));
        ::connect(others.back().get(), server_address.get(), server_address.size);
    }
    const descriptor client = tcp_socket();
    recorded connect(operation::connect{client.get(), server_address.get(), server_address.size});
    loop l;
    on_another_thread(
        [&]
        {
            l.add(connect);
            l.submit();
        });
    l.run(run_mode::no_wait);
    BOOST_TEST(connect.active());
    std::atomic<bool> connected{false};
    std::thread acceptor(
        [&]
        {
            std::vector<descriptor> accepted;
            while (!connected)
                if (ready(listener, POLLIN, 10))
                    accepted.emplace_back(::accept(listener.get(), nullptr, nullptr));
        });
    BOOST_TEST(run_until(l, [&] { return l.active() == 0; }));
    connected = true;
    acceptor.join();
    BOOST_TEST(connect.only().error() == std::error_code());
}

BOOST_AUTO_TEST_CASE(a_connect_in_a_worker_outlives_the_thread_that_started_it)
{
    const full_backlog target;
    recorded connect(operation::connect{target.late.get(), target.get(), target.size});
    loop l;
    on_another_thread(
        [&]
        {
            l.add(connect);
            l.submit();
        });
    std::vector<descriptor> accepted;
    accepted.emplace_back(::accept(target.listener.get(), nullptr, nullptr));
    BOOST_TEST(run_until(l, [&] { return l.active() == 0; }));
    BOOST_TEST(connect.only().error() == std::error_code());
    accepted.emplace_back(::accept(target.listener.get(), nullptr, nullptr));
}

BOOST_AUTO_TEST_CASE(what_an_ended_thread_started_can_be_cancelled)
{
    const pipe_pair p;
    char bytes[2] = {};
    recorded told(operation::read{p.reader.get(), &bytes[0], 1});
    recorded untold(operation::read{p.reader.get(), &bytes[1], 1});
    recorded cancel;
    loop l;
    on_another_thread(
        [&]
        {
            l.add(told);
            l.add(untold);
            l.submit();
        });
    l.cancel(told, cancel);
    l.cancel(untold);
    BOOST_TEST(run_until(l, [&] { return l.active() == 0; }));
    BOOST_TEST(told.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(untold.only().error() == system_error_code(ECANCELED));
    BOOST_TEST(!cancel.only().error());
}

BOOST_AUTO_TEST_CASE(many_threads_hand_the_loop_over_and_each_may_end)
{
    constexpr std::size_t exchanges = 400;
    const socket_pair sockets;
    char byte = 0;
    std::size_t received = 0;
    loop l;
    recorded receive(operation::recv{sockets.first.get(), &byte, 1});
    recorded send(operation::send{sockets.second.get(), "x", 1});
    receive.then(
        [&](recorded&, result r)
        {
            BOOST_TEST(r.bytes() == 1u);
            if (++received == exchanges)
                return next_step::disarm;
            l.add(send);
            return next_step::rearm;
        });
    l.add(receive);
    l.add(send);
    // Each thread starts operations, leaves them in flight and ends.
    for (std::size_t i = 0; l.active() != 0 && i < 3 * exchanges; ++i)
        on_another_thread([&] { l.run(run_mode::once); });
    BOOST_TEST(received == exchanges);
    BOOST_TEST(send.calls() == exchanges);
}

BOOST_AUTO_TEST_CASE(many_threads_run_the_loop_under_a_lock_and_lose_nothing)
{
    constexpr std::size_t pairs = 16;
    constexpr std::size_t exchanges = 500;
    struct conversation
    {
        socket_pair sockets;
        char byte = 0;
        std::size_t received = 0;
        recorded receive;
        recorded send;
    };
    std::deque<conversation> conversations(pairs);
    std::mutex mutex;
    loop l(loop_options{4});
    for (conversation& c : conversations)
    {
        c.receive.prepare(operation::recv{c.sockets.first.get(), &c.byte, 1});
        c.send.prepare(operation::send{c.sockets.second.get(), "x", 1});
        c.receive.then(
            [&](recorded&, result)
            {
                if (++c.received == exchanges)
                    return next_step::disarm;
                l.add(c.send);
                return next_step::rearm;
            });
        l.add(c.receive);
        l.add(c.send);
    }
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back(
            [&]
            {
                for (;;)
                {
                    const std::lock_guard lock(mutex);
                    if (l.active() == 0)
                        return;
                    l.run(run_mode::once);
                }
            });
    for (std::thread& thread : threads)
        thread.join();
    for (const conversation& c : conversations)
    {
        BOOST_TEST(c.received == exchanges);
        BOOST_TEST(c.send.calls() == exchanges);
    }
}

BOOST_AUTO_TEST_CASE(the_statistics_can_be_read_by_any_thread)
{
    constexpr std::uint64_t rounds = 2000;
    const descriptor null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
    recorded write(operation::write{null.get(), "x", 1});
    loop l;
    write.then(
        [](recorded& self, result) { return self.calls() < rounds ? next_step::rearm : next_step::disarm; });
    l.add(write);
    bool went_back = false;
    std::thread reader(
        [&]
        {
            loop_statistics last;
            while (last.completions < rounds)
            {
                const loop_statistics now = l.statistics();
                went_back |= now.submissions < last.submissions || now.completions < last.completions ||
                             now.waits < last.waits;
                last = now;
            }
        });
    l.run(run_mode::until_done);
    reader.join();
    BOOST_TEST(!went_back);
}

BOOST_AUTO_TEST_CASE(others_start_and_cancel_at_random_and_each_operation_ends_once)
{
    constexpr std::size_t starters = 3;
    constexpr std::size_t rounds = 500;
    std::mutex mutex;
    std::atomic<std::size_t> running{starters};
    std::atomic<std::size_t> wrong{0};
    loop l(loop_options{2});
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < starters; ++seed)
        threads.emplace_back(
            [&, seed]
            {
                std::mt19937 random(seed);
                for (std::size_t round = 0; round < rounds; ++round)
                {
                    const pipe_pair p;
                    char byte = 0;
                    std::promise<result> ended;
                    recorded read(operation::read{p.reader.get(), &byte, 1},
                        [&](recorded&, result r)
                        {
                            ended.set_value(r);
                            return next_step::disarm;
                        });
                    {
                        const std::lock_guard lock(mutex);
                        l.add(read);
                    }
                    l.wake();
                    const unsigned choice = random() % 4;
                    if (choice == 0)
                        std::this_thread::yield();
                    else if (choice == 1)
                        p.write("x");
                    {
                        const std::lock_guard lock(mutex);
                        if (random() % 2)
                            l.cancel_now(read);
                        else
                            l.cancel(read);
                    }
                    l.wake();
                    auto result_of_read = ended.get_future();
                    // The completion is in this frame: there is no way on without its end.
                    if (result_of_read.wait_for(patience) != std::future_status::ready)
                        std::abort();
                    const result r = result_of_read.get();
                    const bool aborted = r.error() == system_error_code(ECANCELED);
                    // Under the lock: the loop has left the callback then.
                    const std::lock_guard lock(mutex);
                    if (!(aborted || (r.bytes() == 1 && choice == 1)) || read.calls() != 1)
                        ++wrong;
                }
                --running;
                l.wake();
            });
    drive(l, mutex, [&] { return running != 0 || l.active() != 0; });
    for (std::thread& thread : threads)
        thread.join();
    BOOST_TEST(wrong == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
