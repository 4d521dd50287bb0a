// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Tests of the explanation why no ring can be made.

#include <asio_uring/available.hpp>
#include <asio_uring/loop.hpp>

#include "child_process.hpp"
#include "descriptor.hpp"
#include "refuse_io_uring.hpp"

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <system_error>
#include <unistd.h>

using namespace asio_uring;
using namespace asio_uring::test;

namespace {

std::string explain(int error)
{
    return explain_unavailable({error, std::system_category()});
}

bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// Whether a text fits into a message: one line without a full stop.
bool fits_a_message(const std::string& text)
{
    return text.size() > 20 && !holds(text, "\n") && text.back() != '.';
}

std::string running_kernel()
{
    utsname name{};
    ::uname(&name);
    return name.release;
}

/// What why_unavailable() says in a child process that has first done something to itself; "available" where
/// it finds a ring.
template <typename Function>
std::string why_unavailable_after(Function restrict_process)
{
    return answer_of_a_child(
        [&]
        {
            restrict_process();
            return available() ? "available" : why_unavailable();
        });
}

/// Shows this process another value of kernel.io_uring_disabled. Returns whether that could be done.
bool set_io_uring_disabled(const char* value)
{
    constexpr char setting[] = "/proc/sys/kernel/io_uring_disabled";
    char file[] = "/tmp/asio_uring_test_XXXXXX";
    const descriptor contents(::mkstemp(file));
    checked(static_cast<int>(::write(contents.get(), value, 1)));
    const bool shown = ::unshare(CLONE_NEWNS) == 0 &&
                       ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                       ::mount(file, setting, nullptr, MS_BIND, nullptr) == 0;
    ::unlink(file);
    return shown;
}

} // namespace

BOOST_AUTO_TEST_SUITE(available_test)

BOOST_AUTO_TEST_CASE(a_ring_is_available_here)
{
    BOOST_TEST(available());
    BOOST_TEST(why_unavailable() == "");
    BOOST_TEST(explain_unavailable({}) == "");
}

BOOST_AUTO_TEST_CASE(enosys_names_the_kernel_and_the_one_that_is_needed)
{
    const std::string text = explain(ENOSYS);
    BOOST_TEST(fits_a_message(text));
    BOOST_TEST(holds(text, running_kernel()));
    BOOST_TEST(holds(text, "6.1"));
}

BOOST_AUTO_TEST_CASE(an_old_kernel_is_named_with_the_one_that_is_needed)
{
    const std::string text = explain_unavailable(loop_error::kernel_too_old);
    BOOST_TEST(fits_a_message(text));
    BOOST_TEST(holds(text, running_kernel()));
    BOOST_TEST(holds(text, "6.1"));
}

BOOST_AUTO_TEST_CASE(eperm_names_the_setting_or_the_filter)
{
    int disabled = 0;
    std::ifstream("/proc/sys/kernel/io_uring_disabled") >> disabled;
    const std::string text = explain(EPERM);
    BOOST_TEST(fits_a_message(text));
    if (disabled == 0)
        BOOST_TEST(holds(text, "blocked by a seccomp filter, as in Docker's default profile"));
    else
        BOOST_TEST(holds(text, "kernel.io_uring_disabled (now " + std::to_string(disabled) + ")"));
}

BOOST_DATA_TEST_CASE(eperm_names_the_value_of_the_setting, boost::unit_test::data::make({"1", "2"}), setting)
{
    const int outcome = in_a_child(
        [&]
        {
            if (!set_io_uring_disabled(setting))
                return 2;
            const std::string text = explain(EPERM);
            return holds(text, std::string("kernel.io_uring_disabled (now ") + setting + ")") ? 0 : 1;
        });
    if (outcome == 2)
        BOOST_TEST_MESSAGE("skipped: only root may mount");
    else
        BOOST_TEST(outcome == 0);
}

BOOST_AUTO_TEST_CASE(enomem_names_the_limit_of_locked_memory)
{
    rlimit limit{};
    ::getrlimit(RLIMIT_MEMLOCK, &limit);
    const std::string text = explain(ENOMEM);
    BOOST_TEST(fits_a_message(text));
    BOOST_TEST(holds(text, "RLIMIT_MEMLOCK"));
    BOOST_TEST(
        holds(text, limit.rlim_cur == RLIM_INFINITY ? "unlimited" : std::to_string(limit.rlim_cur / 1024)));
}

BOOST_AUTO_TEST_CASE(emfile_and_enfile_name_the_limit_of_open_files)
{
    for (const int error : {EMFILE, ENFILE})
    {
        BOOST_TEST(fits_a_message(explain(error)));
        BOOST_TEST(holds(explain(error), "RLIMIT_NOFILE"));
    }
}

BOOST_AUTO_TEST_CASE(any_other_error_is_told_by_its_message)
{
    BOOST_TEST(fits_a_message(explain(EIO)));
    BOOST_TEST(holds(explain(EIO), std::system_category().message(EIO)));
    BOOST_TEST(holds(explain_unavailable(loop_error::too_many_entries), "8191"));
    // A number of another category isn't taken for an errno.
    BOOST_TEST(!holds(explain_unavailable({EPERM, std::iostream_category()}), "seccomp"));
}

BOOST_AUTO_TEST_CASE(a_seccomp_filter_makes_a_ring_unavailable)
{
    const std::string text = why_unavailable_after([] { refuse_io_uring(EPERM); });
    BOOST_TEST(text == explain(EPERM));
}

BOOST_AUTO_TEST_CASE(a_filter_that_hides_the_system_call_makes_a_ring_unavailable)
{
    const std::string text = why_unavailable_after([] { refuse_io_uring(ENOSYS); });
    BOOST_TEST(text == explain(ENOSYS));
}

BOOST_AUTO_TEST_CASE(no_free_descriptor_makes_a_ring_unavailable)
{
    const std::string text = why_unavailable_after(
        []
        {
            const rlimit none{0, 0};
            ::setrlimit(RLIMIT_NOFILE, &none);
        });
    BOOST_TEST(text == explain(EMFILE));
}

BOOST_AUTO_TEST_CASE(no_memory_that_may_be_locked_makes_a_ring_unavailable)
{
    const std::string text = why_unavailable_after(
        []
        {
            constexpr uid_t nobody = 65534;
            const rlimit none{0, 0};
            if ((::getuid() == 0 && ::setuid(nobody) != 0) || ::setrlimit(RLIMIT_MEMLOCK, &none) != 0)
                ::_exit(2);
        });
    BOOST_TEST(holds(text, "RLIMIT_MEMLOCK, now 0 KiB"));
}

BOOST_AUTO_TEST_CASE(each_error_of_the_loop_has_a_message)
{
    BOOST_TEST(loop_category().name() == std::string("asio_uring.loop"));
    for (const loop_error error :
        {loop_error::too_many_entries, loop_error::nested_run, loop_error::end_of_file, loop_error::not_found,
            loop_error::in_progress, loop_error::kernel_too_old})
    {
        const std::error_code code = error;
        BOOST_TEST((code.category() == loop_category()));
        BOOST_TEST(!code.message().empty());
        BOOST_TEST(code.message() != "Unknown error");
    }
    BOOST_TEST(loop_category().message(1000) == "Unknown error");
}

BOOST_AUTO_TEST_SUITE_END()
