#!/usr/bin/env bash
# Sourced by scripts that take packages from Debian without installing them: an apt-get with lists and a cache of its
# own. Nothing of the system's configuration is touched.

# private_apt FOLDER TYPE [SUITE...]
#
# Sets the array `apt` to a command like apt-get, which keeps all it knows in FOLDER, and reads the lists of packages:
# of TYPE (deb or deb-src), from where the machine takes its own. With suites it reads those, as sid, and not the
# machine's.
private_apt()
{
    local folder=$1 type=$2 codename file suites
    shift 2
    if ! command -v apt-get >/dev/null; then
        echo "private_apt: no apt-get here" >&2
        exit 1
    fi
    codename=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
    suites=${*:-$codename}
    mkdir -p "$folder"/{parts,lists/partial,cache/archives/partial}

    # The entries of the machine's own suite, in the one-line form and in deb822's.
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        if [ -f "$file" ]; then
            awk -v type="$type" -v codename="$codename" -v suites="$suites" '
                $1 == "deb" {
                    at = $2 ~ /^\[/ ? 4 : 3
                    while ($2 ~ /^\[/ && $(at - 2) !~ /\]$/)
                        ++at
                    if ($at == codename) {
                        $1 = type
                        for (i = split(suites, s, " "); i > 0; --i) { $at = s[i]; print }
                    }
                }' "$file" >"$folder/parts/$(basename "$file" .list).list"
        fi
    done
    for file in /etc/apt/sources.list.d/*.sources; do
        if [ -f "$file" ]; then
            awk -v type="$type" -v codename="$codename" -v suites="$suites" '
                BEGIN { RS = ""; FS = "\n" }
                $0 ~ "(^|\n)Suites:([^\n]* )?" codename "( |\n|$)" {
                    for (i = 1; i <= NF; ++i) {
                        sub(/^Types:.*/, "Types: " type, $i)
                        sub(/^Suites:.*/, "Suites: " suites, $i)
                        print $i
                    }
                    print ""
                }' "$file" >"$folder/parts/$(basename "$file")"
        fi
    done

    # The sandbox user couldn't write to a folder in root's home.
    apt=(apt-get --quiet=2
        -o Dir::Etc::sourcelist=/dev/null
        -o Dir::Etc::sourceparts="$folder/parts"
        -o Dir::State::lists="$folder/lists"
        -o Dir::Cache="$folder/cache"
        -o APT::Sandbox::User="$(id -un)")
    "${apt[@]}" update >&2
}

# begin_cached NAME: prints the folder of this name in the cache and ends the script where it is complete; otherwise sets
# `work` to a folder whose part `unpacked` end_cached gives that name to.
begin_cached()
{
    target=${XDG_CACHE_HOME:-$HOME/.cache}/asio_uring/$1
    if [ -d "$target" ]; then
        echo "$target"
        exit
    fi
    mkdir -p "${target%/*}"
    work=$(mktemp -d "${target%/*}/fetch.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    mkdir "$work/unpacked"
}

# Only a complete folder gets the name that is looked for.
end_cached()
{
    mv --no-target-directory "$work/unpacked" "$target"
    echo "$target"
}
