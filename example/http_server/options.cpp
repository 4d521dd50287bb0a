// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Reads the command line with Boost.Program_options; numbers are checked here, because a lexical cast takes
// -1 for 65535.

#include "options.hpp"

#include <boost/program_options.hpp>

#include <charconv>
#include <iostream>

namespace http_server {

namespace {

namespace po = boost::program_options;

constexpr unsigned max_port = 65535;
constexpr unsigned max_threads = 256;
constexpr unsigned max_timeout = 24 * 60 * 60; // seconds

/// The value of an option as a number from `least` to `most`.
unsigned number(const po::variables_map& values, const char* name, unsigned least, unsigned most)
{
    const std::string& text = values[name].as<std::string>();
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < least || value > most)
    {
        throw usage_error("--" + std::string(name) + ": '" + text + "' is not a number from " +
                          std::to_string(least) + " to " + std::to_string(most));
    }
    return value;
}

boost::asio::ip::address address(const std::string& text)
{
    boost::system::error_code error;
    const auto result = boost::asio::ip::make_address(text, error);
    if (error)
    {
        throw usage_error("--address: '" + text + "' is not an IPv4 or IPv6 address");
    }
    return result;
}

po::options_description describe()
{
    po::options_description description("Serves the files of a directory over HTTP.\n\nUsage: http_server "
                                        "[options]");
    const auto text = [](const char* initial)
    { return po::value<std::string>()->default_value(initial)->value_name("arg"); };
    description.add_options()                                                                           //
        ("address", text("127.0.0.1"), "the IPv4 or IPv6 address to listen on")                         //
        ("port", text("8080"), "the port to listen on; 0 takes any free one")                           //
        ("threads", text("1"), "how many threads run the io_context")                                   //
        ("root", text("."), "the directory to serve")                                                   //
        ("header-timeout", text("30"), "seconds that a request may take to arrive")                     //
        ("idle-timeout", text("30"), "seconds that a connection may be idle, or its peer take no data") //
        ("help", "print this text and exit");
    return description;
}

} // namespace

std::optional<options> read_command_line(int argc, const char* const* argv)
{
    const po::options_description description = describe();
    po::variables_map values;
    try
    {
        // Without guessing "--por" is an error, and a new option never changes what an old script means. No
        // positional argument has a meaning, so each is an error too.
        const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
        const po::positional_options_description none;
        po::store(
            po::command_line_parser(argc, argv).options(description).positional(none).style(style).run(),
            values);
    }
    catch (const po::error& error)
    {
        throw usage_error(error.what());
    }
    if (values.count("help") != 0)
    {
        std::cout << description << std::flush;
        return std::nullopt;
    }

    options result;
    result.address = address(values["address"].as<std::string>());
    result.port = static_cast<unsigned short>(number(values, "port", 0, max_port));
    result.threads = number(values, "threads", 1, max_threads);
    result.root = values["root"].as<std::string>();
    result.header_timeout = std::chrono::seconds(number(values, "header-timeout", 1, max_timeout));
    result.idle_timeout = std::chrono::seconds(number(values, "idle-timeout", 1, max_timeout));
    return result;
}

} // namespace http_server
