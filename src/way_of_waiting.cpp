// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Looks at a descriptor once, to know how operations on it wait.

#include <asio_uring/detail/way_of_waiting.hpp>

#include <array>
#include <cstdio>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace asio_uring::detail {
namespace {

// /dev/null, /dev/zero, /dev/full, /dev/random and /dev/urandom, as Documentation/admin-guide/devices.txt
// has them.
bool is_memory_device(dev_t device) noexcept
{
    constexpr unsigned memory_devices = 1;
    const unsigned number = minor(device);
    return major(device) == memory_devices && (number == 3 || number == 5 || (number >= 7 && number <= 9));
}

// Descriptors without a name in the file system tell their kind there only.
bool is_eventfd(int descriptor) noexcept
{
    constexpr std::string_view name = "anon_inode:[eventfd]";
    std::array<char, 32> link{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", descriptor);
    std::array<char, name.size() + 1> target{};
    const ssize_t size = ::readlink(link.data(), target.data(), target.size());
    return size > 0 && std::string_view(target.data(), static_cast<std::size_t>(size)) == name;
}

way_of_waiting way_where(bool kernel_waits) noexcept
{
    return kernel_waits ? way_of_waiting::in_kernel : way_of_waiting::by_polling;
}

} // namespace

std::optional<way_of_waiting> find_way_of_waiting(int descriptor) noexcept
{
    struct stat status = {};
    if (::fstat(descriptor, &status) != 0)
        return std::nullopt;
    switch (status.st_mode & S_IFMT)
    {
    case S_IFIFO:
    case S_IFSOCK:
    case S_IFREG:
    case S_IFDIR:
    case S_IFBLK:
        return way_of_waiting::in_kernel;
    case S_IFCHR:
        return way_where(is_memory_device(status.st_rdev));
    default:
        return way_where(is_eventfd(descriptor));
    }
}

} // namespace asio_uring::detail
