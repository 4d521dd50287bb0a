// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Boost.Test and the main function of every test executable. Out of the headers alone, so that any Boost will
// do.

#define BOOST_TEST_MODULE asio_uring
#include <boost/test/included/unit_test.hpp>
