// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests that a handler of an I/O object runs on the executor that it is bound to, and nowhere else.

#include <asio_uring/io_context.hpp>

#include <connection.hpp>
#include <contexts.hpp>
#include <counting_allocator.hpp>
#include <outcome.hpp>

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/execution.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/system_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <thread>
#include <utility>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
namespace execution = asio::execution;

// One operation of each kind, whose handlers look where they run.
class operations
{
public:
    template <typename Context>
    explicit operations(Context& context)
        : acceptor_(context, loopback()),
          accepted_(context),
          connected_(context),
          closed_(context),
          timer_(context, 1ms),
          connection_(context)
    {}

    // Starts all; each handler is bound to the executor and calls `is_here`.
    template <typename Executor>
    void start(const Executor& executor, std::function<bool()> is_here)
    {
        is_here_ = std::move(is_here);
        // The same type for all contexts of an executor: these are many operations to compile.
        const auto handler = [&]
        {
            return asio::bind_executor(executor,
                [this](const error_code&, auto&&...)
                {
                    ++calls_;
                    if (is_here_())
                        ++calls_here_;
                });
        };
        acceptor_.async_accept(accepted_, handler());
        connected_.async_connect(acceptor_.local_endpoint(), handler());
        connection_.socket.async_receive(asio::mutable_buffer(place_), handler());
        connection_.peer_sends("data");
        closed_.async_receive(asio::mutable_buffer(place_), handler());
        timer_.async_wait(handler());
        BOOST_TEST(calls_ == 0);
    }

    bool are_all_here() const
    {
        return calls_ == 5 && calls_here_ == 5;
    }

    bool are_none_over() const
    {
        return calls_ == 0;
    }

private:
    tcp::acceptor acceptor_;
    tcp::socket accepted_;
    tcp::socket connected_;
    tcp::socket closed_;
    asio::steady_timer timer_;
    connection connection_;
    space<4> place_;
    std::function<bool()> is_here_;
    std::atomic<int> calls_ = 0;
    std::atomic<int> calls_here_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_bound_executors)

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_bound_to_another_context_run_there, Context, all_contexts)
{
    Context context;
    Context other;
    operations all(context);
    all.start(other.get_executor(), [&] { return other.get_executor().running_in_this_thread(); });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(all.are_none_over());
    BOOST_TEST(run_to_the_end(other));
    BOOST_TEST(all.are_all_here());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_bound_to_a_context_of_another_kind_run_there, Context, all_contexts)
{
    Context context;
    stock asios;
    operations all(context);
    all.start(asios.get_executor(), [&] { return asios.get_executor().running_in_this_thread(); });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(all.are_none_over());
    BOOST_TEST(run_to_the_end(asios));
    BOOST_TEST(all.are_all_here());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    handlers_of_asios_context_run_on_the_one_they_are_bound_to, Context, all_contexts)
{
    Context context;
    stock asios;
    operations all(asios);
    all.start(context.get_executor(), [&] { return context.get_executor().running_in_this_thread(); });
    BOOST_TEST(run_to_the_end(asios));
    BOOST_TEST(all.are_none_over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(all.are_all_here());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_a_context_owes_to_another_is_work_of_the_other, Context, all_contexts)
{
    Context context;
    Context other;
    asio::steady_timer timer(context, 1h);
    timer.async_wait(asio::bind_executor(other, [](const error_code&) {}));
    tick(other);
    BOOST_TEST(!other.stopped());
    timer.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(run_to_the_end(other));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_bound_to_a_strand_run_in_it, Context, all_contexts)
{
    Context context;
    const auto strand = asio::make_strand(context);
    operations all(context);
    all.start(strand, [=] { return strand.running_in_this_thread(); });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(all.are_all_here());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_bound_to_a_strand_of_another_context_run_in_it, Context, all_contexts)
{
    Context context;
    Context other;
    const auto strand = asio::make_strand(other);
    operations all(context);
    all.start(strand, [&, strand]
        { return strand.running_in_this_thread() && other.get_executor().running_in_this_thread(); });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(all.are_none_over());
    BOOST_TEST(run_to_the_end(other));
    BOOST_TEST(all.are_all_here());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_bound_to_a_thread_pool_run_in_it, Context, all_contexts)
{
    Context context;
    asio::thread_pool pool(2);
    operations all(context);
    all.start(pool.get_executor(), [&, here = std::this_thread::get_id()]
        { return pool.get_executor().running_in_this_thread() && std::this_thread::get_id() != here; });
    BOOST_TEST(run_to_the_end(context));
    pool.join();
    BOOST_TEST(all.are_all_here());
}

// The system executor may call what it is given at once, and Asio has it do so.
BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_bound_to_the_system_executor_run_at_once, Context, all_contexts)
{
    Context context;
    operations all(context);
    all.start(asio::system_executor(),
        [here = std::this_thread::get_id()] { return std::this_thread::get_id() == here; });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(all.are_all_here());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    handlers_bound_to_a_never_blocking_executor_run_on_its_context, Context, all_contexts)
{
    Context context;
    Context other;
    for (Context* const target : {&context, &other})
    {
        operations all(context);
        all.start(asio::require(target->get_executor(), execution::blocking.never,
                      execution::relationship.continuation),
            [=] { return target->get_executor().running_in_this_thread(); });
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(all.are_none_over() == (target == &other));
        BOOST_TEST(run_to_the_end(other));
        BOOST_TEST(all.are_all_here());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    handlers_bound_to_an_executor_with_an_allocator_run_on_its_context, Context, all_contexts)
{
    int allocations = 0;
    int live = 0;
    {
        Context context;
        Context other;
        for (Context* const target : {&context, &other})
        {
            operations all(context);
            all.start(asio::require(target->get_executor(),
                          execution::allocator(counting_allocator<void>(allocations, live))),
                [=] { return target->get_executor().running_in_this_thread(); });
            BOOST_TEST(run_to_the_end(context));
            BOOST_TEST(all.are_none_over() == (target == &other));
            BOOST_TEST(run_to_the_end(other));
            BOOST_TEST(all.are_all_here());
        }
    }
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_bound_to_a_tracked_executor_run_on_its_context, Context, all_contexts)
{
    Context context;
    Context other;
    {
        operations all(context);
        all.start(asio::require(other.get_executor(), execution::outstanding_work.tracked),
            [&] { return other.get_executor().running_in_this_thread(); });
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(all.are_none_over());
        BOOST_TEST(run_to_the_end(other));
        BOOST_TEST(all.are_all_here());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    handlers_bound_to_a_type_erased_executor_run_on_its_context, Context, all_contexts)
{
    Context context;
    Context other;
    for (Context* const target : {&context, &other})
    {
        operations all(context);
        all.start(asio::any_io_executor(target->get_executor()),
            [=] { return target->get_executor().running_in_this_thread(); });
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(all.are_none_over() == (target == &other));
        BOOST_TEST(run_to_the_end(other));
        BOOST_TEST(all.are_all_here());
    }
}

BOOST_AUTO_TEST_SUITE_END()
