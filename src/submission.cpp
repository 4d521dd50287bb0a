// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// One function an operation: its submission queue entry.

#include "submission.hpp"

#include <algorithm>
#include <asio_uring/detail/assert.hpp>
#include <cstdint>

namespace asio_uring::detail {
namespace {

// As in the kernel: no read or write transfers more at once.
constexpr std::size_t max_transfer = 0x7ffff000;

unsigned transfer_size(std::size_t size) noexcept
{
    return static_cast<unsigned>(std::min(size, max_transfer));
}

class preparation
{
public:
    explicit preparation(io_uring_sqe& sqe) noexcept : sqe_(&sqe) {}

    void operator()(const operation::accept& o) const noexcept
    {
        io_uring_prep_accept(sqe_, o.fd, o.address, o.address_size, o.flags);
    }

    void operator()(const operation::close& o) const noexcept
    {
        io_uring_prep_close(sqe_, o.fd);
    }

    void operator()(const operation::connect& o) const noexcept
    {
        io_uring_prep_connect(sqe_, o.fd, o.address, o.address_size);
    }

    void operator()(const operation::poll& o) const noexcept
    {
        io_uring_prep_poll_add(sqe_, o.fd, static_cast<unsigned short>(o.events));
    }

    void operator()(const operation::read& o) const noexcept
    {
        io_uring_prep_read(sqe_, o.fd, o.data, transfer_size(o.size), operation::current_position);
        choose_thread(o.on_worker);
    }

    void operator()(const operation::pread& o) const noexcept
    {
        io_uring_prep_read(sqe_, o.fd, o.data, transfer_size(o.size), o.offset);
    }

    void operator()(const operation::read_fixed& o) const noexcept
    {
        io_uring_prep_read_fixed(
            sqe_, o.fd, o.data, transfer_size(o.size), o.offset, static_cast<int>(o.buffer));
    }

    void operator()(const operation::readv& o) const noexcept
    {
        io_uring_prep_readv(sqe_, o.fd, o.buffers, o.count, operation::current_position);
        choose_thread(o.on_worker);
    }

    void operator()(const operation::preadv& o) const noexcept
    {
        io_uring_prep_readv(sqe_, o.fd, o.buffers, o.count, o.offset);
    }

    void operator()(const operation::recv& o) const noexcept
    {
        io_uring_prep_recv(sqe_, o.fd, o.data, transfer_size(o.size), o.flags);
    }

    void operator()(const operation::recvmsg& o) const noexcept
    {
        io_uring_prep_recvmsg(sqe_, o.fd, o.message, static_cast<unsigned>(o.flags));
    }

    void operator()(const operation::send& o) const noexcept
    {
        io_uring_prep_send(sqe_, o.fd, o.data, transfer_size(o.size), o.flags | MSG_NOSIGNAL);
    }

    void operator()(const operation::sendmsg& o) const noexcept
    {
        io_uring_prep_sendmsg(sqe_, o.fd, o.message, static_cast<unsigned>(o.flags | MSG_NOSIGNAL));
    }

    void operator()(const operation::shutdown& o) const noexcept
    {
        io_uring_prep_shutdown(sqe_, o.fd, o.how);
    }

    void operator()(const operation::write& o) const noexcept
    {
        io_uring_prep_write(sqe_, o.fd, o.data, transfer_size(o.size), operation::current_position);
        choose_thread(o.on_worker);
    }

    void operator()(const operation::pwrite& o) const noexcept
    {
        io_uring_prep_write(sqe_, o.fd, o.data, transfer_size(o.size), o.offset);
    }

    void operator()(const operation::write_fixed& o) const noexcept
    {
        io_uring_prep_write_fixed(
            sqe_, o.fd, o.data, transfer_size(o.size), o.offset, static_cast<int>(o.buffer));
    }

    void operator()(const operation::writev& o) const noexcept
    {
        io_uring_prep_writev(sqe_, o.fd, o.buffers, o.count, operation::current_position);
        choose_thread(o.on_worker);
    }

    void operator()(const operation::pwritev& o) const noexcept
    {
        io_uring_prep_writev(sqe_, o.fd, o.buffers, o.count, o.offset);
    }

    void operator()(const operation::cancel& o) const noexcept
    {
        io_uring_prep_cancel64(sqe_, reinterpret_cast<std::uintptr_t>(o.target), 0);
    }

    // The loop carries out the rest itself.
    template <typename Other>
    void operator()(const Other&) const noexcept
    {
        ASIO_URING_ASSERT(false && "not an operation of the kernel's");
    }

private:
    void choose_thread(bool on_worker) const noexcept
    {
        if (on_worker)
            sqe_->flags |= IOSQE_ASYNC;
    }

    io_uring_sqe* sqe_;
};

} // namespace

void prepare(io_uring_sqe& sqe, const operation::any& what) noexcept
{
    std::visit(preparation(sqe), what);
}

void prepare_silent_cancel(io_uring_sqe& sqe, std::uint64_t target) noexcept
{
    io_uring_prep_cancel64(&sqe, target, 0);
    sqe.flags |= IOSQE_CQE_SKIP_SUCCESS;
}

void prepare_cancel_all(io_uring_sqe& sqe) noexcept
{
    io_uring_prep_cancel64(&sqe, 0, IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL);
}

} // namespace asio_uring::detail
