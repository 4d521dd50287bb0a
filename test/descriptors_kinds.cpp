// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests stream descriptors on all that a descriptor can be: terminals, eventfds, timerfds, inotify, devices,
// files.

#include <connection.hpp>
#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <process.hpp>
#include <pseudo_terminal.hpp>
#include <temporary_directory.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <string>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <system_error>

namespace {

using namespace asio_uring::test;
using namespace std::chrono_literals;
using asio::posix::stream_descriptor;

// More than any terminal holds.
const std::string long_text(std::size_t(1) << 18U, 'x');

descriptor opened(const std::string& path, int flags)
{
    return descriptor(::open(path.c_str(), flags | O_CLOEXEC | O_NOCTTY));
}

descriptor one_shot_timer(std::chrono::nanoseconds after, int flags)
{
    descriptor timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | flags));
    itimerspec setting = {};
    setting.it_value.tv_nsec = after.count();
    checked(::timerfd_settime(timer.get(), 0, &setting, nullptr));
    return timer;
}

} // namespace

BOOST_AUTO_TEST_SUITE(descriptors_kinds)

BOOST_AUTO_TEST_CASE_TEMPLATE(a_terminal_is_read_and_written, Context, all_contexts)
{
    for (const int flags : {0, O_NONBLOCK})
    {
        Context context;
        pseudo_terminal terminal(flags);
        stream_descriptor slave(context, terminal.slave.release());
        stream_descriptor master(context, terminal.master.release());
        outcome read;
        outcome written;
        space<8> place;
        slave.async_read_some(asio::mutable_buffer(place), into(read));
        tick(context);
        BOOST_TEST(!read.over());
        master.async_write_some(asio::buffer("data", 4), into(written));
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(written.transferred(4));
        BOOST_TEST(read.transferred(4));
        BOOST_TEST(place.first(4) == "data");
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_terminal_passes_more_than_it_holds, Context, all_contexts)
{
    for (const int flags : {0, O_NONBLOCK})
    {
        Context context;
        pseudo_terminal terminal(flags);
        stream_descriptor slave(context, terminal.slave.release());
        stream_descriptor master(context, terminal.master.release());
        std::string got(long_text.size(), ' ');
        outcome read;
        outcome written;
        asio::async_write(slave, asio::buffer(long_text), into(written));
        asio::async_read(master, asio::buffer(got), into(read));
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(written.transferred(long_text.size()));
        BOOST_TEST(read.transferred(long_text.size()));
        BOOST_TEST((got == long_text));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_terminal_that_is_full_holds_nothing_else_up, Context, all_contexts)
{
    Context context;
    pseudo_terminal terminal;
    stream_descriptor slave(context, terminal.slave.release());
    asio::steady_timer timer(context, 1ms);
    outcome written;
    outcome expired;
    asio::async_write(slave, asio::buffer(long_text), into(written));
    timer.async_wait(into(expired));
    BOOST_TEST(run_until(context, [&] { return expired.over(); }));
    BOOST_TEST(!written.over());
    // A part may just have been written: then the next one follows.
    const auto is_cancelled = [&]
    {
        slave.cancel();
        return written.over();
    };
    BOOST_TEST(run_until(context, is_cancelled));
    BOOST_TEST(written.aborted());
    std::string got(long_text.size(), ' ');
    checked(::fcntl(terminal.master.get(), F_SETFL, O_NONBLOCK));
    std::size_t passed = 0;
    for (ssize_t size = 0; size >= 0; size = ::read(terminal.master.get(), got.data(), got.size()))
        passed += static_cast<std::size_t>(size);
    BOOST_TEST(written.bytes == passed);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_terminal_is_closed_while_it_is_full, Context, all_contexts)
{
    Context context;
    pseudo_terminal terminal;
    stream_descriptor slave(context, terminal.slave.release());
    outcome written;
    outcome read;
    space<8> place;
    asio::async_write(slave, asio::buffer(long_text), into(written));
    slave.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    slave.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.over());
    BOOST_TEST(written.ec);
    BOOST_TEST(read.aborted());
    // The last to hold the slave is gone.
    BOOST_TEST(ready(terminal.master, POLLHUP, 10'000));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_context_is_destroyed_while_a_terminal_is_full, Context, all_contexts)
{
    pseudo_terminal terminal;
    outcome written;
    {
        Context context;
        stream_descriptor slave(context, terminal.slave.release());
        asio::async_write(slave, asio::buffer(long_text), into(written));
        tick(context);
    }
    BOOST_TEST(written.calls == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(the_end_of_a_terminal_is_an_error, Context, all_contexts)
{
    Context context;
    pseudo_terminal terminal;
    stream_descriptor master(context, terminal.master.release());
    outcome read;
    space<8> place;
    master.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    terminal.slave.close();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(error_code(EIO, asio::error::get_system_category())));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_eventfd_counts, Context, all_contexts)
{
    for (const int flags : {0, int(EFD_NONBLOCK)})
    {
        Context context;
        descriptor counter(::eventfd(0, EFD_CLOEXEC | flags));
        stream_descriptor event(context, ::dup(counter.get()));
        outcome read;
        std::uint64_t count = 0;
        event.async_read_some(asio::buffer(&count, sizeof(count)), into(read));
        tick(context);
        BOOST_TEST(!read.over());
        checked(::eventfd_write(counter.get(), 3));
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(read.transferred(8));
        BOOST_TEST(count == 3U);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_eventfd_that_is_full_is_waited_for, Context, all_contexts)
{
    Context context;
    descriptor counter(::eventfd(0, EFD_CLOEXEC));
    checked(::eventfd_write(counter.get(), UINT64_MAX - 1));
    stream_descriptor event(context, ::dup(counter.get()));
    outcome written;
    const std::uint64_t one = 1;
    event.async_write_some(asio::buffer(&one, sizeof(one)), into(written));
    tick(context);
    BOOST_TEST(!written.over());
    eventfd_t count = 0;
    checked(::eventfd_read(counter.get(), &count));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(8));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_timerfd_expires, Context, all_contexts)
{
    for (const int flags : {0, int(TFD_NONBLOCK)})
    {
        Context context;
        stream_descriptor timer(context, one_shot_timer(5ms, flags).release());
        outcome read;
        std::uint64_t expirations = 0;
        timer.async_read_some(asio::buffer(&expirations, sizeof(expirations)), into(read));
        tick(context);
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(read.transferred(8));
        BOOST_TEST(expirations == 1U);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_read_of_a_timerfd_is_cancelled, Context, all_contexts)
{
    Context context;
    stream_descriptor timer(context, ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
    outcome read;
    std::uint64_t expirations = 0;
    timer.async_read_some(asio::buffer(&expirations, sizeof(expirations)), into(read));
    tick(context);
    timer.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.aborted());
}

// Somebody else is faster: what is there when the poll ends is gone when the read comes.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_timerfd_that_somebody_else_reads_is_waited_for_again, Context, all_contexts)
{
    Context context;
    const descriptor timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
    const auto expire = [&timer]
    {
        itimerspec setting = {};
        setting.it_value.tv_nsec = 1;
        checked(::timerfd_settime(timer.get(), 0, &setting, nullptr));
    };
    stream_descriptor reader(context, ::dup(timer.get()));
    outcome read;
    std::uint64_t expirations = 0;
    reader.async_read_some(asio::buffer(&expirations, sizeof(expirations)), into(read));
    tick(context);
    expire();
    BOOST_TEST_REQUIRE(ready(timer, POLLIN, 10'000));
    std::uint64_t stolen = 0;
    checked(static_cast<int>(::read(timer.get(), &stolen, sizeof(stolen))));
    asio::steady_timer soon(context, 5ms);
    soon.async_wait(
        [&](const error_code&)
        {
            BOOST_TEST(!read.over());
            expire();
        });
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(8));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signalfd_gets_the_signals_of_this_thread, Context, all_contexts)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGUSR1);
    sigset_t before;
    ::pthread_sigmask(SIG_BLOCK, &signals, &before);
    descriptor source(::signalfd(-1, &signals, SFD_CLOEXEC));
    signalfd_siginfo signal{};
    const iovec piece{&signal, sizeof(signal)};
    if (::preadv2(source.get(), &piece, 1, -1, RWF_NOWAIT) == -1 && errno == EOPNOTSUPP)
    {
        BOOST_TEST_MESSAGE("skipped: a worker of this kernel must read a signalfd");
        ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        return;
    }
    Context context;
    stream_descriptor reader(context, source.release());
    outcome read;
    reader.async_read_some(asio::buffer(&signal, sizeof(signal)), into(read));
    tick(context);
    BOOST_TEST(::raise(SIGUSR1) == 0);
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(sizeof(signal)));
    BOOST_TEST(signal.ssi_signo == unsigned(SIGUSR1));
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(inotify_tells_of_a_new_file, Context, all_contexts)
{
    for (const int flags : {0, int(IN_NONBLOCK)})
    {
        Context context;
        const temporary_directory folder;
        descriptor events(::inotify_init1(IN_CLOEXEC | flags));
        checked(::inotify_add_watch(events.get(), folder.path().c_str(), IN_CREATE));
        stream_descriptor watch(context, events.release());
        outcome read;
        alignas(inotify_event) char place[512] = {};
        watch.async_read_some(asio::buffer(place), into(read));
        tick(context);
        BOOST_TEST(!read.over());
        std::ofstream(folder.path_of("new")).put('x');
        BOOST_TEST(run_to_the_end(context));
        BOOST_TEST(read.succeeded());
        BOOST_TEST(reinterpret_cast<const inotify_event*>(place)->mask == std::uint32_t(IN_CREATE));
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(memory_devices_answer_at_once, Context, all_contexts)
{
    Context context;
    const auto read_from = [&](const char* path)
    {
        stream_descriptor device(context, opened(path, O_RDONLY).release());
        outcome read;
        space<64> place;
        device.async_read_some(asio::mutable_buffer(place), into(read));
        BOOST_TEST(run_to_the_end(context));
        return read;
    };
    const auto write_to = [&](const char* path)
    {
        stream_descriptor device(context, opened(path, O_WRONLY).release());
        outcome written;
        device.async_write_some(asio::buffer("data", 4), into(written));
        BOOST_TEST(run_to_the_end(context));
        return written;
    };
    BOOST_TEST(read_from("/dev/zero").transferred(64));
    BOOST_TEST(read_from("/dev/random").transferred(64));
    BOOST_TEST(read_from("/dev/null").failed_with(asio::error::eof));
    BOOST_TEST(write_to("/dev/null").transferred(4));
    BOOST_TEST(write_to("/dev/full").failed_with(error_code(ENOSPC, asio::error::get_system_category())));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_file_is_written_and_read_to_its_end, Context, all_contexts)
{
    Context context;
    descriptor file = temporary_file();
    stream_descriptor stream(context, ::dup(file.get()));
    outcome written;
    asio::async_write(stream, asio::buffer(long_text), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(long_text.size()));
    BOOST_TEST(::lseek(file.get(), 0, SEEK_CUR) == static_cast<off_t>(long_text.size()));
    checked(static_cast<int>(::lseek(file.get(), 0, SEEK_SET)));
    std::string got(long_text.size() + 1, ' ');
    outcome read;
    asio::async_read(stream, asio::buffer(got), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(asio::error::eof));
    BOOST_TEST(read.bytes == long_text.size());
    BOOST_TEST((got.substr(0, long_text.size()) == long_text));
}

// The kernel doesn't read some files for whoever asks not to wait.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_file_with_the_non_blocking_flag_is_read, Context, all_contexts)
{
    for (const char* path : {"/proc/self/maps", "/proc/self/mounts", "/proc/uptime", "/proc/self/cmdline"})
    {
        Context context;
        stream_descriptor file(context, opened(path, O_RDONLY | O_NONBLOCK).release());
        outcome read;
        space<16> place;
        file.async_read_some(asio::mutable_buffer(place), into(read));
        BOOST_TEST(run_to_the_end(context), path);
        BOOST_TEST(read.succeeded(), path);
        BOOST_TEST(read.bytes > 0U, path);
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_folder_is_no_stream, Context, all_contexts)
{
    Context context;
    stream_descriptor folder(context, opened("/", O_RDONLY | O_DIRECTORY).release());
    outcome read;
    space<8> place;
    folder.async_read_some(asio::mutable_buffer(place), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(error_code(EISDIR, asio::error::get_system_category())));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_named_pipe_is_a_pipe, Context, all_contexts)
{
    Context context;
    const temporary_directory folder;
    const std::string name = folder.make_pipe();
    stream_descriptor reader(context, opened(name, O_RDWR).release());
    stream_descriptor writer(context, opened(name, O_WRONLY).release());
    outcome read;
    outcome written;
    space<8> place;
    reader.async_read_some(asio::mutable_buffer(place), into(read));
    tick(context);
    BOOST_TEST(!read.over());
    writer.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(no_kind_makes_an_epoll_descriptor, Context, rings)
{
    Context context;
    pseudo_terminal terminal;
    pipe_pair pipe;
    stream_descriptor streams[] = {stream_descriptor(context, terminal.slave.release()),
        stream_descriptor(context, pipe.reader.release()),
        stream_descriptor(context, ::eventfd(0, EFD_CLOEXEC)),
        stream_descriptor(context, one_shot_timer(1ms, 0).release()),
        stream_descriptor(context, ::inotify_init1(IN_CLOEXEC)),
        stream_descriptor(context, opened("/dev/zero", O_RDONLY).release()),
        stream_descriptor(context, temporary_file().release())};
    outcome outcomes[std::size(streams)];
    space<512> place;
    for (std::size_t i = 0; i != std::size(streams); ++i)
        streams[i].async_read_some(asio::mutable_buffer(place), into(outcomes[i]));
    tick(context);
    BOOST_TEST(epoll_descriptors() == 0);
    for (stream_descriptor& stream : streams)
        stream.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(epoll_descriptors() == 0);
    for (const outcome& o : outcomes)
        BOOST_TEST(o.over());
}

BOOST_AUTO_TEST_SUITE_END()
