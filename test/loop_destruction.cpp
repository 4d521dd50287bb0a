// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the end of a loop: what is in flight, what the kernel may still touch, and what a process can have
// of them.

#include <asio_uring/loop.hpp>

#include "child_process.hpp"
#include "descriptor.hpp"
#include "recorded.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <deque>
#include <memory>
#include <sys/resource.h>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

namespace {

struct free_memory
{
    void operator()(void* memory) const
    {
        std::free(memory);
    }
};

/// Memory that O_DIRECT takes.
class aligned_buffer
{
public:
    explicit aligned_buffer(std::size_t size) : size_(size), data_(std::aligned_alloc(4096, size))
    {
        fill('-');
    }

    void fill(char what)
    {
        std::fill_n(data(), size_, what);
    }

    bool holds_only(char what) const
    {
        return std::all_of(data(), data() + size_, [&](char c) { return c == what; });
    }

    char* data() const
    {
        return static_cast<char*>(data_.get());
    }

private:
    std::size_t size_;
    std::unique_ptr<void, free_memory> data_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(loop_destruction_test)

BOOST_AUTO_TEST_CASE(a_loop_with_reads_in_flight_ends_promptly_and_calls_nothing_back)
{
    constexpr std::size_t count = 100;
    const pipe_pair p;
    std::vector<char> bytes(count, '-');
    std::deque<recorded> reads;
    auto l = std::make_unique<loop>(loop_options{8});
    for (char& byte : bytes)
        l->add(reads.emplace_back(operation::read{p.reader.get(), &byte, 1}));
    l->submit();
    const auto start = loop::clock::now();
    l.reset();
    BOOST_TEST((loop::clock::now() - start < 2s));
    for (const recorded& read : reads)
    {
        BOOST_TEST(read.calls() == 0u);
        BOOST_TEST(!read.active());
    }
    // Nobody reads any more: what is written stays in the pipe.
    p.write(std::string(count, 'x'));
    BOOST_TEST(p.read(2 * count) == std::string(count, 'x'));
    BOOST_TEST(std::count(bytes.begin(), bytes.end(), '-') == static_cast<std::ptrdiff_t>(count));
}

BOOST_AUTO_TEST_CASE(direct_reads_in_flight_are_over_when_the_loop_is_gone)
{
    constexpr std::size_t block = 1 << 20;
    constexpr std::size_t count = 8;
    const descriptor file = temporary_file();
    aligned_buffer content(block);
    content.fill('x');
    for (std::size_t i = 0; i < count; ++i)
        checked(static_cast<int>(::pwrite(file.get(), content.data(), block, static_cast<off_t>(i * block))));
    ::fsync(file.get());
    if (::fcntl(file.get(), F_SETFL, O_DIRECT) != 0)
    {
        BOOST_TEST_MESSAGE("the file system has no direct reads");
        return;
    }
    for (int round = 0; round < 10; ++round)
    {
        std::deque<aligned_buffer> buffers;
        std::deque<recorded> reads;
        {
            loop l;
            for (std::size_t i = 0; i < count; ++i)
                l.add(reads.emplace_back(
                    operation::pread{file.get(), buffers.emplace_back(block).data(), block, i * block}));
            l.submit();
        }
        for (aligned_buffer& buffer : buffers)
            buffer.fill('-');
        // A read that outlived its loop would arrive within milliseconds.
        const auto end = loop::clock::now() + 10ms;
        do
            for (const aligned_buffer& buffer : buffers)
                BOOST_REQUIRE(buffer.holds_only('-'));
        while (loop::clock::now() < end);
        for (const recorded& read : reads)
            BOOST_TEST(read.calls() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_loop_ends_where_a_worker_of_the_kernels_waits)
{
    const full_backlog target;
    recorded connect(operation::connect{target.late.get(), target.get(), target.size});
    recorded pause(operation::timer{2ms});
    auto l = std::make_unique<loop>();
    l->add(connect);
    l->add(pause);
    BOOST_TEST(l->run(run_mode::once) == 1u);
    const auto start = loop::clock::now();
    l.reset();
    BOOST_TEST((loop::clock::now() - start < 2s));
    BOOST_TEST(connect.calls() == 0u);
}

BOOST_AUTO_TEST_CASE(everything_active_is_dead_when_the_loop_is_gone)
{
    const pipe_pair silent;
    const pipe_pair full;
    full.write("x");
    char bytes[8] = {};
    recorded with_kernel(operation::read{silent.reader.get(), &bytes[0], 1});
    recorded cancelled_silently(operation::read{silent.reader.get(), &bytes[1], 1});
    recorded cancelled(operation::read{silent.reader.get(), &bytes[2], 1});
    recorded cancel;
    recorded complete(operation::read{full.reader.get(), &bytes[3], 1});
    recorded queued(operation::read{silent.reader.get(), &bytes[4], 1});
    recorded taken_out(operation::read{silent.reader.get(), &bytes[5], 1});
    recorded timer;
    recorded timer_ready;
    recorded timer_remove(operation::timer_remove{&timer_ready});
    const std::array<recorded*, 10> all{&with_kernel, &cancelled_silently, &cancelled, &cancel, &complete,
        &queued, &taken_out, &timer, &timer_ready, &timer_remove};
    {
        loop l;
        for (recorded* c : {&with_kernel, &cancelled_silently, &cancelled, &complete})
            l.add(*c);
        l.submit();
        l.cancel(cancelled_silently);
        l.cancel(cancelled, cancel);
        l.add(queued);
        l.add(taken_out);
        l.cancel(taken_out);
        timer.start_timer(l, 1h);
        timer_ready.start_timer(l, 1h);
        l.add(timer_remove);
        BOOST_TEST(l.active() == all.size());
    }
    for (const recorded* c : all)
    {
        BOOST_TEST(!c->active());
        BOOST_TEST(c->calls() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_loop_that_an_exception_left_ends_with_what_was_not_called_back)
{
    const pipe_pair p;
    p.write("abc");
    char bytes[3] = {};
    std::deque<recorded> all;
    {
        loop l;
        const auto fail = [](recorded&, result) -> next_step { throw std::runtime_error("from a callback"); };
        for (char& byte : bytes)
            l.add(all.emplace_back(operation::read{p.reader.get(), &byte, 1}, fail));
        for (int i = 0; i < 3; ++i)
            l.add(all.emplace_back(operation::timer{0ms}, fail));
        BOOST_CHECK_THROW(l.run(run_mode::until_done), std::runtime_error);
        BOOST_TEST(l.active() == 5u);
    }
    for (const recorded& c : all)
        BOOST_TEST(!c.active());
}

BOOST_AUTO_TEST_CASE(a_connection_that_nobody_saw_accepted_is_closed)
{
    const descriptor listener = tcp_listener();
    const address server_address = address::local_of(listener);
    const descriptor client = tcp_socket();
    recorded accept(operation::accept{listener.get()});
    {
        loop l;
        l.add(accept);
        l.submit();
        checked(::connect(client.get(), server_address.get(), server_address.size));
        l.submit();
    }
    BOOST_TEST(accept.calls() == 0u);
    BOOST_TEST(ready(client, POLLIN, 10'000));
    char byte = 0;
    BOOST_TEST(::recv(client.get(), &byte, 1, 0) == 0);
}

BOOST_AUTO_TEST_CASE(drain_gives_each_completion_to_its_caller_instead_of_the_callback)
{
    struct released
    {
        std::vector<completion*> all;
        loop* owner;
        recorded* add_another;
    };
    const pipe_pair p;
    char bytes[4] = {};
    std::deque<recorded> reads;
    recorded timer;
    recorded another;
    loop l(loop_options{2});
    released seen{{}, &l, &another};
    for (char& byte : bytes)
        l.add(reads.emplace_back(operation::read{p.reader.get(), &byte, 1}));
    l.submit();
    timer.start_timer(l, 1h);
    another.prepare(operation::read{p.reader.get(), bytes, 1});
    l.drain(
        [](completion& c, result r, void* context)
        {
            auto& to = *static_cast<released*>(context);
            BOOST_TEST((c.get_state() == completion::state::dead));
            BOOST_TEST(r.error() == system_error_code(ECANCELED));
            to.all.push_back(&c);
            // What is added meanwhile is released too.
            if (to.add_another)
                to.owner->add(*std::exchange(to.add_another, nullptr));
        },
        &seen);
    BOOST_TEST(l.active() == 0u);
    BOOST_TEST(seen.all.size() == 6u);
    for (completion* c : {static_cast<completion*>(&reads[0]), static_cast<completion*>(&reads[1]),
             static_cast<completion*>(&reads[2]), static_cast<completion*>(&reads[3]),
             static_cast<completion*>(&timer), static_cast<completion*>(&another)})
        BOOST_TEST(std::count(seen.all.begin(), seen.all.end(), c) == 1);
    for (const recorded& read : reads)
        BOOST_TEST(read.calls() == 0u);
    // The loop can still be used.
    p.write("x");
    l.add(another);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
}

BOOST_AUTO_TEST_CASE(drain_gives_the_result_of_what_is_complete)
{
    const pipe_pair p;
    p.write("x");
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    loop l;
    l.add(read);
    l.submit();
    std::size_t bytes = 0;
    l.drain([](completion&, result r, void* context) { *static_cast<std::size_t*>(context) = r.bytes(); },
        &bytes);
    BOOST_TEST(bytes == 1u);
}

BOOST_AUTO_TEST_CASE(a_loop_may_end_on_another_thread_than_the_one_that_submitted)
{
    const pipe_pair p;
    char bytes[10] = {};
    std::deque<recorded> reads;
    auto l = std::make_unique<loop>();
    for (char& byte : bytes)
        l->add(reads.emplace_back(operation::read{p.reader.get(), &byte, 1}));
    std::thread([&] { l->submit(); }).join();
    l.reset();
    p.write("0123456789");
    BOOST_TEST(p.read(10) == "0123456789");
}

BOOST_AUTO_TEST_CASE(three_hundred_loops_are_made_and_destroyed)
{
    for (int i = 0; i < 300; ++i)
    {
        recorded timer;
        loop l;
        timer.start_timer(l, 0ms);
        BOOST_TEST(l.run(run_mode::until_done) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(an_ordinary_user_can_make_and_destroy_a_thousand_loops)
{
    // For ordinary users the kernel counts rings against the limit of locked memory, and gives it back late.
    const int failed = in_a_child(
        []
        {
            // Nobody else's rings count for this user.
            const auto somebody = static_cast<uid_t>(1'000'000 + ::getpid());
            if (::getuid() == 0 && ::setuid(somebody) != 0)
                return 100;
            int failures = 0;
            for (int i = 0; i < 1000; ++i)
            {
                // A loop waits for a quarter of a second, and a machine may stand still for longer.
                std::error_code first;
                std::error_code second;
                {
                    const loop l({}, first);
                }
                if (first)
                    const loop l({}, second);
                failures += second ? 1 : 0;
            }
            return std::min(failures, 99);
        });
    BOOST_TEST(failed == 0);
}

BOOST_AUTO_TEST_CASE(a_child_that_destroys_its_copy_of_a_loop_does_not_disturb_the_parent)
{
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    auto l = std::make_unique<loop>();
    l->add(read);
    l->submit();
    BOOST_TEST(in_a_child(
                   [&]
                   {
                       l->cancel_now(read);
                       l.reset();
                       return 0;
                   }) == 0);
    BOOST_TEST(read.active());
    p.write("x");
    BOOST_TEST(l->run(run_mode::until_done) == 1u);
    BOOST_TEST(read.only().bytes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_loop_made_after_a_fork_works_in_the_child)
{
    const loop parents;
    BOOST_TEST(in_a_child(
                   []
                   {
                       const pipe_pair p;
                       char byte = 0;
                       recorded read(operation::read{p.reader.get(), &byte, 1});
                       recorded write(operation::write{p.writer.get(), "x", 1});
                       loop l;
                       l.add(read);
                       l.add(write);
                       return l.run(run_mode::until_done) == 2 && byte == 'x' ? 0 : 1;
                   }) == 0);
}

BOOST_AUTO_TEST_CASE(no_descriptor_is_left_behind)
{
    const auto open_descriptors = []
    {
        // The lowest free number tells how many are open, as nobody else opens any here.
        const descriptor probe(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        return probe.get();
    };
    {
        const loop first;
    }
    const int before = open_descriptors();
    for (int i = 0; i < 20; ++i)
        const loop l;
    BOOST_TEST(open_descriptors() == before);
}

BOOST_AUTO_TEST_SUITE_END()
