// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Which Asio: Boost.Asio, or standalone Asio where ASIO_URING_STANDALONE_ASIO is defined. Its headers, macros
// and namespaces under names that are the same for both, and the range of versions.

#ifndef ASIO_URING_DETAIL_ASIO_FLAVOUR_HPP
#define ASIO_URING_DETAIL_ASIO_FLAVOUR_HPP

// HEADER(name) names a header of Asio's in an #include, without its ending; the others one in a folder. As
// two parameters of one macro, folder and name would come out with a space between them. MACRO(name) is a
// macro of Asio's without its prefix.
#if defined(ASIO_URING_STANDALONE_ASIO)
#define ASIO_URING_ASIO_HEADER(name) <asio/name.hpp>
#define ASIO_URING_ASIO_DETAIL_HEADER(name) <asio/detail/name.hpp>
#define ASIO_URING_ASIO_IP_HEADER(name) <asio/ip/name.hpp>
#define ASIO_URING_ASIO_LOCAL_HEADER(name) <asio/local/name.hpp>
#define ASIO_URING_ASIO_POSIX_HEADER(name) <asio/posix/name.hpp>
#define ASIO_URING_ASIO_MACRO(name) ASIO_##name
#else
#define ASIO_URING_ASIO_HEADER(name) <boost/asio/name.hpp>
#define ASIO_URING_ASIO_DETAIL_HEADER(name) <boost/asio/detail/name.hpp>
#define ASIO_URING_ASIO_IP_HEADER(name) <boost/asio/ip/name.hpp>
#define ASIO_URING_ASIO_LOCAL_HEADER(name) <boost/asio/local/name.hpp>
#define ASIO_URING_ASIO_POSIX_HEADER(name) <boost/asio/posix/name.hpp>
#define ASIO_URING_ASIO_MACRO(name) BOOST_ASIO_##name
#endif

#include ASIO_URING_ASIO_HEADER(version)
#include ASIO_URING_ASIO_DETAIL_HEADER(config)

#define ASIO_URING_ASIO_VERSION ASIO_URING_ASIO_MACRO(VERSION)

#if ASIO_URING_ASIO_VERSION < 102600
#error "asio_uring: Asio 1.26 (in Boost 1.81) or later is needed"
#elif ASIO_URING_ASIO_VERSION > 103802
#pragma message(                                                                                             \
    "asio_uring: this Asio is newer than what was tested: Asio 1.26 to 1.38.2, Boost 1.81 to 1.92")
#define ASIO_URING_ASIO_IS_NEWER
#endif

// On the ring handlers are run by a scheduler of ours, which shares the work count and the queue of Asio's;
// in an Asio that wasn't tested these may be otherwise. A program may do without, and must then in every
// source.
#if !defined(ASIO_URING_ASIO_IS_NEWER) && !defined(ASIO_URING_ASIO_SCHEDULER)
#define ASIO_URING_OWN_SCHEDULER
#endif

// Asio's switches that our headers respect.
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_NO_DEPRECATED) : defined(BOOST_ASIO_NO_DEPRECATED)
#define ASIO_URING_NO_DEPRECATED
#endif
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_NO_TS_EXECUTORS) : defined(BOOST_ASIO_NO_TS_EXECUTORS)
#define ASIO_URING_NO_TS_EXECUTORS
#endif
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_NO_EXTENSIONS) : defined(BOOST_ASIO_NO_EXTENSIONS)
#define ASIO_URING_NO_EXTENSIONS
#endif
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_NO_EXCEPTIONS) : defined(BOOST_ASIO_NO_EXCEPTIONS)
#define ASIO_URING_NO_EXCEPTIONS
#endif

// Files: on Linux only where the program defines (BOOST_)ASIO_HAS_IO_URING, as drop_in.hpp does. Without
// (BOOST_)ASIO_DISABLE_EPOLL that moves nothing else.
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_HAS_FILE) && defined(ASIO_HAS_IO_URING)               \
                                        : defined(BOOST_ASIO_HAS_FILE) && defined(BOOST_ASIO_HAS_IO_URING)
#define ASIO_URING_HAS_FILE
#endif

// Asio's bookkeeping of the signals of a process is a type that only its implementation defines. Where that
// is compiled apart ((BOOST_)ASIO_SEPARATE_COMPILATION) we can't take part in it.
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_HEADER_ONLY) : defined(BOOST_ASIO_HEADER_ONLY)
#define ASIO_URING_ASIO_SHOWS_SIGNALS
#endif

// Timers on the dates of Boost, since Boost 1.87 a deprecated part of Asio.
#if (defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_HAS_BOOST_DATE_TIME)                                 \
                                         : defined(BOOST_ASIO_HAS_BOOST_DATE_TIME)) &&                       \
    (ASIO_URING_ASIO_VERSION < 103300 || !defined(ASIO_URING_NO_DEPRECATED))
#define ASIO_URING_HAS_DEADLINE_TIMER
#endif

// Asio's own reactor must be the one on epoll, which works beside ours.
#if defined(ASIO_URING_STANDALONE_ASIO)                                                                      \
    ? !defined(ASIO_HAS_EPOLL) || defined(ASIO_HAS_IO_URING_AS_DEFAULT)                                      \
    : !defined(BOOST_ASIO_HAS_EPOLL) || defined(BOOST_ASIO_HAS_IO_URING_AS_DEFAULT)
#error                                                                                                       \
    "asio_uring: Asio must be built on epoll (neither (BOOST_)ASIO_DISABLE_EPOLL nor its own io_uring back end)"
#endif

// Since Asio 1.38.2 a namespace for its version can stand inside its own.
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_VERSIONED_NAME) : defined(BOOST_ASIO_VERSIONED_NAME)
#define ASIO_URING_ASIO_INLINE_NAMESPACE_BEGIN ASIO_URING_ASIO_MACRO(INLINE_NAMESPACE_BEGIN)
#define ASIO_URING_ASIO_INLINE_NAMESPACE_END ASIO_URING_ASIO_MACRO(INLINE_NAMESPACE_END)
#else
#define ASIO_URING_ASIO_INLINE_NAMESPACE_BEGIN
#define ASIO_URING_ASIO_INLINE_NAMESPACE_END
#endif

/// Opens Asio's public namespace, for overloads and specialisations that must live there, and closes it.
#if defined(ASIO_URING_STANDALONE_ASIO)
#define ASIO_URING_ASIO_BEGIN                                                                                \
    namespace asio {                                                                                         \
    ASIO_URING_ASIO_INLINE_NAMESPACE_BEGIN
#define ASIO_URING_ASIO_END                                                                                  \
    ASIO_URING_ASIO_INLINE_NAMESPACE_END                                                                     \
    }
#else
#define ASIO_URING_ASIO_BEGIN                                                                                \
    namespace boost {                                                                                        \
    namespace asio {                                                                                         \
    ASIO_URING_ASIO_INLINE_NAMESPACE_BEGIN
#define ASIO_URING_ASIO_END                                                                                  \
    ASIO_URING_ASIO_INLINE_NAMESPACE_END                                                                     \
    }                                                                                                        \
    }
#endif

/// Opens Asio's implementation namespace, for specialisations of its templates, and closes it.
#define ASIO_URING_ASIO_DETAIL_BEGIN                                                                         \
    ASIO_URING_ASIO_BEGIN namespace detail                                                                   \
    {
#define ASIO_URING_ASIO_DETAIL_END                                                                           \
    }                                                                                                        \
    ASIO_URING_ASIO_END

// The names that Asio gives to what must stand outside of its namespace.
#if defined(ASIO_URING_STANDALONE_ASIO) ? defined(ASIO_VERSIONED_NAME) : defined(BOOST_ASIO_VERSIONED_NAME)
#define ASIO_URING_ASIO_OUTER_NAME(name) ASIO_URING_ASIO_MACRO(VERSIONED_NAME)(name)
#elif defined(ASIO_URING_STANDALONE_ASIO)
#define ASIO_URING_ASIO_OUTER_NAME(name) asio_##name
#else
#define ASIO_URING_ASIO_OUTER_NAME(name) boost_asio_##name
#endif

#endif // ASIO_URING_DETAIL_ASIO_FLAVOUR_HPP
