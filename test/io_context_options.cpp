// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests what io_context can be constructed with, and what it tells of its back end.

#include <asio_uring/io_context_options.hpp>

#include <asio_uring/available.hpp>
#include <asio_uring/io_context.hpp>

#include <counting_allocator.hpp>
#include <faulty_kernel.hpp>
#include <needs_the_ring.hpp>

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <type_traits>

namespace {

namespace asio = boost::asio;
using asio_uring::backend_kind;
using asio_uring::backend_preference;
using asio_uring::io_context;
using asio_uring::io_context_options;
using asio_uring::test::counting_allocator;

static_assert(std::is_base_of_v<asio::execution_context, io_context>);
static_assert(!std::is_copy_constructible_v<io_context> && !std::is_copy_assignable_v<io_context>);
static_assert(!std::is_convertible_v<int, io_context>);

io_context_options with_entries(unsigned entries)
{
    io_context_options options;
    options.ring_entries = entries;
    return options;
}

io_context_options with_backend(backend_preference backend)
{
    io_context_options options;
    options.backend = backend;
    return options;
}

/// The environment variable with this value, until the end of the block.
class chosen_backend
{
public:
    explicit chosen_backend(const char* value)
    {
        if (const char* const old = std::getenv(name))
            old_ = old;
        ::setenv(name, value, 1);
    }

    chosen_backend(const chosen_backend&) = delete;
    chosen_backend& operator=(const chosen_backend&) = delete;

    ~chosen_backend()
    {
        if (old_)
            ::setenv(name, old_->c_str(), 1);
        else
            ::unsetenv(name);
    }

private:
    static constexpr const char* name = "ASIO_URING_BACKEND";
    std::optional<std::string> old_;
};

const int hints[] = {-1, 0, 1, 2, 1000, BOOST_ASIO_CONCURRENCY_HINT_UNSAFE,
    BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO, BOOST_ASIO_CONCURRENCY_HINT_SAFE};

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_options)

BOOST_DATA_TEST_CASE(a_context_runs_with_any_concurrency_hint, boost::unit_test::data::make(hints), hint)
{
    io_context context(hint);
    asio::post(context, [] {});
    BOOST_TEST(context.run() == 1U);
}

BOOST_AUTO_TEST_CASE(a_context_takes_1_to_8191_ring_entries)
{
    BOOST_CHECK_NO_THROW(io_context(with_entries(1)));
    BOOST_CHECK_NO_THROW(io_context(with_entries(8191)));
}

BOOST_DATA_TEST_CASE(
    other_numbers_of_ring_entries_are_refused, boost::unit_test::data::make({0U, 8192U}), entries)
{
    BOOST_CHECK_EXCEPTION(io_context(with_entries(entries)), boost::system::system_error,
        [](const auto& error) { return error.code() == asio::error::invalid_argument; });
}

BOOST_AUTO_TEST_CASE(a_context_that_wants_the_reactor_runs_on_asios_and_says_so)
{
    const io_context context(with_backend(backend_preference::reactor));
    BOOST_TEST((context.backend().kind == backend_kind::reactor));
    BOOST_TEST(context.backend().description.find("Asio's") == 0U);
}

BOOST_AUTO_TEST_CASE(a_context_that_demands_io_uring_runs_on_it_or_is_refused)
{
    try
    {
        const io_context context(with_backend(backend_preference::io_uring));
        BOOST_TEST((context.backend().kind == backend_kind::io_uring));
    }
    catch (const boost::system::system_error& error)
    {
        BOOST_TEST(!!error.code());
    }
}

BOOST_AUTO_TEST_CASE(a_refusal_has_the_error_of_the_system_call)
{
    asio_uring::test::faulty_kernel kernel;
    kernel.every_setup_fails = -EPERM;
    const asio_uring::test::substituted_kernel in_its_place(kernel);
    BOOST_CHECK_EXCEPTION(io_context(with_backend(backend_preference::io_uring)), boost::system::system_error,
        [](const auto& error) {
            return error.code().value() == EPERM &&
                   error.code().category() == asio::error::get_system_category();
        });
}

BOOST_AUTO_TEST_CASE(a_context_without_wishes_always_starts_and_tells_what_it_runs_on)
{
    const io_context context;
    BOOST_TEST(!context.backend().description.empty());
}

BOOST_AUTO_TEST_CASE(only_the_context_runs_its_loop, *asio_uring::test::needs_the_ring())
{
    io_context context(with_backend(backend_preference::io_uring));
    std::error_code error;
    BOOST_TEST(context.loop().run(asio_uring::run_mode::no_wait, error) == 0U);
    BOOST_TEST(error == make_error_code(asio_uring::loop_error::nested_run));
}

BOOST_AUTO_TEST_CASE(
    a_context_that_spins_does_not_ask_the_kernel_to_wait_for_what_comes, *asio_uring::test::needs_the_ring())
{
    asio_uring::test::faulty_kernel kernel;
    const asio_uring::test::substituted_kernel substituted(kernel);
    io_context_options options;
    options.spin = std::chrono::hours(1);
    io_context context(options);
    const auto guard = asio::make_work_guard(context);
    std::atomic<bool> started{false};
    asio::post(context, [&started] { started = true; });
    int waits = -1;
    std::thread poster(
        [&]
        {
            while (!started)
                std::this_thread::yield();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
            waits = kernel.waits;
            asio::post(context, [] {});
        });
    BOOST_TEST(context.run_one() == 1U);
    BOOST_TEST(context.run_one() == 1U);
    poster.join();
    BOOST_TEST(waits == 0);
}

BOOST_AUTO_TEST_CASE(the_environment_chooses_the_reactor_for_a_context_without_wishes)
{
    const chosen_backend chosen("reactor");
    const io_context context;
    BOOST_TEST((context.backend().kind == backend_kind::reactor));
    BOOST_TEST(context.backend().description.find("ASIO_URING_BACKEND") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_environment_demands_io_uring_for_a_context_without_wishes)
{
    const chosen_backend chosen("uring");
    if (!asio_uring::available())
    {
        BOOST_CHECK_EXCEPTION(
            io_context(), boost::system::system_error, [](const auto& error) { return !!error.code(); });
        return;
    }
    const io_context context;
    BOOST_TEST((context.backend().kind == backend_kind::io_uring));
}

BOOST_DATA_TEST_CASE(
    an_environment_that_leaves_it_open_is_no_wish, boost::unit_test::data::make({"auto", ""}), value)
{
    const chosen_backend chosen(value);
    const io_context context;
    const bool on_ring = context.backend().kind == backend_kind::io_uring;
    BOOST_TEST(on_ring == asio_uring::available());
}

BOOST_DATA_TEST_CASE(a_context_whose_ring_is_refused_runs_on_asios_reactor_and_tells_why,
    boost::unit_test::data::make({EPERM, ENOSYS, ENOMEM}), error)
{
    const chosen_backend left_open("auto");
    asio_uring::test::faulty_kernel kernel;
    kernel.every_setup_fails = -error;
    const asio_uring::test::substituted_kernel in_its_place(kernel);
    const io_context context;
    BOOST_TEST((context.backend().kind == backend_kind::reactor));
    const std::string why = asio_uring::explain_unavailable({error, std::system_category()});
    BOOST_TEST(context.backend().description.find(why) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_wish_of_the_program_goes_before_the_environments)
{
    const chosen_backend chosen("uring");
    const io_context context(with_backend(backend_preference::reactor));
    BOOST_TEST((context.backend().kind == backend_kind::reactor));
}

BOOST_DATA_TEST_CASE(an_unknown_value_in_the_environment_is_refused_by_name,
    boost::unit_test::data::make({"epoll", "URING", "uring "}), value)
{
    const chosen_backend chosen(value);
    BOOST_CHECK_EXCEPTION(io_context(), boost::system::system_error,
        [&](const auto& error)
        {
            const std::string text = error.what();
            return error.code() == asio::error::invalid_argument &&
                   text.find("ASIO_URING_BACKEND is \"" + std::string(value) + "\"") != std::string::npos;
        });
}

BOOST_AUTO_TEST_CASE(asios_reactor_has_no_ring_to_count)
{
    io_context context(with_backend(backend_preference::reactor));
    asio::post(context, [] {});
    context.run();
    BOOST_TEST(context.statistics().submissions == 0U);
    BOOST_TEST(context.statistics().completions == 0U);
    BOOST_TEST(context.statistics().waits == 0U);
}

#if defined(ASIO_URING_ASIO_HAS_CONTEXT_CONFIG)

BOOST_AUTO_TEST_CASE(a_configuration_takes_the_place_of_a_hint)
{
    io_context context(asio::config_from_string("scheduler.concurrency_hint=3\nscheduler.locking=0"));
    BOOST_TEST(asio::config(context).get("scheduler", "concurrency_hint", 0) == 3);
    bool called = false;
    asio::post(context, [&] { called = true; });
    context.run();
    BOOST_TEST(called);
}

#endif

#if defined(ASIO_URING_ASIO_HAS_CONTEXT_ALLOCATOR)

BOOST_AUTO_TEST_CASE(services_are_allocated_with_the_contexts_allocator)
{
    int allocations = 0;
    int live = 0;
    {
        const counting_allocator<void> allocator(allocations, live);
        io_context context(std::allocator_arg, allocator);
        BOOST_TEST(allocations > 0);
        io_context hinted(std::allocator_arg, allocator, 1);
        io_context configured(std::allocator_arg, allocator, asio::config_from_string(""));
        bool called = false;
        asio::post(configured, [&] { called = true; });
        configured.run();
        BOOST_TEST(called);
    }
    BOOST_TEST(live == 0);
}

#endif

BOOST_AUTO_TEST_SUITE_END()
