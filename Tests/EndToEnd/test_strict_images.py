"""The local endpoint's images, as AWS has them: made, launched from, and ended."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from conftest import REGION
from strict_account import FAR, Account, account, refused, specification, tags


# ---- CreateImage ----


def test_an_image_has_a_snapshot_of_every_volume(account: Account) -> None:
    instance = account.machine(Iops=4000, Throughput=250)
    before = datetime.now(timezone.utc) - timedelta(milliseconds=1)
    made = account.make(
        "cloudrails/x [1] (2) it's@a_b-c.d", InstanceId=instance, Description="d", NoReboot=True,
        TagSpecifications=[specification("image", Name="i", a="1"), specification("snapshot", Name="s")])
    image, disks = account.image(made), account.disks(made)
    assert (image["State"], image["Architecture"], image["RootDeviceName"]) == ("available", "arm64", "/dev/sda1")
    assert (image["Description"], tags(image), image["Public"]) == ("d", {"Name": "i", "a": "1"}, False)
    assert image["SourceInstanceId"] == instance and image["OwnerId"] == "123456789012"
    assert {device: (disk["VolumeSize"], disk["VolumeType"]) for device, disk in disks.items()} == {
        "/dev/sda1": (8, "gp3"), "/dev/xvdf": (20, "gp3")}
    assert (disks["/dev/xvdf"]["Iops"], disks["/dev/xvdf"]["Throughput"]) == (4000, 250)
    assert [disk["DeleteOnTermination"] for disk in disks.values()] == [True, False]
    snapshots = account.snapshots(made)
    volumes = account.volumes(instance)
    assert {one["VolumeId"] for one in snapshots} == {one["VolumeId"] for one in volumes.values()}
    for one in snapshots:
        assert one["Description"] == f"Created by CreateImage({instance}) for {made}"
        assert tags(one) == {"Name": "s"} and one["State"] == "completed" and one["Progress"] == "100%"
        assert before <= one["StartTime"] <= datetime.now(timezone.utc)


def test_device_mappings_of_a_call_are_respected(account: Account) -> None:
    instance = account.machine()
    only_root = [
        {"DeviceName": "/dev/sda1", "Ebs": {"DeleteOnTermination": False}}, {"DeviceName": "/dev/xvdf", "NoDevice": ""}]
    disks = account.disks(account.make("one", InstanceId=instance, BlockDeviceMappings=only_root))
    assert {device: disk["DeleteOnTermination"] for device, disk in disks.items()} == {"/dev/sda1": False}
    bigger = [{"DeviceName": "/dev/xvdf", "Ebs": {"VolumeSize": 30}}]
    refused(
        "InvalidBlockDeviceMapping", account.ec2.create_image, InstanceId=instance, Name="two", BlockDeviceMappings=bigger)


def test_a_snapshot_keeps_the_size_of_its_time(account: Account) -> None:
    instance = account.machine()
    made = account.make(InstanceId=instance)
    account.ec2.modify_volume(VolumeId=account.volumes(instance)["/dev/xvdf"]["VolumeId"], Size=40)
    assert sorted(one["VolumeSize"] for one in account.snapshots(made)) == [8, 20]


def test_images_take_their_time(account: Account) -> None:
    account.endpoint.moods(imaging=40.0)
    made = account.make()
    time.sleep(0.6)
    assert account.image(made)["State"] == "pending"
    assert {one["State"] for one in account.snapshots(made)} == {"pending"}
    assert all(0 < int(one["Progress"].rstrip("%")) < 100 for one in account.snapshots(made))
    account.endpoint.moods(imaging=0.0)
    assert account.image(made)["State"] == "available"
    pending = account.ec2.describe_images(Filters=[{"Name": "state", "Values": ["pending"]}], Owners=["self"])
    assert pending["Images"] == []


def test_an_image_may_fail(account: Account) -> None:
    account.endpoint.moods(failing=["imaging"])
    made = account.make()
    account.endpoint.moods(failing=[])
    assert account.image(made)["State"] == "failed" and account.image(made)["StateReason"]["Code"]
    assert {one["State"] for one in account.snapshots(made)} == {"error"}
    assert account.image(account.make("second"))["State"] == "available"


def test_names_have_rules_and_are_taken_once(account: Account) -> None:
    instance = account.machine()
    for name in ("a" * 129, "a:b", "a+b", "a,b"):
        refused("InvalidAMIName.Malformed", account.ec2.create_image, InstanceId=instance, Name=name)
    made = account.make("taken", InstanceId=instance)
    message = refused("InvalidAMIName.Duplicate", account.ec2.create_image, InstanceId=instance, Name="taken")
    assert made in message
    account.ec2.deregister_image(ImageId=made)
    assert account.make("taken", InstanceId=instance) != made


def test_what_cannot_be_imaged(account: Account) -> None:
    instance = account.machine()
    refused(
        "InvalidParameterValue", account.ec2.create_image, InstanceId=instance, Name="tags",
        TagSpecifications=[specification("volume", a="1")])
    refused("DryRunOperation", account.ec2.create_image, InstanceId=instance, Name="dry", DryRun=True)
    refused("InvalidInstanceID.NotFound", account.ec2.create_image, InstanceId="i-0123456789abcdef0", Name="none")
    account.ec2.terminate_instances(InstanceIds=[instance])
    refused("InvalidParameterValue", account.ec2.create_image, InstanceId=instance, Name="gone")
    assert account.ec2.describe_images(Owners=["self"])["Images"] == []


def test_new_images_do_not_show_at_once(account: Account) -> None:
    instance = account.machine()
    account.endpoint.moods(lag=30.0)
    made = account.make(InstanceId=instance)
    account.endpoint.moods(use_lag=30.0)
    assert account.ec2.describe_images(Owners=["self"])["Images"] == []
    assert account.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"] == []
    refused("InvalidAMIID.NotFound", account.ec2.deregister_image, ImageId=made)
    account.endpoint.moods(lag=0.0, use_lag=0.0)
    assert [one["ImageId"] for one in account.ec2.describe_images(Owners=["self"])["Images"]] == [made]
    assert len(account.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]) == 2


def test_new_operations_are_subject_to_moods(account: Account) -> None:
    account.endpoint.moods(denied=["CreateImage", "EnableImageDeprecation"])
    instance = account.machine()
    refused("UnauthorizedOperation", account.ec2.create_image, InstanceId=instance, Name="first")
    account.endpoint.moods(denied=[], refusals=[{"action": "GetImageBlockPublicAccessState", "code": "RequestLimitExceeded"}])
    refused("RequestLimitExceeded", account.endpoint.client("ec2", FAR).get_image_block_public_access_state)
    account.endpoint.moods(refusals=[])
    account.endpoint.forget()
    account.ec2.disable_image_block_public_access()
    made = account.make(InstanceId=instance)
    account.ec2.describe_image_attribute(ImageId=made, Attribute="launchPermission")
    account.ec2.describe_volume_status()
    account.ec2.get_snapshot_block_public_access_state()
    account.ec2.deregister_image(ImageId=made)
    assert account.endpoint.mutating() == ["DisableImageBlockPublicAccess", "CreateImage", "DeregisterImage"]


def test_a_call_takes_so_many_filter_values(account: Account) -> None:
    made = account.make()
    names = {"Name": "image-id", "Values": [made, *(f"ami-{number:017x}" for number in range(199))]}
    state = {"Name": "state", "Values": ["available"]}
    assert [one["ImageId"] for one in account.ec2.describe_images(Filters=[names])["Images"]] == [made]
    for call in (account.ec2.describe_images, account.ec2.describe_snapshots):
        assert "200" in refused("FilterLimitExceeded", call, Filters=[names, state])


# ---- launches ----


def test_a_launch_makes_volumes_of_the_snapshots(account: Account) -> None:
    made = account.make(InstanceId=account.machine(Iops=4000, Throughput=250))
    instance = account.launch(made)
    assert (instance["Architecture"], instance["RootDeviceName"]) == ("arm64", "/dev/sda1")
    volumes, disks = account.volumes(instance["InstanceId"]), account.disks(made)
    assert {device: one["SnapshotId"] for device, one in volumes.items()} == {
        device: disk["SnapshotId"] for device, disk in disks.items()}
    data = volumes["/dev/xvdf"]
    assert (data["Size"], data["VolumeType"], data["Iops"], data["Throughput"]) == (20, "gp3", 4000, 250)
    assert [one["Attachments"][0]["DeleteOnTermination"] for one in volumes.values()] == [True, False]
    account.ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])
    left = [one["SnapshotId"] for one in account.ec2.describe_volumes()["Volumes"] if "SnapshotId" in one]
    assert disks["/dev/xvdf"]["SnapshotId"] in left and disks["/dev/sda1"]["SnapshotId"] not in left
    assert account.image(made)["LastLaunchedTime"]


def test_a_launch_overrides_by_device(account: Account) -> None:
    made = account.make()
    disks = account.disks(made)
    mapping = {
        "DeviceName": "/dev/xvdf", "Ebs": {
            "SnapshotId": disks["/dev/xvdf"]["SnapshotId"], "VolumeSize": 30, "Iops": 5000, "VolumeInitializationRate": 200,
            "DeleteOnTermination": True}}
    extra = {"DeviceName": "/dev/xvdg", "Ebs": {"VolumeSize": 5, "VolumeType": "gp2"}}
    volumes = account.volumes(account.launch(made, BlockDeviceMappings=[mapping, extra])["InstanceId"])
    data = volumes["/dev/xvdf"]
    assert (data["Size"], data["Iops"], data["VolumeInitializationRate"]) == (30, 5000, 200)
    assert data["Attachments"][0]["DeleteOnTermination"] and data["VolumeType"] == "gp3"
    assert sorted(volumes) == ["/dev/sda1", "/dev/xvdf", "/dev/xvdg"] and "SnapshotId" not in volumes["/dev/xvdg"]
    without = [{"DeviceName": "/dev/xvdf", "NoDevice": ""}]
    assert list(account.volumes(account.launch(made, BlockDeviceMappings=without)["InstanceId"])) == ["/dev/sda1"]


@pytest.mark.parametrize(("ebs", "code"), [
    ({"VolumeSize": 19}, "InvalidBlockDeviceMapping"),
    ({"SnapshotId": "SNAPSHOT", "VolumeInitializationRate": 99}, "InvalidParameterValue"),
    ({"SnapshotId": "SNAPSHOT", "VolumeInitializationRate": 301}, "InvalidParameterValue"),
    ({"VolumeInitializationRate": 300}, "InvalidParameterCombination"),
    ({"SnapshotId": "snap-0123456789abcdef0"}, "InvalidSnapshot.NotFound"),
])
def test_a_wrong_disk_is_refused(account: Account, ebs: dict[str, Any], code: str) -> None:
    made = account.make()
    ours = account.disks(made)["/dev/xvdf"]["SnapshotId"]
    ebs = {name: ours if value == "SNAPSHOT" else value for name, value in ebs.items()}
    instances = len(account.ec2.describe_instances()["Reservations"])
    refused(code, account.launch, image=made, BlockDeviceMappings=[{"DeviceName": "/dev/xvdf", "Ebs": ebs}])
    assert len(account.ec2.describe_instances()["Reservations"]) == instances


def test_what_cannot_be_launched(account: Account) -> None:
    account.endpoint.moods(imaging=30.0)
    made = account.make()
    refused("InvalidAMIID.Unavailable", account.launch, image=made)
    refused("InvalidAMIID.Unavailable", account.ec2.modify_image_attribute, ImageId=made, Description={"Value": "d"})
    account.endpoint.moods(imaging=0.0)
    account.launch(made)
    account.ec2.deregister_image(ImageId=made)
    refused("InvalidAMIID.Unavailable", account.launch, image=made)
    refused("InvalidAMIID.NotFound", account.launch, image="ami-0123456789abcdef0")
    message = refused("InvalidParameterValue", account.launch, image="ami-0000000000amd6424")
    assert "x86_64" in message and "arm64" in message


def test_ubuntu_launches_with_its_own_root_volume(account: Account) -> None:
    root = account.volumes(account.launch()["InstanceId"])
    assert {device: one["Size"] for device, one in root.items()} == {"/dev/sda1": 8}
    bigger = [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3"}}]
    assert account.volumes(account.launch(BlockDeviceMappings=bigger)["InstanceId"])["/dev/sda1"]["Size"] == 20
    # Canonical's snapshots are not public.
    assert account.ec2.describe_snapshots()["Snapshots"] == []


def test_a_volume_fills_from_its_snapshot(account: Account) -> None:
    account.endpoint.moods(initializing=30.0)
    disks = account.disks(account.make())
    snapshot = disks["/dev/xvdf"]["SnapshotId"]
    zone = {"AvailabilityZone": f"{REGION}a"}
    made = [
        account.ec2.create_volume(SnapshotId=snapshot, VolumeInitializationRate=300, **zone), account.ec2.create_volume(
            SnapshotId=snapshot, **zone), account.ec2.create_volume(Size=20, **zone)]
    time.sleep(0.5)
    status = [
        account.ec2.describe_volume_status(VolumeIds=[one["VolumeId"]])["VolumeStatuses"][0] for one in made]
    fast, plain = (one["InitializationStatusDetails"] for one in status[:2])
    assert fast["InitializationType"] == "provisioned-rate" and 0 < fast["EstimatedTimeToCompleteInSeconds"] <= 30
    assert plain["InitializationType"] == "default" and "EstimatedTimeToCompleteInSeconds" not in plain
    assert 0 < plain["Progress"] < 100 and "InitializationStatusDetails" not in status[2]
    account.endpoint.moods(reporting=30.0)
    untold = account.ec2.describe_volume_status(VolumeIds=[made[0]["VolumeId"]])["VolumeStatuses"][0]
    assert "InitializationStatusDetails" not in untold
    account.endpoint.moods(initializing=0.0, reporting=0.0)
    done = account.ec2.describe_volume_status(VolumeIds=[made[0]["VolumeId"]])["VolumeStatuses"][0]
    assert done["VolumeStatus"]["Status"] == "ok"
    assert done["InitializationStatusDetails"] == {
        "InitializationType": "provisioned-rate", "Progress": 100, "EstimatedTimeToCompleteInSeconds": 0}
    refused("InvalidParameterValue", account.ec2.create_volume, SnapshotId=snapshot, Size=19, **zone)
    refused("InvalidParameterCombination", account.ec2.create_volume, Size=20, VolumeInitializationRate=300, **zone)
    refused("InvalidVolume.NotFound", account.ec2.describe_volume_status, VolumeIds=["vol-0123456789abcdef0"])


def test_an_image_may_want_version_2_of_the_metadata_service(account: Account) -> None:
    made = account.make()
    account.ec2.modify_image_attribute(ImageId=made, ImdsSupport={"Value": "v2.0"})
    instance = account.launch(made)
    assert account.image(made)["ImdsSupport"] == "v2.0" and instance["MetadataOptions"]["HttpTokens"] == "required"
    assert account.image(account.make("second", InstanceId=instance["InstanceId"]))["ImdsSupport"] == "v2.0"


# ---- the end of an image ----


def test_a_deregistered_image_leaves_its_snapshots(account: Account) -> None:
    made = account.make()
    snapshots = [one["SnapshotId"] for one in account.snapshots(made)]
    assert made in refused("InvalidSnapshot.InUse", account.ec2.delete_snapshot, SnapshotId=snapshots[0])
    assert "DeleteSnapshotResults" not in account.ec2.deregister_image(ImageId=made)
    assert account.ec2.describe_images(ImageIds=[made])["Images"] == []
    refused("InvalidAMIID.NotFound", account.ec2.describe_images, ImageIds=["ami-0123456789abcdef0"])
    refused("InvalidAMIID.NotFound", account.ec2.deregister_image, ImageId="ami-0123456789abcdef0")
    refused("InvalidAMIID.Unavailable", account.ec2.deregister_image, ImageId=made)
    assert len(account.ec2.describe_snapshots(SnapshotIds=snapshots)["Snapshots"]) == 2
    account.ec2.delete_snapshot(SnapshotId=snapshots[0])
    refused("InvalidSnapshot.NotFound", account.ec2.delete_snapshot, SnapshotId=snapshots[0])


def test_a_deregistered_image_takes_its_own_snapshots_along(account: Account) -> None:
    made = account.make()
    root, data = (account.disks(made)[device]["SnapshotId"] for device in ("/dev/sda1", "/dev/xvdf"))
    other = account.ec2.register_image(
        Name="other", RootDeviceName="/dev/sda1", Architecture="arm64",
        BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": {"SnapshotId": root}}])["ImageId"]
    results = account.ec2.deregister_image(ImageId=made, DeleteAssociatedSnapshots=True)["DeleteSnapshotResults"]
    assert {one["SnapshotId"]: one["ReturnCode"] for one in results} == {root: "skipped", data: "success"}
    assert [one["SnapshotId"] for one in account.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]] == [root]
    assert account.disks(other)["/dev/sda1"]["SnapshotId"] == root


def test_an_image_is_deprecated(account: Account) -> None:
    made = account.make()
    soon = datetime.now(timezone.utc).replace(second=40, microsecond=0) + timedelta(days=1)
    account.ec2.enable_image_deprecation(ImageId=made, DeprecateAt=soon)
    rounded = (soon + timedelta(minutes=1)).replace(second=0)
    assert account.image(made)["DeprecationTime"] == rounded.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    for wrong in (timedelta(days=-2), timedelta(days=4000)):
        refused("InvalidParameterValue", account.ec2.enable_image_deprecation, ImageId=made, DeprecateAt=soon + wrong)
    account.ec2.disable_image_deprecation(ImageId=made)
    assert "DeprecationTime" not in account.image(made)


def test_public_images_are_deprecated_after_two_years(account: Account) -> None:
    account.endpoint.moods(image_block="unblocked")
    made = account.make()
    account.ec2.modify_image_attribute(ImageId=made, LaunchPermission={"Add": [{"Group": "all"}]})
    now = datetime.now(timezone.utc)
    assert f"{now.year + 2}-" in account.image(made)["DeprecationTime"]
    refused(
        "InvalidParameterValue", account.ec2.enable_image_deprecation, ImageId=made, DeprecateAt=now + timedelta(days=800))


def test_a_deprecated_image_shows_to_its_owner_and_by_id(account: Account) -> None:
    made = account.make()
    account.ec2.enable_image_deprecation(ImageId=made, DeprecateAt=datetime.now(timezone.utc).replace(second=0))
    mine = {"Filters": [{"Name": "name", "Values": ["first"]}]}
    account.endpoint.moods(image_block="unblocked")
    account.ec2.modify_image_attribute(ImageId=made, LaunchPermission={"Add": [{"Group": "all"}]})
    assert len(account.ec2.describe_images(**mine)["Images"]) == 1
    account.endpoint.give(made, "111122223333")
    assert account.ec2.describe_images(**mine)["Images"] == []
    assert len(account.ec2.describe_images(IncludeDeprecated=True, **mine)["Images"]) == 1
    assert account.image(made)["OwnerId"] == "111122223333"


def test_who_uses_an_image(account: Account) -> None:
    made = account.make()
    instance = account.launch(made)["InstanceId"]
    account.ec2.create_launch_template(LaunchTemplateName="template", LaunchTemplateData={"ImageId": made})
    found = account.ec2.describe_image_references(ImageIds=[made], IncludeAllResourceTypes=True)["ImageReferences"]
    assert {(one["ResourceType"], one["Arn"].split(":")[-1].split("/")[0]) for one in found} == {
        ("ec2:Instance", "instance"), ("ec2:LaunchTemplate", "launch-template")}
    running = [{
        "ResourceType": "ec2:Instance",
        "ResourceTypeOptions": [{"OptionName": "state-name", "OptionValues": ["pending", "running"]}]}]
    ours = account.ec2.describe_image_references(ImageIds=[made], ResourceTypes=running)["ImageReferences"]
    assert [one["Arn"] for one in ours] == [f"arn:aws:ec2:{REGION}:123456789012:instance/{instance}"]
    account.ec2.terminate_instances(InstanceIds=[instance])
    assert account.ec2.describe_image_references(ImageIds=[made], ResourceTypes=running)["ImageReferences"] == []
    refused("MissingParameter", account.ec2.describe_image_references, ImageIds=[made])
