// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The main function of Beast's unit tests.

#include <boost/beast/_experimental/unit_test/main.ipp>
