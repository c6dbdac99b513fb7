"""What image create and image update do with an image that is there: it is taken up again, published, copied, and older ones go."""

from __future__ import annotations

import json
import signal
import time

import pytest

from conftest import REGION, Cloudrails, Endpoint, Proxy
from image_making import CREATE, HEIGHT, asked, images, killed, machine, snapshots
from images import NODE, TARGET, Images, tags
from node_machine import NodeMachine, launched

FAR = ["eu-west-1", "eu-central-1"]
DAY_AND_MINUTE = "%Y%m%dT%H%MZ"


def test_nothing_older_than_the_newest_is_taken_up(
    cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine
) -> None:
    """Somebody made another with --new, and finished it."""
    moments = [time.strftime(DAY_AND_MINUTE, time.gmtime(time.time() - hours * 3600)) for hours in (3, 2)]
    left, newer = [Images(endpoint).make(HEIGHT - 2 + index, made) for index, made in enumerate(moments)]
    endpoint.client("ec2").create_tags(Resources=[left], Tags=[{"Key": "cloudrails:unfinished", "Value": "yes"}])
    made = cloudrails.ok(*CREATE, "--json").json
    assert made["isNew"] and made["image"]["id"] not in (left, newer)


def test_two_at_once_have_snapshots_of_their_own(
    cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine
) -> None:
    endpoint.moods(imaging=1.0)
    runs = [cloudrails.start(*CREATE, "--name-suffix", word) for word in "ab"]
    codes = [run.communicate(timeout=120) and run.returncode for run in runs]
    left = images(endpoint)
    assert codes.count(0) == len(left) > 0 and set(codes) <= {0, 75} and not machine.is_sealed()
    every = {one["SnapshotId"]: tags(one) for one in snapshots(endpoint)}
    assert len(every) == 2 * len(left)
    for image in left:
        assert tags(image)["cloudrails:seal"].split()[1] == image["Name"][-1]
        for disk in image["BlockDeviceMappings"]:
            assert every[disk["Ebs"]["SnapshotId"]] == tags(image)


@pytest.mark.parametrize("age, is_taken_up", [("-1 hour", True), ("-25 hours", False)])
def test_what_was_left_is_taken_up_for_a_day(
    cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, machine: NodeMachine, proxy: Proxy, age: str,
    is_taken_up: bool
) -> None:
    endpoint.moods(imaging=60.0, image_block="unblocked")
    machine.clock(age)
    killed(proxied, proxy, "CreateImage", "kill-after", *CREATE)
    # Only the name is to be of that time: the node's record is of now, as are the snapshots.
    machine.clock("")
    times = [time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds)) for seconds in (-60, 60)]
    (machine.folder / "record").write_text(json.dumps({**machine.run("unseal"), "sealed": times[0], "unsealed": times[1]}))
    process = cloudrails.start(*CREATE)
    while tags(images(endpoint)[0])["cloudrails:consistency"] != "clean":
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    [left] = images(endpoint)
    assert (process.returncode, left["State"], tags(left)["cloudrails:unfinished"]) == (130, "pending", "yes")
    endpoint.moods(imaging=0.0)
    machine.knows(height=HEIGHT + 1)
    result = cloudrails.ok(*CREATE, "--public", "--keep", "1", "--json").json
    assert (result["image"]["id"] == left["ImageId"]) == is_taken_up == (not result["isNew"])
    [image] = images(endpoint)
    assert image["ImageId"] == result["image"]["id"] and image["Public"]
    assert {tags(one)["cloudrails:unfinished"] for one in [image, *snapshots(endpoint)]} == {""}
    if is_taken_up:
        # Finished, it is what was asked for no longer than any other.
        assert cloudrails.ok(*CREATE, "--json").json["isNew"]


def test_public_and_copied(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    words = [*CREATE, "--public", "--copy-to", FAR[0], "--copy-to", FAR[1], "--json"]
    blocked = cloudrails(*words)
    assert blocked.code == 1 and "disable-image-block-public-access" in blocked.stderr and asked(machine) == []
    endpoint.moods(image_block="unblocked")
    made = cloudrails.ok(*words).json
    ec2 = endpoint.client("ec2")
    [image] = images(endpoint)
    assert image["Public"] and made["image"]["isPublic"]
    for one in snapshots(endpoint):
        found = ec2.describe_snapshot_attribute(SnapshotId=one["SnapshotId"], Attribute="createVolumePermission")
        assert found["CreateVolumePermissions"] == [{"Group": "all"}]
    assert [one["image"]["region"] for one in made["copies"]] == FAR
    for region in FAR:
        [copy] = endpoint.client("ec2", region).describe_images(Owners=["self"])["Images"]
        assert (copy["Name"], copy["Description"]) == (image["Name"], image["Description"])
        assert tags(copy)["cloudrails:consistency"] == "clean" and not copy["Public"]
    endpoint.forget()
    assert not cloudrails.ok(*words).json["isNew"] and endpoint.mutating() == []
    for wrong, code in (([REGION], 64), (["eu-nowhere-1"], 64)):
        assert cloudrails(*CREATE, "--copy-to", *wrong).code == code
    calls = cloudrails.ok(*CREATE, "--new", "--public", "--copy-to", FAR[0], "--dry-run", "--json").json["calls"]
    assert [call["action"] for call in calls] == [
        "SendCommand", "CreateImage", "SendCommand", "CreateTags", "ModifyImageAttribute", "CopyImage", "CreateTags"]


def test_at_the_quota_of_public_images_older_ones_make_room(
    cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine
) -> None:
    endpoint.moods(image_block="unblocked", public_images=2)
    update = ["image", "update", TARGET, "--new", "--public", "--keep", "2", "--json"]
    ids = []
    for height in range(HEIGHT, HEIGHT + 3):
        machine.knows(height=height)
        endpoint.forget()
        result = cloudrails.ok(*update).json
        ids.append(result["image"]["id"])
        assert result["image"]["isPublic"]
    assert [one["id"] for one in result["deleted"]] == ids[:1]
    assert sorted((one["ImageId"], one["Public"]) for one in images(endpoint)) == sorted((one, True) for one in ids[1:])
    assert len(snapshots(endpoint)) == 4 and endpoint.mutating().count("DeregisterImage") == 1
    # Where nothing may go, AWS's refusal stands, and the image is there for another try.
    machine.knows(height=HEIGHT + 3)
    last = [*CREATE, "--name-suffix", "last", "--public"]
    refused = cloudrails(*last, "--keep", "3")
    assert refused.code == 1 and "quota of public images" in refused.stderr and len(images(endpoint)) == 3
    again = cloudrails.ok(*last, "--keep", "1", "--json").json
    assert not again["isNew"] and sorted(one["id"] for one in again["deleted"]) == sorted(ids[1:])
    assert [(one["ImageId"], one["Public"]) for one in images(endpoint)] == [(again["image"]["id"], True)]


def test_encrypted_volumes_cannot_be_public(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    endpoint.moods(image_block="unblocked")
    ec2 = endpoint.client("ec2")
    data = cloudrails.ok("node", "show", NODE, "--json").json["dataVolume"]
    ec2.detach_volume(VolumeId=data, InstanceId=machine.instance)
    sealed = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=100, Encrypted=True)["VolumeId"]
    ec2.attach_volume(VolumeId=sealed, InstanceId=machine.instance, Device="/dev/xvdf")
    result = cloudrails(*CREATE, "--public")
    assert result.code == 1 and f"{sealed} is encrypted" in result.stderr and asked(machine) == []
    cloudrails.ok(*CREATE)


def test_keep_leaves_the_newest(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    made = []
    for height in range(HEIGHT, HEIGHT + 3):
        machine.knows(height=height)
        made.append(cloudrails.ok(*CREATE, "--new", "--json").json["image"]["id"])
    machine.tag(f"state=syncing height={HEIGHT + 3} target=999999 disk=1 at=2026-11-24T10:05Z")
    plan = cloudrails.ok(*CREATE, "--new", "--keep", "1", "--dry-run", "--json").json["calls"]
    gone = [call["parameters"]["ImageId"] for call in plan if call["action"] == "DeregisterImage"]
    assert sorted(gone) == sorted(made)
    machine.knows(height=HEIGHT + 3)
    result = cloudrails.ok(*CREATE, "--new", "--keep", "2", "--json").json
    assert sorted(one["id"] for one in result["deleted"]) == sorted(made[:2])
    assert sorted(one["ImageId"] for one in images(endpoint)) == sorted([made[2], result["image"]["id"]])
    assert len(snapshots(endpoint)) == 4
    # A node that begins anew has fewer blocks than its images of before.
    machine.knows(height=1)
    low = cloudrails.ok(*CREATE, "--new", "--keep", "1", "--json")
    assert "made just now" not in low.stderr and low.json["image"]["id"] in [one["ImageId"] for one in images(endpoint)]
    assert len(images(endpoint)) == 2


def test_update_takes_the_furthest_node(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    behind, other = launched(cloudrails, endpoint, "--name", "behind")[1], launched(cloudrails, endpoint, "--name", "off")[1]
    for one, height in ((machine, 100), (behind, 50), (other, 999)):
        one.tag(f"state=syncing height={height} target=1000 disk=1 at=2026-11-24T10:05Z")
    endpoint.client("ec2").stop_instances(InstanceIds=[other.instance])
    result = cloudrails.ok("image", "update", TARGET, "--json")
    assert f"{NODE} is the furthest node" in result.stderr
    assert (result.json["image"]["target"], asked(machine), asked(behind)) == (TARGET, ["seal", "unseal"], [])
    ids = [result.json["image"]["id"]]
    for height in range(HEIGHT + 1, HEIGHT + 3):
        machine.knows(height=height)
        ids.append(cloudrails.ok("image", "update", TARGET, "--new", "--json").json["image"]["id"])
    assert sorted(one["ImageId"] for one in images(endpoint)) == sorted(ids[1:]) and len(snapshots(endpoint)) == 4
    nobody = cloudrails("image", "update", "bitcoin.org/mainnet")
    assert nobody.code == 1 and "cloudrails node launch bitcoin.org/mainnet" in nobody.stderr
