// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Forced into each conformance program, before its own first line: from here on the name io_context means
// ours, also as boost::asio::io_context and io_service.

#ifndef ASIO_URING_TEST_CONFORMANCE_OURS_HPP
#define ASIO_URING_TEST_CONFORMANCE_OURS_HPP

#include <asio_uring/drop_in.hpp>

// Every header of Asio that says io_context must have said it before the name changes.
#include <boost/asio/basic_socket_streambuf.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/io_context_strand.hpp>
#if __has_include(<boost/asio/fwd.hpp>)
#include <boost/asio/fwd.hpp>
#endif
#if __has_include(<boost/asio/io_service.hpp>)
#include <boost/asio/io_service.hpp>
#endif
#include <type_traits>
#if !defined(ASIO_URING_CONFORMANCE_FEW_HEADERS)
#include <boost/asio.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/ts/net.hpp>
#endif

namespace boost {
namespace asio {

using asio_uring_io_context = ::asio_uring::io_context;

} // namespace asio
} // namespace boost

// asio_uring::io_context, where a program says so itself, stays what it is.
namespace asio_uring {

using asio_uring_io_context = io_context;

} // namespace asio_uring

#define io_context asio_uring_io_context
#define io_service asio_uring_io_context

static_assert(std::is_same_v<boost::asio::io_context, asio_uring::io_context>);
static_assert(std::is_same_v<boost::asio::io_service::executor_type, asio_uring::io_context::executor_type>);

#endif // ASIO_URING_TEST_CONFORMANCE_OURS_HPP
