// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What the tests of the loop share: a completion that remembers its results, and bounded runs.

#ifndef ASIO_URING_TEST_RECORDED_HPP
#define ASIO_URING_TEST_RECORDED_HPP

#include <asio_uring/loop.hpp>

#include <array>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <sys/uio.h>
#include <utility>
#include <vector>

namespace asio_uring::test {

/// No test waits longer than this for something that should happen soon; a loaded machine is slow, not
/// broken.
inline constexpr std::chrono::seconds patience{30};

inline std::error_code system_error_code(int value)
{
    return {value, std::system_category()};
}

/// A completion that remembers what its callback got, and then does what the test wants.
class recorded : public completion
{
public:
    using continuation = std::function<next_step(recorded&, result)>;

    recorded() : completion(operation::noop{}, &recorded::call) {}

    explicit recorded(operation::any what, continuation next = {})
        : completion(what, &recorded::call),
          next_(std::move(next))
    {}

    void then(continuation next)
    {
        next_ = std::move(next);
    }

    /// Starts it as a timer.
    void start_timer(asio_uring::loop& l, asio_uring::loop::duration after)
    {
        l.timer(*this, after, &recorded::call);
    }

    std::size_t calls() const
    {
        return results.size();
    }

    /// The only result, of a completion that was called once.
    result only() const
    {
        BOOST_REQUIRE(results.size() == 1u);
        return results.front();
    }

    bool active() const
    {
        return get_state() == completion::state::active;
    }

    std::vector<result> results;

    static next_step call(asio_uring::loop&, completion& c, result r)
    {
        auto& self = static_cast<recorded&>(c);
        self.results.push_back(r);
        return self.next_ ? self.next_(self, r) : next_step::disarm;
    }

private:
    continuation next_;
};

/// The two pieces of a list of buffers.
inline std::array<iovec, 2> pieces_of(std::string& first, std::string& second)
{
    return {iovec{first.data(), first.size()}, iovec{second.data(), second.size()}};
}

/// Carries out one operation and gives its result.
inline result carry_out(loop& l, operation::any what)
{
    recorded c(what);
    l.add(c);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    return c.only();
}

/// Drives a loop, as a scheduler does, while others that hold the lock add and cancel, and as long as `more`
/// says under the lock.
template <typename Condition>
void drive(loop& l, std::mutex& mutex, Condition more)
{
    std::unique_lock lock(mutex);
    while (more())
    {
        const loop::wait_plan plan = l.begin_tick(true);
        lock.unlock();
        BOOST_TEST(!l.wait(plan));
        lock.lock();
        l.end_tick();
    }
}

/// Runs a loop tick by tick until something holds, or patience is over. Returns whether it holds.
template <typename Condition>
bool run_until(loop& l, Condition holds)
{
    const auto end = std::chrono::steady_clock::now() + patience;
    while (!holds() && std::chrono::steady_clock::now() < end)
    {
        if (l.wait(l.begin_tick(true, std::chrono::milliseconds(100))))
            return false;
        l.end_tick();
    }
    return holds();
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_RECORDED_HPP
