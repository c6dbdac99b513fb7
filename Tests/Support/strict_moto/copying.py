"""Copies of images from region to region, with snapshots of their own."""

import copy
import time

from moto.core.responses import ActionResult
from moto.ec2 import ec2_backends
from moto.ec2.exceptions import EC2ClientError, InvalidAMIIdError
from moto.ec2.models import amis
from moto.ec2.models.elastic_block_store import Snapshot
from moto.ec2.responses.amis import AmisResponse
from moto.ec2.utils import random_ami_id, random_snapshot_id

from . import imaging, sharing


class Copies:
    """Set through the moods."""

    @classmethod
    def reset(cls):
        # Concurrent snapshot copies per destination Region:
        # https://docs.aws.amazon.com/ebs/latest/userguide/ebs-resource-quotas.html
        cls.snapshot_copies = 20


Copies.reset()


def apply():
    """Changes moto's classes, once."""
    AmisResponse.copy_image = copy_image


def copy_image(self):
    """CopyImage: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/CopyingAMIs.html"""
    backend = self.ec2_backend
    origin = source(backend, self._get_param("SourceRegion"), self._get_param("SourceImageId"))
    name = self._get_param("Name")
    imaging.check_name(backend, name)
    image_tags, snapshot_tags = imaging.tags_of(self)
    refuse_too_many(backend, len(origin.devices))
    identifier, is_encrypted = random_ami_id(), self._get_bool_param("Encrypted", False)
    devices = {
        device: {**ebs, **fresh(backend, identifier, origin, ebs["SnapshotId"], is_encrypted, snapshot_tags)}
        for device, ebs in origin.devices.items()}
    image = amis.Ami(
        backend, identifier, devices=devices, source_ami=origin, name=name,
        description=self._get_param("Description", origin.description), root_device_name=origin.root_device_name,
        root_device_type="ebs", hypervisor="xen", imds_support=origin.imds_support)
    image.source_image_id, image.source_image_region = origin.id, origin.ec2_backend.region_name
    if self._get_bool_param("CopyImageTags", False) and origin.owner_id == backend.account_id:
        # "System tags (prefixed with aws:)" are not copied, nor are another account's (service model).
        image.add_tags({one["key"]: one["value"] for one in origin.get_tags() if not one["key"].startswith("aws:")})
    image.add_tags(image_tags)
    backend.amis[identifier] = image
    return ActionResult({"ImageId": identifier})


def source(backend, region, identifier):
    """The image to copy: available, and with snapshots that the account may read. The words of the latter are those of
    https://github.com/awslabs/amazon-eks-ami/issues/52."""
    image = ec2_backends[backend.account_id][region].amis.get(identifier)
    if image is None or not sharing.is_visible(image):
        raise InvalidAMIIdError(identifier)
    imaging.check_available(image)
    if not all(sharing.may_restore(one, backend.account_id) for one in imaging.snapshots(image)):
        raise EC2ClientError("InvalidRequest", "You do not have permission to access the storage of this ami")
    return image


def refuse_too_many(backend, more):
    """The words are those of https://github.com/aws-samples/copy-encrypted-ami/issues/3."""
    going_on = [one for one in backend.snapshots.values() if one.pace == "copying" and one.status == "pending"]
    if len(going_on) + more > Copies.snapshot_copies:
        raise EC2ClientError(
            "ResourceLimitExceeded",
            f"Too many snapshot copies in progress. The limit is {Copies.snapshot_copies} for this destination region.")


def fresh(backend, image, origin, identifier, is_encrypted, tags):
    """The copy of a snapshot, which has "an arbitrary volume ID that you should not use for any purpose" (service model)."""
    before = origin.ec2_backend.snapshots[identifier]
    volume = copy.copy(before.volume)
    volume.id = "vol-ffffffff"
    description = (
        f"Copied for DestinationAmi {image} from SourceAmi {origin.id} for SourceSnapshot {identifier}. "
        f"Task created on {int(time.time() * 1000):,}.")
    snapshot = Snapshot(
        backend, random_snapshot_id(), volume, description, encrypted=before.encrypted or is_encrypted)
    snapshot.take("copying", tags)
    backend.snapshots[snapshot.id] = snapshot
    return {"SnapshotId": snapshot.id, "Encrypted": snapshot.encrypted}
