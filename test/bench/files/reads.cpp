// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

#include "reads.hpp"

#include <algorithm>
#include <boost/program_options.hpp>
#include <cerrno>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace asio_uring::bench {
namespace {

// Of all threads, in user and kernel mode; in nanoseconds.
std::uint64_t cpu_time()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto nanoseconds = [](const timeval& time)
    {
        return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
               static_cast<std::uint64_t>(time.tv_usec) * 1000;
    };
    return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
}

std::uint64_t number_at(const char* memory)
{
    std::uint64_t number;
    std::memcpy(&number, memory, sizeof number);
    return number;
}

} // namespace

read_options parse_read_options(int argc, char* argv[])
{
    namespace po = boost::program_options;
    read_options options;
    po::options_description description("Reads blocks of a file at random. Options");
    // clang-format off
    description.add_options()
        ("help", "show this")
        ("path", po::value(&options.path)->required(), "the file")
        ("depth", po::value(&options.depth)->default_value(options.depth), "reads under way at a time")
        ("direct", po::bool_switch(&options.direct), "open it with O_DIRECT")
        ("registered", po::bool_switch(&options.registered), "register the buffers")
        ("hint", po::value(&options.hint)->default_value(options.hint), "concurrency hint of an Asio context")
        ("seconds", po::value(&options.seconds)->default_value(options.seconds), "seconds that are measured");
    // clang-format on
    try
    {
        po::variables_map values;
        po::store(po::parse_command_line(argc, argv, description), values);
        if (values.count("help") != 0)
        {
            std::cout << description;
            std::exit(EXIT_SUCCESS);
        }
        po::notify(values);
    }
    catch (const std::exception& error)
    {
        std::cerr << error.what() << '\n' << description;
        std::exit(EXIT_FAILURE);
    }
    return options;
}

data_file::data_file(const read_options& options)
    : descriptor_(open(options.path.c_str(), O_RDONLY | O_CLOEXEC | (options.direct ? O_DIRECT : 0)))
{
    struct stat status
    {};
    if (descriptor_ < 0 || fstat(descriptor_, &status) != 0)
        throw std::system_error(errno, std::generic_category(), options.path);
    blocks_ = static_cast<std::uint64_t>(status.st_size) / block_size;
}

data_file::~data_file()
{
    close(descriptor_);
}

reads::reads(const data_file& file, unsigned slots, double seconds)
    : memory_(static_cast<char*>(std::aligned_alloc(block_size, slots * block_size))),
      slots_(slots),
      random_(std::random_device()()),
      blocks_(file.blocks()),
      end_(clock::now() + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(seconds)))
{
    times_.reserve(1 << 22);
    for (slot_state& slot : slots_)
        slot.started = clock::now();
}

std::uint64_t reads::next(std::size_t slot)
{
    slots_[slot].block = random_() % blocks_;
    return slots_[slot].block * block_size;
}

bool reads::done(std::size_t slot, std::int64_t result)
{
    if (result < 0)
        throw std::system_error(static_cast<int>(-result), std::generic_category(), "read");
    slot_state& state = slots_[slot];
    const char* const block = buffer(slot);
    if (result != block_size || number_at(block) != state.block ||
        number_at(block + block_size - sizeof(std::uint64_t)) != state.block)
        throw std::runtime_error("a read brought the wrong block");

    // The next read of the slot starts now.
    const auto now = clock::now();
    const auto time = std::chrono::nanoseconds(now - state.started).count();
    times_.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(time, UINT32_MAX)));
    state.started = now;
    return now < end_;
}

stopwatch::stopwatch() : cpu_(cpu_time()), started_(reads::clock::now()) {}

void stopwatch::report(const std::vector<std::unique_ptr<reads>>& all) const
{
    const std::uint64_t cpu = cpu_time() - cpu_;
    const std::chrono::duration<double> elapsed = reads::clock::now() - started_;
    std::vector<std::uint32_t> times;
    for (const auto& of_thread : all)
        times.insert(times.end(), of_thread->times().begin(), of_thread->times().end());
    std::sort(times.begin(), times.end());
    std::cout << "{\"operations\": " << times.size() << ", \"seconds\": " << elapsed.count()
              << ", \"cpu_ns\": " << cpu;
    for (const auto& [name, part] :
        {std::pair("p50_ns", 0.5), std::pair("p99_ns", 0.99), std::pair("p999_ns", 0.999)})
        std::cout << ", \"" << name << "\": "
                  << times.at(static_cast<std::size_t>(static_cast<double>(times.size() - 1) * part));
    std::cout << "}\n";
}

} // namespace asio_uring::bench
