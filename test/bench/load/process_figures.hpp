// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What a contender's process has used up so far, seen from outside.

#ifndef ASIO_URING_TEST_BENCH_LOAD_PROCESS_FIGURES_HPP
#define ASIO_URING_TEST_BENCH_LOAD_PROCESS_FIGURES_HPP

#include "../allocations.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>

namespace asio_uring::bench {

struct process_figures
{
    /// Nanoseconds on a processor, of all threads that live, those of the kernel's workers among them.
    std::uint64_t cpu = 0;

    /// Bytes of memory that are resident.
    std::uint64_t resident = 0;

    /// System calls, and calls of operator new; empty where they aren't counted.
    std::optional<std::uint64_t> system_calls;
    std::optional<std::uint64_t> allocations;
};

/// Reads the figures of one process.
class process_observer
{
public:
    /// Looks at this process. `counts_path` names the file that its ASIO_URING_BENCH_COUNTS names, or is
    /// empty. With `count_system_calls` the kernel counts those of the process's main thread and its future
    /// threads, by the tracepoint raw_syscalls:sys_enter, which costs them time; throws where that isn't
    /// allowed.
    process_observer(pid_t process, const std::string& counts_path, bool count_system_calls);
    ~process_observer();

    process_observer(const process_observer&) = delete;
    process_observer& operator=(const process_observer&) = delete;

    process_figures now() const;

private:
    std::string folder_;
    const shared_counts* counts_ = nullptr;
    int system_calls_ = -1;
};

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_LOAD_PROCESS_FIGURES_HPP
