// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests where the memory of an io_context's handlers comes from.

#include <asio_uring/io_context.hpp>

#include <counting_allocator.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/test/unit_test.hpp>
#include <cstddef>

namespace {

namespace asio = boost::asio;
using asio_uring::io_context;
using asio_uring::test::counting_allocator;

// Asio's own allocator of handlers, and where it put the last one.
template <typename T>
struct looking_allocator
{
    using value_type = T;

    explicit looking_allocator(void*& last_place) noexcept : place(&last_place) {}

    template <typename U>
    looking_allocator(const looking_allocator<U>& other) noexcept : place(other.place)
    {}

    T* allocate(std::size_t n)
    {
        T* const p = asio::recycling_allocator<T>().allocate(n);
        *place = p;
        return p;
    }

    void deallocate(T* p, std::size_t n) noexcept
    {
        asio::recycling_allocator<T>().deallocate(p, n);
    }

    template <typename U>
    bool operator==(const looking_allocator<U>& other) const noexcept
    {
        return place == other.place;
    }

    template <typename U>
    bool operator!=(const looking_allocator<U>& other) const noexcept
    {
        return !(*this == other);
    }

    void** place;
};

} // namespace

BOOST_AUTO_TEST_SUITE(the_io_context_memory)

BOOST_AUTO_TEST_CASE(a_handlers_memory_comes_from_its_allocator_and_is_free_when_it_is_called)
{
    io_context context;
    int allocations = 0;
    int live = 0;
    const counting_allocator<void> allocator(allocations, live);
    asio::post(context, asio::bind_allocator(allocator, [&] { BOOST_TEST(live == 0); }));
    BOOST_TEST(allocations == 1);
    BOOST_TEST(live == 1);
    BOOST_TEST(context.run() == 1U);
}

BOOST_AUTO_TEST_CASE(a_handler_that_is_never_called_gives_its_memory_back)
{
    int allocations = 0;
    int live = 0;
    {
        io_context context;
        asio::post(context, asio::bind_allocator(counting_allocator<void>(allocations, live), [] {}));
        BOOST_TEST(live == 1);
    }
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE(a_required_allocator_gives_the_memory_of_what_is_executed)
{
    io_context context;
    int allocations = 0;
    int live = 0;
    const counting_allocator<void> allocator(allocations, live);
    asio::require(context.get_executor(), asio::execution::allocator(allocator))
        .execute([&] { BOOST_TEST(live == 0); });
    BOOST_TEST(allocations == 1);
    BOOST_TEST(live == 1);
    BOOST_TEST(context.run() == 1U);
    BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE(a_handler_posted_by_a_handler_gets_the_memory_that_became_free)
{
    io_context context;
    void* first = nullptr;
    void* second = nullptr;
    asio::post(context,
        [&]
        {
            asio::post(context,
                asio::bind_allocator(looking_allocator<void>(first), [&]
                    { asio::post(context, asio::bind_allocator(looking_allocator<void>(second), [] {})); }));
        });
    context.run();
    BOOST_TEST(first != nullptr);
    BOOST_TEST(first == second);
}

BOOST_AUTO_TEST_SUITE_END()
