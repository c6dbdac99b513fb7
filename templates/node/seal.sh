# shellcheck shell=bash
# Sealing: the client stops, the data volume is frozen, and what tells this machine from others or lets others in leaves the
# disks, so that snapshots of them make an image. What the node needs again waits in memory. Part of cloudrails-node.
# shellcheck disable=SC1091,SC2154  # the chain's own, and what cloudrails-node sets

# Is there while the disks may lack an identity or have another machine's: the services do not start.
held=$state_folder/held
# In memory: what was set aside, for as long as the node is sealed. A power cut loses it, and the next boot makes all of it anew.
sealing=/run/cloudrails-seal
# The last seal.
record=$state_folder/seal

not_sealed() { [ ! -d "$sealing" ] || fail 'The node is sealed for an image: cloudrails-node unseal ends that'; }

# Snapshots may begin and the node go on within one second.
now() { date -u +%FT%T.%3NZ; }
uptime() { cut -d . -f 1 /proc/uptime; }

# note KEY VALUE...: keeps facts in the record.
note() {
    local text
    text=$(cat "$record" 2>/dev/null || true)
    while [ $# -gt 0 ]; do
        text=$(sed "/^$1=/d; /^$/d" <<<"$text" && printf '%s=%s' "$1" "$2")
        shift 2
    done
    write_file "$record" 0644 <<<"$text"
}

noted() { read_state "$1" "$record"; }

options() {
    limit=600 allowed=() token=''
    while [ $# -gt 0 ]; do
        [ $# -gt 1 ] || usage
        case $1 in
        --limit) limit=$2 ;;
        --allow) allowed+=("${2%/}") ;;
        --token) token=$2 ;;
        *) usage ;;
        esac
        shift 2
    done
    [[ $limit =~ ^[1-9][0-9]{0,5}$ ]] || usage
}

# --- what chain_scrub may call ---

# wipe PATH...: overwrites and removes: a snapshot holds free blocks, too.
wipe() {
    find "$@" -xdev -type f -exec shred -n 1 --remove=unlink {} +
    rm -rf "$@"
}

# keep PATH...: in memory, with owner, mode and times.
keep() {
    local file
    file=$sealing/aside/$(find "$sealing/aside" -type f -printf x | wc -c | xargs printf %04d)
    tar --create --file "$file.new" --format=posix --xattrs -C / "${@#/}"
    mv "$file.new" "$file"
}

# set_aside PATH...: what unseal brings back. At an image's first boot there is nobody to keep it for.
set_aside() {
    local path found=()
    for path in "$@"; do
        if [ -e "$path" ] || [ -L "$path" ]; then found+=("$path"); fi
    done
    [ ${#found[@]} -gt 0 ] || return 0
    [ ! -d "$sealing" ] || keep "${found[@]}"
    wipe "${found[@]}"
}

# discard PATH...: empties files for good. They stay, because somebody may be writing them.
discard() {
    local path
    for path in "$@"; do
        [ ! -e "$path" ] || find "$path" -xdev -type f -exec shred -n 0 -z {} + -exec truncate -s 0 {} +
    done
}

# --- end of what chain_scrub may call ---

# wallets [--allow PATH]...: prints what looks like a wallet, or a key that loses its owner money in other hands. 3 if it does.
wallets() {
    local limit allowed token list path one code=0
    options "$@"
    list=$(
        find /data /root /home -ignore_readdir_race -xdev -type f -size +0 ! -name .walletlock ! -name db.log \
            ! -path '*/database/log.*' -regextype posix-extended -iregex '.*/(wallet\.(dat|db|json|sqlite)'\
'|[^/]*\.(wallet|keys|skey|mnemonic)|utc--[^/]*|keystore-m_[^/]*|voting-keystore\.json|slashing_protection\.sqlite'\
'|(priv_)?validator_key\.json|[^/]*-keypair\.json|hsm_secret|(wallets|keystore|validator_keys|keyring-[^/]*)/.*)' &&
            . "$release/install.sh" &&
            { ! declare -F chain_wallets >/dev/null || chain_wallets; }
    )
    while read -r path; do
        for one in "" "${allowed[@]}"; do
            case $path in "$one" | "${one:-/}"/*) continue 2 ;; esac
        done
        printf '%s\n' "$path"
        code=3
    done <<<"$list"
    return "$code"
}

# What daemons must go on seeing, so that one can log in: a copy in memory is laid over it. Beneath, it is scrubbed.
covered() { find /etc/ssh /etc/machine-id /root/.ssh /home/*/.ssh -maxdepth 0 2>/dev/null || true; }

cover() {
    local path
    for path in $(covered); do
        mkdir -p "$sealing/cover${path%/*}"
        cp -a "$path" "$sealing/cover$path"
        mount --bind "$sealing/cover$path" "$path"
    done
}

lift() { covered | while read -r path; do umount -l "$path" 2>/dev/null || true; done; }

# beneath FUNCTION: where nothing is covered, for this one alone.
# shellcheck disable=SC2016  # expanded by the inner shell
beneath() { unshare --mount bash -c '. "$0/cloudrails-node" && lift && "$1"' "$release" "$1" >&2; }

# scrub_machine [INSTANCE]: with it, at a first boot, when cloud-init has just made its state for that instance.
scrub_machine() (
    shopt -s nullglob dotglob
    if [ -d "$sealing" ]; then
        # In this order, and back in reverse: without its data, cloud-init makes all of the rest anew.
        set_aside /var/lib/cloud/{data,instance,instances,sem}
        set_aside /etc/netplan/50-cloud-init.yaml
        keep /etc/machine-id
        discard /etc/machine-id
    else
        for path in /var/lib/cloud/instances/* /var/lib/amazon/ssm/i-*; do
            [ "${path##*/}" = "$1" ] || wipe "$path"
        done
    fi
    set_aside /etc/ssh/ssh_host_* /{root,home/*}/.ssh/* \
        /{root,home/*}/{.aws,.gnupg,.docker,.kube,.config/gcloud,.*_history,.lesshst,.viminfo,.netrc,.git-credentials} \
        /var/lib/systemd/{random-seed,credential.secret} /var/lib/{dhcp,dhcpcd,NetworkManager}/* /var/lib/amazon/ssm/Vault \
        /var/lib/ubuntu-advantage/private "$state_folder/samples"
    [ -L /var/lib/dbus/machine-id ] || set_aside /var/lib/dbus/machine-id
    # The command that seals may be one of these.
    for path in /var/lib/amazon/ssm/i-*/{document,session}/orchestration/*; do
        [ -z "$(find "$path" -maxdepth 0 -mmin +60)" ] || wipe "$path"
    done
    journalctl -q --relinquish-var || true
    discard /var/log /var/crash /var/lib/systemd/coredump
    find /var/log -xdev -type f -regextype posix-extended -regex '.*(\.[0-9]+|\.gz|\.xz|-[0-9]{8}|\.journal~?)' -delete
    # Named by the machine's id.
    find /var/log/journal -mindepth 1 -type d -empty -delete 2>/dev/null || true
)

scrub() {
    scrub_machine
    (. "$release/install.sh" && chain_scrub)
}

# Last set aside, first back.
restore() {
    local file
    while read -r file; do
        tar --extract --file "$file" --same-permissions --same-owner --xattrs -C /
    done < <(find "$sealing/aside" -name '[0-9]*[0-9]' | sort -r)
}

lock_seal() {
    exec 7>/run/cloudrails-seal.lock
    flock 7
}

# The watchdog: ends the seal in time, and when the machine shuts down. It needs neither network nor data volume.
watch() {
    while :; do
        while [ "$(uptime)" -lt "$(cat "$sealing/until" 2>/dev/null || echo 0)" ]; do sleep 3; done
        # One that is still at work sets another time.
        lock_seal
        [ "$(uptime)" -lt "$(cat "$sealing/until" 2>/dev/null || echo 0)" ] || return 0
        exec 7>&-
    done
}

due() {
    echo $(($(uptime) + limit)) >"$sealing/until.new"
    mv "$sealing/until.new" "$sealing/until"
}

show_seal() {
    printf '{"token":"%s","height":%s,"hash":"%s","client":"%s","sealed":"%s"}\n' \
        "$(noted token)" "$(noted height)" "$(noted hash)" "$(noted client)" "$(noted sealed)"
}

# seal [--limit SECONDS] [--allow PATH]...
seal() {
    local limit allowed token height hash
    options "$@"
    lock_seal
    if [ -d "$sealing" ] && [ "$(noted state)" = sealed ]; then
        # Whoever has sealed it may have let more through.
        wallets "$@"
        due
        show_seal
        return
    fi
    [ ! -d "$sealing" ] || end_seal
    wallets "$@"
    exec 8>/run/cloudrails-upgrade
    flock -n 8 || fail 'an upgrade is running'
    [ "$(systemctl is-active apt-daily-upgrade)" != activating ] || fail 'Security updates are being installed: try again later'
    if [ "$(read_state state)" != ready ]; then fail "The node is not ready: $(read_state state)"; fi
    read -r height _ _ hash _ < <(chain) || fail 'The client does not answer, so nobody knows its height'
    token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
    rm -f "$record"
    note state sealing token "$token" height "$height" hash "$hash" client "$CHAIN_CLIENT" stopped "$(date +%s)"
    mkdir -m 0700 "$sealing" "$sealing/aside"
    trap 'end_seal >&2' EXIT
    due
    systemd-run -q --collect --unit="cloudrails-unseal-$token" -p RequiresMountsFor=/data -p TimeoutStopSec=infinity \
        -p Restart=on-failure -p RestartSec=5 -p "ExecStopPost=$release/cloudrails-node unseal --token $token" \
        "$release/cloudrails-node" watch
    empty_disks
    due
    trap - EXIT
    show_seal
}

empty_disks() {
    write_file "$held" 0644 </dev/null
    stop >&2
    # What it writes would be in the image.
    systemctl stop -q syslog.socket rsyslog 2>/dev/null || true
    cover
    beneath scrub
    sync
    fsfreeze -f /data
    note state sealed sealed "$(now)"
}

# ends_at TIME: the first to be noted. A snapshot that was begun before is one of the sealed disks.
ends_at() { case $(noted state) in sealing | sealed) note state unsealing unsealed "$1" ;; esac; }

# Whatever seal has come to.
end_seal() {
    ends_at "$(now)"
    fsfreeze -u /data 2>/dev/null || true
    beneath restore
    lift
    sync
    note state unsealed stopped_seconds $(($(date +%s) - $(noted stopped)))
    rm -f "$held"
    if systemctl is-enabled -q rsyslog 2>/dev/null; then systemctl start rsyslog || true; fi
    journalctl -q --flush || true
    # A machine that shuts down starts nothing.
    start
    note stopped_seconds $(($(date +%s) - $(noted stopped)))
    rm -rf "$sealing"
}

# unseal [--token TOKEN]: of another seal than the last nothing is known.
unseal() {
    local limit allowed token
    options "$@"
    lock_seal
    if [ -n "$token" ] && [ "$token" != "$(noted token)" ]; then
        echo '{}'
        return
    fi
    [ ! -d "$sealing" ] || end_seal >&2
    if [ -z "$(noted sealed)" ]; then
        echo '{}'
        return
    fi
    printf '{"token":"%s","sealed":"%s","unsealed":"%s","stopped_seconds":%s}\n' \
        "$(noted token)" "$(noted sealed)" "$(noted unsealed)" "$(noted stopped_seconds)"
}

# renew INSTANCE KNOWN: early in a boot from disks that are held: an image's, or those of a seal that a power cut has ended. The
# chain's part follows when its volume is mounted.
renew() {
    # Done already, at an earlier boot.
    case $1:$(noted state) in "$2:" | "$2:unsealed") return ;; esac
    scrub_machine "$1"
    # So that cloud-init, at the end of this stage, makes host keys and lets the launch's key in.
    rm -f /var/lib/cloud/instance/sem/config_ssh
    set_state installing 'a new identity'
    if [ "$1" = "$2" ]; then
        ends_at "$(date -u -d "@$(awk '/^btime/ { print $2 }' /proc/stat)" +%FT%TZ)"
        note state unsealed stopped_seconds $(($(date +%s) - $(noted stopped)))
    elif [ "$(noted state)" != sealed ]; then
        # A sealed image has no machine-id, so that its boot has made one.
        systemd-id128 new >/etc/machine-id
        systemctl restart systemd-journald
    fi
    journalctl -q --flush || true
    [ "$1" = "$2" ] || rm -f "$record"
}
