#!/usr/bin/env bash
# Runs one of Asio's or Beast's unit test programs, and writes to build/results/BACKEND/PROGRAM what came of it: the
# verdict, checks passed, checks failed, and epoll descriptors made.
#
# Usage: test/conformance/program.sh BUILD BACKEND PROGRAM
set -euo pipefail
build=$1 backend=$2 program=$3
result=$build/results/$backend/$program
log=$result.log

# In seconds, on a loaded machine: a program that takes longer hangs.
limit=300

if grep -qxF "$program" "$build/not_built.txt"; then
    echo "not_built 0 0 0" >"$result"
    exit
fi

source "$(dirname "$0")/backend.sh" "$build" "$backend"
export ASIO_URING_EPOLL_LOG=$result.epolls
: >"$ASIO_URING_EPOLL_LOG"
# Some leave files behind.
folder=$(mktemp -d "$result.XXXXXX")
status=0
(cd "$folder" && timeout --kill-after=5 "$limit" "${launcher[@]}" "$build/bin/$program" </dev/null &>"$log") ||
    status=$?
rm -rf "$folder"

verdict=ok passed=0 failed=0
case $program in
asio.*)
    # "NAME passed" or "NAME failed", a line a test case; "FILE(LINE): NAME: check 'CONDITION' failed" before it.
    passed=$(grep -c ' passed$' "$log" || true)
    failed=$(grep ' failed$' "$log" | grep -cv '): .*: check ' || true)
    if [ "$(grep ' passed$' "$log")" = "null_test passed" ]; then
        verdict=compiles
    fi
    ;;
beast.*)
    # "1.2s, 1 suite, 5 cases, 123 tests total, 1 failure"
    read -r passed failed < <(sed -nE 's/.* ([0-9]+) tests? total, ([0-9]+) failures?$/\1 \2/p' "$log") || true
    passed=$((${passed:-0} - failed))
    if grep -q ' 0 tests total' "$log"; then
        verdict=compiles
    fi
    ;;
esac

if [ "$status" -eq 124 ] || [ "$status" -eq 137 ]; then
    verdict=hangs
elif [ "$status" -gt 128 ]; then
    verdict=crashed
elif [ "$status" -ne 0 ] || [ "$failed" -ne 0 ]; then
    verdict=failed
elif [ "$passed" -eq 0 ] && [ "$verdict" != compiles ]; then
    verdict=silent
fi
echo "$verdict $passed $failed $(stat --format=%s "$ASIO_URING_EPOLL_LOG")" >"$result"
