// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Puts load on one server for a while, and writes what came of it, and what the server used up, as JSON.

#include "../file_limit.hpp"
#include "generator.hpp"
#include "process_figures.hpp"

#include <boost/program_options.hpp>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

namespace {

using namespace asio_uring::bench;

struct options
{
    load_options load;
    pid_t server = 0;
    std::size_t size = 0;
    std::string message;
    std::string answer;
    std::string counts;
    bool system_calls = false;
    double warm_up = 0.3;
    double seconds = 1;
};

std::string pattern(std::size_t size)
{
    std::string result(size, 0);
    for (std::size_t i = 0; i < size; ++i)
        result[i] = static_cast<char>(i * 7 + 1);
    return result;
}

std::string content_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::string result(std::istreambuf_iterator<char>(file), {});
    if (result.empty())
        throw std::runtime_error("can't read " + path);
    return result;
}

options parse(int argc, char* argv[])
{
    namespace po = boost::program_options;
    options o;
    po::options_description description("Puts load on a server. Options");
    // clang-format off
    description.add_options()
        ("help", "show this")
        ("protocol", po::value(&o.load.protocol)->default_value("tcp"), "tcp, unix or udp")
        ("port", po::value(&o.load.port), "the server's port on 127.0.0.1")
        ("path", po::value(&o.load.path), "the server's unix socket")
        ("connections", po::value(&o.load.connections)->default_value(64), "connections that talk")
        ("idle", po::value(&o.load.idle)->default_value(0), "connections that don't")
        ("size", po::value(&o.size)->default_value(64), "bytes of a message to an echo server")
        ("message", po::value(&o.message), "a file with the message to a server that is no echo server")
        ("answer", po::value(&o.answer), "a file with its answer")
        ("answer-head", po::value(&o.load.answer_head)->default_value(0), "bytes of the answer that may differ")
        ("in-flight", po::value(&o.load.in_flight)->default_value(1), "messages of a connection at a time")
        ("connect-for-each", po::bool_switch(&o.load.connect_for_each), "one message a connection")
        ("server", po::value(&o.server)->required(), "the server's process")
        ("counts", po::value(&o.counts), "the server's file of counts")
        ("system-calls", po::bool_switch(&o.system_calls), "count the server's system calls, which slows it")
        ("warm-up", po::value(&o.warm_up)->default_value(o.warm_up), "seconds before the measurement")
        ("seconds", po::value(&o.seconds)->default_value(o.seconds), "seconds that are measured");
    // clang-format on
    po::variables_map values;
    po::store(po::parse_command_line(argc, argv, description), values);
    if (values.count("help") != 0)
    {
        std::cout << description;
        std::exit(EXIT_SUCCESS);
    }
    po::notify(values);
    o.load.message = o.message.empty() ? pattern(o.size) : content_of(o.message);
    o.load.answer = o.answer.empty() ? o.load.message : content_of(o.answer);
    return o;
}

template <typename Number>
void write(const char* name, const std::optional<Number>& number)
{
    std::cout << ", \"" << name << "\": ";
    if (number)
        std::cout << *number;
    else
        std::cout << "null";
}

std::optional<std::uint64_t> difference(
    const std::optional<std::uint64_t>& after, const std::optional<std::uint64_t>& before)
{
    if (after && before)
        return *after - *before;
    return std::nullopt;
}

load_generator::clock::time_point in(double seconds)
{
    return load_generator::clock::now() + std::chrono::duration_cast<load_generator::clock::duration>(
                                              std::chrono::duration<double>(seconds));
}

void run(const options& o)
{
    raise_file_limit();
    const process_observer server(o.server, o.counts, o.system_calls);
    const process_figures empty = server.now();
    load_generator load(o.load);
    load.run_until(in(o.warm_up));
    load.reset();

    const auto started = load_generator::clock::now();
    const process_figures before = server.now();
    load.run_until(in(o.seconds));
    const process_figures after = server.now();
    const std::chrono::duration<double> elapsed = load_generator::clock::now() - started;

    std::cout << "{\"operations\": " << load.messages() << ", \"seconds\": " << elapsed.count();
    std::cout << ", \"cpu_ns\": " << after.cpu - before.cpu
              << ", \"resident\": " << before.resident - empty.resident;
    write("system_calls", difference(after.system_calls, before.system_calls));
    write("allocations", difference(after.allocations, before.allocations));
    for (const auto& [name, part] :
        {std::pair("p50_ns", 0.5), std::pair("p99_ns", 0.99), std::pair("p999_ns", 0.999)})
        write(name, std::optional(load.percentile(part)));
    std::cout << "}\n";
}

} // namespace

int main(int argc, char* argv[])
{
    try
    {
        run(parse(argc, argv));
    }
    catch (const std::exception& error)
    {
        std::cerr << "load: " << error.what() << '\n';
        return EXIT_FAILURE;
    }
}
