// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Descriptors for tests: owned, and made in one line.

#ifndef ASIO_URING_TEST_DESCRIPTOR_HPP
#define ASIO_URING_TEST_DESCRIPTOR_HPP

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace asio_uring::test {

/// A descriptor that is closed at the end.
class descriptor
{
public:
    descriptor() = default;

    /// Takes what a system call returned; throws where that is an error.
    explicit descriptor(int fd) : fd_(fd)
    {
        if (fd < 0)
            throw std::system_error(errno, std::system_category());
    }

    descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

    descriptor& operator=(descriptor&& other) noexcept
    {
        std::swap(fd_, other.fd_);
        return *this;
    }

    ~descriptor()
    {
        close();
    }

    void close() noexcept
    {
        if (fd_ >= 0)
            ::close(std::exchange(fd_, -1));
    }

    /// Leaves the descriptor to somebody else.
    int release() noexcept
    {
        return std::exchange(fd_, -1);
    }

    int get() const noexcept
    {
        return fd_;
    }

private:
    int fd_ = -1;
};

/// Throws where a system call failed.
inline int checked(int answer)
{
    if (answer < 0)
        throw std::system_error(errno, std::system_category());
    return answer;
}

/// Receives this many bytes, or what comes before the end of file.
///
/// MSG_WAITALL alone doesn't: the kernel takes a ring that was closed apart in the background, and interrupts
/// the threads that used it for that (io_ring_exit_work() and io_tctx_exit_cb()), as a signal would.
inline std::string receive_all(const descriptor& socket, std::size_t size)
{
    std::string text(size, '\0');
    std::size_t done = 0;
    for (int more = -1; done != size && more != 0; done += static_cast<std::size_t>(more))
        more = checked(static_cast<int>(::recv(socket.get(), &text[done], size - done, MSG_WAITALL)));
    text.resize(done);
    return text;
}

struct pipe_pair
{
    pipe_pair()
    {
        std::array<int, 2> ends{};
        checked(::pipe2(ends.data(), O_CLOEXEC));
        reader = descriptor(ends[0]);
        writer = descriptor(ends[1]);
    }

    void write(std::string_view text) const
    {
        checked(static_cast<int>(::write(writer.get(), text.data(), text.size())));
    }

    /// Reads what is there, at most `size` bytes.
    std::string read(std::size_t size) const
    {
        std::string text(size, '\0');
        text.resize(
            static_cast<std::size_t>(checked(static_cast<int>(::read(reader.get(), text.data(), size)))));
        return text;
    }

    descriptor reader;
    descriptor writer;
};

struct socket_pair
{
    explicit socket_pair(int type = SOCK_STREAM)
    {
        std::array<int, 2> ends{};
        checked(::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()));
        first = descriptor(ends[0]);
        second = descriptor(ends[1]);
    }

    descriptor first;
    descriptor second;
};

/// An IPv4 address of the loopback interface.
struct address
{
    explicit address(std::uint16_t port = 0)
    {
        storage.sin_family = AF_INET;
        storage.sin_port = htons(port);
        storage.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    }

    static address local_of(const descriptor& socket)
    {
        address result;
        checked(::getsockname(socket.get(), result.get(), &result.size));
        return result;
    }

    sockaddr* get() noexcept
    {
        return reinterpret_cast<sockaddr*>(&storage);
    }

    const sockaddr* get() const noexcept
    {
        return reinterpret_cast<const sockaddr*>(&storage);
    }

    friend bool operator==(const address& a, const address& b)
    {
        return a.storage.sin_port == b.storage.sin_port &&
               a.storage.sin_addr.s_addr == b.storage.sin_addr.s_addr;
    }

    sockaddr_in storage{};
    socklen_t size = sizeof(sockaddr_in);
};

inline descriptor tcp_socket()
{
    return descriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

/// A TCP socket that listens on a free port.
inline descriptor tcp_listener(int backlog = 16)
{
    descriptor socket = tcp_socket();
    const address any;
    checked(::bind(socket.get(), any.get(), any.size));
    checked(::listen(socket.get(), backlog));
    return socket;
}

/// A UDP socket that is bound to a free port.
inline descriptor udp_socket()
{
    descriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const address any;
    checked(::bind(socket.get(), any.get(), any.size));
    return socket;
}

/// A local socket that listens and has room for nobody else.
struct full_backlog
{
    full_backlog()
    {
        name.sun_family = AF_UNIX;
        // The kernel finds a free abstract name for an empty one.
        checked(::bind(listener.get(), get(), sizeof(sa_family_t)));
        checked(::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&name), &size));
        checked(::listen(listener.get(), 0));
        checked(::connect(early.get(), get(), size));
    }

    static descriptor local_socket()
    {
        return descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    }

    const sockaddr* get() const noexcept
    {
        return reinterpret_cast<const sockaddr*>(&name);
    }

    sockaddr_un name{};
    socklen_t size = sizeof(name);
    descriptor listener = local_socket();
    descriptor early = local_socket();
    /// Whoever connects this waits.
    descriptor late = local_socket();
};

/// An empty file without a name.
inline descriptor temporary_file(int flags = 0)
{
    const char* const directory = std::getenv("TMPDIR");
    std::string name = std::string(directory ? directory : "/var/tmp") + "/asio_uring_test_XXXXXX";
    descriptor file(::mkostemp(name.data(), flags | O_CLOEXEC));
    checked(::unlink(name.c_str()));
    return file;
}

/// Whether poll(2) sees these events within the given time, in milliseconds.
inline bool ready(const descriptor& d, short events, int milliseconds)
{
    pollfd entry{d.get(), events, 0};
    return checked(::poll(&entry, 1, milliseconds)) == 1;
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_DESCRIPTOR_HPP
