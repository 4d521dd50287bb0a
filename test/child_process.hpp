// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Running a part of a test in a process of its own.

#ifndef ASIO_URING_TEST_CHILD_PROCESS_HPP
#define ASIO_URING_TEST_CHILD_PROCESS_HPP

#include "descriptor.hpp"

#include <cerrno>
#include <iostream>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace asio_uring::test {

/// Runs a function in a child process, and returns what that returned; -1 where it died.
template <typename Function>
int in_a_child(Function function)
{
    // What is buffered would be written twice.
    std::cout.flush();
    const pid_t child = checked(::fork());
    if (child == 0)
        ::_exit(function());
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/// What a function returns in a child process, a string; empty where it died.
template <typename Function>
std::string answer_of_a_child(Function function)
{
    pipe_pair answer;
    const int status = in_a_child(
        [&]
        {
            answer.write(function());
            return 0;
        });
    answer.writer.close();
    return status == 0 ? answer.read(1000) : "";
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_CHILD_PROCESS_HPP
