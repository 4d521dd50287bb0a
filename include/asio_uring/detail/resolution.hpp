// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What is asked of the system's resolver, and what it answers.

#ifndef ASIO_URING_DETAIL_RESOLUTION_HPP
#define ASIO_URING_DETAIL_RESOLUTION_HPP

#include <asio_uring/detail/asio.hpp>
#include <netdb.h>

namespace asio_uring::detail {

class resolve_operation;

/// A blocking call of the system's resolver, with all memory that the call needs: it may go on when nobody
/// waits for it any more.
class resolution
{
public:
    resolution() = default;
    resolution(const resolution&) = delete;
    resolution& operator=(const resolution&) = delete;
    virtual ~resolution() = default;

    /// Asks, and waits for the answer.
    virtual void perform() noexcept = 0;

    /// What came of it. perform()'s until that returns.
    error_code ec_;

    /// Who waits for it, null where nobody does. Guarded by the lock of resolver_queue.
    resolve_operation* operation_ = nullptr;
};

/// From names to endpoints: getaddrinfo(3).
template <typename Protocol>
class name_resolution final : public resolution
{
public:
    using query_type = typename asio::detail::resolver_service<Protocol>::query_type;
    using results_type = typename asio::detail::resolver_service<Protocol>::results_type;

    explicit name_resolution(const query_type& query) : query_(query) {}

    ~name_resolution() override
    {
        if (addresses_ != nullptr)
            socket_ops::freeaddrinfo(addresses_);
    }

    void perform() noexcept override
    {
        socket_ops::getaddrinfo(
            query_.host_name().c_str(), query_.service_name().c_str(), query_.hints(), &addresses_, ec_);
    }

    /// The answer of a call that didn't fail.
    results_type results() const
    {
        return results_type::create(addresses_, query_.host_name(), query_.service_name());
    }

private:
    const query_type query_;
    asio::detail::addrinfo_type* addresses_ = nullptr;
};

/// From an endpoint to names: getnameinfo(3).
template <typename Protocol>
class endpoint_resolution final : public resolution
{
public:
    using endpoint_type = typename Protocol::endpoint;
    using results_type = typename asio::detail::resolver_service<Protocol>::results_type;

    explicit endpoint_resolution(const endpoint_type& endpoint) : endpoint_(endpoint) {}

    void perform() noexcept override
    {
        socket_ops::sync_getnameinfo(endpoint_.data(), endpoint_.size(), host_name_, sizeof(host_name_),
            service_name_, sizeof(service_name_), endpoint_.protocol().type(), ec_);
    }

    /// The answer of a call that didn't fail.
    results_type results() const
    {
        return results_type::create(endpoint_, host_name_, service_name_);
    }

private:
    const endpoint_type endpoint_;
    char host_name_[NI_MAXHOST] = {};
    char service_name_[NI_MAXSERV] = {};
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_RESOLUTION_HPP
