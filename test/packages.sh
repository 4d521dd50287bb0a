#!/usr/bin/env bash
# Installs the Debian packages that the build, the tests and the examples need, and those named as arguments; a % in
# a name stands for the version of Boost, as Debian names its packages.
# Where all of them are installed already it does nothing and needs no network.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
    echo "packages: not a Debian system, taking what is installed"
    exit 0
fi

# Debian 12's default Boost, 1.74, is too old, but it has 1.81 beside it.
boost=
if grep -q '^VERSION_CODENAME=bookworm' /etc/os-release; then
    boost=1.81
fi

missing=()
for package in g++ cmake ninja-build pkg-config liburing-dev libssl-dev "libboost$boost-dev" \
    "libboost-context$boost-dev" "libboost-program-options$boost-dev" "${@//%/$boost}"; do
    status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null) || status=none
    if [ "$status" != installed ]; then
        missing+=("$package")
    fi
done
if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    as_root=(sudo)
fi
echo "packages: installing ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update --quiet=2
"${as_root[@]}" apt-get install --quiet=2 --yes --no-remove --no-install-recommends "${missing[@]}" \
    >/dev/null
