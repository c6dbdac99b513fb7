"""Data volumes: listed with their cost, kept, gone on with, snapshotted, attached; boto3 looks at the result."""

from __future__ import annotations

import signal
import time
from typing import Any

import pytest

from conftest import REGION, Cloudrails, Endpoint, inventory
from screen import Screen

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"
LAUNCH = ["node", "launch", TARGET, "--yes"]


def tags(thing: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in thing.get("Tags", [])}


def volume(endpoint: Endpoint, identifier: str) -> dict[str, Any]:
    return endpoint.client("ec2").describe_volumes(VolumeIds=[identifier])["Volumes"][0]


def kept(cloudrails: Cloudrails, *options: str) -> str:
    """A volume that a node left behind."""
    cloudrails.ok(*LAUNCH, *options)
    name = options[options.index("--name") + 1] if "--name" in options else NODE
    return cloudrails.ok("node", "terminate", name, "--yes", "--json").json["keptVolume"]


def test_kept_volumes_are_listed_with_their_cost(cloudrails: Cloudrails) -> None:
    left = kept(cloudrails, "--name", "left", "--disk-size", "100", "--iops", "4000")
    cloudrails.ok(*LAUNCH, "--disk-size", "200", "--volume-type", "gp2")
    volumes = {one["node"]: one for one in cloudrails.ok("volume", "list", "--json").json["volumes"]}
    # https://aws.amazon.com/ebs/pricing/: 100 GB at $0.08 and 1,000 operations at $0.005; 200 GB of gp2 at $0.10.
    assert (volumes["left"]["monthlyUSD"], volumes[NODE]["monthlyUSD"]) == (13, 20)
    assert volumes["left"]["id"] == left and "instance" not in volumes["left"]
    listed = cloudrails.ok("volume", "list", "--kept")
    assert listed.stdout.splitlines()[1].split("\t") == [
        left, "left", TARGET, "100 GiB", "gp3", f"{REGION}a", "kept", "about $13.00 a month"]
    assert len(listed.stdout.splitlines()) == 2
    assert "2026" in listed.stderr and f"node launch {TARGET} --volume {left}" in listed.stderr


def test_a_terminated_node_comes_back_on_its_volume(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    left = kept(cloudrails, "--zone", f"{REGION}c")
    endpoint.moods(pending=0.6, attaching=0.6)
    endpoint.forget()
    node = cloudrails.ok(*LAUNCH, "--json").json["node"]
    assert (node["dataVolume"], node["zone"], node["deletesData"]) == (left, f"{REGION}c", False)
    run = next(call for call in endpoint.calls() if call["action"] == "RunInstances")["parameters"]
    assert "BlockDeviceMapping.2.DeviceName" not in run
    attachment = volume(endpoint, left)["Attachments"][0]
    assert (attachment["InstanceId"], attachment["Device"]) == (node["instance"], "/dev/xvdf")
    assert endpoint.mutating() == ["RunInstances", "AttachVolume"]
    endpoint.forget()
    cloudrails.ok(*LAUNCH)
    cloudrails.ok(*LAUNCH, "--volume", left)
    assert endpoint.mutating() == []
    assert cloudrails.ok("node", "terminate", NODE, "--yes", "--json").json["keptVolume"] == left
    assert volume(endpoint, left)["State"] == "available"
    cloudrails.ok(*LAUNCH)
    cloudrails.ok("node", "terminate", NODE, "--yes", "--delete-data")
    assert endpoint.client("ec2").describe_volumes()["Volumes"] == []


def test_a_volume_takes_the_name_of_its_new_node(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    left = kept(cloudrails, "--name", "old")
    node = cloudrails.ok(*LAUNCH, "--name", "new", "--volume", left, "--json").json["node"]
    assert node["dataVolume"] == left
    found = tags(volume(endpoint, left))
    assert (found["cloudrails:node"], found["Name"], found["cloudrails:chain"]) == ("new", "new", TARGET)


def test_a_new_volume_where_one_is_wanted(cloudrails: Cloudrails) -> None:
    left = kept(cloudrails)
    result = cloudrails(*LAUNCH, "--disk-size", "300")
    assert result.code == 64 and left in result.stderr and "--new-volume" in result.stderr, result
    node = cloudrails.ok(*LAUNCH, "--new-volume", "--json").json["node"]
    assert node["dataVolume"] != left
    cloudrails.ok("node", "terminate", NODE, "--yes")
    result = cloudrails(*LAUNCH)
    assert result.code == 64 and left in result.stderr and node["dataVolume"] in result.stderr, result


def test_data_of_another_chain_is_not_taken(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    left = kept(cloudrails)
    cloudrails.ok("network", "create")
    endpoint.forget()
    other = ["node", "launch", "bitcoin.org/testnet4", "--yes"]
    assert f"holds {TARGET}" in cloudrails(*other, "--volume", left).stderr
    assert "never leaves its zone" in cloudrails(*LAUNCH, "--volume", left, "--zone", f"{REGION}b").stderr
    theirs = endpoint.client("ec2").create_volume(AvailabilityZone=f"{REGION}a", Size=100)["VolumeId"]
    assert "does not touch it" in cloudrails(*LAUNCH, "--volume", theirs).stderr
    assert "There is no volume" in cloudrails(*LAUNCH, "--volume", "vol-0123456789abcdef0").stderr
    assert endpoint.mutating() == ["CreateVolume"]
    # A node of the other target that happens to have the same name takes a volume of its own.
    assert cloudrails.ok(*other, "--name", NODE, "--json").json["node"]["dataVolume"] != left


def test_a_snapshot_is_waited_for(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok(*LAUNCH)
    endpoint.moods(snapshotting=0.8)
    result = cloudrails.ok("volume", "snapshot", NODE, "--json")
    made = endpoint.client("ec2").describe_snapshots(SnapshotIds=[result.json["id"]])["Snapshots"][0]
    found = tags(made)
    assert made["State"] == "completed" and result.json["isNew"] and "%" in result.stderr
    assert (found["cloudrails:node"], found["cloudrails:chain"], found["cloudrails:consistency"]) == (
        NODE, TARGET, "crash")
    endpoint.forget()
    again = cloudrails.ok("volume", "snapshot", NODE, "--json").json
    assert again["id"] == made["SnapshotId"] and not again["isNew"] and endpoint.mutating() == []
    assert cloudrails.ok("volume", "snapshot", NODE, "--new", "--json").json["id"] != made["SnapshotId"]


def test_a_snapshot_that_was_left_is_taken_up(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    left = kept(cloudrails)
    endpoint.moods(snapshotting=30.0)
    process = cloudrails.start("volume", "snapshot", left)
    ec2 = endpoint.client("ec2")
    for _ in range(600):
        if any(tags(one) for one in ec2.describe_snapshots()["Snapshots"]):
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and "same command" in stderr
    endpoint.moods(snapshotting=0.0)
    endpoint.forget()
    result = cloudrails.ok("volume", "snapshot", left, "--json").json
    assert (result["state"], result["consistency"], result["isNew"]) == ("completed", "clean", False)
    assert endpoint.mutating() == ["CreateTags"]
    assert sum(1 for one in ec2.describe_snapshots()["Snapshots"] if tags(one)) == 1


def test_a_snapshot_that_does_not_show_is_not_made_twice(
    cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, proxy: Any
) -> None:
    cloudrails.ok(*LAUNCH)
    endpoint.moods(lag=2.0, born={})
    proxy.rules({"action": "CreateSnapshot", "nth": 1, "fault": "kill-after"})
    process = proxied.start("volume", "snapshot", NODE)
    proxy.process(process.pid)
    process.communicate(timeout=60)
    assert process.returncode == -9
    cloudrails.ok("volume", "snapshot", NODE, CLOUDRAILS_CONSISTENCY_WINDOW="5")
    assert inventory(endpoint)["snapshots"] == [f"{REGION} {NODE} completed of no image"]


def test_a_kept_volume_is_deleted(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    left = kept(cloudrails)
    endpoint.forget()
    assert cloudrails("volume", "delete", left).code == 64 and endpoint.calls() == []
    plan = cloudrails.ok("volume", "delete", left, "--dry-run", "--json").json["calls"]
    assert [call["action"] for call in plan] == ["DeleteVolume"] and endpoint.mutating() == []
    screen = Screen(cloudrails, "volume", "delete", left)
    assert screen.answer({"to go on: ": "something else"}) == 1 and endpoint.mutating() == []
    assert cloudrails.ok("volume", "delete", left, "--yes", "--json").json["id"] == left
    assert endpoint.client("ec2").describe_volumes()["Volumes"] == []
    assert "There is no volume" in cloudrails("volume", "delete", left, "--yes").stderr


def test_a_volume_in_use_and_one_that_is_not_ours_stay(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok(*LAUNCH)
    theirs = endpoint.client("ec2").create_volume(AvailabilityZone=f"{REGION}a", Size=100)["VolumeId"]
    endpoint.forget()
    result = cloudrails("volume", "delete", NODE, "--yes")
    assert result.code == 1 and f"node terminate {NODE} --delete-data" in result.stderr, result
    assert "does not touch it" in cloudrails("volume", "delete", theirs, "--yes").stderr
    assert endpoint.mutating() == []
