#!/usr/bin/env bash
# Copyright (c) 2026 The asio_uring authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
#
# Tests the HTTP server from outside, with bash and curl: one line for each check, and a non-zero exit where one fails.
#
# Usage: test_http_server.sh SERVER SITE    (the program, and the directory of the sample site)
set -uo pipefail
source "$(dirname "$0")/server.sh" "$@"

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
# range_after CODE IF-RANGE: what a range is answered with on a condition.
range_after() { status_is "$1" -r 2-5 -H "If-Range: $2" "$base/letters.txt"; }
range_is() { status_is 206 -r "$1" "$base/letters.txt" && [[ $(<"$work/body") == "$2" ]] && header_is Content-Range "bytes $3/26"; }

test_start()
{
    check "says where it listens" test -n "$port" -a "$listening" = "Listening on http://127.0.0.1:$port/"
    check "says what it serves" test "$serving" = "Serving $(realpath "$work/root")"
    check "says what it runs on" grep -q "^Running on ." <<<"$running"
    check "which is io_uring where the machine has it" runs_on_io_uring_where_possible
}

# Whether io_uring is known to be refused: by the user, the system's setting, a filter such as Docker's, or its age.
refuses_io_uring()
{
    local setting=0 major minor rest
    IFS=. read -r major minor rest </proc/sys/kernel/osrelease
    [[ -r /proc/sys/kernel/io_uring_disabled ]] && setting=$(</proc/sys/kernel/io_uring_disabled)
    [[ ${ASIO_URING_BACKEND:-auto} == reactor || $setting != 0 ]] || ((major < 6 || (major == 6 && ${minor%%[!0-9]*} < 1))) ||
        grep -q '^Seccomp:[[:space:]]*[12]' /proc/self/status
}

# What the server says, the descriptors that it has, and the machine must agree.
runs_on_io_uring_where_possible()
{
    local release rings
    release=$(grep -o '^[0-9]*[.][0-9]*' /proc/sys/kernel/osrelease)
    rings=$(ls -l "/proc/$pid/fd" | grep -c 'anon_inode:\[io_uring\]')
    if [[ $running == "Running on io_uring, Linux $release" ]]; then
        ((rings > 0)) || { echo "      it says io_uring, and has no ring"; return 1; }
    elif refuses_io_uring; then
        ((rings == 0)) && [[ $running == "Running on Asio's"*reactor* ]]
    else
        echo "      '$running', on Linux $release that has io_uring"
        return 1
    fi
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

# if_status_is CODE FIELD...: the status of letters.txt on conditions.
if_status_is()
{
    local want=$1 field fields=()
    shift
    for field in "$@"; do
        fields+=(-H "$field")
    done
    status_is "$want" "${fields[@]}" "$base/letters.txt"
}

test_conditions()
{
    local tag date past='Sun, 06 Nov 1994 08:49:37 GMT' future='Fri, 01 Jan 2100 00:00:00 GMT'
    # A file that changed just now has a weak tag, and its date may not be relied upon for a range.
    wait_until eval '(($(date +%s) - $(stat -c %Z "$work/root/letters.txt") > 2))'
    status -I "$base/letters.txt" >/dev/null
    tag=$(tr -d '\r' <"$work/header" | sed -n 's/^ETag: //p')
    date=$(tr -d '\r' <"$work/header" | sed -n 's/^Last-Modified: //p')
    check "has a strong entity tag" grep -q '^"[^"]*"$' <<<"$tag"
    check "304 for its tag" eval 'if_status_is 304 "If-None-Match: $tag" && header_is ETag "$tag"'
    check "304 for its tag among others" if_status_is 304 "If-None-Match: \"a,b\", W/\"c\" ,, $tag"
    check "304 for its tag on a second line" if_status_is 304 'If-None-Match: "a"' "If-None-Match: $tag"
    check "304 for its tag, weakly" if_status_is 304 "If-None-Match: W/$tag"
    check "304 for any tag" if_status_is 304 'If-None-Match: *'
    check "200 for another tag" if_status_is 200 'If-None-Match: "other"'
    check "200 for a malformed tag" if_status_is 200 'If-None-Match: other"'
    check "If-None-Match makes If-Modified-Since void" \
        if_status_is 200 'If-None-Match: "other"' "If-Modified-Since: $future"
    check "also where the tag is its own" if_status_is 304 "If-None-Match: $tag" "If-Modified-Since: $past"
    check "If-Match: its tag" if_status_is 200 "If-Match: $tag"
    check "If-Match: any" if_status_is 200 'If-Match: *'
    check "412 for another tag" if_status_is 412 'If-Match: "other"'
    check "412 for a weak tag" if_status_is 412 "If-Match: W/$tag"
    check "404 comes before 412" status_is 404 -H 'If-Match: "other"' "$base/nowhere.html"
    check "If-Unmodified-Since: unmodified" if_status_is 200 "If-Unmodified-Since: $date"
    check "412 where it was modified since" if_status_is 412 "If-Unmodified-Since: $past"
    check "If-Unmodified-Since: no date" if_status_is 200 'If-Unmodified-Since: yesterday'
    check "If-Match makes If-Unmodified-Since void" if_status_is 200 "If-Match: $tag" "If-Unmodified-Since: $past"
    check "412 for HEAD too" status_is 412 -I -H 'If-Match: "other"' "$base/letters.txt"
    check "If-Range: its tag" range_after 206 "$tag"
    check "If-Range: another tag" range_after 200 '"other"'
    check "If-Range: a weak tag" range_after 200 "W/$tag"
    check "If-Range: its date" range_after 206 "$date"
    check "If-Range: a later date" range_after 200 "$future"
    check "a fresh file has a weak tag" wait_until eval 'echo fresh >"$work/root/fresh.txt" &&
        [[ $(curl -s -I "$base/fresh.txt") == *"ETag: W/"* ]]'
}

# head_is CODE TARGET LENGTH: HEAD is answered with a header alone; the next answer of the connection follows it.
head_is()
{
    local answer
    answer=$(raw "HEAD $2 HTTP/1.1\r\nHost: x\r\n\r\nHEAD /letters.txt HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" |
        tr -d '\r' | grep -a -E '^HTTP|^Content-Length|^$|^<' | tr '\n' ' ')
    [[ $answer =~ ^"HTTP/1.1 $1 "[A-Za-z\ ]*" Content-Length: "$3"  HTTP/1.1 200 OK Content-Length: 26  "$ ]] ||
        { echo "      $answer"; return 1; }
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
    check "400 for a length and a transfer coding" raw_status_is 400 \
        'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n'
    check "in either order" raw_status_is 400 \
        'GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n'
    check "400 for two lengths" raw_status_is 400 \
        'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd'
    check "HEAD of an error has no body" head_is 404 /nowhere.html '[1-9][0-9]*'
    check "HEAD of a large file has no body" head_is 200 /big.bin 24000000
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
    check "skips an empty line before a request" \
        raw_status_is 200 '\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    check "only one" raw_status_is 400 '\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    check "also where it comes in pieces" eval '[[ $(raw_in_pieces "\r" "\n" \
        "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" | head -n 1) == "HTTP/1.1 200 "* ]]'
    check "also between requests" eval '[[ $(raw "GET /dir/ HTTP/1.1\r\nHost: x\r\n\r\n\r\nGET /dir/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" |
        grep -c "^HTTP/1.1 200 ") == 2 ]]'
    check "takes an absolute target" raw_status_is 200 'GET http://x/dir/ HTTP/1.0\r\n\r\n'
    check "with its scheme in capitals" raw_status_is 200 'GET HTTP://x/dir/ HTTP/1.0\r\n\r\n'
    check "and without a path" raw_status_is 200 'GET http://x?a=/b HTTP/1.0\r\n\r\n'
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
    answer=$(timeout 20 cat <&"$socket")
    check "closes an idle connection" test $? = 0
    check "without a second answer" test "$(grep -c ^HTTP <<<"$answer")" = 1
    exec {socket}>&-

    started=$(milliseconds)
    answer=$(raw_in_pieces 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n' a b c d e f g h i j k l)
    check "408 for a slow body" grep -q "^HTTP/1.1 408 " <<<"$answer"
    check "in about the time limit, too" test $(($(milliseconds) - started)) -ge 900
    answer=$(pause=0.05 raw_in_pieces 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n\r\n' a b)
    check "waits for a body within it" grep -q "^HTTP/1.1 405 " <<<"$answer"

    exec {socket}<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n' >&"$socket"
    check "has a connection whose peer doesn't read" wait_until eval '(($(figure open_connections) == 2))'
    check "and ends it" wait_until eval '(($(figure open_connections) == 1))'
    exec {socket}>&-
    kill -TERM "$pid"
    check "and the server ends well" wait_for_end
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
    local figure
    for figure in submissions completions waits; do
        if says_io_uring; then
            check "counts the ring's $figure" test "$(figure $figure)" -gt 0
        else
            check "has no ring and no $figure" test "$(figure $figure)" = 0
        fi
    done
}

test_stop()
{
    local socket half download idle_end half_end started answer
    exec {half}<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET / HTTP/1.1\r\n' >&"$half"
    exec {socket}<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET /dir/ HTTP/1.1\r\nHost: x\r\n\r\n' >&"$socket"
    IFS= read -r -t 5 -u "$socket" answer
    rm -f "$work/download" "$work/ends"
    curl -s --limit-rate 12M -o "$work/download" "$base/big.bin" &
    download=$!
    wait_until test -s "$work/download"
    { timeout 20 cat <&"$socket" >/dev/null && echo idle >>"$work/ends"; } &
    idle_end=$!
    { timeout 20 cat <&"$half" >/dev/null && echo half >>"$work/ends"; } &
    half_end=$!
    started=$(milliseconds)
    kill -TERM "$pid"
    wait "$idle_end"
    check "a stop closes idle connections" test $? = 0
    wait "$half_end"
    check "and one with half a request" test $? = 0
    check "the idle one at once" test "$(tr '\n' ' ' <"$work/ends")" = "idle half "
    check "the other about a second later" test $(($(milliseconds) - started)) -lt 3000
    exec {socket}>&- {half}>&-
    check "a stopping server accepts no more" eval '! curl -s -o /dev/null "$base/"'
    wait "$download"
    check "a download in progress finishes" cmp -s "$work/download" "$work/root/big.bin"
    check "and the server ends well" wait_for_end
    check "without a word of error" test ! -s "$work/err"
}

# A peer that never ends its request, and one that doesn't close after its last response, don't hold the server.
test_stop_with_half_a_request()
{
    local half last started
    exec {half}<>"/dev/tcp/127.0.0.1/$port"
    exec {last}<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET / HTTP/1.1\r\n' >&"$half"
    printf 'GET / HTTP/1.0\r\n\r\n' >&"$last"
    check "has both connections" wait_until eval '(($(figure open_connections) == 3))'
    started=$(milliseconds)
    kill -TERM "$pid"
    check "a stop with half a request ends well" wait_for_end
    check "within about a second" test $(($(milliseconds) - started)) -lt 3000
    exec {half}>&- {last}>&-
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

# Without the memory for so many threads. Sanitizers need more than any limit that would show this.
test_too_many_threads()
{
    if ! { (ulimit -v 400000 && exec "$server" --help); } >/dev/null 2>&1; then
        echo "skip  too many threads: the program doesn't start in little memory"
        return
    fi
    local result
    (ulimit -v 400000 && timeout 20 "$server" --port 0 --root "$work/root" --threads 256) \
        >"$work/stdout" 2>"$work/stderr"
    result=$?
    check "too many threads are an error" test "$result" = 1
    check "in one line" eval '[[ $(wc -l <"$work/stderr") == 1 && $(<"$work/stderr") == "http_server: can'"'"'t start thread "*" of 256: "* ]]'
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
start --root "$work/root"
test_start
test_pages
test_ranges
test_conditions
test_errors
test_traversal
test_connections
test_changes
test_status
test_command_line
test_too_many_threads
test_stop

start --root "$work/root" --header-timeout 1 --idle-timeout 2
test_limits

start --root "$work/root"
test_stop_with_half_a_request

start --root "$work/root" --threads 4
test_stop

start --root "$work/root" --threads 3
test_connections
test_pages
test_second_signal

descriptors=40 start --root "$work/root"
test_few_descriptors

finish
