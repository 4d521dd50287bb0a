// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// io_context::service, the base class of services whose constructor takes an io_context, and Asio's
// use_service() and add_service() for those.

// Before the guard: io_context.hpp includes this file when its class is complete.
#include <asio_uring/io_context.hpp>

#ifndef ASIO_URING_DETAIL_IO_CONTEXT_SERVICE_HPP
#define ASIO_URING_DETAIL_IO_CONTEXT_SERVICE_HPP

#include <memory>
#include <mutex>
#include <type_traits>

namespace asio_uring {

/// The base class of a service that a user adds to an io_context. It also needs a static member `id` of type
/// io_context::id, and a constructor that takes an io_context& (or a boost::asio::execution_context&).
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: what the derived class says; the context calls shutdown() and
/// notify_fork() from one thread at a time.
///
/// @par Example
/// @code
/// class logger : public asio_uring::io_context::service
/// {
/// public:
///     static asio_uring::io_context::id id;
///     explicit logger(asio_uring::io_context& owner) : service(owner) {}
///     void log(const std::string& line);
/// private:
///     void shutdown() override {}
/// };
/// asio_uring::io_context::id logger::id;
///
/// asio_uring::io_context context;
/// boost::asio::use_service<logger>(context).log("a line");
/// @endcode
class io_context::service : public asio::execution_context::service
{
public:
    /// The context that owns the service.
    io_context& get_io_context()
    {
        return static_cast<io_context&>(context());
    }

protected:
    /// Makes a service of a context, which doesn't own it before use_service() or add_service() has made it
    /// so.
    explicit service(io_context& owner) : asio::execution_context::service(owner) {}

    ~service() override = default;

private:
    /// Destroys all handlers that the service holds. Called once, when the context ends.
    void shutdown() override
    {
#if !defined(ASIO_URING_NO_DEPRECATED)
        shutdown_service();
#endif
    }

    /// Does what is needed around a fork.
    void notify_fork([[maybe_unused]] asio::execution_context::fork_event event) override
    {
#if !defined(ASIO_URING_NO_DEPRECATED)
        fork_service(event);
#endif
    }

#if !defined(ASIO_URING_NO_DEPRECATED)
    /// (Deprecated: use shutdown().) The same.
    virtual void shutdown_service() {}

    /// (Deprecated: use notify_fork().) The same.
    virtual void fork_service(asio::execution_context::fork_event) {}
#endif
};

namespace detail {

/// Whether Asio itself can make the service, from an execution_context&.
template <typename Service>
inline constexpr bool takes_execution_context =
    std::is_constructible_v<Service, asio::execution_context&> || std::is_abstract_v<Service>;

/// Finds a service whose constructor takes an io_context&: Asio can't make such a service, and finds only
/// those that it could make.
template <typename Service>
class service_slot : public execution_context_service_base<service_slot<Service>>
{
public:
    explicit service_slot(asio::execution_context& context)
        : execution_context_service_base<service_slot<Service>>(context)
    {}

    /// The service of the context; makes it if there is none.
    Service& use(io_context& context)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        if (service_ == nullptr)
        {
            auto made = std::make_unique<Service>(context);
            adopt_service<Service>(context, made.get());
            service_ = made.release();
        }
        return *service_;
    }

    /// Gives the context a service.
    void add(io_context& context, Service* added)
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        adopt_service<Service>(context, added);
        service_ = added;
    }

private:
    void shutdown() override {}

    std::mutex mutex_;

    // The context owns it.
    Service* service_ = nullptr;
};

} // namespace detail
} // namespace asio_uring

ASIO_URING_ASIO_BEGIN

/// As Asio's use_service(), also for services whose constructor takes an asio_uring::io_context&.
template <typename Service>
Service& use_service(::asio_uring::io_context& context)
{
    if constexpr (::asio_uring::detail::takes_execution_context<Service>)
        return use_service<Service>(static_cast<execution_context&>(context));
    else
        return use_service<::asio_uring::detail::service_slot<Service>>(
            static_cast<execution_context&>(context))
            .use(context);
}

/// As Asio's add_service(), also for services whose constructor takes an asio_uring::io_context&.
template <typename Service>
void add_service(::asio_uring::io_context& context, Service* service)
{
    if constexpr (::asio_uring::detail::takes_execution_context<Service>)
        ::asio_uring::detail::adopt_service<Service>(context, service);
    else
        use_service<::asio_uring::detail::service_slot<Service>>(static_cast<execution_context&>(context))
            .add(context, service);
}

ASIO_URING_ASIO_END

#endif // ASIO_URING_DETAIL_IO_CONTEXT_SERVICE_HPP
