// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A version of Asio's that nobody knows yet: it is told of, and no error.

#define BOOST_ASIO_VERSION_HPP
#define BOOST_ASIO_VERSION 109900

#include <asio_uring/detail/asio_flavour.hpp>
