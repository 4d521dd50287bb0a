// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Stands before the C library's functions in each conformance program and notes every epoll descriptor that
// is made: one byte each, appended to the file that ASIO_URING_EPOLL_LOG names. Also a program that crashes
// is counted so.

#include <cstdlib>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

void note_one()
{
    const char* const path = std::getenv("ASIO_URING_EPOLL_LOG");
    if (path == nullptr)
        return;
    const int log = ::open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (log < 0 || ::write(log, "e", 1) != 1)
        std::abort();
    ::close(log);
}

} // namespace

extern "C" int epoll_create1(int flags) noexcept
{
    note_one();
    return static_cast<int>(::syscall(SYS_epoll_create1, flags));
}

extern "C" int epoll_create(int) noexcept
{
    return epoll_create1(0);
}
