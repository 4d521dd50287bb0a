// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Waiting for a moment without the kernel.

#ifndef ASIO_URING_DETAIL_RELAX_PROCESSOR_HPP
#define ASIO_URING_DETAIL_RELAX_PROCESSOR_HPP

#include <sched.h>

namespace asio_uring::detail {

/// Leaves the core to its other hardware thread for some ten nanoseconds, where there is such an instruction.
inline void relax_processor() noexcept
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("isb");
#endif
}

/// Whether another processor may do meanwhile what this thread waits for so.
[[nodiscard]] inline bool has_other_processors() noexcept
{
    // It fails where there are more than the set has room for.
    cpu_set_t processors;
    return ::sched_getaffinity(0, sizeof processors, &processors) != 0 || CPU_COUNT(&processors) > 1;
}

} // namespace asio_uring::detail

#endif // ASIO_URING_DETAIL_RELAX_PROCESSOR_HPP
