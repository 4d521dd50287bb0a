// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A kernel that fails as the real one may, more often, and from a seed.

#ifndef ASIO_URING_TEST_FAULTY_KERNEL_HPP
#define ASIO_URING_TEST_FAULTY_KERNEL_HPP

#include <asio_uring/detail/kernel.hpp>
#include <asio_uring/loop.hpp>

#include <array>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <deque>
#include <functional>
#include <liburing.h>
#include <map>
#include <optional>
#include <random>
#include <utility>
#include <vector>

namespace asio_uring::test {

/// How often something goes wrong, in percent.
struct fault_rates
{
    /// io_uring_enter fails with EINTR, EAGAIN, EBUSY or ENOMEM and does nothing.
    unsigned failed_enter = 0;
    /// io_uring_enter takes fewer entries than it is given, and then doesn't wait.
    unsigned partial_submission = 0;
    /// An operation isn't carried out and ends in EINTR, ERESTARTSYS or ECANCELED, though nobody asked for
    /// it.
    unsigned accident = 0;
};

/// The real kernel, with faults.
///
/// @par Thread Safety
/// As the real one, once a ring was made. The members that say what fails may be changed between calls.
class faulty_kernel final : public detail::kernel
{
public:
    explicit faulty_kernel(unsigned seed = 0, fault_rates faults = {}) : rates(faults), random_(seed) {}

    fault_rates rates;

    /// Set-up flags that this kernel is too old for, and features that it lacks.
    unsigned unknown_flags = 0;
    unsigned lacking_features = 0;
    /// What the next set-ups fail with, one after another, and what all fail with (0: nothing).
    std::deque<int> next_setups_fail;
    int every_setup_fails = 0;
    /// What the next calls of io_uring_enter return instead of doing anything, one after another.
    std::deque<int> next_enters_return;
    /// What the next submission queue entry is answered instead of being carried out (0: it is carried out).
    int next_submission_answers = 0;
    /// io_uring_register's operations that fail, and what with.
    std::map<unsigned, int> failing_registers;
    /// Called before and after io_uring_enter and io_uring_register, on their thread.
    std::function<void()> before_enter;
    std::function<void()> after_enter;
    std::function<void(unsigned opcode)> before_register;
    std::function<void(unsigned opcode)> after_register;

    /// The flags of each set-up that was tried.
    std::vector<unsigned> setups;
    int rings_made = 0;
    int rings_ended = 0;
    std::atomic<int> accidents{0};
    /// How often io_uring_enter was asked to wait, counted before it does.
    std::atomic<int> waits{0};

    int setup(unsigned entries, io_uring& ring, io_uring_params& params) noexcept override
    {
        setups.push_back(params.flags);
        if (every_setup_fails != 0)
            return every_setup_fails;
        if (const auto error = take(next_setups_fail))
            return *error;
        if (params.flags & unknown_flags)
            return -EINVAL;
        const int result = kernel::system().setup(entries, ring, params);
        if (result == 0)
        {
            ring_ = &ring;
            ++rings_made;
            params.features &= ~lacking_features;
        }
        return result;
    }

    int enter(int ring_fd, unsigned to_submit, unsigned min_complete, unsigned flags, const void* argument,
        std::size_t argument_size) noexcept override
    {
        if (min_complete != 0)
            ++waits;
        if (before_enter)
            before_enter();
        const int result = enter_perhaps(ring_fd, to_submit, min_complete, flags, argument, argument_size);
        if (after_enter)
            after_enter();
        return result;
    }

    int register_with(int ring_fd, unsigned opcode, void* argument, unsigned count) noexcept override
    {
        if (before_register)
            before_register(opcode);
        const auto failing = failing_registers.find(opcode);
        const int result = failing != failing_registers.end()
                               ? failing->second
                               : kernel::system().register_with(ring_fd, opcode, argument, count);
        if (after_register)
            after_register(opcode);
        return result;
    }

    void exit(io_uring& ring) noexcept override
    {
        ++rings_ended;
        kernel::system().exit(ring);
    }

    /// Whether the real kernel can make accidents: since 6.10 a NOP can be told its result.
    static bool has_accidents()
    {
        io_uring ring;
        if (io_uring_queue_init(1, &ring, 0) != 0)
            return false;
        make_accident(*io_uring_get_sqe(&ring), -ECANCELED);
        io_uring_submit_and_wait(&ring, 1);
        io_uring_cqe* cqe = nullptr;
        const bool result = io_uring_peek_cqe(&ring, &cqe) == 0 && cqe->res == -ECANCELED;
        io_uring_queue_exit(&ring);
        return result;
    }

private:
    static constexpr int erestartsys = 512;

    static std::optional<int> take(std::deque<int>& queue)
    {
        if (queue.empty())
            return std::nullopt;
        const int front = queue.front();
        queue.pop_front();
        return front;
    }

    static void make_accident(io_uring_sqe& sqe, int code) noexcept
    {
        // IORING_NOP_INJECT_RESULT, since 6.10.
        constexpr unsigned inject_result = 1;
        const std::uint64_t user_data = sqe.user_data;
        sqe = {};
        sqe.opcode = IORING_OP_NOP;
        sqe.rw_flags = inject_result;
        sqe.len = static_cast<unsigned>(code);
        sqe.user_data = user_data;
    }

    static bool may_have_accidents(const io_uring_sqe& sqe) noexcept
    {
        return sqe.opcode != IORING_OP_ASYNC_CANCEL && sqe.opcode != IORING_OP_CLOSE;
    }

    template <std::size_t N>
    int one_of(const std::array<int, N>& candidates) noexcept
    {
        return candidates[random_() % N];
    }

    bool happens(unsigned percent) noexcept
    {
        return percent != 0 && random_() % 100 < percent;
    }

    int enter_perhaps(int ring_fd, unsigned to_submit, unsigned min_complete, unsigned flags,
        const void* argument, std::size_t argument_size) noexcept
    {
        if (const auto result = take(next_enters_return))
            return *result;
        if (happens(rates.failed_enter))
            return one_of(std::array{-EINTR, -EAGAIN, -EBUSY, -ENOMEM});
        if (to_submit > 1 && happens(rates.partial_submission))
        {
            to_submit = 1 + static_cast<unsigned>(random_() % (to_submit - 1));
            min_complete = 0;
        }
        const unsigned head = *ring_->sq.khead;
        for (unsigned i = 0; i < to_submit; ++i)
        {
            io_uring_sqe& sqe = ring_->sq.sqes[(head + i) & (ring_->sq.ring_entries - 1)];
            if (const int answer = std::exchange(next_submission_answers, 0))
            {
                make_accident(sqe, answer);
            }
            else if (may_have_accidents(sqe) && happens(rates.accident))
            {
                make_accident(sqe, one_of(std::array{-EINTR, -erestartsys, -erestartsys - 1, -ECANCELED}));
                ++accidents;
            }
        }
        return kernel::system().enter(ring_fd, to_submit, min_complete, flags, argument, argument_size);
    }

    std::mt19937 random_;
    io_uring* ring_ = nullptr;
};

/// While it lives, contexts and loops are made on a kernel of the test's.
class substituted_kernel
{
public:
    explicit substituted_kernel(faulty_kernel& kernel) noexcept
    {
        detail::kernel::substitute(&kernel);
    }

    substituted_kernel(const substituted_kernel&) = delete;
    substituted_kernel& operator=(const substituted_kernel&) = delete;

    ~substituted_kernel()
    {
        detail::kernel::substitute(nullptr);
    }
};

/// A loop on a kernel of the test's.
class loop_on : public loop
{
public:
    explicit loop_on(faulty_kernel& kernel, loop_options options = {8, {}})
        : loop_on(kernel, options, std::error_code())
    {}

private:
    loop_on(faulty_kernel& kernel, loop_options options, std::error_code&& error)
        : loop(options, kernel, error)
    {
        BOOST_REQUIRE(!error);
    }
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_FAULTY_KERNEL_HPP
