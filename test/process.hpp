// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What the kernel says of this process: its threads, and what its descriptors are.

#ifndef ASIO_URING_TEST_PROCESS_HPP
#define ASIO_URING_TEST_PROCESS_HPP

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <sys/types.h>
#include <system_error>

namespace asio_uring::test {

/// What the kernel tells of a thread of this process, from its state on (proc(5), the third field of stat).
/// Empty where it is gone.
inline std::string stat_of_thread(const std::filesystem::path& thread)
{
    std::ifstream stat("/proc/self/task" / thread / "stat");
    std::string text;
    std::getline(stat, text);
    // The state follows the name, which may hold anything, in parentheses.
    const std::size_t end_of_name = text.rfind(')');
    return end_of_name != std::string::npos ? text.substr(end_of_name + 2) : std::string();
}

/// The number of threads of this process whose flags are these, of those in `mask`: PF_... in the kernel's
/// sched.h, the ninth field of stat.
inline std::ptrdiff_t threads_with(unsigned long mask, unsigned long flags)
{
    const std::filesystem::directory_iterator all("/proc/self/task");
    return std::count_if(begin(all), end(all),
        [&](const auto& thread)
        {
            std::istringstream fields(stat_of_thread(thread.path().filename()));
            char state = 0;
            long skipped = 0;
            unsigned long found = 0;
            fields >> state;
            for (int i = 0; i != 5; ++i)
                fields >> skipped;
            return fields >> found && (found & mask) == flags;
        });
}

/// PF_EXITING, PF_IO_WORKER
inline constexpr unsigned long ending_thread = 0x4;
inline constexpr unsigned long ring_worker = 0x10;

/// The number of threads that this process has made and that haven't ended. One that was joined has, though
/// the kernel may list it for a moment.
inline std::ptrdiff_t threads()
{
    return threads_with(ending_thread | ring_worker, 0);
}

/// The number of the kernel's own threads that work for rings of this process. Those of a ring that is gone
/// end some time later.
inline std::ptrdiff_t ring_workers()
{
    return threads_with(ring_worker, ring_worker);
}

/// Whether a thread of this process waits for something.
inline bool sleeps(pid_t thread)
{
    return stat_of_thread(std::to_string(thread)).substr(0, 1) == "S";
}

/// The number of descriptors of this kind, such as "anon_inode:[eventpoll]".
inline std::ptrdiff_t descriptors(const std::string& kind)
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return std::count_if(begin(all), end(all),
        [&](const auto& entry)
        {
            std::error_code gone;
            return std::filesystem::read_symlink(entry, gone) == kind;
        });
}

/// The number of epoll descriptors: 0 where nothing of Asio's reactor is in use.
inline std::ptrdiff_t epoll_descriptors()
{
    return descriptors("anon_inode:[eventpoll]");
}

/// The number of rings.
inline std::ptrdiff_t ring_descriptors()
{
    return descriptors("anon_inode:[io_uring]");
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_PROCESS_HPP
