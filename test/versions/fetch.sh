#!/usr/bin/env bash
# Prints a folder with the headers and static libraries of a version of Boost, Asio or liburing out of Debian's
# packages; the first time it downloads them. Nothing is installed.
#
# Usage: test/versions/fetch.sh boost-VERSION|asio-VERSION|liburing-VERSION
set -euo pipefail
cd "$(dirname "$0")"
. ../private_apt.sh

name=${1:?"usage: test/versions/fetch.sh boost-VERSION|asio-VERSION|liburing-VERSION"}
version=${name#*-}
case $name in
boost-*) packages=("libboost$version-dev") ;;
asio-1.30) packages=(libasio-dev/trixie) ;;
asio-1.36) packages=(libasio-dev/sid) ;;
# These need newer headers of the kernel, too.
liburing-2.9) packages=(liburing-dev/trixie linux-libc-dev/trixie) ;;
liburing-2.15) packages=(liburing-dev/sid linux-libc-dev/sid) ;;
*)
    echo "fetch: no package is known for $name" >&2
    exit 2
    ;;
esac

begin_cached "$name"
private_apt "$work" deb trixie sid
cd "$work"
if [[ $name = boost-* ]]; then
    # What the tests of Asio and Beast link, and what that needs; newer versions have a part of it in their headers.
    for library in atomic context filesystem system; do
        if "${apt[@]}" --print-uris download "libboost-$library$version-dev" &>/dev/null; then
            packages+=("libboost-$library$version-dev")
        fi
    done
fi
"${apt[@]}" download "${packages[@]}" >&2
for package in *.deb; do
    dpkg-deb --extract "$package" unpacked
done
# A moved version of a suite must not go by the name of another.
case $name in
asio-*) grep -q "ASIO_VERSION ${version/./0}" unpacked/usr/include/asio/version.hpp ;;
liburing-*) ls "$work"/liburing-dev_"$version"-*.deb >/dev/null ;;
esac
end_cached
