"""One node from its first boot, through power cuts, to its upgrade. What a launch of litecoin sent is booted; of its settings only
the network (regtest: a chain of its own), its port and the archive's hash are others. The client is Debian's litecoind."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import threading
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

import artifacts
import litecoin
from launched import Launched
from machine import Disk

pytestmark = [pytest.mark.boot, pytest.mark.xdist_group("node")]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Node:
    """The machine, and what the world has for it."""

    def __init__(self, launched: Launched, folder: Path):
        self.cloud, self.launched = launched.cloud, launched
        self.cloud.user_data = litecoin.release(launched)
        self.decoys = [Disk.empty(folder / "raw", "vol0aaaaaaaaaaaaaaaa", 1), Disk.empty(folder / "filesystem", "vol0bbbbbbbbbbbbbbbb", 1)]
        with open(self.decoys[0].path, "r+b") as file:
            file.seek(500 << 20)
            file.write(b"somebody's data")
        artifacts.make_ext4(self.decoys[1].path)
        self.before = [digest(decoy.path) for decoy in self.decoys]
        # mkfs shall take long enough to be cut off.
        self.data = Disk.empty(folder / "data", launched.serial, 2, iops=5)
        self.machine = launched.machine([self.decoys[0], self.data, self.decoys[1]])
        self.cuts: list[str] = []

    # --- power cuts ---

    def cut_when(self, moment: str, name: str) -> None:
        """Starts, and pulls the plug when something is asked for."""
        asked = threading.Event()
        self.cloud.events[name] = lambda _: asked.set()
        self.machine.start()
        self.machine.wait(moment, asked.is_set)
        self.cut(moment)
        del self.cloud.events[name]

    def cut(self, moment: str) -> None:
        self.machine.cut_power()
        self.cuts.append(moment)

    def first_boots(self) -> None:
        """Power is cut while packages are fetched, while the disk is formatted, while the client is downloaded, and while it
        is unpacked."""
        package = next(name for name in self.cloud.files if "/./curl_" in name)
        self.cut_when("packages", package)
        self.machine.start()
        self.machine.wait("mkfs", lambda: self.data.blocks() > 0)
        self.cut("mkfs")
        with open(self.data.path, "rb") as file:
            superblock = file.read(512)
        assert superblock[:4] != b"XFSB" or superblock[126] == 1, "mkfs was through already"
        self.data.iops = 0
        archive = litecoin.archive_url(self.launched.sent).removeprefix("https://")
        self.cut_when("download", archive)
        # Half of it is sent, then the line breaks: the next try goes on from there.
        self.cloud.events[archive] = lambda _: self.cloud.events.pop(archive) and None
        self.machine.start()
        self.machine.wait("the whole archive", lambda: archive in self.cloud.served)
        assert archive in self.cloud.resumed
        time.sleep(1)
        self.cut("unpack")
        self.machine.start()
        self.machine.wait_for_login()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        self.machine.wait_for_client("litecoind")

    def mine(self, count: int) -> int:
        self.machine.sudo(litecoin.mine(count))
        return self.machine.status()["height"]

    def upgrade(self, script: bytes, code: int = 0) -> str:
        self.send(script)
        # As strictly as a command from afar is run.
        result = self.machine.ssh("umask 077; cloudrails-node upgrade /tmp/new")
        assert result.returncode == code, result
        return result.stdout + result.stderr

    def send(self, script: bytes) -> None:
        packed = base64.b64encode(gzip.compress(script)).decode()
        self.machine.run(f"base64 -d >/tmp/new <<<{packed}")

    def cut_upgrade(self, script: bytes, reached: Callable[[], bool]) -> None:
        """Begins an upgrade, pulls the plug when it has come so far, and boots again."""
        self.send(script)
        self.machine.sudo("systemd-run --collect cloudrails-node upgrade /tmp/new")
        self.machine.wait("that moment", reached)
        self.cut("upgrade")
        self.machine.start()
        self.machine.wait_for_login()
        self.wait_until_ready()


@pytest.fixture(scope="module")
def node(launch: Callable[[str], Launched], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    node = Node(launch("litecoin.org/mainnet"), tmp_path_factory.mktemp("disks"))
    try:
        node.first_boots()
        yield node
    finally:
        node.machine.end()


def test_power_cuts_heal(node: Node) -> None:
    assert node.cuts == ["packages", "mkfs", "download", "unpack"]
    assert node.machine.sudo("systemctl is-active cloudrails-bootstrap litecoind") == "active\nactive"
    assert node.machine.sudo("systemctl list-units --failed --plain --no-legend") == ""
    node.machine.sudo("systemd-analyze verify /etc/systemd/system/cloudrails-*")
    assert node.machine.sudo("find / -xdev -name '*.new' -o -xdev -name '*.part' | grep -v ^/proc || true") == ""


def test_the_right_disk_is_mounted(node: Node) -> None:
    machine = node.machine
    disk = machine.sudo(f"grep -l {node.data.serial} /sys/block/nvme*/device/serial").split("/")[3]
    source, kind, options = machine.run("findmnt -n -o SOURCE,FSTYPE,OPTIONS /data").split()
    assert (source, kind) == (f"/dev/{disk}", "xfs") and "noatime" in options
    uuid = machine.sudo(f"blkid -p -o value -s UUID {source}")
    assert f"UUID={uuid} /data xfs nofail,noatime 0 2" in machine.run("cat /etc/fstab").splitlines()
    assert machine.run("stat -c %U:%G /data") == "ubuntu:ubuntu"
    assert [digest(decoy.path) for decoy in node.decoys] == node.before


def test_every_shell_knows_where_the_chain_is(node: Node) -> None:
    # The environment is that of the connection, and the first one was made while the bootstrap ran.
    node.machine.forget_connection()
    for shell in ("{}", "bash -lc '{}'", "sudo -u ubuntu -i sh -c '{}'", "sudo su ubuntu -c '{}'"):
        found = node.machine.run(shell.format('echo "$CHAIN_DATA" && command -v litecoin-cli && command -v cloudrails-node'))
        assert found.split() == ["/data/litecoin.org", "/usr/local/bin/litecoin-cli", "/usr/local/bin/cloudrails-node"], shell
    assert node.machine.run("python3 -m pip --version").startswith("pip ")


def test_only_peers_reach_it(node: Node) -> None:
    listening = node.machine.sudo("ss -Hlntu").splitlines()
    beyond = {(line.split()[0], line.split()[4]) for line in listening}
    beyond = {(kind, place.rsplit(":", 1)[1]) for kind, place in beyond if not re.match(r"127\.|\[::1\]", place)}
    # 22 is the tests' own way in; 68 is the address's lease.
    assert beyond - {("udp", "68")} == {("tcp", "22"), ("tcp", str(litecoin.P2P))}
    assert any(line.split()[4] == f"127.0.0.1:{litecoin.RPC}" for line in listening)


def test_time_and_updates(node: Node) -> None:
    assert node.machine.run("timedatectl show -p NTP --value") == "yes"
    assert 'Unattended-Upgrade "1"' in node.machine.run("apt-config dump")
    # As needrestart reads it: 0 spares a service that matches.
    rule = ("our %nrconf; do $ARGV[0]; die $@ if $@;"
            " print map { $nrconf{override_rc}{$_} } grep { $ARGV[1] =~ /$_/ } keys %{$nrconf{override_rc}}")
    for service, spared in (("litecoind.service", "0"), ("cloudrails-bootstrap.service", "0"), ("ssh.service", "")):
        assert node.machine.run(f"perl -e '{rule}' /etc/needrestart/conf.d/cloudrails.conf {service}") == spared


def test_status_tells_the_height(node: Node) -> None:
    height = node.mine(101)
    assert height == 101
    status = node.machine.status()
    assert status["node"] == "litecoin.org-mainnet" and status["target"] == "litecoin.org/mainnet"
    assert (status["state"], status["reason"], status["lag"], status["percent"]) == ("synced", "", 0, 100.0)
    assert status["network_height"] == 101 and status["peers"] == 0 and 1 <= status["disk_percent"] < 50
    assert status["services"] == [{"unit": "litecoind.service", "active": "active"}]
    assert re.fullmatch(r"[0-9a-f]{64}", status["hash"]) and status["client"] == "litecoin-core 0.21.5.6"
    # What the command line is told of it, over the network.
    told = node.launched.tells(node.machine, "status")
    assert (told["source"], told["state"], told["height"], told["hash"]) == ("node", "synced", 101, status["hash"])
    text = node.machine.run("cloudrails-node status")
    assert "101 of 101 (100.0 %)" in text and "litecoind.service active" in text
    node.machine.run("cloudrails-node status --nonsense", code=64)
    assert "litecoind" in node.machine.run("cloudrails-node logs -n 50")


def test_status_arrives_at_aws(node: Node) -> None:
    assert "cloudrails-report.timer" in node.machine.run("systemctl list-timers --plain --no-legend")
    node.machine.sudo("systemctl start cloudrails-report.service")
    tag = node.cloud.tags()["cloudrails:status"]
    assert re.fullmatch(r"state=synced height=101 target=101 disk=\d+ at=\d{4}-\d\d-\d\dT\d\d:\d\dZ", tag)
    # Nothing but this tag, as the role allows; the mirror has checked the role's signature.
    calls = [call["parameters"] for call in node.cloud.endpoint.calls() if call["action"] == "CreateTags"]
    own = [call for call in calls if call.get("Tag.1.Key") == "cloudrails:status"]
    assert own and all(call["ResourceId.1"] == node.cloud.instance()["InstanceId"] and "Tag.2.Key" not in call for call in own)
    node.cloud.silent = True
    try:
        assert node.machine.ssh("cloudrails-node report").returncode != 0
    finally:
        node.cloud.silent = False
    assert node.machine.status()["state"] == "synced"
    node.machine.run("cloudrails-node report")


def test_stops_cleanly(node: Node) -> None:
    # A stop that somebody has left goes on, and the next one waits for it.
    slow = "/run/systemd/system/litecoind.service.d"
    node.machine.sudo(
        f"touch /run/hold; mkdir {slow}; printf '[Service]\nExecStop=sh -c \"while test -e /run/hold; do sleep 1; done\"\n'"
        f" >{slow}/slow.conf; systemctl daemon-reload; systemd-run -q --collect cloudrails-node stop")
    node.machine.wait_for("systemctl is-active litecoind | grep -q deactivating")
    node.machine.run("sudo timeout 10 cloudrails-node stop", code=124)
    stopping = node.machine.status()
    assert (stopping["state"], stopping["reason"]) == ("stopped", "the client is stopping")
    node.machine.sudo(f"rm -r /run/hold {slow}; systemctl daemon-reload")
    node.machine.run("cloudrails-node stop")
    assert node.machine.sudo("tail -n 1 /data/litecoin.org/regtest/debug.log").endswith("Shutdown: done")
    stopped = node.machine.status()
    assert (stopped["state"], stopped["reason"], stopped["height"]) == ("stopped", "", None)
    assert stopped["services"] == [{"unit": "litecoind.service", "active": "inactive"}]
    assert first_question(node) == "litecoin"
    node.machine.run("cloudrails-node start")
    node.wait_until_ready()
    assert node.machine.status()["height"] == 101


def first_question(node: Node) -> str:
    """Who owns the network's folder, which litecoin-cli makes where litecoind has not been yet."""
    return node.machine.sudo(
        "cd /data/litecoin.org && mv regtest /data/away; set -a; . /usr/local/lib/cloudrails/current/node.env;"
        " . /usr/local/lib/cloudrails/current/install.sh; chain_status >/dev/null 2>&1; stat -c %U regtest;"
        " rm -r regtest; mv /data/away regtest")


def test_settings_that_a_power_cut_left_empty_stop_nothing(node: Node) -> None:
    node.machine.run("cloudrails-node stop")
    node.machine.sudo("truncate -s 0 /data/litecoin.org/regtest/settings.json")
    node.machine.run("cloudrails-node start")
    node.wait_until_ready()
    assert node.machine.status()["height"] == 101


def test_a_client_that_ends_by_itself_has_failed(node: Node) -> None:
    """Without an error, so systemd starts it no more."""
    node.machine.sudo(f"{litecoin.CLI} stop")
    node.machine.wait_for("systemctl is-active litecoind | grep -q inactive")
    status = node.machine.status()
    assert status["state"] == "failed" and status["reason"].startswith("litecoind.service has ended: ")
    node.machine.run("cloudrails-node start")
    node.wait_until_ready()
    assert node.machine.status()["height"] == 101


def test_a_wrong_hash_stops_an_upgrade_and_nothing_else(node: Node) -> None:
    before = node.machine.run("systemctl show -P MainPID litecoind")
    said = node.upgrade(litecoin.release(node.launched, "0.21.5.8", name="wronghash", sha256="0" * 64), code=1)
    assert "the hash of" in said and "runs litecoin-core 0.21.5.6 as before" in said
    assert node.machine.run("systemctl show -P MainPID litecoind") == before
    assert node.machine.ssh("ls -d /opt/litecoin-0.21.5.8").returncode != 0


def test_an_upgrade_that_does_not_answer_goes_back(node: Node) -> None:
    broken = litecoin.release(node.launched, "0.21.5.9", b"#!/bin/sh\necho cannot run here >&2\nexit 1\n", "broken")
    said = node.upgrade(broken, code=1)
    assert "litecoind.service keeps ending: " in said and "runs litecoin-core 0.21.5.6 as before" in said
    runs_the_old(node)


def runs_the_old(node: Node) -> None:
    """All of it, at its height."""
    status = node.machine.status()
    assert (status["height"], status["client"]) == (101, "litecoin-core 0.21.5.6")
    assert "/opt/litecoin-0.21.5.6/bin/litecoind" in node.machine.run("systemctl show -P ExecStart litecoind")
    assert "/opt/litecoin-0.21.5.6/bin/litecoin-cli " in node.machine.run("cat /usr/local/bin/litecoin-cli")
    assert node.machine.run("litecoin-cli getblockcount") == "101"


def test_a_power_cut_while_an_upgrade_is_unpacked_heals(node: Node) -> None:
    script = litecoin.release(node.launched, "0.21.5.7", name="newer")
    archive = litecoin.archive_url(node.launched.sent, "0.21.5.7").removeprefix("https://")
    node.cut_upgrade(script, lambda: archive in node.cloud.served)
    runs_the_old(node)


def test_a_power_cut_while_the_services_switch_heals(node: Node) -> None:
    """The old client is stopped, and the new one runs and does not answer."""
    mute = litecoin.release(node.launched, "0.21.5.10", b"#!/bin/sh\nexec sleep infinity\n", "mute")
    node.cut_upgrade(mute, lambda: node.machine.ssh("pgrep -u litecoin -x sleep").returncode == 0)
    runs_the_old(node)


def test_upgrade(node: Node) -> None:
    script = litecoin.release(node.launched, "0.21.5.7", name="newer")
    said = node.upgrade(script)
    assert said.endswith("The node runs litecoin-core 0.21.5.7\n") and "changed on disk" not in said
    status = node.machine.status()
    assert (status["height"], status["client"]) == (101, "litecoin-core 0.21.5.7")
    assert "/opt/litecoin-0.21.5.7/bin/litecoind" in node.machine.run("systemctl show -P ExecStart litecoind")
    assert "This is what runs" in node.upgrade(script)


def test_the_command_line_sends_an_upgrade(node: Node) -> None:
    """What it sends is the shipped release, and the archive here has another hash than that one's."""
    node.machine.sudo("rm -r /opt/litecoin-0.21.5.6")
    said = node.launched.order(node.machine, "node", "upgrade", "--yes", code=1).stderr
    assert "the hash of" in said and "runs litecoin-core 0.21.5.7 as before" in said
    # Whoever logs in reads what it has brought, as does the client's user.
    assert node.machine.sudo("find /opt /usr/local/lib/cloudrails -type d ! -perm -a=rx -o -type f ! -perm -a=r") == ""
    node.wait_until_ready()
    assert node.machine.status()["height"] == 101


STATE = """cd / && find etc opt usr/local var/lib/cloudrails/state data/litecoin.org -xdev \\( -name samples -o -path 'data/*/regtest*' -o \
-name '.updated' \\) -prune -o -type f -printf '%p %u %m %s %T@\\n' | sort"""


def test_a_reboot_changes_nothing(node: Node) -> None:
    before = set(node.machine.sudo(STATE).splitlines())
    node.machine.reboot()
    node.wait_until_ready()
    changed = {line.split()[0] for line in before ^ set(node.machine.sudo(STATE).splitlines())}
    # What every boot writes by itself: the state's time, the first release's files.
    places = ("opt", "data", "etc/litecoin", "etc/fstab", "etc/env", "etc/systemd", "etc/profile.d", "etc/needrestart", "etc/passwd")
    ours = {name for name in changed if "cloudrails" in name or name.startswith(places)}
    assert {name for name in ours if not name.startswith(("usr/local/lib/cloudrails/", "var/lib"))} == set()
    status = node.machine.status()
    assert (status["height"], status["client"]) == (101, "litecoin-core 0.21.5.7")


def test_a_new_machine_takes_the_old_disk(node: Node) -> None:
    uuid = node.machine.sudo("blkid -p -o value -s UUID $(findmnt -n -o SOURCE /data)")
    # A client writes to the disk late: the plug is pulled right after its stop.
    height = node.mine(1)
    node.machine.run("cloudrails-node stop")
    node.machine.cut_power()
    node.machine.new_root()
    node.machine.start()
    node.machine.wait_for_login()
    node.wait_until_ready()
    assert node.machine.sudo("blkid -p -o value -s UUID $(findmnt -n -o SOURCE /data)") == uuid
    assert node.machine.status()["height"] == height == 102
    assert [digest(decoy.path) for decoy in node.decoys] == node.before
