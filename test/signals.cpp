// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests signal_set on one context: what its waits get, and when they end.

#include <child_process.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <signals.hpp>
#include <sleeping_runner.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <csignal>
#include <future>
#include <memory>
#include <optional>
#include <vector>

namespace {

using namespace asio_uring::test;
using asio::signal_set;

} // namespace

BOOST_AUTO_TEST_SUITE(signals)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_ends_with_the_number_of_the_signal, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1, SIGUSR2);
    outcome waited;
    set.async_wait(into(waited));
    tick(context);
    BOOST_TEST(waited.calls == 0);
    std::raise(SIGUSR2);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(heard(waited, SIGUSR2));
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(there_is_no_epoll_descriptor_and_no_thread, Context, rings)
{
    const auto threads_before = threads();
    Context context;
    signal_set set(context, SIGUSR1);
    outcome waited;
    set.async_wait(into(waited));
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(epoll_descriptors() == 0);
    BOOST_TEST(threads() == threads_before);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_never_runs_inside_async_wait, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1);
    outcome first;
    outcome second;
    std::raise(SIGUSR1);
    std::raise(SIGUSR1);
    set.async_wait(into(first));
    BOOST_TEST(run_to_the_end(context));
    set.async_wait(into(second));
    BOOST_TEST(second.calls == 0);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(heard(second, SIGUSR1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(signals_that_nobody_waits_for_are_kept_and_counted, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1);
    for (int i = 0; i != 100; ++i)
        std::raise(SIGUSR1);
    int count = 0;
    for (; count != 100; ++count)
    {
        outcome waited;
        set.async_wait(into(waited));
        if (!run_to_the_end(context) || !heard(waited, SIGUSR1))
            break;
    }
    BOOST_TEST(count == 100);
    outcome one_more;
    set.async_wait(into(one_more));
    tick(context);
    BOOST_TEST(one_more.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(signals_come_in_the_order_in_which_they_were_raised, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1, SIGUSR2);
    outcome waited;
    set.async_wait(into(waited));
    std::raise(SIGUSR2);
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(heard(waited, SIGUSR2));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(of_kept_signals_the_smallest_number_comes_first, Context, all_contexts)
{
    Context context;
    const auto guard = asio::make_work_guard(context);
    signal_set set(context, SIGUSR2, SIGUSR1);
    std::raise(SIGUSR2);
    std::raise(SIGUSR1);
    tick(context);
    outcome first;
    outcome second;
    set.async_wait(into(first));
    set.async_wait(into(second));
    tick(context);
    BOOST_TEST(heard(first, SIGUSR1));
    BOOST_TEST(heard(second, SIGUSR2));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_ends_all_waits_of_all_sets, Context, all_contexts)
{
    Context context;
    signal_set one(context, SIGUSR1);
    signal_set other(context, SIGUSR1);
    signal_set deaf(context, SIGUSR2);
    outcome outcomes[4];
    one.async_wait(into(outcomes[0]));
    one.async_wait(into(outcomes[1]));
    other.async_wait(into(outcomes[2]));
    deaf.async_wait(into(outcomes[3]));
    std::raise(SIGUSR1);
    BOOST_TEST(run_until(context, [&] { return outcomes[0].over() && outcomes[2].over(); }));
    tick(context);
    BOOST_TEST(heard(outcomes[0], SIGUSR1));
    BOOST_TEST(heard(outcomes[1], SIGUSR1));
    BOOST_TEST(heard(outcomes[2], SIGUSR1));
    BOOST_TEST(outcomes[3].calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_handler_may_wait_again, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1);
    int left = 50;
    struct again
    {
        void operator()(const error_code& ec, int number) const
        {
            BOOST_TEST(!ec);
            BOOST_TEST(number == SIGUSR1);
            if (--left == 0)
                return;
            set.async_wait(*this);
            std::raise(SIGUSR1);
        }
        signal_set& set;
        int& left;
    };
    set.async_wait(again{set, left});
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(left == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_aborts_all_waits, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1);
    outcome first;
    outcome second;
    outcome third;
    set.async_wait(into(first));
    set.async_wait(into(second));
    tick(context);
    set.cancel();
    BOOST_TEST(first.calls == 0);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(first.aborted());
    BOOST_TEST(second.aborted());
    BOOST_TEST(first.bytes == 0U);
    set.async_wait(into(third));
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(heard(third, SIGUSR1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(destroying_a_set_aborts_its_waits, Context, all_contexts)
{
    Context context;
    std::optional<signal_set> set(std::in_place, context, SIGUSR1);
    outcome waited;
    set->async_wait(into(waited));
    tick(context);
    set.reset();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_cancels_its_own_wait, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1);
    asio::cancellation_signal cancels[2];
    outcome outcomes[3];
    for (int i = 0; i != 2; ++i)
        set.async_wait(asio::bind_cancellation_slot(cancels[i].slot(), into(outcomes[i])));
    set.async_wait(into(outcomes[2]));
    tick(context);
    cancels[1].emit(asio::cancellation_type::total);
    BOOST_TEST(outcomes[1].calls == 0);
    tick(context);
    BOOST_TEST(outcomes[1].aborted());
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(heard(outcomes[0], SIGUSR1));
    BOOST_TEST(heard(outcomes[2], SIGUSR1));
}

// Asio's own reactor must outlive its signals.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_may_be_used_and_die_after_everything_else, Context, rings)
{
    asio::cancellation_signal late[3];
    outcome outcomes[3];
    {
        Context context;
        signal_set set(context, SIGUSR1);
        set.async_wait(asio::bind_cancellation_slot(late[0].slot(), into(outcomes[0])));
        std::raise(SIGUSR1);
        BOOST_TEST(run_to_the_end(context));
        set.async_wait(asio::bind_cancellation_slot(late[1].slot(), into(outcomes[1])));
        set.cancel();
        BOOST_TEST(run_to_the_end(context));
        set.async_wait(asio::bind_cancellation_slot(late[2].slot(), into(outcomes[2])));
    }
    for (asio::cancellation_signal& signal : late)
        signal.emit(asio::cancellation_type::all);
    BOOST_TEST(heard(outcomes[0], SIGUSR1));
    BOOST_TEST(outcomes[1].aborted());
    BOOST_TEST(outcomes[2].calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_slot_may_die_before_its_wait, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1);
    outcome waited;
    {
        asio::cancellation_signal cancel;
        set.async_wait(asio::bind_cancellation_slot(cancel.slot(), into(waited)));
    }
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(heard(waited, SIGUSR1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_wait_stays_where_its_signals_are_removed, Context, all_contexts)
{
    Context context;
    signal_set listener(context, SIGUSR1, SIGUSR2);
    signal_set set(context, SIGUSR1, SIGUSR2);
    outcome waited;
    set.async_wait(into(waited));
    set.remove(SIGUSR1);
    std::raise(SIGUSR1);
    tick(context);
    set.clear();
    std::raise(SIGUSR2);
    tick(context);
    BOOST_TEST(waited.calls == 0);
    set.add(SIGUSR1);
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(heard(waited, SIGUSR1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(removing_a_signal_drops_what_was_kept_of_it, Context, all_contexts)
{
    Context context;
    const auto guard = asio::make_work_guard(context);
    signal_set set(context, SIGUSR1);
    std::raise(SIGUSR1);
    tick(context);
    set.remove(SIGUSR1);
    set.add(SIGUSR1);
    outcome waited;
    set.async_wait(into(waited));
    tick(context);
    BOOST_TEST(waited.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(adding_twice_and_removing_what_is_not_there_does_nothing, Context, all_contexts)
{
    Context context;
    signal_set set(context, SIGUSR1);
    set.add(SIGUSR1);
    set.remove(SIGUSR2);
    BOOST_TEST(is_default(SIGUSR2));
    set.remove(SIGUSR1);
    BOOST_TEST(is_default(SIGUSR1));
    set.remove(SIGUSR1);
    set.clear();
}

BOOST_AUTO_TEST_CASE_TEMPLATE(impossible_signals_are_refused, Context, all_contexts)
{
    Context context;
    signal_set set(context);
    error_code ec;
    for (const int number : {-1, NSIG, 1 << 20})
    {
        set.add(number, ec);
        BOOST_TEST(ec == asio::error::invalid_argument);
        set.remove(number, ec);
        BOOST_TEST(ec == asio::error::invalid_argument);
    }
    set.add(SIGKILL, ec);
    BOOST_TEST(ec.value() == EINVAL);
    BOOST_CHECK_THROW(set.add(SIGSTOP), boost::system::system_error);
    set.add(SIGUSR1, ec);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_default_returns_when_the_last_set_is_gone, Context, all_contexts)
{
    Context context;
    std::optional<signal_set> first(std::in_place, context, SIGUSR1);
    std::optional<signal_set> second(std::in_place, context, SIGUSR1);
    BOOST_TEST(!is_default(SIGUSR1));
    first.reset();
    BOOST_TEST(!is_default(SIGUSR1));
    second.reset();
    BOOST_TEST(is_default(SIGUSR1));
    second.emplace(context, SIGUSR1);
    BOOST_TEST(!is_default(SIGUSR1));
    second->clear();
    BOOST_TEST(is_default(SIGUSR1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_leaves_errno_alone, Context, all_contexts)
{
    Context context;
    const signal_set set(context, SIGUSR1);
    errno = EDOM;
    std::raise(SIGUSR1);
    BOOST_TEST(errno == EDOM);
}

// Asio's own counts what it reads from its pipe of signals as a handler.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_set_is_no_work_and_a_signal_is_no_handler, Context, rings)
{
    Context context;
    signal_set set(context, SIGUSR1);
    BOOST_TEST(context.run() == 0U);
    context.restart();
    const auto guard = asio::make_work_guard(context);
    std::raise(SIGUSR1);
    BOOST_TEST(context.poll() == 0U);
    outcome waited;
    set.async_wait(into(waited));
    BOOST_TEST(context.poll() == 1U);
    BOOST_TEST(heard(waited, SIGUSR1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_set_on_a_strand_hears_signals, Context, all_contexts)
{
    Context context;
    const auto strand = asio::make_strand(context);
    signal_set set(strand, SIGUSR1);
    bool inside = false;
    set.async_wait([&](const error_code&, int) { inside = strand.running_in_this_thread(); });
    std::raise(SIGUSR1);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(inside);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_set_that_is_made_while_another_thread_sleeps_hears, Context, all_contexts)
{
    Context context;
    const sleeping_runner runner(context);
    signal_set set(context, SIGUSR2);
    std::promise<int> heard_number;
    set.async_wait([&](const error_code&, int number) { heard_number.set_value(number); });
    std::raise(SIGUSR2);
    auto number = heard_number.get_future();
    BOOST_TEST_REQUIRE((number.wait_for(long_enough) == std::future_status::ready));
    BOOST_TEST(number.get() == SIGUSR2);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_context_with_waits_is_destroyed, Context, all_contexts)
{
    const auto token = std::make_shared<int>();
    {
        Context context;
        const auto set = std::make_shared<signal_set>(context, SIGUSR1);
        set->async_wait([set, token](const error_code&, int) { BOOST_ERROR("called"); });
        tick(context);
        std::raise(SIGUSR1);
        BOOST_TEST(token.use_count() == 2);
    }
    BOOST_TEST(token.use_count() == 1);
    BOOST_TEST(is_default(SIGUSR1));
}

// With the context told of the fork, or not because the child has no use for it. Asio's own child hears
// through its parent's pipe.
BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_child_tells_its_own_sets_and_not_its_parents, Context, rings)
{
    for (const bool told : {false, true})
    {
        Context context;
        const auto guard = asio::make_work_guard(context);
        signal_set set(context, SIGUSR1);
        outcome waited;
        set.async_wait(into(waited));
        tick(context);
        if (told)
            context.notify_fork(asio::execution_context::fork_prepare);
        const int child = in_a_child(
            [&]
            {
                std::raise(SIGUSR1);
                if (told)
                    context.notify_fork(asio::execution_context::fork_child);
                Context own;
                signal_set own_set(own, SIGUSR1);
                outcome own_wait;
                own_set.async_wait(into(own_wait));
                std::raise(SIGUSR1);
                return run_to_the_end(own) && heard(own_wait, SIGUSR1) ? 0 : 1;
            });
        if (told)
            context.notify_fork(asio::execution_context::fork_parent);
        BOOST_TEST(child == 0);
        tick(context);
        BOOST_TEST(waited.calls == 0);
        std::raise(SIGUSR1);
        BOOST_TEST(run_until(context, [&] { return waited.over(); }));
    }
}

BOOST_AUTO_TEST_SUITE_END()
