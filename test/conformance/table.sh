#!/usr/bin/env bash
# Prints what came of the programs, a row each, a column a back end: "passed/checks", or what went wrong; then what was
# left out and why, and totals. Fails where anything went wrong.
#
# Usage: test/conformance/table.sh BUILD [--no-epoll] BACKEND...
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
build=$1
shift
no_epoll=false
if [ "${1:-}" = --no-epoll ]; then
    no_epoll=true
    shift
fi
backends=("$@")

# The reason in a file of lines "program reason", nothing where the program isn't in it.
reason_in()
{
    sed -nE "s/^${2//./\\.}[[:blank:]]+//p" "$1"
}

declare -A programs compiled passed checks
bad=() known=() with_epoll=()
printf '\n%-62s' program
printf '%-20s' "${backends[@]}"
echo note
while read -r program; do
    note='' only_compiled=0 suite=${program%%.*}
    programs[$suite]=$((${programs[$suite]:-0} + 1))
    printf '%-62s' "$program"
    for backend in "${backends[@]}"; do
        verdict=missing good=0 failed=0 epolls=0
        read -r verdict good failed epolls <"$build/results/$backend/$program" || true
        cell=$good/$((good + failed))
        case $verdict in
        ok) ;;
        compiles) cell=compiles ;;
        *)
            cell+=" ${verdict^^}"
            reason=
            if [ "$verdict" = failed ]; then
                reason=$(reason_in "$here/known_failures.txt" "$program")
            fi
            if [ -n "$reason" ]; then
                known+=("$program on $backend: $reason")
            else
                bad+=("$program on $backend: $verdict, see $build/results/$backend/$program.log")
            fi
            ;;
        esac
        printf '%-20s' "$cell"

        total=$suite.$backend
        passed[$total]=$((${passed[$total]:-0} + good))
        checks[$total]=$((${checks[$total]:-0} + good + failed))
        if [ "$verdict" = compiles ]; then
            only_compiled=1
            note=$(reason_in "$here/compiled_only.txt" "$program")
            note=${note:-that it compiles is its test}
        fi
        if [ "$backend" = uring ] && [ "$epolls" -gt 0 ]; then
            reason=$(reason_in "$here/epoll_expected.txt" "$program")
            if [ -z "$reason" ]; then
                with_epoll+=("$program")
            fi
            note+="${note:+; }epoll: $epolls${reason:+, as it should: $reason}"
        fi
    done
    compiled[$suite]=$((${compiled[$suite]:-0} + only_compiled))
    echo "$note"
done <"$build/chosen.txt"

printf '\nleft out, as regular expressions\n'
cat "$build/omitted.txt"

if [ ${#known[@]} -gt 0 ]; then
    printf '\nfail for a known reason\n'
    printf '    %s\n' "${known[@]}"
fi

if [[ " ${backends[*]} " == *" uring "* ]]; then
    printf '\n%d programs made an epoll descriptor on the ring\n' ${#with_epoll[@]}
    if [ ${#with_epoll[@]} -gt 0 ]; then
        printf '    %s\n' "${with_epoll[@]}"
    fi
    if $no_epoll && [ ${#with_epoll[@]} -gt 0 ]; then
        bad+=("${#with_epoll[@]} programs made an epoll descriptor on the ring")
    fi
fi

# "a of b" is: a of b checks passed.
printf '\n| Boost | suite | programs | only compiled |'
printf ' %s |' "${backends[@]}"
printf '\n| --- | --- | ---: | ---: |'
printf ' ---: |%.0s' "${backends[@]}"
echo
for suite in asio beast examples; do
    if [ -z "${programs[$suite]:-}" ]; then
        continue
    fi
    printf '| %s | %s | %d | %d |' "${build##*/}" "$suite" "${programs[$suite]}" "${compiled[$suite]:-0}"
    for backend in "${backends[@]}"; do
        printf ' %d of %d |' "${passed[$suite.$backend]}" "${checks[$suite.$backend]}"
    done
    echo
done

if [ ${#bad[@]} -gt 0 ]; then
    printf '\nFAILED:\n' >&2
    printf '    %s\n' "${bad[@]}" >&2
    exit 1
fi
