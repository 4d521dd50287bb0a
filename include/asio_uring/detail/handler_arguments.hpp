// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// What the handlers of most operations get, added to an operation of any kind.

#ifndef ASIO_URING_DETAIL_HANDLER_ARGUMENTS_HPP
#define ASIO_URING_DETAIL_HANDLER_ARGUMENTS_HPP

#include <asio_uring/detail/asio.hpp>
#include <cstddef>

namespace asio_uring::detail {

/// An operation, with a member ec_, whose handlers get an error code.
template <typename Operation>
class with_status : public Operation
{
public:
    void deliver() noexcept {}

    template <typename Handler>
    binder1<Handler, error_code> bind(Handler& handler)
    {
        return {handler, this->ec_};
    }

protected:
    using Operation::Operation;
};

/// An operation, with members ec_ and bytes_transferred_, whose handlers get both.
template <typename Operation>
class with_bytes : public Operation
{
public:
    void deliver() noexcept {}

    template <typename Handler>
    binder2<Handler, error_code, std::size_t> bind(Handler& handler)
    {
        return {handler, this->ec_, this->bytes_transferred_};
    }

protected:
    using Operation::Operation;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_HANDLER_ARGUMENTS_HPP
