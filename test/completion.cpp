// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of a completion by itself, and of the results that its callback gets.

#include <asio_uring/completion.hpp>
#include <asio_uring/error.hpp>
#include <asio_uring/loop.hpp>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <type_traits>

using namespace asio_uring;
using state = completion::state;
using meaning = result::meaning;

namespace {

next_step never_called(loop&, completion&, result)
{
    BOOST_ERROR("a callback that nobody should have called");
    return next_step::disarm;
}

std::error_code system_error_code(int value)
{
    return {value, std::system_category()};
}

} // namespace

BOOST_AUTO_TEST_SUITE(completion_test)

BOOST_AUTO_TEST_CASE(a_completion_fills_at_most_two_cache_lines)
{
    BOOST_TEST(sizeof(completion) <= 128u);
}

BOOST_AUTO_TEST_CASE(a_completion_has_a_stable_address)
{
    BOOST_TEST(!std::is_copy_constructible_v<completion>);
    BOOST_TEST(!std::is_move_constructible_v<completion>);
    BOOST_TEST(!std::is_copy_assignable_v<completion>);
    BOOST_TEST(!std::is_move_assignable_v<completion>);
}

BOOST_AUTO_TEST_CASE(a_default_completion_is_a_dead_noop)
{
    const completion c;
    BOOST_TEST((c.get_state() == state::dead));
    BOOST_TEST(std::holds_alternative<operation::noop>(c.get_operation()));
    BOOST_TEST(c.user_data() == nullptr);
    BOOST_TEST(!c.cancel_requested());
}

BOOST_AUTO_TEST_CASE(a_noop_stays_dead_when_it_is_added)
{
    completion plain;
    completion with_callback(operation::noop{}, never_called);
    loop l;
    for (completion* c : {&plain, &with_callback})
    {
        l.add(*c);
        BOOST_TEST((c->get_state() == state::dead));
    }
    BOOST_TEST(l.active() == 0u);
    BOOST_TEST(l.run(run_mode::until_done) == 0u);
}

BOOST_AUTO_TEST_CASE(a_completion_is_active_from_add_until_just_before_its_callback)
{
    state in_callback = state::active;
    completion c(
        operation::timer{std::chrono::nanoseconds(0)},
        [](loop&, completion& self, result)
        {
            *static_cast<state*>(self.user_data()) = self.get_state();
            return next_step::disarm;
        },
        &in_callback);
    BOOST_TEST(c.user_data() == &in_callback);
    loop l;
    BOOST_TEST((c.get_state() == state::dead));
    l.add(c);
    BOOST_TEST((c.get_state() == state::active));
    l.run(run_mode::until_done);
    BOOST_TEST((in_callback == state::dead));
    BOOST_TEST((c.get_state() == state::dead));
}

BOOST_AUTO_TEST_CASE(the_callback_gets_the_loop_and_the_completion_it_was_added_to)
{
    struct seen
    {
        loop* l = nullptr;
        completion* c = nullptr;
    } both;
    completion c(
        operation::timer{std::chrono::nanoseconds(0)},
        [](loop& l, completion& self, result)
        {
            *static_cast<seen*>(self.user_data()) = {&l, &self};
            return next_step::disarm;
        },
        &both);
    loop l;
    l.add(c);
    l.run(run_mode::until_done);
    BOOST_TEST(both.l == &l);
    BOOST_TEST(both.c == &c);
}

BOOST_AUTO_TEST_CASE(a_dead_completion_can_be_given_something_else_to_do)
{
    int data = 0;
    completion c;
    c.prepare(operation::close{7}, never_called, &data);
    BOOST_TEST(std::get<operation::close>(c.get_operation()).fd == 7);
    BOOST_TEST(c.user_data() == &data);
    c.prepare(operation::poll{8, 1});
    BOOST_TEST(std::get<operation::poll>(c.get_operation()).fd == 8);
    BOOST_TEST(c.user_data() == &data);
}

BOOST_AUTO_TEST_CASE(a_positive_number_is_a_success)
{
    for (const meaning what : {meaning::plain, meaning::read, meaning::cancel})
    {
        const result r(5, what);
        BOOST_TEST(static_cast<bool>(r));
        BOOST_TEST(!r.error());
        BOOST_TEST(r.code() == 5);
        BOOST_TEST(r.bytes() == 5u);
        BOOST_TEST(r.descriptor() == 5);
        BOOST_TEST(r.events() == 5);
    }
}

BOOST_AUTO_TEST_CASE(zero_is_the_end_of_the_file_for_a_read_only)
{
    BOOST_TEST(static_cast<bool>(result(0, meaning::plain)));
    BOOST_TEST(!result(0, meaning::plain).error());
    BOOST_TEST(!result(0, meaning::cancel).error());
    BOOST_TEST(!static_cast<bool>(result(0, meaning::read)));
    BOOST_TEST(result(0, meaning::read).error() == make_error_code(loop_error::end_of_file));
    BOOST_TEST(result(0, meaning::read).bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(a_negative_number_is_an_errno_value)
{
    const result r(-EPIPE, meaning::read);
    BOOST_TEST(!static_cast<bool>(r));
    BOOST_TEST(r.error() == system_error_code(EPIPE));
    BOOST_TEST(r.code() == -EPIPE);
    BOOST_TEST(r.bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(enoent_and_ealready_speak_of_the_target_for_a_cancel_only)
{
    BOOST_TEST(result(-ENOENT, meaning::cancel).error() == make_error_code(loop_error::not_found));
    BOOST_TEST(result(-EALREADY, meaning::cancel).error() == make_error_code(loop_error::in_progress));
    BOOST_TEST(result(-EINVAL, meaning::cancel).error() == system_error_code(EINVAL));
    BOOST_TEST(result(-ENOENT, meaning::plain).error() == system_error_code(ENOENT));
    BOOST_TEST(result(-EALREADY, meaning::plain).error() == system_error_code(EALREADY));
}

BOOST_AUTO_TEST_CASE(a_cancelled_operation_is_cancelled_in_the_generic_sense_too)
{
    BOOST_TEST((result(-ECANCELED, meaning::read).error() == std::errc::operation_canceled));
}

BOOST_AUTO_TEST_CASE(a_timer_expired_or_was_cancelled)
{
    BOOST_TEST((result(0, meaning::plain).timer() == timer_outcome::expired));
    BOOST_TEST((result(-ECANCELED, meaning::plain).timer() == timer_outcome::cancelled));
}

BOOST_AUTO_TEST_SUITE_END()
