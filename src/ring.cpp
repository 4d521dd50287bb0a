// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The set-up of a ring, and its queues.

#include "ring.hpp"

#include "kernel_abi.hpp"
#include "wake_ring.hpp"

#include <asio_uring/detail/assert.hpp>
#include <asio_uring/error.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <thread>
#include <unistd.h>

namespace asio_uring::detail {
namespace {

// The best first. SUBMIT_ALL came with 5.18, COOP_TASKRUN and TASKRUN_FLAG with 5.19.
constexpr unsigned flag_sets[] = {
    IORING_SETUP_SUBMIT_ALL | IORING_SETUP_COOP_TASKRUN | IORING_SETUP_TASKRUN_FLAG,
    IORING_SETUP_SUBMIT_ALL,
};

// The completion queue has this many times the entries of the submission queue.
constexpr unsigned completions_per_submission = 4;

// The kernel gives back the memory of ended rings late, and counts it against RLIMIT_MEMLOCK until then.
constexpr int memory_attempts = 9;
constexpr std::chrono::milliseconds first_memory_pause{1};

constexpr unsigned needed_features =
    IORING_FEAT_NODROP | IORING_FEAT_SUBMIT_STABLE | IORING_FEAT_RW_CUR_POS | IORING_FEAT_EXT_ARG;

template <typename T>
T load_acquire(const T* shared) noexcept
{
    return std::atomic_ref<T>(*const_cast<T*>(shared)).load(std::memory_order_acquire);
}

template <typename T>
void store_release(T* shared, T value) noexcept
{
    std::atomic_ref<T>(*shared).store(value, std::memory_order_release);
}

} // namespace

ring::ring(unsigned entries, kernel& k, std::error_code& error) noexcept : kernel_(k)
{
    error = setup(entries);
}

ring::~ring()
{
    if (owner_ == 0)
        return;
    if (forked())
        close(ring_.ring_fd);
    else
        kernel_.exit(ring_);
}

bool ring::forked() const noexcept
{
    return owner_ != getpid();
}

std::error_code ring::setup(unsigned entries) noexcept
{
    int result = -EINVAL;
    for (const unsigned* flags = std::begin(flag_sets); flags != std::end(flag_sets) && result == -EINVAL;
         ++flags)
        result = try_setup(entries, *flags);
    if (result == -EINVAL)
        return loop_error::kernel_too_old;
    if (result < 0)
        return {-result, std::system_category()};
    owner_ = getpid();
    if (const std::error_code missing = check())
        return missing;
    // The kernel reads the indices in this array; ours never change. liburing 2.5 and later make rings
    // without it where the kernel can (since 6.6).
    if (ring_.sq.array != nullptr)
        for (unsigned i = 0; i < ring_.sq.ring_entries; ++i)
            ring_.sq.array[i] = i;
    return {};
}

int ring::try_setup(unsigned entries, unsigned flags) noexcept
{
    auto pause = first_memory_pause;
    for (int attempt = 1;; ++attempt)
    {
        io_uring_params params{};
        params.flags = flags | IORING_SETUP_CQSIZE;
        params.cq_entries = entries * completions_per_submission;
        const int result = kernel_.setup(entries, ring_, params);
        if (result != -ENOMEM || attempt == memory_attempts)
        {
            features_ = params.features;
            return result;
        }
        std::this_thread::sleep_for(pause);
        pause *= 2;
    }
}

std::error_code ring::check() noexcept
{
    if ((features_ & needed_features) != needed_features)
        return loop_error::kernel_too_old;
    // Synchronous cancel came with 6.0, and with it all else that is used. A filter may forbid the call.
    if (const int result = cancel_now(0); result != -ENOENT)
        return result == -EINVAL ? make_error_code(loop_error::kernel_too_old)
                                 : std::error_code(-result, std::system_category());
    sends_without_ring_ = send_without_ring(0) == 0;
    if (!sends_without_ring_)
        if (const int result = wake_ring::instance().send(wake_message(0)); result < 0)
            return {-result, std::system_category()};
    if (completions() != 1)
        return loop_error::kernel_too_old;
    pop_completion();
    return {};
}

io_uring_sqe* ring::next_submission() noexcept
{
    if (unsubmitted() == ring_.sq.ring_entries)
        return nullptr;
    io_uring_sqe* const sqe = &ring_.sq.sqes[ring_.sq.sqe_tail++ & (ring_.sq.ring_entries - 1)];
    *sqe = {};
    return sqe;
}

int ring::enter(bool wait, std::optional<std::chrono::nanoseconds> limit) noexcept
{
    store_release(ring_.sq.ktail, ring_.sq.sqe_tail);

    unsigned flags = IORING_ENTER_GETEVENTS;
    if (wait && (features_ & abi::feature_no_iowait))
        flags |= abi::enter_no_iowait;
    __kernel_timespec timeout{};
    io_uring_getevents_arg argument{};
    if (wait && limit)
    {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*limit);
        timeout.tv_sec = seconds.count();
        timeout.tv_nsec = (*limit - seconds).count();
        argument.ts = reinterpret_cast<std::uintptr_t>(&timeout);
        flags |= IORING_ENTER_EXT_ARG;
    }
    return (flags & IORING_ENTER_EXT_ARG)
               ? kernel_.enter(ring_.ring_fd, unsubmitted(), 1, flags, &argument, sizeof(argument))
               : kernel_.enter(ring_.ring_fd, unsubmitted(), wait ? 1 : 0, flags, nullptr, _NSIG / 8);
}

bool ring::passes(int result) noexcept
{
    switch (-result)
    {
    case EINTR:
    case ETIME:
    // Memory is short, or completions wait to be seen.
    case EAGAIN:
    case EBUSY:
    case ENOMEM:
        return true;
    default:
        return false;
    }
}

unsigned ring::unsubmitted() const noexcept
{
    return ring_.sq.sqe_tail - load_acquire(ring_.sq.khead);
}

std::uint64_t ring::take_back() noexcept
{
    ASIO_URING_ASSERT(unsubmitted() != 0);
    const unsigned last = --ring_.sq.sqe_tail;
    store_release(ring_.sq.ktail, last);
    return ring_.sq.sqes[last & (ring_.sq.ring_entries - 1)].user_data;
}

unsigned ring::completions() const noexcept
{
    return load_acquire(ring_.cq.ktail) - *ring_.cq.khead;
}

const io_uring_cqe& ring::front_completion() const noexcept
{
    return ring_.cq.cqes[*ring_.cq.khead & (ring_.cq.ring_entries - 1)];
}

void ring::pop_completion() noexcept
{
    store_release(ring_.cq.khead, *ring_.cq.khead + 1);
}

bool ring::completions_behind() const noexcept
{
    return has_pending_work() || (ring_.flags & IORING_SETUP_TASKRUN_FLAG) == 0;
}

bool ring::has_news() const noexcept
{
    return completions() != 0 || has_pending_work();
}

/// Whether the kernel has said that enter() would bring completions. Without TASKRUN_FLAG it doesn't say all.
bool ring::has_pending_work() const noexcept
{
    return (load_acquire(ring_.sq.kflags) & (IORING_SQ_CQ_OVERFLOW | IORING_SQ_TASKRUN)) != 0;
}

void ring::wake(std::uint64_t user_data) noexcept
{
    if (!sends_without_ring_)
    {
        wake_ring::instance().send(wake_message(user_data));
        return;
    }
    // A wake-up may not be lost.
    while (passes(send_without_ring(user_data)))
        std::this_thread::yield();
}

io_uring_sqe ring::wake_message(std::uint64_t user_data) const noexcept
{
    io_uring_sqe message{};
    message.opcode = IORING_OP_MSG_RING;
    message.fd = ring_.ring_fd;
    message.off = user_data;
    return message;
}

int ring::send_without_ring(std::uint64_t user_data) noexcept
{
    io_uring_sqe message = wake_message(user_data);
    return kernel_.register_with(-1, abi::register_send_message, &message, 1);
}

int ring::cancel_now(std::uint64_t user_data) noexcept
{
    io_uring_sync_cancel_reg request{};
    request.addr = user_data;
    request.fd = -1;
    // An operation that is being carried out isn't waited for: its completion queue entry tells when it is
    // over.
    request.timeout.tv_sec = 0;
    request.timeout.tv_nsec = 0;
    return kernel_.register_with(ring_.ring_fd, IORING_REGISTER_SYNC_CANCEL, &request, 1);
}

int ring::register_buffers(const iovec* buffers, unsigned count) noexcept
{
    return register_own(IORING_REGISTER_BUFFERS, const_cast<iovec*>(buffers), count);
}

int ring::unregister_buffers() noexcept
{
    return register_own(IORING_UNREGISTER_BUFFERS, nullptr, 0);
}

/// Registers something with this ring, but not in a child of fork(2): what is registered is its parent's.
int ring::register_own(unsigned opcode, void* argument, unsigned count) noexcept
{
    if (forked())
        return -EBADF;
    int result = -EINTR;
    while (result == -EINTR)
        result = kernel_.register_with(ring_.ring_fd, opcode, argument, count);
    return result;
}

} // namespace asio_uring::detail
