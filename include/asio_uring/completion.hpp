// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The unit of work of a loop: an operation, and the callback that gets its result.

#ifndef ASIO_URING_COMPLETION_HPP
#define ASIO_URING_COMPLETION_HPP

#include <asio_uring/detail/assert.hpp>
#include <asio_uring/detail/completion_queue.hpp>
#include <asio_uring/operation.hpp>
#include <asio_uring/result.hpp>

#include <cstddef>
#include <cstdint>

namespace asio_uring {

class loop;

namespace detail {
class timer_wheel;
}

/// What a callback answers.
enum class next_step
{
    /// The completion stays dead. It may have been destroyed, or added again, inside the callback.
    disarm,
    /// The loop adds the completion again, as it is.
    rearm,
};

/// An operation together with its callback, in memory of the user's.
///
/// A completion is dead or active. It becomes active with loop::add() and dead just before its callback is
/// called. While it is active it may not be moved, changed or destroyed: the kernel knows it by its address,
/// and may write to the buffers that its operation names.
///
/// @par Thread Safety
/// Distinct objects: safe. Shared objects: unsafe; a completion belongs to the loop that it was added to.
///
/// @par Example
/// @code
/// asio_uring::completion read(asio_uring::operation::read{fd, buffer, sizeof(buffer)},
///     [](asio_uring::loop&, asio_uring::completion&, asio_uring::result result)
///     {
///         std::printf("%zu bytes\n", result.bytes());
///         return asio_uring::next_step::disarm;
///     });
/// loop.add(read);
/// loop.run(asio_uring::run_mode::until_done);
/// @endcode
class completion : private detail::queue_hook
{
public:
    /// Called by the loop, on the thread that runs it, with the result. A completion without one is legal.
    using callback_type = next_step (*)(loop&, completion&, result);

    enum class state
    {
        dead,
        active,
    };

    /// Makes a dead completion whose operation is a noop.
    completion() noexcept {} // not defaulted: clang 14 then takes no const object without an initialiser

    /// Makes a dead completion.
    completion(operation::any what, callback_type on_result, void* data = nullptr) noexcept
        : user_data_(data),
          callback_(on_result),
          operation_(what)
    {}

    completion(const completion&) = delete;
    completion& operator=(const completion&) = delete;

    ~completion()
    {
        ASIO_URING_ASSERT(place_ == place::nowhere);
    }

    /// Gives a dead completion something else to do.
    void prepare(operation::any what, callback_type on_result, void* data = nullptr) noexcept
    {
        ASIO_URING_ASSERT(place_ == place::nowhere);
        operation_ = what;
        callback_ = on_result;
        user_data_ = data;
    }

    /// Gives a dead completion another operation and keeps the rest.
    void prepare(operation::any what) noexcept
    {
        ASIO_URING_ASSERT(place_ == place::nowhere);
        operation_ = what;
    }

    /// Whether the completion is dead or active.
    state get_state() const noexcept
    {
        return place_ == place::nowhere ? state::dead : state::active;
    }

    /// The operation; after a pread, pwrite or the like it is as it was given.
    const operation::any& get_operation() const noexcept
    {
        return operation_;
    }

    /// The callback; null where there is none.
    callback_type callback() const noexcept
    {
        return callback_;
    }

    /// Whatever the user gave.
    void* user_data() const noexcept
    {
        return user_data_;
    }

    /// Whether somebody asked to cancel this completion since it was added. Meaningful inside the callback.
    bool cancel_requested() const noexcept
    {
        return cancel_requested_;
    }

private:
    friend class loop;
    friend class detail::timer_wheel;

    /// Where an active completion is.
    enum class place : unsigned char
    {
        /// Dead.
        nowhere,
        /// In loop::queue_, linked by the hook.
        queued,
        /// In the submission queue or with the kernel, and in loop::kernel_, linked by the hook.
        kernel,
        /// The same, but in loop::cancels_: the kernel has yet to be asked to cancel it.
        cancelling,
        /// In loop::timers_, at timer_slot_.
        timers,
        /// In loop::ready_, linked by the hook, with code_ valid.
        ready,
    };

    void* user_data_ = nullptr;
    callback_type callback_ = nullptr;
    operation::any operation_;
    union
    {
        /// Valid where place_ is timers.
        std::uint32_t timer_slot_ = 0;
        /// Valid where place_ is ready: a value or a negative errno.
        int code_;
    };
    place place_ = place::nowhere;
    bool cancel_requested_ = false;
};

static_assert(sizeof(completion) <= 128, "a completion fills at most two cache lines");

} // namespace asio_uring

#endif // ASIO_URING_COMPLETION_HPP
