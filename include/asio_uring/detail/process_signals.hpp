// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The signals of the process: which of them the signal sets on rings listen to, and how they get there.

#ifndef ASIO_URING_DETAIL_PROCESS_SIGNALS_HPP
#define ASIO_URING_DETAIL_PROCESS_SIGNALS_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/signal_set.hpp>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <fcntl.h>
#include <stdexcept>
#include <sys/types.h>
#include <unistd.h>

namespace asio_uring::detail {

/// Shares signals with Asio's own signal sets, and among all rings of the process.
///
/// A registration is counted in Asio's bookkeeping too, so that Asio leaves the signal's disposition alone as
/// long as anybody listens. Where a ring listens the handler is ours: it writes to a pipe that all rings
/// poll, and then calls Asio's, which tells Asio's sets. Whoever reads the pipe delivers to the sets of all
/// rings.
///
/// Everything is guarded by Asio's lock. Order of locks: a reactor's, this one, a scheduler's.
class process_signals
{
public:
    static process_signals& get() noexcept
    {
        // Constant-initialised: a signal handler may come here.
        static process_signals instance;
        return instance;
    }

    process_signals(const process_signals&) = delete;
    process_signals& operator=(const process_signals&) = delete;

    static signal_lock lock()
    {
        return signal_lock(signal_mutex());
    }

    /// @name Contexts
    /// @{

    /// Opens the pipe where this is the first context.
    ///
    /// @param locks whether threads of other contexts may post to this one.
    /// @throws std::logic_error where it isn't alone and doesn't lock, as Asio does; system_error where there
    /// can be no pipe.
    void enter(bool locks);

    void leave() noexcept
    {
        --contexts_;
    }

    /// Where signals can be read when it is readable. The same as long as the process lives.
    int descriptor() const noexcept
    {
        return read_end_;
    }

    /// Lets this process have a pipe of its own, where it is a child of fork(2) that came with its parent's.
    void forked();
    /// @}

    /// @name Sets
    /// @{
    void insert(signal_set& set) noexcept;
    void erase(signal_set& set) noexcept;

    /// Lets a set listen to a signal.
    error_code add(signal_set& set, int signal_number, signal_flags flags);

    /// Lets a set listen to a signal no more, if it does.
    error_code remove(signal_set& set, int signal_number);

    /// Puts our handler back where a set on a ring listens: Asio's sets put theirs there when they give flags
    /// to a signal that had none.
    void reinstall(int signal_number);

    /// Ends all waits on a context.
    void abort(const reactor& owner, op_queue<scheduler_operation>& aborted);
    /// @}

    /// Delivers what has come to the sets of all rings. Without the lock; any thread that may post.
    void deliver_all();

private:
    struct pipe_ends
    {
        int read;
        int write;
    };

    using handler_type = void (*)(int);

    constexpr process_signals() noexcept = default;

    static void on_signal(int signal_number);
    static error_code install(int signal_number, handler_type handler, signal_flags flags);
    static error_code last_error();

    error_code add_registration(int signal_number, signal_flags flags);
    error_code remove_registration(int signal_number);
    int take_signal() noexcept;
    void open();
    static pipe_ends make_pipe();
    static void replace(int descriptor, int by);

    // Never closed: a handler on another thread may be about to write to it, and it would hit a stranger's
    // file.
    int read_end_ = -1;
    std::atomic<int> write_end_{-1};
    /// Whose pipe it is.
    std::atomic<pid_t> process_{0};
    std::size_t contexts_ = 0;
    /// Whether the one context that has entered, if it is one, locks.
    bool locks_ = true;
    /// How many sets on rings listen to each signal.
    std::size_t registrations_[max_signal_number] = {};
    signal_set* sets_ = nullptr;
};

inline void process_signals::enter(bool locks)
{
    if (contexts_ != 0 && !(locks && locks_))
        throw_exception(std::logic_error(
            "Thread-unsafe execution context objects require exclusive access to signal handling."));
    if (read_end_ < 0)
        open();
    else
        forked();
    // What came for sets that are gone isn't for those that come.
    if (contexts_ == 0)
        while (take_signal() != 0)
            ;
    locks_ = locks;
    ++contexts_;
}

inline void process_signals::open()
{
    const pipe_ends ends = make_pipe();
    read_end_ = ends.read;
    write_end_.store(ends.write, std::memory_order_relaxed);
    process_.store(::getpid(), std::memory_order_relaxed);
}

inline void process_signals::forked()
{
    if (process_.load(std::memory_order_relaxed) == ::getpid())
        return;
    // The numbers stay: the handler and the rings know them.
    const pipe_ends ends = make_pipe();
    replace(read_end_, ends.read);
    replace(write_end_.load(std::memory_order_relaxed), ends.write);
    process_.store(::getpid(), std::memory_order_relaxed);
}

inline process_signals::pipe_ends process_signals::make_pipe()
{
    int ends[2];
    if (::pipe2(ends, O_NONBLOCK | O_CLOEXEC) != 0)
        throw_error(last_error(), "signal_set_service pipe");
    return {ends[0], ends[1]};
}

/// Gives a descriptor the file of another, which is closed.
inline void process_signals::replace(int descriptor, int by)
{
    ::dup3(by, descriptor, O_CLOEXEC);
    ::close(by);
}

inline void process_signals::insert(signal_set& set) noexcept
{
    set.next_ = sets_;
    if (sets_ != nullptr)
        sets_->previous_ = &set;
    sets_ = &set;
}

inline void process_signals::erase(signal_set& set) noexcept
{
    (set.previous_ != nullptr ? set.previous_->next_ : sets_) = set.next_;
    if (set.next_ != nullptr)
        set.next_->previous_ = set.previous_;
}

inline error_code process_signals::add(signal_set& set, int signal_number, signal_flags flags)
{
    if (signal_number < 0 || signal_number >= max_signal_number)
        return asio::error::invalid_argument;
    if (set.listens_to(signal_number))
        return error_code();
    set.reserve();
    const error_code ec = add_registration(signal_number, flags);
    if (!ec)
        set.listen_to(signal_number);
    return ec;
}

inline error_code process_signals::remove(signal_set& set, int signal_number)
{
    if (signal_number < 0 || signal_number >= max_signal_number)
        return asio::error::invalid_argument;
    if (!set.listens_to(signal_number))
        return error_code();
    const error_code ec = remove_registration(signal_number);
    if (!ec)
        set.ignore(signal_number);
    return ec;
}

inline error_code process_signals::add_registration(int signal_number, signal_flags flags)
{
    const signal_flags agreed =
        signal_registrations(signal_number) == 0 ? any_signal_flags : agreed_signal_flags(signal_number);
    if (flags == any_signal_flags)
        flags = agreed;
    if (agreed != any_signal_flags && agreed != flags)
        return asio::error::invalid_argument;
    // Also where ours should be there: one of Asio's sets that came with flags may have put Asio's back.
    if (const error_code ec = install(signal_number, &on_signal, flags))
        return ec;
    agree_on_signal_flags(signal_number, flags);
    ++signal_registrations(signal_number);
    ++registrations_[signal_number];
    return error_code();
}

inline error_code process_signals::remove_registration(int signal_number)
{
    error_code ec;
    if (signal_registrations(signal_number) == 1)
        ec = install(signal_number, SIG_DFL, any_signal_flags);
    else if (registrations_[signal_number] == 1)
        ec = install(signal_number, asio_signal_handler, agreed_signal_flags(signal_number));
    if (ec)
        return ec;
    --signal_registrations(signal_number);
    --registrations_[signal_number];
    return error_code();
}

inline void process_signals::reinstall(int signal_number)
{
    if (signal_number >= 0 && signal_number < max_signal_number && registrations_[signal_number] != 0)
        install(signal_number, &on_signal, agreed_signal_flags(signal_number));
}

inline error_code process_signals::install(int signal_number, handler_type handler, signal_flags flags)
{
    struct sigaction action = {};
    action.sa_handler = handler;
    ::sigfillset(&action.sa_mask);
    if (flags != any_signal_flags)
        action.sa_flags = static_cast<int>(flags);
    return ::sigaction(signal_number, &action, nullptr) == 0 ? error_code() : last_error();
}

/// Async-signal-safe.
inline void process_signals::on_signal(int signal_number)
{
    const int saved_errno = errno;
    process_signals& self = get();
    // What a child of fork(2) gets before it has a pipe of its own is not its parent's. Where the pipe is
    // full the signal is lost, as with Asio's own.
    if (self.process_.load(std::memory_order_relaxed) == ::getpid())
    {
        [[maybe_unused]] const auto written =
            ::write(self.write_end_.load(std::memory_order_relaxed), &signal_number, sizeof(signal_number));
    }
    errno = saved_errno;
    asio_signal_handler(signal_number);
}

inline void process_signals::deliver_all()
{
    while (const int signal_number = take_signal())
    {
        const auto guard = lock();
        for (signal_set* set = sets_; set != nullptr; set = set->next_)
            set->deliver(signal_number);
    }
}

/// Returns the number of the signal that came first, 0 where none came.
inline int process_signals::take_signal() noexcept
{
    int signal_number = 0;
    return ::read(read_end_, &signal_number, sizeof(signal_number)) == sizeof(signal_number) ? signal_number
                                                                                             : 0;
}

inline void process_signals::abort(const reactor& owner, op_queue<scheduler_operation>& aborted)
{
    for (signal_set* set = sets_; set != nullptr; set = set->next_)
        if (set->owner() == &owner)
            signal_wait_operation::end_all(set->waits_, asio::error::operation_aborted, aborted);
}

inline error_code process_signals::last_error()
{
    return error_code(errno, asio::error::get_system_category());
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_PROCESS_SIGNALS_HPP
