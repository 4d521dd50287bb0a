#!/usr/bin/env bash
# Prints the folder that holds the tests and examples of Asio and Beast, out of Debian's source package of a Boost;
# the first time it downloads them. Nothing of the system's configuration is touched.
#
# Usage: test/conformance/fetch.sh [PACKAGE]   (boost1.81 by default)
#
# ASIO_URING_BOOST_SOURCE names a folder with libs/asio and libs/beast to take instead.
set -euo pipefail
package=${1:-boost1.81}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/asio_uring
target=$cache/$package

if [ -n "${ASIO_URING_BOOST_SOURCE:-}" ]; then
    echo "$ASIO_URING_BOOST_SOURCE"
    exit
fi
if [ -d "$target" ]; then
    echo "$target"
    exit
fi
if ! command -v apt-get >/dev/null; then
    echo "fetch: no apt-get here: unpack a Boost and name it in ASIO_URING_BOOST_SOURCE" >&2
    exit 1
fi

mkdir -p "$cache"
work=$(mktemp -d "$cache/fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir -p "$work"/{parts,lists/partial,cache/archives/partial,unpacked}

# The machine's own package sources, asked for source packages: in the one-line form and in deb822's.
for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    if [ -f "$file" ]; then
        sed -nE 's/^[[:space:]]*deb[[:space:]]/deb-src /p' "$file" >"$work/parts/$(basename "$file" .list).list"
    fi
done
for file in /etc/apt/sources.list.d/*.sources; do
    if [ -f "$file" ]; then
        sed -E 's/^Types:.*/Types: deb-src/' "$file" >"$work/parts/$(basename "$file")"
    fi
done

# The sandbox user couldn't write to a folder in root's home.
apt=(apt-get --quiet=2
    -o Dir::Etc::sourcelist=/dev/null
    -o Dir::Etc::sourceparts="$work/parts"
    -o Dir::State::lists="$work/lists"
    -o Dir::Cache="$work/cache"
    -o APT::Sandbox::User="$(id -un)")
cd "$work"
# A third party's list without source packages is an error here, but not for us; what counts is the next command.
"${apt[@]}" update >&2 || true
"${apt[@]}" source --download-only "$package" >&2

tar --extract --file "$(echo "$package"_*.orig.tar.*)" --directory unpacked --strip-components=1 --wildcards \
    '*/libs/asio/test' '*/libs/asio/example' '*/libs/beast/test' '*/libs/beast/example'
# Only a complete folder gets the name that is looked for.
mv --no-target-directory unpacked "$target"
echo "$target"
