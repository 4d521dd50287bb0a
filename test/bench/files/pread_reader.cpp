// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Random reads without a ring: threads that call pread(), one for each read under way, at most 16.

#include "reads.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <sys/types.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using namespace asio_uring::bench;

constexpr unsigned max_threads = 16;

void read_at_random(const data_file& file, reads& slots)
{
    for (bool more = true; more;)
    {
        const auto offset = static_cast<off_t>(slots.next(0));
        const ssize_t n = pread(file.descriptor(), slots.buffer(0), block_size, offset);
        more = slots.done(0, n >= 0 ? n : -errno);
    }
}

} // namespace

int main(int argc, char* argv[])
{
    const read_options options = parse_read_options(argc, argv);
    const data_file file(options);
    std::vector<std::unique_ptr<reads>> all;
    std::vector<std::thread> threads;
    const stopwatch measured;
    for (unsigned i = 0; i < std::min(options.depth, max_threads); ++i)
    {
        reads& slots = *all.emplace_back(std::make_unique<reads>(file, 1, options.seconds));
        threads.emplace_back([&file, &slots] { read_at_random(file, slots); });
    }
    for (std::thread& thread : threads)
        thread.join();
    measured.report(all);
}
