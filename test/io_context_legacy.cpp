// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what Asio calls deprecated of an io_context.

#include <asio_uring/io_context.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <vector>

#if !defined(BOOST_ASIO_NO_DEPRECATED)

namespace {

namespace asio = boost::asio;
using asio_uring::io_context;

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_legacy)

BOOST_AUTO_TEST_CASE(post_queues_and_dispatch_calls_at_once_inside_run)
{
    io_context context;
    std::vector<int> order;
    context.dispatch(
        [&]
        {
            context.post([&] { order.push_back(3); });
            context.dispatch([&] { order.push_back(1); });
            order.push_back(2);
        });
    BOOST_TEST(order.empty());
    BOOST_TEST(context.run() == 2U);
    BOOST_TEST(order == (std::vector<int>{1, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(post_takes_handlers_that_can_only_be_moved_and_lvalues)
{
    io_context context;
    int calls = 0;
    context.post([&, owned = std::make_unique<int>(1)] { calls += *owned; });
    const auto handler = [&] { ++calls; };
    context.post(handler);
    context.dispatch(handler);
    BOOST_TEST(context.run() == 3U);
    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(post_takes_completion_tokens)
{
    io_context context;
    static_assert(std::is_void_v<decltype(context.post(asio::detached))>);
    static_assert(std::is_same_v<decltype(context.post(asio::use_future)), std::future<void>>);
    context.post(asio::detached);
    BOOST_TEST(context.run() == 1U);
}

BOOST_AUTO_TEST_CASE(post_honours_the_associated_executor)
{
    io_context context;
    io_context other;
    bool called = false;
    context.post(asio::bind_executor(other, [&] { called = true; }));
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(!called);
    BOOST_TEST(other.run() == 1U);
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(what_a_posted_handler_throws_leaves_run)
{
    io_context context;
    context.post([] { throw std::runtime_error("posted"); });
    context.post([&] { BOOST_CHECK_THROW(context.dispatch([] { throw 1; }), int); });
    BOOST_CHECK_THROW(context.run(), std::runtime_error);
    BOOST_TEST(context.run() == 1U);
}

BOOST_AUTO_TEST_CASE(handlers_that_were_posted_are_destroyed_with_the_context)
{
    const auto owned = std::make_shared<int>();
    {
        io_context context;
        context.post([owned] {});
        context.dispatch([owned] {});
        BOOST_TEST(owned.use_count() == 3);
    }
    BOOST_TEST(owned.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(a_wrapped_handler_passes_its_arguments_on_to_dispatch)
{
    io_context context;
    int sum = 0;
    const auto wrapped = context.wrap([&](int a, int b) { sum = a + b; });
    wrapped(1, 2);
    BOOST_TEST(sum == 0);
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(sum == 3);
}

BOOST_AUTO_TEST_CASE(work_and_its_copies_keep_the_context_from_stopping)
{
    io_context context;
    auto work = std::make_unique<io_context::work>(context);
    {
        const io_context::work copy(*work);
        BOOST_TEST(&work->get_io_context() == &context);
        work.reset();
        context.poll();
        BOOST_TEST(!context.stopped());
    }
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(run_functions_with_an_error_code_do_the_same)
{
    io_context context;
    for (int i = 0; i != 5; ++i)
        context.post([] {});
    boost::system::error_code ec = asio::error::would_block;
    BOOST_TEST(context.run_one(ec) == 1U);
    BOOST_TEST(!ec);
    BOOST_TEST(context.poll_one(ec) == 1U);
    BOOST_TEST(context.poll(ec) == 3U);
    BOOST_TEST(context.stopped());
    context.reset();
    BOOST_TEST(!context.stopped());
    context.post([] {});
    BOOST_TEST(context.run(ec) == 1U);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_SUITE_END()

#endif // !defined(BOOST_ASIO_NO_DEPRECATED)
