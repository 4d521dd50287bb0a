// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of stock Asio resolvers that are routed: ours or Asio's.

#ifndef ASIO_URING_DETAIL_ROUTED_RESOLVER_SERVICE_HPP
#define ASIO_URING_DETAIL_ROUTED_RESOLVER_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/resolver_service.hpp>
#include <asio_uring/detail/routed_service.hpp>

namespace asio_uring::detail {

/// What a stock resolver calls. Every function is Asio's resolver_service's of the same name.
template <typename Protocol>
class routed_resolver_service
    : public execution_context_service_base<routed_resolver_service<Protocol>>,
      public routed_service_base<asio::detail::resolver_service<Protocol>, resolver_service<Protocol>>
{
    using base = routed_service_base<asio::detail::resolver_service<Protocol>, resolver_service<Protocol>>;

public:
    using endpoint_type = typename resolver_service<Protocol>::endpoint_type;
    using query_type = typename resolver_service<Protocol>::query_type;
    using results_type = typename resolver_service<Protocol>::results_type;
    using implementation_type = typename base::implementation_type;

    explicit routed_resolver_service(asio::execution_context& context)
        : execution_context_service_base<routed_resolver_service<Protocol>>(context),
          base(context)
    {}

    void shutdown() override {}

    void converting_move_construct(
        implementation_type& impl, routed_resolver_service& other_service, implementation_type& other)
    {
        other_service.move_construct(impl, other);
    }

    void converting_move_assign(
        implementation_type& impl, routed_resolver_service& other_service, implementation_type& other)
    {
        this->move_assign(impl, other_service, other);
    }

    void cancel(implementation_type& impl)
    {
        this->on(impl, [&](auto& chosen, auto& i) { chosen.cancel(i); });
    }

    /// @param question a query or an endpoint.
    template <typename Question>
    results_type resolve(implementation_type& impl, const Question& question, error_code& ec)
    {
        return this->on(impl, [&](auto& chosen, auto& i) { return chosen.resolve(i, question, ec); });
    }

    /// @param question a query or an endpoint.
    template <typename Question, typename Handler, typename IoExecutor>
    void async_resolve(
        implementation_type& impl, const Question& question, Handler& handler, const IoExecutor& io_executor)
    {
        this->on(
            impl, [&](auto& chosen, auto& i) { chosen.async_resolve(i, question, handler, io_executor); });
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ROUTED_RESOLVER_SERVICE_HPP
