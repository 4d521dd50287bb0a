// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What every contender's echo server can be asked for on its command line.

#ifndef ASIO_URING_TEST_BENCH_ECHO_SERVER_OPTIONS_HPP
#define ASIO_URING_TEST_BENCH_ECHO_SERVER_OPTIONS_HPP

#include <cstddef>
#include <string>

namespace asio_uring::bench {

enum class server_protocol
{
    tcp,
    unix_stream,
    udp
};

enum class server_form
{
    static_executor,
    any_executor,
    coroutine
};

struct server_options
{
    server_protocol protocol = server_protocol::tcp;

    /// How an Asio program is written.
    server_form form = server_form::static_executor;

    /// Where a server of unix_stream listens; the others take any port of loopback.
    std::string path;

    /// Bytes that a connection receives at most at a time.
    std::size_t buffer = 4096;

    /// Whether a connection waits until its buffer is full before it sends it back.
    bool whole_messages = false;

    /// Whether a connection is closed after its first answer.
    bool one_message = false;

    /// Asio's concurrency hint of the context, and the threads that run it.
    int hint = 1;
    int threads = 1;

    /// Microseconds that the context looks for completions before it sleeps.
    int spin = 0;

    /// Whether the server by hand sends with IORING_OP_SEND_ZC.
    bool zero_copy = false;
};

/// Reads the command line; ends the program where it is wrong, or only asks for help.
server_options parse_server_options(int argc, char* argv[]);

/// Writes the line that says where the server listens; 0 where that isn't a port.
void tell_ready(unsigned port);

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_ECHO_SERVER_OPTIONS_HPP
