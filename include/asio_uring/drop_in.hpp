// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Level 2 of routing: every stock Asio I/O object goes to the ring where its context runs on it.

#ifndef ASIO_URING_DROP_IN_HPP
#define ASIO_URING_DROP_IN_HPP

#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_DETAIL_CONFIG_HPP)                                    \
                                        : defined(BOOST_ASIO_DETAIL_CONFIG_HPP)
#error                                                                                                       \
    "asio_uring/drop_in.hpp must come before all Asio headers, in every translation unit: let the CMake target \
asio_uring::drop_in, or the compiler's option -include asio_uring/drop_in.hpp, see to that"
#endif

/// @file
/// Include it first in every translation unit of a program. A stock I/O object, such as a
/// boost::asio::ip::tcp::socket with its any_io_executor, then runs on the ring where it was made on an
/// asio_uring::io_context, and as always where it was made on a boost::asio::io_context or a thread_pool;
/// which, is decided at run time, once a context.
///
/// It defines BOOST_ASIO_HAS_IO_URING, without which Asio has no files on Linux: boost::asio::stream_file,
/// random_access_file and what belongs to them. It moves nothing else of Asio's off epoll. A program that
/// wants no files, nor the headers of liburing everywhere, defines BOOST_ASIO_DISABLE_FILE.

#if defined(ASIO_URING_STANDALONE_ASIO)
#if !defined(ASIO_HAS_IO_URING) && !defined(ASIO_DISABLE_FILE)
#define ASIO_HAS_IO_URING 1
#endif
#elif !defined(BOOST_ASIO_HAS_IO_URING) && !defined(BOOST_ASIO_DISABLE_FILE)
#define BOOST_ASIO_HAS_IO_URING 1
#endif

#include <asio_uring/detail/routed_buffer_registration.hpp>
#include <asio_uring/io_context.hpp>

ASIO_URING_ASIO_DETAIL_BEGIN

ASIO_URING_ROUTE((typename Protocol, typename Executor), (reactive_socket_service<Protocol>), (Executor));
ASIO_URING_ROUTE((typename TimeTraits, typename Executor), (deadline_timer_service<TimeTraits>), (Executor));
ASIO_URING_ROUTE((typename Executor), (reactive_descriptor_service), (Executor));
ASIO_URING_ROUTE((typename Executor), (signal_set_service), (Executor));
ASIO_URING_ROUTE((typename Executor), (posix_serial_port_service), (Executor));
ASIO_URING_ROUTE((typename Protocol, typename Executor), (resolver_service<Protocol>), (Executor));
#if defined(ASIO_URING_HAS_FILE)
ASIO_URING_ROUTE((typename Executor), (io_uring_file_service), (Executor));
#endif

ASIO_URING_ASIO_DETAIL_END

#endif // ASIO_URING_DROP_IN_HPP
