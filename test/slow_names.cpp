// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Stands in for getaddrinfo(3) in the program that this is linked into.

#include <condition_variable>
#include <cstring>
#include <dlfcn.h>
#include <mutex>
#include <netdb.h>
#include <slow_names.hpp>

namespace asio_uring::test {

namespace {

struct
{
    std::mutex mutex;
    std::condition_variable changed;
    bool slow = false;
    int asked = 0;
} state;

void set_slow(bool slow)
{
    const std::lock_guard<std::mutex> guard(state.mutex);
    state.slow = slow;
    state.changed.notify_all();
}

void wait_for_the_answer()
{
    std::unique_lock<std::mutex> guard(state.mutex);
    ++state.asked;
    state.changed.notify_all();
    state.changed.wait(guard, [] { return !state.slow; });
    --state.asked;
}

} // namespace

slow_names::slow_names()
{
    set_slow(true);
}

slow_names::~slow_names()
{
    set_slow(false);
}

void slow_names::wait_until_asked()
{
    std::unique_lock<std::mutex> guard(state.mutex);
    state.changed.wait(guard, [] { return state.asked != 0; });
}

void slow_names::answer()
{
    set_slow(false);
}

} // namespace asio_uring::test

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints, addrinfo** result)
{
    static const auto system = reinterpret_cast<decltype(&getaddrinfo)>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    if (name != nullptr && std::strcmp(name, asio_uring::test::slow_names::name) == 0)
    {
        asio_uring::test::wait_for_the_answer();
        name = "127.0.0.1";
    }
    return system(name, service, hints, result);
}
