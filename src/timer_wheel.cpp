// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// How timers go through the wheel.

#include <asio_uring/completion.hpp>
#include <asio_uring/detail/assert.hpp>
#include <asio_uring/detail/timer_wheel.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <new>
#include <numeric>

namespace asio_uring::detail {

timer_wheel::timer_wheel() noexcept
{
    first_.fill(none);
}

void timer_wheel::push(completion& timer, time_point deadline)
{
    const slot_index index = take_slot();
    timer.timer_slot_ = index;
    slots_[index].timer = &timer;
    slots_[index].deadline = deadline;
    place(index);
    ++size_;
    next_event_ = std::min(next_event_, deadline);
}

void timer_wheel::remove(completion& timer) noexcept
{
    const slot_index index = timer.timer_slot_;
    slot& s = slots_[index];
    ASIO_URING_ASSERT(s.timer == &timer);
    const bool was_next = s.deadline == next_event_;
    --size_;
    if (s.previous == ordered)
    {
        s.timer = nullptr;
    }
    else
    {
        unlink(index);
        free_slot(index);
    }
    if (was_next)
        find_next_event();
}

void timer_wheel::update(completion& timer, time_point deadline)
{
    const slot_index index = timer.timer_slot_;
    slot& s = slots_[index];
    ASIO_URING_ASSERT(s.timer == &timer);
    const bool was_next = s.deadline == next_event_;
    if (s.previous == ordered)
    {
        // Its entry stays where it is.
        const slot_index other = take_slot();
        timer.timer_slot_ = other;
        slots_[index].timer = nullptr;
        slots_[other].timer = &timer;
        slots_[other].deadline = deadline;
        place(other);
    }
    else if (deadline < s.deadline)
    {
        unlink(index);
        s.deadline = deadline;
        place(index);
    }
    else
    {
        s.deadline = deadline;
    }
    if (was_next)
        find_next_event();
    else
        next_event_ = std::min(next_event_, deadline);
}

void timer_wheel::replace(completion& from, completion& to) noexcept
{
    ASIO_URING_ASSERT(slots_[from.timer_slot_].timer == &from);
    to.timer_slot_ = from.timer_slot_;
    slots_[to.timer_slot_].timer = &to;
}

completion* timer_wheel::pop_due(time_point now) noexcept
{
    if (empty() || next_event_ > now)
        return nullptr;
    if (!any_in_order())
    {
        advance(now);
        find_next_event();
        if (next_event_ > now)
            return nullptr;
    }

    const bool is_due = next_due_ != due_.size() && due_[next_due_].deadline == next_event_;
    if (is_due)
        fetch_due();
    const slot_index index = is_due ? due_[next_due_++].index : pop_late();
    completion& timer = *slots_[index].timer;
    free_slot(index);
    --size_;
    find_next_event();
    return &timer;
}

completion& timer_wheel::pop_any() noexcept
{
    ASIO_URING_ASSERT(!empty());
    // Whatever the time is: all timers are due at the end of it.
    completion* timer = nullptr;
    while (timer == nullptr)
        timer = pop_due(time_point::max());
    return *timer;
}

/// What is before the beginning of the clock is due like that.
std::uint64_t timer_wheel::tick_of(time_point time) noexcept
{
    const auto since = std::chrono::nanoseconds(time.time_since_epoch()).count();
    return static_cast<std::uint64_t>(std::max<std::int64_t>(since, 0)) >> tick_bits;
}

timer_wheel::slot_index timer_wheel::take_slot()
{
    if (free_ == none)
    {
        if (slots_.size() == first_of - 1)
            throw std::bad_alloc();
        if (slots_.size() == slots_.capacity())
        {
            // Each slot has at most one entry in one of them.
            const std::size_t capacity = std::max<std::size_t>(64, 2 * slots_.size());
            due_.reserve(capacity);
            late_.reserve(capacity);
            slots_.reserve(capacity);
        }
        slots_.push_back({});
        return static_cast<slot_index>(slots_.size() - 1);
    }
    const slot_index index = free_;
    free_ = slots_[index].next;
    return index;
}

void timer_wheel::free_slot(slot_index index) noexcept
{
    slots_[index].timer = nullptr;
    slots_[index].next = free_;
    free_ = index;
}

/// Puts a slot that is nowhere where its deadline belongs.
void timer_wheel::place(slot_index index) noexcept
{
    const time_point deadline = slots_[index].deadline;
    if (tick_of(deadline) <= tick_)
        add_late(index);
    else
        link(index, bucket_of(deadline));
}

void timer_wheel::link(slot_index index, unsigned bucket) noexcept
{
    const slot_index next = first_[bucket];
    slots_[index].next = next;
    slots_[index].previous = first_of | bucket;
    if (next != none)
        slots_[next].previous = index;
    else
        used_[bucket / buckets][bucket % buckets / 64] |= std::uint64_t(1) << bucket % 64;
    first_[bucket] = index;
}

void timer_wheel::unlink(slot_index index) noexcept
{
    const slot& s = slots_[index];
    if (s.next != none)
        slots_[s.next].previous = s.previous;
    if ((s.previous & first_of) == 0)
    {
        slots_[s.previous].next = s.next;
        return;
    }
    const unsigned bucket = s.previous & ~first_of;
    first_[bucket] = s.next;
    if (s.next == none)
        used_[bucket / buckets][bucket % buckets / 64] &= ~(std::uint64_t(1) << bucket % 64);
}

void timer_wheel::add_late(slot_index index) noexcept
{
    slots_[index].previous = ordered;
    late_.push_back({slots_[index].deadline, index});
    std::push_heap(late_.begin(), late_.end(), std::greater<>());
}

/// Lets the time be that of `now`. Nothing may be in order.
void timer_wheel::advance(time_point now) noexcept
{
    ASIO_URING_ASSERT(!any_in_order());
    const std::uint64_t before = tick_;
    const std::uint64_t tick = tick_of(now);
    if (tick <= before)
        return;
    tick_ = tick;
    due_.clear();
    next_due_ = 0;
    for (unsigned level = 0; level != levels; ++level)
    {
        const std::uint64_t from = before >> (level * level_bits);
        const std::uint64_t to = tick >> (level * level_bits);
        if (from == to)
            break;
        // Where a level comes to its end, all that is in it is past; what follows is in the levels above.
        const bool ends = from / buckets != to / buckets;
        release(level, static_cast<unsigned>(from % buckets) + 1,
            ends ? buckets : static_cast<unsigned>(to % buckets) + 1);
    }
    sort_due();
}

/// Digit by digit where they are many, with late_, which is empty, as the other place.
void timer_wheel::sort_due() noexcept
{
    constexpr std::size_t many = 4096;
    constexpr unsigned digit_bits = 11;
    constexpr std::uint64_t digits = 1 << digit_bits;

    if (due_.size() < many)
        return std::sort(due_.begin(), due_.end());
    const auto number = [](const entry& e)
    { return static_cast<std::uint64_t>(std::chrono::nanoseconds(e.deadline.time_since_epoch()).count()); };
    const auto [first, last] = std::minmax_element(due_.begin(), due_.end());
    const std::uint64_t least = number(*first);
    const std::uint64_t range = number(*last) - least;
    late_.resize(due_.size());
    for (unsigned shift = 0; shift < 64 && range >> shift != 0; shift += digit_bits)
    {
        const auto digit = [&](const entry& e) { return (number(e) - least) >> shift & (digits - 1); };
        std::array<std::size_t, digits> places{};
        for (const entry& e : due_)
            ++places[digit(e)];
        std::exclusive_scan(places.begin(), places.end(), places.begin(), std::size_t(0));
        for (const entry& e : due_)
            late_[places[digit(e)]++] = e;
        due_.swap(late_);
    }
    late_.clear();
}

/// Empties the buckets from `first` to before `end` of a level, whose time has come.
void timer_wheel::release(unsigned level, unsigned first, unsigned end) noexcept
{
    for (unsigned n = next_used(level, first); n < end; n = next_used(level, n + 1))
    {
        slot_index next = first_[level * buckets + n];
        first_[level * buckets + n] = none;
        used_[level][n / 64] &= ~(std::uint64_t(1) << n % 64);
        while (next != none)
        {
            const slot_index index = next;
            slot& s = slots_[index];
            next = s.next;
            if (tick_of(s.deadline) > tick_)
            {
                place(index);
                continue;
            }
            s.previous = ordered;
            due_.push_back({s.deadline, index});
        }
    }
}

/// The first bucket of a level that has a list, from `first` on; the number of buckets where there is none.
unsigned timer_wheel::next_used(unsigned level, unsigned first) const noexcept
{
    for (unsigned word = first / 64; word < buckets / 64; ++word)
    {
        std::uint64_t bits = used_[level][word];
        if (word == first / 64)
            bits &= ~std::uint64_t(0) << first % 64;
        if (bits != 0)
            return word * 64 + static_cast<unsigned>(std::countr_zero(bits));
    }
    return buckets;
}

/// Whether next_event_ is the deadline of a timer that is first in due_ or late_.
bool timer_wheel::any_in_order() const noexcept
{
    return next_due_ != due_.size() || !late_.empty();
}

/// Gives back the slots of timers that were removed, as far as they come first.
void timer_wheel::drop_removed() noexcept
{
    for (; next_due_ != due_.size() && slots_[due_[next_due_].index].timer == nullptr; ++next_due_)
        free_slot(due_[next_due_].index);
    while (!late_.empty() && slots_[late_.front().index].timer == nullptr)
        free_slot(pop_late());
}

/// Lets the memory of those that come out next, which are long out of the cache, be there in time. Reads many
/// of them in a row, since the processor waits for such reads together; to prefetch each some turns ahead has
/// gained nothing.
void timer_wheel::fetch_due() const noexcept
{
    constexpr std::size_t group = 64;
    if (next_due_ % group != 0 || due_.size() - next_due_ < group)
        return;
    constexpr std::uint32_t nothing = 0;
    std::array<const volatile std::uint32_t*, group> places;
    for (std::size_t n = 0; n != group; ++n)
    {
        const completion* const timer = slots_[due_[next_due_ + n].index].timer;
        places[n] = timer != nullptr ? &timer->timer_slot_ : &nothing;
    }
    for (const volatile std::uint32_t* place : places)
        [[maybe_unused]] const std::uint32_t fetched = *place;
}

timer_wheel::slot_index timer_wheel::pop_late() noexcept
{
    std::pop_heap(late_.begin(), late_.end(), std::greater<>());
    const slot_index index = late_.back().index;
    late_.pop_back();
    return index;
}

void timer_wheel::find_next_event() noexcept
{
    drop_removed();
    if (empty())
        next_event_ = time_point::max();
    else if (!any_in_order())
        next_event_ = next_in_buckets();
    else if (next_due_ == due_.size())
        next_event_ = late_.front().deadline;
    else if (late_.empty())
        next_event_ = due_[next_due_].deadline;
    else
        next_event_ = std::min(late_.front(), due_[next_due_]).deadline;
}

/// The next event where all timers are in buckets. Those that have moved on from the first buckets are put
/// where they belong.
timer_wheel::time_point timer_wheel::next_in_buckets() noexcept
{
    // A longer list isn't read to its end: then it counts when the bucket's time begins.
    constexpr unsigned longest_read = 16;

    for (unsigned level = 0; level != levels; ++level)
        for (unsigned n = next_used(level, 0); n != buckets; n = next_used(level, n + 1))
        {
            const unsigned bucket = level * buckets + n;
            time_point earliest = time_point::max();
            unsigned read = 0;
            for (slot_index next = first_[bucket]; next != none;)
            {
                if (++read > longest_read)
                    return begin_of(bucket);
                const slot_index index = next;
                next = slots_[index].next;
                if (bucket_of(slots_[index].deadline) != bucket)
                {
                    unlink(index);
                    place(index);
                }
                else
                {
                    earliest = std::min(earliest, slots_[index].deadline);
                }
            }
            if (first_[bucket] != none)
                return earliest;
        }
    return time_point::max();
}

/// The bucket of a deadline whose tick has not come.
unsigned timer_wheel::bucket_of(time_point deadline) const noexcept
{
    const std::uint64_t tick = tick_of(deadline);
    ASIO_URING_ASSERT(tick > tick_);
    // Of the first byte in which the ticks differ.
    const auto level = (static_cast<unsigned>(std::bit_width(tick ^ tick_)) - 1) / level_bits;
    return level * buckets + static_cast<unsigned>(tick >> (level * level_bits)) % buckets;
}

/// When the time of a bucket begins.
timer_wheel::time_point timer_wheel::begin_of(unsigned bucket) const noexcept
{
    const unsigned level = bucket / buckets;
    const unsigned bits = level * level_bits;
    const std::uint64_t tick = (tick_ >> bits >> level_bits << level_bits | bucket % buckets) << bits;
    return time_point(std::chrono::nanoseconds(static_cast<std::int64_t>(tick << tick_bits)));
}

} // namespace asio_uring::detail
