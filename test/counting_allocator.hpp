// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// An allocator for handlers that shows when their memory is taken and given back.

#ifndef ASIO_URING_TEST_COUNTING_ALLOCATOR_HPP
#define ASIO_URING_TEST_COUNTING_ALLOCATOR_HPP

#include <cstddef>
#include <memory>

namespace asio_uring::test {

/// Counts what it gives out, and what of that is in use; copies share the counts.
template <typename T>
struct counting_allocator
{
    using value_type = T;

    explicit counting_allocator(int& allocation_count, int& live_count) noexcept
        : allocations(&allocation_count),
          live(&live_count)
    {}

    template <typename U>
    counting_allocator(const counting_allocator<U>& other) noexcept
        : allocations(other.allocations),
          live(other.live)
    {}

    T* allocate(std::size_t n)
    {
        ++*allocations;
        ++*live;
        return std::allocator<T>().allocate(n);
    }

    void deallocate(T* p, std::size_t n) noexcept
    {
        --*live;
        std::allocator<T>().deallocate(p, n);
    }

    template <typename U>
    bool operator==(const counting_allocator<U>& other) const noexcept
    {
        return live == other.live;
    }

    template <typename U>
    bool operator!=(const counting_allocator<U>& other) const noexcept
    {
        return !(*this == other);
    }

    int* allocations;
    int* live;
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_COUNTING_ALLOCATOR_HPP
