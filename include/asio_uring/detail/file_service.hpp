// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of files on our context: what a stock Asio file calls.

#ifndef ASIO_URING_DETAIL_FILE_SERVICE_HPP
#define ASIO_URING_DETAIL_FILE_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>

#if defined(ASIO_URING_HAS_FILE)

#include <asio_uring/detail/blocking_pool.hpp>
#include <asio_uring/detail/file_operations.hpp>
#include <asio_uring/detail/file_service_base.hpp>
#include <asio_uring/detail/handler_operation.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <asio_uring/detail/registered_buffers.hpp>
#include <cstddef>
#include <cstdint>

namespace asio_uring::detail {

/// Carries out asynchronous operations on the ring, or on threads where the context has no ring.
///
/// Operations at the file position wait for each other, so that each finds it where the one before left it;
/// where reads and writes share no position they don't wait for each other. Operations at offsets never wait.
class file_service : public execution_context_service_base<file_service>, public file_service_base
{
    /// What an operation waits for.
    enum queue_index
    {
        /// Reads at the file position, and writes where that is the same.
        reading,
        /// Other writes at the file position.
        writing,
        queues,
        no_queue = queues
    };

public:
    class implementation_type : public base_implementation_type
    {
    public:
        explicit implementation_type(file_service&) noexcept {}

    private:
        friend class file_service;

        /// On the ring: those that wait, and those that don't.
        operation_queue in_order_[queues];
        concurrent_operations concurrent_;
        /// On threads: those that wait, with all others among the first.
        blocking_operations blocking_[queues];
    };

    /// Whether this is the service of a context.
    static bool serves(asio::execution_context& context)
    {
        return asio::has_service<reactor>(context) || asio::has_service<blocking_pool>(context);
    }

    explicit file_service(asio::execution_context& context)
        : execution_context_service_base<file_service>(context),
          reactor_(asio::has_service<reactor>(context) ? &asio::use_service<reactor>(context) : nullptr),
          buffers_(reactor_ != nullptr ? &asio::use_service<registered_buffers>(context) : nullptr),
          pool_(reactor_ != nullptr ? nullptr : &asio::use_service<blocking_pool>(context))
    {
        if (reactor_ != nullptr)
            reactor_->init_task();
    }

    void shutdown() override {}

    void move_construct(implementation_type& impl, implementation_type& other)
    {
        move_base(impl, other);
        if (reactor_ == nullptr)
            return pool_->move(other.blocking_, impl.blocking_);
        reactor_->move(other.in_order_, impl.in_order_);
        reactor_->move(other.concurrent_, impl.concurrent_);
    }

    void destroy(implementation_type& impl)
    {
        error_code ignored;
        close(impl, ignored);
    }

    error_code close(implementation_type& impl, error_code& ec)
    {
        ec = error_code();
        if (!is_open(impl))
            return ec;
        ASIO_URING_HANDLER_OPERATION((context(), "file", &impl, native_handle(impl), "close"));
        detach(impl);
        return close_file(impl, ec);
    }

    native_handle_type release(implementation_type& impl, error_code& ec)
    {
        ec = error_code();
        if (!is_open(impl))
            return native_handle(impl);
        ASIO_URING_HANDLER_OPERATION((context(), "file", &impl, native_handle(impl), "release"));
        detach(impl);
        return release_file(impl);
    }

    error_code cancel(implementation_type& impl, error_code& ec)
    {
        ec = is_open(impl) ? error_code() : error_code(asio::error::bad_descriptor);
        ASIO_URING_ERROR_LOCATION(ec);
        if (ec)
            return ec;
        ASIO_URING_HANDLER_OPERATION((context(), "file", &impl, native_handle(impl), "cancel"));
        if (reactor_ == nullptr)
        {
            pool_->cancel(impl.blocking_);
            return ec;
        }
        reactor_->cancel(impl.in_order_);
        reactor_->cancel(impl.concurrent_);
        return ec;
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_write_some(implementation_type& impl, const ConstBufferSequence& buffers, Handler& handler,
        const IoExecutor& io_executor)
    {
        async_transfer<file_writing>(
            impl, operation::current_position, buffers, handler, io_executor, "async_write_some");
    }

    template <typename ConstBufferSequence, typename Handler, typename IoExecutor>
    void async_write_some_at(implementation_type& impl, std::uint64_t offset,
        const ConstBufferSequence& buffers, Handler& handler, const IoExecutor& io_executor)
    {
        async_transfer<file_writing>(impl, offset, buffers, handler, io_executor, "async_write_some_at");
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_read_some(implementation_type& impl, const MutableBufferSequence& buffers, Handler& handler,
        const IoExecutor& io_executor)
    {
        async_transfer<file_reading>(
            impl, operation::current_position, buffers, handler, io_executor, "async_read_some");
    }

    template <typename MutableBufferSequence, typename Handler, typename IoExecutor>
    void async_read_some_at(implementation_type& impl, std::uint64_t offset,
        const MutableBufferSequence& buffers, Handler& handler, const IoExecutor& io_executor)
    {
        async_transfer<file_reading>(impl, offset, buffers, handler, io_executor, "async_read_some_at");
    }

private:
    template <typename Direction>
    static queue_index queue_of(const implementation_type& impl, std::uint64_t offset) noexcept
    {
        if (offset != operation::current_position)
            return no_queue;
        return Direction::reads || has_position(impl) ? reading : writing;
    }

    template <typename Direction, typename BufferSequence, typename Handler, typename IoExecutor>
    void async_transfer(implementation_type& impl, std::uint64_t offset, const BufferSequence& buffers,
        Handler& handler, const IoExecutor& io_executor, const char* name)
    {
        using buffer_type = typename Direction::buffer_type;
        const queue_index queue = queue_of<Direction>(impl, offset);
        const bool over = all_empty<buffer_type>(buffers);
        if (reactor_ == nullptr)
            return async<blocking_file_operation<Direction, BufferSequence>>(
                *pool_, impl, queue, over, handler, io_executor, name, buffers, offset);
        const int index = registered_index<buffer_type>(buffers, context());
        async<file_operation<Direction, BufferSequence>>(*reactor_, impl, queue, over, handler, io_executor,
            name, buffers, offset, buffers_->holds(index) ? index : -1);
    }

    template <typename Direction, typename Handler, typename IoExecutor>
    void async_transfer(implementation_type& impl, std::uint64_t, null_buffers_argument, Handler& handler,
        const IoExecutor& io_executor, const char* name)
    {
        if (reactor_ != nullptr)
            async<null_buffers_operation>(
                *reactor_, impl, no_queue, false, handler, io_executor, name, Direction::events);
        else
            async<blocking_wait_operation>(
                *pool_, impl, no_queue, false, handler, io_executor, name, Direction::events);
    }

    /// Starts an operation, made of what else is given; where it is `over` already it only completes.
    template <typename Operation, typename Owner, typename Handler, typename IoExecutor,
        typename... Arguments>
    void async(Owner& owner, implementation_type& impl, queue_index queue, bool over, Handler& handler,
        const IoExecutor& io_executor, [[maybe_unused]] const char* name, Arguments&&... arguments)
    {
        const bool is_continuation = detail::is_continuation(handler);
        const auto slot = asio::get_associated_cancellation_slot(handler);
        make_operation<Operation>(
            handler, io_executor,
            [&](auto& op)
            {
                ASIO_URING_HANDLER_CREATION((context(), op, "file", &impl, native_handle(impl), name));
                if (!over && !is_open(impl))
                    op.ec_ = asio::error::bad_descriptor;
                if (over || op.ec_)
                    return owner.complete_immediately(op, is_continuation);
                connect(slot, owner, op);
                start(impl, op, queue, is_continuation);
            },
            owner, native_handle(impl), std::forward<Arguments>(arguments)...);
    }

    /// Lets the handler's cancellation slot cancel the operation.
    template <typename CancellationSlot>
    static void connect(CancellationSlot slot, reactor& owner, reactor_operation& op)
    {
        if (slot.is_connected())
            slot.template emplace<operation_cancellation<reactor_operation>>(owner, op);
    }

    template <typename CancellationSlot>
    static void connect(CancellationSlot slot, blocking_pool& owner, blocking_operation& op)
    {
        if (slot.is_connected())
            slot.template emplace<operation_cancellation<blocking_operation, blocking_pool>>(owner, op);
    }

    void start(implementation_type& impl, reactor_operation& op, queue_index queue, bool is_continuation)
    {
        using way = reactor::way_of_starting;
        if (queue != no_queue)
            reactor_->start(op, impl.in_order_[queue], is_continuation);
        else
            reactor_->start(
                op, impl.concurrent_, is_continuation, is_cached(impl) ? way::at_once : way::on_the_ring);
    }

    void start(implementation_type& impl, blocking_operation& op, queue_index queue, bool is_continuation)
    {
        const bool in_order = queue != no_queue;
        pool_->start(op, impl.blocking_[in_order ? queue : reading], in_order, is_continuation);
    }

    /// Takes all operations away: their descriptor isn't used any more.
    void detach(implementation_type& impl)
    {
        if (reactor_ == nullptr)
            return pool_->detach(impl.blocking_);
        reactor_->detach(impl.in_order_);
        reactor_->detach(impl.concurrent_);
    }

    reactor* const reactor_;
    registered_buffers* const buffers_;
    /// Where there is no ring.
    blocking_pool* const pool_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_HAS_FILE

#endif // ASIO_URING_DETAIL_FILE_SERVICE_HPP
