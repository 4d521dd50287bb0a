// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests io_context::strand, the strand that is a class of its own.

#include <asio_uring/io_context.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/defer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/is_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/test/unit_test.hpp>
#include <latch>
#include <memory>
#include <thread>
#include <vector>

#if !defined(BOOST_ASIO_NO_EXTENSIONS) && !defined(BOOST_ASIO_NO_TS_EXECUTORS)

namespace {

namespace asio = boost::asio;
using asio_uring::io_context;

static_assert(asio::is_executor<io_context::strand>::value);

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_strand)

BOOST_AUTO_TEST_CASE(copies_of_a_strand_are_equal_and_others_are_not)
{
    io_context context;
    const io_context::strand strand(context);
    const io_context::strand copy = strand;
    const io_context::strand other(context);
    BOOST_CHECK(strand == copy);
    BOOST_CHECK(strand != other);
    BOOST_TEST(&strand.context() == &context);
}

BOOST_AUTO_TEST_CASE(handlers_of_a_strand_run_one_at_a_time_and_in_order)
{
    io_context context;
    const io_context::strand strand(context);
    std::vector<int> order; // Not locked: the thread sanitizer would tell.
    constexpr int count = 500;
    for (int i = 0; i != count; ++i)
        asio::post(strand, [&order, i] { order.push_back(i); });
    std::thread second([&] { context.run(); });
    std::thread third([&] { context.run(); });
    context.run();
    second.join();
    third.join();
    BOOST_REQUIRE(order.size() == std::size_t{count});
    for (int i = 0; i != count; ++i)
        BOOST_REQUIRE(order[static_cast<std::size_t>(i)] == i);
}

BOOST_AUTO_TEST_CASE(different_strands_run_at_the_same_time)
{
    io_context context;
    const io_context::strand first(context);
    const io_context::strand second(context);
    std::latch both(2);
    asio::post(first, [&] { both.arrive_and_wait(); });
    asio::post(second, [&] { both.arrive_and_wait(); });
    std::thread thread([&] { context.run(); });
    context.run();
    thread.join();
    BOOST_TEST(both.try_wait());
}

BOOST_AUTO_TEST_CASE(dispatch_calls_at_once_inside_the_strand_and_where_it_is_free)
{
    io_context context;
    const io_context::strand strand(context);
    std::vector<int> order;
    asio::dispatch(strand, [&] { order.push_back(1); });
    BOOST_TEST(order.empty());
    asio::post(context,
        [&]
        {
            asio::dispatch(strand,
                [&]
                {
                    BOOST_TEST(strand.running_in_this_thread());
                    asio::post(strand, [&] { order.push_back(4); });
                    asio::defer(strand, [&] { order.push_back(5); });
                    asio::dispatch(strand, [&] { order.push_back(2); });
                });
            order.push_back(3);
        });
    BOOST_TEST(!strand.running_in_this_thread());
    context.run();
    BOOST_TEST(order == (std::vector<int>{1, 2, 3, 4, 5}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_handler_bound_to_a_strand_runs_in_it)
{
    io_context context;
    const io_context::strand strand(context);
    asio::steady_timer timer(context, std::chrono::milliseconds(1));
    bool inside = false;
    timer.async_wait(asio::bind_executor(
        strand, [&](const boost::system::error_code&) { inside = strand.running_in_this_thread(); }));
    context.run();
    BOOST_TEST(inside);
}

BOOST_AUTO_TEST_CASE(a_work_guard_of_a_strand_is_work_of_its_context)
{
    io_context context;
    auto guard = asio::make_work_guard(io_context::strand(context));
    context.poll();
    BOOST_TEST(!context.stopped());
    guard.reset();
    context.poll();
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(an_exception_of_one_handler_does_not_lose_the_next)
{
    io_context context;
    const io_context::strand strand(context);
    bool called = false;
    asio::post(strand, [] { throw 1; });
    asio::post(strand, [&] { called = true; });
    BOOST_CHECK_THROW(context.run(), int);
    context.run();
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(the_end_of_a_context_destroys_handlers_that_own_the_strand_they_wait_in)
{
    bool called = false;
    const auto owned = std::make_shared<int>();
    {
        io_context context;
        const io_context::strand strand(context);
        asio::post(strand, [&called, owned, strand] { called = true; });
        asio::post(strand, [&called, owned, strand] { called = true; });
    }
    BOOST_TEST(owned.use_count() == 1);
    BOOST_TEST(!called);
}

#if !defined(BOOST_ASIO_NO_DEPRECATED)
BOOST_AUTO_TEST_CASE(deprecated_members_of_a_strand_work)
{
    io_context context;
    io_context::strand strand(context);
    std::vector<int> order;
    strand.post(
        [&]
        {
            strand.dispatch([&] { order.push_back(1); });
            strand.post([&] { order.push_back(3); });
            order.push_back(2);
        });
    auto wrapped = strand.wrap(
        [&](int value)
        {
            BOOST_TEST(strand.running_in_this_thread());
            order.push_back(value);
        });
    wrapped(4);
    BOOST_TEST(order.empty());
    context.run();
    BOOST_TEST(order == (std::vector<int>{1, 2, 4, 3}), boost::test_tools::per_element());
}
#endif

BOOST_AUTO_TEST_SUITE_END()

#endif // extensions and TS executors
