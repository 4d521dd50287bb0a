// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests how descriptors are told apart.

#include <asio_uring/detail/way_of_waiting.hpp>

#include <descriptor.hpp>
#include <pseudo_terminal.hpp>

#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/timerfd.h>

namespace {

using namespace asio_uring::test;
using asio_uring::detail::find_way_of_waiting;
using asio_uring::detail::way_of_waiting;

bool kernel_waits_for(const descriptor& d)
{
    return find_way_of_waiting(d.get()) == way_of_waiting::in_kernel;
}

bool is_polled(const descriptor& d)
{
    return find_way_of_waiting(d.get()) == way_of_waiting::by_polling;
}

} // namespace

BOOST_AUTO_TEST_SUITE(way_of_waiting_test)

BOOST_AUTO_TEST_CASE(the_kernel_waits_for_pipes_sockets_and_eventfds)
{
    const pipe_pair pipe;
    const socket_pair sockets;
    BOOST_TEST(kernel_waits_for(pipe.reader));
    BOOST_TEST(kernel_waits_for(pipe.writer));
    BOOST_TEST(kernel_waits_for(sockets.first));
    BOOST_TEST(kernel_waits_for(descriptor(::eventfd(0, EFD_CLOEXEC))));
}

BOOST_AUTO_TEST_CASE(files_and_memory_devices_need_no_waiting)
{
    BOOST_TEST(kernel_waits_for(temporary_file()));
    BOOST_TEST(kernel_waits_for(descriptor(::open("/", O_RDONLY | O_CLOEXEC))));
    for (const char* device : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"})
        BOOST_TEST(kernel_waits_for(descriptor(::open(device, O_RDONLY | O_CLOEXEC))), device);
}

BOOST_AUTO_TEST_CASE(terminals_and_other_descriptors_without_a_file_are_polled)
{
    const pseudo_terminal terminal;
    BOOST_TEST(is_polled(terminal.master));
    BOOST_TEST(is_polled(terminal.slave));
    BOOST_TEST(is_polled(descriptor(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC))));
    BOOST_TEST(is_polled(descriptor(::inotify_init1(IN_CLOEXEC))));
}

BOOST_AUTO_TEST_CASE(a_descriptor_that_is_none_is_told)
{
    errno = 0;
    BOOST_TEST(!find_way_of_waiting(-1).has_value());
    BOOST_TEST(errno == EBADF);
}

BOOST_AUTO_TEST_SUITE_END()
