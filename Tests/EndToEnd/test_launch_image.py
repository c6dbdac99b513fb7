"""A node that starts from an image: which one is taken, what the machine is made of, and when it is called ready."""

from __future__ import annotations

import base64
import gzip
import signal
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import node_images
import pytest
from conftest import REGION, Cloudrails, Endpoint, Proxy
from images import TARGET, image_name
from machine import Machine
from node_images import STRANGER

NODE = "bitcoin.org-signet"
FAR = "eu-west-1"
# What a helper prints whose client is at the head.
SYNCED = """cat <<'JSON'
{"node": "n", "target": "t", "state": "synced", "height": 200000, "network_height": 200000, "services": [], "at": "2026-11-24T10:05:00Z"}
JSON"""


def launch(cloudrails: Cloudrails, *words: str) -> Any:
    return cloudrails.ok("node", "launch", TARGET, "--yes", "--json", *words).json


def instance_of(endpoint: Endpoint, launched: Any) -> dict[str, Any]:
    ec2 = endpoint.client("ec2")
    return ec2.describe_instances(InstanceIds=[launched["node"]["instance"]])["Reservations"][0]["Instances"][0]


def data_volume(endpoint: Endpoint, launched: Any) -> dict[str, Any]:
    volume = launched["node"]["dataVolume"]
    return endpoint.client("ec2").describe_volumes(VolumeIds=[volume])["Volumes"][0]


def data_snapshot(endpoint: Endpoint, image: str, region: str = REGION) -> str:
    found = endpoint.client("ec2", region).describe_images(ImageIds=[image])["Images"][0]
    return next(d["Ebs"]["SnapshotId"] for d in found["BlockDeviceMappings"] if d["DeviceName"] == "/dev/xvdf")


def runs(endpoint: Endpoint) -> list[dict[str, str]]:
    return [call["parameters"] for call in endpoint.calls() if call["action"] == "RunInstances"]


def last_line(user_data: str) -> str:
    """What the machine begins with, once its files are there."""
    sent = base64.b64decode(user_data)
    script = gzip.decompress(sent) if sent.startswith(b"\x1f\x8b") else sent
    return script.decode().rstrip().splitlines()[-1]


# ---- which image ----


def test_the_newest_good_image_is_taken(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node_images.make(endpoint, 200_000)
    best = node_images.make(endpoint, 210_000, consistency="crash")
    node_images.make(endpoint, 220_000, consistency="sealing")
    node_images.make(endpoint, 230_000, architecture="x86_64")
    node_images.make(endpoint, 240_000, target="bitcoin.org/mainnet")
    result = cloudrails.ok("node", "launch", TARGET, "--yes", "--json")
    assert result.json["image"]["id"] == best and result.json["node"]["image"] == best
    for word in (best, "block 210000", " old, your own", "crash-consistent"):
        assert word in result.stderr
    instance, volume = instance_of(endpoint, result.json), data_volume(endpoint, result.json)
    assert instance["ImageId"] == best
    assert (volume["SnapshotId"], volume["Size"], volume["VolumeType"]) == (data_snapshot(endpoint, best), 150, "gp3")
    assert {t["Key"]: t["Value"] for t in volume["Tags"]} == {
        "Name": NODE, "cloudrails:node": NODE, "cloudrails:network": "blockchain-nodes", "cloudrails:chain": TARGET}
    mapping = {m["DeviceName"]: m["Ebs"]["DeleteOnTermination"] for m in instance["BlockDeviceMappings"]}
    assert mapping == {"/dev/sda1": True, "/dev/xvdf": False}


def test_a_cold_launch_and_a_warm_one(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node_images.make(endpoint, 200_000)
    endpoint.forget()
    first = launch(cloudrails)
    assert first["isNew"] and len(endpoint.calls()) <= 36, len(endpoint.calls())
    assert [call["action"] for call in endpoint.calls()].count("DescribeImages") == 1
    # A newer image changes nothing about a node that is there.
    node_images.make(endpoint, 210_000)
    endpoint.forget()
    again = launch(cloudrails)
    assert not again["isNew"] and again["node"]["instance"] == first["node"]["instance"] and "image" not in again
    assert endpoint.mutating() == []


def test_a_newer_image_comes_while_an_answer_is_lost(
    cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, proxy: Proxy
) -> None:
    """The same token with another image is refused: the node of the first run shows a little later, and is taken."""
    first, newer = node_images.make(endpoint, 200_000), node_images.make(endpoint, 210_000, consistency="sealing")
    cloudrails.ok("network", "create")
    # From now on what is younger does not show: the node, but no longer the images.
    time.sleep(4)
    endpoint.moods(lag=4.0)
    proxy.rules({"action": "RunInstances", "nth": 1, "fault": "kill-after"})
    process = proxied.start("node", "launch", TARGET, "--yes")
    proxy.process(process.pid)
    process.communicate(timeout=120)
    assert process.returncode == -9
    endpoint.client("ec2").create_tags(
        Resources=[newer], Tags=[{"Key": "cloudrails:consistency", "Value": "clean"}])
    again = cloudrails.ok("node", "launch", TARGET, "--yes", "--json", CLOUDRAILS_CONSISTENCY_WINDOW="10")
    assert newer in again.stderr and not again.json["isNew"] and "image" not in again.json
    endpoint.moods(lag=0)
    found = [i for r in endpoint.client("ec2").describe_instances()["Reservations"] for i in r["Instances"]]
    assert [one["ImageId"] for one in found] == [first] == [again.json["node"]["image"]]


def test_without_an_image(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.forget()
    result = cloudrails.ok("node", "launch", TARGET, "--yes", "--json")
    assert "image" not in result.json and result.json["node"]["image"].startswith("ami-0000000000arm64")
    assert "from its beginning" in result.stderr
    assert len(endpoint.calls()) <= 36
    assert "BlockDeviceMapping.2.Ebs.SnapshotId" not in runs(endpoint)[0]


def test_only_an_empty_volume_may_be_formatted(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    launch(cloudrails)
    node_images.make(endpoint, 200_000)
    assert "image" in launch(cloudrails, "--name", "second")
    lines = [last_line(run["UserData"]) for run in runs(endpoint)]
    boot = '"$release/cloudrails-node" boot "$INSTANCE_ID"'
    assert lines == [f"{boot} new", f"{boot} existing"]


def test_fresh_looks_for_none(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node_images.make(endpoint, 200_000)
    endpoint.forget()
    assert "image" not in launch(cloudrails, "--fresh")
    asked = [call["parameters"] for call in endpoint.calls() if call["action"] == "DescribeImages"]
    assert [one["Owner.1"] for one in asked] == ["099720109477"]


def test_the_highest_up_to_a_block(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    low, middle = node_images.make(endpoint, 200_000), node_images.make(endpoint, 210_000)
    node_images.make(endpoint, 220_000)
    endpoint.forget()
    result = cloudrails("node", "launch", TARGET, "--yes", "--height", "199999")
    assert result.code == 64 and endpoint.mutating() == []
    for word in ("199999", "200000", "210000", "220000"):
        assert word in result.stderr
    assert launch(cloudrails, "--height", "219999")["image"]["id"] == middle
    assert launch(cloudrails, "--height", "200000", "--name", "low")["image"]["id"] == low


def test_an_image_by_its_id_or_name(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    low = node_images.make(endpoint, 200_000)
    node_images.make(endpoint, 210_000)
    assert launch(cloudrails, "--image", low)["image"]["id"] == low
    assert launch(cloudrails, "--image", image_name(200_000), "--name", "by-name")["image"]["height"] == 200_000


@pytest.mark.parametrize("wrong, word", [
    ({"target": "bitcoin.org/mainnet"}, "bitcoin.org/mainnet"), ({"architecture": "x86_64"}, "--arch x86_64"),
    ({"consistency": "sealing"}, "whole")])
def test_an_image_that_does_not_fit(cloudrails: Cloudrails, endpoint: Endpoint, wrong: dict[str, str], word: str) -> None:
    image = node_images.make(endpoint, 200_000, **wrong)
    endpoint.forget()
    result = cloudrails("node", "launch", TARGET, "--yes", "--image", image)
    assert result.code == 64 and word in result.stderr and endpoint.mutating() == []


def test_an_image_that_is_not_ready(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.moods(snapshotting=60.0)
    image = node_images.make(endpoint, 200_000)
    result = cloudrails("node", "launch", TARGET, "--yes", "--image", image)
    assert result.code == 64 and "pending" in result.stderr


def test_words_that_contradict_each_other(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    for words in (
        ["--fresh", "--image", "ami-0123456789abcdef0"], ["--image", "ami-0123456789abcdef0", "--height", "3"],
        ["--fresh", "--initialization-rate", "200"], ["--volume", "vol-0123456789abcdef0", "--height", "3"],
        ["--initialization-rate", "99"], ["--image", "bitcoin"], ["--height", "-1"]
    ):
        assert cloudrails("node", "launch", TARGET, "--yes", *words).code == 64, words
    assert endpoint.calls() == []


# ---- whose image ----


def trust(cloudrails: Cloudrails, account: str) -> None:
    folder = cloudrails.home / ".config/cloudrails"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trusted-image-owners").write_text(f"{account}\n")


def test_a_stranger_is_never_taken(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    theirs = node_images.offer(endpoint, 300_000, made="20261124T1000Z")
    assert "image" not in launch(cloudrails)
    own = node_images.make(endpoint, 200_000)
    assert launch(cloudrails, "--name", "second")["image"]["id"] == own
    endpoint.forget()
    result = cloudrails("node", "launch", TARGET, "--yes", "--name", "third", "--image", theirs)
    assert result.code == 64 and STRANGER in result.stderr and "image trust" in result.stderr
    assert endpoint.mutating() == []
    trust(cloudrails, STRANGER)
    result = cloudrails.ok("node", "launch", TARGET, "--yes", "--json", "--name", "third")
    assert result.json["image"]["id"] == theirs and f"account {STRANGER}" in result.stderr


def test_a_trusted_account_must_say_how_its_data_is(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    trust(cloudrails, STRANGER)
    node_images.offer(endpoint, 300_000, consistency="sealing")
    assert "image" not in launch(cloudrails)


def test_an_image_that_is_none(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    result = cloudrails("node", "launch", TARGET, "--yes", "--image", "ami-0123456789abcdef0")
    assert result.code == 64 and "There is no image" in result.stderr
    result = cloudrails("node", "launch", TARGET, "--yes", "--image", "ami-0000000000a324230")
    assert result.code == 64


# ---- the volumes ----


def test_a_larger_volume(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    image = node_images.make(endpoint, 200_000, root=40)
    launched = launch(
        cloudrails, "--disk-size", "300", "--iops", "5000", "--throughput", "250", "--initialization-rate", "200")
    volume = data_volume(endpoint, launched)
    assert (volume["Size"], volume["Iops"], volume["Throughput"]) == (300, 5000, 250)
    assert volume["SnapshotId"] == data_snapshot(endpoint, image)
    run = runs(endpoint)[0]
    assert run["BlockDeviceMapping.1.Ebs.VolumeSize"] == "40"
    assert run["BlockDeviceMapping.2.Ebs.VolumeInitializationRate"] == "200"
    assert run["BlockDeviceMapping.2.Ebs.SnapshotId"] == data_snapshot(endpoint, image)


def test_a_volume_that_is_too_small(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node_images.make(endpoint, 200_000)
    endpoint.forget()
    result = cloudrails("node", "launch", TARGET, "--yes", "--disk-size", "149")
    assert result.code == 64 and "150" in result.stderr and endpoint.mutating() == []


def test_a_kept_volume_goes_before_an_image(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    launched = launch(cloudrails)
    cloudrails.ok("node", "terminate", NODE, "--yes")
    image = node_images.make(endpoint, 200_000)
    for words in (["--fresh"], ["--image", image]):
        result = cloudrails("node", "launch", TARGET, "--yes", *words)
        assert result.code == 64 and "--new-volume" in result.stderr
    result = cloudrails.ok("node", "launch", TARGET, "--yes", "--json")
    assert "image" not in result.json and result.json["node"]["dataVolume"] == launched["node"]["dataVolume"]
    assert image in result.stderr
    cloudrails.ok("node", "terminate", NODE, "--yes")
    assert launch(cloudrails, "--new-volume")["image"]["id"] == image


# ---- ready or not ----


def test_a_volume_that_loads_is_not_ready(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node_images.make(endpoint, 200_000)
    endpoint.moods(initializing=1_000.0)
    launched = cloudrails.ok("node", "launch", TARGET, "--yes", "--initialization-rate", "300")
    assert "loading" in launched.stdout and "min to go" in launched.stdout
    shown = cloudrails.ok("node", "show", NODE, "--json").json
    assert shown["initialization"]["percent"] < 50 and shown["initialization"]["secondsLeft"] > 500
    assert "Loading" in cloudrails.ok("node", "show", NODE).stdout
    machine = Machine(endpoint, shown["instance"])
    at = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%MZ")
    machine.tag(f"state=synced height=200000 target=200000 disk=61 at={at}")
    machine.helper(SYNCED)
    status = cloudrails.ok("node", "status", NODE, "--json").json
    assert status["state"] == "loading" and status["initialization"]["percent"] < 50
    waiting = cloudrails("node", "wait", NODE, "--until", "synced", "--timeout", "1s")
    assert waiting.code == 75 and "%" in waiting.stderr and "to go" in waiting.stderr
    endpoint.moods(initializing=0.0)
    cloudrails.ok("node", "wait", NODE, "--until", "synced")
    status = cloudrails.ok("node", "status", NODE, "--json").json
    assert status["state"] == "synced" and "initialization" not in status


def test_a_client_that_stands_still_while_its_volume_loads(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node_images.make(endpoint, 200_000)
    endpoint.moods(initializing=1_000.0)
    machine = Machine(endpoint, launch(cloudrails)["node"]["instance"])
    then = datetime.now(timezone.utc)

    def stalls(minutes: int) -> None:
        machine.tag(f"state=stalled height=1 target=2 disk=1 at={then + timedelta(minutes=minutes):%Y-%m-%dT%H:%MZ}")

    stalls(0)
    endpoint.forget()
    process = cloudrails.start("node", "wait", NODE, "--until", "synced")
    while [call["action"] for call in endpoint.calls()].count("DescribeVolumeStatus") < 2:
        assert process.poll() is None
        time.sleep(0.1)
    # What it said while its volume was loading is no news afterwards.
    endpoint.moods(initializing=0.0)
    time.sleep(4)
    assert process.poll() is None
    stalls(1)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1 and "has stalled" in stderr and "its data volume is loading" in stderr


def test_a_volume_without_a_snapshot_is_not_asked_about(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    launch(cloudrails)
    cloudrails.ok("node", "show", NODE)
    assert "DescribeVolumeStatus" not in [call["action"] for call in endpoint.calls()]


# ---- an image that is elsewhere ----


def test_an_image_of_another_region(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    far = node_images.make(endpoint, 200_000, region=FAR)
    assert "image" not in launch(cloudrails, "--name", "plain")
    endpoint.forget()
    planned = cloudrails.ok("node", "launch", TARGET, "--dry-run", "--json", "--copy-image", FAR).json["calls"]
    assert [call["action"] for call in planned][-2:] == ["CopyImage", "RunInstances"] and endpoint.mutating() == []
    result = cloudrails.ok("node", "launch", TARGET, "--yes", "--json", "--copy-image", FAR)
    image = result.json["image"]
    # 20 and 150 GiB, at 0.05 US dollars.
    for word in (far, FAR, "copied first", "hours", "bills the transfer", "at most $8.50 a month"):
        assert word in result.stderr
    assert (image["region"], image["height"], image["name"]) == (REGION, 200_000, image_name(200_000))
    assert instance_of(endpoint, result.json)["ImageId"] == image["id"] != far
    assert data_volume(endpoint, result.json)["SnapshotId"] == data_snapshot(endpoint, image["id"])
    # From now on it is here.
    endpoint.forget()
    assert launch(cloudrails, "--copy-image", FAR, "--name", "next")["image"]["id"] == image["id"]
    assert "CopyImage" not in endpoint.mutating()


def test_a_copy_that_was_left_is_taken_up(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node_images.make(endpoint, 200_000, region=FAR)
    words = ["node", "launch", TARGET, "--yes", "--image", image_name(200_000), "--copy-image", FAR]
    endpoint.moods(copying=30.0)
    process = cloudrails.start(*words)
    here = endpoint.client("ec2")
    while not (copies := here.describe_images(Owners=["self"])["Images"]):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    # Without the other region it is not known to be a copy.
    assert "pending" in cloudrails("node", "launch", TARGET, "--yes", "--image", copies[0]["Name"]).stderr
    planned = cloudrails.ok(*words, "--dry-run", "--json").json["calls"]
    assert "CopyImage" not in [call["action"] for call in planned] and planned[-1]["action"] == "RunInstances"
    endpoint.moods(copying=0.0)
    endpoint.forget()
    assert cloudrails.ok(*words, "--json").json["image"]["id"] == copies[0]["ImageId"]
    assert "CopyImage" not in endpoint.mutating()


def test_no_image_in_another_region_either(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.forget()
    result = cloudrails("node", "launch", TARGET, "--yes", "--copy-image", FAR)
    assert result.code == 64 and FAR in result.stderr and endpoint.mutating() == []
