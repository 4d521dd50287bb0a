// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What it costs to make a context, and to get the first byte through a new one. An item is a context.

#include "../contender.hpp"
#include "hint.hpp"

#include <array>
#include <benchmark/benchmark.h>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/connect_pair.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <cstddef>
#include <cstdint>

namespace {

namespace asio = boost::asio;
using asio_uring::bench::hint_of_one_thread;
using boost::system::error_code;
using context_type = asio_uring::bench::contender_context;
using socket_type = asio::basic_stream_socket<asio::local::stream_protocol, context_type::executor_type>;

void make_a_context(benchmark::State& state)
{
    for (auto _ : state)
    {
        context_type context(hint_of_one_thread());
        benchmark::DoNotOptimize(&context);
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(make_a_context);

void first_handler(benchmark::State& state)
{
    int called = 0;
    for (auto _ : state)
    {
        context_type context(hint_of_one_thread());
        asio::post(context, [&called] { ++called; });
        context.run();
    }
    if (called != state.iterations())
        state.SkipWithError("a handler was not called");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(first_handler);

// A context, two sockets that are connected, and a byte from one to the other.
void first_byte(benchmark::State& state)
{
    const std::array<char, 1> out{'x'};
    std::int64_t arrived = 0;
    for (auto _ : state)
    {
        context_type context(hint_of_one_thread());
        socket_type a(context);
        socket_type b(context);
        asio::local::connect_pair(a, b);
        std::array<char, 1> in{};
        asio::async_read(b, asio::buffer(in), [](error_code, std::size_t) {});
        asio::async_write(a, asio::buffer(out), [](error_code, std::size_t) {});
        context.run();
        arrived += in == out;
    }
    if (arrived != state.iterations())
        state.SkipWithError("a byte did not arrive");
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(first_byte);

} // namespace
