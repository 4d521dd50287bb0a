// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Free memory of handlers: a list of each thread's for each size, and batches of what threads had too much
// of.

#include <asio_uring/detail/handler_memory.hpp>

#include <array>
#include <mutex>
#include <utility>

namespace asio_uring::detail {
namespace {

// Sizes are rounded up to a multiple of this. What is larger than the largest isn't kept.
constexpr std::size_t granularity = 64;
constexpr std::size_t sizes = 4;

// A thread keeps up to two batches of each size, all threads together give away up to this many.
constexpr unsigned batch_length = 128;
constexpr unsigned most_batches = 16;

// Where mistakes with memory are looked for, none may hide them.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool keeps = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool keeps = false;
#else
constexpr bool keeps = true;
#endif
#else
constexpr bool keeps = true;
#endif

struct block
{
    block* next;
    /// Of the first block of a batch that was given away.
    block* next_batch;
};

/// Blocks of one size.
class block_list
{
public:
    unsigned length() const noexcept
    {
        return length_;
    }

    void push(block* b) noexcept
    {
        b->next = first_;
        first_ = b;
        ++length_;
    }

    block* pop() noexcept
    {
        block* const b = first_;
        if (b != nullptr)
        {
            first_ = b->next;
            --length_;
        }
        return b;
    }

    /// Takes the whole list.
    block* release() noexcept
    {
        length_ = 0;
        return std::exchange(first_, nullptr);
    }

    /// Gets a batch. It is empty.
    void adopt(block* batch, unsigned length) noexcept
    {
        first_ = batch;
        length_ = length;
    }

private:
    block* first_ = nullptr;
    unsigned length_ = 0;
};

/// The batches of one size that no thread has.
class batch_store
{
public:
    /// False where there are enough, and where another thread is here: in a child of fork(2) it would stay.
    bool put(block* batch) noexcept
    {
        const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
        if (!lock.owns_lock() || length_ == most_batches)
            return false;
        batch->next_batch = std::exchange(first_, batch);
        ++length_;
        return true;
    }

    /// Null where there is none, and where another thread is here.
    block* take() noexcept
    {
        const std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
        if (!lock.owns_lock())
            return nullptr;
        block* const batch = first_;
        if (batch != nullptr)
        {
            first_ = batch->next_batch;
            --length_;
        }
        return batch;
    }

private:
    std::mutex mutex_;
    block* first_ = nullptr;
    unsigned length_ = 0;
};

batch_store& store_of(std::size_t size_class) noexcept
{
    // Never destroyed: handlers with static storage duration are destroyed late.
    static auto& stores = *new std::array<batch_store, sizes>;
    return stores[size_class];
}

void free_list(block_list& list) noexcept
{
    while (block* const b = list.pop())
        ::operator delete(b);
}

/// What a thread keeps of one size: a list in use, and a full batch or none.
struct kept_blocks
{
    block_list in_use;
    block_list reserve;
};

/// What a thread keeps. Trivially destructible: handlers are freed after the objects of a thread are gone.
struct thread_cache
{
    std::array<kept_blocks, sizes> kept;
    /// How long a list in use may be: 0 before the thread keeps anything, and at its end.
    unsigned longest;
    bool closed;
};

constinit thread_local thread_cache cache{};

/// Closes the cache of a thread that ends.
struct cache_closer
{
    cache_closer() noexcept
    {
        cache.longest = batch_length;
    }

    ~cache_closer()
    {
        cache.longest = 0;
        cache.closed = true;
        for (kept_blocks& kept : cache.kept)
        {
            free_list(kept.in_use);
            free_list(kept.reserve);
        }
    }
};

/// Whether this thread may keep memory.
bool may_keep() noexcept
{
    if (cache.closed || !keeps)
        return false;
    static thread_local const cache_closer closer;
    return true;
}

/// Makes room for one more block of a size. Returns whether there is.
bool make_room(kept_blocks& kept, std::size_t size_class) noexcept
{
    if (!may_keep())
        return false;
    if (kept.in_use.length() != batch_length)
        return true;
    if (kept.reserve.length() != 0)
    {
        block* const batch = kept.reserve.release();
        if (!store_of(size_class).put(batch))
        {
            kept.reserve.adopt(batch, batch_length);
            free_list(kept.reserve);
        }
    }
    std::swap(kept.in_use, kept.reserve);
    return true;
}

/// Gets more blocks of a size where there are any.
void fetch(kept_blocks& kept, std::size_t size_class) noexcept
{
    if (!may_keep())
        return;
    std::swap(kept.in_use, kept.reserve);
    if (kept.in_use.length() == 0)
        if (block* const batch = store_of(size_class).take())
            kept.in_use.adopt(batch, batch_length);
}

// The two that follow are seldom called. Inlined they would make every call save registers.

/// Takes a block where the list in use is empty.
[[gnu::noinline]] void* allocate_elsewhere(kept_blocks& kept, std::size_t size_class)
{
    fetch(kept, size_class);
    if (block* const b = kept.in_use.pop())
        return b;
    return ::operator new((size_class + 1) * granularity);
}

/// Gives a block back where the list in use is full.
[[gnu::noinline]] void free_elsewhere(void* memory, kept_blocks& kept, std::size_t size_class) noexcept
{
    if (make_room(kept, size_class))
        kept.in_use.push(::new (memory) block);
    else
        ::operator delete(memory);
}

/// Beyond all sizes for what is too large, and for nothing.
std::size_t class_of(std::size_t size) noexcept
{
    return (size - 1) / granularity;
}

} // namespace

void* allocate_handler(std::size_t size)
{
    const std::size_t size_class = class_of(size);
    if (size_class >= sizes)
        return ::operator new(size);
    kept_blocks& kept = cache.kept[size_class];
    if (block* const b = kept.in_use.pop())
        return b;
    return allocate_elsewhere(kept, size_class);
}

void free_handler(void* memory, std::size_t size) noexcept
{
    const std::size_t size_class = class_of(size);
    if (size_class >= sizes)
        return ::operator delete(memory);
    kept_blocks& kept = cache.kept[size_class];
    if (kept.in_use.length() >= cache.longest)
        return free_elsewhere(memory, kept, size_class);
    kept.in_use.push(::new (memory) block);
}

} // namespace asio_uring::detail
