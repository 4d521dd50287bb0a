// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Memory for handlers that wait to be called.

#ifndef ASIO_URING_DETAIL_HANDLER_MEMORY_HPP
#define ASIO_URING_DETAIL_HANDLER_MEMORY_HPP

#include <cstddef>
#include <memory>
#include <new>

namespace asio_uring::detail {

/// Memory of at least this size, aligned for any type that isn't over-aligned. A thread keeps some of what it
/// gave back and takes it again; what it has too much of goes to other threads by the batch.
///
/// @throws std::bad_alloc
[[nodiscard]] void* allocate_handler(std::size_t size);

/// Takes memory back, on any thread; `size` as it was asked for.
void free_handler(void* memory, std::size_t size) noexcept;

/// The allocator of handlers that come with no allocator of their own.
template <typename T>
class handler_allocator
{
public:
    using value_type = T;

    handler_allocator() noexcept = default;

    template <typename Other>
    handler_allocator(const handler_allocator<Other>&) noexcept
    {}

    T* allocate(std::size_t n)
    {
        if constexpr (is_over_aligned)
            return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t(alignof(T))));
        else
            return static_cast<T*>(allocate_handler(n * sizeof(T)));
    }

    void deallocate(T* memory, [[maybe_unused]] std::size_t n) noexcept
    {
        if constexpr (is_over_aligned)
            ::operator delete(memory, std::align_val_t(alignof(T)));
        else
            free_handler(memory, n * sizeof(T));
    }

    friend bool operator==(const handler_allocator&, const handler_allocator&) noexcept
    {
        return true;
    }

    friend bool operator!=(const handler_allocator&, const handler_allocator&) noexcept
    {
        return false;
    }

private:
    static constexpr bool is_over_aligned = alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__;
};

/// Only to be rebound.
template <>
class handler_allocator<void>
{
public:
    using value_type = void;

    template <typename Other>
    struct rebind
    {
        using other = handler_allocator<Other>;
    };

    handler_allocator() noexcept = default;

    template <typename Other>
    explicit handler_allocator(const std::allocator<Other>&) noexcept
    {}
};

/// What takes the place of an allocator of the standard library's.
template <typename Allocator>
struct handler_allocator_for
{
    using type = Allocator;
};

template <typename T>
struct handler_allocator_for<std::allocator<T>>
{
    using type = handler_allocator<void>;
};

template <typename Allocator>
using allocator_of_handlers = typename handler_allocator_for<Allocator>::type;

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_HANDLER_MEMORY_HPP
