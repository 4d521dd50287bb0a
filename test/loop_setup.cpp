// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of making a loop on kernels that are old, short of memory, or forbid it.

#include <asio_uring/available.hpp>
#include <asio_uring/loop.hpp>

#include "child_process.hpp"
#include "descriptor.hpp"
#include "faulty_kernel.hpp"
#include "ordered_writes.hpp"
#include "recorded.hpp"
#include "refuse_io_uring.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <system_error>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

namespace {

constexpr unsigned register_send_message = 31;

std::error_code error_of_making_a_loop(faulty_kernel& kernel)
{
    std::error_code error;
    const loop l({}, kernel, error);
    return error;
}

} // namespace

BOOST_AUTO_TEST_SUITE(loop_setup_test)

BOOST_AUTO_TEST_CASE(the_best_flags_are_tried_first)
{
    faulty_kernel kernel;
    const loop_on l(kernel);
    BOOST_TEST(kernel.setups.size() == 1u);
    constexpr unsigned best = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_SUBMIT_ALL;
    BOOST_TEST((kernel.setups.front() & best) == best);
}

BOOST_AUTO_TEST_CASE(a_kernel_that_refuses_a_flag_is_used_without_it)
{
    for (const unsigned flag : {IORING_SETUP_COOP_TASKRUN, IORING_SETUP_TASKRUN_FLAG})
    {
        faulty_kernel kernel;
        kernel.unknown_flags = flag;
        check_that_writes_keep_their_order(kernel, 4);
        BOOST_TEST(kernel.setups.size() == 2u);
        BOOST_TEST((kernel.setups.back() & flag) == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_loop_without_cooperative_task_running_sleeps_and_wakes)
{
    faulty_kernel kernel;
    kernel.unknown_flags = IORING_SETUP_COOP_TASKRUN;
    const pipe_pair p;
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    recorded write(operation::write{p.writer.get(), "x", 1});
    recorded timer;
    loop_on l(kernel);
    timer.then(
        [&](recorded&, result)
        {
            l.add(write);
            return next_step::disarm;
        });
    l.add(read);
    timer.start_timer(l, 2ms);
    BOOST_TEST(l.run(run_mode::until_done) == 3u);
}

BOOST_AUTO_TEST_CASE(a_kernel_that_refuses_all_flags_is_too_old)
{
    faulty_kernel kernel;
    kernel.unknown_flags = IORING_SETUP_SUBMIT_ALL;
    BOOST_TEST(error_of_making_a_loop(kernel) == make_error_code(loop_error::kernel_too_old));
    BOOST_TEST(kernel.rings_made == 0);
    BOOST_TEST(kernel.rings_ended == 0);
}

BOOST_AUTO_TEST_CASE(a_kernel_that_lacks_a_feature_is_too_old)
{
    for (const unsigned feature :
        {IORING_FEAT_NODROP, IORING_FEAT_SUBMIT_STABLE, IORING_FEAT_RW_CUR_POS, IORING_FEAT_EXT_ARG})
    {
        faulty_kernel kernel;
        kernel.lacking_features = feature;
        BOOST_TEST(error_of_making_a_loop(kernel) == make_error_code(loop_error::kernel_too_old));
        BOOST_TEST(kernel.rings_made == 1);
        BOOST_TEST(kernel.rings_ended == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_kernel_without_synchronous_cancel_is_too_old)
{
    faulty_kernel kernel;
    kernel.failing_registers[IORING_REGISTER_SYNC_CANCEL] = -EINVAL;
    BOOST_TEST(error_of_making_a_loop(kernel) == make_error_code(loop_error::kernel_too_old));
    BOOST_TEST(kernel.rings_ended == 1);
}

BOOST_AUTO_TEST_CASE(a_filter_that_forbids_io_uring_register_is_not_taken_for_an_old_kernel)
{
    faulty_kernel kernel;
    kernel.failing_registers[IORING_REGISTER_SYNC_CANCEL] = -EPERM;
    std::error_code error;
    const loop l({}, kernel, error);
    BOOST_TEST(error == system_error_code(EPERM));
    BOOST_TEST(kernel.rings_ended == kernel.rings_made);
}

BOOST_AUTO_TEST_CASE(memory_that_is_given_back_late_is_waited_for)
{
    faulty_kernel kernel;
    kernel.next_setups_fail = {-ENOMEM, -ENOMEM, -ENOMEM};
    check_that_writes_keep_their_order(kernel, 4);
    BOOST_TEST(kernel.setups.size() == 4u);
}

BOOST_AUTO_TEST_CASE(memory_that_is_never_there_is_an_error_in_the_end)
{
    faulty_kernel kernel;
    kernel.every_setup_fails = -ENOMEM;
    const auto start = loop::clock::now();
    BOOST_TEST(error_of_making_a_loop(kernel) == system_error_code(ENOMEM));
    BOOST_TEST((loop::clock::now() - start < 5s));
    BOOST_TEST(kernel.setups.size() > 1u);
}

BOOST_AUTO_TEST_CASE(what_forbids_io_uring_is_told_at_once)
{
    for (const int error : {EPERM, ENOSYS, EMFILE, ENFILE, EACCES})
    {
        faulty_kernel kernel;
        kernel.every_setup_fails = -error;
        BOOST_TEST(error_of_making_a_loop(kernel) == system_error_code(error));
        BOOST_TEST(kernel.setups.size() == 1u);
    }
}

BOOST_DATA_TEST_CASE(
    a_loop_where_a_filter_refuses_io_uring_reports_why, boost::unit_test::data::make({EPERM, ENOSYS}), error)
{
    const std::string report = answer_of_a_child(
        [&]() -> std::string
        {
            if (!refuse_io_uring(error))
                return "no filter";
            try
            {
                const loop l;
                return "a loop";
            }
            catch (const std::system_error& refusal)
            {
                return refusal.code() == system_error_code(error) ? refusal.what() : "another error";
            }
        });
    BOOST_TEST(report.find("asio_uring::loop: " + explain_unavailable(system_error_code(error))) == 0U);
}

BOOST_AUTO_TEST_CASE(a_ring_that_was_made_is_ended_once)
{
    faulty_kernel kernel;
    {
        const loop_on l(kernel);
        BOOST_TEST(kernel.rings_ended == 0);
    }
    BOOST_TEST(kernel.rings_made == 1);
    BOOST_TEST(kernel.rings_ended == 1);
}

BOOST_AUTO_TEST_CASE(a_kernel_without_messages_from_outside_is_woken_through_the_wake_ring)
{
    faulty_kernel kernel;
    kernel.failing_registers[register_send_message] = -EINVAL;
    loop_on l(kernel);
    for (int i = 0; i < 200; ++i)
    {
        const loop::wait_plan plan = l.begin_tick(true);
        BOOST_TEST(plan.block);
        std::thread waker([&] { l.wake(); });
        BOOST_TEST(!l.wait(plan));
        l.end_tick();
        waker.join();
    }
    // More than any queue of the wake ring's holds.
    for (int i = 0; i < 1000; ++i)
        l.wake();
    recorded timer;
    timer.start_timer(l, 1ms);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
}

BOOST_AUTO_TEST_CASE(a_wake_up_that_the_kernel_has_no_room_for_is_sent_again)
{
    faulty_kernel kernel;
    loop_on l(kernel);
    std::deque<int> refusals{-EAGAIN, -EINTR, -ENOMEM, 0};
    kernel.before_register = [&](unsigned opcode)
    {
        if (opcode != register_send_message || refusals.empty())
            return;
        kernel.failing_registers.erase(opcode);
        if (refusals.front() != 0)
            kernel.failing_registers[opcode] = refusals.front();
        refusals.pop_front();
    };
    const loop::wait_plan plan = l.begin_tick(true, 10s);
    l.wake();
    const auto start = loop::clock::now();
    BOOST_TEST(!l.wait(plan));
    l.end_tick();
    BOOST_TEST((loop::clock::now() - start < 10s));
    BOOST_TEST(refusals.empty());
}

BOOST_AUTO_TEST_CASE(the_wake_ring_works_in_a_child_of_a_process_that_used_it)
{
    const auto wake_and_wait = []
    {
        faulty_kernel kernel;
        kernel.failing_registers[register_send_message] = -EINVAL;
        std::error_code error;
        loop l({}, kernel, error);
        const loop::wait_plan plan = l.begin_tick(true, 10s);
        l.wake();
        const auto start = loop::clock::now();
        l.wait(plan);
        return !error && plan.block && loop::clock::now() - start < 10s;
    };
    BOOST_TEST(wake_and_wait());
    BOOST_TEST(in_a_child([&] { return wake_and_wait() ? 0 : 1; }) == 0);
    BOOST_TEST(wake_and_wait());
}

BOOST_AUTO_TEST_SUITE_END()
