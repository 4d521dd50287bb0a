// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The event loop: completions in, callbacks out.

#ifndef ASIO_URING_LOOP_HPP
#define ASIO_URING_LOOP_HPP

#include <asio_uring/completion.hpp>
#include <asio_uring/detail/completion_queue.hpp>
#include <asio_uring/detail/timer_wheel.hpp>
#include <asio_uring/error.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <system_error>

namespace asio_uring {

namespace detail {
class kernel;
class ring;
} // namespace detail

/// How far loop::run() goes.
enum class run_mode
{
    /// Handles what is complete, and doesn't wait.
    no_wait,
    /// Returns after at least one completion was handled, or where none is active.
    once,
    /// Returns where no completion is active any more.
    until_done,
};

/// What a loop is made with.
struct loop_options
{
    static constexpr unsigned max_entries = 8191;

    /// The number of entries of the submission queue, from 1 to max_entries; the kernel rounds it up to a
    /// power of two. More submissions than that take more system calls, nothing else.
    unsigned entries = 256;

    /// How long the loop looks for completions before it sleeps in the kernel, each time it has nothing to
    /// do. What comes meanwhile is called without a wake-up's delay; the price is a busy processor.
    std::chrono::nanoseconds spin{0};
};

/// Counts since a loop was made.
struct loop_statistics
{
    /// Operations handed to the kernel.
    std::uint64_t submissions = 0;
    /// Operations that the kernel completed.
    std::uint64_t completions = 0;
    /// System calls that submitted, waited, or both.
    std::uint64_t waits = 0;
};

/// A completion loop on one io_uring.
///
/// A completion that is added is active until its callback is called. Callbacks are called by run(), never
/// inside add() or cancel(). Nothing is allocated after the construction, but for room for more timers than
/// there ever were.
///
/// Needs Linux 6.1 and an io_uring that isn't forbidden: see available().
///
/// @par Thread Safety
/// Distinct objects: safe. Shared objects: unsafe, except wake(), statistics(), register_buffers() and
/// unregister_buffers(). The loop may move from one thread to another, and a thread that ran it may end: what
/// it had started goes on.
///
/// @par Example
/// @code
/// asio_uring::loop loop;
/// asio_uring::completion tick;
/// loop.timer(tick, std::chrono::milliseconds(10),
///     [](asio_uring::loop&, asio_uring::completion&, asio_uring::result)
///     {
///         std::puts("10 ms are over");
///         return asio_uring::next_step::disarm;
///     });
/// loop.run(asio_uring::run_mode::until_done);
/// @endcode
class loop
{
public:
    using clock = std::chrono::steady_clock;
    using time_point = clock::time_point;
    using duration = std::chrono::nanoseconds;

    /// Makes a loop. Throws std::system_error where no ring can be made; its text says why.
    explicit loop(loop_options options = {});

    /// Makes a loop; where no ring can be made, `error` tells why, and the loop may only be destroyed.
    loop(loop_options options, std::error_code& error) noexcept;

    /// As above, on a kernel of the caller's choice.
    loop(loop_options options, detail::kernel& kernel, std::error_code& error) noexcept;

    /// Cancels what is active and waits until the kernel has let go of it. Callbacks aren't called.
    ~loop();

    loop(const loop&) = delete;
    loop& operator=(const loop&) = delete;

    /// Makes a dead completion active. One whose operation is a noop stays dead. Throws std::bad_alloc where
    /// a timer is to be added and memory has run out.
    void add(completion& c);

    /// Starts a dead completion as a timer that expires `after` now(). The furthest time is the limit.
    void timer(completion& c, duration after, completion::callback_type callback, void* user_data = nullptr);

    /// Starts a dead completion as a timer with a deadline.
    void timer_at(
        completion& c, time_point deadline, completion::callback_type callback, void* user_data = nullptr);

    /// Gives a timer the deadline now() + `after`. An active one isn't told, whatever its old deadline was,
    /// and a dead one is started with its old callback.
    void timer_reset(completion& c, duration after);

    /// Gives a timer a deadline, as above.
    void timer_reset_at(completion& c, time_point deadline);

    /// Takes out an active completion that the kernel hasn't got, such as a timer, and doesn't call it back.
    /// Returns false where it isn't active, or the kernel has it.
    bool discard(completion& c) noexcept;

    /// A time before which no timer expires: the earliest deadline, or an earlier time where many timers are
    /// far away. The furthest time where no timer waits.
    time_point next_deadline() const noexcept;

    /// Lets an active timer live on at another address: `to` gets all that `from` has, and `from` is dead.
    void timer_move(completion& from, completion& to) noexcept;

    /// Asks for the end of a completion, whose callback then gets operation_canceled, or its result where
    /// that came first. Returns false where it isn't active, or has its result already.
    bool cancel(completion& target) noexcept;

    /// As above, and tells the outcome to the callback of `c_cancel`, a dead completion, whose operation is
    /// replaced: success, not_found or in_progress.
    void cancel(completion& target, completion& c_cancel);

    /// Hands over what was added. Returns the error that stopped it; what is left follows with the next tick.
    std::error_code submit() noexcept;

    /// Registers buffers for read_fixed and write_fixed, which name them by their index in this list. Their
    /// memory stays pinned, and counts against RLIMIT_MEMLOCK, until they are unregistered or the loop ends.
    /// Any thread. Returns the kernel's error: EBUSY where buffers are registered already.
    std::error_code register_buffers(const iovec* buffers, unsigned count) noexcept;

    /// Takes back register_buffers(); operations in flight may be waited for. Any thread. Returns the
    /// kernel's error: ENXIO where no buffers are registered.
    std::error_code unregister_buffers() noexcept;

    /// Runs the loop. Returns the number of callbacks called.
    /// @throws std::system_error nested_run where the loop is running, or the error of a ring that is broken.
    std::size_t run(run_mode mode);

    /// As above, with the error as a value.
    std::size_t run(run_mode mode, std::error_code& error);

    /// Ends run() after the current callback, and makes every later run() do nothing.
    void stop() noexcept;

    bool stopped() const noexcept
    {
        return stopped_;
    }

    /// The number of active completions.
    std::size_t active() const noexcept
    {
        return active_;
    }

    /// The loop's idea of the time, which is constant during a tick.
    time_point now() const noexcept
    {
        return now_;
    }

    /// Reads the clock into now().
    void update_now() noexcept
    {
        now_ = clock::now();
    }

    /// The counts so far. May be called from any thread.
    loop_statistics statistics() const noexcept;

    /// @name A tick in three phases
    /// For a scheduler that drives the loop itself, under a lock of its own. wait() is the only phase that
    /// may run without that lock: meanwhile other threads that hold it may add and cancel completions.
    /// @{

    /// Takes over a completion that has ended, with the context that drain() was given.
    using release_type = void (*)(completion&, result, void*);

    /// What wait() is to do.
    struct wait_plan
    {
        bool enter = false;
        bool block = false;
        std::optional<duration> limit;
    };

    /// Fills the submission queue, and decides whether the kernel must be entered, and for how long.
    wait_plan begin_tick(bool may_block, std::optional<duration> limit = std::nullopt) noexcept;

    /// Submits and waits. Returns the error of a ring that is broken.
    std::error_code wait(const wait_plan& plan) noexcept;

    /// Calls back what is complete. Returns the number of callbacks called.
    std::size_t end_tick();

    /// Ends a wait() from any thread.
    void wake() noexcept;

    /// Cancels an active completion so that, on return, the kernel has done its part: where the operation
    /// hasn't finished, it won't touch its descriptor any more. Any thread that holds the lock, also while
    /// another is in wait(). Its callback is called as after cancel(). Returns whether a completion queue
    /// entry will bring the result, and so end a wait().
    bool cancel_now(completion& target) noexcept;

    /// Waits until what was given to wait() to submit is with the kernel, or was left behind. Any thread that
    /// holds the lock.
    void await_submission() const noexcept;

    /// Makes run() an error for good: somebody else drives the loop.
    void be_driven() noexcept
    {
        running_ = true;
    }

    /// Whether nothing is active.
    bool empty() const noexcept
    {
        return active_ == 0;
    }

    /// Whether a tick would do something now, without waiting.
    bool is_due() const noexcept;

    /// Whether this process is a child of the one that made the ring, and hasn't called after_fork().
    bool forked() const noexcept;

    /// Goes on in a child of fork(2), with a ring of its own and all that is active: what the parent's ring
    /// carries out is carried out here too. Not inside a callback. Returns why no ring could be made.
    std::error_code after_fork() noexcept;

    /// Cancels all that is active, waits until the kernel has let go of it, and gives each completion, dead,
    /// to `release` instead of its callback. What is added inside `release` is released too. What a parent's
    /// ring has after fork(2), or a ring that is broken, is left alone.
    void drain(release_type release, void* context) noexcept;

    /// What drain() can give completions to that nobody misses: closes a connection that was accepted.
    static void give_back(completion& c, result r, void* context) noexcept;
    /// @}

private:
    /// A completion together with its result; null where there is none.
    struct finished
    {
        completion* c = nullptr;
        int code = 0;
    };

    static std::unique_ptr<detail::ring> make_ring(
        loop_options options, detail::kernel& kernel, std::error_code& error) noexcept;
    static completion& completion_of(detail::queue_hook& hook) noexcept
    {
        return static_cast<completion&>(hook);
    }

    /// Whether a completion is in the submission queue or with the kernel.
    static bool kernel_has(const completion& c) noexcept
    {
        return c.place_ == completion::place::kernel || c.place_ == completion::place::cancelling;
    }

    std::error_code spin(wait_plan& plan) noexcept;
    std::error_code enter(const wait_plan& plan) noexcept;
    void add_at(completion& c, time_point deadline);
    time_point deadline_after(duration after) const noexcept;
    bool cancel_here(completion& target) noexcept;
    void ask_to_cancel(completion& target) noexcept;
    void make_ready(completion& c, int code) noexcept;
    void fill_submissions() noexcept;
    void take_back_submissions() noexcept;
    void expire_timers() noexcept;
    std::size_t call_due();
    std::size_t reap();
    finished take_finished() noexcept;
    std::size_t call(completion& c, int code);
    void retire(completion& c) noexcept;

    loop_options options_;
    std::unique_ptr<detail::ring> ring_;

    /// Added and not yet in the submission queue, oldest first.
    detail::completion_queue queue_;
    /// In the submission queue or with the kernel.
    detail::completion_queue kernel_;
    /// The same, and the kernel has yet to be asked to cancel them.
    detail::completion_queue cancels_;
    /// Finished without the kernel, to be called back with the next tick.
    detail::completion_queue ready_;
    /// What was ready when the present tick called back.
    detail::completion_queue due_;
    detail::timer_wheel timers_;

    time_point now_ = clock::now();
    std::size_t active_ = 0;
    /// Whether wait() has something to do that it hasn't done yet.
    std::atomic<bool> waiting_{false};
    bool running_ = false;
    bool stopped_ = false;

    std::atomic<std::uint64_t> submissions_{0};
    std::atomic<std::uint64_t> completions_{0};
    std::atomic<std::uint64_t> waits_{0};
};

} // namespace asio_uring

#endif // ASIO_URING_LOOP_HPP
