// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The clients of a server that answers each message with the same one: many connections, driven by one thread
// and one ring.

#ifndef ASIO_URING_TEST_BENCH_LOAD_GENERATOR_HPP
#define ASIO_URING_TEST_BENCH_LOAD_GENERATOR_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <liburing.h>
#include <memory>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace asio_uring::bench {

struct load_options
{
    /// tcp, unix or udp.
    std::string protocol = "tcp";
    unsigned port = 0;
    std::string path;

    /// Connections that talk, and those that only are there.
    std::size_t connections = 64;
    std::size_t idle = 0;

    /// What is sent, what comes back, and how many bytes at the start of that are any: of a header with a
    /// date.
    std::string message;
    std::string answer;
    std::size_t answer_head = 0;

    /// Messages that each connection has under way at a time.
    std::size_t in_flight = 1;

    /// Whether each message has a connection of its own, which the server closes.
    bool connect_for_each = false;
};

/// Sends messages, checks that the right answers come back, and takes the time of each.
///
/// Runs in one thread. Throws std::system_error or std::runtime_error where the server, or a system call,
/// doesn't do what it should.
class load_generator
{
public:
    using clock = std::chrono::steady_clock;

    /// Makes all connections.
    explicit load_generator(const load_options& options);
    ~load_generator();

    load_generator(const load_generator&) = delete;
    load_generator& operator=(const load_generator&) = delete;

    /// Talks until then. The first call starts all connections.
    void run_until(clock::time_point end);

    /// Forgets messages and times.
    void reset();

    /// Answers that came back since the last reset().
    std::uint64_t messages() const noexcept
    {
        return messages_;
    }

    /// Sorts the times since the last reset() and returns that of this part of the messages, in nanoseconds:
    /// 0.5 for the median. 0 where there are none.
    std::uint32_t percentile(double part);

private:
    struct connection
    {
        int fd = -1;
        std::uint64_t to_send = 0;  // bytes that may be sent and aren't yet
        std::uint64_t sent = 0;     // bytes, from the connection's start
        std::uint64_t received = 0; // as well
        bool sending = false;
        std::unique_ptr<char[]> buffer;
        std::vector<clock::time_point> started; // of the messages under way, by number modulo their count
    };

    enum class step : std::uint64_t
    {
        timer,
        connect,
        receive,
        send
    };

    int open_socket();
    void start(std::size_t number);
    void send(std::size_t number);
    void receive(std::size_t number);
    void complete(std::uint64_t user_data, int result);
    void sent(std::size_t number, int result);
    void received(std::size_t number, int result);
    bool is_right(const connection& c, std::size_t size) const;
    void answer_is_back(connection& c, std::uint64_t number);

    load_options options_;
    sockaddr_storage address_{};
    socklen_t address_length_ = 0;
    io_uring ring_{};
    std::string
        pattern_; // what is sent, over and over: two messages, so that any start has a whole one behind
    std::vector<connection> connections_;
    std::vector<int> idle_;
    std::size_t part_; // bytes that are received at most at a time
    bool started_ = false;
    bool over_ = false;
    std::uint64_t messages_ = 0;
    std::vector<std::uint32_t> times_;
    clock::time_point now_;
};

} // namespace asio_uring::bench

#endif // ASIO_URING_TEST_BENCH_LOAD_GENERATOR_HPP
