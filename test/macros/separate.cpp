// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Asio's own functions, where BOOST_ASIO_SEPARATE_COMPILATION takes them out of its headers.

#include <boost/asio/impl/src.hpp>
