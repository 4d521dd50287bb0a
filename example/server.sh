# Copyright (c) 2026 The asio_uring authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
#
# What the tests of the HTTP server share: a server to start and to stop, and ways to talk to it. Read by them with
# "source server.sh SERVER SITE", the program and the directory of the sample site.
source "$(dirname "${BASH_SOURCE[0]}")/checks.sh"

server=$(realpath "${1:?usage: $0 SERVER SITE}")
site=$(realpath "${2:?usage: $0 SERVER SITE}")

# Starts the server with the given options on a free port; sets pid, port, base and its first three lines.
start()
{
    rm -f "$work/out"
    mkfifo "$work/out"
    (
        [[ -n ${descriptors:-} ]] && ulimit -n "$descriptors"
        exec "$server" --port 0 "$@" >"$work/out" 2>"$work/err"
    ) &
    pid=$!
    exec {out}<"$work/out"
    IFS= read -r -t 20 -u "$out" listening
    IFS= read -r -t 20 -u "$out" serving
    IFS= read -r -t 20 -u "$out" running
    base=${listening#Listening on }
    base=${base%/}
    port=${base##*:}
}

# Whether the server says that it runs on a ring. Where it doesn't, the reason may speak of io_uring, too.
says_io_uring() { [[ $running == "Running on io_uring, Linux "* ]]; }

# Waits for the server to end, and returns its exit status.
wait_for_end()
{
    wait "$pid"
    local status=$?
    pid=
    exec {out}<&-
    return "$status"
}

# Gets a page, and prints the numeric status.
status() { curl -s -o "$work/body" -D "$work/header" --max-time 10 -w '%{http_code}' "$@"; }

# status_is CODE CURL-ARGUMENT...
status_is()
{
    local want=$1 got
    shift
    got=$(status "$@")
    [[ $got == "$want" ]] || { echo "      status $got, not $want"; return 1; }
}

# header_is NAME VALUE: of the last answer.
header_is()
{
    local got
    got=$(tr -d '\r' <"$work/header" | sed -n "s/^$1: //p")
    [[ $got == "$2" ]] || { echo "      $1: '$got', not '$2'"; return 1; }
}

# Sends raw bytes over a connection of its own and prints the answer, until the server closes or 20 s have passed.
raw()
{
    local socket
    exec {socket}<>"/dev/tcp/127.0.0.1/$port"
    printf "$1" >&"$socket"
    timeout 20 cat <&"$socket"
    local result=$?
    exec {socket}>&-
    return "$result"
}

# Sends the parts a moment ($pause) apart over a connection of its own and prints the answer, until the server
# closes.
raw_in_pieces()
(
    trap '' PIPE # a server may close before the last one
    exec {socket}<>"/dev/tcp/127.0.0.1/$port"
    for part in "$@"; do
        printf "$part" >&"$socket" || break
        sleep "${pause:-0.2}"
    done 2>/dev/null
    timeout 20 cat <&"$socket"
)

# raw_status_is CODE BYTES
raw_status_is() { [[ $(raw "$2" | head -n 1) == "HTTP/1.1 $1 "* ]]; }
# figure NAME: one of the figures of the status page.
figure() { curl -s "$base/status.json" | sed -n "s/^ *\"$1\": \([0-9]*\),*$/\1/p"; }

make_root()
{
    cp -r "$site" "$work/root"
    mkdir -p "$work/root/dir" "$work/root/empty" "$work/root/a b"
    echo inner >"$work/root/dir/index.html"
    echo spaced >"$work/root/a b/x%y.txt"
    printf abcdefghijklmnopqrstuvwxyz >"$work/root/letters.txt"
    : >"$work/root/nothing.bin"
    echo old >"$work/root/old.txt"
    echo secret >"$work/secret"
    ln -s "$work/secret" "$work/root/out.txt"
    ln -s ../../secret "$work/root/dir/out.txt"
    ln -s /etc "$work/root/etc"
    ln -s dir/index.html "$work/root/in.html"
    mkfifo "$work/root/fifo"
    head -c 24000000 /dev/urandom >"$work/root/big.bin"
}
