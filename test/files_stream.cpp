// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests stream files: what is read and written at the file position, in order.

#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <temporary_directory.hpp>

#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/stream_file.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace {

using namespace asio_uring::test;
using asio::stream_file;

const auto read_write_new = stream_file::read_write | stream_file::create | stream_file::truncate;

} // namespace

BOOST_AUTO_TEST_SUITE(files_stream)

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_written_is_read_again, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    stream_file file(context, directory.path_of("new"), read_write_new);
    BOOST_TEST(file.is_open());
    outcome written;
    file.async_write_some(asio::buffer("hello", 5), into(written));
    BOOST_TEST(!written.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(5));
    BOOST_TEST(file.seek(0, stream_file::seek_cur) == 5U);
    BOOST_TEST(file.seek(1, stream_file::seek_set) == 1U);
    std::string text(8, '.');
    outcome read;
    file.async_read_some(asio::buffer(text), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(text == "ello....");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(the_end_of_a_file_is_an_error, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    stream_file file(context, directory.make_file("text"), stream_file::read_only);
    std::string text(8, '.');
    outcome all;
    asio::async_read(file, asio::buffer(text), into(all));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(all.failed_with(asio::error::eof));
    BOOST_TEST(all.bytes == 4U);
    outcome next;
    file.async_read_some(asio::buffer(text), into(next));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(next.failed_with(asio::error::eof));
    BOOST_TEST(next.bytes == 0U);
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(operations_keep_their_order, Context, all_contexts)
{
    constexpr std::size_t count = 100;
    const temporary_directory directory;
    const std::string path = directory.path_of("new");
    Context context;
    stream_file file(context, path, read_write_new);
    std::array<std::string, count> texts;
    std::string all;
    std::vector<outcome> written(count);
    for (std::size_t i = 0; i != count; ++i)
    {
        texts[i] = std::to_string(i) + " ";
        all += texts[i];
        file.async_write_some(asio::buffer(texts[i]), into(written[i]));
    }
    BOOST_TEST(run_to_the_end(context));
    for (std::size_t i = 0; i != count; ++i)
        BOOST_TEST(written[i].transferred(texts[i].size()));
    BOOST_TEST(temporary_directory::content_of(path) == all);

    file.seek(0, stream_file::seek_set);
    std::vector<outcome> read(count);
    std::array<std::string, count> again;
    for (std::size_t i = 0; i != count; ++i)
    {
        again[i].resize(texts[i].size());
        file.async_read_some(asio::buffer(again[i]), into(read[i]));
    }
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(again == texts, boost::test_tools::per_element());
}

// Asio's own doesn't wait with a read for a write.
using our_contexts = std::tuple<ring, ring_of_one_thread, fallback>;

BOOST_AUTO_TEST_CASE_TEMPLATE(reads_and_writes_keep_their_order_among_each_other, Context, our_contexts)
{
    const temporary_directory directory;
    const std::string path = directory.make_file("aabbcc");
    Context context;
    stream_file file(context, path, stream_file::read_write);
    std::string first(2, '.');
    std::string last(2, '.');
    outcome outcomes[3];
    file.async_read_some(asio::buffer(first), into(outcomes[0]));
    file.async_write_some(asio::buffer("xx", 2), into(outcomes[1]));
    file.async_read_some(asio::buffer(last), into(outcomes[2]));
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.transferred(2));
    BOOST_TEST(first == "aa");
    BOOST_TEST(last == "cc");
    BOOST_TEST(temporary_directory::content_of(path) == "aaxxcc");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_write_does_not_wait_for_a_read_of_a_pipe, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    stream_file file(context, directory.make_pipe(), stream_file::read_write);
    std::string text(8, '.');
    outcome read;
    outcome written;
    file.async_read_some(asio::buffer(text), into(read));
    tick(context);
    BOOST_TEST(!read.over());
    file.async_write_some(asio::buffer("late", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(4));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(text == "late....");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(lists_of_buffers_are_gathered_and_scattered, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    stream_file file(context, directory.path_of("new"), read_write_new);
    outcome written;
    const std::array<asio::const_buffer, 3> out = {
        asio::buffer("one ", 4), asio::const_buffer(), asio::buffer("two", 3)};
    file.async_write_some(out, into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(7));
    file.seek(0, stream_file::seek_set);
    std::string head(2, '.');
    std::string tail(8, '.');
    outcome read;
    file.async_read_some(std::array{asio::buffer(head), asio::buffer(tail)}, into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(7));
    BOOST_TEST(head == "on");
    BOOST_TEST(tail == "e two...");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(more_than_one_operation_takes_is_written_in_parts, Context, all_contexts)
{
    const temporary_directory directory;
    const std::string path = directory.path_of("new");
    Context context;
    stream_file file(context, path, read_write_new);
    const std::vector<asio::const_buffer> out(200, asio::buffer("ab", 2));
    outcome written;
    asio::async_write(file, out, into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(400));
    BOOST_TEST(temporary_directory::content_of(path).size() == 400U);
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(appending_goes_to_the_end, Context, all_contexts)
{
    const temporary_directory directory;
    const std::string path = directory.make_file("old");
    Context context;
    stream_file file(context, path, stream_file::write_only | stream_file::append);
    outcome written;
    file.async_write_some(asio::buffer("new", 3), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(3));
    BOOST_TEST(temporary_directory::content_of(path) == "oldnew");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(empty_buffers_transfer_nothing, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    stream_file file(context, directory.make_file(""), stream_file::read_write);
    outcome read;
    outcome written;
    file.async_read_some(asio::mutable_buffer(), into(read));
    file.async_write_some(asio::const_buffer(), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(0));
    BOOST_TEST(written.transferred(0));
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_closed_file_is_a_bad_descriptor, Context, all_contexts)
{
    Context context;
    stream_file file(context);
    char byte = 0;
    outcome read;
    file.async_read_some(asio::buffer(&byte, 1), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.failed_with(asio::error::bad_descriptor));
    error_code ec;
    file.cancel(ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    file.read_some(asio::buffer(&byte, 1), ec);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    BOOST_TEST(file.size(ec) == 0U);
    BOOST_TEST(ec == asio::error::bad_descriptor);
    file.close(ec);
    BOOST_TEST(!ec);
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(what_the_kernel_refuses_is_an_error, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    stream_file file(context);
    error_code ec;
    file.open(directory.path_of("none"), stream_file::read_only, ec);
    BOOST_TEST(ec.value() == ENOENT);
    BOOST_TEST(!file.is_open());
    BOOST_CHECK_THROW(
        stream_file(context, directory.path_of("none"), stream_file::read_only), boost::system::system_error);
    file.open(directory.make_file("text"), stream_file::read_only);
    file.open(directory.path_of("file"), stream_file::read_only, ec);
    BOOST_TEST(ec == asio::error::already_open);
    outcome written;
    file.async_write_some(asio::buffer("x", 1), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.failed_with(asio::error::bad_descriptor));
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_calls_do_what_they_say, Context, all_contexts)
{
    const temporary_directory directory;
    const std::string path = directory.path_of("new");
    Context context;
    stream_file file(context, path, read_write_new);
    BOOST_TEST(asio::write(file, asio::buffer("0123456789", 10)) == 10U);
    BOOST_TEST(file.size() == 10U);
    file.sync_data();
    file.sync_all();
    file.resize(4);
    BOOST_TEST(file.size() == 4U);
    BOOST_TEST(file.seek(-3, stream_file::seek_end) == 1U);
    std::string text(2, '.');
    BOOST_TEST(file.read_some(asio::buffer(text)) == 2U);
    BOOST_TEST(text == "12");
    file.resize(6);
    BOOST_TEST(temporary_directory::content_of(path) == std::string("0123\0\0", 6));
    error_code ec;
    file.seek(-1, stream_file::seek_set, ec);
    BOOST_TEST(ec == asio::error::invalid_argument);
    file.seek(0, stream_file::seek_end);
    BOOST_TEST(file.read_some(asio::buffer(text), ec) == 0U);
    BOOST_TEST(ec == asio::error::eof);
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_file_moves_with_its_operations, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    stream_file file(context, directory.make_pipe(), stream_file::read_write);
    std::string text(8, '.');
    outcome read;
    file.async_read_some(asio::buffer(text), into(read));
    tick(context);
    stream_file moved(std::move(file));
    BOOST_TEST(!file.is_open());
    stream_file assigned(context);
    assigned = std::move(moved);
    outcome written;
    assigned.async_write_some(asio::buffer("data", 4), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(a_descriptor_is_released_and_assigned, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    Context other_context;
    stream_file file(context, directory.make_file("text"), stream_file::read_only);
    file.seek(2, stream_file::seek_set);
    const int descriptor = file.release();
    BOOST_TEST(!file.is_open());
    stream_file other(other_context, descriptor);
    BOOST_TEST(other.native_handle() == descriptor);
    std::string text(8, '.');
    outcome read;
    other.async_read_some(asio::buffer(text), into(read));
    BOOST_TEST(run_to_the_end(other_context));
    BOOST_TEST(read.transferred(2));
    BOOST_TEST(text == "xt......");
}

BOOST_AUTO_TEST_SUITE_END()
