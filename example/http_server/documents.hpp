// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The files below the served directory: opened so that nothing outside can be reached, small ones kept in
// memory.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_DOCUMENTS_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_DOCUMENTS_HPP

#include <boost/beast/http/status.hpp>
#include <boost/system/error_code.hpp>

#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace http_server {

/// Owns a file descriptor.
class file_descriptor
{
public:
    file_descriptor() = default;
    explicit file_descriptor(int descriptor) noexcept : descriptor_(descriptor) {}
    file_descriptor(file_descriptor&& other) noexcept;
    file_descriptor& operator=(file_descriptor&& other) noexcept;
    ~file_descriptor();

    /// The descriptor, or -1 where there is none.
    int get() const noexcept
    {
        return descriptor_;
    }

private:
    int descriptor_ = -1;
};

/// A file as it was when it was opened. A small one is wholly in memory, a large one is read while it is
/// sent.
struct document
{
    std::uint64_t size = 0;
    std::string last_modified; ///< As an HTTP date.
    std::string entity_tag;    ///< Changes with the file; weak, `W/"..."`, where it changed just now.
    std::string type_field;    ///< The line "Content-Type: ...\r\n".
    std::string fields;        ///< All lines of the header that a response with the whole file needs.
    bool in_memory = false;
    std::string content;        ///< The file, where `in_memory`.
    file_descriptor descriptor; ///< The open file, where not `in_memory`.
    struct stat identity = {};  ///< Tells whether the file is still the same.
};

/// The served directory.
///
/// A small file stays in memory after its first use; each later use costs one stat call, which tells whether
/// the file is still the same, instead of open, stat, read and close.
///
/// @par Thread Safety
/// Shared objects: safe.
class documents
{
public:
    /// @param root the directory.
    /// @param error receives why the directory can't be served.
    documents(const std::string& root, boost::system::error_code& error);

    /// What a look-up found.
    struct result
    {
        /// `ok`, `moved_permanently` for a directory, or the error to answer with.
        boost::beast::http::status status;
        std::shared_ptr<const document> found; ///< Set where the status is `ok`.
    };

    /// Finds a file.
    ///
    /// @param path relative to the root, without `..`.
    result find(const std::string& path);

    /// The root as an absolute path without symbolic links.
    const std::string& root() const noexcept
    {
        return root_;
    }

private:
    struct entry
    {
        std::shared_ptr<const document> file;
        std::chrono::steady_clock::time_point checked; ///< When the file was last known to be the same.
    };

    std::shared_ptr<const document> find_in_memory(const std::string& path);
    void keep_in_memory(const std::string& path, const std::shared_ptr<const document>& file);
    void drop_from_memory(const std::string& path);
    file_descriptor open_below_root(const std::string& path) const;

    std::string root_;
    file_descriptor directory_;
    std::mutex mutex_; // protects what follows
    std::unordered_map<std::string, entry> in_memory_;
    std::size_t memory_used_ = 0; // bytes
};

} // namespace http_server

#endif
