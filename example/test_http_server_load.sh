#!/usr/bin/env bash
# Copyright (c) 2026 The asio_uring authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
#
# Loads the HTTP server with wrk at 1, 64 and 1,000 connections, looks at its system calls meanwhile with strace, and
# opens thousands of connections. What a missing program prevents is skipped, by name.
#
# Usage: test_http_server_load.sh SERVER SITE    (the program, and the directory of the sample site)
set -uo pipefail
source "$(dirname "$0")/server.sh" "$@"

idle_connections=2000
seconds=2 # of each run of wrk

# has PROGRAM: says so where it is missing, and what is skipped for it.
has()
{
    command -v "$1" >/dev/null || { echo "skip  $2: $1 is not installed"; return 1; }
}

# load CONNECTIONS: every connection is made, and every answer is a good one.
load()
{
    wrk -t 1 -c "$1" -d "${seconds}s" --timeout 20s "$base/letters.txt" >"$work/wrk" 2>&1 &&
        grep -qE '^Requests/sec: +[1-9]' "$work/wrk" && ! grep -qE '^ *(Socket errors|Non-2xx)' "$work/wrk" ||
        { cat "$work/wrk"; return 1; }
}

test_wrk()
{
    has wrk "load at 1, 64 and 1,000 connections" || return
    local connections
    for connections in 1 64 1000; do
        check "$connections connections at full speed, --threads $1" load "$connections"
    done
    check "and none of them stays" wait_until eval '(($(figure open_connections) == 1))'
}

# Traces the server while it answers, and leaves a summary of its system calls in $work/calls.
trace()
{
    local tracer
    strace -f -c -o "$work/calls" -p "$pid" 2>"$work/strace" &
    tracer=$!
    wait_until grep -q attached "$work/strace" || { kill "$tracer" 2>/dev/null; return 1; }
    curl -s -Z --no-progress-meter --parallel-max 50 -o /dev/null "$base/letters.txt?[1-300]"
    kill -INT "$tracer"
    wait "$tracer"
    [[ -s $work/calls ]]
}

called() { awk '{ print $NF }' "$work/calls" | grep -qE "^($1)\$"; }

test_system_calls()
{
    if ! says_io_uring; then
        echo "skip  system calls under load: the server doesn't run on io_uring"
        return
    fi
    has strace "system calls under load" || return
    if ! strace -o /dev/null true 2>/dev/null || ! trace; then
        echo "skip  system calls under load: strace isn't allowed to attach"
        return
    fi
    check "the ring is entered under load" called io_uring_enter
    check "epoll is not" eval '! called "epoll_p?wait2?"'
    check "nor are sockets read and written by system calls" \
        eval '! called "recvfrom|recvmsg|sendto|sendmsg|readv|writev|accept4?|poll|select"'
}

# One request on each of many connections that are open at the same time. These reads have no limit of their own,
# since bash would use select, which takes no descriptor above 1023; a server closes what is idle.
ask_all()
{
    local socket line answers=0
    for socket in "${sockets[@]}"; do
        printf 'HEAD /letters.txt HTTP/1.1\r\nHost: x\r\n\r\n' >&"$socket" || return 1
    done
    for socket in "${sockets[@]}"; do
        IFS= read -r -u "$socket" line && [[ $line == "HTTP/1.1 200 "* ]] && answers=$((answers + 1))
        while IFS= read -r -u "$socket" line && [[ $line != $'\r' ]]; do :; done
    done
    ((answers == ${#sockets[@]})) || { echo "      $answers answers"; return 1; }
}

test_thousands()
{
    if (($(ulimit -n) < idle_connections + 100)); then
        echo "skip  $idle_connections connections: only $(ulimit -n) files may be open"
        return
    fi
    local i socket sockets=()
    for ((i = 0; i < idle_connections; ++i)); do
        exec {socket}<>"/dev/tcp/127.0.0.1/$port"
        sockets+=("$socket")
    done
    check "$idle_connections connections are open" \
        wait_until eval '(($(figure open_connections) == idle_connections + 1))'
    check "each gets an answer" ask_all
    check "and stays, and gets another" ask_all
    check "others are served beside them" status_is 200 "$base/"
    kill -TERM "$pid"
    check "a stop ends them all" wait_for_end
    check "without a word of error" test ! -s "$work/err"
    for socket in "${sockets[@]}"; do
        exec {socket}>&-
    done
}

ulimit -n "$(ulimit -H -n)"
make_root
start --root "$work/root"
test_system_calls
test_wrk 1
test_thousands

start --root "$work/root" --threads 4
test_wrk 4
test_thousands

finish
