// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

#include "generator.hpp"

#include "../next_submission.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace asio_uring::bench {
namespace {

int checked(int result, const char* what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

} // namespace

load_generator::load_generator(const load_options& options)
    : options_(options),
      pattern_(options.message + options.message),
      connections_(options.connections),
      part_(std::min<std::size_t>(options.answer.size() * options.in_flight, 1 << 20))
{
    if (options_.protocol == "unix")
    {
        auto& address = reinterpret_cast<sockaddr_un&>(address_);
        address.sun_family = AF_UNIX;
        std::strncpy(address.sun_path, options_.path.c_str(), sizeof address.sun_path - 1);
        address_length_ = sizeof address;
    }
    else
    {
        auto& address = reinterpret_cast<sockaddr_in&>(address_);
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<in_port_t>(options_.port));
        address_length_ = sizeof address;
    }

    io_uring_params params{};
    params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE;
    params.cq_entries = 32768;
    if (const int error = io_uring_queue_init_params(4096, &ring_, &params); error < 0)
        throw std::system_error(-error, std::generic_category(), "io_uring_queue_init");
    io_uring_register_ring_fd(&ring_);

    for (connection& c : connections_)
    {
        c.buffer = std::make_unique<char[]>(part_);
        c.started.resize(options_.in_flight);
        if (!options_.connect_for_each)
            c.fd = open_socket();
    }
    for (std::size_t i = 0; i < options_.idle; ++i)
        idle_.push_back(open_socket());
}

load_generator::~load_generator()
{
    // The kernel may write to the buffers until nothing is under way: the end of a ring doesn't wait for
    // that.
    io_uring_sync_cancel_reg everything{};
    everything.flags = IORING_ASYNC_CANCEL_ANY | IORING_ASYNC_CANCEL_ALL;
    everything.timeout = {-1, -1};
    io_uring_register_sync_cancel(&ring_, &everything);
    io_uring_queue_exit(&ring_);
    for (const connection& c : connections_)
        close(c.fd);
    for (const int fd : idle_)
        close(fd);
}

// A connected one, but where connections are what is measured.
int load_generator::open_socket()
{
    const int type = options_.protocol == "udp" ? SOCK_DGRAM : SOCK_STREAM;
    const int fd = checked(socket(address_.ss_family, type | SOCK_CLOEXEC, 0), "socket");
    const int on = 1;
    if (options_.protocol == "tcp")
        checked(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
    if (options_.connect_for_each)
    {
        // The port is free for the next one at once.
        const linger at_once{1, 0};
        checked(setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "SO_LINGER");
    }
    else
    {
        checked(connect(fd, reinterpret_cast<const sockaddr*>(&address_), address_length_), "connect");
    }
    return fd;
}

void load_generator::run_until(clock::time_point end)
{
    over_ = false;
    const auto left = std::max<clock::duration>(end - clock::now(), std::chrono::nanoseconds(1));
    __kernel_timespec time{
        left / std::chrono::seconds(1), left % std::chrono::seconds(1) / std::chrono::nanoseconds(1)};
    io_uring_sqe* const sqe = next_submission(ring_);
    io_uring_prep_timeout(sqe, &time, 0, 0);
    sqe->user_data = static_cast<std::uint64_t>(step::timer);

    now_ = clock::now();
    for (std::size_t i = 0; !started_ && i < connections_.size(); ++i)
        start(i);
    started_ = true;
    while (!over_)
    {
        io_uring_submit_and_wait(&ring_, 1);
        now_ = clock::now();
        unsigned head;
        unsigned seen = 0;
        io_uring_cqe* cqe;
        io_uring_for_each_cqe(&ring_, head, cqe)
        {
            complete(cqe->user_data, cqe->res);
            ++seen;
        }
        io_uring_cq_advance(&ring_, seen);
    }
}

void load_generator::reset()
{
    messages_ = 0;
    times_.clear();
}

std::uint32_t load_generator::percentile(double part)
{
    if (times_.empty())
        return 0;
    std::sort(times_.begin(), times_.end());
    const auto last = static_cast<double>(times_.size() - 1);
    return times_[static_cast<std::size_t>(last * part)];
}

void load_generator::start(std::size_t number)
{
    connection& c = connections_[number];
    c.sent = 0;
    c.received = 0;
    c.to_send = options_.message.size() * options_.in_flight;
    c.started.assign(options_.in_flight, now_);
    if (options_.connect_for_each)
    {
        c.fd = open_socket();
        io_uring_sqe* const sqe = next_submission(ring_);
        io_uring_prep_connect(sqe, c.fd, reinterpret_cast<const sockaddr*>(&address_), address_length_);
        sqe->user_data = number << 2 | static_cast<std::uint64_t>(step::connect);
        return;
    }
    send(number);
    receive(number);
}

void load_generator::send(std::size_t number)
{
    connection& c = connections_[number];
    const std::size_t from = c.sent % options_.message.size();
    // As many of the messages that may be sent as the pattern has; a datagram is one message.
    std::size_t n = std::min<std::uint64_t>(c.to_send, pattern_.size() - from);
    if (options_.protocol == "udp")
        n = options_.message.size();
    io_uring_sqe* const sqe = next_submission(ring_);
    io_uring_prep_send(sqe, c.fd, pattern_.data() + from, n, MSG_NOSIGNAL);
    sqe->user_data = number << 2 | static_cast<std::uint64_t>(step::send);
    c.sending = true;
}

void load_generator::receive(std::size_t number)
{
    connection& c = connections_[number];
    io_uring_sqe* const sqe = next_submission(ring_);
    io_uring_prep_recv(sqe, c.fd, c.buffer.get(), part_, 0);
    sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
    sqe->user_data = number << 2 | static_cast<std::uint64_t>(step::receive);
}

void load_generator::complete(std::uint64_t user_data, int result)
{
    const std::size_t number = user_data >> 2;
    switch (static_cast<step>(user_data & 3))
    {
    case step::timer:
        over_ = true;
        break;
    case step::connect:
        if (result < 0)
            throw std::system_error(-result, std::generic_category(), "connect");
        send(number);
        receive(number);
        break;
    case step::send:
        sent(number, result);
        break;
    case step::receive:
        received(number, result);
        break;
    }
}

void load_generator::sent(std::size_t number, int result)
{
    if (result <= 0)
        throw std::system_error(-result, std::generic_category(), "send");
    connection& c = connections_[number];
    c.sending = false;
    c.sent += static_cast<std::uint64_t>(result);
    c.to_send -= static_cast<std::uint64_t>(result);
    if (c.to_send > 0)
        send(number);
}

void load_generator::received(std::size_t number, int result)
{
    connection& c = connections_[number];
    if (result < 0)
        throw std::system_error(-result, std::generic_category(), "recv");
    const std::size_t answer = options_.answer.size();
    if (result == 0)
    {
        if (!options_.connect_for_each || c.received != answer)
            throw std::runtime_error("the server closed a connection");
        answer_is_back(c, 0);
        close(c.fd);
        return start(number);
    }

    const auto size = static_cast<std::size_t>(result);
    if (!is_right(c, size))
        throw std::runtime_error("a wrong answer came back");
    const std::uint64_t first = c.received / answer;
    c.received += size;
    if (!options_.connect_for_each)
    {
        for (std::uint64_t i = first; i < c.received / answer; ++i)
        {
            answer_is_back(c, i);
            c.to_send += options_.message.size();
        }
        if (c.to_send > 0 && !c.sending)
            send(number);
    }
    receive(number);
}

// Whether what was received continues, and perhaps repeats, the answer.
bool load_generator::is_right(const connection& c, std::size_t size) const
{
    const std::string& answer = options_.answer;
    for (std::size_t at = 0; at < size;)
    {
        const std::size_t from = (c.received + at) % answer.size();
        const std::size_t n = std::min(size - at, answer.size() - from);
        const std::size_t any = std::min(n, options_.answer_head - std::min(options_.answer_head, from));
        if (std::memcmp(c.buffer.get() + at + any, answer.data() + from + any, n - any) != 0)
            return false;
        at += n;
    }
    return true;
}

void load_generator::answer_is_back(connection& c, std::uint64_t number)
{
    clock::time_point& started = c.started[number % options_.in_flight];
    const auto time = std::chrono::nanoseconds(now_ - started).count();
    times_.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(time, UINT32_MAX)));
    started = now_;
    ++messages_;
}

} // namespace asio_uring::bench
