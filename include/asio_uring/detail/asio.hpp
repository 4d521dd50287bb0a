// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The adaptor to Asio: the only file that names boost::asio::detail or knows what differs between Asio's
// versions. Everything of Asio's implementation that this library depends on is included and named here.

#ifndef ASIO_URING_DETAIL_ASIO_HPP
#define ASIO_URING_DETAIL_ASIO_HPP

#include <asio_uring/detail/asio_flavour.hpp>
#include ASIO_URING_ASIO_HEADER(associated_cancellation_slot)
#include ASIO_URING_ASIO_HEADER(async_result)
#include ASIO_URING_ASIO_HEADER(basic_stream_socket)
#include ASIO_URING_ASIO_HEADER(buffer)
#include ASIO_URING_ASIO_HEADER(defer)
#include ASIO_URING_ASIO_DETAIL_HEADER(bind_handler)
#include ASIO_URING_ASIO_DETAIL_HEADER(buffer_sequence_adapter)
#include ASIO_URING_ASIO_DETAIL_HEADER(chrono_time_traits)
#include ASIO_URING_ASIO_DETAIL_HEADER(completion_handler)
#include ASIO_URING_ASIO_DETAIL_HEADER(concurrency_hint)
#include ASIO_URING_ASIO_DETAIL_HEADER(config)
#include ASIO_URING_ASIO_DETAIL_HEADER(deadline_timer_service)
#include ASIO_URING_ASIO_DETAIL_HEADER(descriptor_ops)
#include ASIO_URING_ASIO_DETAIL_HEADER(epoll_reactor)
#include ASIO_URING_ASIO_DETAIL_HEADER(executor_op)
#include ASIO_URING_ASIO_DETAIL_HEADER(fenced_block)
#include ASIO_URING_ASIO_DETAIL_HEADER(handler_alloc_helpers)
#include ASIO_URING_ASIO_DETAIL_HEADER(handler_cont_helpers)
#include ASIO_URING_ASIO_DETAIL_HEADER(handler_tracking)
#include ASIO_URING_ASIO_DETAIL_HEADER(handler_work)
#include ASIO_URING_ASIO_DETAIL_HEADER(io_object_impl)
#include ASIO_URING_ASIO_DETAIL_HEADER(memory)
#include ASIO_URING_ASIO_DETAIL_HEADER(op_queue)
#include ASIO_URING_ASIO_DETAIL_HEADER(posix_serial_port_service)
#include ASIO_URING_ASIO_DETAIL_HEADER(reactive_descriptor_service)
#include ASIO_URING_ASIO_DETAIL_HEADER(reactive_socket_service)
#include ASIO_URING_ASIO_DETAIL_HEADER(resolver_service)
#include ASIO_URING_ASIO_DETAIL_HEADER(scheduler)
#include ASIO_URING_ASIO_DETAIL_HEADER(scheduler_operation)
#include ASIO_URING_ASIO_DETAIL_HEADER(scheduler_task)
#include ASIO_URING_ASIO_DETAIL_HEADER(scheduler_thread_info)
#include ASIO_URING_ASIO_DETAIL_HEADER(service_registry)
#include ASIO_URING_ASIO_DETAIL_HEADER(signal_blocker)
#include ASIO_URING_ASIO_DETAIL_HEADER(signal_set_service)
#include ASIO_URING_ASIO_DETAIL_HEADER(socket_holder)
#include ASIO_URING_ASIO_DETAIL_HEADER(socket_ops)
#include ASIO_URING_ASIO_DETAIL_HEADER(strand_executor_service)
#include ASIO_URING_ASIO_DETAIL_HEADER(thread_context)
#include ASIO_URING_ASIO_DETAIL_HEADER(throw_error)
#include ASIO_URING_ASIO_DETAIL_HEADER(throw_exception)
#include ASIO_URING_ASIO_DETAIL_HEADER(wrapped_handler)
#include ASIO_URING_ASIO_HEADER(dispatch)
#include ASIO_URING_ASIO_HEADER(error)
#include ASIO_URING_ASIO_HEADER(execution)
#include ASIO_URING_ASIO_HEADER(execution_context)
#include ASIO_URING_ASIO_POSIX_HEADER(descriptor_base)
#include ASIO_URING_ASIO_HEADER(post)
#include ASIO_URING_ASIO_HEADER(serial_port_base)
#include ASIO_URING_ASIO_HEADER(socket_base)
#include ASIO_URING_ASIO_HEADER(strand)
#include ASIO_URING_ASIO_HEADER(thread_pool)
#include ASIO_URING_ASIO_HEADER(wait_traits)
#include <chrono>
#include <cstddef>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

// Invocation hooks: gone since Boost 1.84, and their header with them.
#if ASIO_URING_ASIO_VERSION < 103000
#include ASIO_URING_ASIO_DETAIL_HEADER(handler_invoke_helpers)
#define ASIO_URING_ASIO_HAS_INVOKE_HOOKS
#endif

// Since Boost 1.87 the scheduler reads its concurrency hint from the execution_context's configuration.
#if ASIO_URING_ASIO_VERSION >= 103400
#include ASIO_URING_ASIO_HEADER(config)
#define ASIO_URING_ASIO_HAS_CONTEXT_CONFIG
#endif

// Since Boost 1.90 an executor tells whether execute() lets exceptions out.
#if ASIO_URING_ASIO_VERSION >= 103800
#define ASIO_URING_ASIO_HAS_INLINE_EXCEPTION_HANDLING
#endif

// Since Boost 1.89 a context may have an allocator.
#if ASIO_URING_ASIO_VERSION >= 103600
#define ASIO_URING_ASIO_HAS_CONTEXT_ALLOCATOR
#endif

#if defined(ASIO_URING_HAS_FILE)
#include ASIO_URING_ASIO_DETAIL_HEADER(io_uring_file_service)
#include ASIO_URING_ASIO_HEADER(file_base)
#include ASIO_URING_ASIO_HEADER(registered_buffer)
#endif

// Signals are registered with flags since Boost 1.82.
#if ASIO_URING_ASIO_VERSION >= 102800
#include ASIO_URING_ASIO_HEADER(signal_set_base)
#define ASIO_URING_ASIO_HAS_SIGNAL_FLAGS
#endif

/// Defines the class `ptr`, which owns the memory of an operation, taken from the allocator of its Handler.
#define ASIO_URING_DEFINE_HANDLER_PTR(operation) ASIO_URING_ASIO_MACRO(DEFINE_HANDLER_PTR)(operation)

/// Asio's handler tracking around the call of a handler.
#define ASIO_URING_HANDLER_COMPLETION(arguments) ASIO_URING_ASIO_MACRO(HANDLER_COMPLETION)(arguments)
#define ASIO_URING_HANDLER_INVOCATION_BEGIN(arguments)                                                       \
    ASIO_URING_ASIO_MACRO(HANDLER_INVOCATION_BEGIN)(arguments)
#define ASIO_URING_HANDLER_INVOCATION_END ASIO_URING_ASIO_MACRO(HANDLER_INVOCATION_END)

/// Tells Asio's handler tracking of a synchronous call on an I/O object.
#define ASIO_URING_HANDLER_OPERATION(arguments) ASIO_URING_ASIO_MACRO(HANDLER_OPERATION)(arguments)

/// Remembers in an error_code where it was set, where Asio does.
#define ASIO_URING_ERROR_LOCATION(ec) ASIO_URING_ASIO_MACRO(ERROR_LOCATION)(ec)

/// Tells Asio's handler tracking of a new operation; `arguments` in parentheses, as Asio's macro takes them.
#define ASIO_URING_HANDLER_CREATION(arguments) ASIO_URING_ASIO_MACRO(HANDLER_CREATION)(arguments)

/// The hint of a context that was given none. As in Asio, a program may define its own.
#define ASIO_URING_CONCURRENCY_HINT_DEFAULT ASIO_URING_ASIO_MACRO(CONCURRENCY_HINT_DEFAULT)

namespace asio_uring {

#if defined(ASIO_URING_STANDALONE_ASIO)
namespace asio = ::asio;
using asio::error_code;
using asio::system_error;
#else
namespace asio = ::boost::asio;
using boost::system::error_code;
using boost::system::system_error;
#endif

namespace detail {

namespace descriptor_ops = asio::detail::descriptor_ops;
namespace socket_ops = asio::detail::socket_ops;

using asio_scheduler = asio::detail::scheduler;
using asio::detail::atomic_count;
using asio::detail::binder1;
using asio::detail::binder2;
using asio::detail::completion_handler;
using asio::detail::execution_context_service_base;
using asio::detail::executor_op;
using asio::detail::fenced_block;
using asio::detail::move_binder2;
using asio::detail::op_queue;
using asio::detail::scheduler_operation;
using asio::detail::scheduler_task;
using asio::detail::socket_holder;
using asio::detail::strand_executor_service;
using asio::detail::thread_context;
using asio::detail::throw_error;
using asio::detail::throw_exception;
using asio::detail::wrapped_handler;
using strand_continuation = asio::detail::is_continuation_if_running;

/// The operation behind this one in the queue that it is in, or was in last; null where there is none.
template <typename Operation>
[[nodiscard]] inline Operation* next_of(Operation* op) noexcept
{
    return asio::detail::op_queue_access::next(op);
}

/// The last operation of a queue; null where it is empty.
template <typename Operation>
[[nodiscard]] inline const Operation* last_of(op_queue<Operation>& queue) noexcept
{
    return asio::detail::op_queue_access::back(queue);
}

/// Links an operation to another, outside of any queue.
template <typename Operation>
inline void set_next(Operation* op, Operation* next) noexcept
{
    asio::detail::op_queue_access::next(op, next);
}

/// Gives a queue operations that are linked to each other. It forgets those that it has.
template <typename Operation>
inline void set_all(op_queue<Operation>& queue, Operation* first, Operation* last) noexcept
{
    asio::detail::op_queue_access::front(queue) = first;
    asio::detail::op_queue_access::back(queue) = last;
}

/// Makes a queue forget its operations, which stay linked to each other.
template <typename Operation>
inline void forget_all(op_queue<Operation>& queue) noexcept
{
    set_all<Operation>(queue, nullptr, nullptr);
}

/// As long as one lives, its thread and those that it starts get no signals.
using asio::detail::signal_blocker;

#if defined(ASIO_URING_ASIO_SHOWS_SIGNALS)
/// Signal numbers are smaller.
inline constexpr int max_signal_number = asio::detail::max_signal_number;

/// Guards what Asio knows of the signals of the process.
using signal_lock = asio::detail::static_mutex::scoped_lock;

[[nodiscard]] inline asio::detail::static_mutex& signal_mutex()
{
    asio::detail::static_mutex& mutex = asio::detail::get_signal_state()->mutex_;
    mutex.init();
    return mutex;
}

/// How many registrations a signal has in the process, Asio's own and ours. Asio's sets leave the disposition
/// of a signal alone while there are others.
[[nodiscard]] inline std::size_t& signal_registrations(int signal_number)
{
    return asio::detail::get_signal_state()->registration_count_[signal_number];
}

/// Asio's handler of signals, which tells its own sets. Async-signal-safe.
inline constexpr auto& asio_signal_handler = asio::detail::ASIO_URING_ASIO_OUTER_NAME(signal_handler);

#if defined(ASIO_URING_ASIO_HAS_SIGNAL_FLAGS)
using signal_flags = asio::signal_set_base::flags_t;
inline constexpr signal_flags any_signal_flags = asio::signal_set_base::flags::dont_care;

/// The flags of a signal that the sets of the process have agreed on.
[[nodiscard]] inline signal_flags agreed_signal_flags(int signal_number)
{
    return asio::detail::get_signal_state()->flags_[signal_number];
}

inline void agree_on_signal_flags(int signal_number, signal_flags flags)
{
    asio::detail::get_signal_state()->flags_[signal_number] = flags;
}
#else
enum class signal_flags
{
    dont_care = -1
};
inline constexpr signal_flags any_signal_flags = signal_flags::dont_care;

[[nodiscard]] inline signal_flags agreed_signal_flags(int)
{
    return any_signal_flags;
}

inline void agree_on_signal_flags(int, signal_flags) {}
#endif
#endif

/// What Asio's own task is, as a person would call it.
inline constexpr const char asio_task_name[] = "Asio's epoll reactor";

/// Makes the task of a scheduler, when the first service asks for one. Called at most once a context.
using get_task_function = asio_scheduler::get_task_func_type;

/// Whether two threads may use a context at a time, of this hint or, since Boost 1.87, as it is configured.
[[nodiscard]] inline bool needs_locks(
    [[maybe_unused]] asio::execution_context& context, [[maybe_unused]] int concurrency_hint)
{
#if defined(ASIO_URING_ASIO_HAS_CONTEXT_CONFIG)
    const asio::config config(context);
    return config.get("scheduler", "locking", true) && config.get("reactor", "io_locking", true);
#else
    return ASIO_URING_ASIO_MACRO(CONCURRENCY_HINT_IS_LOCKING)(SCHEDULER, concurrency_hint) &&
           ASIO_URING_ASIO_MACRO(CONCURRENCY_HINT_IS_LOCKING)(REACTOR_IO, concurrency_hint);
#endif
}

/// The hint as the scheduler takes it: a program may replace the value 1, as in Asio.
[[nodiscard]] inline int scheduler_hint(int concurrency_hint) noexcept
{
    return concurrency_hint == 1 ? ASIO_URING_ASIO_MACRO(CONCURRENCY_HINT_1) : concurrency_hint;
}

/// Whether only one thread is to run a context, of this hint or, since Boost 1.87, as it is configured.
[[nodiscard]] inline bool runs_on_one_thread(asio::execution_context& context, int concurrency_hint)
{
#if defined(ASIO_URING_ASIO_HAS_CONTEXT_CONFIG)
    concurrency_hint = asio::config(context).get("scheduler", "concurrency_hint", concurrency_hint);
#else
    concurrency_hint = scheduler_hint(concurrency_hint);
#endif
    return concurrency_hint == 1 || !needs_locks(context, concurrency_hint);
}

/// Adds Asio's scheduler to a context, with its task made by `get_task`, or Asio's own task where that is
/// null.
///
/// @param concurrency_hint the result of scheduler_hint(). Not used since Boost 1.87, where the context
/// carries it.
[[nodiscard]] inline asio_scheduler& make_asio_scheduler(
    asio::execution_context& context, [[maybe_unused]] int concurrency_hint, get_task_function get_task)
{
    constexpr bool own_thread = false;
#if defined(ASIO_URING_ASIO_HAS_CONTEXT_CONFIG)
    return get_task != nullptr ? asio::make_service<asio_scheduler>(context, own_thread, get_task)
                               : asio::make_service<asio_scheduler>(context, own_thread);
#else
    return get_task != nullptr
               ? asio::make_service<asio_scheduler>(context, concurrency_hint, own_thread, get_task)
               : asio::make_service<asio_scheduler>(context, concurrency_hint, own_thread);
#endif
}

/// Calls a function object on behalf of a handler, through the handler's invocation hook where Asio has them.
/// Name it `detail::invoke`: without, a function object out of namespace std finds std::invoke.
template <typename Function, typename Handler>
inline void invoke(Function& function, [[maybe_unused]] Handler& handler)
{
#if defined(ASIO_URING_ASIO_HAS_INVOKE_HOOKS)
    ASIO_URING_ASIO_OUTER_NAME(handler_invoke_helpers)::invoke(function, handler);
#else
    static_cast<Function&&>(function)();
#endif
}

/// Calls a function object; what it throws leaves the run() that this thread is in, not this function.
template <typename Scheduler, typename Function>
inline void invoke_and_capture(Scheduler& scheduler, Function& function)
{
#if !defined(ASIO_URING_NO_EXCEPTIONS)
    try
    {
#endif
        fenced_block barrier(fenced_block::full);
        detail::invoke(function, function);
#if !defined(ASIO_URING_NO_EXCEPTIONS)
    }
    catch (...)
    {
        scheduler.capture_current_exception();
    }
#else
    static_cast<void>(scheduler);
#endif
}

/// The executor work of one operation: what its handler is to run on, and whether it may run at once when the
/// scheduler of `Context` runs the operation. Asio's own for another context than its io_context.
template <typename Executor, typename CandidateExecutor, typename Context>
using executor_work = asio::detail::handler_work_base<Executor, CandidateExecutor, Context>;

/// Whether a handler has no executor of its own.
template <typename Handler, typename IoExecutor, typename = void>
struct runs_on_io_executor : std::false_type
{};

template <typename Handler, typename IoExecutor>
struct runs_on_io_executor<Handler, IoExecutor,
    std::enable_if_t<std::is_same_v<
        typename asio::associated_executor<Handler, IoExecutor>::asio_associated_executor_is_unspecialised,
        void>>> : std::true_type
{};

/// Whether the sockets of a protocol are known to be stream sockets. A protocol need not name its socket.
template <typename Protocol, typename = void>
inline constexpr bool is_stream_protocol = false;

template <typename Protocol>
inline constexpr bool is_stream_protocol<Protocol, std::void_t<typename Protocol::socket>> =
    std::is_same_v<typename Protocol::socket, asio::basic_stream_socket<Protocol>>;

/// What asks for nothing but a wait, as functions take it. Deprecated since Boost 1.90; a reference to it can
/// be named without a warning.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
using null_buffers_argument = const asio::null_buffers&;
#pragma GCC diagnostic pop

/// How Asio's timers on the monotonic clock are told from others.
using steady_time_traits =
    asio::detail::chrono_time_traits<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>>;

/// Whether the type of a buffer sequence says that it has one buffer.
template <typename Buffer, typename BufferSequence>
inline constexpr bool is_single_buffer =
    asio::detail::buffer_sequence_adapter<Buffer, BufferSequence>::is_single_buffer;

/// What io_context::wrap() dispatches through: the context itself, an executor of it since Boost 1.87.
template <typename Context>
[[nodiscard]] inline decltype(auto) dispatcher_of(Context& context)
{
#if ASIO_URING_ASIO_VERSION < 103300
    return (context);
#else
    return context.get_executor();
#endif
}

/// Whether the handler's next operation continues the work of the one that just ended.
template <typename Handler>
[[nodiscard]] inline bool is_continuation(Handler& handler)
{
    return ASIO_URING_ASIO_OUTER_NAME(handler_cont_helpers)::is_continuation(handler);
}

// What Asio doesn't tell. In an explicit instantiation private names may be named.
template <typename Secret, typename Secret::type Member>
struct revealed
{
    friend constexpr typename Secret::type reveal(Secret) noexcept
    {
        return Member;
    }
};

#if defined(ASIO_URING_HAS_FILE)
struct registered_buffer_scope
{
    using type = const void* asio::registered_buffer_id::*;
    friend constexpr type reveal(registered_buffer_scope) noexcept;
};

template struct revealed<registered_buffer_scope, &asio::registered_buffer_id::scope_>;

/// The index of the buffer that a buffer sequence is a part of among those that a program has registered with
/// a context; -1 where it isn't such a sequence.
template <typename Buffer, typename BufferSequence>
[[nodiscard]] int registered_index(
    [[maybe_unused]] const BufferSequence& buffers, [[maybe_unused]] const asio::execution_context& context)
{
    using adapter = asio::detail::buffer_sequence_adapter<Buffer, BufferSequence>;
    if constexpr (adapter::is_registered_buffer)
    {
        const asio::registered_buffer_id id = adapter(buffers).registered_id();
        if (id.*reveal(registered_buffer_scope()) == &context)
            return id.native_handle();
    }
    return -1;
}
#endif

#if defined(ASIO_URING_OWN_SCHEDULER)
template <typename Secret, auto Member>
struct revealed_member
{
    friend constexpr auto reveal(Secret) noexcept
    {
        return Member;
    }
};

struct scheduler_mutex
{
    friend constexpr auto reveal(scheduler_mutex) noexcept;
};

struct scheduler_queue
{
    friend constexpr auto reveal(scheduler_queue) noexcept;
};

struct scheduler_task_pointer
{
    friend constexpr auto reveal(scheduler_task_pointer) noexcept;
};

struct scheduler_task_interrupted
{
    friend constexpr auto reveal(scheduler_task_interrupted) noexcept;
};

struct scheduler_work
{
    friend constexpr auto reveal(scheduler_work) noexcept;
};

struct operation_task_result
{
    friend constexpr auto reveal(operation_task_result) noexcept;
};

template struct revealed_member<scheduler_mutex, &asio_scheduler::mutex_>;
template struct revealed_member<scheduler_queue, &asio_scheduler::op_queue_>;
template struct revealed_member<scheduler_task_pointer, &asio_scheduler::task_>;
template struct revealed_member<scheduler_task_interrupted, &asio_scheduler::task_interrupted_>;
template struct revealed_member<scheduler_work, &asio_scheduler::outstanding_work_>;
template struct revealed_member<operation_task_result, &scheduler_operation::task_result_>;

/// What Asio's scheduler knows of a thread that runs it.
using scheduler_thread = asio::detail::scheduler_thread_info;

/// The count of unfinished work. May be changed by any thread.
[[nodiscard]] inline atomic_count& work_of(asio_scheduler& s) noexcept
{
    return s.*reveal(scheduler_work());
}

/// What an operation was given by Asio's reactor to be told when it is run.
[[nodiscard]] inline std::size_t task_result_of(const scheduler_operation& op) noexcept
{
    return op.*reveal(operation_task_result());
}

/// Makes a scheduler, which nobody runs, call task.interrupt(), under its lock, when it gets an operation.
/// Once, then again after each take_operations().
inline void be_told(asio_scheduler& s, scheduler_task& task)
{
    auto& mutex = s.*reveal(scheduler_mutex());
    const typename std::decay_t<decltype(mutex)>::scoped_lock lock(mutex);
    s.*reveal(scheduler_task_pointer()) = &task;
    s.*reveal(scheduler_task_interrupted()) = false;
}

/// Moves the operations of a scheduler that nobody runs to the end of a queue.
inline void take_operations(asio_scheduler& s, op_queue<scheduler_operation>& to)
{
    auto& mutex = s.*reveal(scheduler_mutex());
    const typename std::decay_t<decltype(mutex)>::scoped_lock lock(mutex);
    to.push(s.*reveal(scheduler_queue()));
    s.*reveal(scheduler_task_interrupted()) = false;
}
#endif

using asio_reactor = asio::detail::epoll_reactor;

struct asio_reactor_descriptor
{
    using type = int asio_reactor::*;
    friend constexpr type reveal(asio_reactor_descriptor) noexcept;
};

template struct revealed<asio_reactor_descriptor, &asio_reactor::epoll_fd_>;

/// The descriptor that becomes readable when Asio's reactor has something to do.
[[nodiscard]] inline int descriptor_of(const asio_reactor& r) noexcept
{
    return r.*reveal(asio_reactor_descriptor());
}

/// Asio's reactor in a context, null where nothing has made one.
[[nodiscard]] inline asio_reactor* find_asio_reactor(asio::execution_context& context)
{
    return asio::has_service<asio_reactor>(context) ? &asio::use_service<asio_reactor>(context) : nullptr;
}

/// Gives a service to a context, which owns it from then on.
///
/// @throws asio::service_already_exists, asio::invalid_service_owner; the caller then still owns it.
template <typename Service>
inline void adopt_service(asio::execution_context& context, Service* service)
{
// Deprecated since Boost 1.89, but the only way for an object that exists already.
#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#endif
    asio::add_service<Service>(context, service);
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif
}

/// An error of the loop or the standard library as Asio's functions tell it: a value of errno has Asio's
/// category.
inline error_code asio_error(const std::error_code& error)
{
    if (error.category() == std::system_category() || error.category() == std::generic_category())
        return {error.value(), asio::error::get_system_category()};
    return error_code(error);
}

} // namespace detail
} // namespace asio_uring

#endif // ASIO_URING_DETAIL_ASIO_HPP
