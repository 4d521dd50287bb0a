// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of stock Asio files that are routed: ours on our context, with a ring or without, Asio's
// elsewhere.

#ifndef ASIO_URING_DETAIL_ROUTED_FILE_SERVICE_HPP
#define ASIO_URING_DETAIL_ROUTED_FILE_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/file_service.hpp>
#include <asio_uring/detail/routed_service.hpp>
#include <cstddef>
#include <cstdint>

#if defined(ASIO_URING_HAS_FILE)

namespace asio_uring::detail {

/// What a stock file calls. Every function is Asio's io_uring_file_service's of the same name.
class routed_file_service : public execution_context_service_base<routed_file_service>,
                            public routed_service_base<asio::detail::io_uring_file_service, file_service>
{
public:
    using native_handle_type = file_service::native_handle_type;

    explicit routed_file_service(asio::execution_context& context)
        : execution_context_service_base<routed_file_service>(context),
          routed_service_base(context, file_service::serves(context))
    {}

    void shutdown() override {}

    void set_is_stream(implementation_type& impl, bool is_stream)
    {
        on(impl, [&](auto& chosen, auto& i) { chosen.set_is_stream(i, is_stream); });
    }

    error_code open(
        implementation_type& impl, const char* path, asio::file_base::flags open_flags, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.open(i, path, open_flags, ec); });
    }

    error_code assign(implementation_type& impl, const native_handle_type& file, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.assign(i, file, ec); });
    }

    bool is_open(const implementation_type& impl) const
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.is_open(i); });
    }

    error_code close(implementation_type& impl, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.close(i, ec); });
    }

    native_handle_type native_handle(const implementation_type& impl) const
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.native_handle(i); });
    }

    native_handle_type release(implementation_type& impl, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.release(i, ec); });
    }

    error_code cancel(implementation_type& impl, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.cancel(i, ec); });
    }

    std::uint64_t size(const implementation_type& impl, error_code& ec) const
    {
        return on(impl, [&](auto& chosen, auto& i) -> std::uint64_t { return chosen.size(i, ec); });
    }

    error_code resize(implementation_type& impl, std::uint64_t n, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.resize(i, n, ec); });
    }

    error_code sync_all(implementation_type& impl, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.sync_all(i, ec); });
    }

    error_code sync_data(implementation_type& impl, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.sync_data(i, ec); });
    }

    std::uint64_t seek(
        implementation_type& impl, std::int64_t offset, asio::file_base::seek_basis whence, error_code& ec)
    {
        return on(
            impl, [&](auto& chosen, auto& i) -> std::uint64_t { return chosen.seek(i, offset, whence, ec); });
    }

    template <typename ConstBufferSequence>
    std::size_t write_some(implementation_type& impl, const ConstBufferSequence& buffers, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.write_some(i, buffers, ec); });
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_write_some(implementation_type& impl, const ConstBufferSequence& buffers, Handler& handler,
        const IoExecutor& io_executor)
    {
        on(impl, [&](auto& chosen, auto& i) { chosen.async_write_some(i, buffers, handler, io_executor); });
    }

    template <typename ConstBufferSequence>
    std::size_t write_some_at(
        implementation_type& impl, std::uint64_t offset, const ConstBufferSequence& buffers, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.write_some_at(i, offset, buffers, ec); });
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_write_some_at(implementation_type& impl, std::uint64_t offset,
        const ConstBufferSequence& buffers, Handler& handler, const IoExecutor& io_executor)
    {
        on(impl, [&](auto& chosen, auto& i)
            { chosen.async_write_some_at(i, offset, buffers, handler, io_executor); });
    }

    template <typename MutableBufferSequence>
    std::size_t read_some(implementation_type& impl, const MutableBufferSequence& buffers, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.read_some(i, buffers, ec); });
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_read_some(implementation_type& impl, const MutableBufferSequence& buffers, Handler& handler,
        const IoExecutor& io_executor)
    {
        on(impl, [&](auto& chosen, auto& i) { chosen.async_read_some(i, buffers, handler, io_executor); });
    }

    template <typename MutableBufferSequence>
    std::size_t read_some_at(
        implementation_type& impl, std::uint64_t offset, const MutableBufferSequence& buffers, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.read_some_at(i, offset, buffers, ec); });
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_read_some_at(implementation_type& impl, std::uint64_t offset,
        const MutableBufferSequence& buffers, Handler& handler, const IoExecutor& io_executor)
    {
        on(impl, [&](auto& chosen, auto& i)
            { chosen.async_read_some_at(i, offset, buffers, handler, io_executor); });
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_HAS_FILE

#endif // ASIO_URING_DETAIL_ROUTED_FILE_SERVICE_HPP
