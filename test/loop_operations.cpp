// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the operations, each with its result and its errors.

#include <asio_uring/loop.hpp>

#include "child_process.hpp"
#include "descriptor.hpp"
#include "pseudo_terminal.hpp"
#include "recorded.hpp"
#include "signal_handler.hpp"

#include <array>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <memory>
#include <netinet/tcp.h>
#include <numeric>
#include <optional>
#include <pthread.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <thread>

using namespace asio_uring;
using namespace asio_uring::test;
using namespace std::chrono_literals;

namespace {

// For signal handlers.
std::atomic<int> signals_seen{0};

} // namespace

BOOST_AUTO_TEST_SUITE(loop_operations_test)

BOOST_AUTO_TEST_CASE(a_default_completion_stays_dead_and_is_never_called)
{
    recorded c;
    loop l;
    l.add(c);
    BOOST_TEST(!c.active());
    BOOST_TEST(l.active() == 0u);
    BOOST_TEST(l.run(run_mode::until_done) == 0u);
    BOOST_TEST(c.calls() == 0u);
}

BOOST_AUTO_TEST_CASE(tcp_from_accept_to_the_end_of_file)
{
    const descriptor listener = tcp_listener();
    const address server_address = address::local_of(listener);
    descriptor client = tcp_socket();
    loop l;

    address peer;
    recorded accept(operation::accept{listener.get(), peer.get(), &peer.size, SOCK_CLOEXEC});
    recorded connect(operation::connect{client.get(), server_address.get(), server_address.size});
    l.add(accept);
    l.add(connect);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(!connect.only().error());
    BOOST_REQUIRE(!accept.only().error());
    const descriptor server(accept.only().descriptor());
    BOOST_TEST((peer == address::local_of(client)));
    BOOST_TEST(peer.size == sizeof(sockaddr_in));
    BOOST_TEST((::fcntl(server.get(), F_GETFD) & FD_CLOEXEC) != 0);

    std::array<char, 16> buffer{};
    recorded receive(operation::recv{server.get(), buffer.data(), buffer.size()});
    recorded send(operation::send{client.get(), "hello", 5});
    l.add(receive);
    l.add(send);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(send.only().bytes() == 5u);
    BOOST_TEST(std::string(buffer.data(), receive.only().bytes()) == "hello");

    recorded end(operation::recv{server.get(), buffer.data(), buffer.size()});
    recorded shutdown(operation::shutdown{client.get(), SHUT_WR});
    l.add(end);
    l.add(shutdown);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(!shutdown.only().error());
    BOOST_TEST(end.only().error() == make_error_code(loop_error::end_of_file));
    BOOST_TEST(end.only().bytes() == 0u);

    BOOST_TEST(!carry_out(l, operation::close{client.get()}).error());
    BOOST_TEST(::fcntl(client.release(), F_GETFD) == -1);
    BOOST_TEST(errno == EBADF);
}

BOOST_AUTO_TEST_CASE(accept_works_without_an_address)
{
    const descriptor listener = tcp_listener();
    const address server_address = address::local_of(listener);
    const descriptor client = tcp_socket();
    recorded accept(operation::accept{listener.get()});
    recorded connect(operation::connect{client.get(), server_address.get(), server_address.size});
    loop l;
    l.add(accept);
    l.add(connect);
    l.run(run_mode::until_done);
    const descriptor server(accept.only().descriptor());
    BOOST_TEST((::fcntl(server.get(), F_GETFD) & FD_CLOEXEC) == 0);
}

BOOST_AUTO_TEST_CASE(accept_gives_one_connection_to_each_of_many)
{
    constexpr std::size_t count = 32;
    const descriptor listener = tcp_listener(count);
    const address server_address = address::local_of(listener);
    std::vector<std::unique_ptr<recorded>> accepts;
    std::vector<descriptor> clients;
    loop l(loop_options{4});
    for (std::size_t i = 0; i < count; ++i)
    {
        accepts.push_back(std::make_unique<recorded>(operation::accept{listener.get()}));
        l.add(*accepts.back());
    }
    l.submit();
    for (std::size_t i = 0; i < count; ++i)
    {
        clients.push_back(tcp_socket());
        checked(::connect(clients.back().get(), server_address.get(), server_address.size));
    }
    BOOST_TEST(l.run(run_mode::until_done) == count);
    std::vector<descriptor> servers;
    for (const auto& accept : accepts)
        servers.emplace_back(accept->only().descriptor());
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_an_error)
{
    address nobody;
    {
        const descriptor listener = tcp_listener();
        nobody = address::local_of(listener);
    }
    const descriptor client = tcp_socket();
    loop l;
    const result r = carry_out(l, operation::connect{client.get(), nobody.get(), nobody.size});
    BOOST_TEST(r.error() == system_error_code(ECONNREFUSED));
    BOOST_TEST(!r);
}

BOOST_AUTO_TEST_CASE(sendmsg_and_recvmsg_carry_lists_of_buffers_and_addresses_over_udp)
{
    const descriptor sender = udp_socket();
    const descriptor receiver = udp_socket();
    std::string head = "head";
    std::string body = "and body";
    std::string first(6, '\0');
    std::string second(16, '\0');
    auto out = pieces_of(head, body);
    auto in = pieces_of(first, second);
    address to = address::local_of(receiver);
    address from;
    msghdr outgoing{to.get(), to.size, out.data(), out.size(), nullptr, 0, 0};
    msghdr incoming{from.get(), from.size, in.data(), in.size(), nullptr, 0, 0};
    recorded receive(operation::recvmsg{receiver.get(), &incoming});
    recorded send(operation::sendmsg{sender.get(), &outgoing});
    loop l;
    l.add(receive);
    l.add(send);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(send.only().bytes() == 12u);
    BOOST_TEST(receive.only().bytes() == 12u);
    BOOST_TEST(first == "headan");
    BOOST_TEST(second.substr(0, 6) == "d body");
    BOOST_TEST((from == address::local_of(sender)));
}

BOOST_AUTO_TEST_CASE(recvmsg_tells_what_did_not_fit)
{
    const descriptor sender = udp_socket();
    const descriptor receiver = udp_socket();
    const address to = address::local_of(receiver);
    checked(static_cast<int>(::sendto(sender.get(), "datagram", 8, 0, to.get(), to.size)));
    char room[4] = {};
    iovec piece{room, sizeof(room)};
    msghdr incoming{};
    incoming.msg_iov = &piece;
    incoming.msg_iovlen = 1;
    loop l;
    BOOST_TEST(carry_out(l, operation::recvmsg{receiver.get(), &incoming}).bytes() == 4u);
    BOOST_TEST((incoming.msg_flags & MSG_TRUNC) != 0);
}

BOOST_AUTO_TEST_CASE(recvmsg_without_room_is_not_at_the_end_of_the_file)
{
    const socket_pair sockets;
    checked(static_cast<int>(::send(sockets.second.get(), "x", 1, 0)));
    msghdr message{};
    loop l;
    BOOST_TEST(!carry_out(l, operation::recvmsg{sockets.first.get(), &message}).error());
}

BOOST_AUTO_TEST_CASE(recvmsg_sees_the_end_of_the_file)
{
    socket_pair sockets;
    sockets.second.close();
    char byte = 0;
    iovec piece{&byte, 1};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    loop l;
    BOOST_TEST(carry_out(l, operation::recvmsg{sockets.first.get(), &message}).error() ==
               make_error_code(loop_error::end_of_file));
}

BOOST_AUTO_TEST_CASE(poll_sees_a_hang_up_that_nobody_asked_for)
{
    pipe_pair p;
    p.writer.close();
    loop l;
    BOOST_TEST((carry_out(l, operation::poll{p.reader.get(), POLLIN}).events() & POLLHUP) != 0);
}

BOOST_AUTO_TEST_CASE(an_empty_buffer_is_not_at_the_end_of_the_file)
{
    socket_pair sockets;
    pipe_pair p;
    const descriptor file = temporary_file();
    loop l;
    char byte = 0;
    p.writer.close();
    for (const operation::any& what : {operation::any(operation::read{file.get(), &byte, 0}),
             operation::any(operation::pread{file.get(), &byte, 0, 0}),
             operation::any(operation::read{p.reader.get(), &byte, 0}),
             operation::any(operation::send{sockets.first.get(), &byte, 0})})
    {
        const result r = carry_out(l, what);
        BOOST_TEST(!r.error());
        BOOST_TEST(!!r);
        BOOST_TEST(r.bytes() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_receive_into_an_empty_buffer_waits_for_data)
{
    const socket_pair sockets;
    char byte = 0;
    recorded receive(operation::recv{sockets.first.get(), &byte, 0});
    loop l;
    l.add(receive);
    BOOST_TEST(l.run(run_mode::no_wait) == 0u);
    checked(static_cast<int>(::send(sockets.second.get(), "x", 1, 0)));
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    BOOST_TEST(!receive.only().error());
}

BOOST_AUTO_TEST_CASE(recv_obeys_its_flags)
{
    const socket_pair sockets;
    checked(static_cast<int>(::send(sockets.second.get(), "ab", 2, 0)));
    char buffer[4] = {};
    loop l;
    BOOST_TEST(carry_out(l, operation::recv{sockets.first.get(), buffer, 1, MSG_PEEK}).bytes() == 1u);
    BOOST_TEST(buffer[0] == 'a');
    recorded all(operation::recv{sockets.first.get(), buffer, 4, MSG_WAITALL});
    recorded rest(operation::send{sockets.second.get(), "cd", 2});
    l.add(all);
    l.add(rest);
    BOOST_TEST(l.run(run_mode::until_done) == 2u);
    BOOST_TEST(all.only().bytes() == 4u);
    BOOST_TEST(std::string(buffer, 4) == "abcd");
    BOOST_TEST(carry_out(l, operation::recv{sockets.first.get(), buffer, 1, MSG_DONTWAIT}).error() ==
               system_error_code(EAGAIN));
}

BOOST_AUTO_TEST_CASE(sending_to_a_closed_peer_is_an_error_and_no_signal)
{
    socket_pair sockets;
    sockets.second.close();
    iovec piece{const_cast<char*>("x"), 1};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    loop l;
    BOOST_TEST(
        carry_out(l, operation::send{sockets.first.get(), "x", 1}).error() == system_error_code(EPIPE));
    BOOST_TEST(
        carry_out(l, operation::sendmsg{sockets.first.get(), &message}).error() == system_error_code(EPIPE));
}

BOOST_AUTO_TEST_CASE(an_operation_on_no_descriptor_is_an_error_of_its_own)
{
    const pipe_pair p;
    p.write("x");
    char byte = 0;
    address any;
    msghdr message{};
    loop l;
    const std::array<operation::any, 16> bad{operation::accept{-1}, operation::close{-1},
        operation::connect{-1, any.get(), any.size}, operation::poll{-1, POLLIN},
        operation::read{-1, &byte, 1}, operation::pread{-1, &byte, 1, 0}, operation::recv{-1, &byte, 1},
        operation::read_fixed{-1, 0, &byte, 1, 0}, operation::write_fixed{-1, 0, &byte, 1, 0},
        operation::recvmsg{-1, &message}, operation::send{-1, &byte, 1}, operation::sendmsg{-1, &message},
        operation::shutdown{-1, SHUT_WR}, operation::write{-1, &byte, 1}, operation::pwrite{-1, &byte, 1, 0},
        operation::close{-1}};
    // All in one batch: each fails alone, and what follows is done.
    std::vector<std::unique_ptr<recorded>> all;
    for (const operation::any& what : bad)
        l.add(*all.emplace_back(std::make_unique<recorded>(what)));
    recorded good(operation::read{p.reader.get(), &byte, 1});
    l.add(good);
    BOOST_TEST(l.run(run_mode::until_done) == all.size() + 1);
    for (const auto& c : all)
        BOOST_TEST(c->only().error() == system_error_code(EBADF));
    BOOST_TEST(good.only().bytes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_size_beyond_32_bits_transfers_what_is_there)
{
    const pipe_pair p;
    p.write("small");
    // Static: behind a buffer on the stack there may be no room for so many addresses.
    static std::array<char, 8> buffer;
    loop l;
    // Not truncated to a read of 0 bytes, which would look like the end of the file.
    BOOST_TEST(
        carry_out(l, operation::read{p.reader.get(), buffer.data(), std::size_t{1} << 32}).bytes() == 5u);
}

BOOST_DATA_TEST_CASE(
    a_descriptor_with_o_nonblock_waits_all_the_same, boost::unit_test::data::xrange(2), on_socket)
{
    const pipe_pair p;
    const socket_pair sockets;
    const int reader = on_socket ? sockets.first.get() : p.reader.get();
    const int writer = on_socket ? sockets.second.get() : p.writer.get();
    checked(::fcntl(reader, F_SETFL, O_NONBLOCK));
    char byte = 0;
    recorded read(operation::read{reader, &byte, 1});
    recorded write(operation::write{writer, "x", 1});
    recorded timer(operation::timer{2ms});
    loop l;
    timer.then(
        [&](recorded&, result)
        {
            BOOST_TEST(read.active());
            l.add(write);
            return next_step::disarm;
        });
    l.add(read);
    l.add(timer);
    l.run(run_mode::until_done);
    BOOST_TEST(read.only().bytes() == 1u);
}

BOOST_AUTO_TEST_CASE(a_read_interrupted_by_signals_goes_on)
{
    static int end_of_pipe;
    const pipe_pair p;
    end_of_pipe = p.writer.get();
    signals_seen = 0;
    // The thirtieth signal brings what the read waits for.
    const signal_handler handler(SIGALRM,
        [](int)
        {
            if (++signals_seen == 30 && ::write(end_of_pipe, "x", 1) != 1)
                std::abort();
        });
    const itimerval every_ms{{0, 1000}, {0, 1000}};
    checked(::setitimer(ITIMER_REAL, &every_ms, nullptr));
    char byte = 0;
    recorded read(operation::read{p.reader.get(), &byte, 1});
    loop l;
    l.add(read);
    BOOST_TEST(l.run(run_mode::until_done) == 1u);
    const itimerval never{};
    checked(::setitimer(ITIMER_REAL, &never, nullptr));
    BOOST_TEST(read.only().bytes() == 1u);
    BOOST_TEST(byte == 'x');
    BOOST_TEST(signals_seen >= 30);
}

BOOST_AUTO_TEST_CASE(a_loop_bombarded_with_signals_by_another_thread_loses_nothing)
{
    constexpr int rounds = 2000;
    const signal_handler handler(SIGUSR1, [](int) { ++signals_seen; });
    const socket_pair sockets;
    char byte = 0;
    int received = 0;
    loop l;
    recorded receive(operation::recv{sockets.first.get(), &byte, 1});
    recorded send(operation::send{sockets.second.get(), "x", 1});
    recorded timer(operation::timer{10us});
    receive.then(
        [&](recorded&, result r)
        {
            BOOST_TEST(r.bytes() == 1u);
            return ++received < rounds ? next_step::rearm : next_step::disarm;
        });
    send.then(
        [&](recorded& self, result) { return self.calls() < rounds ? next_step::rearm : next_step::disarm; });
    timer.then([&](recorded&, result) { return received < rounds ? next_step::rearm : next_step::disarm; });
    l.add(receive);
    l.add(send);
    l.add(timer);
    std::atomic<bool> done{false};
    const pthread_t target = ::pthread_self();
    std::thread bombardment(
        [&]
        {
            while (!done)
                ::pthread_kill(target, SIGUSR1);
        });
    l.run(run_mode::until_done);
    done = true;
    bombardment.join();
    BOOST_TEST(received == rounds);
    BOOST_TEST(send.calls() == static_cast<std::size_t>(rounds));
}

BOOST_AUTO_TEST_SUITE_END()
