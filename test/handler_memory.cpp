// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests the memory of handlers: whose it is, and that it is used again.

#include <asio_uring/detail/handler_memory.hpp>

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <cstring>
#include <thread>
#include <utility>
#include <vector>

namespace {

using asio_uring::detail::allocate_handler;
using asio_uring::detail::free_handler;
using asio_uring::detail::handler_allocator;

// Blocks of many sizes, each filled with a byte of its own.
class blocks
{
public:
    explicit blocks(std::size_t count)
    {
        for (std::size_t i = 0; i != count; ++i)
        {
            const std::size_t size = i % 300;
            void* const memory = allocate_handler(size);
            std::memset(memory, static_cast<int>(i % 256), size);
            blocks_.emplace_back(memory, size);
        }
    }

    // Frees all. Returns whether each still had its bytes.
    bool free_all()
    {
        bool intact = true;
        for (std::size_t i = 0; i != blocks_.size(); ++i)
        {
            const auto [memory, size] = blocks_[i];
            const auto* const bytes = static_cast<const unsigned char*>(memory);
            for (std::size_t k = 0; k != size; ++k)
                intact = intact && bytes[k] == i % 256;
            free_handler(memory, size);
        }
        blocks_.clear();
        return intact;
    }

private:
    std::vector<std::pair<void*, std::size_t>> blocks_;
};

// An object that frees handlers after the thread has closed what it keeps.
struct late
{
    ~late()
    {
        free_handler(memory, 64);
        free_handler(allocate_handler(64), 64);
    }

    void* memory = nullptr;
};

} // namespace

BOOST_AUTO_TEST_SUITE(handler_memory)

BOOST_AUTO_TEST_CASE(no_two_handlers_share_it)
{
    for (int round = 0; round != 3; ++round)
    {
        blocks many(5000);
        BOOST_TEST(many.free_all());
    }
}

BOOST_AUTO_TEST_CASE(it_goes_from_thread_to_thread)
{
    for (int round = 0; round != 5; ++round)
    {
        blocks many(3000);
        bool intact = false;
        std::thread([&] { intact = many.free_all(); }).join();
        BOOST_TEST(intact);
    }
}

BOOST_AUTO_TEST_CASE(threads_take_and_free_at_a_time)
{
    std::vector<std::thread> threads;
    std::vector<char> intact(4);
    for (std::size_t t = 0; t != intact.size(); ++t)
        threads.emplace_back(
            [&intact, t]
            {
                bool good = true;
                for (std::size_t round = 0; round != 20; ++round)
                    good = blocks(200 * (round + 1)).free_all() && good;
                intact[t] = good;
            });
    for (std::thread& thread : threads)
        thread.join();
    for (const char good : intact)
        BOOST_TEST(good);
}

BOOST_AUTO_TEST_CASE(it_may_be_freed_when_a_thread_is_nearly_over)
{
    std::thread(
        []
        {
            static thread_local late object;
            object.memory = allocate_handler(64);
        })
        .join();
}

BOOST_AUTO_TEST_CASE(what_is_over_aligned_is_aligned)
{
    struct alignas(256) wide
    {
        char c;
    };
    handler_allocator<wide> allocator;
    wide* const p = allocator.allocate(3);
    BOOST_TEST(reinterpret_cast<std::uintptr_t>(p) % alignof(wide) == 0U);
    allocator.deallocate(p, 3);
}

BOOST_AUTO_TEST_SUITE_END()
