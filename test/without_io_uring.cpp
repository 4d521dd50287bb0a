// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Runs a program as container runtimes do: under a seccomp filter that refuses io_uring's system calls.
//
// Usage: without_io_uring EPERM|ENOSYS COMMAND [ARGUMENT...]
//
// Exits as the command does; with 125 where there is no filter, 126 where the command can't be run.

#include "refuse_io_uring.hpp"

#include <cerrno>
#include <cstdio>
#include <string_view>
#include <unistd.h>

namespace {

constexpr int no_filter = 125;
constexpr int no_command = 126;

/// The error of this name, 0 for another.
int error_named(std::string_view name)
{
    if (name == "EPERM")
        return EPERM;
    if (name == "ENOSYS")
        return ENOSYS;
    return 0;
}

/// Whether each of the three system calls fails with this error. With these arguments none does anything.
bool all_fail_with(int error)
{
    for (const long call : {__NR_io_uring_setup, __NR_io_uring_enter, __NR_io_uring_register})
        if (::syscall(call, -1, 0, 0, 0, 0, 0) != -1 || errno != error)
            return false;
    return true;
}

} // namespace

int main(int count, char** arguments)
{
    const int error = count > 2 ? error_named(arguments[1]) : 0;
    if (error == 0)
    {
        std::fprintf(stderr, "usage: without_io_uring EPERM|ENOSYS COMMAND [ARGUMENT...]\n");
        return no_filter;
    }
    if (!asio_uring::test::refuse_io_uring(error))
    {
        std::perror("without_io_uring: no filter");
        return no_filter;
    }
    if (!all_fail_with(error))
    {
        std::fprintf(stderr, "without_io_uring: the filter lets io_uring through\n");
        return no_filter;
    }
    ::execvp(arguments[2], arguments + 2);
    std::perror(arguments[2]);
    return no_command;
}
