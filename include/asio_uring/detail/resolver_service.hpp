// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of resolvers on a context that runs on a ring: what a stock Asio resolver calls.

#ifndef ASIO_URING_DETAIL_RESOLVER_SERVICE_HPP
#define ASIO_URING_DETAIL_RESOLVER_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/handler_operation.hpp>
#include <asio_uring/detail/resolution.hpp>
#include <asio_uring/detail/resolver_queue.hpp>
#include <chrono>
#include <memory>

namespace asio_uring::detail {

/// Owns the resolver_queue of a context, which its resolvers of all protocols share.
class resolver_thread : public execution_context_service_base<resolver_thread>
{
public:
    /// How long a dying context waits for an answer of the system. A name server that is gone makes
    /// getaddrinfo(3) wait for many seconds.
    static constexpr std::chrono::milliseconds patience{1000};

    explicit resolver_thread(asio::execution_context& context)
        : execution_context_service_base<resolver_thread>(context),
          reactor_(asio::use_service<reactor>(context)),
          queue_(std::make_shared<resolver_queue>(reactor_))
    {}

    void shutdown() override
    {
        op_queue<scheduler_operation> aborted;
        queue_->shut_down(patience, aborted);
        reactor_.abandon(aborted);
    }

    /// The thread, which a child would lack, ends before a fork(2), and comes back on both sides.
    void notify_fork(asio::execution_context::fork_event event) override
    {
        if (event == asio::execution_context::fork_prepare)
            queue_->pause();
        else
            queue_->resume();
    }

    resolver_queue& queue() noexcept
    {
        return *queue_;
    }

private:
    reactor& reactor_;
    const std::shared_ptr<resolver_queue> queue_;
};

/// The operation of one kind of resolution.
template <typename Resolution>
class resolve_operation_of : public resolve_operation
{
public:
    using results_type = typename Resolution::results_type;

    void deliver()
    {
        // Where there is an error the resolution may still be under way.
        if (!ec_)
            results_ = static_cast<const Resolution&>(*resolution_).results();
    }

    template <typename Handler>
    binder2<Handler, error_code, results_type> bind(Handler& handler)
    {
        return {handler, ec_, results_};
    }

protected:
    resolve_operation_of(
        func_type on_complete, resolver_queue& owner, const std::shared_ptr<Resolution>& what)
        : resolve_operation(on_complete, owner, what)
    {}

private:
    results_type results_;
};

/// Does what Asio's resolver_service does, with the same names. What is cancelled ends at once.
template <typename Protocol>
class resolver_service : public execution_context_service_base<resolver_service<Protocol>>
{
public:
    using endpoint_type = typename Protocol::endpoint;
    using query_type = typename name_resolution<Protocol>::query_type;
    using results_type = typename name_resolution<Protocol>::results_type;

    struct implementation_type
    {
        explicit implementation_type(resolver_service&) noexcept {}

        /// What is under way.
        op_queue<resolve_operation> operations;
    };

    explicit resolver_service(asio::execution_context& context)
        : execution_context_service_base<resolver_service<Protocol>>(context),
          queue_(asio::use_service<resolver_thread>(context).queue())
    {
        asio::use_service<reactor>(context).init_task();
    }

    void shutdown() override {}

    void destroy(implementation_type& impl)
    {
        cancel(impl);
    }

    void move_construct(implementation_type& impl, implementation_type& other)
    {
        const auto guard = queue_.lock();
        resolve_operation::move_all(other.operations, impl.operations);
    }

    void cancel(implementation_type& impl)
    {
        ASIO_URING_HANDLER_OPERATION((this->context(), "resolver", &impl, 0, "cancel"));
        queue_.cancel(impl.operations);
    }

    results_type resolve(implementation_type&, const query_type& query, error_code& ec)
    {
        return resolve_now(name_resolution<Protocol>(query), ec);
    }

    results_type resolve(implementation_type&, const endpoint_type& endpoint, error_code& ec)
    {
        return resolve_now(endpoint_resolution<Protocol>(endpoint), ec);
    }

    template <typename Handler, typename IoExecutor>
    void async_resolve(
        implementation_type& impl, const query_type& query, Handler& handler, const IoExecutor& io_executor)
    {
        start(impl, std::make_shared<name_resolution<Protocol>>(query), handler, io_executor);
    }

    template <typename Handler, typename IoExecutor>
    void async_resolve(implementation_type& impl, const endpoint_type& endpoint, Handler& handler,
        const IoExecutor& io_executor)
    {
        start(impl, std::make_shared<endpoint_resolution<Protocol>>(endpoint), handler, io_executor);
    }

private:
    template <typename Resolution>
    static results_type resolve_now(Resolution&& what, error_code& ec)
    {
        what.perform();
        ec = what.ec_;
        ASIO_URING_ERROR_LOCATION(ec);
        return ec ? results_type() : what.results();
    }

    template <typename Resolution, typename Handler, typename IoExecutor>
    void start(implementation_type& impl, const std::shared_ptr<Resolution>& what, Handler& handler,
        const IoExecutor& io_executor)
    {
        const auto slot = asio::get_associated_cancellation_slot(handler);
        make_operation<resolve_operation_of<Resolution>>(
            handler, io_executor,
            [&](auto& op)
            {
                ASIO_URING_HANDLER_CREATION((this->context(), op, "resolver", &impl, 0, "async_resolve"));
                connect(slot, op);
                queue_.start(op, impl.operations);
            },
            queue_, what);
    }

    template <typename CancellationSlot>
    void connect(CancellationSlot slot, resolve_operation& op)
    {
        if (slot.is_connected())
            slot.template emplace<resolve_operation::cancellation>(queue_, op);
    }

    resolver_queue& queue_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_RESOLVER_SERVICE_HPP
