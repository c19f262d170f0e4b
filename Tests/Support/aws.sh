#!/usr/bin/env bash
# Gives tests botocore, boto3 and moto, and the published cases of AWS's signature. Nothing leaves the machine except
# that the first use asks PyPI.
#
#   Tests/Support/aws.sh python    prints the path of a Python that has them; installs it under .build when it is not there
#   Tests/Support/aws.sh cases     prints the folder of the published cases
#   Tests/Support/aws.sh run SCRIPT ARGUMENT…   runs a script of this folder with that Python until standard input closes
set -euo pipefail
version="botocore 1.43.11, moto 5.2.5"
root=$(cd "$(dirname "$0")/../.." && pwd)
venv="$root/.build/aws-venv"

usage() { sed -n 's/^# \{0,1\}//; 4,7p' "$0" >&2; exit 64; }

is_there() { [ "$(cat "$venv/version" 2>/dev/null)" = "$version" ]; }

# Tests start several of these scripts at once: one installs, and the others wait for it where the system can.
provision() {
    if is_there; then return; fi
    mkdir -p "$root/.build"
    (
        if command -v flock >/dev/null; then flock 9; fi
        install
    ) 9>"$root/.build/aws-venv.lock"
}

install() {
    # The version is in a file, so that raising it above replaces what is installed.
    if is_there; then return; fi
    # Installed elsewhere and renamed: whoever comes second while we install finds nothing or everything.
    work=$(mktemp -d "$root/.build/aws-venv.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    python3 -m venv "$work/venv" >&2
    "$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        "botocore==1.43.11" "boto3==1.43.11" "moto[server,secretsmanager]==5.2.5" >&2
    # The suite is in botocore's source and not in what is installed.
    "$work/venv/bin/python" -m pip download --quiet --disable-pip-version-check --no-deps \
        --no-binary :all: --dest "$work" "botocore==1.43.11" >&2
    mkdir "$work/source"
    tar -xzf "$work"/botocore-*.tar.gz -C "$work/source" --strip-components 1
    mv "$work/source/tests/unit/auth/aws4_testsuite" "$work/venv/aws4_testsuite"
    echo "$version" >"$work/venv/version"
    if ! is_there; then
        if [ -e "$venv" ]; then mv "$venv" "$work/old"; fi
        # Fails, or lands inside the other's folder, when another process was faster: theirs is as good.
        mv "$work/venv" "$venv" 2>/dev/null || true
        rm -rf "$venv/venv"
    fi
    rm -rf "$work"
    trap - EXIT
}

case "${1:-}" in
    python) [ $# -eq 1 ] || usage; provision; echo "$venv/bin/python" ;;
    cases) [ $# -eq 1 ] || usage; provision; echo "$venv/aws4_testsuite" ;;
    run)
        [ $# -ge 2 ] || usage
        provision
        # An empty environment: the developer's own credentials must not count.
        exec env -i PATH="$PATH" HOME=/nonexistent AWS_EC2_METADATA_DISABLED=true \
            "$venv/bin/python" "$root/Tests/Support/$2" "${@:3}"
        ;;
    *) usage ;;
esac
