"""What stops an installation, and every shipped install.sh with stand-ins for what it downloads, in one machine.

The machine boots exactly what a launch of bitcoin sent. Its data disk has no serial number, as on Xen."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import threading
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

import artifacts
import userdata
from launched import Launched
from machine import PATIENCE, Disk

pytestmark = [pytest.mark.boot, pytest.mark.xdist_group("install")]
BOOTED = "bitcoin.org/mainnet"
STANDIN = (Path(__file__).parent / "standin.py").read_text()


def foreign_disks(folder: Path) -> dict[str, Disk]:
    """Disks that hold something, each in another way; and an empty one, which no launch has made."""
    names = ["ext4", "xfs", "raw", "raw-at-the-end", "partitions", "swap", "empty"]
    disks = {name: Disk.empty(folder / name, f"vol0foreign{index:09}", 1) for index, name in enumerate(names)}
    artifacts.make_ext4(disks["ext4"].path)
    # A superblock of XFS that is whole, without our label: mkfs.xfs need not be on this machine.
    for name, place, data in (
        ("xfs", 0, b"XFSB" + bytes.fromhex("00001000") + (262_144).to_bytes(8, "big") + bytes(496)),
        ("raw", 4_096, b"a database's first page"), ("raw-at-the-end", (1 << 30) - 4_096, b"a database's last page"),
        ("partitions", 446, bytes([0x80, 0, 2, 0, 0x83, 0, 0, 0]) + (2_048).to_bytes(4, "little") + (9_999).to_bytes(4, "little")),
        ("partitions", 510, b"\x55\xaa"), ("swap", 4_086, b"SWAPSPACE2")):
        with open(disks[name].path, "r+b") as file:
            file.seek(place)
            file.write(data)
    return disks


class Site:
    def __init__(self, launched: Launched, folder: Path):
        self.launched, self.cloud = launched, launched.cloud
        self.foreign = foreign_disks(folder)
        self.before = {name: self.digest(disk) for name, disk in self.foreign.items()}
        self.data = Disk.empty(folder / "data", driver="virtio")
        self.publisher = artifacts.Publisher(folder / "gpg")
        # What the last target's publishers have signed.
        self.signed: list[str] = []
        self.machine = launched.machine([self.data, *self.foreign.values()])
        self.publish(BOOTED)

    @staticmethod
    def digest(disk: Disk) -> str:
        return hashlib.sha256(disk.path.read_bytes()).hexdigest()

    def profile(self, target: str) -> dict[str, Any]:
        return self.launched.cloudrails.ok("chains", "show", target, "--json").json

    def publish(self, target: str) -> dict[str, str]:
        """Puts a stand-in where each release is downloaded from, signed by the test's publisher; the settings that pin it."""
        script = self.launched.user_data(target).encode()
        settings, profile, pins = userdata.settings(script), self.profile(target), {}
        self.signed = []
        peers = " ".join(f"{port['number']}/{port['transport']}" for port in profile["ports"] if port["scope"] == "p2p")
        for name in re.findall(r"^(\w+)_URL='https", userdata.parts(script)["node.env"], re.MULTILINE):
            url = settings[f"{name}_URL"].removeprefix("https://")
            # Only the first client of several talks to everybody's peers; the rest of the ports is the second's.
            mine = " ".join(word for word in peers.split() if word.startswith("3030") == (name == "GETH")) if "GETH_URL" in settings else peers
            archive = artifacts.archive(self.programs(name, url, STANDIN.replace('PEERS = "PEERS"', f'PEERS = "{mine}"').encode()))
            self.cloud.files[url] = archive
            if settings[f"{name}_SHA256"]:
                pins[f"{name}_SHA256"] = artifacts.sha256(archive)
            if settings.get(f"{name}_FINGERPRINT"):
                pins[f"{name}_FINGERPRINT"] = self.publisher.fingerprint
                self.sign(url, archive, settings[f"{name}_MANIFEST"].removeprefix("https://"))
        # Of the providers that Lighthouse may begin from, only the last answers.
        for url in settings.get("ETHEREUM_CHECKPOINTS", "").split()[-1:]:
            self.cloud.files[f"{url.removeprefix('https://')}/eth/v1/beacon/states/finalized/finality_checkpoints"] = b"{}"
        return pins

    def sign(self, url: str, archive: bytes, manifest: str) -> None:
        files = self.cloud.files
        if manifest:
            files[manifest] = f"{artifacts.sha256(archive)}  {url.rsplit('/', 1)[1]}\n".encode()
        self.signed.append(manifest or url)
        files[f"{self.signed[-1]}.asc"] = self.publisher.sign(files[self.signed[-1]])
        files[f"keyserver.ubuntu.com/pks/lookup?op=get&options=mr&search=0x{self.publisher.fingerprint}"] = self.publisher.public

    @staticmethod
    def programs(name: str, url: str, program: bytes) -> dict[str, bytes]:
        folder = url.rsplit("/", 1)[1].removesuffix(".tar.gz")
        return {
            "GETH": {f"{folder}/geth": program}, "LIGHTHOUSE": {"lighthouse": program},
            "BITCOIN_CORE": {f"{folder}/bin/bitcoind": program, f"{folder}/bin/bitcoin-cli": b"#!/bin/sh\nexit 1\n"},
            "LITECOIN_CORE": {f"{folder}/bin/litecoind": program, f"{folder}/bin/litecoin-cli": b"#!/bin/sh\nexit 1\n"},
        }[name]

    def unpack(self, target: str, release: str, **pins: str) -> str:
        """Puts a target's scripts on the machine; gives the folder."""
        script = userdata.with_settings(self.launched.user_data(target).encode(), release, **pins)
        packed = base64.b64encode(gzip.compress(script)).decode()
        return self.machine.sudo(f"base64 -d <<<{packed} | gzip -d >/tmp/script && bash /tmp/script unpack")


@pytest.fixture(scope="module")
def site(launch: Callable[[str], Launched], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(launch(BOOTED), tmp_path_factory.mktemp("disks"))
    try:
        site.machine.start()
        site.machine.wait_for_login()
        yield site
    finally:
        site.machine.end()
        site.publisher.end()


def test_a_wrong_hash_is_told_and_nothing_is_run(site: Site) -> None:
    """The mirror has another archive than the one that the profile pins."""
    # It is tried again every half a minute, so the state comes and goes.
    site.machine.wait("the failure", lambda: site.machine.status()["reason"].startswith(
        "install_chain: BITCOIN_CORE: the hash of https://bitcoincore.org/"))
    site.machine.wait("the tag", lambda: "the hash of" in site.cloud.tags().get("cloudrails:status", ""))
    assert site.cloud.tags()["cloudrails:status"].startswith("state=failed ")
    assert site.machine.sudo("find /opt /var/cache/cloudrails -type f") == ""
    assert site.machine.ssh("systemctl cat bitcoind").returncode != 0
    # A machine without serial numbers has found its disk by name.
    assert site.machine.run("findmnt -n -o SOURCE /data") == "/dev/vdb"
    site.machine.sudo("systemctl disable --now cloudrails-bootstrap")


def test_what_holds_anything_is_never_formatted(site: Site) -> None:
    site.machine.sudo("umount /data")
    bootstrap = "bash /usr/local/lib/cloudrails/current/bootstrap.sh mount_data"
    # The first mount took the permission away; with it, a disk that holds something is refused as well.
    site.machine.sudo("test ! -e /var/lib/cloudrails/may-format")
    for permission, why in (("rm -f", "no launch of this machine has made it"), ("touch", "")):
        site.machine.sudo(f"{permission} /var/lib/cloudrails/may-format")
        for name, disk in site.foreign.items():
            if (permission, name) != ("touch", "empty"):
                volume = disk.serial.replace("vol", "vol-")
                site.machine.sudo(f"CLOUDRAILS_VOLUME={volume} {bootstrap}", code=1)
                status = site.machine.status()
                assert status["state"] == "failed" and f"({volume})" in status["reason"] and why in status["reason"], (name, status)
                assert site.digest(disk) == site.before[name], name
    assert site.machine.ssh("mountpoint -q /data").returncode != 0
    site.machine.sudo("rm /var/lib/cloudrails/may-format")
    # Nothing is installed beside it, where the chain would fill the root disk.
    assert "/data is not mounted" in site.machine.sudo(bootstrap.replace("mount_data", "install_chain"), code=1)
    assert site.machine.ssh("ls -d /data/bitcoin.org /opt/bitcoin*").stdout == ""
    site.machine.sudo(bootstrap)
    assert site.machine.run("findmnt -n -o SOURCE /data") == "/dev/vdb"


def test_packages_wait_for_a_system_that_updates_itself(site: Site) -> None:
    """The system's own updates hang while they fetch apt's lists, so they hold its locks."""
    machine, lists = site.machine, "packages.test/packages/./Packages"
    asked, answered = threading.Event(), threading.Event()
    machine.sudo("dpkg --purge curl && rm -f /var/lib/apt/periodic/*-stamp")
    site.cloud.events[lists] = lambda _: asked.set() or answered.wait(PATIENCE)
    try:
        machine.sudo("systemd-run --collect /usr/lib/apt/apt.systemd.daily update")
        machine.wait("the updates", asked.is_set)
        del site.cloud.events[lists]
        machine.sudo(
            "systemd-run --unit packages -p Type=oneshot -p RemainAfterExit=yes --no-block"
            " bash /usr/local/lib/cloudrails/current/bootstrap.sh packages")
        machine.wait_for("pgrep -x flock || systemctl is-failed -q packages")
    finally:
        answered.set()
    machine.wait_for("systemctl is-active packages | grep -qx 'active\\|failed'")
    assert machine.sudo("systemctl show -P ExecMainStatus packages") == "0", machine.sudo("tail -n 30 /var/log/cloudrails.log")
    assert machine.run("curl --version").startswith("curl ")


def listing(site: Site) -> set[str]:
    return set(site.machine.sudo(
        "find /etc /opt /usr/local /data -xdev -name written -prune -o -type f -printf '%p %u:%g %m %s %T@\\n' -o -type l -printf '%p %l\\n'").splitlines())


def places(site: Site) -> set[tuple[str, str, bool]]:
    """(transport, port, beyond loopback) of all listeners but the tests' own way in."""
    rows = [line.split() for line in site.machine.sudo("ss -Hlntu").splitlines()]
    found = {(row[0], row[4].rsplit(":", 1)[1], not re.match(r"127\.|\[::1\]", row[4])) for row in rows}
    return {one for one in found if one[1] not in ("22", "68", "53")}


@pytest.mark.parametrize("target", ["bitcoin.org/mainnet", "ethereum.org/geth-mainnet", "litecoin.org/mainnet"])
def test_install(site: Site, target: str) -> None:
    machine, profile = site.machine, site.profile(target)
    units = [service["unit"] for service in profile["services"]]
    pins = site.publish(target)
    bootstrap = site.unpack(target, "standin", **pins) + "/bootstrap.sh"
    idle = places(site)
    machine.sudo(f"bash {bootstrap} environment install_chain start_services")
    machine.wait_for(f"systemctl is-active {' '.join(units)}")
    wanted = {(port["transport"], str(port["number"]), port["scope"] == "p2p") for port in profile["ports"]}
    machine.wait("the ports", lambda: places(site) - idle == wanted)
    for service in profile["services"]:
        shown = dict(line.split("=", 1) for line in machine.run(f"systemctl show {service['unit']}").splitlines() if "=" in line)
        assert shown["User"] not in ("", "root") and shown["LimitNOFILE"] == "1048576" and shown["Restart"] == "on-failure"
        assert shown["TimeoutStopUSec"] == machine.run(f"systemd-analyze timespan {service['stopTimeoutSeconds']} | awk '/Human/ {{ $1 = \"\"; print substr($0, 2) }}'")
        assert machine.run(f"getent passwd {shown['User']}").endswith("/usr/sbin/nologin")
        assert shown["UnitFileState"] == "enabled"
    machine.sudo(f"systemd-analyze verify {' '.join(f'/etc/systemd/system/{unit}' for unit in units)}")
    exposure = machine.run(f"systemd-analyze security --no-pager {' '.join(units)}")
    levels = [float(level) for level in re.findall(r"Overall exposure level for \S+: ([0-9.]+)", exposure)]
    assert len(levels) == len(units) and max(levels) <= 4.0, levels

    before, pids = listing(site), machine.run(f"systemctl show -P MainPID {' '.join(units)}")
    machine.sudo(f"bash {bootstrap} environment install_chain start_services")
    assert listing(site) == before
    assert machine.run(f"systemctl show -P MainPID {' '.join(units)}") == pids

    machine.sudo(f"systemctl disable --now {' '.join(units)}")
    machine.sudo("rm -rf /opt/*")
    for pin in pins:
        wrong = "0" * 64 if pin.endswith("SHA256") else "A" * 40
        folder = site.unpack(target, f"wrong-{pin.lower().replace('_', '-')}", **{**pins, pin: wrong})
        said = machine.sudo(f"bash {folder}/bootstrap.sh install_chain", code=1)
        assert "the hash of" in said or "no key server gives the key" in said
        program = pin.rsplit("_", 1)[0].split("_")[0].lower()
        assert machine.sudo(f"find /opt -path '*{program}*' -type f") == ""
    for url in site.signed:
        refuse_what_another_has_signed(site, target, url, pins)


def refuse_what_another_has_signed(site: Site, target: str, url: str, pins: dict[str, str]) -> None:
    """An archive, or a list of hashes, that its publisher has not signed is not gone on with; the right one is taken then."""
    folder, good = site.unpack(target, "signed", **pins), site.cloud.files[url]
    site.machine.sudo("rm -rf /opt/* /var/cache/cloudrails")
    site.cloud.files[url] = bytes(len(good))
    try:
        said = site.machine.sudo(f"bash {folder}/bootstrap.sh install_chain", code=1)
        assert "the signature of" in said or "the hash of" in said
    finally:
        site.cloud.files[url] = good
    site.machine.sudo(f"bash {folder}/bootstrap.sh install_chain")
