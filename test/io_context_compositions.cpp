// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what Asio builds on an io_context's executor: type erasure, bound handlers, strands, futures,
// coroutines.

#include <asio_uring/io_context.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <thread>
#include <type_traits>

namespace {

namespace asio = boost::asio;
namespace execution = boost::asio::execution;
using asio_uring::io_context;
using executor_type = io_context::executor_type;

static_assert(std::is_convertible_v<executor_type, asio::any_io_executor>);

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_compositions)

#if !defined(BOOST_ASIO_USE_TS_EXECUTOR_AS_DEFAULT)
BOOST_AUTO_TEST_CASE(any_io_executor_holds_it_and_gives_it_back)
{
    io_context context;
    const asio::any_io_executor any = context.get_executor();
    BOOST_CHECK(any == asio::any_io_executor(context.get_executor()));
    BOOST_CHECK(any.target<executor_type>() != nullptr);
    BOOST_CHECK(&asio::query(any, execution::context) == &context);
    bool called = false;
    asio::post(any, [&] { called = true; });
    asio::require(asio::prefer(any, execution::outstanding_work.tracked), execution::blocking.never)
        .execute([] {});
    BOOST_TEST(context.run() == 2U);
    BOOST_TEST(called);
}
#endif

BOOST_AUTO_TEST_CASE(a_bound_executor_runs_the_handler_on_its_own_context)
{
    io_context context;
    io_context other;
    bool called = false;
    asio::post(
        context, asio::bind_executor(other, [&] { called = other.get_executor().running_in_this_thread(); }));
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(!called);
    BOOST_TEST(other.run() == 1U);
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(asios_strand_template_keeps_handlers_apart)
{
    io_context context;
    auto strand = asio::make_strand(context);
    int calls = 0; // Not atomic: the thread sanitizer would tell.
    for (int i = 0; i != 200; ++i)
        asio::post(strand,
            [&]
            {
                BOOST_REQUIRE(strand.running_in_this_thread());
                ++calls;
            });
    std::thread second([&] { context.run(); });
    context.run();
    second.join();
    BOOST_TEST(calls == 200);
}

BOOST_AUTO_TEST_CASE(a_future_waits_for_what_another_thread_runs)
{
    io_context context;
    const auto guard = asio::make_work_guard(context);
    std::thread runner([&] { context.run(); });
    std::future<int> future = asio::post(context, asio::use_future([] { return 42; }));
    BOOST_TEST(future.get() == 42);
    context.stop();
    runner.join();
}

#if defined(BOOST_ASIO_HAS_CO_AWAIT)
BOOST_AUTO_TEST_CASE(a_coroutine_runs_on_the_context)
{
    io_context context;
    io_context other;
    int steps = 0;
    const auto coroutine = [&]() -> asio::awaitable<void>
    {
        BOOST_TEST(context.get_executor().running_in_this_thread());
        co_await asio::post(other, asio::use_awaitable);
        BOOST_TEST(context.get_executor().running_in_this_thread());
        ++steps;
    };
    asio::co_spawn(context, coroutine(), asio::detached);
    asio::co_spawn(context.get_executor(), coroutine(), asio::detached);
    BOOST_TEST(context.poll() != 0U);
    BOOST_TEST(steps == 0);
    other.run();
    context.run();
    BOOST_TEST(steps == 2);
}
#endif

BOOST_AUTO_TEST_CASE(a_stackful_coroutine_runs_on_the_context)
{
    io_context context;
    int steps = 0;
    asio::spawn(
        context,
        [&](asio::yield_context yield)
        {
            BOOST_TEST(context.get_executor().running_in_this_thread());
            asio::post(context, yield);
            ++steps;
        },
        asio::detached);
    context.run();
    BOOST_TEST(steps == 1);
}

BOOST_AUTO_TEST_SUITE_END()
