#!/usr/bin/env bash
# Brings the machine to where the node runs: all steps, or those that are named. Runs at every boot; every step sees what is
# done and may run again, so a power cut at any moment heals at the next boot.

set -euo pipefail
# shellcheck source=templates/node/cloudrails-node
. "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/cloudrails-node"

log=/var/log/cloudrails.log

packages() {
    local wanted=(curl gnupg xfsprogs python3-pip unattended-upgrades) missing=() installed package
    installed=$(dpkg-query -W -f '${Package} ${Status}\n' "${wanted[@]}" 2>/dev/null || true)
    for package in "${wanted[@]}"; do
        [[ $installed == *"$package install ok installed"* ]] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    export DEBIAN_FRONTEND=noninteractive
    apt_get update
    # A power cut may have left packages half-way.
    apt_get install "${missing[@]}" || { dpkg --configure -a && apt_get update && apt_get install "${missing[@]}"; }
}

# apt waits for dpkg's lock and never for its own two. The system's own updates, which begin at the first boot, hold this one
# all the while (apt.systemd.daily).
apt_get() {
    flock --verbose --close --timeout 3600 /var/lib/apt/daily_lock \
        apt-get -o DPkg::Lock::Timeout=600 -q -y --no-install-recommends "$@"
}

# Security updates come by themselves; the node is restarted by its operator only, and what sets it up or seals it not at all:
# one that waits for the updates would be waited for by them.
updates_without_surprise() {
    local service
    {
        for service in $CHAIN_SERVICES; do printf "\$nrconf{override_rc}{qr(^%s\$)} = 0;\n" "${service//./\\.}"; done
        printf "\$nrconf{override_rc}{qr(^cloudrails-)} = 0;\n"
    } | write_file /etc/needrestart/conf.d/cloudrails.conf 0644
    [ "$(timedatectl show -p NTP --value)" = yes ] || timedatectl set-ntp true
}

# The data volume's id, by asking EC2 what is attached as our device: neither position nor size tells it.
volume_id() {
    local found i
    for ((i = 0; i < 60; i++)); do
        found=$(ec2 DescribeVolumes Filter.1.Name=attachment.instance-id "Filter.1.Value.1=$(imds instance-id)" \
            Filter.2.Name=attachment.device "Filter.2.Value.1=$CLOUDRAILS_DEVICE" |
            grep -o '<volumeId>vol-[0-9a-f]*' | head -n 1 | cut -d '>' -f 2) || found=
        if [ -n "$found" ]; then
            printf '%s\n' "$found"
            return
        fi
        sleep 5
    done
    fail "EC2 does not tell which volume is attached as $CLOUDRAILS_DEVICE"
}

# data_disk VOLUME: where the kernel shows a volume. Nitro gives the id as serial number, without its dash; Xen keeps the name.
data_disk() {
    local serial=${1/-/} path i
    for ((i = 0; i < 120; i++)); do
        for path in /sys/block/nvme*/device/serial; do
            if [ -r "$path" ] && [ "$(tr -d ' ' <"$path")" = "$serial" ]; then
                path=${path#/sys/block/}
                printf '/dev/%s\n' "${path%%/*}"
                return
            fi
        done
        if [ -b "$CLOUDRAILS_DEVICE" ]; then
            printf '%s\n' "$CLOUDRAILS_DEVICE"
            return
        fi
        sleep 5
    done
    fail "the volume $1 does not show on this machine"
}

# is_empty DISK: nothing known by its marks, and zeros at the start, the end and sixty places between: a new volume is all zeros.
is_empty() {
    local size place
    [ -z "$(wipefs -n "$1")" ] || return
    cmp -s -n 4194304 "$1" /dev/zero || return
    size=$(blockdev --getsize64 "$1")
    for ((place = 1; place <= 64; place++)); do
        cmp -s -n 262144 -i "$(((size - 262144) * place / 64)):0" "$1" /dev/zero || return
    done
}

# A file system is made only where the launch was to make one and nothing is. While it is made, the root disk says that the
# volume was empty, so that what a power cut leaves behind is not taken for somebody's data: mkfs.xfs marks its superblock
# (byte 126) until it has ended.
make_file_system() {
    local volume=$1 disk=$2 mark=$state_folder/formatting type label half=''
    type=$(blkid -p -o value -s TYPE "$disk" || true)
    label=$(blkid -p -o value -s LABEL "$disk" || true)
    [ "$(cat "$mark" 2>/dev/null)" != "$volume" ] || half=yes
    if [ "$type" = xfs ] && [ "$(od -An -tu1 -j126 -N1 "$disk" | tr -d ' ')" = 0 ]; then
        [ "$label" = cloudrails ] || fail "$disk ($volume) holds a file system that is not ours: it is not touched"
        rm -f "$mark"
        return
    fi
    [ -e "$may_format" ] ||
        fail "$disk ($volume) holds ${type:-no file system}, and no launch of this machine has made it: it is not formatted"
    if [ -z "$half" ] || { [ -n "$type" ] && [ "$type" != xfs ]; }; then
        is_empty "$disk" || fail "$disk ($volume) is not empty${type:+, it holds $type}: it is not formatted"
    fi
    write_file "$mark" 0644 <<<"$volume"
    mkfs.xfs -q -f -L cloudrails "$disk"
    sync "$disk"
    rm "$mark"
}

mount_data() {
    local volume=${CLOUDRAILS_VOLUME:-} disk uuid
    if ! mountpoint -q /data; then
        [ -n "$volume" ] || volume=$(volume_id)
        disk=$(data_disk "$volume")
        make_file_system "$volume" "$disk"
        uuid=$(blkid -p -o value -s UUID "$disk")
        mkdir -p /data
        {
            sed '\| /data |d' /etc/fstab
            printf 'UUID=%s /data xfs nofail,noatime 0 2\n' "$uuid"
        } | write_file /etc/fstab 0644
        mount /data
    fi
    rm -f "$may_format"
    xfs_growfs /data >/dev/null
    chown ubuntu:ubuntu /data
    mkdir -p "$CHAIN_DATA"
}

# For login shells and for all others. PATH is set there so that what cron or `ssh HOST COMMAND` runs finds the chain's programs.
environment() {
    {
        sed '/^\(CHAIN_DATA\|PATH\)=/d' /etc/environment 2>/dev/null || true
        printf 'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/snap/bin"\nCHAIN_DATA=%s\n' "$CHAIN_DATA"
    } | write_file /etc/environment 0644
    printf 'export CHAIN_DATA=%s\n' "$CHAIN_DATA" | write_file /etc/profile.d/cloudrails.sh 0644
}

# --- what install.sh may call ---

# make_user NAME: a system user without a shell.
make_user() {
    # The group first: useradd makes it after the user, and a power cut in between would never heal.
    getent group "$1" >/dev/null || groupadd --system "$1"
    id "$1" >/dev/null 2>&1 ||
        useradd --system --gid "$1" --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin "$1"
}

# download URL FILE: goes on where an earlier try ended. 22 and 33: the server has no more than that, or cannot resume.
download() {
    local code=0 options=(-fsSL --proto '=https' --tlsv1.2 --connect-timeout 30 --speed-limit 1000 --speed-time 60 --retry 5
        --retry-connrefused -o "$2" "$1")
    curl -C - "${options[@]}" || code=$?
    case $code in
    22 | 33)
        rm -f "$2"
        curl "${options[@]}"
        ;;
    *) return "$code" ;;
    esac
}

# verify_signature FILE SIGNATURE FINGERPRINT: by the pinned key alone. A key server may send what it likes: only the key of
# that fingerprint is taken. What it did not sign is removed, so that nobody goes on with it.
verify_signature() {
    local home key source said known=''
    home=$(mktemp -d)
    for source in "https://keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0x$3" \
        "https://keys.openpgp.org/vks/v1/by-fingerprint/$3"; do
        key=$(curl -fsSL --proto '=https' -m 60 "$source") || continue
        gpg --homedir "$home" --batch -q --import <<<"$key" 2>/dev/null || continue
        known=yes
        # It fails where it does not know each of several signers, of whom one is enough.
        said=$(gpg --homedir "$home" --batch --status-fd 1 --verify "$2" "$1" 2>/dev/null) || true
        if awk -v key="$3" '$2 == "VALIDSIG" && ($3 == key || $NF == key) { found = 1 } END { exit !found }' <<<"$said"; then
            rm -rf "$home"
            return 0
        fi
    done
    rm -rf "$home"
    [ -n "$known" ] || fail "no key server gives the key $3" || return
    rm -f "$1"
    fail "the signature of $1 is not by $3"
}

# fetch_verified NAME FILE: downloads what NAME_URL names and verifies it as the profile says, before anybody unpacks it.
fetch_verified() {
    local name=$1 file=$2 url="$1_URL" sha256="$1_SHA256" fingerprint="$1_FINGERPRINT" manifest="$1_MANIFEST"
    [ -f "$file" ] && return
    [ -n "${!sha256:-}${!fingerprint:-}" ] || fail "$name has neither a hash nor a signature"
    mkdir -p "$(dirname "$file")"
    download "${!url}" "$file.part"
    if [ -n "${!sha256:-}" ] && ! sha256sum --status -c - <<<"${!sha256}  $file.part"; then
        rm -f "$file.part"
        fail "$name: the hash of ${!url} is wrong: nothing of it is run"
    fi
    if [ -n "${!fingerprint:-}" ] && [ -n "${!manifest:-}" ]; then
        rm -f "$file.sums" "$file.sums.asc"
        download "${!manifest}" "$file.sums"
        download "${!manifest}.asc" "$file.sums.asc"
        verify_signature "$file.sums" "$file.sums.asc" "${!fingerprint}"
        if ! grep -q "^$(sha256sum "$file.part" | cut -d ' ' -f 1) " "$file.sums"; then
            rm -f "$file.part"
            fail "$name: the signed list does not name ${!url}"
        fi
    elif [ -n "${!fingerprint:-}" ]; then
        rm -f "$file.asc"
        download "${!url}.asc" "$file.asc"
        verify_signature "$file.part" "$file.asc" "${!fingerprint}"
    fi
    # A power cut shall not leave a name without its bytes.
    sync "$file.part"
    mv "$file.part" "$file"
}

# install_archive NAME FOLDER PROGRAM LEVELS: unpacks the release NAME into FOLDER, without its outer LEVELS of folders, unless
# PROGRAM is there. FOLDER has its name only when all of it is on the disk.
install_archive() {
    local archive=/var/cache/cloudrails/${2##*/}.tar
    [ ! -x "$2/$3" ] || return 0
    fetch_verified "$1" "$archive"
    rm -rf "$2.new"
    mkdir -p "$2.new"
    tar -xf "$archive" -C "$2.new" --no-same-owner --strip-components="$4"
    [ -x "$2.new/$3" ] || fail "$1: the archive holds no $3"
    sync -f "$2.new"
    mv -T "$2.new" "$2"
    rm -f "$archive"
}

# install_unit NAME: writes standard input as a systemd service and adds what every service gets.
install_unit() {
    {
        cat
        cat <<UNIT
ExecCondition=/usr/bin/test ! -e $held
Restart=on-failure
RestartSec=10
TimeoutStartSec=infinity
LimitNOFILE=1048576
UMask=0027
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
UNIT
    } | write_file "/etc/systemd/system/$1" 0644
    reload_units "$1"
}

# --- end of what install.sh may call ---

# shellcheck disable=SC1091  # the chain's own, written by the user data
install_chain() {
    mountpoint -q /data || fail '/data is not mounted'
    . "$release/install.sh"
    chain_install
    [ ! -e "$held" ] || chain_scrub
    chain_firstboot
    sync
    rm -f "$held"
}

# From the first minute on, so that a bootstrap that fails or waits is seen as well.
reporting() {
    write_file /etc/systemd/system/cloudrails-report.service 0644 <<'UNIT'
[Unit]
Description=Tell AWS how the node is
[Service]
Type=oneshot
ExecStart=/usr/local/bin/cloudrails-node report
UNIT
    write_file /etc/systemd/system/cloudrails-report.timer 0644 <<'UNIT'
[Unit]
Description=Tell AWS how the node is, every five minutes
[Timer]
OnBootSec=1min
OnUnitActiveSec=5min
[Install]
WantedBy=timers.target
UNIT
    reload_units cloudrails-report.service cloudrails-report.timer
    systemctl --no-reload enable -q cloudrails-report.timer
    systemctl start cloudrails-report.timer
}

start_services() {
    # shellcheck disable=SC2086  # a list of units
    systemctl --no-reload enable -q $CHAIN_SERVICES
    # What an earlier release has failed at does not count. No unit of that name failed: no error.
    # shellcheck disable=SC2086
    systemctl reset-failed $CHAIN_SERVICES 2>/dev/null || true
    rm -f "$stopped"
    # shellcheck disable=SC2086
    systemctl start --no-block $CHAIN_SERVICES
}

steps=(reporting updates_without_surprise packages mount_data environment install_chain start_services)

run() {
    local step
    # What cloud-init has made a moment ago, host keys among it, is not made again after a power cut.
    sync
    for step in "$@"; do
        printf '%s %s\n' "$(date -u +%FT%TZ)" "$step"
        set_state installing "$step"
        "$step"
    done
    set_state ready
}

# The steps run in a pipeline, so that their last line stands in the log when it is asked for.
main() {
    local code
    not_sealed
    # An upgrade and the service shall not do the same at once.
    exec 9>/run/cloudrails-bootstrap
    flock 9
    set +e
    (
        set -e
        run "$@"
    ) 9>&- 2>&1 | tee -a "$log"
    code=${PIPESTATUS[0]}
    set -e
    [ "$code" -eq 0 ] || set_state failed "$(read_state reason): $(tail -n 1 "$log")"
    # Who waits for the node shall not wait for the timer.
    systemctl start --no-block cloudrails-report.service || true
    return "$code"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    [ $# -gt 0 ] || set -- "${steps[@]}"
    main "$@"
fi
