"""An account of the local endpoint, by boto3 directly: what the tests of the endpoint itself ask."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from conftest import REGION, Endpoint

FAR = "eu-west-1"
UBUNTU = "ami-0000000000arm6424"


def refused(code: str, call: Any, *words: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as caught:
        call(*words, **parameters)
    assert caught.value.response["Error"]["Code"] == code, caught.value
    return caught.value.response["Error"]["Message"]


def tags(thing: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in thing.get("Tags", [])}


def specification(kind: str, **values: str) -> dict[str, Any]:
    return {"ResourceType": kind, "Tags": [{"Key": key, "Value": value} for key, value in values.items()]}


class Account:
    """The account's EC2 in a region, with one machine that has a data volume."""

    def __init__(self, endpoint: Endpoint, region: str = REGION):
        self.endpoint, self.ec2 = endpoint, endpoint.client("ec2", region)

    def launch(self, image: str = UBUNTU, **named: Any) -> dict[str, Any]:
        return self.ec2.run_instances(
            ImageId=image, InstanceType="t4g.small", MinCount=1, MaxCount=1, **named)["Instances"][0]

    def machine(self, **data: Any) -> str:
        """An instance with a data volume of 20 GiB."""
        data = {"VolumeSize": 20, "VolumeType": "gp3", "DeleteOnTermination": False, **data}
        return self.launch(BlockDeviceMappings=[{"DeviceName": "/dev/xvdf", "Ebs": data}])["InstanceId"]

    def make(self, name: str = "first", **named: Any) -> str:
        instance = named.pop("InstanceId", None) or self.machine()
        return self.ec2.create_image(InstanceId=instance, Name=name, **named)["ImageId"]

    def image(self, identifier: str) -> dict[str, Any]:
        return self.ec2.describe_images(ImageIds=[identifier])["Images"][0]

    def disks(self, identifier: str) -> dict[str, dict[str, Any]]:
        return {one["DeviceName"]: one["Ebs"] for one in self.image(identifier)["BlockDeviceMappings"]}

    def snapshots(self, identifier: str) -> list[dict[str, Any]]:
        wanted = [disk["SnapshotId"] for disk in self.disks(identifier).values()]
        return self.ec2.describe_snapshots(SnapshotIds=wanted)["Snapshots"]

    def volumes(self, instance: str) -> dict[str, dict[str, Any]]:
        found = self.ec2.describe_volumes(Filters=[{"Name": "attachment.instance-id", "Values": [instance]}])["Volumes"]
        return {one["Attachments"][0]["Device"]: one for one in found}


@pytest.fixture
def account(endpoint: Endpoint) -> Account:
    return Account(endpoint)


@pytest.fixture
def far(endpoint: Endpoint) -> Account:
    return Account(endpoint, FAR)
