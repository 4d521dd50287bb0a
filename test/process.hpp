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
#include <iterator>
#include <string>
#include <sys/types.h>
#include <system_error>

namespace asio_uring::test {

/// The number of threads of this process.
inline std::ptrdiff_t threads()
{
    const std::filesystem::directory_iterator all("/proc/self/task");
    return std::distance(begin(all), end(all));
}

/// Whether a thread of this process waits for something.
inline bool sleeps(pid_t thread)
{
    std::ifstream status("/proc/self/task/" + std::to_string(thread) + "/stat");
    std::string text;
    std::getline(status, text);
    // The state follows the name, which may hold anything, in parentheses.
    const std::size_t end_of_name = text.rfind(')');
    return end_of_name != std::string::npos && text.substr(end_of_name + 2, 1) == "S";
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
