// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The active timers of a loop, ordered by deadline.

#ifndef ASIO_URING_DETAIL_TIMER_HEAP_HPP
#define ASIO_URING_DETAIL_TIMER_HEAP_HPP

#include <chrono>
#include <cstddef>
#include <vector>

namespace asio_uring {

class completion;

namespace detail {

/// A heap of which every node has four children that share a cache line. Each timer knows its place in it, so
/// that any timer can be removed or moved. Adding allocates only where the heap grows beyond its largest size
/// so far.
class timer_heap
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    bool empty() const noexcept
    {
        return end_ == root;
    }

    std::size_t size() const noexcept
    {
        return end_ - root;
    }

    /// The earliest deadline. The heap may not be empty.
    time_point earliest() const noexcept;

    /// Adds a timer. Throws std::bad_alloc, without effect, where memory has run out.
    void push(completion& timer, time_point deadline);

    /// Takes out the timer with the earliest deadline. The heap may not be empty.
    completion& pop() noexcept;

    /// Takes out a timer that is in the heap.
    void remove(completion& timer) noexcept;

    /// Gives a timer that is in the heap another deadline.
    void update(completion& timer, time_point deadline) noexcept;

    /// Puts `to` in the place of `from`, which is in the heap.
    void replace(completion& from, completion& to) noexcept;

private:
    struct entry
    {
        time_point deadline;
        completion* timer;
    };

    struct alignas(64) cache_line
    {
        entry entries[4];
    };

    // The root is the fourth entry of the first line, so that the children of any node fill one line.
    static constexpr std::size_t root = 3;

    static constexpr std::size_t parent(std::size_t index) noexcept
    {
        return index / 4 + 2;
    }

    static constexpr std::size_t first_child(std::size_t index) noexcept
    {
        return 4 * (index - 2);
    }

    entry& at(std::size_t index) noexcept
    {
        return lines_[index / 4].entries[index % 4];
    }

    const entry& at(std::size_t index) const noexcept
    {
        return lines_[index / 4].entries[index % 4];
    }

    void put(std::size_t index, const entry& e) noexcept;
    void sift_up(std::size_t index, const entry& e) noexcept;
    void sift_down(std::size_t index, const entry& e) noexcept;
    void sift(std::size_t index, const entry& e) noexcept;
    void erase(std::size_t index) noexcept;

    std::vector<cache_line> lines_;
    std::size_t end_ = root;
};

} // namespace detail
} // namespace asio_uring

#endif // ASIO_URING_DETAIL_TIMER_HEAP_HPP
