// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// TLS for tests.

#ifndef ASIO_URING_TEST_ANONYMOUS_TLS_HPP
#define ASIO_URING_TEST_ANONYMOUS_TLS_HPP

#include <boost/asio/ssl/context.hpp>

namespace asio_uring::test {

/// Keys without certificates: who is at the other end doesn't matter in a test.
inline boost::asio::ssl::context anonymous_tls(boost::asio::ssl::context::method method)
{
    boost::asio::ssl::context result(method);
    SSL_CTX_set_security_level(result.native_handle(), 0);
    SSL_CTX_set_max_proto_version(result.native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(result.native_handle(), "aNULL");
    return result;
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_ANONYMOUS_TLS_HPP
