// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests services that users add to an io_context.

#include <asio_uring/io_context.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio_uring::io_context;

// What happened, in order.
using journal = std::vector<std::string>;

// A service of Asio's older form: its constructor takes the context's own type.
class of_io_context : public io_context::service
{
public:
    inline static io_context::id id;

    explicit of_io_context(io_context& owner) : service(owner) {}

    journal* events = nullptr;

private:
    void shutdown() override
    {
        if (events != nullptr)
            events->push_back("shutdown");
    }

    void notify_fork(io_context::fork_event event) override
    {
        events->push_back(event == io_context::fork_prepare ? "prepare" : "parent");
    }
};

// A service of the newer form, as Asio's own are.
class of_execution_context : public asio::execution_context::service
{
public:
    using key_type = of_execution_context;
    inline static asio::execution_context::id id;

    explicit of_execution_context(asio::execution_context& owner, journal* first_events = nullptr)
        : service(owner),
          events(first_events)
    {}

    journal* events = nullptr;

private:
    void shutdown() override
    {
        if (events != nullptr)
            events->push_back("shutdown of the newer");
    }
};

#if !defined(BOOST_ASIO_NO_DEPRECATED)
// A service of the oldest form, which overrides what is deprecated now.
class of_the_first_form : public io_context::service
{
public:
    inline static io_context::id id;

    explicit of_the_first_form(io_context& owner) : service(owner) {}

    journal* events = nullptr;

private:
    void shutdown_service() override
    {
        events->push_back("shutdown_service");
    }

    void fork_service(io_context::fork_event) override
    {
        events->push_back("fork_service");
    }
};
#endif

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_service)

BOOST_AUTO_TEST_CASE(use_service_makes_a_service_once_for_each_context)
{
    io_context context;
    io_context other;
    BOOST_TEST(!asio::has_service<of_io_context>(context));
    of_io_context& service = asio::use_service<of_io_context>(context);
    BOOST_TEST(asio::has_service<of_io_context>(context));
    BOOST_TEST(&asio::use_service<of_io_context>(context) == &service);
    BOOST_TEST(&service.get_io_context() == &context);
    BOOST_TEST(&service.context() == &context);
    BOOST_TEST(!asio::has_service<of_io_context>(other));
    BOOST_TEST(&asio::use_service<of_io_context>(other) != &service);
}

BOOST_AUTO_TEST_CASE(use_service_finds_a_service_that_was_added)
{
    io_context context;
    auto* const service = new of_io_context(context);
    asio::add_service(context, service);
    BOOST_TEST(asio::has_service<of_io_context>(context));
    BOOST_TEST(&asio::use_service<of_io_context>(context) == service);
}

BOOST_AUTO_TEST_CASE(a_second_service_of_a_type_is_refused)
{
    io_context context;
    asio::use_service<of_io_context>(context);
    const auto second = std::make_unique<of_io_context>(context);
    BOOST_CHECK_THROW(asio::add_service(context, second.get()), asio::service_already_exists);
}

BOOST_AUTO_TEST_CASE(a_service_of_another_context_is_refused)
{
    io_context context;
    io_context other;
    const auto service = std::make_unique<of_io_context>(context);
    BOOST_CHECK_THROW(asio::add_service(other, service.get()), asio::invalid_service_owner);
    BOOST_TEST(!asio::has_service<of_io_context>(other));
}

BOOST_AUTO_TEST_CASE(services_that_take_an_execution_context_work_as_in_asio)
{
    io_context context;
    BOOST_TEST(!asio::has_service<of_execution_context>(context));
    auto& service = asio::use_service<of_execution_context>(context);
    BOOST_TEST(
        &service == &asio::use_service<of_execution_context>(static_cast<asio::execution_context&>(context)));

    io_context other;
    auto* const added = new of_execution_context(other);
    asio::add_service(other, added);
    BOOST_TEST(&asio::use_service<of_execution_context>(other) == added);

    journal events;
    io_context third;
    BOOST_TEST(asio::make_service<of_execution_context>(third, &events).events == &events);
}

BOOST_AUTO_TEST_CASE(threads_that_ask_at_the_same_time_get_the_same_service)
{
    io_context context;
    of_io_context* first = nullptr;
    std::thread thread([&] { first = &asio::use_service<of_io_context>(context); });
    of_io_context* const second = &asio::use_service<of_io_context>(context);
    thread.join();
    BOOST_TEST(first == second);
}

BOOST_AUTO_TEST_CASE(services_hear_of_forks)
{
    journal events;
    io_context context;
    asio::use_service<of_io_context>(context).events = &events;
    context.notify_fork(io_context::fork_prepare);
    context.notify_fork(io_context::fork_parent);
    BOOST_TEST(events == (journal{"prepare", "parent"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(services_are_shut_down_newest_first)
{
    journal events;
    {
        io_context context;
        asio::use_service<of_io_context>(context).events = &events;
        asio::use_service<of_execution_context>(context).events = &events;
    }
    BOOST_TEST(events == (journal{"shutdown of the newer", "shutdown"}), boost::test_tools::per_element());
}

#if !defined(BOOST_ASIO_NO_DEPRECATED)
BOOST_AUTO_TEST_CASE(a_service_may_override_the_deprecated_functions)
{
    journal events;
    {
        io_context context;
        asio::use_service<of_the_first_form>(context).events = &events;
        context.notify_fork(io_context::fork_parent);
    }
    BOOST_TEST(events == (journal{"fork_service", "shutdown_service"}), boost::test_tools::per_element());
}
#endif

BOOST_AUTO_TEST_SUITE_END()
