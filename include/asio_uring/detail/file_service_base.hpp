// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The part of the service of files that needs no context: opening, and the synchronous calls.

#ifndef ASIO_URING_DETAIL_FILE_SERVICE_BASE_HPP
#define ASIO_URING_DETAIL_FILE_SERVICE_BASE_HPP

#include <asio_uring/detail/asio.hpp>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace asio_uring::detail {

/// Does what Asio's io_uring_file_service does by plain system calls.
class file_service_base
{
public:
    using native_handle_type = int;

    class base_implementation_type
    {
        friend class file_service_base;

        native_handle_type file_ = -1;
        /// Whether the file will be read or written from one end to the other.
        bool is_stream_ = false;
        /// Whether reads and writes share a position; not so with pipes, terminals and the like.
        bool has_position_ = false;
        /// Whether what is read may be in memory already: it was not opened with O_DIRECT.
        bool is_cached_ = false;
    };

    void set_is_stream(base_implementation_type& impl, bool is_stream) noexcept
    {
        impl.is_stream_ = is_stream;
    }

    error_code open(
        base_implementation_type& impl, const char* path, asio::file_base::flags open_flags, error_code& ec)
    {
        // What the process's umask doesn't take away, as in Asio.
        constexpr unsigned mode = 0777;
        if (!check_closed(impl, ec))
            return ec;
        const native_handle_type file = descriptor_ops::open(path, static_cast<int>(open_flags), mode, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        if (ec)
            return ec;
        take(impl, file);
        // Only advice: it may fail.
        ::posix_fadvise(file, 0, 0, impl.is_stream_ ? POSIX_FADV_SEQUENTIAL : POSIX_FADV_RANDOM);
        return ec;
    }

    error_code assign(base_implementation_type& impl, native_handle_type file, error_code& ec)
    {
        if (!check_closed(impl, ec))
            return ec;
        if (file < 0)
            ec = asio::error::bad_descriptor;
        else
            take(impl, file);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    bool is_open(const base_implementation_type& impl) const noexcept
    {
        return impl.file_ != -1;
    }

    native_handle_type native_handle(const base_implementation_type& impl) const noexcept
    {
        return impl.file_;
    }

    std::uint64_t size(const base_implementation_type& impl, error_code& ec) const
    {
        struct stat properties = {};
        descriptor_ops::get_last_error(ec, ::fstat(impl.file_, &properties) != 0);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec ? 0 : static_cast<std::uint64_t>(properties.st_size);
    }

    error_code resize(base_implementation_type& impl, std::uint64_t n, error_code& ec)
    {
        descriptor_ops::get_last_error(ec, ::ftruncate(impl.file_, static_cast<off_t>(n)) != 0);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    error_code sync_all(base_implementation_type& impl, error_code& ec)
    {
        descriptor_ops::get_last_error(ec, ::fsync(impl.file_) != 0);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    error_code sync_data(base_implementation_type& impl, error_code& ec)
    {
        descriptor_ops::get_last_error(ec, ::fdatasync(impl.file_) != 0);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    std::uint64_t seek(base_implementation_type& impl, std::int64_t offset,
        asio::file_base::seek_basis whence, error_code& ec)
    {
        const off_t position = ::lseek(impl.file_, static_cast<off_t>(offset), whence);
        descriptor_ops::get_last_error(ec, position < 0);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec ? 0 : static_cast<std::uint64_t>(position);
    }

    template <typename ConstBufferSequence>
    std::size_t write_some(base_implementation_type& impl, const ConstBufferSequence& buffers, error_code& ec)
    {
        adapter<asio::const_buffer, ConstBufferSequence> pieces(buffers);
        const std::size_t n = descriptor_ops::sync_write(
            impl.file_, blocking, pieces.buffers(), pieces.count(), pieces.all_empty(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return n;
    }

    std::size_t write_some(base_implementation_type& impl, null_buffers_argument, error_code& ec)
    {
        descriptor_ops::poll_write(impl.file_, blocking, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return 0;
    }

    template <typename ConstBufferSequence>
    std::size_t write_some_at(base_implementation_type& impl, std::uint64_t offset,
        const ConstBufferSequence& buffers, error_code& ec)
    {
        adapter<asio::const_buffer, ConstBufferSequence> pieces(buffers);
        const std::size_t n = descriptor_ops::sync_write_at(
            impl.file_, blocking, offset, pieces.buffers(), pieces.count(), pieces.all_empty(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return n;
    }

    std::size_t write_some_at(
        base_implementation_type& impl, std::uint64_t, null_buffers_argument buffers, error_code& ec)
    {
        return write_some(impl, buffers, ec);
    }

    template <typename MutableBufferSequence>
    std::size_t read_some(
        base_implementation_type& impl, const MutableBufferSequence& buffers, error_code& ec)
    {
        adapter<asio::mutable_buffer, MutableBufferSequence> pieces(buffers);
        const std::size_t n = descriptor_ops::sync_read(
            impl.file_, blocking, pieces.buffers(), pieces.count(), pieces.all_empty(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return n;
    }

    std::size_t read_some(base_implementation_type& impl, null_buffers_argument, error_code& ec)
    {
        descriptor_ops::poll_read(impl.file_, blocking, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return 0;
    }

    template <typename MutableBufferSequence>
    std::size_t read_some_at(base_implementation_type& impl, std::uint64_t offset,
        const MutableBufferSequence& buffers, error_code& ec)
    {
        adapter<asio::mutable_buffer, MutableBufferSequence> pieces(buffers);
        const std::size_t n = descriptor_ops::sync_read_at(
            impl.file_, blocking, offset, pieces.buffers(), pieces.count(), pieces.all_empty(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return n;
    }

    std::size_t read_some_at(
        base_implementation_type& impl, std::uint64_t, null_buffers_argument buffers, error_code& ec)
    {
        return read_some(impl, buffers, ec);
    }

protected:
    template <typename Buffer, typename BufferSequence>
    using adapter = asio::detail::buffer_sequence_adapter<Buffer, BufferSequence>;

    template <typename Buffer, typename BufferSequence>
    static bool all_empty(const BufferSequence& buffers)
    {
        return adapter<Buffer, BufferSequence>::all_empty(buffers);
    }

    static bool has_position(const base_implementation_type& impl) noexcept
    {
        return impl.has_position_;
    }

    static bool is_cached(const base_implementation_type& impl) noexcept
    {
        return impl.is_cached_;
    }

    void move_base(base_implementation_type& impl, base_implementation_type& other) noexcept
    {
        impl.is_stream_ = other.is_stream_;
        impl.has_position_ = other.has_position_;
        impl.is_cached_ = other.is_cached_;
        impl.file_ = release_file(other);
    }

    error_code close_file(base_implementation_type& impl, error_code& ec)
    {
        descriptor_ops::state_type state = blocking;
        // The descriptor is gone on Linux also where close() reports an error.
        descriptor_ops::close(release_file(impl), state, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    native_handle_type release_file(base_implementation_type& impl) noexcept
    {
        return std::exchange(impl.file_, -1);
    }

private:
    /// Files have no non-blocking mode for Asio.
    static constexpr descriptor_ops::state_type blocking = 0;

    static void take(base_implementation_type& impl, native_handle_type file) noexcept
    {
        impl.file_ = file;
        impl.has_position_ = ::lseek(file, 0, SEEK_CUR) != -1;
        const int flags = ::fcntl(file, F_GETFL);
        impl.is_cached_ = flags != -1 && (flags & O_DIRECT) == 0;
    }

    bool check_closed(const base_implementation_type& impl, error_code& ec) const
    {
        ec = is_open(impl) ? error_code(asio::error::already_open) : error_code();
        ASIO_URING_ERROR_LOCATION(ec);
        return !ec;
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_FILE_SERVICE_BASE_HPP
