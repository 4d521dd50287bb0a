#!/usr/bin/env bash
# Builds everything and runs all tests. Installs missing Debian packages first, as root or with sudo.
#
# Usage: test/run.sh [PRESET...] [-DNAME=VALUE...]
# Presets: release (the default), debug, asan, tsan. Definitions are handed to CMake.
set -euo pipefail
cd "$(dirname "$0")/.."

# What failed, once more, behind all that it printed.
fail()
{
    echo "test/run.sh: $1: the errors:" >&2
    grep --text -E ': (fatal )?error: |^\*\*\*|Sanitizer|runtime error: |Assertion|terminate called' \
        "build/$1/Testing/Temporary/LastTest.log" | tail -n 30 >&2
    exit 1
}

presets=() definitions=() packages=(curl)
for argument in "$@"; do
    case $argument in
    -D?*) definitions+=("$argument") ;;
    release | debug | asan | tsan) presets+=("$argument") ;;
    *)
        echo "usage: test/run.sh [release|debug|asan|tsan]... [-DNAME=VALUE]..." >&2
        exit 2
        ;;
    esac
done
if [ ${#presets[@]} -eq 0 ]; then
    presets=(release)
fi
if [[ " ${presets[*]} " =~ " asan "|" tsan " ]]; then
    packages+=(clang)
fi

test/packages.sh "${packages[@]}"
for preset in "${presets[@]}"; do
    echo "test/run.sh: $preset: configuring"
    cmake --preset "$preset" "${definitions[@]}" >/dev/null
    echo "test/run.sh: $preset: building in build/$preset"
    cmake --build --preset "$preset" --parallel "$(nproc)"
    echo "test/run.sh: $preset: testing"
    ctest --preset "$preset" --parallel "$(nproc)" || fail "$preset"
done
