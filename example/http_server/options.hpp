// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The command line of the HTTP server: its options, their defaults and their limits.

#ifndef ASIO_URING_EXAMPLE_HTTP_SERVER_OPTIONS_HPP
#define ASIO_URING_EXAMPLE_HTTP_SERVER_OPTIONS_HPP

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>

namespace http_server {

/// What the user asked for on the command line.
struct options
{
    boost::asio::ip::address address;
    unsigned short port = 0; ///< 0 lets the system choose a free one.
    unsigned threads = 1;
    std::string root;
    std::chrono::seconds header_timeout{}; ///< For a whole request, from its first byte.
    std::chrono::seconds idle_timeout{};   ///< Between requests, and for a peer that takes no data.
};

/// A command line that can't be understood; `what()` is one line for the user.
struct usage_error : std::runtime_error
{
    using std::runtime_error::runtime_error;
};

/// Reads the command line.
///
/// @returns the options, or nothing where `--help` was asked for and has been printed.
/// @throws usage_error where an option is unknown or its value is not a sensible one.
std::optional<options> read_command_line(int argc, const char* const* argv);

} // namespace http_server

#endif
