#!/usr/bin/env bash
# Checks that each public header compiles alone, without a warning, as C++17, C++20 and C++23.
#
# Usage: test/headers.sh [COMPILER...]   (g++ and clang++ by default)
set -euo pipefail
cd "$(dirname "$0")/../include"

check()
{
    local compiler=$1 standard=$2 header=$3
    if ! echo "#include <$header>" | "$compiler" -x c++ -std="$standard" -fsyntax-only -I. \
        -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror -; then
        echo "headers: $header does not compile alone with $compiler as $standard" >&2
        return 1
    fi
}
export -f check

compilers=("$@")
if [ ${#compilers[@]} -eq 0 ]; then
    compilers=(g++ clang++)
fi
readarray -d '' headers < <(find asio_uring -name '*.hpp' -not -path '*/detail/*' -print0 | sort --zero-terminated)
for compiler in "${compilers[@]}"; do
    for standard in c++17 c++20 c++2b; do
        for header in "${headers[@]}"; do
            printf '%s\0' "$compiler" "$standard" "$header"
        done
    done
done | xargs -0 -n 3 -P "$(nproc)" bash -c 'check "$@"' check
echo "headers: each of ${#headers[@]} compiles alone with ${compilers[*]}"
