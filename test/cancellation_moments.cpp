// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests that a cancellation slot ends each operation of sockets, acceptors and timers, at each moment of its
// life.

#include <cancellable.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/post.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace asio_uring::test;

// Starts two operations, of which the second waits for the first, and cancels one of them.
template <typename Context>
void one_of_two_ends_alone(cancellable what, bool in_flight, std::size_t cancelled)
{
    Context context;
    cancellables all(context);
    cancellation_signal signals[2];
    outcome ended[2];
    for (std::size_t i = 0; i != 2; ++i)
        all.start(what, into(ended[i], signals[i]));
    if (in_flight)
        tick(context);
    signals[cancelled].emit(cancellation_type::total);
    BOOST_TEST(run_until(context, [&] { return ended[cancelled].over(); }));
    BOOST_TEST(ended[cancelled].aborted());
    BOOST_TEST(ended[1 - cancelled].calls == 0);
    all.let_succeed(what);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(ended[1 - cancelled].succeeded());
}

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation_moments)

BOOST_AUTO_TEST_CASE_TEMPLATE(each_signal_ends_each_operation_that_has_just_started, Context, all_contexts)
{
    for (const cancellable what : all_cancellables)
        for (const cancellation_type type : cancellation_types)
            BOOST_TEST_CONTEXT(what)
            {
                Context context;
                cancellables all(context);
                cancellation_signal signal;
                outcome ended;
                all.start(what, into(ended, signal));
                signal.emit(type);
                BOOST_TEST(ended.calls == 0);
                BOOST_TEST(run_to_the_end(context));
                BOOST_TEST(ended.aborted());
            }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_signal_ends_each_operation_in_flight, Context, all_contexts)
{
    for (const cancellable what : all_cancellables)
        for (const cancellation_type type : cancellation_types)
            BOOST_TEST_CONTEXT(what)
            {
                Context context;
                cancellables all(context);
                cancellation_signal signal;
                outcome ended;
                all.start(what, into(ended, signal));
                tick(context);
                BOOST_TEST(ended.calls == 0);
                signal.emit(type);
                BOOST_TEST(ended.calls == 0);
                BOOST_TEST(run_to_the_end(context));
                BOOST_TEST(ended.aborted());
            }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_that_goes_off_twice_ends_an_operation_once, Context, all_contexts)
{
    for (const cancellable what : all_cancellables)
        BOOST_TEST_CONTEXT(what)
        {
            Context context;
            cancellables all(context);
            cancellation_signal signal;
            outcome ended;
            all.start(what, into(ended, signal));
            signal.emit(cancellation_type::total);
            tick(context);
            signal.emit(cancellation_type::terminal);
            BOOST_TEST(run_to_the_end(context));
            signal.emit(cancellation_type::terminal);
            BOOST_TEST(run_to_the_end(context));
            BOOST_TEST(ended.aborted());
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_operation_may_be_ended_by_a_handler, Context, all_contexts)
{
    for (const cancellable what : all_cancellables)
        BOOST_TEST_CONTEXT(what)
        {
            Context context;
            cancellables all(context);
            cancellation_signal signal;
            outcome ended;
            asio::post(context,
                [&]
                {
                    all.start(what, into(ended, signal));
                    asio::post(context, [&] { signal.emit(cancellation_type::partial); });
                });
            BOOST_TEST(run_to_the_end(context));
            BOOST_TEST(ended.aborted());
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    each_operation_may_be_ended_by_the_handler_that_started_it, Context, all_contexts)
{
    for (const cancellable what : all_cancellables)
        BOOST_TEST_CONTEXT(what)
        {
            Context context;
            cancellables all(context);
            cancellation_signal signal;
            outcome ended;
            asio::post(context,
                [&]
                {
                    all.start(what, into(ended, signal));
                    signal.emit(cancellation_type::terminal);
                    BOOST_TEST(ended.calls == 0);
                });
            BOOST_TEST(run_to_the_end(context));
            BOOST_TEST(ended.aborted());
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_queued_behind_another_ends_alone, Context, all_contexts)
{
    for (const cancellable what : all_queueables)
        for (const bool in_flight : {false, true})
            BOOST_TEST_CONTEXT(what)
    one_of_two_ends_alone<Context>(what, in_flight, 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_queued_goes_on_when_the_first_ends, Context, all_contexts)
{
    for (const cancellable what : all_queueables)
        for (const bool in_flight : {false, true})
            BOOST_TEST_CONTEXT(what)
    one_of_two_ends_alone<Context>(what, in_flight, 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(
    what_is_queued_in_the_middle_may_end_before_and_after_the_others, Context, all_contexts)
{
    for (const cancellable what : all_cancellables)
    {
        if (what == cancellable::connect)
            continue;
        BOOST_TEST_CONTEXT(what)
        {
            Context context;
            cancellables all(context);
            cancellation_signal signals[4];
            outcome outcomes[4];
            for (int i = 0; i != 4; ++i)
                all.start(what, into(outcomes[i], signals[i]));
            tick(context);
            for (const int i : {2, 0, 3, 1})
            {
                BOOST_TEST(outcomes[i].calls == 0);
                signals[i].emit(cancellation_type::all);
                BOOST_TEST(run_until(context, [&] { return outcomes[i].over(); }));
                BOOST_TEST(outcomes[i].aborted());
            }
            BOOST_TEST(run_to_the_end(context));
        }
    }
}

// What the operation waits for has come, but nobody has run the context since.
BOOST_AUTO_TEST_CASE_TEMPLATE(
    an_operation_that_is_just_completing_ends_once_and_loses_nothing, Context, all_contexts)
{
    for (const cancellable what : all_queueables)
        for (const bool in_flight : {false, true})
            BOOST_TEST_CONTEXT(what)
            {
                Context context;
                cancellables all(context);
                cancellation_signal signal;
                outcome ended;
                all.start(what, into(ended, signal));
                if (in_flight)
                    tick(context);
                all.let_succeed(what);
                signal.emit(cancellation_type::all);
                BOOST_TEST(run_to_the_end(context));
                BOOST_TEST((ended.succeeded() || ended.aborted()));
                if (ended.ec)
                    BOOST_TEST(all.is_undone(what));
            }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_of_an_operation_that_is_over_does_nothing, Context, all_contexts)
{
    for (const cancellable what : all_queueables)
        BOOST_TEST_CONTEXT(what)
        {
            Context context;
            cancellables all(context);
            cancellation_signal signal;
            outcome over;
            all.start(what, into(over, signal));
            tick(context);
            all.let_succeed(what);
            BOOST_TEST(run_to_the_end(context));
            BOOST_TEST(over.succeeded());

            // Another operation may have its memory.
            cancellation_signal signal_of_next;
            outcome next;
            all.start(cancellable::steady_wait, into(next, signal_of_next));
            tick(context);
            signal.emit(cancellation_type::all);
            tick(context);
            BOOST_TEST(next.calls == 0);
            BOOST_TEST(over.succeeded());
        }
}

BOOST_AUTO_TEST_SUITE_END()
