// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the executor of io_context: its properties, and how it submits.

#include <asio_uring/io_context.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <stdexcept>
#include <type_traits>

namespace {

namespace asio = boost::asio;
namespace execution = boost::asio::execution;
using asio_uring::io_context;
using executor_type = io_context::executor_type;

// Others specialise templates for all our executors, so their arguments must be deducible.
template <typename>
constexpr bool is_our_executor = false;
template <typename Allocator, std::uintptr_t Bits>
constexpr bool is_our_executor<io_context::basic_executor_type<Allocator, Bits>> = true;

using tracked_type =
    std::decay_t<decltype(asio::require(std::declval<executor_type>(), execution::outstanding_work.tracked))>;

static_assert(is_our_executor<executor_type> && is_our_executor<tracked_type>);
static_assert(!std::is_same_v<executor_type, tracked_type>);
static_assert(execution::is_executor<executor_type>::value && execution::is_executor<tracked_type>::value);
static_assert(!execution::is_executor<io_context>::value);
static_assert(
    std::is_nothrow_copy_constructible_v<executor_type> && std::is_nothrow_move_assignable_v<tracked_type>);
static_assert(sizeof(executor_type) == sizeof(void*));
static_assert(noexcept(std::declval<io_context&>().get_executor()));
static_assert(
    std::is_same_v<decltype(asio::query(std::declval<executor_type>(), execution::context)), io_context&>);

// Whether our executor and that of boost::asio::io_context can do the same with a property.
template <typename Property>
constexpr bool is_as_in_asio = asio::can_require_v<executor_type, Property> ==
                               asio::can_require_v<asio::io_context::executor_type, Property>&&
                                   asio::can_prefer_v<executor_type, Property> ==
                               asio::can_prefer_v<asio::io_context::executor_type, Property>&&
                                   asio::can_query_v<executor_type, Property> ==
                               asio::can_query_v<asio::io_context::executor_type, Property>;

static_assert(
    is_as_in_asio<execution::context_t> && is_as_in_asio<execution::context_as_t<asio::execution_context&>>);
static_assert(is_as_in_asio<execution::blocking_t> && is_as_in_asio<execution::blocking_t::always_t>);
static_assert(
    is_as_in_asio<execution::blocking_t::possibly_t> && is_as_in_asio<execution::blocking_t::never_t>);
static_assert(is_as_in_asio<execution::relationship_t> && is_as_in_asio<execution::relationship_t::fork_t>);
static_assert(is_as_in_asio<execution::relationship_t::continuation_t>);
static_assert(
    is_as_in_asio<execution::outstanding_work_t> && is_as_in_asio<execution::outstanding_work_t::tracked_t>);
static_assert(is_as_in_asio<execution::outstanding_work_t::untracked_t>);
static_assert(is_as_in_asio<execution::mapping_t> && is_as_in_asio<execution::mapping_t::thread_t>);
static_assert(
    is_as_in_asio<execution::mapping_t::new_thread_t> && is_as_in_asio<execution::mapping_t::other_t>);
static_assert(is_as_in_asio<execution::allocator_t<void>> &&
              is_as_in_asio<execution::allocator_t<std::allocator<int>>>);
static_assert(is_as_in_asio<execution::occupancy_t> && is_as_in_asio<execution::blocking_adaptation_t>);

using other_allocator = asio::recycling_allocator<void>;

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_executor)

BOOST_AUTO_TEST_CASE(executors_of_one_context_are_equal_and_of_two_are_not)
{
    io_context context;
    io_context other;
    BOOST_CHECK(context.get_executor() == context.get_executor());
    BOOST_CHECK(context.get_executor() != other.get_executor());
    BOOST_CHECK(context.get_executor() != asio::require(context.get_executor(), execution::blocking.never));
    executor_type assigned = other.get_executor();
    assigned = context.get_executor();
    BOOST_CHECK(assigned == context.get_executor());
}

BOOST_AUTO_TEST_CASE(an_executor_tells_its_default_properties)
{
    io_context context;
    const executor_type executor = context.get_executor();
    BOOST_CHECK(&asio::query(executor, execution::context) == &context);
    BOOST_CHECK(asio::query(executor, execution::blocking) == execution::blocking.possibly);
    BOOST_CHECK(asio::query(executor, execution::blocking.possibly) == execution::blocking.possibly);
    BOOST_CHECK(asio::query(executor, execution::relationship) == execution::relationship.fork);
    BOOST_CHECK(asio::query(executor, execution::relationship.fork) == execution::relationship.fork);
    BOOST_CHECK(asio::query(executor, execution::outstanding_work) == execution::outstanding_work.untracked);
    BOOST_CHECK(asio::query(executor, execution::mapping) == execution::mapping.thread);
    BOOST_CHECK(asio::query(executor, execution::allocator) == std::allocator<void>());
    static_assert(executor_type::query(execution::mapping) == execution::mapping.thread);
    static_assert(tracked_type::query(execution::outstanding_work) == execution::outstanding_work.tracked);
}

BOOST_AUTO_TEST_CASE(each_property_can_be_required_and_taken_back)
{
    io_context context;
    const executor_type executor = context.get_executor();

    const auto never = asio::require(executor, execution::blocking.never);
    BOOST_CHECK(asio::query(never, execution::blocking) == execution::blocking.never);
    BOOST_CHECK(asio::require(never, execution::blocking.possibly) == executor);

    const auto continuation = asio::require(executor, execution::relationship.continuation);
    BOOST_CHECK(asio::query(continuation, execution::relationship) == execution::relationship.continuation);
    BOOST_CHECK(asio::require(continuation, execution::relationship.fork) == executor);

    const auto tracked = asio::require(executor, execution::outstanding_work.tracked);
    BOOST_CHECK(asio::query(tracked, execution::outstanding_work) == execution::outstanding_work.tracked);
    BOOST_CHECK(asio::require(tracked, execution::outstanding_work.untracked) == executor);

    const other_allocator allocator;
    const auto allocating = asio::require(executor, execution::allocator(allocator));
    BOOST_CHECK(asio::query(allocating, execution::allocator) == allocator);
    BOOST_CHECK(asio::require(allocating, execution::allocator) == executor);

    const auto all = asio::require(tracked, execution::blocking.never, execution::relationship.continuation);
    BOOST_CHECK(asio::query(all, execution::blocking) == execution::blocking.never);
    BOOST_CHECK(asio::query(all, execution::relationship) == execution::relationship.continuation);
    BOOST_CHECK(asio::query(all, execution::outstanding_work) == execution::outstanding_work.tracked);
}

BOOST_AUTO_TEST_CASE(what_can_be_required_can_be_preferred)
{
    io_context context;
    const executor_type executor = context.get_executor();
    BOOST_CHECK(asio::prefer(executor, execution::blocking.never) ==
                asio::require(executor, execution::blocking.never));
    BOOST_CHECK(asio::prefer(executor, execution::relationship.continuation) ==
                asio::require(executor, execution::relationship.continuation));
    static_assert(
        std::is_same_v<decltype(asio::prefer(executor, execution::outstanding_work.tracked)), tracked_type>);
}

BOOST_AUTO_TEST_CASE(a_tracked_executor_is_work_until_it_ends)
{
    io_context context;
    {
        auto tracked = asio::require(context.get_executor(), execution::outstanding_work.tracked);
        const auto copy = tracked;
        auto moved = std::move(tracked);
        BOOST_TEST(context.poll() == 0U);
        BOOST_TEST(!context.stopped());

        tracked = moved;
        moved = std::move(tracked);
        context.poll();
        BOOST_TEST(!context.stopped());
    }
    context.poll();
    BOOST_TEST(context.stopped());
}

BOOST_AUTO_TEST_CASE(work_stays_with_the_executor_that_was_moved_to)
{
    io_context context;
    auto source = std::make_unique<tracked_type>(
        asio::require(context.get_executor(), execution::outstanding_work.tracked));
    const tracked_type target = std::move(*source);
    source.reset();
    context.poll();
    BOOST_TEST(!context.stopped());
}

BOOST_AUTO_TEST_CASE(work_moves_with_a_tracked_executor_to_another_context)
{
    io_context context;
    io_context other;
    auto tracked = asio::require(context.get_executor(), execution::outstanding_work.tracked);
    const auto of_other = asio::require(other.get_executor(), execution::outstanding_work.tracked);
    tracked = of_other;
    context.poll();
    other.poll();
    BOOST_TEST(context.stopped());
    BOOST_TEST(!other.stopped());
}

BOOST_AUTO_TEST_CASE(execute_queues_outside_run_and_calls_at_once_inside)
{
    io_context context;
    const executor_type executor = context.get_executor();
    int calls = 0;
    executor.execute(
        [&]
        {
            executor.execute([&] { ++calls; });
            BOOST_TEST(calls == 1);
            asio::require(executor, execution::blocking.never).execute([&] { ++calls; });
            asio::require(executor, execution::blocking.never, execution::relationship.continuation)
                .execute([&] { ++calls; });
            BOOST_TEST(calls == 1);
        });
    BOOST_TEST(calls == 0);
    BOOST_TEST(context.run() == 3U);
    BOOST_TEST(calls == 3);
}

BOOST_AUTO_TEST_CASE(execute_takes_functions_that_can_only_be_moved)
{
    io_context context;
    bool called = false;
    context.get_executor().execute(
        [&, owned = std::make_unique<int>(1)]() mutable { called = owned != nullptr; });
    context.run();
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(what_execute_calls_at_once_throws_out_of_run)
{
    io_context context;
    bool went_on = false;
    context.get_executor().execute(
        [&]
        {
            context.get_executor().execute([] { throw std::runtime_error("inside"); });
            went_on = true;
        });
    BOOST_CHECK_THROW(context.run(), std::runtime_error);
    BOOST_TEST(went_on);
}

BOOST_AUTO_TEST_CASE(running_in_this_thread_is_true_in_run_only)
{
    io_context context;
    io_context other;
    const executor_type executor = context.get_executor();
    BOOST_TEST(!executor.running_in_this_thread());
    executor.execute(
        [&]
        {
            BOOST_TEST(executor.running_in_this_thread());
            BOOST_TEST(!other.get_executor().running_in_this_thread());
            BOOST_TEST(
                !std::async(std::launch::async, [&] { return executor.running_in_this_thread(); }).get());
        });
    BOOST_TEST(context.run() == 1U);
}

#if !defined(BOOST_ASIO_NO_TS_EXECUTORS)
BOOST_AUTO_TEST_CASE(the_older_interface_counts_work_and_submits)
{
    io_context context;
    const executor_type executor = context.get_executor();
    BOOST_TEST(&executor.context() == &context);
    executor.on_work_started();
    context.poll();
    BOOST_TEST(!context.stopped());

    int calls = 0;
    const std::allocator<void> allocator;
    executor.post(
        [&]
        {
            executor.dispatch([&] { ++calls; }, allocator);
            BOOST_TEST(calls == 1);
            executor.post([&] { ++calls; }, allocator);
            executor.defer([&] { ++calls; }, allocator);
            BOOST_TEST(calls == 1);
            executor.on_work_finished();
        },
        allocator);
    executor.dispatch([&] { ++calls; }, allocator);
    executor.defer([&] { ++calls; }, allocator);
    BOOST_TEST(calls == 0);
    BOOST_TEST(context.run() == 5U);
    BOOST_TEST(calls == 5);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
