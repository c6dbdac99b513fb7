"""The local endpoint's images, as AWS has them: copied, shared, and public."""

from __future__ import annotations

import pytest
from conftest import REGION, inventory
from strict_account import FAR, Account, account, far, refused, specification, tags


# ---- copies ----


def test_a_copy_has_snapshots_of_its_own(account: Account, far: Account) -> None:
    made = account.make(
        Description="d", TagSpecifications=[specification("image", a="1"), specification("snapshot", s="1")])
    far.endpoint.moods(copying=1.0)
    copied = far.ec2.copy_image(
        Name="first", SourceImageId=made, SourceRegion=REGION, ClientToken="t", CopyImageTags=True, Description="e",
        TagSpecifications=[specification("image", b="2"), specification("snapshot", c="3")])["ImageId"]
    again = far.ec2.copy_image(
        Name="first", SourceImageId=made, SourceRegion=REGION, ClientToken="t", CopyImageTags=True, Description="e",
        TagSpecifications=[specification("image", b="2"), specification("snapshot", c="3")])["ImageId"]
    image, snapshots = far.image(copied), far.snapshots(copied)
    assert again == copied and image["State"] == "pending" and {one["State"] for one in snapshots} == {"pending"}
    refused("InvalidAMIID.Unavailable", far.launch, image=copied)
    far.endpoint.moods(copying=0.0)
    image = far.image(copied)
    assert (image["State"], image["Architecture"], image["Description"]) == ("available", "arm64", "e")
    assert (image["SourceImageId"], image["SourceImageRegion"]) == (made, REGION)
    assert tags(image) == {"a": "1", "b": "2"} and len(far.ec2.describe_images(Owners=["self"])["Images"]) == 1
    theirs = {disk["SnapshotId"] for disk in account.disks(made).values()}
    assert theirs.isdisjoint(one["SnapshotId"] for one in snapshots)
    for one in snapshots:
        assert tags(one) == {"c": "3"} and one["VolumeId"] == "vol-ffffffff"
        origin = f"Copied for DestinationAmi {copied} from SourceAmi {made} for SourceSnapshot snap-"
        assert one["Description"].startswith(origin)
    assert len(account.volumes(account.launch(made)["InstanceId"])) == len(far.volumes(far.launch(copied)["InstanceId"])) == 2


def test_a_copy_needs_an_available_source_and_a_free_name(account: Account, far: Account) -> None:
    account.endpoint.moods(imaging=30.0)
    made = account.make()
    copy = {"Name": "first", "SourceImageId": made, "SourceRegion": REGION}
    refused("InvalidAMIID.Unavailable", far.ec2.copy_image, **copy)
    account.endpoint.moods(imaging=0.0)
    copied = far.ec2.copy_image(**copy)["ImageId"]
    assert tags(far.image(copied)) == {}
    refused("InvalidAMIName.Duplicate", far.ec2.copy_image, **copy)
    refused("InvalidAMIID.NotFound", far.ec2.copy_image, **{**copy, "Name": "x-1", "SourceImageId": "ami-0123456789abcdef0"})


def test_copies_at_the_same_time_are_limited_and_may_fail(account: Account, far: Account) -> None:
    made = account.make()
    account.endpoint.moods(copying=30.0, snapshot_copies=3, failing=["copying"])
    copied = far.ec2.copy_image(Name="one", SourceImageId=made, SourceRegion=REGION)["ImageId"]
    refused("ResourceLimitExceeded", far.ec2.copy_image, Name="two", SourceImageId=made, SourceRegion=REGION)
    account.endpoint.moods(copying=0.0, failing=[])
    assert far.image(copied)["State"] == "failed" and account.image(made)["State"] == "available"
    second = far.ec2.copy_image(Name="two", SourceImageId=made, SourceRegion=REGION)["ImageId"]
    assert far.image(second)["State"] == "available"


def test_others_images_are_copied_if_their_storage_is_shared(account: Account, far: Account) -> None:
    names = {"public": True}
    closed = account.endpoint.offer("111122223333", "closed", snapshots=False, **names)
    refused("InvalidRequest", far.ec2.copy_image, Name="c-1", SourceImageId=closed, SourceRegion=REGION)
    opened = account.endpoint.offer("111122223333", "opened", **names)
    copied = far.ec2.copy_image(Name="c-2", SourceImageId=opened, SourceRegion=REGION)["ImageId"]
    assert far.image(copied)["OwnerId"] == "123456789012"


# ---- permissions ----


def test_an_image_is_shared_with_accounts(account: Account) -> None:
    made = account.make()
    account.ec2.modify_image_attribute(
        ImageId=made, LaunchPermission={"Add": [{"UserId": "111122223333"}, {"UserId": "444455556666"}]})
    account.ec2.modify_image_attribute(
        ImageId=made, Attribute="launchPermission", OperationType="remove", UserIds=["444455556666"])
    shown = account.ec2.describe_image_attribute(ImageId=made, Attribute="launchPermission")
    assert shown["LaunchPermissions"] == [{"UserId": "111122223333"}] and not account.image(made)["Public"]
    account.ec2.modify_image_attribute(ImageId=made, Description={"Value": "new"})
    assert account.image(made)["Description"] == "new"
    wrong = {"LaunchPermission": {"Add": [{"UserId": "12"}]}}
    refused("InvalidAMIAttributeItemValue", account.ec2.modify_image_attribute, ImageId=made, **wrong)
    refused("InvalidParameterCombination", account.ec2.modify_image_attribute, ImageId=made)
    account.endpoint.give(made, "111122223333")
    theirs = account.ec2.describe_images(Owners=["111122223333"])["Images"]
    assert [one["ImageId"] for one in theirs] == [made] and not theirs[0]["Public"]
    assert account.ec2.describe_images(ExecutableUsers=["self"])["Images"] == theirs


def test_a_snapshot_is_shared_with_accounts(account: Account) -> None:
    snapshot = account.disks(account.make())["/dev/xvdf"]["SnapshotId"]
    one = {"SnapshotId": snapshot, "Attribute": "createVolumePermission"}

    def shown() -> list[dict[str, str]]:
        return account.ec2.describe_snapshot_attribute(**one)["CreateVolumePermissions"]

    account.ec2.modify_snapshot_attribute(OperationType="add", UserIds=["111122223333"], **one)
    account.ec2.modify_snapshot_attribute(CreateVolumePermission={"Add": [{"Group": "all"}]}, **one)
    assert shown() == [{"Group": "all"}, {"UserId": "111122223333"}]
    account.ec2.modify_snapshot_attribute(OperationType="remove", GroupNames=["all"], **one)
    assert shown() == [{"UserId": "111122223333"}]
    both = {"Add": [{"UserId": "444455556666"}], "Remove": [{"UserId": "111122223333"}]}
    refused("InvalidParameterCombination", account.ec2.modify_snapshot_attribute, CreateVolumePermission=both, **one)


def test_others_images_show_if_shared_and_without_tags(account: Account) -> None:
    made = account.make(TagSpecifications=[specification("image", a="1"), specification("snapshot", a="1")])
    snapshots = [one["SnapshotId"] for one in account.snapshots(made)]
    account.endpoint.give(made, "111122223333")
    refused("InvalidAMIID.NotFound", account.image, made)
    refused("InvalidAMIID.NotFound", account.launch, image=made)
    shared = account.endpoint.offer("111122223333", "theirs", description="d")
    image = account.image(shared)
    assert (image["Name"], image["Description"], image["OwnerId"]) == ("theirs", "d", "111122223333")
    assert tags(image) == {} and not image["Public"]
    assert {disk["VolumeSize"] for disk in account.disks(shared).values()} == {8, 20}
    assert {one["OwnerId"] for one in account.snapshots(shared)} == {"111122223333"}
    refused("InvalidSnapshot.NotFound", account.ec2.describe_snapshots, SnapshotIds=snapshots)
    for call in (account.ec2.deregister_image, account.ec2.disable_image_deprecation):
        refused("AuthFailure", call, ImageId=shared)
    refused("AuthFailure", account.ec2.describe_image_attribute, ImageId=shared, Attribute="launchPermission")
    assert account.ec2.describe_images(Owners=["self"])["Images"] == []
    assert len(account.volumes(account.launch(shared)["InstanceId"])) == 2


def test_public_images_show_as_public(account: Account) -> None:
    account.endpoint.moods(image_block="unblocked")
    made = account.make()
    account.ec2.modify_image_attribute(ImageId=made, OperationType="add", UserGroups=["all"])
    public = {"Owners": ["self"], "Filters": [{"Name": "is-public", "Values": ["true"]}]}
    assert [one["Public"] for one in account.ec2.describe_images(**public)["Images"]] == [True]
    assert made in [one["ImageId"] for one in account.ec2.describe_images(ExecutableUsers=["all"])["Images"]]
    assert account.ec2.describe_images(ExecutableUsers=["self"])["Images"] == []
    account.ec2.modify_image_attribute(ImageId=made, LaunchPermission={"Remove": [{"Group": "all"}]})
    assert account.ec2.describe_images(**public)["Images"] == []


# ---- public access ----


def test_public_access_is_blocked_by_region(account: Account, far: Account) -> None:
    everybody = {"LaunchPermission": {"Add": [{"Group": "all"}]}}
    made = account.make()
    refused("OperationNotPermitted", account.ec2.modify_image_attribute, ImageId=made, **everybody)
    assert account.ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"] == "block-new-sharing"
    account.ec2.disable_image_block_public_access()
    assert account.ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"] == "unblocked"
    assert far.ec2.get_image_block_public_access_state()["ImageBlockPublicAccessState"] == "block-new-sharing"
    account.ec2.modify_image_attribute(ImageId=made, **everybody)
    account.ec2.enable_image_block_public_access(ImageBlockPublicAccessState="block-new-sharing")
    assert account.image(made)["Public"]


@pytest.mark.parametrize("state", ["block-new-sharing", "block-all-sharing"])
def test_public_snapshots_are_blocked(account: Account, state: str) -> None:
    snapshot = account.disks(account.make())["/dev/xvdf"]["SnapshotId"]
    everybody = {"SnapshotId": snapshot, "CreateVolumePermission": {"Add": [{"Group": "all"}]}}
    assert account.ec2.get_snapshot_block_public_access_state()["State"] == "unblocked"
    account.ec2.enable_snapshot_block_public_access(State=state)
    assert account.ec2.get_snapshot_block_public_access_state()["State"] == state
    refused("OperationNotPermitted", account.ec2.modify_snapshot_attribute, **everybody)
    account.ec2.modify_snapshot_attribute(SnapshotId=snapshot, OperationType="add", UserIds=["111122223333"])
    account.ec2.disable_snapshot_block_public_access()
    account.ec2.modify_snapshot_attribute(**everybody)


def test_encrypted_snapshots_are_not_shared(account: Account) -> None:
    account.endpoint.moods(image_block="unblocked")
    made = account.make(InstanceId=account.machine(Encrypted=True))
    disk = account.disks(made)["/dev/xvdf"]
    assert disk["Encrypted"] and not account.disks(made)["/dev/sda1"]["Encrypted"]
    everybody, somebody = {"Add": [{"Group": "all"}]}, {"Add": [{"UserId": "111122223333"}]}
    change = account.ec2.modify_image_attribute
    refused("UnsupportedOperation", change, ImageId=made, LaunchPermission=everybody)
    refused("InvalidParameter", change, ImageId=made, LaunchPermission=somebody)
    for permission in (everybody, somebody):
        refused(
            "OperationNotPermitted", account.ec2.modify_snapshot_attribute, SnapshotId=disk["SnapshotId"],
            CreateVolumePermission=permission)
    assert account.volumes(account.launch(made)["InstanceId"])["/dev/xvdf"]["Encrypted"]


def test_public_images_have_a_quota(account: Account) -> None:
    account.endpoint.moods(image_block="unblocked", public_images=2)
    account.endpoint.offer("111122223333", "theirs", public=True)
    instance = account.machine()
    made = [account.make(f"image {number}", InstanceId=instance) for number in range(3)]
    everybody = {"LaunchPermission": {"Add": [{"Group": "all"}]}}
    for image in made[:2] + made[:1]:
        account.ec2.modify_image_attribute(ImageId=image, **everybody)
    refused("ResourceLimitExceeded", account.ec2.modify_image_attribute, ImageId=made[2], **everybody)
    account.ec2.deregister_image(ImageId=made[0])
    account.ec2.modify_image_attribute(ImageId=made[2], **everybody)


# ---- the inventory of the other tests ----


def test_the_inventory_shows_what_a_failure_would_leave(account: Account, far: Account) -> None:
    name = "cloudrails/c/n/h000000000007/1.0/20261125T1000Z-arm64"
    made = account.make(name, TagSpecifications=[
        specification("image", **{"cloudrails:node": "n", "cloudrails:hash": "00", "cloudrails:consistency": "clean"}),
        specification("snapshot", Name=name)])
    far.ec2.copy_image(Name=name, SourceImageId=made, SourceRegion=REGION)
    account.ec2.modify_image_attribute(ImageId=made, LaunchPermission={"Add": [{"UserId": "111122223333"}]})
    left = account.ec2.create_snapshot(VolumeId=account.snapshots(made)[0]["VolumeId"])["SnapshotId"]
    found, plain = inventory(account.endpoint, REGION, FAR), "cloudrails/c/n/h000000000007/1.0/TIME-arm64"
    assert found["images"] == [
        f"{FAR} {plain} available  2 snapshots []",
        f"{REGION} {plain} available node=n consistency=clean 2 snapshots ['111122223333']"]
    assert found["snapshots"] == [
        f"{FAR}  completed of an image", f"{FAR}  completed of an image", f"{REGION}  completed of no image",
        f"{REGION} {plain} completed of an image", f"{REGION} {plain} completed of an image"]
    account.ec2.delete_snapshot(SnapshotId=left)
    assert inventory(account.endpoint)["snapshots"] == found["snapshots"][3:]
