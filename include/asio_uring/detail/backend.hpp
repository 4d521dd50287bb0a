// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Decides what a new io_context runs on: the seam between the context and the ring's reactor.

#ifndef ASIO_URING_DETAIL_BACKEND_HPP
#define ASIO_URING_DETAIL_BACKEND_HPP

#include <asio_uring/available.hpp>
#include <asio_uring/backend.hpp>
#include <asio_uring/detail/asio.hpp>
#include <asio_uring/io_context_options.hpp>
#include <asio_uring/loop.hpp>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <sys/utsname.h>
#include <utility>

namespace asio_uring::detail {

/// What a context will run on.
struct backend_choice
{
    /// What the context tells its user.
    backend_info info;

    /// The ring's loop; null where the context runs on Asio's reactor.
    std::unique_ptr<loop> ring_loop;
};

/// Keeps what a context tells its user, longer than any handler that the context holds.
class backend_record : public execution_context_service_base<backend_record>
{
public:
    explicit backend_record(asio::execution_context& context, backend_info what = {})
        : execution_context_service_base<backend_record>(context),
          info(std::move(what))
    {}

    void shutdown() override {}

    const backend_info info;
};

/// "6.18" of "6.18.44-cloud".
[[nodiscard]] inline std::string kernel_version()
{
    utsname name = {};
    const std::string release = ::uname(&name) == 0 ? name.release : "";
    return release.substr(0, release.find('.', release.find('.') + 1));
}

/// Where a program leaves the choice open, its user may make it.
inline constexpr const char backend_variable[] = "ASIO_URING_BACKEND";

/// What the user of the program wishes: the value of the environment variable, `automatic` where it is unset
/// or empty.
///
/// @throws system_error asio::error::invalid_argument for a value that it can't have.
[[nodiscard]] inline backend_preference backend_of_environment()
{
    const char* const variable = std::getenv(backend_variable);
    const std::string_view value = variable != nullptr ? variable : "";
    if (value.empty() || value == "auto")
        return backend_preference::automatic;
    if (value == "uring")
        return backend_preference::io_uring;
    if (value == "reactor")
        return backend_preference::reactor;
    throw_exception(system_error(asio::error::invalid_argument,
        std::string("io_context: ") + backend_variable + " is \"" + std::string(value) +
            "\", but can only be uring, reactor or auto"));
    return backend_preference::automatic;
}

/// Decides what a context with these options runs on, and makes the ring.
///
/// @throws system_error asio::error::invalid_argument where `ring_entries` or the environment variable is out
/// of range, or the error of the system where io_uring is demanded and can't be had.
[[nodiscard]] inline backend_choice choose_backend(const io_context_options& options)
{
    const auto asio_reactor_because = [](const std::string& reason) {
        return backend_choice{{backend_kind::reactor, asio_task_name + (" (" + reason + ")")}, nullptr};
    };

    if (options.ring_entries < io_context_options::min_ring_entries ||
        options.ring_entries > io_context_options::max_ring_entries)
        throw_error(asio::error::invalid_argument, "io_context: ring_entries");
    if (options.backend == backend_preference::reactor)
        return asio_reactor_because("as the program asked");
    auto preference = options.backend;
    if (preference == backend_preference::automatic)
        preference = backend_of_environment();
    if (preference == backend_preference::reactor)
        return asio_reactor_because(std::string("as ") + backend_variable + " asks");

    std::error_code error;
    auto ring_loop = std::make_unique<loop>(loop_options{options.ring_entries, options.spin}, error);
    if (!error)
        return {{backend_kind::io_uring, "io_uring, Linux " + kernel_version()}, std::move(ring_loop)};
    const std::string reason = explain_unavailable(error);
    if (preference == backend_preference::io_uring)
        throw_exception(system_error(asio_error(error), "io_context: " + reason));
    return asio_reactor_because(reason);
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_BACKEND_HPP
