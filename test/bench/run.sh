#!/usr/bin/env bash
# Builds the contenders in release, runs them side by side, and prints how they compare. Installs missing Debian
# packages first, as root or with sudo.
#
# Usage: test/bench/run.sh [--rounds N] [--seconds S] [--list] [WORKLOAD...]   (all of them by default)
set -euo pipefail
cd "$(dirname "$0")/../.."

test/packages.sh gnuplot-nox libbenchmark-dev python3 wrk
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target asio_uring_benchmarks
exec python3 test/bench/run.py build/release/test/bench "$@"
