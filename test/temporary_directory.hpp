// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A place for the files of a test.

#ifndef ASIO_URING_TEST_TEMPORARY_DIRECTORY_HPP
#define ASIO_URING_TEST_TEMPORARY_DIRECTORY_HPP

#include <descriptor.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace asio_uring::test {

/// An empty directory that is removed with all that is in it.
class temporary_directory
{
public:
    temporary_directory()
    {
        const char* const parent = std::getenv("TMPDIR");
        name_ = std::string(parent ? parent : "/var/tmp") + "/asio_uring_test_XXXXXX";
        if (::mkdtemp(name_.data()) == nullptr)
            throw std::system_error(errno, std::system_category());
    }

    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;

    ~temporary_directory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(name_, ignored);
    }

    const std::string& path() const noexcept
    {
        return name_;
    }

    std::string path_of(std::string_view file) const
    {
        return name_ + "/" + std::string(file);
    }

    /// Makes a file, and returns its path.
    std::string make_file(std::string_view content) const
    {
        std::string path = path_of("file");
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }

    /// Makes a named pipe, and returns its path. Whoever opens it to read and write waits for data that
    /// nobody sends.
    std::string make_pipe() const
    {
        std::string path = path_of("pipe");
        checked(::mkfifo(path.c_str(), S_IRUSR | S_IWUSR));
        return path;
    }

    /// All that is in a file.
    static std::string content_of(const std::string& path)
    {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    std::string name_;
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_TEMPORARY_DIRECTORY_HPP
