#!/usr/bin/env bash
# Copyright (c) 2026 The asio_uring authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
#
# Tests the HTTP server from outside, with bash and curl: one line for each check, and a non-zero exit where one fails.
#
# Usage: test_http_server.sh SERVER SITE    (the program, and the directory of the sample site)
set -uo pipefail

server=$(realpath "${1:?usage: test_http_server.sh SERVER SITE}")
site=$(realpath "${2:?usage: test_http_server.sh SERVER SITE}")
work=$(mktemp -d)
pid=
failures=0

# Ends what is left of a test that failed half way.
clean_up()
{
    [[ -n $pid ]] && kill -KILL "$pid" 2>/dev/null
    rm -rf "$work"
}
trap clean_up EXIT

# check NAME COMMAND...: a line for a check, which passes where the command does.
check()
{
    local name=$1
    shift
    if "$@"; then
        echo "ok    $name"
    else
        echo "FAIL  $name"
        failures=$((failures + 1))
    fi
}

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

# Sends raw bytes over a connection of its own and prints the answer, until the server closes or 5 s have passed.
raw()
{
    local socket
    exec {socket}<>"/dev/tcp/127.0.0.1/$port"
    printf "$1" >&"$socket"
    timeout 5 cat <&"$socket"
    local result=$?
    exec {socket}>&-
    return "$result"
}

raw_status_is() { [[ $(raw "$2" | head -n 1) == "HTTP/1.1 $1 "* ]]; }
milliseconds() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

# wait_until COMMAND...: asks again and again for up to 10 s.
wait_until()
{
    local end=$(($(milliseconds) + 10000))
    until "$@"; do
        (($(milliseconds) < end)) || return 1
        sleep 0.02
    done
}

figure() { curl -s "$base/status.json" | sed -n "s/^ *\"$1\": \([0-9]*\),*$/\1/p"; }

# refuses TEXT OPTION...: the server says one line with TEXT in it and ends with an error.
refuses()
{
    local text=$1
    shift
    if timeout 10 "$server" "$@" >"$work/stdout" 2>"$work/stderr"; then
        return 1
    fi
    [[ ! -s $work/stdout && $(wc -l <"$work/stderr") == 1 && $(<"$work/stderr") == *"$text"* ]] ||
        { cat "$work/stdout" "$work/stderr"; return 1; }
}

same_page() { [[ $(status "$base/$1") == 200 ]] && cmp -s "$work/body" "$work/root/$1" && header_is Content-Type "$2"; }
range_is() { status_is 206 -r "$1" "$base/letters.txt" && [[ $(<"$work/body") == "$2" ]] && header_is Content-Range "bytes $3/26"; }

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

test_start()
{
    check "says where it listens" test -n "$port" -a "$listening" = "Listening on http://127.0.0.1:$port/"
    check "says what it serves" test "$serving" = "Serving $(realpath "$work/root")"
    check "says what it runs on" grep -q "^Running on ." <<<"$running"
}

test_pages()
{
    check "serves a text file" same_page letters.txt "text/plain; charset=utf-8"
    check "serves a page" same_page about.html "text/html; charset=utf-8"
    check "serves a style sheet" same_page style.css "text/css; charset=utf-8"
    check "serves an image" same_page ring.svg image/svg+xml
    check "serves an empty file" same_page nothing.bin application/octet-stream
    check "serves a large file" same_page big.bin application/octet-stream
    check "serves index.html for /" eval 'status_is 200 "$base/" && cmp -s "$work/body" "$work/root/index.html"'
    check "serves the index of a directory" eval 'status_is 200 "$base/dir/" && [[ $(<"$work/body") == inner ]]'
    check "leads to a directory" eval 'status_is 301 "$base/dir?q" && header_is Location "/dir/?q"'
    check "leads to no other server" eval 'status_is 301 --path-as-is "$base//dir" && header_is Location /dir/'
    check "decodes names" eval 'status_is 200 "$base/a%20b/x%25y.txt?q=1" && [[ $(<"$work/body") == spaced ]]'
    check "follows a link inside" eval 'status_is 200 "$base/in.html" && [[ $(<"$work/body") == inner ]]'
    check "HEAD has the length and no body" eval '[[ $(status -I "$base/letters.txt") == 200 ]] &&
        header_is Content-Length 26 && raw "HEAD /letters.txt HTTP/1.0\r\n\r\n" | tail -n 1 | grep -q "^.$"'
}

# The file has been there for a while, so that the server may keep it in memory.
test_changes()
{
    wait_until eval '(($(date +%s) - $(stat -c %Z "$work/root/old.txt") > 2))'
    check "a file that stays the same" eval 'same_page old.txt "text/plain; charset=utf-8" &&
        same_page old.txt "text/plain; charset=utf-8"'
    echo young >"$work/root/old.txt"
    check "is served anew once it changes" wait_until same_page old.txt "text/plain; charset=utf-8"
    rm "$work/root/old.txt"
    check "and no more once it is gone" wait_until status_is 404 "$base/old.txt"
    ln -s "$work/secret" "$work/root/old.txt"
    check "nor where it leads out" status_is 403 "$base/old.txt"
}

test_ranges()
{
    check "a range" range_is 2-5 cdef 2-5
    check "a range to the end" range_is 20- uvwxyz 20-25
    check "a range beyond the end" range_is 24-99 yz 24-25
    check "the last bytes" range_is -3 xyz 23-25
    check "a range of a large file" eval 'status_is 206 -r 9000000-19999999 "$base/big.bin" &&
        cmp -s -i 9000000:0 -n 11000000 "$work/root/big.bin" "$work/body"'
    check "a range behind the end" eval 'status_is 416 -r 26- "$base/letters.txt" &&
        header_is Content-Range "bytes */26"'
    check "several ranges are the whole" status_is 200 -r 0-1,4-5 "$base/letters.txt"
    check "a senseless range is the whole" status_is 200 -H "Range: bytes=5-2" "$base/letters.txt"
    check "not modified" status_is 304 -z '1 Jan 2100' "$base/letters.txt"
    check "modified" status_is 200 -z "Sun, 06 Nov 1994 08:49:37 GMT" "$base/letters.txt"
}

test_errors()
{
    check "404" status_is 404 "$base/nowhere.html"
    check "404 for a directory without index" status_is 404 "$base/empty/"
    check "405 names the methods" eval 'status_is 405 -X DELETE "$base/" && header_is Allow "GET, HEAD"'
    check "405 for a body" status_is 405 -d something "$base/"
    check "405 for a body that is announced" status_is 405 -H "Expect: 100-continue" -d something "$base/"
    check "405 for a chunked body" status_is 405 -H "Transfer-Encoding: chunked" -d something "$base/"
    check "413 for a large body" eval 'head -c 200000 "$work/root/big.bin" |
        status_is 413 -H Expect: --data-binary @- "$base/"'
    check "400 for nonsense" raw_status_is 400 'nonsense\r\n\r\n'
    check "400 without a host" raw_status_is 400 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'
    check "400 for a bad escape" status_is 400 "$base/%zz"
    check "400 for a NUL" status_is 400 "$base/letters.txt%00.html"
    check "400 for an unknown transfer coding" \
        raw_status_is 400 'GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n'
    check "431 for a large header" status_is 431 -H "X: $(head -c 20000 /dev/zero | tr '\0' x)" "$base/"
    check "431 for a large target" status_is 431 "$base/$(head -c 20000 /dev/zero | tr '\0' x)"
}

test_traversal()
{
    local path
    for path in /../secret /dir/../../secret /%2e%2e/secret /..%2fsecret /%2e%2e%2fsecret /dir/%2E%2E/%2E%2E/secret \
        /out.txt /dir/out.txt /etc/passwd /fifo; do
        check "403 for $path" status_is 403 --path-as-is "$base$path"
    done
    check "400 without a slash" raw_status_is 400 'GET ../secret HTTP/1.0\r\n\r\n'
}

test_connections()
{
    local reuse answers
    reuse=$(curl -s -o /dev/null -o /dev/null -w '%{num_connects}' "$base/" "$base/about.html")
    check "keeps a connection alive" test "$reuse" = 10
    answers=$(raw 'GET /letters.txt HTTP/1.1\r\nHost: x\r\n\r\nGET /none HTTP/1.1\r\nHost: x\r\n\r\nGET /dir/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' |
        tr -d '\r' | grep -E -o 'HTTP/1.1 [0-9]+|abcdef|^inner|^Connection: close' | tr '\n' ' ')
    check "answers pipelined requests in order" \
        test "$answers" = "HTTP/1.1 200 abcdef HTTP/1.1 404 HTTP/1.1 200 Connection: close inner "
    check "HTTP/1.0 closes" eval 'raw "GET /dir/ HTTP/1.0\r\n\r\n" | tr -d "\r" | grep -q "^Connection: close$"'
    check "HTTP/1.0 can stay" eval 'raw "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /dir/ HTTP/1.0\r\n\r\n" |
        tr -d "\r" | grep -q "^Connection: keep-alive$"'
    check "serves many at a time" eval '
        [[ $(curl -s -Z --no-progress-meter --parallel-max 100 -o /dev/null -w "%{http_code}\n" "$base/letters.txt?[1-300]" | grep -c 200) == 300 ]]'
}

test_limits()
{
    local started socket answer
    started=$(milliseconds)
    answer=$(raw 'GET / HTTP/1.1\r\nHost: ')
    check "408 for a slow request" grep -q "^HTTP/1.1 408 " <<<"$answer"
    check "in about the time limit" test $(($(milliseconds) - started)) -ge 900
    exec {socket}<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET /dir/ HTTP/1.1\r\nHost: x\r\n\r\n' >&"$socket"
    answer=$(timeout 5 cat <&"$socket")
    check "closes an idle connection" test $? = 0
    check "without a second answer" test "$(grep -c ^HTTP <<<"$answer")" = 1
    exec {socket}>&-
}

test_status()
{
    check "status page for people" eval 'status_is 200 "$base/status" && header_is Content-Type "text/html; charset=utf-8" &&
        grep -q "Open connections" "$work/body"'
    check "status page for programs" eval 'status_is 200 -H "Accept: application/json" "$base/status" &&
        header_is Content-Type application/json && grep -q "\"backend\": \"${running#Running on }\"" "$work/body"'
    local before
    before=$(figure requests)
    curl -s -o /dev/null "$base/"
    check "counts requests" test "$(figure requests)" = $((before + 2))
    check "counts open connections" test "$(figure open_connections)" -ge 1
    check "counts bytes" test "$(figure bytes_sent)" -gt 24000000
    check "has the ring's figures" test -n "$(figure submissions)" -a -n "$(figure completions)" -a -n "$(figure waits)"
}

test_stop()
{
    local socket download started answer
    exec {socket}<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET /dir/ HTTP/1.1\r\nHost: x\r\n\r\n' >&"$socket"
    IFS= read -r -t 5 -u "$socket" answer
    curl -s --limit-rate 12M -o "$work/download" "$base/big.bin" &
    download=$!
    wait_until test -s "$work/download"
    started=$(milliseconds)
    kill -TERM "$pid"
    timeout 5 cat <&"$socket" >/dev/null
    check "a stop closes idle connections" test $? = 0
    exec {socket}>&-
    check "at once" test $(($(milliseconds) - started)) -lt 800
    check "a stopping server accepts no more" eval '! curl -s -o /dev/null "$base/"'
    wait "$download"
    check "a download in progress finishes" cmp -s "$work/download" "$work/root/big.bin"
    check "and the server ends well" wait_for_end
    check "without a word of error" test ! -s "$work/err"
}

test_second_signal()
{
    local download started
    curl -s --limit-rate 1M -o "$work/download2" "$base/big.bin" &
    download=$!
    wait_until test -s "$work/download2"
    started=$(milliseconds)
    kill -INT "$pid"
    wait_until eval '! curl -s -o /dev/null --max-time 5 "$base/"'
    kill -INT "$pid"
    check "a second signal ends it" wait_for_end
    check "at once, in the middle of a download" test $(($(milliseconds) - started)) -lt 3000
    kill "$download" 2>/dev/null
    wait "$download" 2>/dev/null
}

# With 40 file descriptors and 60 connections accept fails, and must go on once they are closed.
test_few_descriptors()
{
    local i socket sockets=()
    for i in {1..60}; do
        exec {socket}<>"/dev/tcp/127.0.0.1/$port"
        sockets+=("$socket")
    done
    wait_until test -s "$work/err"
    check "says that it can't accept" test "$(wc -l <"$work/err")" = 1
    for socket in "${sockets[@]}"; do
        exec {socket}>&-
    done
    check "accepts again later" status_is 200 "$base/letters.txt"
    kill -TERM "$pid"
    check "and ends well" wait_for_end
}

test_command_line()
{
    check "--help" eval '"$server" --help | grep -q -- --root'
    check "a port in use" refuses "127.0.0.1:$port: Address already in use" --root "$work/root" --port "$port"
    check "a missing directory" refuses "No such file or directory" --root "$work/missing"
    check "a file for a directory" refuses "Not a directory" --root "$work/secret"
    check "an unknown option" refuses "--colour" --colour
    check "an argument too many" refuses "http_server: " "$work/root"
    check "a port that is no number" refuses "--port: 'http' is not a number" --port http
    check "a port too large" refuses "--port: '65536'" --port 65536
    check "a negative port" refuses "--port: '-1'" --port=-1
    check "no threads" refuses "--threads: '0'" --threads 0
    check "a bad address" refuses "--address: 'here'" --address here
    check "an address that isn't ours" refuses "can't listen on 192.0.2.1:8080" --address 192.0.2.1
}

make_root
start --root "$work/root" --header-timeout 1 --idle-timeout 2
test_start
test_pages
test_ranges
test_errors
test_traversal
test_connections
test_limits
test_changes
test_status
test_command_line
test_stop

start --root "$work/root" --threads 3
test_connections
test_pages
test_second_signal

descriptors=40 start --root "$work/root"
test_few_descriptors

if [[ $failures != 0 ]]; then
    echo "$failures checks failed"
    exit 1
fi
echo "all checks passed"
