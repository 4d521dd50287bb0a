// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the memory of handlers in a child of a process with threads.

#include <asio_uring/detail/handler_memory.hpp>

#include "child_process.hpp"

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <thread>
#include <vector>

namespace {

using asio_uring::detail::allocate_handler;
using asio_uring::detail::free_handler;

// More than a thread keeps, so that it exchanges memory with others.
void take_and_free_many()
{
    constexpr std::size_t size = 64;
    std::array<void*, 500> many{};
    for (void*& memory : many)
        memory = allocate_handler(size);
    for (void* const memory : many)
        free_handler(memory, size);
}

} // namespace

BOOST_AUTO_TEST_SUITE(handler_memory)

// Other threads may be in the middle of an exchange when a process forks.
BOOST_AUTO_TEST_CASE(a_child_of_a_fork_has_it)
{
    std::atomic<bool> over{false};
    std::vector<std::thread> threads;
    for (int t = 0; t != 2; ++t)
        threads.emplace_back(
            [&over]
            {
                while (!over)
                    take_and_free_many();
            });
    for (int i = 0; i != 1000; ++i)
        BOOST_TEST(asio_uring::test::in_a_child(
                       []
                       {
                           take_and_free_many();
                           return 0;
                       }) == 0);
    over = true;
    for (std::thread& thread : threads)
        thread.join();
}

BOOST_AUTO_TEST_SUITE_END()
