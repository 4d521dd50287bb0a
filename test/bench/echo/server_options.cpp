// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

#include "server_options.hpp"

#include "../allocations.hpp"
#include "../file_limit.hpp"

#include <boost/program_options.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace asio_uring::bench {
namespace {

server_protocol protocol_of(const std::string& name)
{
    if (name == "tcp")
        return server_protocol::tcp;
    if (name == "unix")
        return server_protocol::unix_stream;
    if (name == "udp")
        return server_protocol::udp;
    throw boost::program_options::invalid_option_value(name);
}

server_form form_of(const std::string& name)
{
    if (name == "static")
        return server_form::static_executor;
    if (name == "any")
        return server_form::any_executor;
    if (name == "coroutine")
        return server_form::coroutine;
    throw boost::program_options::invalid_option_value(name);
}

} // namespace

server_options parse_server_options(int argc, char* argv[])
{
    namespace po = boost::program_options;
    server_options options;
    std::string protocol;
    std::string form;
    po::options_description description("An echo server. Options");
    // clang-format off
    description.add_options()
        ("help", "show this")
        ("protocol", po::value(&protocol)->default_value("tcp"), "tcp, unix or udp")
        ("form", po::value(&form)->default_value("static"), "static, any or coroutine")
        ("path", po::value(&options.path), "where a unix socket listens")
        ("buffer", po::value(&options.buffer)->default_value(options.buffer), "bytes received at most at a time")
        ("whole-messages", po::bool_switch(&options.whole_messages), "receive until the buffer is full")
        ("one-message", po::bool_switch(&options.one_message), "close after the first answer")
        ("hint", po::value(&options.hint)->default_value(options.hint), "concurrency hint")
        ("threads", po::value(&options.threads)->default_value(options.threads), "threads that run the context")
        ("spin", po::value(&options.spin)->default_value(options.spin), "microseconds to look before a sleep")
        ("zero-copy", po::bool_switch(&options.zero_copy), "send without a copy, by hand only");
    // clang-format on
    try
    {
        po::variables_map values;
        po::store(po::parse_command_line(argc, argv, description), values);
        po::notify(values);
        if (values.count("help") != 0)
        {
            std::cout << description;
            std::exit(EXIT_SUCCESS);
        }
        options.protocol = protocol_of(protocol);
        options.form = form_of(form);
    }
    catch (const std::exception& error)
    {
        std::cerr << error.what() << '\n' << description;
        std::exit(EXIT_FAILURE);
    }

    std::signal(SIGPIPE, SIG_IGN);
    raise_file_limit();
    counts();
    return options;
}

void tell_ready(unsigned port)
{
    std::cout << "ready " << port << std::endl;
}

} // namespace asio_uring::bench
