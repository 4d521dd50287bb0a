// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the operations on files, pipes and devices, each with its result and its errors.

#include <asio_uring/loop.hpp>

#include "child_process.hpp"
#include "descriptor.hpp"
#include "pseudo_terminal.hpp"
#include "recorded.hpp"
#include "signal_handler.hpp"

#include <array>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <memory>
#include <netinet/tcp.h>
#include <numeric>
#include <optional>
#include <pthread.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(loop_operations_files_test)

BOOST_AUTO_TEST_CASE(write_and_read_use_and_advance_the_position_of_a_file)
{
    const descriptor file = temporary_file();
    loop l;
    BOOST_TEST(carry_out(l, operation::write{file.get(), "first ", 6}).bytes() == 6u);
    BOOST_TEST(carry_out(l, operation::write{file.get(), "second", 6}).bytes() == 6u);
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == 12);
    ::lseek(file.get(), 0, SEEK_SET);
    std::array<char, 8> buffer{};
    BOOST_TEST(carry_out(l, operation::read{file.get(), buffer.data(), 8}).bytes() == 8u);
    BOOST_TEST(std::string(buffer.data(), 8) == "first se");
    BOOST_TEST(carry_out(l, operation::read{file.get(), buffer.data(), 8}).bytes() == 4u);
    BOOST_TEST(std::string(buffer.data(), 4) == "cond");
    BOOST_TEST(carry_out(l, operation::read{file.get(), buffer.data(), 8}).error() ==
               make_error_code(loop_error::end_of_file));
}

BOOST_AUTO_TEST_CASE(pwrite_and_pread_leave_the_position_of_a_file_alone)
{
    const descriptor file = temporary_file();
    loop l;
    BOOST_TEST(carry_out(l, operation::pwrite{file.get(), "world", 5, 6}).bytes() == 5u);
    BOOST_TEST(carry_out(l, operation::pwrite{file.get(), "hello ", 6, 0}).bytes() == 6u);
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == 0);
    std::array<char, 16> buffer{};
    BOOST_TEST(carry_out(l, operation::pread{file.get(), buffer.data(), 7, 4}).bytes() == 7u);
    BOOST_TEST(std::string(buffer.data(), 7) == "o world");
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == 0);
    BOOST_TEST(carry_out(l, operation::pread{file.get(), buffer.data(), 7, 11}).error() ==
               make_error_code(loop_error::end_of_file));
}

BOOST_AUTO_TEST_CASE(writev_and_readv_use_and_advance_the_position_of_a_file)
{
    const descriptor file = temporary_file();
    std::string first = "scat", second = "tered";
    const auto out = pieces_of(first, second);
    loop l;
    BOOST_TEST(carry_out(l, operation::writev{file.get(), out.data(), 2}).bytes() == 9u);
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == 9);
    ::lseek(file.get(), 0, SEEK_SET);
    std::string begin(5, '-'), end(6, '-');
    const auto in = pieces_of(begin, end);
    BOOST_TEST(carry_out(l, operation::readv{file.get(), in.data(), 2}).bytes() == 9u);
    BOOST_TEST(begin == "scatt");
    BOOST_TEST(end == "ered--");
    BOOST_TEST(carry_out(l, operation::readv{file.get(), in.data(), 2}).error() ==
               make_error_code(loop_error::end_of_file));
}

BOOST_AUTO_TEST_CASE(write_fixed_and_read_fixed_carry_parts_of_registered_buffers)
{
    const descriptor file = temporary_file();
    std::string out = "hello world";
    std::string in(16, '.');
    loop l;
    BOOST_REQUIRE(!l.register_buffers(pieces_of(out, in).data(), 2));

    BOOST_TEST(carry_out(l, operation::write_fixed{file.get(), 0, out.data() + 6, 5, 4}).bytes() == 5u);
    BOOST_TEST(carry_out(l, operation::read_fixed{file.get(), 1, in.data() + 1, 7, 4}).bytes() == 5u);
    BOOST_TEST(in.substr(0, 7) == ".world.");
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == 0);
    BOOST_TEST(carry_out(l, operation::read_fixed{file.get(), 1, in.data(), 7, 9}).error() ==
               make_error_code(loop_error::end_of_file));
    BOOST_TEST(!carry_out(l, operation::read_fixed{file.get(), 1, in.data(), 0, 9}).error());
}

BOOST_AUTO_TEST_CASE(write_fixed_and_read_fixed_advance_the_position_of_a_file)
{
    const descriptor file = temporary_file();
    std::string out = "hello";
    std::string in(5, '.');
    loop l;
    BOOST_REQUIRE(!l.register_buffers(pieces_of(out, in).data(), 2));
    const auto here = operation::current_position;
    BOOST_TEST(carry_out(l, operation::write_fixed{file.get(), 0, out.data(), 5, here}).bytes() == 5u);
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == 5);
    ::lseek(file.get(), 1, SEEK_SET);
    BOOST_TEST(carry_out(l, operation::read_fixed{file.get(), 1, in.data(), 3, here}).bytes() == 3u);
    BOOST_TEST(in == "ell..");
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == 4);
}

BOOST_AUTO_TEST_CASE(memory_outside_the_registered_buffer_is_an_error)
{
    const descriptor file = temporary_file();
    std::string first(8, '.');
    std::string second(8, '.');
    loop l;
    const auto read = [&](unsigned buffer, void* data, std::size_t size) {
        return carry_out(l, operation::read_fixed{file.get(), buffer, data, size, 0}).error();
    };
    BOOST_TEST(read(0, first.data(), 8) == system_error_code(EFAULT));
    BOOST_REQUIRE(!l.register_buffers(pieces_of(first, second).data(), 2));
    BOOST_TEST(read(0, first.data(), 9) == system_error_code(EFAULT));
    BOOST_TEST(read(1, first.data(), 8) == system_error_code(EFAULT));
    BOOST_TEST(read(2, first.data(), 8) == system_error_code(EFAULT));
}

BOOST_AUTO_TEST_CASE(buffers_are_registered_once_at_a_time)
{
    std::string first(8, '.');
    std::string second(8, '.');
    const auto buffers = pieces_of(first, second);
    loop l;
    BOOST_TEST(l.unregister_buffers() == system_error_code(ENXIO));
    BOOST_TEST(!l.register_buffers(buffers.data(), 1));
    BOOST_TEST(l.register_buffers(buffers.data(), 2) == system_error_code(EBUSY));
    BOOST_TEST(!l.unregister_buffers());
    BOOST_TEST(!l.register_buffers(buffers.data(), 2));
}

BOOST_AUTO_TEST_CASE(a_child_of_fork_leaves_the_registered_buffers_of_its_parent_alone)
{
    const descriptor file = temporary_file();
    std::string out = "hello";
    std::string in(5, '.');
    loop l;
    BOOST_REQUIRE(!l.register_buffers(pieces_of(out, in).data(), 2));
    BOOST_TEST(in_a_child([&] { return l.unregister_buffers().value(); }) == EBADF);
    BOOST_TEST(carry_out(l, operation::write_fixed{file.get(), 0, out.data(), 5, 0}).bytes() == 5u);
}

BOOST_AUTO_TEST_CASE(pwritev_and_preadv_leave_the_position_of_a_file_alone)
{
    const descriptor file = temporary_file();
    std::string first = "ga", second = "thered";
    const auto out = pieces_of(first, second);
    loop l;
    BOOST_TEST(carry_out(l, operation::pwritev{file.get(), out.data(), 2, 3}).bytes() == 8u);
    std::string begin(1, '-'), end(9, '-');
    const auto in = pieces_of(begin, end);
    BOOST_TEST(carry_out(l, operation::preadv{file.get(), in.data(), 2, 4}).bytes() == 7u);
    BOOST_TEST(begin == "a");
    BOOST_TEST(end == "thered---");
    BOOST_TEST(carry_out(l, operation::preadv{file.get(), in.data(), 2, 11}).error() ==
               make_error_code(loop_error::end_of_file));
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == 0);
}

BOOST_AUTO_TEST_CASE(pwrite_takes_offsets_beyond_four_gibibytes)
{
    constexpr std::uint64_t far = (std::uint64_t{1} << 32) + 3;
    const descriptor file = temporary_file();
    loop l;
    BOOST_TEST(carry_out(l, operation::pwrite{file.get(), "far", 3, far}).bytes() == 3u);
    char buffer[3] = {};
    BOOST_TEST(carry_out(l, operation::pread{file.get(), buffer, 3, far}).bytes() == 3u);
    BOOST_TEST(std::string(buffer, 3) == "far");
}

BOOST_AUTO_TEST_CASE(a_pipe_is_written_and_read)
{
    pipe_pair p;
    std::array<char, 8> buffer{};
    recorded read(operation::read{p.reader.get(), buffer.data(), buffer.size()});
    recorded write(operation::write{p.writer.get(), "pipe", 4});
    loop l;
    l.add(read);
    l.add(write);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(std::string(buffer.data(), read.only().bytes()) == "pipe");
    p.writer.close();
    BOOST_TEST(carry_out(l, operation::read{p.reader.get(), buffer.data(), buffer.size()}).error() ==
               make_error_code(loop_error::end_of_file));
}

BOOST_AUTO_TEST_CASE(a_write_to_a_full_pipe_waits_for_room)
{
    pipe_pair p;
    const auto capacity = static_cast<std::size_t>(checked(::fcntl(p.writer.get(), F_SETPIPE_SZ, 4096)));
    p.write(std::string(capacity, '.'));
    recorded write(operation::write{p.writer.get(), "late", 4});
    loop l;
    l.add(write);
    BOOST_TEST(l.run(run_mode::no_wait) == 0u);
    BOOST_TEST(p.read(capacity).size() == capacity);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(p.read(4) == "late");
}

BOOST_AUTO_TEST_CASE(a_write_that_blocks_holds_a_worker_and_not_the_loop)
{
    loop l;
    const pseudo_terminal terminal;
    const std::string text(std::size_t{1} << 20U, 'x');
    recorded write(operation::write{terminal.slave.get(), text.data(), text.size(), true});
    recorded timer(operation::timer{1ms});
    l.add(write);
    l.add(timer);
    BOOST_TEST(l.run(run_mode::once) == 1u);
    BOOST_TEST((timer.only().timer() == timer_outcome::expired));
    BOOST_TEST(write.active());
    // The worker may take its time to begin.
    BOOST_TEST(ready(terminal.master, POLLIN, 30'000));
    l.cancel(write);
    l.run(run_mode::until_done);
    BOOST_TEST(write.only().bytes() > 0u);
    BOOST_TEST(write.only().bytes() < text.size());
}

BOOST_AUTO_TEST_CASE(a_timerfd_is_polled_and_read)
{
    const descriptor timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
    itimerspec in_2_ms{};
    in_2_ms.it_value.tv_nsec = 2'000'000;
    checked(::timerfd_settime(timer.get(), 0, &in_2_ms, nullptr));
    loop l;
    const result polled = carry_out(l, operation::poll{timer.get(), POLLIN});
    BOOST_TEST(!polled.error());
    BOOST_TEST((polled.events() & POLLIN) != 0);
    std::uint64_t expirations = 0;
    BOOST_TEST(carry_out(l, operation::read{timer.get(), &expirations, sizeof(expirations)}).bytes() == 8u);
    BOOST_TEST(expirations == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
