// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// The marks of tests of what only io_uring does: these are skipped, and say why, where it is refused. All
// others run there too.
//
// They stand behind the name of a test, as in `BOOST_AUTO_TEST_CASE(name, *needs_the_ring())`, or before one
// of several types, as in `BOOST_TEST_DECORATOR(*needs_the_ring())`.

#ifndef ASIO_URING_TEST_NEEDS_THE_RING_HPP
#define ASIO_URING_TEST_NEEDS_THE_RING_HPP

#include <contexts.hpp>

#include <asio_uring/available.hpp>

#include <boost/test/tree/decorator.hpp>
#include <boost/test/tree/test_unit.hpp>
#include <boost/test/unit_test.hpp>
#include <string>

namespace asio_uring::test {

/// Skips a test where the contexts of this program don't get a ring.
inline boost::unit_test::precondition needs_the_ring()
{
    return boost::unit_test::precondition(
        [](boost::unit_test::test_unit_id)
        {
            const backend_info& backend = usual_backend();
            boost::test_tools::assertion_result result(backend.kind == backend_kind::io_uring);
            result.message() << "it needs the ring, and this runs on " << backend.description;
            return result;
        });
}

/// Skips a test where the kernel refuses io_uring: files of Asio's own context and Asio's own registrations
/// of buffers are on a ring of Asio's, whatever our contexts run on.
inline boost::unit_test::precondition needs_io_uring()
{
    return boost::unit_test::precondition(
        [](boost::unit_test::test_unit_id)
        {
            boost::test_tools::assertion_result result(available());
            result.message() << "it needs a ring of Asio's own. " << why_unavailable();
            return result;
        });
}

/// The same for the instance of a test that runs on Asio's own context; those on ours need nothing.
inline boost::unit_test::precondition needs_io_uring_on_asios_context()
{
    return boost::unit_test::precondition(
        [](boost::unit_test::test_unit_id id)
        {
            const std::string& name = boost::unit_test::framework::get(id, boost::unit_test::TUT_CASE).p_name;
            // Boost.Test puts the type into the name, and "_" in the place of ":".
            const bool on_asios_context = name.find("asio__io_context>") != std::string::npos;
            boost::test_tools::assertion_result result(!on_asios_context || available());
            result.message() << "it needs a ring of Asio's own. " << why_unavailable();
            return result;
        });
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_NEEDS_THE_RING_HPP
