// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's random-access file on asio_uring's executor.

#ifndef ASIO_URING_RANDOM_ACCESS_FILE_HPP
#define ASIO_URING_RANDOM_ACCESS_FILE_HPP

#include <asio_uring/io_context.hpp>

#if defined(ASIO_URING_HAS_FILE)

#include ASIO_URING_ASIO_HEADER(basic_random_access_file)

namespace asio_uring {

/// Asio's file that is read and written at offsets, bound to io_context::executor_type. Costs less than
/// boost::asio::random_access_file with its any_io_executor.
///
/// Its operations are carried out concurrently and end in any order: as many as are started are with the
/// kernel at a time, or four where the context has no ring. Asio has files on Linux only where the whole
/// program defines BOOST_ASIO_HAS_IO_URING, as asio_uring/drop_in.hpp does; elsewhere this header declares
/// nothing.
///
/// @par Thread Safety
/// As Asio's: distinct objects are safe, shared objects are unsafe.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::random_access_file file(context, "data", asio_uring::random_access_file::read_only);
/// for (auto& block : blocks)
///     boost::asio::async_read_at(file, block.offset, boost::asio::buffer(block.memory),
///         [](boost::system::error_code, std::size_t) {});
/// context.run();
/// @endcode
using random_access_file = asio::basic_random_access_file<io_context::executor_type>;

} // namespace asio_uring

#endif // ASIO_URING_HAS_FILE

#endif // ASIO_URING_RANDOM_ACCESS_FILE_HPP
