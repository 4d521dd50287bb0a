// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Opens files so that the kernel itself keeps every path, with all its symbolic links, below the root; and
// keeps small files in memory.

#include "documents.hpp"

#include "content_type.hpp"
#include "http_date.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string_view>
#include <utility>

namespace http_server {

namespace {

namespace http = boost::beast::http;

constexpr std::size_t max_small_file = 64 * 1024;    // bytes
constexpr std::size_t max_memory = 32 * 1024 * 1024; // bytes, for all small files together
constexpr std::size_t memory_per_entry = 1024;       // bytes, about, beside the content
constexpr std::time_t settling_time = 2;             // seconds; see is_settled
constexpr std::chrono::milliseconds check_interval(
    100); // for which a file in memory is taken to be unchanged
constexpr int open_flags =
    O_RDONLY | O_CLOEXEC | O_NONBLOCK; // without O_NONBLOCK a FIFO would block the thread

bool same_file(const struct stat& a, const struct stat& b)
{
    const auto same_time = [](const timespec& x, const timespec& y)
    { return x.tv_sec == y.tv_sec && x.tv_nsec == y.tv_nsec; };
    return a.st_ino == b.st_ino && a.st_dev == b.st_dev && a.st_size == b.st_size && a.st_mode == b.st_mode &&
           same_time(a.st_mtim, b.st_mtim) && same_time(a.st_ctim, b.st_ctim);
}

/// Whether a later change is sure to show in the file's times. A file that changed just now may change again
/// within the same tick of the file system's clock.
bool is_settled(const struct stat& file)
{
    return std::time(nullptr) - file.st_ctim.tv_sec >= settling_time;
}

/// A name for the state that a file is in. It is a weak one as long as another state could get the same.
std::string entity_tag(const struct stat& file)
{
    std::array<char, 64> text;
    const int length = std::snprintf(text.data(), text.size(), "%s\"%llx-%llx-%llx\"",
        is_settled(file) ? "" : "W/", static_cast<unsigned long long>(file.st_mtim.tv_sec),
        static_cast<unsigned long long>(file.st_mtim.tv_nsec), static_cast<unsigned long long>(file.st_size));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::size_t memory_for(const document& file)
{
    return file.content.size() + memory_per_entry;
}

/// Reads a whole small file.
///
/// @returns false where it can't be read or is no longer as long as it was.
bool read_whole(int descriptor, std::size_t size, std::string& content)
{
    content.resize(size);
    std::size_t done = 0;
    while (done < size)
    {
        const ssize_t count =
            ::pread(descriptor, content.data() + done, size - done, static_cast<off_t>(done));
        if (count > 0)
        {
            done += static_cast<std::size_t>(count);
        }
        else if (count == 0 || errno != EINTR)
        {
            return false;
        }
    }
    return true;
}

/// The answer that goes with an error of open.
http::status status_for(int error)
{
    switch (error)
    {
    case ENOENT:
    case ENOTDIR:
    case ENAMETOOLONG:
        return http::status::not_found;
    case EACCES:
    case EPERM:
    case EXDEV: // the path leaves the root
    case ELOOP:
    case ENXIO: // a socket, or a device without a driver
        return http::status::forbidden;
    case EAGAIN: // a rename got in the way of openat2
    case EMFILE:
    case ENFILE:
    case ENOMEM:
        return http::status::service_unavailable;
    default:
        return http::status::internal_server_error;
    }
}

} // namespace

file_descriptor::file_descriptor(file_descriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1))
{}

file_descriptor& file_descriptor::operator=(file_descriptor&& other) noexcept
{
    std::swap(descriptor_, other.descriptor_);
    return *this;
}

file_descriptor::~file_descriptor()
{
    if (descriptor_ >= 0)
    {
        ::close(descriptor_);
    }
}

documents::documents(const std::string& root, boost::system::error_code& error)
    : directory_(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC))
{
    std::unique_ptr<char, void (*)(void*)> path(nullptr, &std::free);
    if (directory_.get() >= 0)
    {
        path.reset(::realpath(root.c_str(), nullptr));
    }
    if (!path || ::access(path.get(), X_OK) != 0)
    {
        error.assign(errno, boost::system::system_category());
        return;
    }
    root_ = path.get();
}

documents::result documents::find(const std::string& path)
{
    if (auto known = find_in_memory(path))
    {
        return {http::status::ok, std::move(known)};
    }

    file_descriptor descriptor = open_below_root(path);
    auto file = std::make_shared<document>();
    if (descriptor.get() < 0 || ::fstat(descriptor.get(), &file->identity) != 0)
    {
        return {status_for(errno), nullptr};
    }
    if (S_ISDIR(file->identity.st_mode))
    {
        return {http::status::moved_permanently, nullptr};
    }
    if (!S_ISREG(file->identity.st_mode))
    {
        return {http::status::forbidden, nullptr};
    }

    file->size = static_cast<std::uint64_t>(file->identity.st_size);
    file->last_modified = http_date(file->identity.st_mtim.tv_sec);
    file->entity_tag = entity_tag(file->identity);
    file->type_field = "Content-Type: " + std::string(content_type(path)) + "\r\n";
    file->fields = file->type_field + "Content-Length: " + std::to_string(file->size) +
                   "\r\nLast-Modified: " + file->last_modified + "\r\nETag: " + file->entity_tag +
                   "\r\nAccept-Ranges: bytes\r\n";
    if (file->size <= max_small_file && read_whole(descriptor.get(), file->size, file->content))
    {
        file->in_memory = true;
        struct stat after = {};
        if (::fstat(descriptor.get(), &after) == 0 && same_file(file->identity, after) && is_settled(after))
        {
            keep_in_memory(path, file);
        }
    }
    else
    {
        file->descriptor = std::move(descriptor);
    }
    return {http::status::ok, std::move(file)};
}

std::shared_ptr<const document> documents::find_in_memory(const std::string& path)
{
    const auto now = std::chrono::steady_clock::now();
    std::shared_ptr<const document> known;
    {
        const std::lock_guard lock(mutex_);
        const auto place = in_memory_.find(path);
        if (place == in_memory_.end())
        {
            return nullptr;
        }
        known = place->second.file;
        if (now < place->second.checked + check_interval)
        {
            return known;
        }
        place->second.checked = now;
    }
    struct stat present = {};
    if (::fstatat(directory_.get(), path.c_str(), &present, 0) == 0 && same_file(known->identity, present))
    {
        return known;
    }
    const std::lock_guard lock(mutex_);
    drop_from_memory(path);
    return nullptr; // a path that now leads elsewhere is opened, and checked, anew
}

void documents::keep_in_memory(const std::string& path, const std::shared_ptr<const document>& file)
{
    const std::lock_guard lock(mutex_);
    drop_from_memory(path);
    if (memory_used_ + memory_for(*file) > max_memory)
    {
        in_memory_.clear(); // what is in use comes back soon
        memory_used_ = 0;
    }
    in_memory_.emplace(path, entry{file, std::chrono::steady_clock::now()});
    memory_used_ += memory_for(*file);
}

/// Called with the mutex held.
void documents::drop_from_memory(const std::string& path)
{
    if (const auto place = in_memory_.find(path); place != in_memory_.end())
    {
        memory_used_ -= memory_for(*place->second.file);
        in_memory_.erase(place);
    }
}

file_descriptor documents::open_below_root(const std::string& path) const
{
    struct open_how how = {};
    how.flags = open_flags;
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    const long opened = ::syscall(SYS_openat2, directory_.get(), path.c_str(), &how, sizeof(how));
    if (opened >= 0 || (errno != ENOSYS && errno != EPERM))
    {
        return file_descriptor(static_cast<int>(opened));
    }

    // Without openat2 (Linux before 5.6, an old seccomp profile): open, then ask where that led.
    file_descriptor descriptor(::openat(directory_.get(), path.c_str(), open_flags));
    if (descriptor.get() < 0)
    {
        return descriptor;
    }
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor.get());
    std::array<char, PATH_MAX> target;
    const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
    const std::string_view place(target.data(), length < 0 ? 0 : static_cast<std::size_t>(length));
    const std::string prefix = root_ == "/" ? root_ : root_ + "/";
    if (place.starts_with(prefix) || place == root_)
    {
        return descriptor;
    }
    errno = EXDEV;
    return {};
}

} // namespace http_server
