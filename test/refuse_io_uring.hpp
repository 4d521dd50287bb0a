// Copyright (c) 2026 The asio_uring authors
// Distributed under the Boost Software License, Version 1.0.
// (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)

// Seccomp filters: the one with which container runtimes forbid io_uring, and such for other system calls.

#ifndef ASIO_URING_TEST_REFUSE_IO_URING_HPP
#define ASIO_URING_TEST_REFUSE_IO_URING_HPP

#include <array>
#include <cstddef>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

namespace asio_uring::test {

#if defined(__x86_64__)
inline constexpr unsigned native_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
inline constexpr unsigned native_architecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv) && __riscv_xlen == 64
inline constexpr unsigned native_architecture = AUDIT_ARCH_RISCV64;
#else
#error "What linux/audit.h calls this architecture is to be added here"
#endif

/// From now on these system calls, from the first to the last number, fail with this error, in this thread
/// and in all threads and programs that it starts.
///
/// @returns whether the kernel took the filter; errno where it didn't.
inline bool refuse_calls(unsigned first, unsigned last, int error)
{
    const unsigned refusal = SECCOMP_RET_ERRNO | (static_cast<unsigned>(error) & SECCOMP_RET_DATA);
    // The last number of a jump is how many instructions it skips where the comparison fails, the one before
    // where it holds. Numbers of system calls mean something only together with their architecture.
    std::array filter{
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, native_architecture, 1, 0),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, first, 0, 1),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, last, 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        sock_filter BPF_STMT(BPF_RET | BPF_K, refusal),
    };
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    // Without the first only a privileged process may have a filter.
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/// The same for io_uring_setup, io_uring_enter and io_uring_register, whose numbers follow each other on all
/// architectures.
inline bool refuse_io_uring(int error)
{
    static_assert(__NR_io_uring_register == __NR_io_uring_setup + 2);
    return refuse_calls(__NR_io_uring_setup, __NR_io_uring_register, error);
}

} // namespace asio_uring::test

#endif // ASIO_URING_TEST_REFUSE_IO_URING_HPP
