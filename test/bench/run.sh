#!/usr/bin/env bash
# Builds the contenders in release, runs them side by side, and prints how they compare. Installs missing Debian
# packages first, as root or with sudo.
#
# Usage: test/bench/run.sh [--rounds N] [--seconds S] [--chart FILE] [--list] [--counts] [--instructions] [WORKLOAD...]
# WORKLOAD: words of the names that --list prints; all of them by default.
# --chart: where the chart goes, as SVG; by default it is beside the numbers, build/release/test/bench/results.json.
# --counts: only checks that ours takes no memory, few system calls and no more instructions than it should.
# --instructions: only compares the instructions of handlers and timers.
set -euo pipefail
cd "$(dirname "$0")/../.."

test/packages.sh gnuplot-nox libbenchmark-dev python3 valgrind wrk
cmake --preset release >/dev/null
cmake --build --preset release --parallel "$(nproc)" --target asio_uring_benchmarks
exec python3 test/bench/run.py build/release/test/bench "$@"
