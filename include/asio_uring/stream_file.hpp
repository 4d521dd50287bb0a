// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's stream-oriented file on asio_uring's executor.

#ifndef ASIO_URING_STREAM_FILE_HPP
#define ASIO_URING_STREAM_FILE_HPP

#include <asio_uring/io_context.hpp>

#if defined(ASIO_URING_HAS_FILE)

#include ASIO_URING_ASIO_HEADER(basic_stream_file)

namespace asio_uring {

/// Asio's file that is read and written at its position, bound to io_context::executor_type. Costs less than
/// boost::asio::stream_file with its any_io_executor.
///
/// Its operations are carried out in the order in which they were started: on the ring, or on a few threads
/// where the context has none. Asio has files on Linux only where the whole program defines
/// BOOST_ASIO_HAS_IO_URING, as asio_uring/drop_in.hpp does; elsewhere this header declares nothing.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::stream_file file(context, "log", asio_uring::stream_file::write_only |
///     asio_uring::stream_file::create | asio_uring::stream_file::append);
/// boost::asio::async_write(file, boost::asio::buffer(line), [](boost::system::error_code, std::size_t) {});
/// context.run();
/// @endcode
using stream_file = asio::basic_stream_file<io_context::executor_type>;

} // namespace asio_uring

#endif // ASIO_URING_HAS_FILE

#endif // ASIO_URING_STREAM_FILE_HPP
