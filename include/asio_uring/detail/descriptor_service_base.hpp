// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The part of the services on the ring that is the same for descriptors, pipes and serial ports.

#ifndef ASIO_URING_DETAIL_DESCRIPTOR_SERVICE_BASE_HPP
#define ASIO_URING_DETAIL_DESCRIPTOR_SERVICE_BASE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/descriptor_transfers.hpp>
#include <asio_uring/detail/native_service_base.hpp>
#include <asio_uring/detail/way_of_waiting.hpp>
#include <cerrno>
#include <cstddef>

namespace asio_uring::detail {

/// What Asio does with descriptors that aren't sockets, for native_service_base.
struct descriptor_calls
{
    using state_type = descriptor_ops::state_type;
    using wait_type = asio::posix::descriptor_base::wait_type;

    /// As Asio's handler tracking calls them.
    static constexpr const char object[] = "descriptor";
    static constexpr state_type user_set_non_blocking = descriptor_ops::user_set_non_blocking;
    static constexpr state_type internal_non_blocking = descriptor_ops::internal_non_blocking;

    static reactor::way_of_starting way_of_starting(state_type) noexcept
    {
        return reactor::way_of_starting::on_the_ring;
    }

    static void close(int descriptor, state_type& state, bool /*destruction*/, error_code& ec)
    {
        descriptor_ops::close(descriptor, state, ec);
    }

    static void ioctl(int descriptor, state_type& state, int command, asio::detail::ioctl_arg_type* argument,
        error_code& ec)
    {
        descriptor_ops::ioctl(descriptor, state, command, argument, ec);
    }

    static void set_user_non_blocking(int descriptor, state_type& state, bool mode, error_code& ec)
    {
        descriptor_ops::set_user_non_blocking(descriptor, state, mode, ec);
    }

    static void set_internal_non_blocking(int descriptor, state_type& state, bool mode, error_code& ec)
    {
        descriptor_ops::set_internal_non_blocking(descriptor, state, mode, ec);
    }

    static void poll_read(int descriptor, state_type state, error_code& ec)
    {
        descriptor_ops::poll_read(descriptor, state, ec);
    }

    static void poll_write(int descriptor, state_type state, error_code& ec)
    {
        descriptor_ops::poll_write(descriptor, state, ec);
    }

    static void poll_error(int descriptor, state_type state, error_code& ec)
    {
        descriptor_ops::poll_error(descriptor, state, ec);
    }
};

/// Takes descriptors over, reads and writes them.
class descriptor_service_base : public native_service_base<descriptor_calls>
{
public:
    struct implementation_type : base_implementation_type
    {
        explicit implementation_type(descriptor_service_base&) {}

        way_of_waiting way_ = way_of_waiting::in_kernel;
    };

    using native_service_base::native_service_base;

    void move_construct(implementation_type& impl, implementation_type& other) noexcept
    {
        move_base(impl, other);
        impl.way_ = other.way_;
    }

    error_code assign(implementation_type& impl, const native_handle_type& native_descriptor, error_code& ec)
    {
        if (check_closed(impl, ec))
            adopt(impl, native_descriptor, ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return ec;
    }

    template <typename ConstBufferSequence>
    std::size_t write_some(implementation_type& impl, const ConstBufferSequence& buffers, error_code& ec)
    {
        carry_out_pending(impl);
        asio::detail::buffer_sequence_adapter<asio::const_buffer, ConstBufferSequence> adapter(buffers);
        const std::size_t size = descriptor_ops::sync_write(
            impl.descriptor_, impl.state_, adapter.buffers(), adapter.count(), adapter.all_empty(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return size;
    }

    std::size_t write_some(implementation_type& impl, null_buffers_argument, error_code& ec)
    {
        wait(impl, wait_type::wait_write, ec);
        return 0;
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_write_some(implementation_type& impl, const ConstBufferSequence& buffers, Handler& handler,
        const IoExecutor& io_executor)
    {
        async_unless<write_operation<ConstBufferSequence>>(impl, writing, asio::buffer_size(buffers) == 0,
            error_code(), handler, io_executor, "async_write_some", impl.way_, buffers);
    }

    template <typename Handler, typename IoExecutor>
    void async_write_some(
        implementation_type& impl, null_buffers_argument, Handler& handler, const IoExecutor& io_executor)
    {
        async_wait_for<null_buffers_operation>(
            impl, writing, handler, io_executor, "async_write_some(null_buffers)");
    }

    template <typename MutableBufferSequence>
    std::size_t read_some(implementation_type& impl, const MutableBufferSequence& buffers, error_code& ec)
    {
        asio::detail::buffer_sequence_adapter<asio::mutable_buffer, MutableBufferSequence> adapter(buffers);
        const std::size_t size = descriptor_ops::sync_read(
            impl.descriptor_, impl.state_, adapter.buffers(), adapter.count(), adapter.all_empty(), ec);
        ASIO_URING_ERROR_LOCATION(ec);
        return size;
    }

    std::size_t read_some(implementation_type& impl, null_buffers_argument, error_code& ec)
    {
        wait(impl, wait_type::wait_read, ec);
        return 0;
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_read_some(implementation_type& impl, const MutableBufferSequence& buffers, Handler& handler,
        const IoExecutor& io_executor)
    {
        async_unless<read_operation<MutableBufferSequence>>(impl, reading, asio::buffer_size(buffers) == 0,
            error_code(), handler, io_executor, "async_read_some", impl.way_, buffers);
    }

    template <typename Handler, typename IoExecutor>
    void async_read_some(
        implementation_type& impl, null_buffers_argument, Handler& handler, const IoExecutor& io_executor)
    {
        async_wait_for<null_buffers_operation>(
            impl, reading, handler, io_executor, "async_read_some(null_buffers)");
    }

private:
    static void adopt(implementation_type& impl, native_handle_type descriptor, error_code& ec)
    {
        const auto way = find_way_of_waiting(descriptor);
        if (!way)
        {
            ec = error_code(errno, asio::error::get_system_category());
            return;
        }
        take(impl, descriptor, descriptor_ops::possible_dup);
        impl.way_ = *way;
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_DESCRIPTOR_SERVICE_BASE_HPP
