// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The echo server by hand: what liburing costs without anything above it. One thread, one ring, one system
// call for all that is to be submitted and waited for.

#include "../next_submission.hpp"
#include "server_options.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <liburing.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace {

using namespace asio_uring::bench;

int checked(int result, const char* what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
    return result;
}

int listening_socket(const server_options& options)
{
    sockaddr_un local{};
    sockaddr_in inet{};
    const bool is_local = options.protocol == server_protocol::unix_stream;
    local.sun_family = AF_UNIX;
    std::strncpy(local.sun_path, options.path.c_str(), sizeof local.sun_path - 1);
    inet.sin_family = AF_INET;
    inet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const auto* const address =
        is_local ? reinterpret_cast<const sockaddr*>(&local) : reinterpret_cast<const sockaddr*>(&inet);
    socklen_t length = is_local ? sizeof local : sizeof inet;

    const bool streams = options.protocol != server_protocol::udp;
    const int fd =
        checked(socket(is_local ? AF_UNIX : AF_INET, streams ? SOCK_STREAM : SOCK_DGRAM, 0), "socket");
    checked(bind(fd, address, length), "bind");
    if (streams)
        checked(listen(fd, 4096), "listen");
    length = sizeof inet;
    if (!is_local)
        checked(getsockname(fd, reinterpret_cast<sockaddr*>(&inet), &length), "getsockname");
    tell_ready(is_local ? 0 : ntohs(inet.sin_port));
    return fd;
}

// What a completion belongs to, in the low bits of its user_data; a connection's number is above them.
enum class step : std::uint64_t
{
    accept,
    receive,
    send
};

struct connection
{
    int fd = -1;
    std::unique_ptr<char[]> buffer;
    std::size_t received = 0;
    std::size_t sent = 0;
    // Sends without a copy that the kernel reads from the buffer for.
    unsigned unread = 0;
};

class server
{
public:
    explicit server(const server_options& options) : options_(options), listener_(listening_socket(options))
    {
        io_uring_params params{};
        params.flags = IORING_SETUP_SINGLE_ISSUER | IORING_SETUP_DEFER_TASKRUN | IORING_SETUP_CQSIZE |
                       IORING_SETUP_SUBMIT_ALL;
        params.cq_entries = 32768;
        if (const int error = io_uring_queue_init_params(4096, &ring_, &params); error < 0)
            throw std::system_error(-error, std::generic_category(), "io_uring_queue_init");
        io_uring_register_ring_fd(&ring_);
    }

    ~server()
    {
        io_uring_queue_exit(&ring_);
        close(listener_);
    }

    [[noreturn]] void run()
    {
        if (options_.protocol == server_protocol::udp)
            start_datagrams();
        else
            accept();
        for (;;)
        {
            io_uring_submit_and_wait(&ring_, 1);
            unsigned head;
            unsigned seen = 0;
            io_uring_cqe* cqe;
            io_uring_for_each_cqe(&ring_, head, cqe)
            {
                complete(cqe->user_data, cqe->res, cqe->flags);
                ++seen;
            }
            io_uring_cq_advance(&ring_, seen);
        }
    }

private:
    static void set(io_uring_sqe* sqe, step kind, std::size_t number)
    {
        sqe->user_data = number << 2 | static_cast<std::uint64_t>(kind);
    }

    void complete(std::uint64_t user_data, int result, unsigned flags)
    {
        const std::size_t number = user_data >> 2;
        switch (static_cast<step>(user_data & 3))
        {
        case step::accept:
            if (result >= 0)
                accepted(result);
            if ((flags & IORING_CQE_F_MORE) == 0)
                accept();
            break;
        case step::receive:
            received(number, result);
            break;
        case step::send:
            if ((flags & IORING_CQE_F_NOTIF) != 0)
                was_read(number);
            else
                sent(number, result, (flags & IORING_CQE_F_MORE) != 0);
            break;
        }
    }

    void accept()
    {
        io_uring_sqe* const sqe = next_submission(ring_);
        io_uring_prep_multishot_accept(sqe, listener_, nullptr, nullptr, 0);
        set(sqe, step::accept, 0);
    }

    void accepted(int fd)
    {
        const int on = 1;
        if (options_.protocol == server_protocol::tcp)
            setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::size_t number = connections_.size();
        if (free_.empty())
        {
            connections_.emplace_back();
        }
        else
        {
            number = free_.back();
            free_.pop_back();
        }
        connection& c = connections_[number];
        c.fd = fd;
        if (!c.buffer)
            c.buffer = std::make_unique<char[]>(options_.buffer);
        receive(number, 0);
    }

    void receive(std::size_t number, std::size_t from)
    {
        connection& c = connections_[number];
        c.received = from;
        io_uring_sqe* const sqe = next_submission(ring_);
        io_uring_prep_recv(sqe, c.fd, c.buffer.get() + from, options_.buffer - from, 0);
        set(sqe, step::receive, number);
        // What was just answered has nothing more yet.
        if (from == 0)
            sqe->ioprio |= IORING_RECVSEND_POLL_FIRST;
    }

    void received(std::size_t number, int result)
    {
        if (options_.protocol == server_protocol::udp)
            return datagram_received(result);
        connection& c = connections_[number];
        if (result <= 0)
            return ended(number);
        c.received += static_cast<std::size_t>(result);
        if (options_.whole_messages && c.received < options_.buffer)
            return receive(number, c.received);
        c.sent = 0;
        send(number);
    }

    void send(std::size_t number)
    {
        connection& c = connections_[number];
        io_uring_sqe* const sqe = next_submission(ring_);
        if (options_.zero_copy)
            io_uring_prep_send_zc(sqe, c.fd, c.buffer.get() + c.sent, c.received - c.sent, MSG_NOSIGNAL, 0);
        else
            io_uring_prep_send(sqe, c.fd, c.buffer.get() + c.sent, c.received - c.sent, MSG_NOSIGNAL);
        set(sqe, step::send, number);
    }

    void sent(std::size_t number, int result, bool reads_on)
    {
        if (options_.protocol == server_protocol::udp)
            return receive_datagram();
        connection& c = connections_[number];
        c.unread += reads_on ? 1 : 0;
        if (result <= 0)
            return ended(number);
        c.sent += static_cast<std::size_t>(result);
        if (c.sent < c.received)
            return send(number);
        if (options_.one_message)
            return ended(number);
        if (c.unread == 0)
            receive(number, 0);
    }

    void was_read(std::size_t number)
    {
        connection& c = connections_[number];
        if (--c.unread != 0)
            return;
        if (c.fd == -1)
            free_.push_back(number);
        else if (c.sent == c.received)
            receive(number, 0);
    }

    void ended(std::size_t number)
    {
        connection& c = connections_[number];
        close(c.fd);
        c.fd = -1;
        if (c.unread == 0)
            free_.push_back(number);
    }

    void start_datagrams()
    {
        datagram_.resize(options_.buffer);
        message_.msg_name = &peer_;
        message_.msg_iov = &part_;
        message_.msg_iovlen = 1;
        receive_datagram();
    }

    void receive_datagram()
    {
        message_.msg_namelen = sizeof peer_;
        part_ = {datagram_.data(), datagram_.size()};
        io_uring_sqe* const sqe = next_submission(ring_);
        io_uring_prep_recvmsg(sqe, listener_, &message_, 0);
        set(sqe, step::receive, 0);
    }

    void datagram_received(int result)
    {
        if (result < 0)
            throw std::system_error(-result, std::generic_category(), "recvmsg");
        part_.iov_len = static_cast<std::size_t>(result);
        io_uring_sqe* const sqe = next_submission(ring_);
        io_uring_prep_sendmsg(sqe, listener_, &message_, 0);
        set(sqe, step::send, 0);
    }

    const server_options& options_;
    int listener_;
    io_uring ring_{};
    std::vector<connection> connections_;
    std::vector<std::size_t> free_;
    std::vector<char> datagram_;
    sockaddr_storage peer_{};
    iovec part_{};
    msghdr message_{};
};

} // namespace

int main(int argc, char* argv[])
{
    const server_options options = parse_server_options(argc, argv);
    server(options).run();
}
