"""Images: a node is sealed, its disks are copied as snapshots would, and machines are started from the copies. The node goes on.

Where the copies are made, and with whose user data a machine starts from them, is the command line's part; what the disks hold is
this one."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

import copies
import litecoin
from launched import Launched
from machine import Disk

pytestmark = [pytest.mark.boot, pytest.mark.xdist_group("image")]
DATA = "/data/litecoin.org"
# What is secret or tells one machine from others; some of it only where somebody has put it.
PLANTED = [
    f"{DATA}/regtest/onion_v3_private_key", "/root/.aws/credentials", "/home/ubuntu/.bash_history", "/root/.ssh/id_ed25519",
    "/var/lib/amazon/ssm/Vault/Store/EC2RegistrationKey", "/var/lib/ubuntu-advantage/private/machine-token.json"]
IDENTITY = ["/etc/ssh", "/etc/machine-id", "/home/ubuntu/.ssh", "/root/.ssh", "/var/lib/cloud/data", "/var/lib/cloud/instances", *PLANTED]


class Node:
    """A machine of litecoin's, and what the world has for it."""

    def __init__(self, launched: Launched, name: str, root: Path, data: Path, **options: Any):
        self.launched, self.cloud = launched, launched.cloud
        self.cloud.user_data = litecoin.release(launched)
        self.archive = litecoin.archive_url(launched.sent).removeprefix("https://")
        self.machine = launched.machine([Disk(data, launched.serial)], name, own_root=root, **options)

    def boot(self) -> None:
        self.machine.start()
        self.machine.wait_for_login()
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        self.machine.wait_for_client("litecoind")

    def mine(self, count: int) -> int:
        self.machine.sudo(litecoin.mine(count))
        return self.machine.status()["height"]

    def files(self) -> str:
        """What of its identity is there, to the byte, with owner, mode and time."""
        return self.machine.sudo(
            f"find {' '.join(IDENTITY)} -type f -exec sha256sum {{}} + -printf '%p %u %g %m %T@\\n' -o -type l -printf '%p %l\\n' | sort")

    def secrets(self) -> list[str]:
        """Words that nobody else may read. The launch's own public key is none: cloud-init writes what the metadata service
        tells again and again, and removes what it wrote before."""
        lines = self.machine.sudo(
            f"cat {' '.join(PLANTED)} && sed -n 5p /etc/ssh/ssh_host_ed25519_key"
            " && tail -n 1 /home/ubuntu/.ssh/authorized_keys | cut -d ' ' -f 2").splitlines()
        assert len(lines) == len(PLANTED) + 2 and all(len(line) >= 32 for line in lines), lines
        return lines

    def identity(self) -> set[str]:
        """What every machine has and no two have in common."""
        return set(self.machine.sudo("cat /etc/machine-id && sed -n 5p /etc/ssh/ssh_host_ed25519_key").splitlines())

    def seal(self, options: str = "") -> dict[str, Any]:
        return json.loads(self.machine.run(f"cloudrails-node seal {options}"))

    def unseal(self, options: str = "") -> dict[str, Any]:
        return json.loads(self.machine.run(f"cloudrails-node unseal {options}"))


class Story:
    """The node, and the copies that were made of it."""

    def __init__(self, node: Node, folder: Path):
        self.node, self.folder = node, folder
        self.secrets: list[str] = []
        self.own: set[str] = set()
        self.hash = ""
        self.clean: tuple[Path, Path] | None = None
        self.crash: tuple[Path, Path] | None = None


@pytest.fixture(scope="module")
def story(launch: Callable[..., Launched], image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    folder = tmp_path_factory.mktemp("disks")
    root = copies.root_disk(image, folder / "root")
    node = Node(launch("litecoin.org/mainnet"), "first", root, Disk.empty(folder / "data").path)
    try:
        node.boot()
        assert node.mine(101) == 101
        for path in PLANTED:
            node.machine.sudo(
                f"mkdir -p -m 0700 {os.path.dirname(path)}; openssl rand -hex 32 >{path}; chmod 0600 {path};"
                f" chown --reference={os.path.dirname(path)} {path}")
        node.machine.run("echo ssh-ed25519 $(openssl rand -hex 32) a friend >>.ssh/authorized_keys")
        yield Story(node, folder)
    finally:
        node.machine.end()


def test_a_wallet_is_no_part_of_an_image(story: Story) -> None:
    machine = story.node.machine
    wallets = [f"{DATA}/regtest/wallets/savings/wallet.dat", "/home/ubuntu/UTC--2026-01-01T00-00-00.0Z--ab"]
    machine.sudo(f"mkdir -p {DATA}/regtest/wallets/savings {DATA}/keystore; touch {DATA}/keystore/empty")
    assert machine.run("cloudrails-node wallets") == ""
    for path in wallets:
        machine.sudo(f"echo key >{path}")
    pid = machine.run("systemctl show -P MainPID litecoind")
    for command in ("wallets", "seal"):
        assert set(machine.run(f"cloudrails-node {command}", code=3).splitlines()) == set(wallets)
    assert machine.run(f"cloudrails-node seal --allow {wallets[1]}", code=3) == wallets[0]
    assert machine.run(f"cloudrails-node wallets --allow {DATA}/regtest/wallets/ --allow {wallets[1]}") == ""
    machine.run("cloudrails-node seal --limit never", code=64)
    assert machine.run("systemctl show -P MainPID litecoind") == pid
    assert story.node.unseal() == {}
    machine.sudo(f"rm -r {DATA}/regtest/wallets {DATA}/keystore {wallets[1]}")


def test_seal(story: Story) -> None:
    node, machine = story.node, story.node.machine
    # What a command from afar has printed waits in memory: no image has it.
    assert node.launched.tells(machine, "status")["height"] == 101
    assert machine.sudo("ls /run/cloudrails-runs")
    before, story.secrets, story.own = node.files(), node.secrets(), node.identity()
    story.hash = machine.status()["hash"]
    machine.sudo("sync")
    assert copies.found(story.secrets, machine.root, machine.disks[0].path) == story.secrets
    sealed = node.seal()
    assert {key: sealed[key] for key in ("height", "hash", "client")} == {
        "height": 101, "hash": story.hash, "client": "litecoin-core 0.21.5.6"}
    # Whoever comes now can log in, is told how it is, and disturbs nothing.
    machine.forget_connection()
    assert machine.status()["state"] == "sealed"
    machine.run("timeout 120 cloudrails-node report")
    assert node.cloud.tags()["cloudrails:status"].startswith("state=sealed ")
    for command in ("start", "stop", "restart", "grow", "upgrade /dev/null"):
        assert "sealed for an image" in machine.ssh(f"cloudrails-node {command}").stderr, command
    machine.sudo("systemctl start litecoind")
    assert machine.ssh("systemctl is-active litecoind").stdout.strip() == "inactive"
    assert "busy" in machine.ssh("sudo fsfreeze -f /data").stderr
    assert node.seal() == sealed
    # Who comes later may allow less than who has sealed it.
    machine.run("echo key >UTC--now")
    assert machine.run("cloudrails-node seal", code=3) == "/home/ubuntu/UTC--now"
    machine.run("shred -u UTC--now")
    story.clean = machine.snapshot(story.folder / "clean")
    assert node.unseal("--token another") == {}
    ended = node.unseal(f"--token {sealed['token']}")
    assert (ended["token"], ended["sealed"]) == (sealed["token"], sealed["sealed"]) and ended["sealed"] <= ended["unsealed"]
    assert ended["stopped_seconds"] > 0
    # Whole seconds would leave open whether a snapshot was begun before the node went on.
    assert all(re.fullmatch(r".*:\d\d\.\d{3}Z", ended[key]) for key in ("sealed", "unsealed"))
    assert node.unseal() == node.unseal(f"--token {sealed['token']}") == ended
    node.wait_until_ready()
    assert node.files() == before
    assert node.mine(1) == 102
    assert machine.sudo("ls -A /run/cloudrails-seal 2>/dev/null; findmnt -n -l -o TARGET | grep -e ^/etc -e /.ssh || true") == ""


def test_the_copy_holds_no_secret(story: Story) -> None:
    assert story.clean and copies.found(story.secrets, *story.clean) == []


def test_a_copy_of_a_running_node(story: Story) -> None:
    """As --crash-consistent has it made: the files are on the disk, and whatever the client does then is cut off."""
    story.node.machine.sudo("sync")
    story.crash = story.node.machine.snapshot(story.folder / "crash")
    assert story.node.mine(1) == 103


def test_the_command_line_makes_an_image_through_systems_manager(story: Story) -> None:
    node, before = story.node, story.node.files()
    node.launched.reached_by_systems_manager(node.machine)
    result = node.launched.cloudrails.ok("image", "create", "litecoin.org-mainnet", "--via", "ssm", "--json")
    made = result.json["image"]
    assert (made["height"], made["state"], made["consistency"]) == (103, "available", "clean"), result
    assert result.json["stoppedSeconds"] > 0
    node.wait_until_ready()
    assert node.files() == before
    assert node.machine.status()["height"] == 103


def test_it_unseals_by_itself(story: Story) -> None:
    node, before = story.node, story.node.files()
    sealed = node.seal("--limit 20")
    node.wait_until_ready()
    assert node.files() == before
    assert node.unseal(f"--token {sealed['token']}")["stopped_seconds"] >= 20
    assert node.mine(1) == 104


def test_a_reboot_unseals(story: Story) -> None:
    node, before = story.node, story.node.files()
    sealed = node.seal()
    node.machine.reboot()
    node.machine.wait_for_login()
    node.wait_until_ready()
    assert node.machine.status()["height"] == 104
    lines = set(before.splitlines()) ^ set(node.files().splitlines())
    # A boot writes some of cloud-init's files anew.
    assert {line for line in lines if "/var/lib/cloud" not in line} == set()
    assert node.unseal(f"--token {sealed['token']}")["sealed"] == sealed["sealed"]


def test_a_power_cut_in_the_middle_heals(story: Story) -> None:
    node, machine, before = story.node, story.node.machine, story.node.identity()
    machine.sudo("systemd-run -q --collect cloudrails-node seal")
    machine.wait_for("test -e /run/cloudrails-seal/aside/0003", pause=0.1)
    machine.cut_power()
    node.boot()
    status = machine.status()
    assert (status["height"], status["state"]) == (104, "synced")
    assert not any(line in node.identity() for line in before if len(line) > 32)
    assert node.mine(1) == 105
    assert machine.sudo("ls /var/lib/cloudrails") == "instance\nsamples\nseal\nstate"
    machine.end()


def copy(story: Story, launch: Callable[..., Launched], name: str, disks: tuple[Path, Path], uuid: str) -> Node:
    """A new instance, its disks from the copies, its user data that of a launch with existing data."""
    root, data = disks
    node = Node(launch("litecoin.org/mainnet", "--name", name), name, root, copies.enlarged(data, 3), uuid=uuid)
    node.cloud.user_data = copies.with_existing_data(node.cloud.user_data)
    return node


def is_another_node(story: Story, node: Node, name: str) -> None:
    """It has the chain, nothing else of the first machine's, and a larger disk."""
    machine = node.machine
    status = machine.status()
    assert (status["node"], status["state"]) == (name, "synced")
    assert node.archive not in node.cloud.requests
    log = machine.sudo(f"cat {DATA}/regtest/debug.log").lower()
    assert f"height={status['height']} " in log and "reindex" not in log and "rescan" not in log
    assert not node.identity() & story.own and len(node.identity()) == 2
    for path in PLANTED:
        machine.sudo(f"test ! -e {path}")
    assert len(machine.run("cat .ssh/authorized_keys").splitlines()) == 1
    assert int(machine.run("df --output=size -B1M /data | tail -n 1")) > 2_900
    assert machine.sudo("systemctl list-units --failed --plain --no-legend") == ""
    assert machine.sudo("cat /var/lib/cloudrails/instance") == node.cloud.instance()["InstanceId"]
    machine.sudo("test ! -e /var/lib/cloudrails/held && test ! -e /var/lib/cloudrails/may-format")
    assert node.unseal() == {}
    assert node.mine(1) == status["height"] + 1


def test_a_machine_from_a_sealed_copy(story: Story, launch: Callable[..., Launched]) -> None:
    assert story.clean
    node = copy(story, launch, "second", story.clean, "ec2e1916-9099-7caf-fd21-0123456789ab")
    try:
        node.boot()
        status = node.machine.status()
        assert (status["height"], status["hash"]) == (101, story.hash)
        is_another_node(story, node, "second")
        own = node.identity()
        node.machine.reboot()
        node.machine.wait_for_login()
        node.wait_until_ready()
        assert node.identity() == own
    finally:
        node.machine.end()


def test_a_machine_from_a_running_nodes_copy(story: Story, launch: Callable[..., Launched]) -> None:
    assert story.crash
    node = copy(story, launch, "third", story.crash, "ec2e1916-9099-7caf-fd21-abcdef012345")
    try:
        node.boot()
        # What the client had not written when the power went, it loses.
        assert node.machine.status()["height"] in (101, 102)
        is_another_node(story, node, "third")
        assert not [secret for secret in story.secrets if secret in node.files()]
    finally:
        node.machine.end()
