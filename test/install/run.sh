#!/usr/bin/env bash
# Installs a built asio_uring, moves the installed tree away, and builds and runs a user's programs against it:
# by CMake's find_package, and by pkg-config with nothing but the compiler.
#
# Usage: run.sh BUILD_DIRECTORY COMPILER CMAKE GENERATOR [COMPILER_LAUNCHER...]
set -euo pipefail

build=$1 compiler=$2 cmake=$3 generator=$4
launcher=$(IFS=';' && echo "${*:5}")
source=$(cd "$(dirname "$0")" && pwd)
work=$build/test/install
rm -rf "$work"
mkdir -p "$work"

echo "install: staging"
"$cmake" --install "$build" --prefix "$work/staged" >"$work/install.log"
mv "$work/staged" "$work/moved"
prefix=$work/moved

echo "install: find_package"
"$cmake" -S "$source" -B "$work/build" -G "$generator" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_COMPILER_LAUNCHER="$launcher" -DCMAKE_CXX_FLAGS_DEBUG=-O0 \
    -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF
"$cmake" --build "$work/build" --verbose
"$work/build/safe_header"
"$work/build/drop_in"

# by_pkg_config PROGRAM PACKAGE: builds and runs a program with the flags that a package gives.
by_pkg_config()
{
    local flags
    echo "install: pkg-config $2"
    read -ra flags <<<"$(pkg-config --cflags --libs "$2")"
    (set -x && "$compiler" -std=c++17 "$source/$1.cpp" -o "$work/$1" "${flags[@]}")
    LD_LIBRARY_PATH=$(pkg-config --variable=libdir asio_uring) "$work/$1"
}

PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name asio_uring.pc)")
export PKG_CONFIG_PATH
by_pkg_config safe_header asio_uring
by_pkg_config drop_in asio_uring_drop_in
