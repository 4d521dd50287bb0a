// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The assertion of this library: Boost's, which a program can replace, or that of the standard library where
// there is no Boost.

#ifndef ASIO_URING_DETAIL_ASSERT_HPP
#define ASIO_URING_DETAIL_ASSERT_HPP

/// States what must hold. Not evaluated where NDEBUG is defined.
#if defined(ASIO_URING_STANDALONE_ASIO)
#include <cassert>
#define ASIO_URING_ASSERT(condition) assert(condition)
#else
#include <boost/assert.hpp>
#define ASIO_URING_ASSERT(condition) BOOST_ASSERT(condition)
#endif

#endif // ASIO_URING_DETAIL_ASSERT_HPP
