#!/usr/bin/env bash
# Checks that Asio's handler tracking tells the same of a program on the ring as on Asio's own context: which
# operations there are, by kind of object and name, and what their handlers get.
#
# Usage: test/macros/handler_tracking.sh PROGRAM...   (and what starts it)
set -euo pipefail

# The operations that a program starts, as "socket.async_receive", and what handlers get, as "ec=,bytes_transferred=",
# each named once. Left out: what Asio's reactor does inside ("|.4|non_blocking_recv,ec=...").
tracked()
{
    local output
    output=$("$@" 2>&1 >/dev/null)
    sed -nE \
        -e 's/^@asio\|[0-9.]+\|[0-9]+(\*[0-9]+)?\|([a-z_]+)@[0-9a-fx]+\.([a-z_]+)$/\2.\3/p' \
        -e 's/^@asio\|[0-9.]+\|>[0-9]+\|(.*)$/a handler gets: \1/p' <<<"$output" |
        sed -E 's/=[^,]*/=/g' | sort -u
}

if ! diff --unified=100 --label "on Asio's context" --label "on the ring" \
    <(tracked "$@" asio) <(tracked "$@" ring); then
    echo "handler_tracking: the ring's operations are not tracked as Asio's own are" >&2
    exit 1
fi
tracked "$@" ring | grep -qx 'socket.async_receive' || {
    echo "handler_tracking: the program tells nothing" >&2
    exit 1
}
