// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The service of stock Asio signal sets that are routed: ours or Asio's.

#ifndef ASIO_URING_DETAIL_ROUTED_SIGNAL_SET_SERVICE_HPP
#define ASIO_URING_DETAIL_ROUTED_SIGNAL_SET_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/routed_service.hpp>
#include <asio_uring/detail/signal_set_service.hpp>

namespace asio_uring::detail {

/// What a stock signal set calls. Every function is Asio's signal_set_service's of the same name.
class routed_signal_set_service
    : public execution_context_service_base<routed_signal_set_service>,
      public routed_service_base<asio::detail::signal_set_service, signal_set_service>
{
public:
    explicit routed_signal_set_service(asio::execution_context& context)
        : execution_context_service_base<routed_signal_set_service>(context),
          routed_service_base<asio::detail::signal_set_service, signal_set_service>(context)
    {}

    void shutdown() override {}

    error_code add(implementation_type& impl, int signal_number, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.add(i, signal_number, ec); });
    }

#if defined(ASIO_URING_ASIO_HAS_SIGNAL_FLAGS)
    error_code add(implementation_type& impl, int signal_number, signal_flags flags, error_code& ec)
    {
        on(impl, [&](auto& chosen, auto& i) { return chosen.add(i, signal_number, flags, ec); });
        const auto guard = process_signals::lock();
        process_signals::get().reinstall(signal_number);
        return ec;
    }
#endif

    error_code remove(implementation_type& impl, int signal_number, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.remove(i, signal_number, ec); });
    }

    error_code clear(implementation_type& impl, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.clear(i, ec); });
    }

    error_code cancel(implementation_type& impl, error_code& ec)
    {
        return on(impl, [&](auto& chosen, auto& i) { return chosen.cancel(i, ec); });
    }

    template <typename Handler, typename IoExecutor>
    void async_wait(implementation_type& impl, Handler& handler, const IoExecutor& io_executor)
    {
        on(impl, [&](auto& chosen, auto& i) { chosen.async_wait(i, handler, io_executor); });
    }
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ROUTED_SIGNAL_SET_SERVICE_HPP
