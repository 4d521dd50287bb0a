#!/usr/bin/env bash
# Builds the tests with other versions of Boost, standalone Asio or liburing, and runs them. Nothing is installed.
#
# Usage: test/versions/run.sh [NAME...]   (all of them by default; fetch.sh tells the names)
# The environment variable CXX names another compiler than g++, the first time.
set -euo pipefail
cd "$(dirname "$0")/../.."

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
    names=(boost-1.83 boost-1.88 boost-1.90 boost-1.92 asio-1.30 asio-1.36 liburing-2.9 liburing-2.15)
fi

for name in "${names[@]}"; do
    folder=$(test/versions/fetch.sh "$name")
    build=build/versions/$name
    settings=(-DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG="-O0 -g0" -DASIO_URING_WERROR=ON
        -DASIO_URING_BUILD_EXAMPLES=OFF -DASIO_URING_BUILD_BENCHMARKS=OFF -DCMAKE_PREFIX_PATH="$folder/usr")
    case $name in
    boost-*) settings+=(-DBoost_USE_STATIC_LIBS=ON) ;;
    asio-*) settings+=(-DASIO_URING_STANDALONE_ASIO=ON) ;;
    esac
    echo "test/versions/run.sh: $name: building in $build"
    cmake -S . -B "$build" -G Ninja "${settings[@]}" >/dev/null
    cmake --build "$build" --parallel "$(nproc)"
    echo "test/versions/run.sh: $name: testing"
    ctest --test-dir "$build" --output-on-failure --no-tests=error
done
