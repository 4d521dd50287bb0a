// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests timers on the dates of Boost, which standalone Asio doesn't have.

#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>

#include <boost/asio/deadline_timer.hpp>
#include <boost/date_time/posix_time/posix_time_types.hpp>
#include <boost/test/unit_test.hpp>

namespace {

using namespace asio_uring::test;
using boost::posix_time::ptime;

} // namespace

BOOST_AUTO_TEST_SUITE(timers_deadline)

BOOST_AUTO_TEST_CASE(a_deadline_timer_makes_no_epoll_descriptor, *needs_the_ring())
{
    ring context;
    asio::deadline_timer timer(context, boost::posix_time::milliseconds(1));
    outcome waited;
    timer.async_wait(into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST(epoll_descriptors() == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_deadline_timer_expires_and_counts, Context, all_contexts)
{
    using boost::posix_time::hours;
    using boost::posix_time::milliseconds;
    Context context;
    asio::deadline_timer timer(context, milliseconds(5));
    outcome waited;
    timer.async_wait(into(waited));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.succeeded());
    BOOST_TEST((boost::posix_time::microsec_clock::universal_time() >= timer.expires_at()));

    outcome outcomes[3];
    BOOST_TEST(timer.expires_from_now(hours(1)) == 0U);
    BOOST_TEST((timer.expires_from_now() > hours(0)));
    for (outcome& o : outcomes)
        timer.async_wait(into(o));
    BOOST_TEST(timer.cancel_one() == 1U);
    BOOST_TEST(timer.expires_at(timer.expires_at() + hours(1)) == 2U);
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_infinities_of_a_deadline_timer_work, Context, all_contexts)
{
    Context context;
    asio::deadline_timer never(context, ptime(boost::posix_time::pos_infin));
    asio::deadline_timer always(context, ptime(boost::posix_time::neg_infin));
    outcome waited_never;
    outcome waited_always;
    never.async_wait(into(waited_never));
    always.async_wait(into(waited_always));
    BOOST_TEST(run_until(context, [&] { return waited_always.over(); }));
    BOOST_TEST(waited_always.succeeded());
    tick(context);
    BOOST_TEST(!waited_never.over());
    never.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited_never.aborted());
}

BOOST_AUTO_TEST_SUITE_END()
