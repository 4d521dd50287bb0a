// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

#include "process_figures.hpp"

#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <linux/perf_event.h>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace asio_uring::bench {
namespace {

template <typename Number>
Number first_number(const std::filesystem::path& file, int skipped = 0)
{
    std::ifstream stream(file);
    Number number{};
    for (int i = 0; i <= skipped; ++i)
        stream >> number;
    if (!stream)
        throw std::runtime_error("can't read " + file.string());
    return number;
}

int open_system_call_counter(pid_t process)
{
    perf_event_attr event{};
    event.size = sizeof event;
    event.type = PERF_TYPE_TRACEPOINT;
    event.config = first_number<std::uint64_t>("/sys/kernel/tracing/events/raw_syscalls/sys_enter/id");
    event.inherit = 1;
    const long fd = syscall(SYS_perf_event_open, &event, process, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd < 0)
        throw std::system_error(errno, std::generic_category(), "perf_event_open");
    return static_cast<int>(fd);
}

const shared_counts* map_counts(const std::string& path)
{
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    void* const memory = mmap(nullptr, sizeof(shared_counts), PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED)
        throw std::system_error(errno, std::generic_category(), path);
    return static_cast<const shared_counts*>(memory);
}

} // namespace

process_observer::process_observer(pid_t process, const std::string& counts_path, bool count_system_calls)
    : folder_("/proc/" + std::to_string(process))
{
    if (!counts_path.empty())
        counts_ = map_counts(counts_path);
    if (count_system_calls)
        system_calls_ = open_system_call_counter(process);
}

process_observer::~process_observer()
{
    if (counts_ != nullptr)
        munmap(const_cast<shared_counts*>(counts_), sizeof(shared_counts));
    if (system_calls_ >= 0)
        close(system_calls_);
}

process_figures process_observer::now() const
{
    process_figures figures;
    for (const auto& thread : std::filesystem::directory_iterator(folder_ + "/task"))
        figures.cpu += first_number<std::uint64_t>(thread.path() / "schedstat");
    const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    figures.resident = first_number<std::uint64_t>(folder_ + "/statm", 1) * page;
    if (counts_ != nullptr)
        figures.allocations = counts_->allocations.load(std::memory_order_relaxed);
    std::uint64_t count = 0;
    if (system_calls_ >= 0 && read(system_calls_, &count, sizeof count) == sizeof count)
        figures.system_calls = count;
    return figures;
}

} // namespace asio_uring::bench
