#!/usr/bin/env bash
# Builds the contenders in release, runs them side by side, and prints how they compare. Installs missing Debian
# packages first, as root or with sudo.
#
# Usage: test/bench/run.sh [--rounds N] [--seconds S] [--list] [--counts] [WORKLOAD...]   (all of them by default)
# --counts: only checks that ours takes no memory and few system calls.
set -euo pipefail
cd "$(dirname "$0")/../.."

test/packages.sh libbenchmark-dev python3 wrk
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target asio_uring_benchmarks
exec python3 test/bench/run.py build/release/test/bench "$@"
