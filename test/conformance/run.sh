#!/usr/bin/env bash
# Builds the tests and examples of Asio and Beast, unchanged but for io_context being ours, runs them on the ring and on
# Asio's reactor, and prints a table. Fails where a program doesn't build, fails, crashes, hangs or says nothing.
#
# Usage: test/conformance/run.sh [SUITE...] [--backend=uring|reactor|both] [--refuse=EPERM|ENOSYS]... [--only=PATTERN]
#            [--no-epoll] [--boost=VERSION]
# Suites: asio, beast, examples; all by default. --only takes the programs whose names match a regular expression.
# --refuse: the programs aren't told what to run on, but a seccomp filter refuses them io_uring with this error, as
# container runtimes do. Alone it takes the place of --backend.
# --no-epoll: no program may make an epoll descriptor on the ring, unless epoll_expected.txt names it.
# --boost: headers, tests and examples of another Boost than Debian 12's: 1.83, 1.88, 1.90 or 1.92. Nothing is installed.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/test/conformance

# The programs that Boost 1.81 has of each suite: where there are fewer, some were lost on the way.
declare -A least=([asio]=184 [beast]=99 [examples]=114)

suites=() backends=() only=. table_options=() boost=1.81
for argument in "$@"; do
    case $argument in
    asio | beast | examples) suites+=("$argument") ;;
    --backend=both) backends+=(uring reactor) ;;
    --backend=uring | --backend=reactor | --refuse=EPERM | --refuse=ENOSYS) backends+=("${argument#*=}") ;;
    --only=?*) only=${argument#*=} ;;
    --no-epoll) table_options+=("$argument") ;;
    --boost=?*) boost=${argument#*=} ;;
    *)
        sed -n '/^# Usage/,/^[^#]/s/^# //p' "$0" >&2
        exit 2
        ;;
    esac
done
if [ ${#suites[@]} -eq 0 ]; then
    suites=(asio beast examples)
fi
if [ ${#backends[@]} -eq 0 ]; then
    backends=(uring reactor)
fi

if [ "$boost" = 1.81 ]; then
    test/packages.sh openssl libboost-coroutine%-dev libboost-filesystem%-dev libboost-thread%-dev
    settings=() omitted=("$here/omitted.txt")
else
    test/packages.sh openssl
    settings=(-DCMAKE_PREFIX_PATH="$(test/versions/fetch.sh "boost-$boost")/usr" -DBoost_USE_STATIC_LIBS=ON)
    omitted=("$here/omitted.txt" "$here/omitted_elsewhere.txt")
    # These have other programs.
    least=([asio]=150 [beast]=90 [examples]=100)
fi
source=$("$here/fetch.sh" "boost$boost")
build=$PWD/build/conformance/$boost
echo "conformance: Boost $boost: configuring"
mkdir -p "$build"
sed '/^#/d' "${omitted[@]}" >"$build/omitted.txt"
if ! cmake -G Ninja -S "$here" -B "$build" -DASIO_URING_BOOST_SOURCE="$source" "${settings[@]}" \
    &>"$build/configure.log"; then
    cat "$build/configure.log" >&2
    exit 1
fi

programs=()
for suite in "${suites[@]}"; do
    mapfile -t of_suite < <(grep "^$suite\." "$build/programs.txt")
    if [ ${#of_suite[@]} -lt "${least[$suite]}" ]; then
        echo "conformance: only ${#of_suite[@]} programs of $suite instead of ${least[$suite]}" >&2
        exit 1
    fi
    programs+=("${of_suite[@]}")
done
mapfile -t programs < <(printf '%s\n' "${programs[@]}" | grep -E -e "$only")
if [ ${#programs[@]} -eq 0 ]; then
    echo "conformance: no program matches $only" >&2
    exit 1
fi

echo "conformance: building ${#programs[@]} programs in $build"
started=$SECONDS
if ! ninja -C "$build" -k 0 -j "$(nproc)" without_io_uring "${programs[@]}" >"$build/build.log"; then
    sed -n '/^FAILED/,+20p' "$build/build.log" | head -n 300 >&2
fi
# What ninja would still do didn't build: a program that is left of an earlier run doesn't count.
ninja -C "$build" -n "${programs[@]}" | sed -n 's#.* executable bin/##p' >"$build/not_built.txt"
built_in=$((SECONDS - started))

started=$SECONDS
for backend in "${backends[@]}"; do
    echo "conformance: running on $backend"
    rm -rf "${build:?}/results/$backend"
    mkdir -p "$build/results/$backend"
    printf '%s\n' "${programs[@]}" | sed '/^examples\./d' |
        xargs -r -P "$(nproc)" -I '{}' "$here/program.sh" "$build" "$backend" '{}'
    mapfile -t examples < <(printf '%s\n' "${programs[@]}" | sed -n '/^examples\./p')
    if [ ${#examples[@]} -gt 0 ]; then
        "$here/examples.sh" "$build" "$source/libs/asio/example" "$backend" "${examples[@]}"
    fi
done
echo "conformance: built in $built_in s, ran in $((SECONDS - started)) s"

printf '%s\n' "${programs[@]}" >"$build/chosen.txt"
"$here/table.sh" "$build" "${table_options[@]}" "${backends[@]}"
