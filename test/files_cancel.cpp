// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the early ends of operations on files: cancel, close, slots, and the end of the context.

#include <contexts.hpp>
#include <outcome.hpp>
#include <runners.hpp>
#include <temporary_directory.hpp>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/random_access_file.hpp>
#include <boost/asio/stream_file.hpp>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace {

using namespace asio_uring::test;
using asio::cancellation_signal;
using asio::cancellation_type;
using asio::random_access_file;
using asio::stream_file;

// Asio's own leaves operations of a closed file behind where nothing wakes it.
using our_contexts = std::tuple<ring, ring_of_one_thread, fallback>;

auto into(outcome& what, cancellation_signal& signal)
{
    return asio::bind_cancellation_slot(signal.slot(), asio_uring::test::into(what));
}

// Reads of a pipe that nobody writes to: the first is with the kernel, or a thread, the others wait.
template <typename Context>
struct stuck_reads
{
    explicit stuck_reads(Context& context) : file(context, directory.make_pipe(), stream_file::read_write)
    {
        for (int i = 0; i != 3; ++i)
            file.async_read_some(asio::buffer(&bytes[i], 1), asio_uring::test::into(outcomes[i]));
        tick(context);
    }

    bool aborted() const
    {
        return outcomes[0].aborted() && outcomes[1].aborted() && outcomes[2].aborted();
    }

    temporary_directory directory;
    char bytes[3] = {};
    outcome outcomes[3];
    stream_file file;
};

} // namespace

BOOST_AUTO_TEST_SUITE(files_cancel)

BOOST_AUTO_TEST_CASE_TEMPLATE(cancel_ends_what_is_pending, Context, our_contexts)
{
    Context context;
    stuck_reads reads(context);
    reads.file.cancel();
    BOOST_TEST(!reads.outcomes[0].over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(reads.aborted());
    outcome written;
    reads.file.async_write_some(asio::buffer("x", 1), asio_uring::test::into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(close_ends_what_is_pending, Context, our_contexts)
{
    Context context;
    stuck_reads reads(context);
    reads.file.close();
    BOOST_TEST(!reads.file.is_open());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(reads.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(destruction_ends_what_is_pending, Context, our_contexts)
{
    Context context;
    std::optional<stuck_reads<Context>> reads(std::in_place, context);
    outcome outcomes[3];
    char bytes[3] = {};
    {
        const temporary_directory directory;
        stream_file file(context, directory.make_pipe(), stream_file::read_write);
        for (int i = 0; i != 3; ++i)
            file.async_read_some(asio::buffer(&bytes[i], 1), asio_uring::test::into(outcomes[i]));
        tick(context);
    }
    reads->file.close();
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.aborted());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(release_ends_what_is_pending_and_leaves_the_descriptor, Context, our_contexts)
{
    Context context;
    stuck_reads reads(context);
    const descriptor released(reads.file.release());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(reads.aborted());
    BOOST_TEST(::write(released.get(), "x", 1) == 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_ends_its_own_operation_only, Context, our_contexts)
{
    const temporary_directory directory;
    Context context;
    stream_file file(context, directory.make_pipe(), stream_file::read_write);
    cancellation_signal signals[3];
    outcome outcomes[3];
    char bytes[3] = {};
    for (int i = 0; i != 3; ++i)
        file.async_read_some(asio::buffer(&bytes[i], 1), into(outcomes[i], signals[i]));
    tick(context);
    signals[0].emit(cancellation_type::total);
    signals[2].emit(cancellation_type::terminal);
    BOOST_TEST(run_until(context, [&] { return outcomes[0].over() && outcomes[2].over(); }));
    BOOST_TEST(outcomes[0].aborted());
    BOOST_TEST(outcomes[2].aborted());
    BOOST_TEST(!outcomes[1].over());
    outcome written;
    file.async_write_some(asio::buffer("x", 1), asio_uring::test::into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(outcomes[1].transferred(1));
}

// With Asio's own the signal must not outlive the context.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_signal_after_the_end_ends_nothing, Context, our_contexts)
{
    const temporary_directory directory;
    cancellation_signal signal;
    outcome read;
    char byte = 0;
    {
        Context context;
        random_access_file file(context, directory.make_file("x"), random_access_file::read_only);
        file.async_read_some_at(0, asio::buffer(&byte, 1), into(read, signal));
        BOOST_TEST(run_to_the_end(context));
    }
    signal.emit(cancellation_type::all);
    BOOST_TEST(read.transferred(1));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(each_of_many_reads_ends_once_where_the_file_is_closed, Context, our_contexts)
{
    constexpr std::size_t count = 200;
    const temporary_directory directory;
    Context context;
    random_access_file file(
        context, directory.make_file(std::string(count, 'x')), random_access_file::read_only);
    std::vector<outcome> reads(count);
    std::string text(count, '.');
    for (std::size_t i = 0; i != count; ++i)
        file.async_read_some_at(i, asio::buffer(&text[i], 1), asio_uring::test::into(reads[i]));
    file.close();
    BOOST_TEST(run_to_the_end(context));
    for (std::size_t i = 0; i != count; ++i)
    {
        // Data that arrived is not dropped.
        BOOST_TEST((reads[i].aborted() || reads[i].transferred(1)));
        BOOST_TEST((text[i] == 'x') == reads[i].succeeded());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(signals_race_with_the_ends_of_reads, Context, our_contexts)
{
    constexpr std::size_t count = 300;
    const temporary_directory directory;
    Context context;
    random_access_file file(
        context, directory.make_file(std::string(count, 'x')), random_access_file::read_only);
    std::vector<outcome> reads(count);
    std::vector<cancellation_signal> signals(count);
    std::string text(count, '.');
    for (std::size_t i = 0; i != count; ++i)
        file.async_read_some_at(i, asio::buffer(&text[i], 1), into(reads[i], signals[i]));
    for (std::size_t i = 0; i != count; ++i)
    {
        signals[i].emit(cancellation_type::total);
        context.poll_one();
    }
    BOOST_TEST(run_to_the_end(context));
    for (std::size_t i = 0; i != count; ++i)
        BOOST_TEST((reads[i].aborted() || (reads[i].transferred(1) && text[i] == 'x')));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_context_ends_with_operations_pending, Context, our_contexts)
{
    const temporary_directory directory;
    const auto alive = std::make_shared<int>();
    std::string text(1U << 20U, '.');
    {
        Context context;
        // Handlers that own their files, as programs write them.
        const auto pipe =
            std::make_shared<stream_file>(context, directory.make_pipe(), stream_file::read_write);
        const auto file = std::make_shared<random_access_file>(
            context, directory.make_file(std::string(1U << 20U, 'x')), random_access_file::read_only);
        for (int i = 0; i != 3; ++i)
        {
            pipe->async_read_some(
                asio::buffer(text), [pipe, alive](error_code, std::size_t) { BOOST_ERROR("called"); });
            file->async_read_some_at(
                0, asio::buffer(text), [file, alive](error_code, std::size_t) { BOOST_ERROR("called"); });
        }
        context.run_one_for(std::chrono::milliseconds(0));
    }
    BOOST_TEST(alive.use_count() == 1);
}

using shared_contexts = std::tuple<ring, fallback>;

BOOST_AUTO_TEST_CASE_TEMPLATE(files_come_and_go_while_threads_run_their_operations, Context, shared_contexts)
{
    constexpr int rounds = 100;
    constexpr int reads = 8;
    const temporary_directory directory;
    const std::string path = directory.make_file(std::string(reads, 'x'));
    Context context;
    std::string text(reads, '.');
    std::atomic<int> ended = 0;
    const runners threads(context, 2);
    for (int round = 0; round != rounds; ++round)
    {
        stream_file stream(context, path, stream_file::read_only);
        random_access_file file(context, path, random_access_file::read_only);
        for (std::size_t i = 0; i != reads; ++i)
        {
            const auto end = [&](const error_code&, std::size_t) { ++ended; };
            if (i % 2 == 0)
                file.async_read_some_at(i, asio::buffer(&text[i], 1), end);
            else
                stream.async_read_some(asio::buffer(&text[i], 1), end);
        }
        random_access_file moved(std::move(file));
        if (round % 2 == 0)
            stream.cancel();
    }
    BOOST_TEST(comes_about([&] { return ended == rounds * reads; }));
}

// Asio's own counts handlers of its own too.
BOOST_AUTO_TEST_CASE_TEMPLATE(pending_operations_keep_the_context_running, Context, our_contexts)
{
    const temporary_directory directory;
    Context context;
    random_access_file file(context, directory.make_file("x"), random_access_file::read_only);
    char byte = 0;
    outcome read;
    file.async_read_some_at(0, asio::buffer(&byte, 1), asio_uring::test::into(read));
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(read.transferred(1));
}

BOOST_AUTO_TEST_SUITE_END()
