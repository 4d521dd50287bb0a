// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// A service that is one of two: ours where its context runs on the ring, Asio's elsewhere.

#ifndef ASIO_URING_DETAIL_ROUTED_SERVICE_HPP
#define ASIO_URING_DETAIL_ROUTED_SERVICE_HPP

#include <asio_uring/detail/asio.hpp>
#include <asio_uring/detail/reactor.hpp>
#include <new>
#include <utility>

namespace asio_uring::detail {

/// Chooses once, when it is made, and forwards. The routed services of the kinds of I/O objects derive from
/// it and add the calls.
template <typename Stock, typename Native>
class routed_service_base
{
    using stock_implementation = typename Stock::implementation_type;
    using native_implementation = typename Native::implementation_type;

public:
    /// The implementation of the chosen service, which constructs and ends it.
    class implementation_type
    {
    public:
        implementation_type() noexcept {}
        ~implementation_type() {}

        implementation_type(const implementation_type&) = delete;
        implementation_type& operator=(const implementation_type&) = delete;

    private:
        template <typename, typename>
        friend class routed_service_base;

        union
        {
            stock_implementation stock_;
            native_implementation native_;
        };
    };

    void construct(implementation_type& impl)
    {
        if (native_ != nullptr)
        {
            new (&impl.native_) native_implementation(*native_);
        }
        else
        {
            new (&impl.stock_) stock_implementation();
            stock_->construct(impl.stock_);
        }
    }

    void destroy(implementation_type& impl)
    {
        on(impl, [](auto& chosen, auto& i) { chosen.destroy(i); });
        end(impl);
    }

    void move_construct(implementation_type& impl, implementation_type& other)
    {
        if (native_ != nullptr)
        {
            new (&impl.native_) native_implementation(*native_);
            native_->move_construct(impl.native_, other.native_);
        }
        else
        {
            new (&impl.stock_) stock_implementation();
            stock_->construct(impl.stock_);
            stock_->move_construct(impl.stock_, other.stock_);
        }
    }

    /// Also where the other context runs on something else: from here on the I/O object belongs to that one.
    void move_assign(
        implementation_type& impl, routed_service_base& other_service, implementation_type& other)
    {
        destroy(impl);
        other_service.move_construct(impl, other);
    }

    template <typename OtherStock, typename OtherNative>
    void converting_move_construct(implementation_type& impl,
        routed_service_base<OtherStock, OtherNative>& other_service,
        typename routed_service_base<OtherStock, OtherNative>::implementation_type& other)
    {
        construct(impl);
        if (native_ != nullptr)
            native_->converting_move_construct(impl.native_, *other_service.native_, other.native_);
        else
            stock_->converting_move_construct(impl.stock_, *other_service.stock_, other.stock_);
    }

protected:
    explicit routed_service_base(asio::execution_context& context)
        : routed_service_base(context, asio::has_service<reactor>(context))
    {}

    routed_service_base(asio::execution_context& context, bool native)
        : native_(native ? &asio::use_service<Native>(context) : nullptr),
          stock_(native ? nullptr : &asio::use_service<Stock>(context))
    {}

    ~routed_service_base() = default;

    /// Calls a function with the chosen service and its implementation.
    template <typename Function>
    decltype(auto) on(implementation_type& impl, Function function)
    {
        return native_ != nullptr ? function(*native_, impl.native_) : function(*stock_, impl.stock_);
    }

    template <typename Function>
    decltype(auto) on(const implementation_type& impl, Function function) const
    {
        return native_ != nullptr ? function(std::as_const(*native_), impl.native_)
                                  : function(std::as_const(*stock_), impl.stock_);
    }

private:
    template <typename, typename>
    friend class routed_service_base;

    void end(implementation_type& impl) noexcept
    {
        if (native_ != nullptr)
            impl.native_.~native_implementation();
        else
            impl.stock_.~stock_implementation();
    }

    Native* const native_;
    Stock* const stock_;
};

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_ROUTED_SERVICE_HPP
