// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests random-access files: what is read and written at offsets, all at once.

#include <contexts.hpp>
#include <needs_the_ring.hpp>
#include <outcome.hpp>
#include <runners.hpp>
#include <temporary_directory.hpp>

#include <array>
#include <boost/asio/random_access_file.hpp>
#include <boost/asio/read_at.hpp>
#include <boost/asio/write_at.hpp>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace asio_uring::test;
using asio::random_access_file;

const auto read_write_new =
    random_access_file::read_write | random_access_file::create | random_access_file::truncate;

// A block of memory and of a file as O_DIRECT wants it.
constexpr std::size_t block = 4096;

struct freed
{
    void operator()(char* memory) const noexcept
    {
        std::free(memory);
    }
};

std::unique_ptr<char, freed> aligned_blocks(std::size_t count)
{
    return std::unique_ptr<char, freed>(static_cast<char*>(std::aligned_alloc(block, count * block)));
}

} // namespace

BOOST_AUTO_TEST_SUITE(files_random_access)

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_written_is_read_again, Context, all_contexts)
{
    const temporary_directory directory;
    const std::string path = directory.path_of("new");
    Context context;
    random_access_file file(context, path, read_write_new);
    outcome written;
    file.async_write_some_at(3, asio::buffer("hello", 5), into(written));
    BOOST_TEST(!written.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(5));
    BOOST_TEST(temporary_directory::content_of(path) == std::string("\0\0\0hello", 8));
    std::string text(8, '.');
    outcome read;
    file.async_read_some_at(4, asio::buffer(text), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(text == "ello....");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(the_end_of_a_file_is_an_error, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    random_access_file file(context, directory.make_file("text"), random_access_file::read_only);
    std::string text(8, '.');
    outcome all;
    outcome beyond;
    asio::async_read_at(file, 1, asio::buffer(text), into(all));
    BOOST_TEST(run_to_the_end(context));
    file.async_read_some_at(4, asio::buffer(text), into(beyond));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(all.failed_with(asio::error::eof));
    BOOST_TEST(all.bytes == 3U);
    BOOST_TEST(beyond.failed_with(asio::error::eof));
    BOOST_TEST(beyond.bytes == 0U);
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(lists_of_buffers_are_gathered_and_scattered, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    random_access_file file(context, directory.path_of("new"), read_write_new);
    outcome written;
    file.async_write_some_at(1, std::array{asio::buffer("one ", 4), asio::buffer("two", 3)}, into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(7));
    std::string head(2, '.');
    std::string tail(8, '.');
    outcome read;
    file.async_read_some_at(1, std::array{asio::buffer(head), asio::buffer(tail)}, into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(7));
    BOOST_TEST(head + tail == "one two...");
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(many_operations_each_find_their_place, Context, all_contexts)
{
    constexpr std::size_t count = 500;
    const temporary_directory directory;
    Context context;
    random_access_file file(context, directory.path_of("new"), read_write_new);
    std::vector<outcome> outcomes(count);
    std::vector<std::array<std::size_t, 64>> records(count);
    for (std::size_t i = count; i-- != 0;)
    {
        records[i].fill(i);
        file.async_write_some_at(i * sizeof(records[i]), asio::buffer(records[i]), into(outcomes[i]));
    }
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : outcomes)
        BOOST_TEST(o.transferred(sizeof(records[0])));

    std::vector<outcome> reads(count);
    std::vector<std::array<std::size_t, 64>> again(count);
    for (std::size_t i = 0; i != count; ++i)
        file.async_read_some_at(i * sizeof(again[i]), asio::buffer(again[i]), into(reads[i]));
    BOOST_TEST(run_to_the_end(context));
    for (const outcome& o : reads)
        BOOST_TEST(o.transferred(sizeof(records[0])));
    BOOST_TEST((again == records));
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(operations_on_one_file_are_all_with_the_kernel_at_once, Context, rings)
{
    constexpr std::size_t count = 64;
    const temporary_directory directory;
    Context context;
    random_access_file file(context, directory.make_file(""), random_access_file::read_write);
    const std::string text(count, 'x');
    std::vector<outcome> writes(count);
    const auto before = context.statistics();
    for (std::size_t i = 0; i != count; ++i)
        file.async_write_some_at(i, asio::buffer(&text[i], 1), into(writes[i]));
    BOOST_TEST(run_until(context, [&] { return writes[0].over(); }));
    BOOST_TEST(context.statistics().submissions - before.submissions == count);
    BOOST_TEST(run_to_the_end(context));
    std::string written(count, '.');
    BOOST_TEST(file.read_some_at(0, asio::buffer(written)) == count);
    BOOST_TEST(written == text);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(what_is_in_memory_is_read_past_the_ring, Context, rings)
{
    const temporary_directory directory;
    Context context;
    random_access_file file(context, directory.make_file("some text"), random_access_file::read_only);
    tick(context);
    const auto before = context.statistics();
    outcome read;
    outcome end;
    std::array<char, 4> place;
    file.async_read_some_at(5, asio::buffer(place), into(read));
    BOOST_TEST(!read.over());
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
    BOOST_TEST(std::string(place.data(), place.size()) == "text");
    file.async_read_some_at(9, asio::buffer(place), into(end));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST((end.ec == asio::error::eof));
    BOOST_TEST(context.statistics().submissions == before.submissions);
}

BOOST_TEST_DECORATOR(*needs_the_ring())
BOOST_AUTO_TEST_CASE_TEMPLATE(what_has_no_offsets_is_read_as_it_is, Context, rings)
{
    Context context;
    pipe_pair pipe;
    pipe.write("text");
    random_access_file file(context, pipe.reader.release());
    outcome read;
    std::array<char, 4> place;
    file.async_read_some_at(5, asio::buffer(place), into(read));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(4));
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(direct_access_works_through_a_native_descriptor, Context, all_contexts)
{
    const temporary_directory directory;
    const std::string path = directory.path_of("new");
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_DIRECT | O_CLOEXEC, 0600);
    if (fd == -1)
    {
        BOOST_TEST_MESSAGE("skipped: the file system has no O_DIRECT");
        return;
    }
    Context context;
    random_access_file file(context);
    file.assign(fd);
    const auto out = aligned_blocks(2);
    const auto in = aligned_blocks(3);
    std::memset(out.get(), 'd', 2 * block);
    outcome written;
    asio::async_write_at(file, block, asio::buffer(out.get(), 2 * block), into(written));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(written.transferred(2 * block));
    BOOST_TEST(file.size() == 3 * block);
    outcome read;
    outcome unaligned;
    asio::async_read_at(file, block, asio::buffer(in.get(), 2 * block), into(read));
    // Some file systems refuse this, others read it anyway.
    file.async_read_some_at(1, asio::buffer(in.get() + 2 * block, block), into(unaligned));
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(read.transferred(2 * block));
    BOOST_TEST(std::memcmp(in.get(), out.get(), 2 * block) == 0);
    BOOST_TEST(unaligned.over());
}

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(synchronous_calls_do_what_they_say, Context, all_contexts)
{
    const temporary_directory directory;
    Context context;
    random_access_file file(context, directory.path_of("new"), read_write_new);
    BOOST_TEST(asio::write_at(file, 2, asio::buffer("text", 4)) == 4U);
    BOOST_TEST(file.size() == 6U);
    std::string text(8, '.');
    error_code ec;
    BOOST_TEST(asio::read_at(file, 3, asio::buffer(text), ec) == 3U);
    BOOST_TEST(ec == asio::error::eof);
    BOOST_TEST(text == "ext.....");
    file.resize(0);
    file.sync_data();
    file.sync_all();
    BOOST_TEST(file.size() == 0U);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_file_moves_with_its_operations, Context, rings)
{
    const temporary_directory directory;
    Context context;
    random_access_file file(context, directory.make_pipe(), random_access_file::read_write);
    outcome waited;
    file.async_read_some_at(0, asio::null_buffers(), into(waited));
    tick(context);
    random_access_file moved(std::move(file));
    moved.cancel();
    BOOST_TEST(run_to_the_end(context));
    BOOST_TEST(waited.aborted());
}

using shared_contexts = std::tuple<ring, fallback, stock>;

BOOST_TEST_DECORATOR(*needs_io_uring_on_asios_context())
BOOST_AUTO_TEST_CASE_TEMPLATE(many_threads_run_the_operations_of_many_files, Context, shared_contexts)
{
    constexpr int operations = 400;
    const temporary_directory directory;
    Context context;
    const std::string path = directory.make_file(std::string(operations, 'x'));
    std::deque<random_access_file> files;
    for (int i = 0; i != 4; ++i)
        files.emplace_back(context, path, random_access_file::read_only);
    std::string text(operations, '.');
    std::atomic<int> done = 0;
    const runners threads(context, 3);
    for (std::size_t i = 0; i != operations; ++i)
        files[i % files.size()].async_read_some_at(i, asio::buffer(&text[i], 1),
            [&](error_code ec, std::size_t n) { done += !ec && n == 1 ? 1 : 0; });
    BOOST_TEST(comes_about([&] { return done == operations; }));
    BOOST_TEST(text == std::string(operations, 'x'));
}

BOOST_AUTO_TEST_SUITE_END()
