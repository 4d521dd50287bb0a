// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What the programs that read a file at random share: the file, which block is read next, and whether it is
// the right one.

#ifndef ASIO_URING_TEST_BENCH_FILES_READS_HPP
#define ASIO_URING_TEST_BENCH_FILES_READS_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace asio_uring::bench {

/// Bytes of a read, and what buffers and offsets are aligned to. run.py, which writes the file, has it too.
inline constexpr std::size_t block_size = 4096;

struct read_options
{
    /// Each block of the file has its number in its first and last eight bytes.
    std::string path;

    /// Reads under way at a time.
    unsigned depth = 1;

    /// Whether the file is opened with O_DIRECT.
    bool direct = false;

    /// Whether buffers are registered with the kernel.
    bool registered = false;

    /// Of an Asio context.
    int hint = 1;

    double seconds = 1;
};

/// Reads the command line; ends the program where it is wrong, or only asks for help.
read_options parse_read_options(int argc, char* argv[]);

/// The file, open for reading.
///
/// @throws std::system_error where it can't be opened.
class data_file
{
public:
    explicit data_file(const read_options& options);
    ~data_file();

    data_file(const data_file&) = delete;
    data_file& operator=(const data_file&) = delete;

    int descriptor() const noexcept
    {
        return descriptor_;
    }

    std::uint64_t blocks() const noexcept
    {
        return blocks_;
    }

private:
    int descriptor_;
    std::uint64_t blocks_;
};

/// The reads that one thread has under way, each in a slot, for as long as was asked for.
class reads
{
public:
    using clock = std::chrono::steady_clock;

    /// @param slots how many are under way at a time.
    reads(const data_file& file, unsigned slots, double seconds);

    std::size_t slots() const noexcept
    {
        return slots_.size();
    }

    /// Where the block of a slot goes: block_size bytes, aligned as much.
    char* buffer(std::size_t slot) const noexcept
    {
        return memory_.get() + slot * block_size;
    }

    /// Chooses the next block of a slot; returns its offset in the file.
    std::uint64_t next(std::size_t slot);

    /// Takes the result of a slot's read, in bytes or a negative error number; returns whether to go on.
    ///
    /// @throws std::runtime_error where it isn't the block that was asked for.
    bool done(std::size_t slot, std::int64_t result);

    /// How long each read took, in nanoseconds.
    const std::vector<std::uint32_t>& times() const noexcept
    {
        return times_;
    }

private:
    struct slot_state
    {
        std::uint64_t block = 0;
        clock::time_point started;
    };

    struct free_memory
    {
        void operator()(char* memory) const noexcept
        {
            std::free(memory);
        }
    };

    std::unique_ptr<char[], free_memory> memory_;
    std::vector<slot_state> slots_;
    std::minstd_rand random_;
    std::uint64_t blocks_;
    clock::time_point end_;
    std::vector<std::uint32_t> times_;
};

/// Measures this process from its construction on.
class stopwatch
{
public:
    stopwatch();

    /// Writes what came of the reads of all threads, as JSON.
    void report(const std::vector<std::unique_ptr<reads>>& all) const;

private:
    std::uint64_t cpu_; // nanoseconds
    reads::clock::time_point started_;
};

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_FILES_READS_HPP
