// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Pipes of which the context under test has one end.

#ifndef ASIO_URING_TEST_PIPE_ENDS_HPP
#define ASIO_URING_TEST_PIPE_ENDS_HPP

#include <connection.hpp>
#include <contexts.hpp>
#include <outcome.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>

namespace asio_uring::test {

struct reading_end
{
    template <typename Context>
    explicit reading_end(Context& context) : pipe(),
                                             reader(context, pipe.reader.release())
    {}

    pipe_pair pipe;
    asio::posix::stream_descriptor reader;
};

struct writing_end
{
    template <typename Context>
    explicit writing_end(Context& context) : pipe(),
                                             writer(context, pipe.writer.release())
    {}

    pipe_pair pipe;
    asio::posix::stream_descriptor writer;
};

/// A reading end with a read that waits in the kernel.
struct pending_read : reading_end
{
    template <typename Context>
    explicit pending_read(Context& context) : reading_end(context)
    {
        reader.async_read_some(asio::mutable_buffer(place), into(read));
        tick(context);
    }

    outcome read;
    space<8> place;
};

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_PIPE_ENDS_HPP
