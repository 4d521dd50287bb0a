#!/usr/bin/env bash
# Runs Asio's example programs: alone, or servers and clients that talk to each other over loopback. Writes to
# build/results/BACKEND/PROGRAM what came of each, as program.sh does; a check is a scenario that the program is in.
#
# Usage: test/conformance/examples.sh BUILD EXAMPLES BACKEND PROGRAM...
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1 examples=$2 backend=$3
shift 3
programs=" $* "
results=$build/results/$backend
source "$here/backend.sh" "$build" "$backend"
host=127.0.0.1

# In seconds, on a loaded machine. What takes longer hangs.
limit=60

declare -A passed=() failed=()

# scenario FUNCTION PROGRAM... [-- ARGUMENT...]
#
# Calls a function with the programs and the arguments, in a folder of its own, if all programs are wanted and may run.
scenario()
{
    local function=$1 log status=0 program culprit
    local -a used=() arguments=()
    shift
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        used+=("$1")
        if [[ $programs != *" examples.$1 "* ]] || grep -q "^examples\.$1 " "$here/compiled_only.txt"; then
            return
        fi
        shift
    done
    arguments=("${@:2}")

    log=$(mktemp "$results/scenario.XXXXXX")
    folder=$(mktemp -d "$results/folder.XXXXXX")
    set +e
    (
        set -e
        cd "$folder"
        trap stop_all EXIT
        "$function" "${used[@]}" "${arguments[@]}"
    ) &>"$log"
    status=$?
    set -e
    # One that is known to fail is no fault of those that talk to it.
    culprit=
    for program in "${used[@]}"; do
        if grep -q "^examples\.$program " "$here/known_failures.txt"; then
            culprit=$program
        fi
    done
    for program in "${used[@]}"; do
        {
            echo "$function: $status"
            sed 's/^/    /' "$log" "$folder"/*out
        } >>"$results/examples.$program.log"
        if [ "$status" -eq 0 ]; then
            passed[$program]=$((${passed[$program]:-0} + 1))
        elif [ -z "$culprit" ] || [ "$culprit" = "$program" ]; then
            failed[$program]=$((${failed[$program]:-0} + 1))
        fi
    done
    rm -rf "$folder" "$log"
}

servers=()

# Runs a program to its end. What it reads comes from the caller, what it writes goes through a pipe to the file "out".
run()
{
    local program=$1
    shift
    ASIO_URING_EPOLL_LOG=$results/examples.$program.epolls \
        timeout --kill-after=5 "$limit" "${launcher[@]}" "$build/bin/examples.$program" "$@" |& cat >out
}

# Starts a program that doesn't end by itself; it writes to PROGRAM.out, line by line.
start()
{
    local program=$1
    shift
    ASIO_URING_EPOLL_LOG=$results/examples.$program.epolls \
        stdbuf --output=L "${launcher[@]}" "$build/bin/examples.$program" "$@" <&0 &>"$program.out" &
    servers+=($!)
}

# Ends what start() started. To die of that signal is as good as to exit with 0.
stop_all()
{
    local ended=$? server status
    for server in "${servers[@]}"; do
        kill "$server" 2>/dev/null || true
        status=0
        wait "$server" || status=$?
        if [ "$status" -ne 0 ] && [ "$status" -ne 143 ]; then
            echo "what was started ended with $status"
            ended=1
        fi
    done
    exit "$ended"
}

# Waits until a command succeeds.
until_it()
{
    local end=$((SECONDS + limit))
    until "$@"; do
        if [ "$SECONDS" -ge "$end" ]; then
            echo "in vain: $*"
            return 1
        fi
        sleep 0.05
    done
}

# Whether somebody listens on a TCP port, or has a UDP port.
listens()
{
    local state=0A
    if [ "$1" = udp ]; then
        state=07
    fi
    cat "/proc/net/$1" "/proc/net/${1}6" 2>/dev/null |
        grep "$(printf ':%04X [0-9A-F]*:0000 %s' "$2" "$state")" >/dev/null
}

# Sets $port to one that nobody has, outside of the range that the kernel gives away by itself.
choose_port()
{
    port=$((20000 + RANDOM % 10000))
    while listens tcp "$port" || listens udp "$port"; do
        port=$((20000 + RANDOM % 10000))
    done
}

# Whether a program wrote what matches.
wrote()
{
    grep -qE -e "$1" "${2:-out}" 2>/dev/null
}

expect()
{
    if ! wrote "$@"; then
        echo "not written: $1"
        return 1
    fi
}

# Sends a text to a TCP port and waits for a line that matches.
talk()
{
    exec 3<>"/dev/tcp/$host/$1"
    printf '%b' "$2" >&3
    timeout "$limit" grep -m 1 -E -e "$3" <&3 >/dev/null
    exec 3>&-
}

# A program that ends by itself, with what it must write and what it is given to read.
alone()
{
    printf '%b' "${3:-}" | run "$1"
    expect "$2"
}

# The same for one that runs for ever, its input never ends.
endless()
{
    mkfifo in
    start "$1" <>in
    printf '%b' "$3" >in
    until_it wrote "$2" "$1.out"
}

quiet()
{
    run "$@" </dev/null
}

sorts()
{
    run "$1" 100000 </dev/null
    expect "sort took [0-9]+ microseconds"
}

greps()
{
    echo "a needle" >hay
    run "$1" needle hay </dev/null
    expect "hay:a needle"
}

copies()
{
    head -c 3000000 /dev/urandom >from
    run "$1" from to </dev/null
    cmp from to
}

# An echo server, twice: with the client, and by a line.
tcp_echo()
{
    choose_port
    start "$1" "$port"
    until_it listens tcp "$port"
    echo "hello ring" | run "$2" "$host" "$port"
    expect "Reply is: hello ring"
    talk "$port" 'once more\n' '^once more'
}

udp_echo()
{
    choose_port
    start "$1" "$port"
    until_it listens udp "$port"
    echo "hello ring" | run "$2" "$host" "$port"
    expect "Reply is: hello ring"
}

# The same for one that has its port built in.
tcp_echo_on()
{
    until_it nobody_listens_on "$2"
    start "$1"
    until_it listens tcp "$2"
    for _ in 1 2 3; do
        talk "$2" 'hello ring\n' '^hello ring'
    done
}

nobody_listens_on()
{
    ! listens tcp "$1"
}

daytime()
{
    choose_port
    start "$1" "$port"
    until_it listens tcp "$port"
    talk "$port" "" '[0-9]:[0-9]'
}

# Three sessions one after another, each with a listener of its own, and what each must write.
composed()
{
    until_it nobody_listens_on 55555
    start "$1"
    for _ in 1 2 3; do
        until_it listens tcp 55555
        timeout "$limit" cat <"/dev/tcp/$host/55555" >>got
    done
    until_it has_ended "${servers[0]}"
    test "$(grep -cE -e "$2" "$1.out")" -eq 3
}

has_ended()
{
    ! kill -0 "$1" 2>/dev/null
}

# What comes before the folder of documents is an argument of its own.
http()
{
    echo "<p>hello ring" >index.html
    choose_port
    start "$1" "$host" "$port" "${@:2}" .
    until_it listens tcp "$port"
    talk "$port" 'GET /index.html HTTP/1.0\r\n\r\n' 'hello ring'
    talk "$port" 'GET /nothing HTTP/1.0\r\n\r\n' '404'
}

chat()
{
    choose_port
    start "$1" "$port"
    until_it listens tcp "$port"
    mkfifo in
    start "$2" "$host" "$port" <>in
    echo "hello ring" >in
    until_it wrote "hello ring" "$2.out"
}

chat_by_lines()
{
    choose_port
    start "$1" "$port"
    until_it listens tcp "$port"
    talk "$port" 'hello ring\n' '^hello ring'
}

# A server that sends a line back, with a mark before it, and other lines between.
line_echo()
{
    choose_port
    start "$1" "$host" "$port"
    until_it listens tcp "$port"
    talk "$port" 'hello ring\n' '^<line>hello ring'
}

porthopper()
{
    choose_port
    start "$1" "$port"
    until_it listens tcp "$port"
    start "$2" "$host" "$port"
    until_it wrote 'Removing subscription' "$1.out"
}

pings()
{
    start "$1" "$host"
    until_it wrote 'bytes from 127.0.0.1: icmp_seq=2' "$1.out"
}

local_echo()
{
    start "$1" "$PWD/socket"
    until_it test -S socket
    echo "hello ring" | run "$2" "$PWD/socket"
    expect "Reply is: hello ring"
}

passes_a_file()
{
    start "$1" "$PWD/socket"
    until_it test -S socket
    echo "$PWD/file" | run "$2" "$PWD/socket"
    expect "writing to received fd" file
}

proxy()
{
    local target
    choose_port
    target=$port
    start "$2" "$target"
    until_it listens tcp "$target"
    choose_port
    start "$1" "$host" "$port" "$host" "$target"
    until_it listens tcp "$port"
    talk "$port" 'hello ring\n' '^hello ring'
}

# The certificates that come with the example expire.
tls()
{
    openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out ca.pem -days 2 -subj /CN=localhost
    cat ca.pem key.pem >server.pem
    cp "$examples/cpp11/ssl/dh4096.pem" .
    choose_port
    start "$1" "$port"
    until_it listens tcp "$port"
    echo "hello ring" | run "$2" "$host" "$port"
    expect "Reply: hello ring"
}

# A server that tells every line that it gets to its TCP clients and to one UDP client.
timeouts()
{
    local server=$1 receiver=$2 listener=$3 tcp_port udp_port
    shift 3
    choose_port
    udp_port=$port
    start "$receiver" "$host" "$udp_port"
    until_it listens udp "$udp_port"
    choose_port
    tcp_port=$port
    start "$server" "$tcp_port" "$host" "$udp_port"
    until_it listens tcp "$tcp_port"
    start "$listener" "$host" "$tcp_port"
    until_it wrote "Connected to" "$listener.out"
    for client in "$@"; do
        run "$client" "$host" "$tcp_port" "hello from $client" </dev/null
        expect "Round trip time: [0-9]+ microseconds"
        until_it wrote "Received: hello from $client" "$receiver.out"
        until_it wrote "Received: hello from $client" "$listener.out"
    done
}

copies_a_file()
{
    head --bytes=300000 /dev/urandom >from
    run "$1" from to
    cmp from to
}

client=cpp11.echo.blocking_tcp_echo_client
for server in cpp11.echo.async_tcp_echo_server cpp11.echo.blocking_tcp_echo_server cpp11.allocation.server \
    cpp11.handler_tracking.async_tcp_echo_server cpp11.nonblocking.third_party_lib cpp11.spawn.echo_server \
    cpp11.fork.process_per_connection; do
    scenario tcp_echo "$server" "$client"
done
for server in cpp11.echo.async_udp_echo_server cpp11.echo.blocking_udp_echo_server; do
    scenario udp_echo "$server" cpp11.echo.blocking_udp_echo_client
done
scenario tcp_echo cpp14.echo.async_tcp_echo_server cpp14.echo.blocking_tcp_echo_client
scenario tcp_echo cpp14.echo.blocking_tcp_echo_server cpp14.echo.blocking_tcp_echo_client
scenario udp_echo cpp14.echo.async_udp_echo_server cpp14.echo.blocking_udp_echo_client
scenario udp_echo cpp14.echo.blocking_udp_echo_server cpp14.echo.blocking_udp_echo_client
for server in echo_server echo_server_with_as_single_default echo_server_with_as_tuple_default \
    echo_server_with_default echo_server_with_deferred echo_server_with_deferred_default refactored_echo_server; do
    scenario tcp_echo_on "cpp20.coroutines.$server" -- 55555
done
for program in timeout timeout_cancel_after timeout_watchdog; do
    scenario tcp_echo_on cpp20.coroutines.$program -- 54321
done
scenario daytime cpp11.buffers.reference_counted
scenario http cpp11.http.server
scenario http cpp11.http.server2 -- 2
scenario http cpp11.http.server3 -- 2
scenario http cpp11.http.server4
scenario line_echo cpp20.channels.mutual_exclusion_1
scenario line_echo cpp20.channels.mutual_exclusion_2
scenario porthopper cpp11.porthopper.server cpp11.porthopper.client
scenario pings cpp11.icmp.ping
scenario chat cpp11.chat.chat_server cpp11.chat.posix_chat_client
scenario chat cpp11.chat.chat_server cpp11.chat.chat_client
scenario chat_by_lines cpp20.coroutines.chat_server
scenario local_echo cpp11.local.stream_server cpp11.local.stream_client
scenario local_echo cpp11.local.stream_server cpp11.local.iostream_client
scenario passes_a_file cpp11.local.fd_passing_stream_server cpp11.local.fd_passing_stream_client
scenario copies_a_file cpp11.files.async_file_copy
scenario copies_a_file cpp11.files.blocking_file_copy
scenario endless cpp11.local.connect_pair -- 'Result: HELLO RING' 'hello ring\n'
scenario proxy cpp20.channels.throttling_proxy cpp11.echo.async_tcp_echo_server
scenario tls cpp11.ssl.server cpp11.ssl.client
scenario timeouts cpp11.timeouts.server cpp11.timeouts.blocking_udp_client cpp11.timeouts.async_tcp_client \
    cpp11.timeouts.blocking_tcp_client cpp11.timeouts.blocking_token_tcp_client

for standard in cpp11 cpp14 cpp20; do
    for number in 1 2 3 5 6 7 8; do
        scenario composed $standard.operations.composed_$number -- 'transferred|sent'
    done
    # This one only fails, as it should.
    scenario composed $standard.operations.composed_4 -- 'Invalid argument'
    for name in callback_wrapper c_callback_wrapper; do
        scenario alone $standard.operations.$name -- 'Hello three' 'one\ntwo\nthree\n'
    done
    scenario alone $standard.type_erasure -- x 'x1\nx2\nx3\nx4\nx5\nx6\nx7\nx8\nx9\nx10\n'
    for number in 1 2; do
        scenario alone $standard.deferred.deferred_$number -- 'timer wait finished: Success'
    done
    for number in 3 4 5 6 7; do
        scenario alone $standard.deferred.deferred_$number -- 'second timer wait finished: Success|result is [1-9]'
    done
    for name in wait_for_all wait_for_one wait_for_one_success; do
        scenario alone $standard.parallel_group.$name -- 'descriptor finished: system:0, 6' 'hello\n'
    done
    scenario alone $standard.parallel_group.wait_for_one_error -- 'finished' 'hello\n'
    scenario alone $standard.parallel_group.ranged_wait_for_all -- 'operation 0 finished: system:0' 'hello\n'
    scenario alone $standard.parallel_group.parallel_sort -- 'sort took'
    for number in 1 2; do
        scenario alone $standard.executors.bank_account_$number -- 'balance = '
    done
    scenario sorts $standard.executors.fork_join
    scenario alone $standard.executors.pipeline -- '0: HELLO RING' 'hello ring\n'
    scenario alone $standard.executors.priority_scheduler -- '^333$'
    scenario alone $standard.executors.async_1 -- 'Line: hello ring' 'hello ring\n'
    scenario alone $standard.executors.async_2 -- 'hello ring' 'hello ring\n\n'
    scenario quiet $standard.executors.actor
done
scenario alone cpp11.invocation.prioritised_handlers -- 'Low priority handler'
scenario alone cpp11.timers.time_t_timer -- timeout
scenario alone cpp20.invocation.completion_executor -- 'async_wait complete'
for number in 1 2; do
    scenario alone cpp11.tutorial.timer$number.timer -- 'Hello, world'
done
for number in 3 4 5; do
    scenario alone cpp11.tutorial.timer$number.timer -- 'Final count is'
done
scenario greps cpp11.spawn.parallel_grep
for name in async_file_copy blocking_file_copy; do
    scenario copies cpp11.files.$name
done

for program in $programs; do
    result=$results/$program
    good=${passed[${program#examples.}]:-0} bad=${failed[${program#examples.}]:-0}
    epolls=$(stat --format=%s "$result.epolls" 2>/dev/null) || epolls=0
    if grep -qxF "$program" "$build/not_built.txt"; then
        echo "not_built 0 0 0"
    elif [ "$bad" -ne 0 ]; then
        echo "failed $good $bad $epolls"
    elif [ "$good" -ne 0 ]; then
        echo "ok $good 0 $epolls"
    elif grep -q "^$program " "$here/compiled_only.txt"; then
        echo "compiles 0 0 0"
    else
        echo "silent 0 0 0"
    fi >"$result"
done
