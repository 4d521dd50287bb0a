// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// One signal set on a ring: the signals that it listens to, and the waits for them.

#ifndef ASIO_URING_DETAIL_SIGNAL_SET_HPP
#define ASIO_URING_DETAIL_SIGNAL_SET_HPP

#include <algorithm>
#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <asio_uring/detail/waiting_operation.hpp>
#include <cstddef>
#include <vector>

namespace asio_uring::detail {

class signal_set_service;

/// An asynchronous wait for a signal.
class signal_wait_operation : public waiting_operation<signal_wait_operation, signal_set_service>
{
public:
    /// What the handler gets, 0 where there is an error.
    int signal_number_ = 0;

    void left_queue() noexcept {}
    void deliver() noexcept {}

    template <typename Handler>
    binder2<Handler, error_code, int> bind(Handler& handler)
    {
        return {handler, ec_, signal_number_};
    }

protected:
    using waiting_operation::waiting_operation;
};

/// All of a set, guarded by the lock of process_signals, which knows all sets.
class signal_set
{
public:
    /// A signal that the set listens to.
    struct registration
    {
        int signal_number;
        /// How often it came while nobody waited.
        std::size_t undelivered;
    };

    explicit signal_set(reactor& owner) noexcept : reactor_(owner) {}

    signal_set(const signal_set&) = delete;
    signal_set& operator=(const signal_set&) = delete;

    const reactor* owner() const noexcept
    {
        return &reactor_;
    }

    /// Ordered by the numbers of the signals.
    const std::vector<registration>& registrations() const noexcept
    {
        return registrations_;
    }

    bool listens_to(int signal_number)
    {
        return find(signal_number) != nullptr;
    }

    /// Makes room for another signal, so that listen_to() can't fail.
    void reserve()
    {
        registrations_.reserve(registrations_.size() + 1);
    }

    void listen_to(int signal_number) noexcept
    {
        registrations_.insert(position_of(signal_number), registration{signal_number, 0});
    }

    void ignore(int signal_number) noexcept
    {
        registrations_.erase(position_of(signal_number));
    }

    /// Hands a signal that came to all who wait, or keeps it for the next.
    void deliver(int signal_number);

    /// Takes a signal out of those that came while nobody waited. Returns its number, 0 where there is none.
    int take_undelivered() noexcept;

    op_queue<signal_wait_operation> waits_;

private:
    friend class process_signals;

    std::vector<registration>::iterator position_of(int signal_number) noexcept
    {
        return std::lower_bound(registrations_.begin(), registrations_.end(), signal_number,
            [](const registration& r, int number) { return r.signal_number < number; });
    }

    registration* find(int signal_number) noexcept
    {
        const auto position = position_of(signal_number);
        return position != registrations_.end() && position->signal_number == signal_number ? &*position
                                                                                            : nullptr;
    }

    reactor& reactor_;
    std::vector<registration> registrations_;
    /// Neighbours in the list of all sets.
    signal_set* next_ = nullptr;
    signal_set* previous_ = nullptr;
};

inline void signal_set::deliver(int signal_number)
{
    registration* const r = find(signal_number);
    if (r == nullptr)
        return;
    if (waits_.front() == nullptr)
    {
        ++r->undelivered;
        return;
    }
    op_queue<scheduler_operation> ended;
    while (signal_wait_operation* const wait = waits_.front())
    {
        wait->signal_number_ = signal_number;
        wait->end(error_code(), ended);
    }
    reactor_.post(ended);
}

inline int signal_set::take_undelivered() noexcept
{
    for (registration& r : registrations_)
        if (r.undelivered != 0)
        {
            --r.undelivered;
            return r.signal_number;
        }
    return 0;
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_SIGNAL_SET_HPP
