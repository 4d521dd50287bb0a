// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The executor of an io_context, in Asio's newer interface (properties and execute) and its older one.

// Before the guard: io_context.hpp includes this file when its class is complete.
#include <asio_uring/io_context.hpp>

#ifndef ASIO_URING_DETAIL_IO_CONTEXT_EXECUTOR_HPP
#define ASIO_URING_DETAIL_IO_CONTEXT_EXECUTOR_HPP

#include <cstdint>
#include <memory>

namespace asio_uring {

namespace detail {

/// The properties that an io_context's executor carries in bits. A base class, so that its names are in
/// scope.
struct io_context_executor_bits
{
    static constexpr std::uintptr_t blocking_never = 1;
    static constexpr std::uintptr_t relationship_continuation = 2;
    static constexpr std::uintptr_t outstanding_work_tracked = 4;

    // Those known at run time only, kept in the low bits of the context's address. The other is in the type.
    static constexpr std::uintptr_t runtime_bits = 3;
};

} // namespace detail

/// Submits functions to an io_context: its executor, with the properties that Asio's executor has.
///
/// `blocking.possibly`, `blocking.never`, `relationship.fork`, `relationship.continuation`,
/// `outstanding_work.tracked`, `outstanding_work.untracked` and `allocator` can be required; those, `context`
/// and `mapping` (always `mapping.thread`) can be queried. Use boost::asio::require(), prefer() and query()
/// for it, not the members. A `tracked` executor counts as work: run() doesn't return while it exists. An
/// executor must not be used after its context has ended.
///
/// @tparam Allocator what a submitted function's memory comes from.
/// @tparam Bits properties of the type; not to be named by users.
///
/// @par Thread safety
/// Distinct objects: safe. Shared objects: safe for const members, as for any value.
///
/// @par Example
/// @code
/// asio_uring::io_context context;
/// asio_uring::io_context::executor_type executor = context.get_executor();
/// executor.execute([] { std::cout << "a function\n"; });
/// boost::asio::any_io_executor any = executor;
/// boost::asio::post(any, [] { std::cout << "another\n"; });
/// context.run();
/// @endcode
template <typename Allocator, std::uintptr_t Bits>
class io_context::basic_executor_type : detail::io_context_executor_bits, Allocator
{
    static constexpr bool tracked = (Bits & outstanding_work_tracked) != 0;

public:
    /// Makes an executor of the same context and properties. Never throws.
    basic_executor_type(const basic_executor_type& other) noexcept
        : io_context_executor_bits(),
          Allocator(other.allocator()),
          target_(other.target_)
    {
        start_tracking();
    }

    /// Takes the other's context and properties; a tracked one that was moved from can only be assigned to or
    /// destroyed. Never throws.
    basic_executor_type(basic_executor_type&& other) noexcept
        : io_context_executor_bits(),
          Allocator(static_cast<Allocator&&>(other)),
          target_(other.target_)
    {
        if constexpr (tracked)
            other.target_ = 0;
    }

    /// Ends the work that a tracked executor counts as.
    ~basic_executor_type()
    {
        stop_tracking(context_pointer());
    }

    /// Takes the other's context and properties. Never throws.
    basic_executor_type& operator=(const basic_executor_type& other) noexcept;

    /// Takes the other's context and properties, as the move constructor. Never throws.
    basic_executor_type& operator=(basic_executor_type&& other) noexcept;

    /// For boost::asio::require(): execute() may call the function at once. The default.
    basic_executor_type require(asio::execution::blocking_t::possibly_t) const
    {
        return {context_pointer(), allocator(), bits() & ~blocking_never};
    }

    /// For boost::asio::require(): execute() never calls the function before it returns.
    basic_executor_type require(asio::execution::blocking_t::never_t) const
    {
        return {context_pointer(), allocator(), bits() | blocking_never};
    }

    /// For boost::asio::require(): a function starts something new. The default.
    basic_executor_type require(asio::execution::relationship_t::fork_t) const
    {
        return {context_pointer(), allocator(), bits() & ~relationship_continuation};
    }

    /// For boost::asio::require(): a function goes on with what the caller does, on the same thread if
    /// possible.
    basic_executor_type require(asio::execution::relationship_t::continuation_t) const
    {
        return {context_pointer(), allocator(), bits() | relationship_continuation};
    }

    /// For boost::asio::require(): the executor itself counts as work of the context.
    basic_executor_type<Allocator, Bits | outstanding_work_tracked> require(
        asio::execution::outstanding_work_t::tracked_t) const
    {
        return {context_pointer(), allocator(), bits()};
    }

    /// For boost::asio::require(): the executor doesn't count as work. The default.
    basic_executor_type<Allocator, Bits & ~outstanding_work_tracked> require(
        asio::execution::outstanding_work_t::untracked_t) const
    {
        return {context_pointer(), allocator(), bits()};
    }

    /// For boost::asio::require(): memory comes from this allocator.
    template <typename OtherAllocator>
    basic_executor_type<OtherAllocator, Bits> require(
        asio::execution::allocator_t<OtherAllocator> other) const
    {
        return {context_pointer(), other.value(), bits()};
    }

    /// For boost::asio::require(): memory comes from std::allocator, recycled by Asio.
    basic_executor_type<std::allocator<void>, Bits> require(asio::execution::allocator_t<void>) const
    {
        return {context_pointer(), std::allocator<void>(), bits()};
    }

    /// For boost::asio::query(): always `mapping.thread`.
    static constexpr asio::execution::mapping_t query(asio::execution::mapping_t) noexcept
    {
        return asio::execution::mapping.thread;
    }

#if defined(ASIO_URING_ASIO_HAS_INLINE_EXCEPTION_HANDLING)
    /// For boost::asio::query(): always `inline_exception_handling.capture`. Since Boost 1.90.
    static constexpr asio::execution::inline_exception_handling_t query(
        asio::execution::inline_exception_handling_t) noexcept
    {
        return asio::execution::inline_exception_handling.capture;
    }
#endif

    /// For boost::asio::query(): the context.
    io_context& query(asio::execution::context_t) const noexcept
    {
        return *context_pointer();
    }

    /// For boost::asio::query(): `blocking.possibly` or `blocking.never`.
    asio::execution::blocking_t query(asio::execution::blocking_t) const noexcept
    {
        return (bits() & blocking_never) != 0
                   ? asio::execution::blocking_t(asio::execution::blocking.never)
                   : asio::execution::blocking_t(asio::execution::blocking.possibly);
    }

    /// For boost::asio::query(): `relationship.fork` or `relationship.continuation`.
    asio::execution::relationship_t query(asio::execution::relationship_t) const noexcept
    {
        return (bits() & relationship_continuation) != 0
                   ? asio::execution::relationship_t(asio::execution::relationship.continuation)
                   : asio::execution::relationship_t(asio::execution::relationship.fork);
    }

    /// For boost::asio::query(): `outstanding_work.tracked` or `outstanding_work.untracked`.
    static constexpr asio::execution::outstanding_work_t query(asio::execution::outstanding_work_t) noexcept
    {
        return tracked ? asio::execution::outstanding_work_t(asio::execution::outstanding_work.tracked)
                       : asio::execution::outstanding_work_t(asio::execution::outstanding_work.untracked);
    }

    /// For boost::asio::query(): the allocator, whichever type was asked for.
    template <typename OtherAllocator>
    Allocator query(asio::execution::allocator_t<OtherAllocator>) const noexcept
    {
        return allocator();
    }

    /// For boost::asio::query(): the allocator.
    Allocator query(asio::execution::allocator_t<void>) const noexcept
    {
        return allocator();
    }

    /// Whether this thread is in a run or poll function of the context. Never throws.
    bool running_in_this_thread() const noexcept
    {
        return scheduler().can_dispatch();
    }

    /// Whether both stand for the same context with the same properties and equal allocators.
    friend bool operator==(const basic_executor_type& a, const basic_executor_type& b) noexcept
    {
        return a.target_ == b.target_ && a.allocator() == b.allocator();
    }

    /// Whether the two differ.
    friend bool operator!=(const basic_executor_type& a, const basic_executor_type& b) noexcept
    {
        return !(a == b);
    }

    /// Calls a function at once where the properties allow it and this thread runs the context, queues it
    /// otherwise.
    ///
    /// @param function what to call, as `void function()`. What it throws leaves run(), not execute().
    /// @throws what the function's move or the allocator throws.
    template <typename Function>
    void execute(Function&& function) const;

#if !defined(ASIO_URING_NO_TS_EXECUTORS)
    /// The context. Never throws.
    io_context& context() const noexcept
    {
        return *context_pointer();
    }

    /// Counts one more piece of work: run() won't return before on_work_finished() takes it back. Never
    /// throws.
    void on_work_started() const noexcept
    {
        count_work(*context_pointer());
    }

    /// Takes one piece of work back. Never throws.
    void on_work_finished() const noexcept
    {
        scheduler().work_finished();
    }

    /// Calls a function at once where this thread runs the context, queues it otherwise.
    ///
    /// @param function what to call, as `void function()`. What it throws leaves dispatch() where it is
    /// called at once.
    /// @param other what the memory of a queued function comes from.
    template <typename Function, typename OtherAllocator>
    void dispatch(Function&& function, const OtherAllocator& other) const;

    /// Queues a function; never calls it inside post().
    ///
    /// @param function what to call, as `void function()`.
    /// @param other what its memory comes from.
    template <typename Function, typename OtherAllocator>
    void post(Function&& function, const OtherAllocator& other) const;

    /// Queues a function that goes on with what the caller does; never calls it inside defer().
    ///
    /// @param function what to call, as `void function()`.
    /// @param other what its memory comes from.
    template <typename Function, typename OtherAllocator>
    void defer(Function&& function, const OtherAllocator& other) const;
#endif

private:
    friend class io_context;
    template <typename, std::uintptr_t>
    friend class basic_executor_type;

    basic_executor_type(io_context* context, const Allocator& allocator, std::uintptr_t bits) noexcept
        : Allocator(allocator),
          target_(reinterpret_cast<std::uintptr_t>(context) | bits)
    {
        start_tracking();
    }

    io_context* context_pointer() const noexcept
    {
        return reinterpret_cast<io_context*>(target_ & ~runtime_bits);
    }

    detail::scheduler& scheduler() const noexcept
    {
        return context_pointer()->scheduler_;
    }

    const Allocator& allocator() const noexcept
    {
        return *this;
    }

    std::uintptr_t bits() const noexcept
    {
        return target_ & runtime_bits;
    }

    // A tracked executor that was moved from has no context.
    void start_tracking() const noexcept
    {
        if constexpr (tracked)
            if (io_context* const context = context_pointer())
                count_work(*context);
    }

    static void count_work(io_context& context) noexcept
    {
        context.scheduler_.work_started();
        if (context.reactor_ != nullptr)
            context.reactor_->work_of_others_started();
    }

    static void stop_tracking([[maybe_unused]] io_context* context) noexcept
    {
        if constexpr (tracked)
            if (context != nullptr)
                context->scheduler_.work_finished();
    }

    // Makes an operation of a function and gives it to the scheduler; `name` is for Asio's handler tracking.
    template <typename Function, typename OtherAllocator>
    void enqueue(
        Function&& function, const OtherAllocator& other, bool is_continuation, const char* name) const;

    // The context's address, and the runtime bits in its low bits.
    std::uintptr_t target_;
};

} // namespace asio_uring

#include <asio_uring/detail/io_context_executor_inline.hpp>

#endif // ASIO_URING_DETAIL_IO_CONTEXT_EXECUTOR_HPP
