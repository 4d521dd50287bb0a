// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests serial ports, on a pseudo-terminal.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <pseudo_terminal.hpp>

#include <boost/asio/read.hpp>
#include <boost/asio/serial_port.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <termios.h>
#include <utility>

namespace {

using namespace asio_uring::test;
using asio::serial_port;

// A port of the context under test, and what is at the other end of its cable.
struct cable
{
    template <typename Context>
    explicit cable(Context& context) : terminal(),
                                       port(context, terminal.name)
    {}

    void device_sends(std::string_view text) const
    {
        checked(static_cast<int>(::write(terminal.master.get(), text.data(), text.size())));
    }

    std::string device_gets() const
    {
        std::string text(64, ' ');
        text.resize(static_cast<std::size_t>(
            checked(static_cast<int>(::read(terminal.master.get(), text.data(), text.size())))));
        return text;
    }

    pseudo_terminal terminal;
    serial_port port;
};

} // namespace

BOOST_AUTO_TEST_SUITE(serial_ports)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_port_reads_and_writes, Context, all_contexts)
{
    Context context;
    cable c(context);
    outcome read;
    outcome written;
    space<8> place;
    c.port.async_read_some(asio::mutable_buffer(place), into(read));
    c.port.async_write_some(asio::buffer("out", 3), into(written));
    BOOST_TEST(run_until(context, [&] { return written.over(); }));
    BOOST_TEST(written.transferred(3));
    BOOST_TEST(c.device_gets() == "out");
    BOOST_TEST(!read.over());
    c.device_sends("in");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(2));
    BOOST_TEST(place.first(2) == "in");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_calls_work, Context, all_contexts)
{
    Context context;
    cable c(context);
    space<8> place;
    BOOST_TEST(c.port.write_some(asio::buffer("out", 3)) == 3U);
    BOOST_TEST(c.device_gets() == "out");
    c.device_sends("in");
    BOOST_TEST(c.port.read_some(asio::mutable_buffer(place)) == 2U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_open_port_is_raw, Context, all_contexts)
{
    Context context;
    const pseudo_terminal terminal;
    termios attributes = {};
    checked(::tcgetattr(terminal.slave.get(), &attributes));
    attributes.c_lflag |= ICANON | ECHO;
    checked(::tcsetattr(terminal.slave.get(), TCSANOW, &attributes));
    serial_port port(context);
    port.open(terminal.name);
    BOOST_TEST(port.is_open());
    checked(::tcgetattr(port.native_handle(), &attributes));
    BOOST_TEST((attributes.c_lflag & (ICANON | ECHO)) == 0U);
    BOOST_TEST((attributes.c_iflag & IGNPAR) != 0U);
    BOOST_TEST((attributes.c_cflag & (CREAD | CLOCAL)) == tcflag_t(CREAD | CLOCAL));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(options_are_set_and_read, Context, all_contexts)
{
    Context context;
    cable c(context);
    c.port.set_option(serial_port::baud_rate(115200));
    serial_port::baud_rate rate;
    c.port.get_option(rate);
    BOOST_TEST(rate.value() == 115200U);
    c.port.set_option(serial_port::stop_bits(serial_port::stop_bits::two));
    serial_port::stop_bits bits;
    c.port.get_option(bits);
    BOOST_TEST((bits.value() == serial_port::stop_bits::two));
    error_code ec;
    c.port.set_option(serial_port::baud_rate(12345), ec);
    BOOST_TEST(ec == asio::error::invalid_argument);
    c.port.get_option(rate);
    BOOST_TEST(rate.value() == 115200U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_break_is_sent, Context, all_contexts)
{
    Context context;
    cable c(context);
    error_code ec;
    c.port.send_break(ec);
    BOOST_TEST(!ec);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_no_port_is_not_opened, Context, all_contexts)
{
    Context context;
    serial_port port(context);
    error_code ec;
    port.open("/dev/null", ec);
    BOOST_TEST(ec == error_code(ENOTTY, asio::error::get_system_category()));
    BOOST_TEST(!port.is_open());
    port.open("/does/not/exist", ec);
    BOOST_TEST(ec == error_code(ENOENT, asio::error::get_system_category()));
    serial_port::baud_rate rate;
    port.get_option(rate, ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    cable c(context);
    c.port.open(c.terminal.name, ec);
    BOOST_TEST(ec == asio::error::already_open);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_port_is_assigned_moved_cancelled_and_closed, Context, all_contexts)
{
    Context context;
    pseudo_terminal terminal;
    asio::basic_serial_port<typename Context::executor_type> own(context);
    own.assign(terminal.slave.release());
    serial_port port(std::move(own));
    outcome cancelled;
    outcome closed;
    space<8> place;
    port.async_read_some(asio::mutable_buffer(place), into(cancelled));
    tick(context);
    port.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(cancelled.aborted());
    port.async_read_some(asio::mutable_buffer(place), into(closed));
    tick(context);
    port.close();
    BOOST_TEST(!port.is_open());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(closed.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_long_message_passes, Context, all_contexts)
{
    Context context;
    pseudo_terminal terminal;
    serial_port near(context, terminal.name);
    serial_port far(context);
    far.assign(terminal.master.release());
    const std::string text(std::size_t(1) << 16U, 'x');
    std::string got(text.size(), ' ');
    outcome read;
    outcome written;
    asio::async_write(near, asio::buffer(text), into(written));
    asio::async_read(far, asio::buffer(got), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(text.size()));
    BOOST_TEST((got == text));
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(ports_run_on_the_ring, Context, rings)
{
    Context context;
    cable c(context);
    outcome read;
    space<8> place;
    c.port.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    c.device_sends("in");
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(2));
    BOOST_TEST(context.statistics().completions >= 1U);
    BOOST_TEST(epoll_descriptors() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
