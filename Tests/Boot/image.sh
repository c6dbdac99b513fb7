#!/usr/bin/env bash
# image.sh FOLDER: makes the machine that the boot tests start: a Debian 12 that takes what EC2 would give to an Ubuntu. As root.
#
#   FOLDER/disk.raw, vmlinuz, initrd     the machine
#   FOLDER/ca.crt, ca.key                the authority by which it trusts the tests' own mirror
#   FOLDER/packages/                     what its bootstrap has to install, as an apt repository
#   FOLDER/programs/<client>/            Debian's litecoin and monero: real nodes, whose libraries the machine has

set -euo pipefail
export LC_ALL=C
folder=$1
root=$folder/root

# Where this system gets Debian's packages from; debootstrap's own choice where it is no Debian.
mirror() {
    # shellcheck disable=SC2016  # for apt-get to expand
    apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 2>/dev/null | awk '$1 == "Debian" && !/security/ { print $2; exit }'
}

in_root() {
    # shellcheck disable=SC2016  # for the inner shell to expand
    unshare --mount bash -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$root" \
        env DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}

mkdir -p "$root" "$folder/packages" "$folder/programs/litecoin" "$folder/programs/monero"
proxy=$(apt-config shell proxy Acquire::http::Proxy)
[ -z "$proxy" ] || { eval "$proxy" && export http_proxy=$proxy; }
# shellcheck disable=SC2046  # no word where none is known
debootstrap --variant=minbase bookworm "$root" $(mirror)

# A small initial file system: unpacking is slow under emulation.
mkdir -p "$root/etc/initramfs-tools/conf.d" "$root/usr/share/initramfs-tools/modules.d"
echo MODULES=list >"$root/etc/initramfs-tools/conf.d/boot-tests"
printf '%s\n' virtio_pci virtio_blk ext4 crc32c >"$root/usr/share/initramfs-tools/modules.d/boot-tests"
# Nothing starts while it is made.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 0755 "$root/usr/sbin/policy-rc.d"
in_root apt-get install -q -y --no-install-recommends \
    systemd systemd-sysv systemd-timesyncd dbus udev kmod linux-image-cloud-amd64 initramfs-tools \
    cloud-init python3 netplan.io iproute2 procps openssh-server sudo ca-certificates openssl less \
    gnupg xfsprogs python3-pip unattended-upgrades needrestart libcurl4 \
    litecoind monero
# What the bootstrap has to install by itself: the smallest of its packages.
in_root apt-get install -q -y --no-install-recommends --download-only curl
mv "$root"/var/cache/apt/archives/curl_*.deb "$folder/packages/"
(cd "$folder/packages" && dpkg-scanpackages --multiversion . >Packages 2>/dev/null)
in_root apt-get clean
# /usr/bin/litecoind is a script of Debian's that wants a home.
cp "$root"/usr/lib/litecoin/litecoind "$root"/usr/bin/litecoin-cli "$folder/programs/litecoin/"
cp "$root"/usr/bin/monerod "$folder/programs/monero/"
rm -f "$root/usr/sbin/policy-rc.d" "$root"/etc/ssh/ssh_host_* "$root"/var/lib/apt/lists/*_* "$root/etc/machine-id"
: >"$root/etc/machine-id"

# Its packages, and all that a chain downloads, come from the tests' own mirror.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj '/CN=boot tests' \
    -keyout "$folder/ca.key" -out "$folder/ca.crt" 2>/dev/null
cp "$folder/ca.crt" "$root/usr/local/share/ca-certificates/boot-tests.crt"
in_root update-ca-certificates >/dev/null
rm -f "$root"/etc/apt/sources.list.d/*
echo 'deb [trusted=yes] https://packages.test/packages ./' >"$root/etc/apt/sources.list"

# The names that the mirror answers for stand on the kernel's command line: there is no other network.
cat >"$root/usr/local/sbin/boot-tests-names" <<'NAMES'
#!/bin/sh
names=$(sed -n 's/.*boot-tests\.names=\([^ ]*\).*/\1/p' /proc/cmdline | tr , ' ')
printf '127.0.0.1 localhost ip-169-254-0-15\n::1 localhost\n169.254.169.253 %s\n' "$names" >/etc/hosts
NAMES
chmod 0755 "$root/usr/local/sbin/boot-tests-names"
cat >"$root/etc/systemd/system/boot-tests-names.service" <<'UNIT'
[Unit]
DefaultDependencies=no
After=systemd-remount-fs.service
Before=sysinit.target cloud-init-local.service
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/local/sbin/boot-tests-names
[Install]
WantedBy=sysinit.target
UNIT

# A second virtio disk stands for a machine whose disks have EC2's own names, as Xen's do.
echo 'KERNEL=="vdb", SYMLINK+="xvdf"' >"$root/etc/udev/rules.d/70-boot-tests.rules"

echo 'LABEL=root / ext4 defaults 0 1' >"$root/etc/fstab"
echo node >"$root/etc/hostname"
mkdir -p "$root/etc/cloud/cloud.cfg.d"
cat >"$root/etc/cloud/cloud.cfg.d/99-boot-tests.cfg" <<'CFG'
datasource_list: [Ec2]
ssh_genkeytypes: [ed25519]
# networkd brings the network up by itself: cloud-init would do it again.
disable_network_activation: true
# Only what the tests look at: the rest takes minutes under emulation.
cloud_init_modules: [set_hostname, users-groups, ssh]
cloud_config_modules: []
cloud_final_modules: []
system_info:
  default_user:
    name: ubuntu
    groups: [sudo]
    sudo: ["ALL=(ALL) NOPASSWD:ALL"]
    shell: /bin/bash
CFG
in_root systemctl enable -q boot-tests-names.service systemd-networkd.service
in_root systemctl mask -q litecoind.service monero.service apt-daily.timer apt-daily-upgrade.timer e2scrub_reap.service \
    man-db.timer fstrim.timer dpkg-db-backup.timer getty@tty1.service serial-getty@ttyS0.service \
    cloud-config.service cloud-final.service unattended-upgrades.service systemd-binfmt.service systemd-pstore.service \
    proc-sys-fs-binfmt_misc.automount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount \
    sys-fs-fuse-connections.mount dev-hugepages.mount dev-mqueue.mount modprobe@drm.service modprobe@configfs.service \
    modprobe@fuse.service modprobe@efi_pstore.service
# systemd runs these at every boot and every time it reads its units anew, a process for each.
mkdir -p "$root/etc/systemd/system-generators"
for generator in cryptsetup debug getty gpt-auto hibernate-resume integritysetup rc-local run system-update sysv veritysetup; do
    ln -s /dev/null "$root/etc/systemd/system-generators/systemd-$generator-generator"
done
cp "$root"/boot/vmlinuz-* "$folder/vmlinuz"
cp "$root"/boot/initrd.img-* "$folder/initrd"
truncate -s 4G "$folder/disk.raw"
mkfs.ext4 -q -L root -d "$root" "$folder/disk.raw"
rm -rf "$root"
