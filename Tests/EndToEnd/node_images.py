"""Images to launch from: of any target, architecture, region and size, of this account and of others, without a machine that
they were made of."""

from __future__ import annotations

from typing import Any

from conftest import REGION, Endpoint, post
from images import CLIENT, TARGET, description, image_name

STRANGER = "666666666666"


def make(
    endpoint: Endpoint, height: int, *, consistency: str = "clean", region: str = REGION, root: int = 20, data: int = 150,
    target: str = TARGET, **named: str
) -> str:
    """An image of this account, with a snapshot of each of its two volumes."""
    ec2 = endpoint.client("ec2", region)
    tags = {
        "cloudrails:node": "the-first", "cloudrails:chain": target, "cloudrails:height": str(height),
        "cloudrails:hash": "00ab", "cloudrails:client": CLIENT, "cloudrails:consistency": consistency,
        "Name": "the-first"}

    def tagged(kind: str) -> list[dict[str, Any]]:
        return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]

    def snapshot(size: int) -> str:
        volume = ec2.create_volume(Size=size, AvailabilityZone=f"{region}a")["VolumeId"]
        made = ec2.create_snapshot(VolumeId=volume, TagSpecifications=tagged("snapshot"))["SnapshotId"]
        ec2.delete_volume(VolumeId=volume)
        return made

    devices = [
        {"DeviceName": device, "Ebs": {"SnapshotId": snapshot(size), "VolumeType": "gp3"}}
        for device, size in (("/dev/sda1", root), ("/dev/xvdf", data))]
    return ec2.register_image(
        Name=image_name(height, target=target, **named), Architecture=named.get("architecture", "arm64"), RootDeviceName="/dev/sda1",
        BlockDeviceMappings=devices, TagSpecifications=tagged("image"))["ImageId"]


def offer(endpoint: Endpoint, height: int, *, owner: str = STRANGER, consistency: str = "clean", **named: str) -> str:
    """A public image of another account, under the same kind of name."""
    return post(endpoint.port, "/strict/offer", {
        "owner": owner, "region": REGION, "name": image_name(height, **named), "description": description(height, consistency),
        "sizes": {"/dev/sda1": 20, "/dev/xvdf": 150}, "public": True})["id"]
