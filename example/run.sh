#!/usr/bin/env bash
# Builds the HTTP server and starts it on 127.0.0.1:8080 with the sample site. Installs missing Debian packages
# first, as root or with sudo.
#
# Usage: example/run.sh [--address A] [--port P] [--threads N] [--root DIR]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

# Adds an option with its default value where the user gave none.
options=("$@")
by_default()
{
    local option
    for option in "${options[@]}"; do
        if [[ $option == "$1" || $option == "$1="* ]]; then
            return
        fi
    done
    options+=("$1" "$2")
}
by_default --address 127.0.0.1
by_default --port 8080
by_default --root "$root/example/site"

"$root/test/packages.sh"
echo "example/run.sh: building the server in build/release"
(
    cd "$root"
    cmake --preset release >/dev/null
    cmake --build --preset release --parallel "$(nproc)" --target http_server
) >&2
echo "example/run.sh: starting the server"
exec "$root/build/release/example/http_server" "${options[@]}"
