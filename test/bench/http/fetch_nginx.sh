#!/usr/bin/env bash
# Prints a folder with usr/sbin/nginx out of Debian's package, which it downloads the first time. Nothing is installed:
# the package would serve the machine's port 80 at once.
#
# Usage: test/bench/http/fetch_nginx.sh
set -euo pipefail
cd "$(dirname "$0")"
. ../../private_apt.sh

begin_cached nginx
private_apt "$work" deb
cd "$work"
# Whether another version is installed doesn't matter.
"${apt[@]}" -o Dir::State::status=/dev/null download nginx >&2
dpkg-deb --extract nginx_*.deb unpacked
end_cached
