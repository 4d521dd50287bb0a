// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Operations whose order can be seen, from outside and in their callbacks.

#ifndef ASIO_URING_TEST_ORDERED_WRITES_HPP
#define ASIO_URING_TEST_ORDERED_WRITES_HPP

#include "descriptor.hpp"
#include "faulty_kernel.hpp"
#include "recorded.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <deque>
#include <numeric>
#include <string>
#include <vector>

namespace asio_uring::test {

/// Operations that complete at once: each writes one byte to a pipe.
class ordered_writes
{
public:
    ordered_writes(std::size_t count, const pipe_pair& target) : bytes_(count)
    {
        std::iota(bytes_.begin(), bytes_.end(), static_cast<unsigned char>(0));
        for (unsigned char& byte : bytes_)
            completions_.emplace_back(operation::write{target.writer.get(), &byte, 1},
                [this](recorded& self, result r)
                {
                    if (r.bytes() == 1)
                        called_.push_back(&self);
                    return next_step::disarm;
                });
    }

    void add_to(loop& l)
    {
        for (recorded& c : completions_)
            l.add(c);
    }

    std::size_t calls() const
    {
        return called_.size();
    }

    /// Whether each succeeded once, and was called back in the order in which they were added.
    bool called_in_order() const
    {
        return std::equal(called_.begin(), called_.end(), completions_.begin(), completions_.end(),
            [](const recorded* a, const recorded& b) { return a == &b && b.calls() == 1; });
    }

    /// What a reader of the pipe sees where none was lost, doubled or out of order.
    std::string expected() const
    {
        return {bytes_.begin(), bytes_.end()};
    }

private:
    std::vector<unsigned char> bytes_;
    std::deque<recorded> completions_;
    std::vector<const recorded*> called_;
};

/// Checks that a hundred writes on this kernel are done, and told, in order.
inline void check_that_writes_keep_their_order(faulty_kernel& kernel, unsigned entries)
{
    const pipe_pair p;
    ordered_writes w(100, p);
    loop_on l(kernel, {entries});
    w.add_to(l);
    BOOST_TEST(l.run(run_mode::until_done) == 100u);
    BOOST_TEST(p.read(1000) == w.expected());
    BOOST_TEST(w.called_in_order());
    BOOST_TEST(l.active() == 0u);
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_ORDERED_WRITES_HPP
