// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A pseudo-terminal for tests: what is written to one end is read from the other, as it is.

#ifndef ASIO_URING_TEST_PSEUDO_TERMINAL_HPP
#define ASIO_URING_TEST_PSEUDO_TERMINAL_HPP

#include <descriptor.hpp>

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <termios.h>

namespace asio_uring::test {

struct pseudo_terminal
{
    /// @param flags O_NONBLOCK, for both ends.
    explicit pseudo_terminal(int flags = 0) : master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | flags))
    {
        checked(::grantpt(master.get()));
        checked(::unlockpt(master.get()));
        std::array<char, 64> path{};
        checked(-::ptsname_r(master.get(), path.data(), path.size()));
        name = path.data();
        slave = descriptor(::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC | flags));
        termios attributes = {};
        checked(::tcgetattr(slave.get(), &attributes));
        ::cfmakeraw(&attributes);
        checked(::tcsetattr(slave.get(), TCSANOW, &attributes));
    }

    descriptor master;
    descriptor slave;
    /// The slave's path.
    std::string name;
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_PSEUDO_TERMINAL_HPP
