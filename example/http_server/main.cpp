// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// An HTTP server for the files of a directory: Boost.Beast, C++20 coroutines and stock Boost.Asio types,
// which asio_uring/drop_in.hpp puts on io_uring.
//
// Run it:  http_server --root example/site
// Then:    open http://127.0.0.1:8080/ and http://127.0.0.1:8080/status
//
// The sockets and timers in these files are boost::asio::ip::tcp::socket and boost::asio::steady_timer. The
// only type that differs from a program on epoll is the context in main().

#include "documents.hpp"
#include "figures.hpp"
#include "options.hpp"
#include "response.hpp"
#include "server.hpp"
#include "status_page.hpp"
#include "threads.hpp"

#include <asio_uring/io_context.hpp>

#include <boost/system/system_error.hpp>

#include <sys/resource.h>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace {

using namespace http_server;

constexpr int usage_exit = 2;

/// The usual limit of 1024 open files is too small for thousands of connections; take what is allowed.
void raise_file_limit()
{
    rlimit limit = {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0)
    {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

/// Tells of an error in one line.
int fail(const std::string& what)
{
    std::cerr << "http_server: " << what << std::endl;
    return EXIT_FAILURE;
}

/// "127.0.0.1:8080", "[::1]:8080"
std::string authority(const boost::asio::ip::address& address, unsigned short port)
{
    const std::string host = address.to_string();
    return (address.is_v6() ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

int serve(const options& options)
{
    raise_file_limit();
    boost::system::error_code error;
    documents files(options.root, error);
    if (error)
    {
        return fail("can't serve " + options.root + ": " + error.message());
    }

    // What connections refer to is made before the context, which ends the last of them.
    figures figures;
    asio_uring::io_context context(static_cast<int>(options.threads));
    const status_page status(context, figures, options.threads);
    responder responder(files, status);
    std::optional<server> server;
    try
    {
        server.emplace(context, options, responder, figures);
    }
    catch (const boost::system::system_error& failure)
    {
        return fail(
            "can't listen on " + authority(options.address, options.port) + ": " + failure.code().message());
    }
    const auto endpoint = server->endpoint();
    std::cout << "Listening on http://" << authority(endpoint.address(), endpoint.port()) << "/\n"
              << "Serving " << files.root() << '\n'
              << "Running on " << context.backend().description << std::endl;
    server->start();
    run_in_threads(context, options.threads);
    return EXIT_SUCCESS;
}

} // namespace

int main(int argc, char** argv)
{
    try
    {
        const auto options = read_command_line(argc, argv);
        return options ? serve(*options) : EXIT_SUCCESS;
    }
    catch (const usage_error& error)
    {
        fail(std::string(error.what()) + " (--help lists the options)");
        return usage_exit;
    }
    catch (const std::exception& error)
    {
        return fail(error.what());
    }
}
