"""Images: listed, deleted, pruned, published, shared, copied, deprecated; boto3 and the AWS CLI look at the result."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from conftest import REGION, Cloudrails, Endpoint, Proxy
from images import CLIENT, NODE, TARGET, Images, description, image_name, tags

FAR = "eu-west-1"
FRIEND, STRANGER = "111122223333", "666666666666"
AWS = Path(sys.executable).with_name("aws")


def aws(cloudrails: Cloudrails, *words: str, region: str = REGION) -> Any:
    """What the AWS CLI says."""
    done = subprocess.run(
        [AWS, *words, "--region", region, "--output", "json"], env={**cloudrails.environment, "AWS_PAGER": ""},
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def images(endpoint: Endpoint) -> Images:
    endpoint.moods(image_block="unblocked")
    return Images(endpoint)


def listed(cloudrails: Cloudrails, *words: str) -> list[dict[str, Any]]:
    return cloudrails.ok("image", "list", *words, "--json").json["images"]


# ---- list, show, trust ----


def test_own_images_are_listed_with_what_they_are_and_cost(cloudrails: Cloudrails, images: Images) -> None:
    made = images.make(232_000, consistency="crash")
    newer = images.make(233_000)
    first, second = listed(cloudrails)
    assert [first["id"], second["id"]] == [newer, made]
    assert (second["height"], second["hash"], second["client"]) == (232_000, "00ab", CLIENT)
    assert (second["consistency"], second["isPublic"], second["isOwn"]) == ("crash", False, True)
    # https://aws.amazon.com/ebs/pricing/: 8 and 20 GB of snapshots at $0.05.
    assert (second["sizeGiB"], second["monthlyUSDAtMost"]) == (28, 1.4)
    assert [one["snapshot"] for one in second["volumes"]] == images.snapshots_of(made)
    result = cloudrails.ok("image", "list", TARGET)
    cells = result.stdout.splitlines()[2].split("\t")
    age = cells.pop(3)
    assert age.endswith(" days") and cells == [
        made, TARGET, "232000", "arm64", REGION, "no", "crash", "available", "28 GiB", "at most $1.40 a month", "self"]
    assert "upper bounds" in result.stderr
    assert listed(cloudrails, "bitcoin.org/testnet4") == []
    assert cloudrails("image", "list", "bitcoin.org/nothing").code == 64


def test_an_image_is_shown_by_id_and_by_name(cloudrails: Cloudrails, images: Images) -> None:
    made = images.make(232_000)
    images.ec2.modify_image_attribute(ImageId=made, LaunchPermission={"Add": [{"UserId": FRIEND}]})
    user = images.ec2.run_instances(ImageId=made, InstanceType="t4g.small", MinCount=1, MaxCount=1)["Instances"][0]
    for word in (made, image_name(232_000)):
        shown = cloudrails.ok("image", "show", word, "--json").json
        assert (shown["id"], shown["sharedWith"], shown["usedBy"]) == (made, [FRIEND], [user["InstanceId"]])
        assert shown["tags"]["cloudrails:node"] == NODE
    text = cloudrails.ok("image", "show", made).stdout
    assert all(word in text for word in ("232000", "00ab", CLIENT, "nothing was writing", FRIEND, user["InstanceId"]))


def test_images_of_others_are_shown_only_where_their_owner_is_trusted(
    cloudrails: Cloudrails, endpoint: Endpoint, images: Images
) -> None:
    name = image_name(240_000)
    theirs = endpoint.offer(FRIEND, name, description=description(240_000), public=True)
    endpoint.offer(STRANGER, name, description=description(240_000), public=True)
    assert listed(cloudrails) == [] and "no image" in cloudrails("image", "show", name).stderr
    assert cloudrails.ok("image", "trust", FRIEND, "--json").json == {"accounts": [FRIEND], "isChanged": True}
    assert not cloudrails.ok("image", "trust", FRIEND, "--json").json["isChanged"]
    assert cloudrails.ok("image", "trust").stdout == f"{FRIEND}\n"
    [found] = listed(cloudrails)
    assert (found["id"], found["owner"], found["isOwn"], found["hash"]) == (theirs, FRIEND, False, "00ab")
    assert "monthlyUSDAtMost" not in found and found["tags"] == {} and found["consistency"] == "clean"
    row = next(r for r in cloudrails.ok("chains", "list", "--json").json["chains"] if r["target"] == TARGET)
    assert (row["image"], row["owner"], row["height"]) == (theirs, FRIEND, 240_000)
    asked = [call["parameters"] for call in endpoint.calls() if call["action"] == "DescribeImages"]
    assert asked and all(call["Owner.1"] == "self" for call in asked)
    for words in (["delete", theirs, "--yes"], ["publish", theirs, "--yes"], ["deprecate", theirs, "--after", "3"]):
        result = cloudrails("image", *words)
        assert result.code == 1 and FRIEND in result.stderr, result
    assert cloudrails.ok("image", "trust", FRIEND, "--remove", "--json").json == {"accounts": [], "isChanged": True}
    assert listed(cloudrails) == []


def test_a_spoilt_list_of_trusted_accounts_is_refused(cloudrails: Cloudrails) -> None:
    folder = cloudrails.home / ".config" / "cloudrails"
    folder.mkdir(parents=True)
    (folder / "trusted-image-owners").write_text(f"{FRIEND}\nself\n")
    result = cloudrails("image", "list")
    assert result.code == 64 and "'self'" in result.stderr and "trusted-image-owners" in result.stderr


@pytest.mark.parametrize("words", [
    ["show", "my-image"], ["delete", "ami-1", "--yes"], ["publish", "snap-0123456789abcdef0", "--yes"],
    ["unpublish", ""], ["share", "ami-0123456789abcdef0", "--account", "me"], ["share", "ami-0123456789abcdef0"],
    ["copy", "ami-0123456789abcdef0"], ["copy", "ami-0123456789abcdef0", "--to", REGION],
    ["deprecate", "ami-0123456789abcdef0"], ["deprecate", "ami-0123456789abcdef0", "--after", "0"],
    ["deprecate", "ami-0123456789abcdef0", "--at", "2020-01-01"], ["deprecate", "ami-0123456789abcdef0", "--at", "soon"],
    ["deprecate", "ami-0123456789abcdef0", "--undo", "--after", "3"], ["prune", "--yes"], ["prune", "--keep", "0", "--yes"],
    ["trust", "12"], ["trust", "--remove"], ["delete", "ami-0123456789abcdef0"], ["prune", "--keep", "1"],
    ["publish", "ami-0123456789abcdef0"]])
def test_bad_input_is_refused_before_the_first_call(words: list[str], cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.forget()
    result = cloudrails("image", *words)
    assert result.code == 64, result
    assert endpoint.calls() == []


# ---- delete ----


def test_an_image_goes_with_all_its_snapshots(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made, other = images.make(232_000), images.make(233_000)
    snapshots = images.snapshots_of(made)
    endpoint.forget()
    plan = cloudrails.ok("image", "delete", made, "--dry-run", "--json").json["calls"]
    assert [call["action"] for call in plan] == ["CreateTags", "DeregisterImage"] and endpoint.mutating() == []
    gone = cloudrails.ok("image", "delete", made, "--yes", "--json").json
    assert (gone["id"], sorted(gone["deletedSnapshots"]), gone["keptSnapshots"]) == (made, sorted(snapshots), [])
    assert endpoint.mutating() == ["CreateTags", "DeregisterImage"]
    left = aws(cloudrails, "ec2", "describe-images", "--owners", "self")["Images"]
    assert [one["ImageId"] for one in left] == [other]
    theirs = aws(cloudrails, "ec2", "describe-snapshots", "--owner-ids", "self")["Snapshots"]
    assert sorted(one["SnapshotId"] for one in theirs) == sorted(images.snapshots_of(other))
    again = cloudrails("image", "delete", made, "--yes")
    assert again.code == 1 and "There is no image" in again.stderr


def test_snapshots_that_others_hold_or_that_are_not_ours_stay(cloudrails: Cloudrails, images: Images) -> None:
    made = images.make(232_000)
    root, data = images.snapshots_of(made)
    images.ec2.register_image(
        Name="another", RootDeviceName="/dev/sda1",
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"SnapshotId": root}}])
    images.ec2.delete_tags(Resources=[data], Tags=[{"Key": "cloudrails:node"}])
    gone = cloudrails.ok("image", "delete", made, "--yes", "--json").json
    reasons = {one["id"]: one["reason"] for one in gone["keptSnapshots"]}
    assert "holds it" in reasons[root] and "cloudrails:node" in reasons[data] and gone["deletedSnapshots"] == []
    assert images.snapshots() == sorted([root, data]) and made not in images.ids()


def test_an_image_in_use_is_not_deleted_unasked(cloudrails: Cloudrails, images: Images) -> None:
    made = images.make(232_000)
    user = images.ec2.run_instances(ImageId=made, InstanceType="t4g.small", MinCount=1, MaxCount=1)["Instances"][0]
    template = images.ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"ImageId": made})
    result = cloudrails("image", "delete", made, "--yes")
    assert result.code == 1 and made in images.ids()
    assert user["InstanceId"] in result.stderr and template["LaunchTemplate"]["LaunchTemplateId"] in result.stderr
    images.ec2.terminate_instances(InstanceIds=[user["InstanceId"]])
    images.ec2.delete_launch_template(LaunchTemplateName="template")
    cloudrails.ok("image", "delete", made, "--yes")
    assert images.snapshots() == []


def test_an_image_that_is_not_ours_is_not_deleted(cloudrails: Cloudrails, images: Images) -> None:
    made = images.make(232_000)
    images.ec2.delete_tags(Resources=[made], Tags=[{"Key": "cloudrails:node"}])
    result = cloudrails("image", "delete", made, "--yes", "--force")
    assert result.code == 1 and "does not touch it" in result.stderr and made in images.ids()


@pytest.mark.parametrize("word", ["id", "name"])
@pytest.mark.parametrize("action,nth", [
    ("CreateTags", 1), ("DeregisterImage", 1), ("DeleteSnapshot", 1), ("DeleteSnapshot", 2)])
def test_a_deletion_that_was_killed_is_finished(
    action: str, nth: int, word: str, cloudrails: Cloudrails, proxied: Cloudrails, proxy: Proxy, images: Images
) -> None:
    """A third snapshot, which is not ours, keeps AWS from deleting the others; the run does it, both at once."""
    images.make(200_000, disk={})
    extra = images.ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=5)["VolumeId"]
    images.ec2.attach_volume(VolumeId=extra, InstanceId=images.instance, Device="/dev/xvdg")
    made = images.make(232_000)
    foreign = next(
        one["SnapshotId"] for one in images.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"] if one["VolumeId"] == extra)
    images.ec2.delete_tags(Resources=[foreign], Tags=[{"Key": "cloudrails:node"}])
    name = made if word == "id" else image_name(232_000)
    proxy.rules({"action": action, "nth": nth, "fault": "kill-after"})
    process = proxied.start("image", "delete", name, "--yes")
    proxy.process(process.pid)
    process.communicate(timeout=60)
    assert process.returncode == -9
    proxy.rules()
    result = cloudrails("image", "delete", name, "--yes")
    # Where both were deleted nothing is left to be done.
    assert result.code == 0 or (action == "DeleteSnapshot" and "There is no image" in result.stderr), result
    assert images.orphans() == [foreign] and made not in images.ids()


# ---- prune ----


def test_the_newest_good_ones_stay(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    old, used, crash, clean, newest = (
        images.make(100_000), images.make(110_000), images.make(120_000, consistency="crash"), images.make(130_000),
        images.make(140_000, consistency="crash"))
    public = images.make(90_000)
    images.ec2.modify_image_attribute(ImageId=public, LaunchPermission={"Add": [{"Group": "all"}]})
    half = images.make(150_000, made=time.strftime("%Y%m%dT%H%MZ", time.gmtime()), consistency="sealing")
    other = images.make(1, target="bitcoin.org/testnet4")
    images.ec2.run_instances(ImageId=used, InstanceType="t4g.small", MinCount=1, MaxCount=1)
    plan = cloudrails.ok("image", "prune", TARGET, "--keep", "1", "--dry-run", "--json").json["calls"]
    assert sorted(call["parameters"]["ImageId"] for call in plan if call["action"] == "DeregisterImage") == sorted([old, crash])
    pruned = cloudrails.ok("image", "prune", TARGET, "--keep", "1", "--yes", "--json").json
    assert [one["id"] for one in pruned["deleted"]] == [crash, old]
    reasons = {one["image"]["id"]: one["reason"] for one in pruned["kept"]}
    assert reasons.pop(used).startswith("in use by i-")
    assert reasons == {
        newest: "among the newest 1", clean: "the newest clean one", half: "being made", public: "public"}
    assert sorted(images.ids()) == sorted([used, newest, clean, half, public, other]) and images.orphans() == []
    endpoint.forget()
    cloudrails.ok("image", "prune", TARGET, "--keep", "1", "--yes")
    assert endpoint.mutating() == []
    cloudrails.ok("image", "prune", TARGET, "--keep", "1", "--yes", "--public", "--force")
    assert sorted(images.ids()) == sorted([newest, clean, half, other]) and images.orphans() == []


def test_each_architecture_keeps_its_own(cloudrails: Cloudrails, images: Images) -> None:
    kept = [images.make(100_000, architecture="x86_64"), images.make(110_000)]
    images.make(100_000)
    cloudrails.ok("image", "prune", "--keep", "1", "--yes")
    assert sorted(images.ids()) == sorted(kept)


# ---- publish, unpublish, share ----


def test_an_image_is_published_with_its_snapshots(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made = images.make(232_000)
    endpoint.forget()
    plan = cloudrails.ok("image", "publish", made, "--dry-run", "--json").json["calls"]
    assert [call["action"] for call in plan] == ["ModifyImageAttribute"] + ["ModifySnapshotAttribute"] * 2
    assert endpoint.mutating() == []
    access = cloudrails.ok("image", "publish", made, "--yes", "--json").json
    assert access["image"]["isPublic"] and access["isChanged"]
    assert aws(cloudrails, "ec2", "describe-images", "--image-ids", made)["Images"][0]["Public"]
    for snapshot in images.snapshots_of(made):
        found = aws(
            cloudrails, "ec2", "describe-snapshot-attribute", "--snapshot-id", snapshot, "--attribute",
            "createVolumePermission")
        assert found["CreateVolumePermissions"] == [{"Group": "all"}]
    endpoint.forget()
    assert not cloudrails.ok("image", "publish", made, "--yes", "--json").json["isChanged"]
    assert endpoint.mutating() == []
    assert cloudrails("image", "delete", made, "--yes").code == 1
    assert not cloudrails.ok("image", "unpublish", made, "--json").json["image"]["isPublic"]
    assert images.launchers(made) == [] and images.readers(made) == [[], []]
    endpoint.forget()
    cloudrails.ok("image", "unpublish", made)
    assert endpoint.mutating() == []


@pytest.mark.parametrize("mood,word", [
    ({"image_block": "block-new-sharing"}, "aws ec2 disable-image-block-public-access"),
    ({"snapshot_block": "block-all-sharing"}, "aws ec2 disable-snapshot-block-public-access"),
    ({"public_images": 0}, "quota")])
def test_what_keeps_an_image_from_being_public_is_said(
    mood: dict[str, Any], word: str, cloudrails: Cloudrails, endpoint: Endpoint, images: Images
) -> None:
    made = images.make(232_000)
    endpoint.moods(**mood)
    result = cloudrails("image", "publish", made, "--yes")
    assert result.code == 1 and word in result.stderr, result
    assert images.launchers(made) == [] and images.readers(made) == [[], []]


def test_encrypted_and_doubtful_images_are_not_published(
    cloudrails: Cloudrails, endpoint: Endpoint, images: Images
) -> None:
    crash, half = images.make(232_000, consistency="crash"), images.make(233_000, consistency="sealing")
    endpoint.forget()
    for words in (["publish", crash, "--yes"], ["share", crash, "--account", FRIEND]):
        refused = cloudrails("image", *words)
        assert refused.code == 1 and "--force" in refused.stderr and "keys and the identity" in refused.stderr
    for words in (["publish", half, "--yes"], ["share", half, "--account", FRIEND]):
        refused = cloudrails("image", *words, "--force")
        assert refused.code == 1 and "not known to be whole" in refused.stderr
    assert endpoint.mutating() == []
    for words in (["share", crash, "--account", FRIEND], ["publish", crash, "--yes"]):
        assert "keys and the identity" in cloudrails.ok("image", *words, "--force").stderr
    assert images.launchers(crash) == [FRIEND, "all"]
    secret = Images(endpoint)
    encrypted = secret.make(234_000, disk={"Encrypted": True})
    endpoint.forget()
    result = cloudrails("image", "publish", encrypted, "--yes")
    assert result.code == 1 and "encrypted" in result.stderr
    result = cloudrails("image", "share", encrypted, "--account", FRIEND)
    assert result.code == 1 and "encrypted" in result.stderr and secret.launchers(encrypted) == []


def test_an_image_with_a_snapshot_that_is_not_ours_is_not_published(cloudrails: Cloudrails, images: Images) -> None:
    made = images.make(232_000)
    images.ec2.delete_tags(Resources=[images.snapshots_of(made)[1]], Tags=[{"Key": "cloudrails:node"}])
    result = cloudrails("image", "publish", made, "--yes")
    assert result.code == 1 and "does not touch it" in result.stderr
    assert images.launchers(made) == [] and images.readers(made) == [[], []]


def test_an_image_that_is_being_made_is_not_shared(
    cloudrails: Cloudrails, endpoint: Endpoint, images: Images
) -> None:
    endpoint.moods(imaging=60.0)
    made = images.make(232_000)
    result = cloudrails("image", "share", made, "--account", FRIEND)
    assert result.code == 1 and f"{made} is pending" in result.stderr and images.launchers(made) == []


def test_an_image_is_shared_and_taken_back(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made = images.make(232_000)
    accounts = ["--account", FRIEND, "--account", STRANGER]
    access = cloudrails.ok("image", "share", made, *accounts, "--json").json
    assert access["accounts"] == [FRIEND, STRANGER] and access["isChanged"] and not access["image"]["isPublic"]
    assert images.launchers(made) == [FRIEND, STRANGER] and images.readers(made) == [[FRIEND, STRANGER]] * 2
    endpoint.forget()
    cloudrails.ok("image", "share", made, *accounts)
    assert endpoint.mutating() == []
    cloudrails.ok("image", "share", made, "--account", STRANGER, "--remove")
    assert images.launchers(made) == [FRIEND] and images.readers(made) == [[FRIEND]] * 2
    shown = aws(cloudrails, "ec2", "describe-image-attribute", "--image-id", made, "--attribute", "launchPermission")
    assert shown["LaunchPermissions"] == [{"UserId": FRIEND}]


# ---- copy ----


def test_an_image_is_copied_with_its_tags(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made = images.make(232_000)
    wanted = tags(images.image(made))
    # What is left to be done with the image is not left to be done with its copies.
    images.ec2.create_tags(Resources=[made], Tags=[{"Key": "cloudrails:unfinished", "Value": "yes"}])
    endpoint.moods(copying=0.8)
    plan = cloudrails.ok("image", "copy", made, "--to", FAR, "--dry-run", "--json").json["calls"]
    assert [(call["action"], call["region"]) for call in plan] == [("CopyImage", FAR)]
    result = cloudrails.ok("image", "copy", made, "--to", FAR, "--to", "us-west-2", "--json")
    assert "%" in result.stderr
    for copied, region in zip(result.json["copies"], (FAR, "us-west-2"), strict=True):
        there = Images(endpoint, region)
        [identifier] = there.ids()
        image = there.image(identifier)
        assert copied["isNew"] and copied["image"]["id"] == identifier and image["State"] == "available"
        assert (image["Name"], image["Description"]) == (image_name(232_000), description(232_000))
        assert tags(image) == wanted
        snapshots = aws(cloudrails, "ec2", "describe-snapshots", "--owner-ids", "self", region=region)["Snapshots"]
        assert len(snapshots) == 2 and all(tags(one)["cloudrails:node"] == NODE for one in snapshots)
    endpoint.forget()
    again = cloudrails.ok("image", "copy", made, "--to", FAR, "--json").json["copies"][0]
    assert not again["isNew"] and endpoint.mutating() == []


def test_a_copy_that_was_left_is_taken_up(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made, there = images.make(232_000), Images(endpoint, FAR)
    endpoint.moods(copying=30.0)
    process = cloudrails.start("image", "copy", made, "--to", FAR)
    for _ in range(600):
        if there.ids():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and "same command" in stderr
    assert cloudrails.ok("image", "copy", made, "--to", FAR, "--no-wait", "--json").json["copies"][0]["image"]["state"] == "pending"
    endpoint.moods(copying=0.0)
    copied = cloudrails.ok("image", "copy", made, "--to", FAR, "--json").json["copies"][0]
    assert copied["image"]["state"] == "available" and not copied["isNew"] and len(there.ids()) == 1


def test_a_copy_is_made_anew_after_it_was_deleted(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    """AWS remembers the token for a while, and answers with the image that is gone."""
    made, there = images.make(232_000), Images(endpoint, FAR)
    first = cloudrails.ok("image", "copy", made, "--to", FAR, "--json").json["copies"][0]["image"]["id"]
    cloudrails.ok("image", "delete", first, "--yes", "--region", FAR)
    second = cloudrails.ok(
        "image", "copy", made, "--to", FAR, "--json", CLOUDRAILS_CONSISTENCY_WINDOW="0.5").json["copies"][0]["image"]["id"]
    assert second != first and there.ids() == [second] and there.orphans() == []


def test_a_copy_that_fails_is_said(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made, there = images.make(232_000), Images(endpoint, FAR)
    endpoint.moods(failing=["copying"])
    result = cloudrails("image", "copy", made, "--to", FAR)
    [failed] = there.ids()
    assert result.code == 75 and f"image delete {failed} --region {FAR}" in result.stderr, result
    endpoint.moods(failing=[])
    cloudrails.ok("image", "delete", failed, "--yes", "--region", FAR)
    assert there.ids() == [] and there.snapshots() == []


def test_a_copy_that_somebody_deletes_is_said(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made, there = images.make(232_000), Images(endpoint, FAR)
    endpoint.moods(copying=30.0)
    process = cloudrails.start("image", "copy", made, "--to", FAR, CLOUDRAILS_CONSISTENCY_WINDOW="0.5")
    while not (copies := there.ids()):
        assert process.poll() is None
        time.sleep(0.05)
    there.ec2.deregister_image(ImageId=copies[0])
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 1 and f"{copies[0]} in {FAR} is gone" in stderr and "same command again" in stderr
    assert "image delete" not in stderr


def test_too_many_copies_and_unknown_regions_are_said(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made = images.make(232_000)
    result = cloudrails("image", "copy", made, "--to", "atlantis-1")
    assert result.code == 64 and "atlantis-1" in result.stderr and FAR in result.stderr
    endpoint.moods(snapshot_copies=1)
    result = cloudrails("image", "copy", made, "--to", FAR)
    assert result.code == 75 and "under way" in result.stderr


def test_a_trusted_image_is_copied_with_tags_of_its_own(
    cloudrails: Cloudrails, endpoint: Endpoint, images: Images
) -> None:
    theirs = endpoint.offer(FRIEND, image_name(240_000), description=description(240_000), public=True)
    cloudrails.ok("image", "trust", FRIEND)
    copied = cloudrails.ok("image", "copy", theirs, "--to", FAR, "--json").json["copies"][0]["image"]["id"]
    found = tags(Images(endpoint, FAR).image(copied))
    assert (found["cloudrails:node"], found["cloudrails:chain"], found["cloudrails:hash"]) == (NODE, TARGET, "00ab")
    assert (found["cloudrails:height"], found["cloudrails:consistency"]) == ("240000", "clean")
    cloudrails.ok("image", "delete", copied, "--yes", "--region", FAR)
    assert Images(endpoint, FAR).snapshots() == []


# ---- deprecate ----


def test_an_image_is_deprecated_and_the_end_taken_back(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made = images.make(232_000)
    day = (datetime.now(timezone.utc) + timedelta(days=90)).strftime("%Y-%m-%dT00:00")
    done = cloudrails.ok("image", "deprecate", made, "--after", "90", "--json").json
    assert done["isChanged"] and done["image"]["deprecated"].startswith(day)
    assert aws(cloudrails, "ec2", "describe-images", "--image-ids", made)["Images"][0]["DeprecationTime"].startswith(day)
    endpoint.forget()
    assert not cloudrails.ok("image", "deprecate", made, "--after", "90", "--json").json["isChanged"]
    assert endpoint.mutating() == []
    cloudrails.ok("image", "deprecate", made, "--at", "2031-01-31T12:00:40Z")
    assert images.image(made)["DeprecationTime"].startswith("2031-01-31T12:01")
    cloudrails.ok("image", "deprecate", made, "--undo")
    assert "DeprecationTime" not in images.image(made)
    endpoint.forget()
    cloudrails.ok("image", "deprecate", made, "--undo")
    assert endpoint.mutating() == []


def test_the_end_of_a_public_image_only_moves_forward(cloudrails: Cloudrails, endpoint: Endpoint, images: Images) -> None:
    made = images.make(232_000)
    cloudrails.ok("image", "publish", made, "--yes")
    endpoint.forget()
    for words in (["--undo"], ["--after", "1000"]):
        result = cloudrails("image", "deprecate", made, *words)
        assert result.code == 1 and "unpublish" in result.stderr, result
    assert endpoint.mutating() == []
    cloudrails.ok("image", "deprecate", made, "--after", "30")
