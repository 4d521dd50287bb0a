// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The threads of a context without a ring that do what Asio's reactor can't wait for.

#ifndef ASIO_URING_DETAIL_BLOCKING_POOL_HPP
#define ASIO_URING_DETAIL_BLOCKING_POOL_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/assert.hpp>
#include <asio_uring/detail/blocking_operation.hpp>
#include <asio_uring/detail/scheduler.hpp>
#include <cerrno>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/types.h>
#include <unistd.h>

namespace asio_uring::detail {

/// Carries out blocking operations. A context of ours has this service exactly where it has no ring; its
/// threads are made when they are first needed.
///
/// A descriptor isn't used any more when detach() has returned. Order of locks: this one, then the
/// scheduler's.
class blocking_pool : public execution_context_service_base<blocking_pool>
{
public:
    /// @param locks false where the program promised that no two threads use the context at a time: then
    /// operations fail with operation_not_supported, as Asio's resolver does.
    blocking_pool(asio::execution_context& context, bool locks)
        : execution_context_service_base<blocking_pool>(context),
          scheduler_(asio::use_service<scheduler>(context)),
          locks_(locks)
    {}

    /// Only to please use_service(): a context without this service isn't asked for it.
    explicit blocking_pool(asio::execution_context& context) : blocking_pool(context, false)
    {
        throw_exception(asio::invalid_service_owner());
    }

    void shutdown() override;

    /// Starts an operation; where `in_order` it waits for those of its object that were started so before.
    /// Any thread.
    ///
    /// @throws where memory or threads have run out; then the operation wasn't started.
    void start(blocking_operation& op, blocking_operations& object, bool in_order, bool is_continuation);

    /// Hands over an operation that needs no thread. Any thread.
    void complete_immediately(scheduler_operation& op, bool is_continuation)
    {
        scheduler_.post_immediate_completion(&op, is_continuation);
    }

    /// Ends what hasn't begun, and what only waits. Any thread.
    template <std::size_t N>
    void cancel(blocking_operations (&objects)[N]);

    /// As cancel(), and waits until what was being carried out is over. Any thread.
    template <std::size_t N>
    void detach(blocking_operations (&objects)[N]);

    /// Moves operations to another I/O object. Any thread.
    template <std::size_t N>
    void move(blocking_operations (&from)[N], blocking_operations (&to)[N]);

    /// Ends the operation that a cancellation slot is about, as cancel(). Any thread.
    void cancel(operation_cancellation<blocking_operation, blocking_pool>& cancellation);

    std::unique_lock<std::mutex> lock()
    {
        return std::unique_lock<std::mutex>(mutex_);
    }

    /// What blocking_operation::wait_until_ready() does.
    bool wait_until_ready(blocking_operation& op, int fd, short events);

private:
    using list = operation_list<blocking_operation>;
    using place = blocking_operation::place;

    /// As many operations as are carried out at a time.
    static constexpr std::size_t threads = 4;

    void summon_thread();
    bool leave_threads_to_parent() noexcept;
    void work();
    blocking_operation* begin_next();
    void end(blocking_operation& op);
    void make_ready(blocking_operation& op) noexcept;
    void start_next(blocking_operations& object) noexcept;
    void withdraw(blocking_operation& op, op_queue<scheduler_operation>& withdrawn) noexcept;
    void withdraw_all(blocking_operations& object, op_queue<scheduler_operation>& withdrawn);
    void move_one(blocking_operations& from, blocking_operations& to) noexcept;
    void end_wait(blocking_operation& op) noexcept;
    bool is_running(blocking_operations& object) noexcept;
    bool begin_wait(blocking_operation& op);
    bool end_of_wait(blocking_operation& op) noexcept;

    scheduler& scheduler_;
    const bool locks_;
    std::mutex mutex_;
    std::condition_variable ended_;
    list ready_;
    list running_;
    bool shut_down_ = false;
    /// Null where they aren't needed yet.
    std::unique_ptr<asio::thread_pool> threads_;
    /// Whose threads they are.
    pid_t process_ = 0;
};

inline void blocking_pool::shutdown()
{
    op_queue<scheduler_operation> ended;
    {
        const auto guard = lock();
        shut_down_ = true;
        running_.for_each([this](blocking_operation& op) { end_wait(op); });
    }
    // What is being carried out is handed to the scheduler, which destroys it.
    if (threads_ && !leave_threads_to_parent())
        threads_->join();
    {
        const auto guard = lock();
        while (!ready_.empty())
        {
            blocking_operation& op = ready_.pop_front();
            withdraw(op, ended);
        }
    }
    scheduler_.abandon_operations(ended);
}

inline void blocking_pool::start(
    blocking_operation& op, blocking_operations& object, bool in_order, bool is_continuation)
{
    auto guard = lock();
    if (shut_down_ || !locks_)
    {
        op.ec_ = asio::error::operation_not_supported;
        operation_cancellation<blocking_operation, blocking_pool>::part(op);
        guard.unlock();
        return complete_immediately(op, is_continuation);
    }
    const bool waits = in_order && object.busy_;
    // May throw; the thread comes to the lock only when all is done here.
    if (!waits)
        summon_thread();
    scheduler_.work_started();
    op.object_ = &object;
    op.in_order_ = in_order;
    object.busy_ |= in_order;
    if (!waits)
        return make_ready(op);
    op.place_ = place::waiting;
    object.waiting_.push_back(op);
}

/// Has a thread work off what is ready, until nothing is. Under the lock.
inline void blocking_pool::summon_thread()
{
    if (!threads_ || leave_threads_to_parent())
    {
        threads_ = std::make_unique<asio::thread_pool>(threads);
        process_ = ::getpid();
    }
    asio::post(*threads_, [this] { work(); });
}

/// A child of fork(2) has none of its parent's threads, and waits for them in vain. Returns whether this is
/// one that had yet to see that; what the threads carry out is then the parent's too. Under the lock, or
/// alone.
inline bool blocking_pool::leave_threads_to_parent() noexcept
{
    if (process_ == ::getpid())
        return false;
    static_cast<void>(threads_.release());
    running_.for_each([](blocking_operation& op) { list::remove(op); });
    return true;
}

/// Carries out what is ready. A thread comes for each that was made ready by start(), and goes on with what
/// end() made ready.
inline void blocking_pool::work()
{
    while (blocking_operation* const op = begin_next())
    {
        op->perform_(*op);
        end(*op);
    }
}

inline blocking_operation* blocking_pool::begin_next()
{
    const auto guard = lock();
    if (shut_down_ || ready_.empty())
        return nullptr;
    blocking_operation& op = ready_.pop_front();
    op.place_ = place::running;
    running_.push_back(op);
    return &op;
}

inline void blocking_pool::end(blocking_operation& op)
{
    {
        const auto guard = lock();
        list::remove(op);
        op.place_ = place::nowhere;
        operation_cancellation<blocking_operation, blocking_pool>::part(op);
        if (op.in_order_)
            start_next(*op.object_);
        ended_.notify_all();
    }
    scheduler_.post_deferred_completion(&op);
}

/// Under the lock.
inline void blocking_pool::make_ready(blocking_operation& op) noexcept
{
    op.place_ = place::ready;
    ready_.push_back(op);
}

/// Lets the next operation of an object follow one that is over. Under the lock.
inline void blocking_pool::start_next(blocking_operations& object) noexcept
{
    object.busy_ = !object.waiting_.empty();
    if (object.busy_)
        make_ready(object.waiting_.pop_front());
}

/// Ends an operation that no thread has begun. Under the lock.
inline void blocking_pool::withdraw(blocking_operation& op, op_queue<scheduler_operation>& withdrawn) noexcept
{
    ASIO_URING_ASSERT(op.place_ == place::waiting || op.place_ == place::ready);
    list::remove(op);
    if (op.place_ == place::ready && op.in_order_)
        start_next(*op.object_);
    op.place_ = place::nowhere;
    op.ec_ = asio::error::operation_aborted;
    operation_cancellation<blocking_operation, blocking_pool>::part(op);
    withdrawn.push(&op);
}

/// Ends what no thread of an object's has begun, and the waits of the others. Under the lock.
inline void blocking_pool::withdraw_all(blocking_operations& object, op_queue<scheduler_operation>& withdrawn)
{
    // Before the one that they wait for.
    object.waiting_.for_each([&](blocking_operation& op) { withdraw(op, withdrawn); });
    ready_.for_each(
        [&](blocking_operation& op)
        {
            if (op.object_ == &object)
                withdraw(op, withdrawn);
        });
    running_.for_each(
        [&](blocking_operation& op)
        {
            if (op.object_ == &object)
                end_wait(op);
        });
}

template <std::size_t N>
void blocking_pool::cancel(blocking_operations (&objects)[N])
{
    op_queue<scheduler_operation> withdrawn;
    {
        const auto guard = lock();
        for (blocking_operations& object : objects)
            withdraw_all(object, withdrawn);
    }
    scheduler_.post_deferred_completions(withdrawn);
}

template <std::size_t N>
void blocking_pool::detach(blocking_operations (&objects)[N])
{
    op_queue<scheduler_operation> withdrawn;
    {
        auto guard = lock();
        if (threads_)
            leave_threads_to_parent();
        for (blocking_operations& object : objects)
            withdraw_all(object, withdrawn);
        for (blocking_operations& object : objects)
            ended_.wait(guard, [&] { return !is_running(object); });
    }
    scheduler_.post_deferred_completions(withdrawn);
}

/// Under the lock.
inline bool blocking_pool::is_running(blocking_operations& object) noexcept
{
    bool found = false;
    running_.for_each([&](blocking_operation& op) { found |= op.object_ == &object; });
    return found;
}

template <std::size_t N>
void blocking_pool::move(blocking_operations (&from)[N], blocking_operations (&to)[N])
{
    const auto guard = lock();
    for (std::size_t i = 0; i != N; ++i)
        move_one(from[i], to[i]);
}

/// Under the lock.
inline void blocking_pool::move_one(blocking_operations& from, blocking_operations& to) noexcept
{
    ASIO_URING_ASSERT(!to.busy_ && to.waiting_.empty());
    to.waiting_.splice(from.waiting_);
    to.busy_ = from.busy_;
    from.busy_ = false;
    for (list* const operations : {&to.waiting_, &ready_, &running_})
        operations->for_each(
            [&](blocking_operation& op)
            {
                if (op.object_ == &from)
                    op.object_ = &to;
            });
}

inline void blocking_pool::cancel(operation_cancellation<blocking_operation, blocking_pool>& cancellation)
{
    op_queue<scheduler_operation> withdrawn;
    {
        const auto guard = lock();
        blocking_operation* const op = cancellation.operation();
        if (op == nullptr)
            return;
        if (op->place_ == place::running)
            end_wait(*op);
        else if (op->place_ != place::nowhere)
            withdraw(*op, withdrawn);
    }
    scheduler_.post_deferred_completions(withdrawn);
}

/// Ends an operation's wait, now or when it comes to it. Under the lock.
inline void blocking_pool::end_wait(blocking_operation& op) noexcept
{
    op.cancel_requested_ = true;
    if (op.end_of_wait_ != -1)
        ::eventfd_write(op.end_of_wait_, 1);
}

inline bool blocking_pool::wait_until_ready(blocking_operation& op, int fd, short events)
{
    // Regular files always are.
    pollfd polled[] = {{fd, events, 0}, {-1, POLLIN, 0}};
    if (::poll(polled, 1, 0) != 0)
        return true;
    if (!begin_wait(op))
        return false;
    polled[1].fd = op.end_of_wait_;
    while (::poll(polled, 2, -1) < 0 && errno == EINTR)
        ;
    return end_of_wait(op);
}

/// Makes it possible to end an operation's wait. Returns false where the operation is over already.
inline bool blocking_pool::begin_wait(blocking_operation& op)
{
    const auto guard = lock();
    if (op.cancel_requested_)
    {
        op.ec_ = asio::error::operation_aborted;
        return false;
    }
    op.end_of_wait_ = ::eventfd(0, EFD_CLOEXEC);
    if (op.end_of_wait_ == -1)
        op.fail(errno);
    return op.end_of_wait_ != -1;
}

/// Returns false where the wait was ended.
inline bool blocking_pool::end_of_wait(blocking_operation& op) noexcept
{
    const auto guard = lock();
    ::close(op.end_of_wait_);
    op.end_of_wait_ = -1;
    if (op.cancel_requested_)
        op.ec_ = asio::error::operation_aborted;
    return !op.cancel_requested_;
}

/// It has no slot any more, but where it couldn't be started.
inline blocking_operation::~blocking_operation()
{
    if (cancellation_ == nullptr)
        return;
    const auto guard = pool_.lock();
    operation_cancellation<blocking_operation, blocking_pool>::part(*this);
}

inline bool blocking_operation::wait_until_ready(int fd, short events)
{
    return pool_.wait_until_ready(*this, fd, events);
}

inline void blocking_operation::cancel(
    blocking_pool& owner, operation_cancellation<blocking_operation, blocking_pool>& cancellation)
{
    owner.cancel(cancellation);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_BLOCKING_POOL_HPP
