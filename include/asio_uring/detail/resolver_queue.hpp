// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The thread that asks the system's resolver on behalf of a context, and what waits for it.

#ifndef ASIO_URING_DETAIL_RESOLVER_QUEUE_HPP
#define ASIO_URING_DETAIL_RESOLVER_QUEUE_HPP

#include <algorithm>
#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <asio_uring/detail/resolution.hpp>
#include <asio_uring/detail/waiting_operation.hpp>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace asio_uring::detail {

class resolver_queue;

/// An asynchronous resolution. It ends at once when it is cancelled, wherever its resolution is then.
class resolve_operation : public waiting_operation<resolve_operation, resolver_queue>
{
public:
    void left_queue();

protected:
    resolve_operation(func_type on_complete, resolver_queue& owner, std::shared_ptr<resolution> what) noexcept
        : waiting_operation(on_complete),
          resolution_(std::move(what)),
          owner_(owner)
    {}

    ~resolve_operation() = default;

    const std::shared_ptr<resolution> resolution_;

private:
    friend class resolver_queue;

    resolver_queue& owner_;
};

/// The resolutions of a context, one after the other, on a thread that lives while there are any.
///
/// The thread shares the ownership of this: it may outlive the context, where the system doesn't answer.
class resolver_queue : public std::enable_shared_from_this<resolver_queue>
{
public:
    explicit resolver_queue(reactor& owner) noexcept : reactor_(owner) {}

    resolver_queue(const resolver_queue&) = delete;
    resolver_queue& operator=(const resolver_queue&) = delete;

    std::unique_lock<std::mutex> lock()
    {
        return std::unique_lock<std::mutex>(mutex_);
    }

    /// Hands over operations that have ended. Not where the context may be gone.
    void post(op_queue<scheduler_operation>& ended)
    {
        reactor_.post(ended);
    }

    /// Starts an operation, which waits in `operations` meanwhile.
    /// @throws system_error, Asio's, where there can be no thread, and the operation wasn't started.
    void start(resolve_operation& op, op_queue<resolve_operation>& operations);

    /// Ends all operations of a resolver.
    void cancel(op_queue<resolve_operation>& operations);

    /// Ends all operations, and the thread, for good. Waits for a call of the system's resolver that is under
    /// way, but not longer than `patience`: then it is left alone, and ends in memory of its own.
    void shut_down(std::chrono::milliseconds patience, op_queue<scheduler_operation>& aborted);

    /// Ends the thread, after the call that is under way.
    void pause();

    /// Goes on after pause().
    void resume();

private:
    friend class resolve_operation;

    void run();
    std::shared_ptr<resolution> take_next();
    void finish(resolution& done);
    void need_thread();

    // Not used once this is shut down.
    reactor& reactor_;
    std::mutex mutex_;
    std::condition_variable ended_;
    /// What hasn't begun, and somebody waits for.
    std::deque<std::shared_ptr<resolution>> waiting_;
    /// What the thread does, null where it does nothing.
    std::shared_ptr<resolution> current_;
    std::thread thread_;
    /// Whether the thread has yet to come to its end.
    bool running_ = false;
    bool paused_ = false;
    bool shut_down_ = false;
};

/// Lets go of the resolution. The system can't be asked to stop, but nobody waits for it.
inline void resolve_operation::left_queue()
{
    resolution_->operation_ = nullptr;
    auto& waiting = owner_.waiting_;
    const auto place = std::find(waiting.begin(), waiting.end(), resolution_);
    if (place != waiting.end())
        waiting.erase(place);
}

inline void resolver_queue::start(resolve_operation& op, op_queue<resolve_operation>& operations)
{
    op_queue<scheduler_operation> ended;
    {
        const auto guard = lock();
        const bool possible = reactor_.locks() && !shut_down_;
        if (possible)
        {
            need_thread();
            waiting_.push_back(op.resolution_);
        }
        reactor_.work_started();
        op.wait_in(operations);
        op.resolution_->operation_ = &op;
        if (!possible)
            op.end(shut_down_ ? asio::error::operation_aborted : asio::error::operation_not_supported, ended);
    }
    post(ended);
}

inline void resolver_queue::cancel(op_queue<resolve_operation>& operations)
{
    op_queue<scheduler_operation> aborted;
    {
        const auto guard = lock();
        resolve_operation::end_all(operations, asio::error::operation_aborted, aborted);
    }
    post(aborted);
}

inline void resolver_queue::shut_down(
    std::chrono::milliseconds patience, op_queue<scheduler_operation>& aborted)
{
    auto guard = lock();
    shut_down_ = true;
    while (!waiting_.empty())
        waiting_.front()->operation_->end(asio::error::operation_aborted, aborted);
    if (current_ != nullptr && current_->operation_ != nullptr)
        current_->operation_->end(asio::error::operation_aborted, aborted);
    if (!thread_.joinable())
        return;
    if (ended_.wait_for(guard, patience, [this] { return !running_; }))
        thread_.join();
    else
        thread_.detach();
}

inline void resolver_queue::pause()
{
    auto guard = lock();
    paused_ = true;
    ended_.wait(guard, [this] { return !running_; });
    if (thread_.joinable())
        thread_.join();
}

inline void resolver_queue::resume()
{
    const auto guard = lock();
    paused_ = false;
    if (!waiting_.empty())
        need_thread();
}

/// Starts the thread if there is none and there may be one. Under the lock.
inline void resolver_queue::need_thread()
{
    if (running_ || paused_)
        return;
    if (thread_.joinable())
        thread_.join();
    // Signals are for the threads of the program.
    const signal_blocker no_signals;
#if !defined(ASIO_URING_NO_EXCEPTIONS)
    try
    {
#endif
        thread_ = std::thread([self = shared_from_this()] { self->run(); });
#if !defined(ASIO_URING_NO_EXCEPTIONS)
    }
    catch (const std::system_error& error)
    {
        throw_exception(system_error(asio_error(error.code()), "thread"));
    }
#endif
    running_ = true;
}

/// What the thread does.
inline void resolver_queue::run()
{
    auto guard = lock();
    while ((current_ = take_next()) != nullptr)
    {
        guard.unlock();
        current_->perform();
        guard.lock();
        finish(*current_);
    }
    running_ = false;
    ended_.notify_all();
}

/// Takes out what is to be done next, null where the thread is to end.
inline std::shared_ptr<resolution> resolver_queue::take_next()
{
    if (waiting_.empty() || paused_)
        return nullptr;
    const auto next = std::move(waiting_.front());
    waiting_.pop_front();
    return next;
}

/// Hands the answer to who waits for it, if anybody does. Under the lock, so that the context lives.
inline void resolver_queue::finish(resolution& done)
{
    if (done.operation_ == nullptr)
        return;
    op_queue<scheduler_operation> ended;
    done.operation_->end(done.ec_, ended);
    post(ended);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_RESOLVER_QUEUE_HPP
