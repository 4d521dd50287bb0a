// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests ip::basic_resolver: what it answers, when it is cancelled, and the thread that it has.

#include <child_process.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <refuse_io_uring.hpp>
#include <sleeping_runner.hpp>
#include <slow_names.hpp>

#include <algorithm>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using asio::ip::tcp;
using asio::ip::udp;
using clock_type = std::chrono::steady_clock;

// A handler that writes down what it gets, with the number of addresses that are this machine's as the bytes.
auto loopbacks_into(outcome& what)
{
    return [&what](const error_code& ec, const auto& results)
    {
        std::size_t count = 0;
        for (const auto& result : results)
            count += result.endpoint().address().is_loopback() ? 1U : 0U;
        into(what)(ec, count);
    };
}

// Whether a thread that has nothing more to do is gone, which takes it a moment.
bool threads_become(std::ptrdiff_t expected)
{
    const auto end = clock_type::now() + long_enough;
    while (threads() != expected && clock_type::now() < end)
        std::this_thread::yield();
    return threads() == expected;
}

} // namespace

BOOST_AUTO_TEST_SUITE(resolver)

BOOST_AUTO_TEST_CASE_TEMPLATE(names_and_numbers_are_resolved, Context, all_contexts)
{
    Context context;
    tcp::resolver by_name(context);
    udp::resolver by_number(context);
    outcome outcomes[2];
    by_name.async_resolve("localhost", "80", loopbacks_into(outcomes[0]));
    by_number.async_resolve("127.0.0.1", "53", loopbacks_into(outcomes[1]));
    BOOST_TEST(outcomes[0].calls == 0);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[0].succeeded());
    BOOST_TEST(outcomes[0].bytes >= 1U);
    BOOST_TEST(outcomes[1].transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(results_say_what_was_asked, Context, all_contexts)
{
    Context context;
    tcp::resolver resolver(context);
    tcp::resolver::results_type got;
    resolver.async_resolve(tcp::v4(), "127.0.0.1", "8080", asio::ip::resolver_base::numeric_service,
        [&](const error_code& ec, const tcp::resolver::results_type& results)
        {
            BOOST_TEST(!ec);
            got = results;
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST_REQUIRE(got.size() == 1U);
    BOOST_TEST(got.begin()->host_name() == "127.0.0.1");
    BOOST_TEST(got.begin()->service_name() == "8080");
    BOOST_TEST(got.begin()->endpoint().port() == 8080);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(endpoints_are_resolved, Context, all_contexts)
{
    Context context;
    tcp::resolver resolver(context);
    const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), 1);
    std::string host;
    resolver.async_resolve(endpoint,
        [&](const error_code& ec, const tcp::resolver::results_type& results)
        {
            BOOST_TEST(!ec);
            BOOST_TEST((results.begin()->endpoint() == endpoint));
            host = results.begin()->host_name();
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(!host.empty());
    BOOST_TEST(resolver.resolve(endpoint).begin()->host_name() == host);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_resolver_resolves_synchronously, Context, all_contexts)
{
    Context context;
    tcp::resolver resolver(context);
    BOOST_TEST(resolver.resolve("127.0.0.1", "80").size() == 1U);
    error_code ec;
    BOOST_TEST(resolver.resolve("no number", "80", asio::ip::resolver_base::numeric_host, ec).size() == 0U);
    BOOST_TEST(ec == asio::error::host_not_found);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_cannot_be_resolved_fails, Context, all_contexts)
{
    Context context;
    tcp::resolver resolver(context);
    outcome resolved;
    resolver.async_resolve(
        "no number", "80", asio::ip::resolver_base::numeric_host, loopbacks_into(resolved));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(resolved.failed_with(asio::error::host_not_found));
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(there_is_no_epoll_descriptor_and_one_thread_while_there_is_work, Context, rings)
{
    const auto threads_before = threads();
    Context context;
    slow_names slow;
    tcp::resolver one(context);
    udp::resolver other(context);
    BOOST_TEST(threads() == threads_before);
    outcome outcomes[2];
    one.async_resolve(slow_names::name, "80", loopbacks_into(outcomes[0]));
    other.async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[1]));
    slow.wait_until_asked();
    BOOST_TEST(threads() == threads_before + 1);
    slow.answer();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[0].succeeded());
    BOOST_TEST(outcomes[1].succeeded());
    BOOST_TEST(threads_become(threads_before));
    BOOST_TEST(epoll_descriptors() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(resolutions_come_in_their_order, Context, all_contexts)
{
    Context context;
    tcp::resolver resolver(context);
    std::vector<int> order;
    for (int i = 0; i != 50; ++i)
        resolver.async_resolve("127.0.0.1", "80",
            [&, i](const error_code& ec, const tcp::resolver::results_type&)
            {
                BOOST_TEST(!ec);
                order.push_back(i);
            });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(order.size() == 50U);
    BOOST_TEST(std::is_sorted(order.begin(), order.end()));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_may_resolve_again, Context, all_contexts)
{
    Context context;
    tcp::resolver resolver(context);
    int left = 100;
    struct again
    {
        void operator()(const error_code& ec, const tcp::resolver::results_type&) const
        {
            BOOST_TEST(!ec);
            if (--left != 0)
                resolver.async_resolve("127.0.0.1", "80", *this);
        }
        tcp::resolver& resolver;
        int& left;
    };
    again{resolver, left}(error_code(), {});
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(left == 0);
}

// Asio's own waits for the answer, so these are about ours.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_ends_what_is_under_way_and_what_waits_at_once, Context, rings)
{
    Context context;
    slow_names slow;
    tcp::resolver resolver(context);
    tcp::resolver other(context);
    outcome outcomes[3];
    resolver.async_resolve(slow_names::name, "80", loopbacks_into(outcomes[0]));
    resolver.async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[1]));
    other.async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[2]));
    slow.wait_until_asked();
    resolver.cancel();
    BOOST_TEST(outcomes[0].calls == 0);
    tick(context);
    BOOST_TEST(outcomes[0].aborted());
    BOOST_TEST(outcomes[1].aborted());
    BOOST_TEST(outcomes[2].calls == 0);
    slow.answer();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[2].transferred(1));
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(destroying_a_resolver_aborts_what_is_under_way, Context, rings)
{
    Context context;
    slow_names slow;
    std::optional<tcp::resolver> resolver(std::in_place, context);
    outcome resolved;
    resolver->async_resolve(slow_names::name, "80", loopbacks_into(resolved));
    slow.wait_until_asked();
    resolver.reset();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(resolved.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_aborts_whatever_the_context, Context, all_contexts)
{
    Context context;
    slow_names slow;
    tcp::resolver resolver(context);
    outcome outcomes[2];
    resolver.async_resolve(slow_names::name, "80", loopbacks_into(outcomes[0]));
    resolver.async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[1]));
    slow.wait_until_asked();
    resolver.cancel();
    slow.answer();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[1].aborted());
    resolver.async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[1] = {}));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[1].transferred(1));
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_cancels_its_own_resolution, Context, rings)
{
    Context context;
    slow_names slow;
    tcp::resolver resolver(context);
    asio::cancellation_signal cancels[2];
    outcome outcomes[3];
    const auto resolve = [&](const char* name, int i)
    {
        resolver.async_resolve(
            name, "80", asio::bind_cancellation_slot(cancels[i].slot(), loopbacks_into(outcomes[i])));
    };
    resolve(slow_names::name, 0);
    resolve("127.0.0.1", 1);
    resolver.async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[2]));
    slow.wait_until_asked();
    for (asio::cancellation_signal& cancel : cancels)
        cancel.emit(asio::cancellation_type::terminal);
    tick(context);
    BOOST_TEST(outcomes[0].aborted());
    BOOST_TEST(outcomes[1].aborted());
    slow.answer();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[2].transferred(1));
    cancels[0].emit(asio::cancellation_type::terminal);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_may_be_used_and_die_after_the_context, Context, rings)
{
    asio::cancellation_signal late;
    outcome resolved;
    {
        slow_names slow;
        Context context;
        tcp::resolver resolver(context);
        resolver.async_resolve(
            slow_names::name, "80", asio::bind_cancellation_slot(late.slot(), loopbacks_into(resolved)));
        slow.wait_until_asked();
        slow.answer();
    }
    late.emit(asio::cancellation_type::all);
    BOOST_TEST(resolved.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_under_way_moves_with_its_resolver, Context, all_contexts)
{
    Context context;
    slow_names slow;
    std::optional<tcp::resolver> first(std::in_place, context);
    outcome outcomes[2];
    first->async_resolve(slow_names::name, "80", loopbacks_into(outcomes[0]));
    first->async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[1]));
    slow.wait_until_asked();
    tcp::resolver second(std::move(*first));
    first.reset();
    tcp::resolver third(context);
    third = std::move(second);
    tick(context);
    BOOST_TEST(outcomes[0].calls == 0);
    slow.answer();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[0].succeeded());
    BOOST_TEST(outcomes[1].transferred(1));
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(assigning_to_a_resolver_aborts_what_it_had, Context, rings)
{
    Context context;
    slow_names slow;
    tcp::resolver resolver(context);
    outcome resolved;
    resolver.async_resolve(slow_names::name, "80", loopbacks_into(resolved));
    slow.wait_until_asked();
    resolver = tcp::resolver(context);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(resolved.aborted());
}

BOOST_AUTO_TEST_CASE(a_resolver_moves_between_a_ring_and_asios_own_context)
{
    ring context;
    stock plain;
    tcp::resolver resolver(context);
    outcome outcomes[2];
    resolver = tcp::resolver(plain);
    resolver.async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[0]));
    BOOST_TEST(run_to_the_end(plain));
    BOOST_TEST(outcomes[0].transferred(1));
    resolver = tcp::resolver(context);
    resolver.async_resolve("127.0.0.1", "80", loopbacks_into(outcomes[1]));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[1].transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_resolver_of_our_executor_becomes_one_of_any, Context, rings)
{
    using ours = asio::ip::basic_resolver<tcp, asio_uring::io_context::executor_type>;
    Context context;
    ours typed(context);
    outcome resolved;
    typed.async_resolve("127.0.0.1", "80", loopbacks_into(resolved));
    tcp::resolver any(std::move(typed));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(resolved.transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_context_with_resolutions_is_destroyed, Context, all_contexts)
{
    const auto token = std::make_shared<int>();
    {
        slow_names slow;
        Context context;
        const auto resolver = std::make_shared<tcp::resolver>(context);
        for (const char* name : {slow_names::name, "127.0.0.1", "localhost"})
            resolver->async_resolve(
                name, "80", [resolver, token](const error_code&, const auto&) { BOOST_ERROR("called"); });
        slow.wait_until_asked();
        slow.answer();
    }
    BOOST_TEST(token.use_count() == 1);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_dying_context_does_not_wait_for_ever, Context, rings)
{
    const auto threads_before = threads();
    slow_names slow;
    const auto start = clock_type::now();
    {
        Context context;
        tcp::resolver resolver(context);
        resolver.async_resolve(
            slow_names::name, "80", [](const error_code&, const auto&) { BOOST_ERROR("called"); });
        slow.wait_until_asked();
    }
    // It waits a second; the rest is for a loaded machine.
    BOOST_TEST((clock_type::now() - start < 20s));
    BOOST_TEST(threads() == threads_before + 1);
    slow.answer();
    BOOST_TEST(threads_become(threads_before));
}

BOOST_AUTO_TEST_CASE(a_ring_without_locks_has_no_thread_to_resolve_with)
{
    ring context(BOOST_ASIO_CONCURRENCY_HINT_UNSAFE);
    tcp::resolver resolver(context);
    outcome resolved;
    resolver.async_resolve("127.0.0.1", "80", loopbacks_into(resolved));
    BOOST_TEST(resolved.calls == 0);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(resolved.failed_with(asio::error::operation_not_supported));
    BOOST_TEST(resolver.resolve("127.0.0.1", "80").size() == 1U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_answer_wakes_a_thread_that_sleeps, Context, all_contexts)
{
    Context context;
    const sleeping_runner runner(context);
    tcp::resolver resolver(asio::make_strand(context));
    std::promise<std::thread::id> resolved;
    resolver.async_resolve("127.0.0.1", "80",
        [&](const error_code&, const auto&) { resolved.set_value(std::this_thread::get_id()); });
    auto thread = resolved.get_future();
    BOOST_TEST_REQUIRE((thread.wait_for(long_enough) == std::future_status::ready));
    BOOST_TEST((thread.get() == runner.id()));
}

// Asio's own goes on with the next resolution only.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(resolutions_go_on_around_a_fork, Context, rings)
{
    const auto threads_before = threads();
    Context context;
    tcp::resolver resolver(context);
    outcome outcomes[3];
    for (outcome& o : outcomes)
        resolver.async_resolve("127.0.0.1", "80", loopbacks_into(o));
    context.notify_fork(asio::execution_context::fork_prepare);
    // A thread would be missing in the child.
    BOOST_TEST(threads() == threads_before);
    BOOST_TEST(in_a_child([] { return 0; }) == 0);
    context.notify_fork(asio::execution_context::fork_parent);
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancels_race_with_answers, Context, all_contexts)
{
    Context context;
    tcp::resolver resolver(context);
    int calls = 0;
    int wrong = 0;
    for (int i = 0; i != 300; ++i)
    {
        resolver.async_resolve("127.0.0.1", "80",
            [&](const error_code& ec, const auto& results)
            {
                ++calls;
                const bool aborted = ec == asio::error::operation_aborted;
                wrong += (ec && !aborted) || results.size() != (aborted ? 0U : 1U) ? 1 : 0;
            });
        if (i % 3 != 0)
            tick(context);
        resolver.cancel();
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(calls == 300);
    BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    where_there_can_be_no_thread_that_is_an_error_as_asio_has_it, Context, all_contexts)
{
    const int child = in_a_child(
        []
        {
            Context context;
            tcp::resolver resolver(context);
            if (!refuse_calls(__NR_clone3, __NR_clone3, EAGAIN))
                return 2;
            try
            {
                resolver.async_resolve("localhost", "80", [](const error_code&, const auto&) {});
            }
            catch (const boost::system::system_error& error)
            {
                return error.code().value() == EAGAIN ? 0 : 3;
            }
            return 4;
        });
    BOOST_TEST(child == 0);
}

BOOST_AUTO_TEST_SUITE_END()
