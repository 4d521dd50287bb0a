#!/usr/bin/env bash
# Copyright (c) 2026 The asio_uring authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
#
# Runs the three small examples and compares what they print.
#
# Usage: test_examples.sh DIRECTORY    (where the programs are)
set -uo pipefail
directory=$(realpath "${1:?usage: test_examples.sh DIRECTORY}")
source "$(dirname "$0")/checks.sh"

test_timer()
{
    timeout 20 "$directory/timer" >"$work/timer" 2>&1
    check "timer: ends well" test $? = 0
    check "timer: says what it runs on" grep -q '^Running on .' "$work/timer"
    check "timer: ticks in order" test "$(grep -o '^tick [0-9]*' "$work/timer" | tr '\n' ' ')" = \
        "tick 1 tick 2 tick 3 tick 4 tick 5 "
    # After 200, 400, 600, 800 and 1,000 ms: never early, and on a busy machine later.
    check "timer: never early" awk '/^tick/ { if ($4 < 200 * $2) bad = 1 } END { exit bad }' "$work/timer"
    check "timer: the cancelled wait comes last" \
        test "$(tail -n 1 "$work/timer")" = "the wait ended early: Operation canceled"
}

test_same_program()
{
    timeout 20 "$directory/same_program" >"$work/same" 2>&1
    check "same_program: ends well" test $? = 0
    check "same_program: two lines" test "$(wc -l <"$work/same")" = 2
    check "same_program: Asio's context" grep -q \
        "^boost::asio::io_context  received \"a message\" on Asio's epoll reactor$" "$work/same"
    if grep -q 'on io_uring, Linux' "$work/same"; then
        check "same_program: ours, with a ring that is used" grep -q -E \
            '^asio_uring::io_context   received "a message" on io_uring, Linux [0-9.]+, with [1-9][0-9]* submissions$' \
            "$work/same"
    else
        check "same_program: ours, without a ring" grep -q -E \
            "^asio_uring::io_context   received \"a message\" on Asio's .*, with 0 submissions$" "$work/same"
    fi
}

test_echo_server()
{
    local line port socket other
    mkfifo "$work/out"
    "$directory/echo_server" 0 >"$work/out" 2>"$work/err" &
    pid=$!
    exec {out}<"$work/out"
    IFS= read -r -t 20 -u "$out" line
    port=$(sed -n -E 's/^Echoing on 127\.0\.0\.1:([0-9]+), running on .+$/\1/p' <<<"$line")
    check "echo_server: says where and on what it runs" test -n "$port"

    exec {socket}<>"/dev/tcp/127.0.0.1/$port"
    exec {other}<>"/dev/tcp/127.0.0.1/$port"
    echo "to the first" >&"$socket"
    echo "to the second" >&"$other"
    IFS= read -r -t 20 -u "$other" line
    check "echo_server: sends back what it got" test "$line" = "to the second"
    IFS= read -r -t 20 -u "$socket" line
    check "echo_server: to each its own" test "$line" = "to the first"
    head -c 3000000 /dev/urandom >"$work/sent"
    cat "$work/sent" >&"$socket" &
    head -c 3000000 <&"$socket" >"$work/echoed"
    check "echo_server: also much of it" cmp -s "$work/sent" "$work/echoed"
    check "echo_server: a port in use is an error" eval '! "$directory/echo_server" "$port" >/dev/null 2>"$work/refused" &&
        [[ $(<"$work/refused") == "echo_server: bind: Address already in use"* ]]'
    check "echo_server: so is a bad port" eval '! "$directory/echo_server" 65536 2>"$work/refused" &&
        [[ $(<"$work/refused") == "echo_server: usage: "* ]]'

    kill -TERM "$pid"
    wait "$pid"
    check "echo_server: ends well" test $? = 0
    pid=
    exec {socket}>&- {other}>&- {out}<&-
    check "echo_server: without a word of error" test ! -s "$work/err"
}

test_timer
test_same_program
test_echo_server
finish
