# Copyright (c) 2026 The asio_uring authors
# Distributed under the Boost Software License, Version 1.0.
# (See accompanying file LICENSE or copy at http://www.boost.org/LICENSE_1_0.txt)
#
# What all tests of the examples share: checks, a directory to work in, and an end. Read by them with "source".

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

# Says how it went, and ends with an error where a check failed.
finish()
{
    if [[ $failures != 0 ]]; then
        echo "$failures checks failed"
        exit 1
    fi
    echo "all checks passed"
    exit 0
}
