// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Forced into each of Beast's tests: Beast's own headers, too, then mean our io_context.

#ifndef ASIO_URING_TEST_CONFORMANCE_BEAST_HPP
#define ASIO_URING_TEST_CONFORMANCE_BEAST_HPP

// With all of Asio, calls in these tests find functions of Asio's in the place of Beast's.
#define ASIO_URING_CONFORMANCE_FEW_HEADERS
#include "ours.hpp"

#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/_experimental/test/tcp.hpp>
#include <boost/beast/_experimental/unit_test/suite.hpp>

#endif // ASIO_URING_TEST_CONFORMANCE_BEAST_HPP
