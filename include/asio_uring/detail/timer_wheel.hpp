// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The active timers of a loop, ordered as far as somebody needs it.

#ifndef ASIO_URING_DETAIL_TIMER_WHEEL_HPP
#define ASIO_URING_DETAIL_TIMER_WHEEL_HPP

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace asio_uring {

class completion;

namespace detail {

/// A hierarchical timing wheel (Varghese and Lauck, 1987): far timers are in coarse buckets without an order,
/// and are put into finer ones as their time comes near. Those that are due are sorted, so that timers expire
/// in the order of their deadlines, to the nanosecond.
///
/// To add, remove or move a timer takes constant time, and touches no other timer's memory: what is known of
/// a timer is in a slot of a dense table, whose number the timer knows. To move a timer to a later time only
/// notes that time; the timer is put where it belongs when the time of its old bucket comes.
///
/// Only push() and update() allocate, where the table grows beyond its largest size so far; each of its other
/// arrays then has room for all timers.
class timer_wheel
{
public:
    using time_point = std::chrono::steady_clock::time_point;

    timer_wheel() noexcept;

    bool empty() const noexcept
    {
        return size_ == 0;
    }

    std::size_t size() const noexcept
    {
        return size_;
    }

    /// Adds a timer. Throws std::bad_alloc, without effect, where memory has run out.
    void push(completion& timer, time_point deadline);

    /// Takes out a timer that is in the wheel.
    void remove(completion& timer) noexcept;

    /// Gives a timer that is in the wheel another deadline. Throws std::bad_alloc, without effect, where
    /// memory has run out.
    void update(completion& timer, time_point deadline);

    /// Puts `to` in the place of `from`, which is in the wheel.
    void replace(completion& from, completion& to) noexcept;

    /// A time before which no timer is due: the earliest deadline, or, where the next timers are many or far,
    /// one that is earlier. The largest time where the wheel is empty.
    time_point next_event() const noexcept
    {
        return next_event_;
    }

    /// Takes out the timer with the earliest deadline where that is at `now` or before; null where there is
    /// none. The time may not go backwards.
    completion* pop_due(time_point now) noexcept;

    /// Takes out any timer. The wheel may not be empty.
    completion& pop_any() noexcept;

private:
    using slot_index = std::uint32_t;

    struct slot
    {
        /// Null where the timer was taken out of due_ or late_, which still have an entry for it.
        completion* timer;
        time_point deadline;
        /// In a list of a bucket, or of free slots.
        slot_index next;
        /// The slot before this one in its bucket's list, or the bucket, or that the slot is in due_ or
        /// late_.
        slot_index previous;
    };

    struct entry
    {
        time_point deadline;
        slot_index index;

        // For the standard library's heaps, whose first element is the greatest.
        bool operator<(const entry& other) const noexcept
        {
            return deadline < other.deadline;
        }

        bool operator>(const entry& other) const noexcept
        {
            return other < *this;
        }
    };

    // Time is counted in ticks of 2^16 ns. A level tells apart 256 values of one byte of a tick: six of them
    // are as many ticks as there are.
    static constexpr unsigned tick_bits = 16;
    static constexpr unsigned level_bits = 8;
    static constexpr unsigned levels = 6;
    static constexpr unsigned buckets = 1 << level_bits;

    static constexpr slot_index none = ~slot_index(0);
    /// The bit of slot::previous that says that the rest is the number of a bucket.
    static constexpr slot_index first_of = slot_index(1) << 31;
    /// The value of slot::previous in due_ or late_.
    static constexpr slot_index ordered = none;

    static std::uint64_t tick_of(time_point time) noexcept;

    unsigned bucket_of(time_point deadline) const noexcept;
    time_point begin_of(unsigned bucket) const noexcept;
    unsigned next_used(unsigned level, unsigned first) const noexcept;

    slot_index take_slot();
    void free_slot(slot_index index) noexcept;
    void place(slot_index index) noexcept;
    void link(slot_index index, unsigned bucket) noexcept;
    void unlink(slot_index index) noexcept;
    void add_late(slot_index index) noexcept;
    slot_index pop_late() noexcept;
    void fetch_due() const noexcept;
    void advance(time_point now) noexcept;
    void sort_due() noexcept;
    void release(unsigned level, unsigned first, unsigned end) noexcept;
    bool any_in_order() const noexcept;
    void drop_removed() noexcept;
    void find_next_event() noexcept;
    time_point next_in_buckets() noexcept;

    std::vector<slot> slots_;
    slot_index free_ = none;
    std::size_t size_ = 0;

    /// Of each bucket, the first slot of its list.
    std::array<slot_index, levels * buckets> first_;
    /// Of each level, which buckets have a list.
    std::array<std::array<std::uint64_t, buckets / 64>, levels> used_{};
    /// All timers of this tick or earlier ones are in due_ or late_, all others in buckets.
    std::uint64_t tick_ = 0;

    /// What came out of buckets, sorted; those before next_due_ are gone.
    std::vector<entry> due_;
    std::size_t next_due_ = 0;
    /// A heap of what was added when its tick had come.
    std::vector<entry> late_;

    time_point next_event_ = time_point::max();
};

} // namespace detail
} // namespace asio_uring

#endif // ASIO_URING_DETAIL_TIMER_WHEEL_HPP
