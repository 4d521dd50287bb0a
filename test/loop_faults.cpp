// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the loop on a kernel that fails: nothing is lost, doubled or out of order.

#include <asio_uring/loop.hpp>

#include "descriptor.hpp"
#include "faulty_kernel.hpp"
#include "ordered_writes.hpp"
#include "recorded.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;
namespace data = boost::unit_test::data;

namespace {

constexpr unsigned register_send_message = 31;

/// Numbers sent through a small pipe by one operation at a time, received by another, with cancels between.
class conversation
{
public:
    static constexpr std::uint32_t last_number = 150;

    conversation(loop& l, std::mt19937& random) : loop_(l), random_(random)
    {
        checked(::fcntl(pipe_.writer.get(), F_SETPIPE_SZ, 4096));
        write_.prepare(operation::write{pipe_.writer.get(), &sent_, sizeof(sent_)});
        write_.then([this](recorded& self, result r) { return on_written(self, r); });
        read_.prepare(operation::read{pipe_.reader.get(), numbers_.data(), sizeof(numbers_)});
        read_.then([this](recorded&, result r) { return on_read(r); });
        close_.prepare(operation::close{pipe_.writer.get()});
        close_.then(
            [this](recorded&, result r)
            {
                wrong += r.error() ? 1 : 0;
                pipe_.writer.release();
                return next_step::disarm;
            });
        timer_.then([this](recorded&, result r) { return on_timer(r); });
        loop_.add(write_);
        loop_.add(read_);
        timer_.start_timer(loop_, 0ms);
    }

    /// Everything that must not happen.
    std::size_t wrong = 0;

    bool complete() const
    {
        return ended_ && received_ == last_number && sent_ == last_number && close_.calls() == 1 &&
               cancels_started_ == cancel_.calls() && !timer_.active();
    }

private:
    next_step on_written(recorded& self, result r)
    {
        if (r.error() == system_error_code(ECANCELED) && self.cancel_requested())
            return next_step::rearm;
        wrong += r.bytes() != sizeof(sent_);
        if (sent_ == last_number)
        {
            loop_.add(close_);
            return next_step::disarm;
        }
        ++sent_;
        return next_step::rearm;
    }

    next_step on_read(result r)
    {
        if (r.error() == system_error_code(ECANCELED) && read_.cancel_requested())
            return next_step::rearm;
        if (r.error() == loop_error::end_of_file)
        {
            ended_ = true;
            return next_step::disarm;
        }
        wrong += !r || r.bytes() % sizeof(sent_) != 0;
        for (std::size_t i = 0; i < r.bytes() / sizeof(sent_); ++i)
            wrong += numbers_[i] != ++received_;
        return next_step::rearm;
    }

    next_step on_timer(result r)
    {
        wrong += r.timer() != timer_outcome::expired;
        if (ended_)
            return next_step::disarm;
        recorded& target = random_() % 2 ? read_ : write_;
        switch (random_() % 4)
        {
        case 0:
            loop_.cancel(target);
            break;
        case 1:
            loop_.cancel_now(target);
            break;
        case 2:
            if (!cancel_.active())
            {
                ++cancels_started_;
                loop_.cancel(target, cancel_);
            }
            break;
        default:
            break;
        }
        loop_.timer_reset(timer_, std::chrono::microseconds(random_() % 50));
        return next_step::disarm;
    }

    loop& loop_;
    std::mt19937& random_;
    pipe_pair pipe_;
    std::uint32_t sent_ = 1;
    std::uint32_t received_ = 0;
    std::array<std::uint32_t, 5> numbers_{};
    std::size_t cancels_started_ = 0;
    bool ended_ = false;
    recorded write_;
    recorded read_;
    recorded close_;
    recorded cancel_;
    recorded timer_;
};

/// Every other loop spins before it sleeps.
std::chrono::nanoseconds spin_of(unsigned seed)
{
    return seed % 2 == 0 ? 0us : 20us;
}

} // namespace

BOOST_AUTO_TEST_SUITE(loop_faults_test)

BOOST_DATA_TEST_CASE(an_enter_that_fails_for_a_while_loses_nothing,
    data::make({EINTR, EAGAIN, EBUSY, ENOMEM, ETIME}) * data::xrange(1u, 9u), error, entries)
{
    faulty_kernel kernel;
    kernel.next_enters_return.assign(20, -error);
    check_that_writes_keep_their_order(kernel, entries);
    BOOST_TEST(kernel.next_enters_return.empty());
}

BOOST_DATA_TEST_CASE(partial_submissions_keep_the_order, data::xrange(2u, 9u), entries)
{
    faulty_kernel kernel(entries, {0, 100, 0});
    check_that_writes_keep_their_order(kernel, entries);
}

BOOST_AUTO_TEST_CASE(what_a_submit_leaves_behind_follows_later_in_order)
{
    faulty_kernel kernel(1, {0, 100, 0});
    const pipe_pair p;
    ordered_writes w(50, p);
    loop_on l(kernel);
    w.add_to(l);
    for (const int error : {EAGAIN, EBUSY, EINTR})
    {
        kernel.next_enters_return = {-error};
        l.submit();
        BOOST_TEST(kernel.next_enters_return.empty());
    }
    l.submit();
    l.submit();
    BOOST_TEST(l.active() == 50u);
    l.run(run_mode::until_done);
    BOOST_TEST(p.read(1000) == w.expected());
    BOOST_TEST(w.called_in_order());
}

BOOST_AUTO_TEST_CASE(the_statistics_count_no_submission_twice)
{
    faulty_kernel kernel(5, {40, 60, 0});
    const pipe_pair p;
    ordered_writes w(300, p);
    loop_on l(kernel);
    w.add_to(l);
    l.run(run_mode::until_done);
    BOOST_TEST(l.statistics().submissions == 300u);
    BOOST_TEST(l.statistics().completions == 300u);
}

BOOST_AUTO_TEST_CASE(an_error_of_a_broken_ring_leaves_run_and_a_later_run_goes_on)
{
    faulty_kernel kernel;
    kernel.next_enters_return = {-EFAULT, -EFAULT};
    const pipe_pair p;
    ordered_writes w(20, p);
    loop_on l(kernel);
    w.add_to(l);
    BOOST_CHECK_EXCEPTION(l.run(run_mode::until_done), std::system_error,
        [](const std::system_error& e) { return e.code() == system_error_code(EFAULT); });
    std::error_code error;
    BOOST_TEST(l.run(run_mode::until_done, error) == 0u);
    BOOST_TEST(error == system_error_code(EFAULT));
    BOOST_TEST(l.active() == 20u);
    BOOST_TEST(l.run(run_mode::until_done, error) == 20u);
    BOOST_TEST(!error);
    BOOST_TEST(p.read(100) == w.expected());
    BOOST_TEST(w.called_in_order());
}

BOOST_AUTO_TEST_CASE(a_loop_ends_though_enter_fails_for_a_while)
{
    const pipe_pair p;
    std::deque<recorded> reads;
    char byte = 0;
    {
        faulty_kernel kernel;
        loop_on l(kernel, {2});
        for (int i = 0; i < 10; ++i)
            l.add(reads.emplace_back(operation::read{p.reader.get(), &byte, 1}));
        l.submit();
        kernel.next_enters_return = {-EINTR, -EAGAIN, -EBUSY, -EINTR, -ENOMEM};
        kernel.rates = {50, 50, 0};
        l.add(reads.emplace_back(operation::read{p.reader.get(), &byte, 1}));
    }
    for (const recorded& read : reads)
    {
        BOOST_TEST(!read.active());
        BOOST_TEST(read.calls() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_loop_whose_ring_is_broken_ends_and_leaves_the_kernel_what_it_has)
{
    const pipe_pair p;
    static char byte = 0;
    // The kernel may write to it for ever, and so it lives for ever.
    static recorded& read = *new recorded(operation::read{p.reader.get(), &byte, 1});
    recorded timer;
    {
        faulty_kernel kernel;
        loop_on l(kernel, {2});
        l.add(read);
        l.submit();
        l.timer(timer, 1h, nullptr);
        kernel.next_enters_return.assign(1000, -EPERM);
    }
    BOOST_TEST(read.active());
    BOOST_TEST(!timer.active());
}

BOOST_AUTO_TEST_CASE(a_cancel_of_what_is_being_carried_out_is_told_so)
{
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    recorded cancel;
    faulty_kernel kernel;
    loop_on l(kernel);
    l.add(read);
    l.submit();
    kernel.next_submission_answers = -EALREADY;
    l.cancel(read, cancel);
    BOOST_TEST(run_until(l, [&] { return cancel.calls() == 1u; }));
    BOOST_TEST(cancel.only().error() == make_error_code(loop_error::in_progress));
    p.write("x");
    BOOST_TEST(run_until(l, [&] { return read.calls() == 1u; }));
    BOOST_TEST(read.only().bytes() == 1u);
}

BOOST_AUTO_TEST_CASE(an_operation_that_ends_by_accident_is_issued_again_unseen)
{
    if (!faulty_kernel::has_accidents())
        return;
    faulty_kernel kernel(3, {0, 0, 100});
    const descriptor listener = tcp_listener();
    const address server_address = address::local_of(listener);
    const descriptor client = tcp_socket();
    const socket_pair sockets;
    const pipe_pair p;
    char bytes[2] = {};
    recorded accept(operation::accept{listener.get()});
    recorded connect(operation::connect{client.get(), server_address.get(), server_address.size});
    recorded read(operation::read{p.reader.get(), &bytes[0], 1});
    recorded write(operation::write{p.writer.get(), "a", 1});
    recorded receive(operation::recv{sockets.first.get(), &bytes[1], 1});
    recorded send(operation::send{sockets.second.get(), "b", 1});
    recorded poll(operation::poll{sockets.second.get(), POLLOUT});
    const std::array<recorded*, 7> all{&accept, &connect, &read, &write, &receive, &send, &poll};
    loop_on l(kernel);
    for (recorded* c : all)
        l.add(*c);
    for (int i = 0; i < 5; ++i)
        BOOST_TEST(l.run(run_mode::no_wait) == 0u);
    BOOST_TEST(kernel.accidents == 35);
    BOOST_TEST(l.active() == all.size());
    kernel.rates = {};
    BOOST_TEST(l.run(run_mode::until_done) == all.size());
    for (const recorded* c : all)
        BOOST_TEST(!c->only().error());
    BOOST_TEST(std::string(bytes, 2) == "ab");
    const descriptor server(accept.only().descriptor());
}

BOOST_AUTO_TEST_CASE(an_accident_of_what_is_to_be_cancelled_is_its_end)
{
    if (!faulty_kernel::has_accidents())
        return;
    for (unsigned seed = 0; seed < 8; ++seed)
    {
        faulty_kernel kernel(seed, {0, 0, 100});
        const pipe_pair p;
        char byte = 0;
        recorded read(operation::read{p.reader.get(), &byte, 1});
        recorded cancel;
        loop_on l(kernel);
        l.add(read);
        l.cancel(read, cancel);
        BOOST_TEST(l.run(run_mode::until_done) == 2u);
        BOOST_TEST(read.only().error() == system_error_code(ECANCELED));
    }
}

BOOST_DATA_TEST_CASE(conversations_survive_all_faults_at_once, data::xrange(60u), seed)
{
    fault_rates rates{20, 40, 10};
    if (!faulty_kernel::has_accidents())
        rates.accident = 0;
    faulty_kernel kernel(seed, rates);
    if (seed % 3 == 0)
        kernel.unknown_flags = IORING_SETUP_COOP_TASKRUN;
    std::mt19937 random(seed);
    std::deque<conversation> conversations;
    loop_on l(kernel, {1 + seed % 8, spin_of(seed)});
    for (int i = 0; i < 6; ++i)
        conversations.emplace_back(l, random);
    BOOST_TEST(run_until(l, [&] { return l.active() == 0; }));
    for (const conversation& c : conversations)
    {
        BOOST_TEST(c.wrong == 0u);
        BOOST_TEST(c.complete());
    }
}

BOOST_DATA_TEST_CASE(threads_that_start_and_cancel_survive_all_faults_at_once, data::xrange(6u), seed)
{
    constexpr std::size_t starters = 3;
    constexpr std::size_t rounds = 200;
    fault_rates rates{20, 40, 10};
    if (!faulty_kernel::has_accidents())
        rates.accident = 0;
    faulty_kernel kernel(seed, rates);
    if (seed % 2)
        kernel.failing_registers[register_send_message] = -EINVAL;
    std::mutex mutex;
    std::atomic<std::size_t> running{starters};
    std::atomic<std::size_t> wrong{0};
    loop_on l(kernel, {1 + seed, spin_of(seed)});
    std::vector<std::thread> threads;
    for (unsigned n = 0; n < starters; ++n)
        threads.emplace_back(
            [&, n]
            {
                std::mt19937 random(seed * 100 + n);
                for (std::size_t round = 0; round < rounds; ++round)
                {
                    pipe_pair p;
                    char byte = 0;
                    std::promise<result> ended;
                    auto result_of_read = ended.get_future();
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
                    const bool written = random() % 2 == 0;
                    if (written)
                        p.write("x");
                    if (!written || random() % 2 == 0)
                    {
                        const std::lock_guard lock(mutex);
                        if (random() % 2 == 0)
                            l.cancel(read);
                        else
                            l.cancel_now(read);
                    }
                    l.wake();
                    // The completion is in this frame: there is no way on without its end.
                    if (result_of_read.wait_for(patience) != std::future_status::ready)
                        std::abort();
                    const result r = result_of_read.get();
                    // Under the lock: the loop has left the callback then.
                    const std::lock_guard lock(mutex);
                    const bool aborted = r.error() == system_error_code(ECANCELED) && read.cancel_requested();
                    if (!(aborted || (r.bytes() == 1 && written)) || read.calls() != 1)
                        ++wrong;
                    else if (aborted && written && p.read(1) != "x")
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
