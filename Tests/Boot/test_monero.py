"""Another real client, Debian's monerod, through an install.sh of the tests' own. Its volume is attached late and has no serial
number, as on Xen, grows while blocks are made and when it is full, is taken away and given back, and is copied for another machine."""

from __future__ import annotations

import contextlib
import json
import shlex
import signal
import threading
import urllib.request
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

import artifacts
import copies
import userdata
from launched import Launched
from machine import Disk, free_port

pytestmark = [pytest.mark.boot, pytest.mark.xdist_group("monero")]
INSTALL = (Path(__file__).parent / "monero/install.sh").read_text()
VERSION = "0.18"
# What the volume grows to, GiB. The launch's has 50; the disk that stands for it begins with 2.
GROWN = 60
RPC = 18081
URL = f"https://packages.test/monero-{VERSION}.tar.gz"
# Of Monero's own functional tests: nobody's.
ADDRESS = "42ey1afDFnn4886T7196doS9GPMzexD9gXpsZJDwVjeRVdFCSoHnv7KPbBeGpzJBzHRCAs9UxqeoyFQMYbqSWYTfJJQAWDm"


class Node:
    def __init__(self, launched: Launched, root: Path, data: Path, **options: Any):
        self.launched, self.cloud = launched, launched.cloud
        archive = artifacts.archive({f"monero-{VERSION}/monerod": launched.image / "programs/monero/monerod"})
        self.cloud.files[URL.removeprefix("https://")] = archive
        self.cloud.user_data = self.user_data(artifacts.sha256(archive))
        self.machine = launched.machine([Disk(data, driver="virtio")], own_root=root, **options)

    def user_data(self, sha256: str) -> bytes:
        """What was sent, with Monero in Litecoin's place."""
        old = userdata.parts(self.launched.sent)["node.env"].splitlines()
        new = {
            "CHAIN_ID": "getmonero.org", "CHAIN_DATA": "/data/getmonero.org", "CHAIN_SERVICES": "monerod.service",
            "CHAIN_CLIENT": f"monero {VERSION}", "MONERO_VERSION": VERSION, "MONERO_URL": URL, "MONERO_SHA256": sha256,
            "MONERO_RPC_PORT": str(RPC), "MONEROD_STOP_TIMEOUT": "600"}
        lines = [line for line in old if line.startswith("CLOUDRAILS_")] + [f"{name}='{value}'" for name, value in new.items()]
        return userdata.with_parts(self.launched.sent, node_env="\n".join(lines), install_sh=INSTALL)

    def attach_late(self) -> None:
        """EC2 knows of no volume, and the machine has none, until it has been asked for."""
        ec2, asked = self.cloud.endpoint.client("ec2"), threading.Event()
        instance = self.cloud.instance()["InstanceId"]
        ec2.detach_volume(VolumeId=self.launched.volume, InstanceId=instance)
        self.cloud.events["DescribeVolumes"] = lambda _: asked.set()
        self.machine.start(attached=False)
        self.machine.wait("the question", asked.is_set)
        del self.cloud.events["DescribeVolumes"]
        ec2.attach_volume(VolumeId=self.launched.volume, InstanceId=instance, Device="/dev/xvdf")
        self.machine.wait_for_login()
        status = self.machine.status()
        assert (status["state"], status["reason"]) == ("installing", "mount_data")
        self.machine.attach(0)

    def wait_until_ready(self) -> None:
        self.machine.wait_for_client("monerod")

    def mine(self, count: int) -> int:
        call = {"jsonrpc": "2.0", "id": "0", "method": "generateblocks",
                "params": {"amount_of_blocks": count, "wallet_address": ADDRESS}}
        answer = self.machine.run(f"curl -sf http://127.0.0.1:{RPC}/json_rpc -d {shlex.quote(json.dumps(call))}")
        return json.loads(answer)["result"]["height"]

    def height(self) -> Any:
        """As the command line is told."""
        return self.launched.tells(self.machine, "status").get("height")

    def identity(self) -> list[str]:
        """What no other machine may have: words that are found on a disk again."""
        return self.machine.sudo("cat /etc/machine-id && sed -n 5p /etc/ssh/ssh_host_ed25519_key").splitlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("disks")


@pytest.fixture(scope="module")
def node(launch: Callable[..., Launched], image: Path, folder: Path) -> Iterator[Node]:
    root, data = copies.root_disk(image, folder / "root"), Disk.empty(folder / "data").path
    node = Node(launch("litecoin.org/testnet", "--name", "monero"), root, data)
    try:
        node.attach_late()
        node.wait_until_ready()
        yield node
    finally:
        node.machine.end()


def test_a_volume_that_comes_late_is_waited_for(node: Node) -> None:
    assert node.machine.run("findmnt -n -o SOURCE,FSTYPE /data").split() == ["/dev/vdb", "xfs"]
    assert node.machine.run("stat -c %u /dev/xvdf") == "0"


def test_blocks_are_made_and_the_command_line_sees_them(node: Node) -> None:
    assert node.height() == 0
    assert node.mine(5) == 5
    told = node.launched.tells(node.machine, "status")
    assert (told["source"], told["node"], told["state"], told["height"]) == ("node", "monero", "synced", 5)
    assert told["client"] == f"monero {VERSION}" and len(told["hash"]) == 64
    assert told["services"] == [{"unit": "monerod.service", "active": "active"}]


def test_a_tunnel_reaches_its_rpc(node: Node) -> None:
    here = str(free_port())
    tunnel = node.launched.cloudrails.start(
        "node", "tunnel", "monero", "--via", "ssh", "--port", str(RPC), "--local-port", here,
        **node.launched.ssh_to(node.machine))
    try:
        assert tunnel.stdout.readline().startswith(f"127.0.0.1:{here} is monero:{RPC}")
        node.machine.wait("the tunnel", lambda: answers(f"http://127.0.0.1:{here}/get_height").get("height") == 6)
    finally:
        tunnel.send_signal(signal.SIGINT)
        assert tunnel.wait(60) == 130


def answers(url: str) -> dict[str, Any]:
    with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)
    return {}


def test_the_disk_grows_while_blocks_are_made(node: Node) -> None:
    before, size = node.height(), int(node.machine.run("df --output=size -B1M /data | tail -n 1"))
    miner = threading.Thread(target=node.mine, args=(5,))
    miner.start()
    node.machine.enlarge(0, GROWN)
    grown = node.launched.order(node.machine, "volume", "grow", "--size", str(GROWN), "--yes").json
    assert (grown["volume"]["sizeGiB"], grown["fileSystem"]) == (GROWN, "grown")
    assert int(node.machine.run("df --output=size -B1M /data | tail -n 1")) > size + 50_000
    miner.join()
    assert node.height() == before + 5
    # Once more: there is nothing left to do.
    assert node.machine.run("cloudrails-node grow").startswith(f"/data has {GROWN} GiB")


def test_a_full_disk_is_told_and_growing_heals_it(node: Node) -> None:
    before = node.height()
    node.machine.sudo(
        "fallocate -l $(($(df --output=avail -B1 /data | tail -n 1) - (64 << 20))) /data/most;"
        " cat /dev/zero >/data/rest 2>/dev/null || true")
    assert node.launched.tells(node.machine, "status")["diskPercent"] == 100
    node.machine.sudo("systemctl start cloudrails-report.service")
    assert " disk=100 " in node.cloud.tags()["cloudrails:status"]
    node.machine.enlarge(0, GROWN + 10)
    grown = node.launched.order(node.machine, "volume", "grow", "--size", str(GROWN + 10), "--yes")
    assert grown.json["fileSystem"] == "grown" and "node start monero" in grown.stderr
    node.launched.tells(node.machine, "start")
    node.wait_until_ready()
    assert node.mine(1) == before + 1
    node.machine.sudo("rm /data/most /data/rest")


def test_a_volume_is_taken_away_and_given_back(node: Node) -> None:
    before = node.height()
    node.launched.order(node.machine, "volume", "detach", "--yes")
    assert node.machine.ssh("mountpoint -q /data").returncode != 0
    node.machine.detach(0)
    assert node.machine.status()["state"] == "stopped"
    node.launched.run(node.machine, "volume", "attach", node.launched.volume, "monero")
    node.machine.attach(0)
    node.wait_until_ready()
    assert node.height() == before
    assert node.machine.sudo("systemctl list-units --failed --plain --no-legend") == ""


def test_a_restart_keeps_the_height(node: Node) -> None:
    before = node.height()
    node.launched.tells(node.machine, "restart")
    node.wait_until_ready()
    assert node.height() == before


def test_a_clean_stop_has_written_everything(node: Node) -> None:
    """monerod writes to the disk late; the plug is pulled right after its stop."""
    height = node.mine(1)
    node.machine.run("cloudrails-node stop")
    assert node.launched.tells(node.machine, "status")["state"] == "stopped"
    node.machine.cut_power()
    node.machine.start()
    node.machine.wait_for_login()
    node.wait_until_ready()
    assert node.height() == height


def test_a_machine_from_its_copy_is_another_node_at_its_height(
    node: Node, launch: Callable[..., Launched], folder: Path
) -> None:
    own, before = node.identity(), node.machine.status()
    sealed = json.loads(node.machine.run("cloudrails-node seal"))
    assert (sealed["height"], sealed["hash"]) == (before["height"], before["hash"])
    root, data = node.machine.snapshot(folder / "copy")
    node.machine.run("cloudrails-node unseal")
    node.wait_until_ready()
    assert node.mine(1) == before["height"] + 1 and node.identity() == own
    node.machine.end()
    assert copies.found(own[1:], root, data) == []

    second = Node(
        launch("litecoin.org/testnet", "--name", "monero-2"), root, copies.enlarged(data, GROWN + 11), name="second",
        uuid="ec2e1916-9099-7caf-fd21-0123456789ab")
    second.cloud.user_data = copies.with_existing_data(second.cloud.user_data)
    try:
        second.machine.start()
        second.machine.wait_for_login()
        second.wait_until_ready()
        status = second.machine.status()
        assert (status["node"], status["height"], status["hash"]) == ("monero-2", before["height"], before["hash"])
        assert URL.removeprefix("https://") not in second.cloud.requests
        assert not set(second.identity()) & set(own)
        assert int(second.machine.run("df --output=size -B1G /data | tail -n 1")) > GROWN + 10
        assert second.machine.sudo("systemctl list-units --failed --plain --no-legend") == ""
        assert second.mine(1) == before["height"] + 1
    finally:
        second.machine.end()
