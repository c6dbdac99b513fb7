# shellcheck shell=bash
# What demo, test and bench share: the packages, the virtual environment, and the local endpoint.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# Read by the scripts that source this file.
# shellcheck disable=SC2034
python="$root/.venv/bin/python"

say() { printf '%s\n' "$*" >&2; }

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

need_swift() {
    command -v swift >/dev/null || {
        say "Swift 6.1 or later is needed and not in PATH: https://www.swift.org/install/linux/"
        exit 69
    }
}

# Installs Debian packages, only those that are missing.
need_packages() {
    local missing=() package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing ${missing[*]}"
    as_root apt-get update -qq >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

need_build_packages() {
    need_packages libcurl4-openssl-dev libssl-dev libxml2-dev pkg-config gzip ca-certificates
}

# Installs sshd for the tests, which start their own on loopback. The machine itself shall not listen because of it.
need_sshd() {
    [ -x /usr/sbin/sshd ] && return
    local has_systemd=false
    [ ! -d /run/systemd/system ] || has_systemd=true
    ! $has_systemd || as_root systemctl mask -q ssh.service ssh.socket
    need_packages openssh-server
    ! $has_systemd || {
        as_root systemctl unmask -q ssh.service ssh.socket
        as_root systemctl disable -q ssh.service ssh.socket
    }
}

# For the virtual machine that boots what a launch sent, and for the image that is made for it.
need_boot_packages() {
    need_packages qemu-system-x86 qemu-utils debootstrap debian-archive-keyring dpkg-dev e2fsprogs gnupg openssh-client openssl
}

# Makes .venv as Tests/Support/requirements.txt says, once.
need_python() {
    local wanted="$root/Tests/Support/requirements.txt" done="$root/.venv/requirements.txt"
    cmp -s "$wanted" "$done" && return
    need_packages python3 python3-venv
    say "Making .venv"
    rm -rf "$root/.venv"
    /usr/bin/python3 -m venv "$root/.venv"
    "$python" -m pip install --quiet --disable-pip-version-check -r "$wanted" >&2
    cp "$wanted" "$done"
}

# start_server NAME FOLDER COMMAND...: starts a server that writes its port to a file; sets port_NAME and pid_NAME.
start_server() {
    local name=$1 folder=$2 i
    shift 2
    (cd "$root/Tests/Support" && exec "$@" --port-file "$folder/$name.port" >"$folder/$name.log" 2>&1) &
    printf -v "pid_$name" '%s' "$!"
    for ((i = 0; i < 300; i++)); do
        if [ -s "$folder/$name.port" ]; then
            printf -v "port_$name" '%s' "$(cat "$folder/$name.port")"
            return
        fi
        sleep 0.1
    done
    say "The $name did not start:"
    cat "$folder/$name.log" >&2
    exit 1
}
