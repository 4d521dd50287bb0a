// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The echo server of the contenders that are Asio programs, in the forms that users write: callbacks on
// sockets whose executor is known (static), callbacks on any_io_executor (any), and coroutines (coroutine).

#include "../contender.hpp"
#include "server_options.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_datagram_socket.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace asio_uring::bench;
using boost::system::error_code;
using context_type = contender_context;

// One connection, which owns itself until the peer closes it.
template <typename Socket>
class session
{
public:
    session(Socket socket, const server_options& options)
        : socket_(std::move(socket)),
          options_(options),
          buffer_(options.buffer)
    {}

    void start()
    {
        receive();
    }

private:
    void receive()
    {
        const auto received = [this](error_code error, std::size_t n)
        {
            if (error)
                delete this;
            else
                send(n);
        };
        if (options_.whole_messages)
            asio::async_read(socket_, asio::buffer(buffer_), received);
        else
            socket_.async_read_some(asio::buffer(buffer_), received);
    }

    void send(std::size_t n)
    {
        asio::async_write(socket_, asio::buffer(buffer_.data(), n),
            [this](error_code error, std::size_t)
            {
                if (error || options_.one_message)
                    delete this;
                else
                    receive();
            });
    }

    Socket socket_;
    const server_options& options_;
    std::vector<char> buffer_;
};

template <typename Socket>
asio::awaitable<void> converse(Socket socket, const server_options& options)
{
    std::vector<char> buffer(options.buffer);
    error_code error;
    const auto into_error = [&error] { return asio::redirect_error(asio::use_awaitable, error); };
    for (;;)
    {
        std::size_t n;
        if (options.whole_messages)
            n = co_await asio::async_read(socket, asio::buffer(buffer), into_error());
        else
            n = co_await socket.async_read_some(asio::buffer(buffer), into_error());
        if (error)
            co_return;
        co_await asio::async_write(socket, asio::buffer(buffer.data(), n), into_error());
        if (error || options.one_message)
            co_return;
    }
}

template <typename Acceptor>
class stream_server
{
public:
    using socket_type = typename Acceptor::protocol_type::socket::template rebind_executor<
        typename Acceptor::executor_type>::other;

    stream_server(Acceptor acceptor, const server_options& options)
        : acceptor_(std::move(acceptor)),
          options_(options)
    {}

    void start()
    {
        acceptor_.async_accept(
            [this](error_code error, socket_type socket)
            {
                if (error)
                    return;
                if constexpr (requires { socket.set_option(asio::ip::tcp::no_delay(true)); })
                {
                    if constexpr (std::is_same_v<typename Acceptor::protocol_type, asio::ip::tcp>)
                        socket.set_option(asio::ip::tcp::no_delay(true));
                }
                if (options_.form == server_form::coroutine)
                {
                    const auto executor = socket.get_executor();
                    asio::co_spawn(executor, converse(std::move(socket), options_), asio::detached);
                }
                else
                {
                    (new session<socket_type>(std::move(socket), options_))->start();
                }
                start();
            });
    }

private:
    Acceptor acceptor_;
    const server_options& options_;
};

template <typename Socket>
class datagram_server
{
public:
    datagram_server(Socket socket, const server_options& options)
        : socket_(std::move(socket)),
          buffer_(options.buffer)
    {}

    void start()
    {
        socket_.async_receive_from(asio::buffer(buffer_), peer_,
            [this](error_code error, std::size_t n)
            {
                if (error)
                    return;
                socket_.async_send_to(asio::buffer(buffer_.data(), n), peer_,
                    [this](error_code send_error, std::size_t)
                    {
                        if (!send_error)
                            start();
                    });
            });
    }

private:
    Socket socket_;
    asio::ip::udp::endpoint peer_;
    std::vector<char> buffer_;
};

void run(context_type& context, const server_options& options)
{
    std::vector<std::thread> others;
    for (int i = 1; i < options.threads; ++i)
        others.emplace_back([&context] { context.run(); });
    context.run();
    for (std::thread& other : others)
        other.join();
}

template <typename Executor, typename Protocol>
void serve_streams(
    context_type& context, const server_options& options, const typename Protocol::endpoint& endpoint)
{
    using acceptor_type = asio::basic_socket_acceptor<Protocol, Executor>;
    acceptor_type acceptor(context, endpoint.protocol());
    acceptor.set_option(asio::socket_base::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(4096);
    if constexpr (std::is_same_v<Protocol, asio::ip::tcp>)
        tell_ready(acceptor.local_endpoint().port());
    else
        tell_ready(0);
    stream_server<acceptor_type> server(std::move(acceptor), options);
    server.start();
    run(context, options);
}

template <typename Executor>
void serve(context_type& context, const server_options& options)
{
    switch (options.protocol)
    {
    case server_protocol::tcp:
        serve_streams<Executor, asio::ip::tcp>(context, options, {asio::ip::address_v4::loopback(), 0});
        break;
    case server_protocol::unix_stream:
        serve_streams<Executor, asio::local::stream_protocol>(context, options, {options.path});
        break;
    case server_protocol::udp:
        using socket_type = asio::basic_datagram_socket<asio::ip::udp, Executor>;
        socket_type socket(context, asio::ip::udp::endpoint(asio::ip::address_v4::loopback(), 0));
        tell_ready(socket.local_endpoint().port());
        datagram_server<socket_type> server(std::move(socket), options);
        server.start();
        run(context, options);
        break;
    }
}

} // namespace

int main(int argc, char* argv[])
{
    const server_options options = parse_server_options(argc, argv);
    context_type context = make_context(options.hint, std::chrono::microseconds(options.spin));
    if (options.form == server_form::static_executor)
        serve<context_type::executor_type>(context, options);
    else
        serve<asio::any_io_executor>(context, options);
}
