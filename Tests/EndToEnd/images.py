"""Images as cloudrails makes them, by boto3: with its names, descriptions and tags."""

from __future__ import annotations

from typing import Any

from conftest import REGION, Endpoint

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"
UBUNTU = "ami-0000000000arm6424"
CLIENT = "bitcoin-core 31.1"


def image_name(height: int, made: str = "20261124T1005Z", architecture: str = "arm64", target: str = TARGET) -> str:
    return f"cloudrails/{target}/h{height:012}/31.1/{made}-{architecture}"


def description(height: int, consistency: str = "clean", target: str = TARGET) -> str:
    return f"cloudrails {target} height={height} hash=00ab client={CLIENT} consistency={consistency}"


def tags(thing: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in thing.get("Tags", [])}


class Images:
    """The account's images in a region."""

    def __init__(self, endpoint: Endpoint, region: str = REGION):
        self.endpoint, self.region, self.ec2 = endpoint, region, endpoint.client("ec2", region)
        self.instance = ""

    def make(self, height: int, made: str = "20261124T1005Z", consistency: str = "clean", **changes: Any) -> str:
        """One of a machine with a data volume of 20 GiB."""
        if not self.instance:
            data = {"DeviceName": "/dev/xvdf", "Ebs": {"VolumeSize": 20, "VolumeType": "gp3", **changes.pop("disk", {})}}
            self.instance = self.ec2.run_instances(
                ImageId=UBUNTU, InstanceType="t4g.small", MinCount=1, MaxCount=1,
                BlockDeviceMappings=[data])["Instances"][0]["InstanceId"]
        name = image_name(height, made, **changes)
        found = {
            "Name": name, "cloudrails:node": NODE, "cloudrails:chain": TARGET, "cloudrails:height": str(height),
            "cloudrails:hash": "00ab", "cloudrails:client": CLIENT, "cloudrails:consistency": consistency,
            "cloudrails:seal": f"seal{height}{made}"}
        specification = [
            {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in found.items()]}
            for kind in ("image", "snapshot")]
        return self.ec2.create_image(
            InstanceId=self.instance, Name=name, NoReboot=True, Description=description(height, consistency),
            TagSpecifications=specification)["ImageId"]

    def ids(self) -> list[str]:
        """The images that are there."""
        return [one["ImageId"] for one in self.ec2.describe_images(Owners=["self"])["Images"]]

    def image(self, identifier: str) -> dict[str, Any]:
        return self.ec2.describe_images(ImageIds=[identifier])["Images"][0]

    def snapshots_of(self, identifier: str) -> list[str]:
        return [disk["Ebs"]["SnapshotId"] for disk in self.image(identifier)["BlockDeviceMappings"]]

    def snapshots(self) -> list[str]:
        """The snapshots that are there."""
        return sorted(one["SnapshotId"] for one in self.ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"])

    def orphans(self) -> list[str]:
        """Snapshots that no image holds."""
        held = [snapshot for image in self.ids() for snapshot in self.snapshots_of(image)]
        return [one for one in self.snapshots() if one not in held]

    def launchers(self, identifier: str) -> list[str]:
        found = self.ec2.describe_image_attribute(ImageId=identifier, Attribute="launchPermission")
        return sorted(one.get("UserId", one.get("Group")) for one in found["LaunchPermissions"])

    def readers(self, identifier: str) -> list[list[str]]:
        """Who may use each of its snapshots."""
        return [
            sorted(one.get("UserId", one.get("Group")) for one in self.ec2.describe_snapshot_attribute(
                SnapshotId=snapshot, Attribute="createVolumePermission")["CreateVolumePermissions"])
            for snapshot in self.snapshots_of(identifier)]
