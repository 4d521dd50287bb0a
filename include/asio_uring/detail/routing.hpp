// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Which service a stock Asio I/O object gets: level 1, for I/O objects on our own executors.

#ifndef ASIO_URING_DETAIL_ROUTING_HPP
#define ASIO_URING_DETAIL_ROUTING_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/routed_descriptor_service.hpp>
#include <asio_uring/detail/routed_file_service.hpp>
#include <asio_uring/detail/routed_resolver_service.hpp>
#if defined(ASIO_URING_ASIO_SHOWS_SIGNALS)
#include <asio_uring/detail/routed_signal_set_service.hpp>
#endif
#include <asio_uring/detail/routed_socket_service.hpp>
#include <asio_uring/detail/routed_timer_service.hpp>
#include <asio_uring/detail/watched_service.hpp>
#include <cstdint>

namespace asio_uring::detail {

/// The service in the place of a service of Asio's. Whatever has none of ours is watched.
template <typename Stock>
struct route
{
    using type = watched_service<Stock>;
};

template <typename Protocol>
struct route<asio::detail::reactive_socket_service<Protocol>>
{
    using type = routed_socket_service<Protocol>;
};

template <typename TimeTraits>
struct route<asio::detail::deadline_timer_service<TimeTraits>>
{
    using type = routed_timer_service<TimeTraits>;
};

template <>
struct route<asio::detail::reactive_descriptor_service>
{
    using type = routed_descriptor_service;
};

template <>
struct route<asio::detail::posix_serial_port_service>
{
    using type = routed_serial_port_service;
};

#if defined(ASIO_URING_HAS_FILE)
template <>
struct route<asio::detail::io_uring_file_service>
{
    using type = routed_file_service;
};
#endif

template <typename Protocol>
struct route<asio::detail::resolver_service<Protocol>>
{
    using type = routed_resolver_service<Protocol>;
};

// Elsewhere Asio's own is watched: two that know nothing of each other would fight over the dispositions.
#if defined(ASIO_URING_ASIO_SHOWS_SIGNALS)
template <>
struct route<asio::detail::signal_set_service>
{
    using type = routed_signal_set_service;
};
#endif

} // namespace asio_uring::detail

ASIO_URING_ASIO_DETAIL_BEGIN

/// What the specialisations of io_object_impl have in common: they are the primary template for another
/// service. `arguments` are the template's, in parentheses; each constructor is written out because inherited
/// ones would choose the wrong conversion.
#define ASIO_URING_ROUTE(arguments, stock, executor)                                                         \
    template <ASIO_URING_UNWRAP arguments>                                                                   \
    class io_object_impl<ASIO_URING_UNWRAP stock, ASIO_URING_UNWRAP executor>                                \
        : public io_object_impl<typename ::asio_uring::detail::route<ASIO_URING_UNWRAP stock>::type,         \
              ASIO_URING_UNWRAP executor>                                                                    \
    {                                                                                                        \
        using routed = io_object_impl<typename ::asio_uring::detail::route<ASIO_URING_UNWRAP stock>::type,   \
            ASIO_URING_UNWRAP executor>;                                                                     \
                                                                                                             \
    public:                                                                                                  \
        explicit io_object_impl(int a, const typename routed::executor_type& ex) : routed(a, ex) {}          \
        template <typename ExecutionContext>                                                                 \
        explicit io_object_impl(int a, int b, ExecutionContext& context) : routed(a, b, context)             \
        {}                                                                                                   \
        io_object_impl(io_object_impl&& other) : routed(static_cast<routed&&>(other)) {}                     \
        template <typename OtherService, typename OtherExecutor>                                             \
        io_object_impl(io_object_impl<OtherService, OtherExecutor>&& other)                                  \
            : routed(static_cast<io_object_impl<typename ::asio_uring::detail::route<OtherService>::type,    \
                      OtherExecutor>&&>(other))                                                              \
        {}                                                                                                   \
        io_object_impl& operator=(io_object_impl&& other)                                                    \
        {                                                                                                    \
            routed::operator=(static_cast<routed&&>(other));                                                 \
            return *this;                                                                                    \
        }                                                                                                    \
    }

#define ASIO_URING_UNWRAP(...) __VA_ARGS__

/// Routes a service of Asio's, with template parameters or without, for our executor and for strands of it.
#define ASIO_URING_ROUTE_OURS(parameters, stock)                                                             \
    ASIO_URING_ROUTE((ASIO_URING_UNWRAP parameters typename Allocator, std::uintptr_t Bits), stock,          \
        (::asio_uring::io_context::basic_executor_type<Allocator, Bits>));                                   \
    ASIO_URING_ROUTE((ASIO_URING_UNWRAP parameters typename Allocator, std::uintptr_t Bits), stock,          \
        (strand<::asio_uring::io_context::basic_executor_type<Allocator, Bits>>))

ASIO_URING_ROUTE_OURS((typename Protocol, ), (reactive_socket_service<Protocol>));
ASIO_URING_ROUTE_OURS((typename TimeTraits, ), (deadline_timer_service<TimeTraits>));
ASIO_URING_ROUTE_OURS((), (reactive_descriptor_service));
ASIO_URING_ROUTE_OURS((), (signal_set_service));
ASIO_URING_ROUTE_OURS((), (posix_serial_port_service));
ASIO_URING_ROUTE_OURS((typename Protocol, ), (resolver_service<Protocol>));

#if defined(ASIO_URING_HAS_FILE)
ASIO_URING_ROUTE_OURS((), (io_uring_file_service));
#endif

#undef ASIO_URING_ROUTE_OURS

ASIO_URING_ASIO_DETAIL_END

#endif // ASIO_URING_DETAIL_ROUTING_HPP
