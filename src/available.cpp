// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Finding out whether, and why not, a ring can be made.

#include <asio_uring/available.hpp>
#include <asio_uring/loop.hpp>

#include <cerrno>
#include <fstream>
#include <sys/resource.h>
#include <sys/utsname.h>

namespace asio_uring {
namespace {

std::error_code try_to_make_a_ring() noexcept
{
    std::error_code error;
    const loop smallest(loop_options{1}, error);
    return error;
}

std::string kernel_release()
{
    utsname name{};
    return uname(&name) == 0 ? name.release : "unknown";
}

/// The value of kernel.io_uring_disabled (since 6.6): 0 allowed, 1 for a group only, 2 forbidden; -1 where
/// there is no such setting.
int disabled_setting()
{
    std::ifstream file("/proc/sys/kernel/io_uring_disabled");
    int value = -1;
    file >> value;
    return file ? value : -1;
}

std::string explain_permission()
{
    const int disabled = disabled_setting();
    if (disabled == 2)
        return "io_uring is forbidden for all processes: set kernel.io_uring_disabled (now 2) to 0 with "
               "sysctl";
    if (disabled == 1)
        return "io_uring is forbidden for this user: set kernel.io_uring_disabled (now 1) to 0 with sysctl, "
               "or join "
               "the group in kernel.io_uring_group";
    return "io_uring is blocked by a seccomp filter, as in Docker's default profile: run with a profile that "
           "allows "
           "io_uring_setup, io_uring_enter and io_uring_register";
}

std::string explain_memory()
{
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    const std::string value =
        limit.rlim_cur == RLIM_INFINITY ? "unlimited" : std::to_string(limit.rlim_cur / 1024) + " KiB";
    return "The kernel has no memory for a ring: raise the limit on locked memory (RLIMIT_MEMLOCK, now " +
           value + ") or use fewer rings or entries";
}

} // namespace

bool available() noexcept
{
    return !try_to_make_a_ring();
}

std::string why_unavailable()
{
    return explain_unavailable(try_to_make_a_ring());
}

std::string explain_unavailable(const std::error_code& error)
{
    if (!error)
        return {};
    if (error == loop_error::kernel_too_old)
        return "The kernel " + kernel_release() +
               " is too old: asio_uring needs the io_uring of Linux 6.1 or later";
    if (error.category() == std::system_category())
        switch (error.value())
        {
        case ENOSYS:
            return "The kernel " + kernel_release() +
                   " has no io_uring, or a seccomp filter hides it: use Linux 6.1 or later, built with "
                   "CONFIG_IO_URING";
        case EPERM:
            return explain_permission();
        case ENOMEM:
            return explain_memory();
        case EMFILE:
        case ENFILE:
            return "No descriptor is left for a ring: raise the limit on open files (RLIMIT_NOFILE)";
        default:
            break;
        }
    return "No ring could be made: " + error.message();
}

} // namespace asio_uring
