"""Images as EC2 makes them: of an instance, with a snapshot of every volume, and of snapshots that are there."""

import re

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError, InvalidTaggableResourceType
from moto.ec2.models import amis
from moto.ec2.models.amis import Ami
from moto.ec2.responses.amis import AmisResponse
from moto.ec2.utils import random_ami_id

from . import volumes

# Canonical's images have a root volume of this size, GiB.
OFFERED_SIZE = 8
# CreateImage: "3-128 alphanumeric characters, parentheses (()), square brackets ([]), spaces ( ), periods (.),
# slashes (/), dashes (-), single quotes ('), at-signs (@), or underscores(_)" (service model).
NAME = re.compile(r"[A-Za-z0-9()\[\] ./'@_-]{3,128}")


def apply():
    """Changes moto's classes, once."""
    original = Ami.__init__

    def begin(self, ec2_backend, ami_id, devices=None, imds_support=None, **named):
        """moto makes a snapshot of 15 GiB for every image; here an image has those that it is given."""
        original(self, ec2_backend, ami_id, **named)
        self.imds_support = imds_support
        self.image_location = f"{self.owner_id}/{self.name}"
        if devices is None:
            self.ebs_snapshot.volume.size = OFFERED_SIZE
            devices = {self.root_device_name: mapping(self.ebs_snapshot, "gp3", True)}
        else:
            del ec2_backend.snapshots[self.ebs_snapshot.id]
        self.devices = devices

    Ami.__init__ = begin
    Ami.source_image_id = Ami.source_image_region = None
    Ami.state = property(state, volumes.ignore)
    Ami.state_reason = property(state_reason)
    Ami.block_device_mappings = property(mappings)
    Ami.get_filter_value = filter_value(Ami.get_filter_value)
    AmisResponse.create_image = create_image
    AmisResponse.register_image = register_image


def mapping(snapshot, kind, goes_with_instance, iops=None, throughput=None):
    """A device of an image (service model: EbsBlockDevice)."""
    return {
        "SnapshotId": snapshot.id, "VolumeSize": snapshot.volume_size, "VolumeType": kind, "Iops": iops,
        "Throughput": throughput, "DeleteOnTermination": goes_with_instance, "Encrypted": snapshot.encrypted,
    }


def mappings(self):
    return [{"DeviceName": name, "Ebs": ebs} for name, ebs in self.devices.items()]


def snapshots(image):
    every = image.ec2_backend.snapshots
    return [every[ebs["SnapshotId"]] for ebs in image.devices.values() if ebs["SnapshotId"] in every]


def own(thing, missing):
    """AuthFailure for what another account owns:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    if thing is None:
        raise missing
    if thing.owner_id != thing.ec2_backend.account_id:
        raise EC2ClientError("AuthFailure", f"Not authorized for {thing.id}")
    return thing


def state(self):
    """pending, available, failed (service model: ImageState), as its snapshots are:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/creating-an-ami-ebs.html"""
    states = {one.status for one in snapshots(self)}
    if "error" in states:
        return "failed"
    return "pending" if "pending" in states else "available"


def check_available(image):
    """InvalidAMIID.Unavailable: "deregistered and is no longer available, or is not in a state from which you can launch an
    instance or modify attributes": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    if image.state != "available":
        raise EC2ClientError("InvalidAMIID.Unavailable", f"AMI '{image.id}' is {image.state}, and cannot be used")


def state_reason(self):
    if self.state != "failed":
        return None
    return {"Code": "Server.InternalError", "Message": "Server.InternalError: Internal error on creating the image."}


def filter_value(original):
    """Filters of DescribeImages (service model) that moto does not have."""
    optional = ("description", "source-image-id", "source-image-region", "root-device-name", "root-device-type", "image-type")

    def value(self, name, method=None):
        if name.startswith("block-device-mapping."):
            member = "".join(word.capitalize() for word in name.split(".")[1].split("-"))
            if member == "DeviceName":
                return list(self.devices)
            return [str(ebs[member]).lower() if member == "Encrypted" else str(ebs[member]) for ebs in self.devices.values()]
        if name in optional:
            return getattr(self, name.replace("-", "_")) or ""
        return original(self, name, method)

    return value


def check_name(backend, name):
    """InvalidAMIName.Malformed, InvalidAMIName.Duplicate:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    if not NAME.fullmatch(name or ""):
        raise EC2ClientError(
            "InvalidAMIName.Malformed",
            "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', "
            "'/' and '_'")
    for image in backend.amis.values():
        if image.name == name and image.owner_id == backend.account_id:
            raise EC2ClientError("InvalidAMIName.Duplicate", f"AMI name {name} is already in use by AMI {image.id}")


def tags_of(response):
    """The call's tags for the image and for its snapshots: "If you specify other values for ResourceType, the request
    fails" (service model)."""
    found = {"image": {}, "snapshot": {}}
    for specification in response._get_param("TagSpecifications", []):
        if specification["ResourceType"] not in found:
            raise InvalidTaggableResourceType(specification["ResourceType"])
        found[specification["ResourceType"]].update({tag["Key"]: tag["Value"] for tag in specification["Tags"]})
    return found["image"], found["snapshot"]


def check_mappings(backend, instance, given):
    """"The only option that can be changed for existing mappings or snapshots is DeleteOnTermination" (service model).
    That CreateImage says so with InvalidBlockDeviceMapping is a guess after the list of error codes."""
    for name, one in given.items():
        device = instance.block_device_mapping.get(name)
        if device is None or "NoDevice" in one:
            continue
        size = one.get("Ebs", {}).get("VolumeSize", device.size)
        if size != backend.volumes[device.volume_id].size or "VolumeInitializationRate" in one.get("Ebs", {}):
            raise EC2ClientError("InvalidBlockDeviceMapping", f"The size of {name} cannot be changed by CreateImage.")


def create_image(self):
    """CreateImage: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html. Whether it reboots (NoReboot)
    is among the parameters of /strict/calls; a machine's folder has nothing to reboot."""
    backend, name = self.ec2_backend, self._get_param("Name")
    check_name(backend, name)
    image_tags, snapshot_tags = tags_of(self)
    instance = backend.get_instance(self._get_param("InstanceId"))
    given = {one["DeviceName"]: one for one in self._get_param("BlockDeviceMappings", [])}
    check_mappings(backend, instance, given)
    identifier = random_ami_id()
    description = f"Created by CreateImage({instance.id}) for {identifier}"
    devices = {}
    for device, disk in instance.block_device_mapping.items():
        change = given.get(device, {})
        if "NoDevice" not in change:
            snapshot = backend.create_snapshot(disk.volume_id, description)
            snapshot.take("imaging", snapshot_tags)
            volume = backend.volumes[disk.volume_id]
            goes = change.get("Ebs", {}).get("DeleteOnTermination", disk.delete_on_termination)
            devices[device] = mapping(snapshot, volume.volume_type, goes, volume.iops, volume.throughput)
    origin = backend.amis.get(instance.image_id)
    image = amis.Ami(
        backend, identifier, devices=devices, instance=instance, name=name, description=self._get_param("Description", ""),
        root_device_name=instance.root_device_name, root_device_type="ebs", hypervisor="xen",
        imds_support=origin.imds_support if origin else None)
    image.source_image_id, image.source_image_region = instance.image_id, backend.region_name
    image.add_tags(image_tags)
    backend.amis[identifier] = image
    return ActionResult({"ImageId": identifier})


def register_image(self):
    """RegisterImage of snapshots (service model): several images may have one snapshot."""
    backend, name = self.ec2_backend, self._get_param("Name")
    check_name(backend, name)
    devices = {}
    for one in self._get_param("BlockDeviceMappings", []):
        snapshot = backend.get_snapshot(one["Ebs"]["SnapshotId"])
        kind, goes = one["Ebs"].get("VolumeType", "gp2"), one["Ebs"].get("DeleteOnTermination", True)
        devices[one["DeviceName"]] = mapping(snapshot, kind, goes)
    image = amis.Ami(
        backend, random_ami_id(), devices=devices, name=name, description=self._get_param("Description", ""),
        architecture=self._get_param("Architecture", "x86_64"), virtualization_type="hvm", root_device_type="ebs",
        root_device_name=self._get_param("RootDeviceName"), hypervisor="xen", imds_support=self._get_param("ImdsSupport"))
    image.add_tags(tags_of(self)[0])
    backend.amis[image.id] = image
    return ActionResult({"ImageId": image.id})
