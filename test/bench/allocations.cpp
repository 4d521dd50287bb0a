// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

#include "allocations.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

namespace {

using asio_uring::bench::shared_counts;

shared_counts* map_counts() noexcept
{
    const char* const path = std::getenv("ASIO_URING_BENCH_COUNTS");
    const int file = path != nullptr ? open(path, O_RDWR | O_CLOEXEC) : -1;
    const int flags = file >= 0 ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
    void* const memory = mmap(nullptr, sizeof(shared_counts), PROT_READ | PROT_WRITE, flags, file, 0);
    if (file >= 0)
        close(file);
    if (memory == MAP_FAILED)
        std::abort();
    return static_cast<shared_counts*>(memory);
}

void* counted_allocation(std::size_t size)
{
    // Only the running thread's own count would be cheaper; one relaxed addition is the same for all
    // contenders.
    asio_uring::bench::counts().allocations.fetch_add(1, std::memory_order_relaxed);
    if (void* const memory = std::malloc(size != 0 ? size : 1))
        return memory;
    throw std::bad_alloc();
}

} // namespace

asio_uring::bench::shared_counts& asio_uring::bench::counts() noexcept
{
    static shared_counts& mapped = *map_counts();
    return mapped;
}

void* operator new(std::size_t size)
{
    return counted_allocation(size);
}

void* operator new[](std::size_t size)
{
    return counted_allocation(size);
}

void operator delete(void* memory) noexcept
{
    std::free(memory);
}

void operator delete[](void* memory) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete[](void* memory, std::size_t) noexcept
{
    std::free(memory);
}
