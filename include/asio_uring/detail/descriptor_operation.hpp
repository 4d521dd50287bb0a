// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// An operation on a descriptor: performed by the kernel, and waited for where the kernel won't wait itself.

#ifndef ASIO_URING_DETAIL_DESCRIPTOR_OPERATION_HPP
#define ASIO_URING_DETAIL_DESCRIPTOR_OPERATION_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/immediate_attempt.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <cerrno>
#include <chrono>
#include <optional>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

namespace asio_uring::detail {

/// What came of an attempt.
enum class attempt
{
    /// It is over; ec_ and bytes_transferred_ tell how.
    over,
    /// It is to be made again.
    again,
    /// It is to be made again when the descriptor is ready.
    when_ready
};

/// The base of all operations on descriptors.
///
/// A derived class says what to submit, and judges what the kernel answered. Where it says when_ready, a poll
/// goes before the next attempt. Poll operations of io_uring also end on events that nobody asked for, and
/// miss urgent data; where that matters a private epoll descriptor, which is exact, is polled in place of the
/// descriptor. And a descriptor can be ready, but not for this operation: a local socket may send, but not to
/// the receiver whose queue is full, and the kernel tells nobody when that changes. Then we look now and
/// then.
class descriptor_operation : public reactor_operation
{
public:
    descriptor_operation(const descriptor_operation&) = delete;
    descriptor_operation& operator=(const descriptor_operation&) = delete;

protected:
    struct behaviour
    {
        /// What to submit for an attempt; null where readiness is all that is wanted.
        operation::any (*submission)(descriptor_operation&);
        /// Judges the answer to an attempt: a value or a negative errno.
        attempt (*judge)(descriptor_operation&, int code);
    };

    /// @param events what to wait for where it comes to that, as in poll(2).
    descriptor_operation(
        reactor& owner, func_type on_complete, const behaviour& how, int fd, short events) noexcept
        : reactor_operation(owner, on_complete, &descriptor_operation::on_event),
          how_(how),
          descriptor_(fd),
          events_(events),
          waiting_(false),
          was_ready_(false)
    {}

    ~descriptor_operation()
    {
        if (watch_ != -1)
            ::close(watch_);
    }

    int descriptor() const noexcept
    {
        return descriptor_;
    }

    /// Makes an attempt first of all.
    void attempt_first()
    {
        prepare(how_.submission(*this));
    }

    /// Waits first of all.
    void wait_first()
    {
        waiting_ = true;
        if ((events_ & POLLPRI) != 0)
            make_watch();
        if ((events_ & POLLPRI) == 0 || watch_ != -1)
            return prepare_wait();
        // It would miss what it waits for. No descriptor: the poll fails at once. Files have no such event.
        fail(errno == EPERM ? EOPNOTSUPP : errno);
        prepare(operation::poll{-1, 0});
    }

    /// Whether the descriptor is ready now, or has an error.
    bool ready() const noexcept
    {
        pollfd query = {descriptor_, events_, 0};
        return ::poll(&query, 1, 0) > 0;
    }

    void fail(int error) noexcept
    {
        ec_ = error_code(error, asio::error::get_system_category());
    }

private:
    static next_step on_event(loop&, completion& base, result r)
    {
        auto& self = static_cast<descriptor_operation&>(base);
        const bool over = self.advance(r.code()) == attempt::over;
        if (over || self.owner().shut_down())
        {
            // One event ends all waits for it, as with Asio.
            const bool was_event = self.only_waits() && !self.ec_ && over;
            self.owner().retire(
                self, was_event ? &descriptor_operation::is_wait : &descriptor_operation::none);
            return next_step::disarm;
        }
        return next_step::rearm;
    }

    bool only_waits() const noexcept
    {
        return how_.submission == nullptr;
    }

    static bool is_wait(const reactor_operation& op) noexcept
    {
        return static_cast<const descriptor_operation&>(op).only_waits();
    }

    static bool none(const reactor_operation&) noexcept
    {
        return false;
    }

    /// Takes the answer, and prepares what follows.
    attempt advance(int code)
    {
        if (waiting_)
        {
            if (code < 0)
                return ec_ ? attempt::over : end(-code);
            if (!ready())
                return wait_exactly();
            waiting_ = false;
            was_ready_ = true;
            return attempt_again();
        }
        switch (how_.judge(*this, code))
        {
        case attempt::again:
            return attempt_again();
        case attempt::when_ready:
            if (cancel_requested())
                return end(ECANCELED);
            waiting_ = true;
            if (was_ready_)
                prepare(operation::timer{pause});
            else
                prepare_wait();
            return attempt::again;
        default:
            return attempt::over;
        }
    }

    attempt end(int error) noexcept
    {
        fail(error);
        return attempt::over;
    }

    attempt attempt_again()
    {
        if (only_waits())
            return attempt::over;
        if (cancel_requested())
            return end(ECANCELED);
        attempt_first();
        // At once, before timers that are due by now: the descriptor may have been ready for long. And nobody
        // else need read a signalfd, whose signals may be those of this thread.
        if (was_ready_)
            if (const std::optional<int> answer = attempt_at_once(get_operation()))
                return advance(*answer);
        return attempt::again;
    }

    /// The poll ended, and not for what is waited for: polling again would end at once again.
    attempt wait_exactly()
    {
        if (cancel_requested())
            return end(ECANCELED);
        if (watch_ == -1)
            make_watch();
        if (watch_ == -1)
            return end(errno);
        prepare_wait();
        return attempt::again;
    }

    void make_watch() noexcept
    {
        watch_ = ::epoll_create1(EPOLL_CLOEXEC);
        if (watch_ == -1)
            return;
        epoll_event event = {};
        event.events = static_cast<unsigned short>(events_);
        if (::epoll_ctl(watch_, EPOLL_CTL_ADD, descriptor_, &event) == 0)
            return;
        const int error = errno;
        ::close(watch_);
        watch_ = -1;
        errno = error;
    }

    void prepare_wait()
    {
        prepare(operation::poll{watch_ != -1 ? watch_ : descriptor_, watch_ != -1 ? short(POLLIN) : events_});
    }

    /// Between attempts on a descriptor that is ready and still refuses.
    static constexpr std::chrono::milliseconds pause{5};

    // What follows in derived classes has room in the last eight bytes of these.
    const behaviour& how_;
    /// The private epoll descriptor, or -1.
    int watch_ = -1;
    const int descriptor_;
    const short events_;
    bool waiting_ : 1;
    /// Whether an attempt was made because the descriptor was ready.
    bool was_ready_ : 1;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_DESCRIPTOR_OPERATION_HPP
