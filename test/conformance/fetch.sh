#!/usr/bin/env bash
# Prints the folder that holds the tests and examples of Asio and Beast, out of Debian's source package of a Boost;
# the first time it downloads them.
#
# Usage: test/conformance/fetch.sh [PACKAGE]   (boost1.81 by default)
#
# ASIO_URING_BOOST_SOURCE names a folder with libs/asio and libs/beast to take instead.
set -euo pipefail
. "$(dirname "$0")/../private_apt.sh"
package=${1:-boost1.81}

if [ -n "${ASIO_URING_BOOST_SOURCE:-}" ]; then
    echo "$ASIO_URING_BOOST_SOURCE"
    exit
fi
begin_cached "$package"
suites=()
if [ "$package" != boost1.81 ]; then
    suites=(trixie sid)
fi
# A third party's list without source packages is an error here, but not for us; what counts is the next command.
private_apt "$work" deb-src "${suites[@]}" || true
cd "$work"
"${apt[@]}" source --download-only --tar-only "$package" >&2

tar --extract --file "$(echo "$package"_*.orig.tar.*)" --directory unpacked --strip-components=1 --wildcards \
    '*/libs/asio/test' '*/libs/asio/example' '*/libs/beast/test' '*/libs/beast/example'
end_cached
