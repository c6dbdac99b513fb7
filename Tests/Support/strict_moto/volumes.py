"""Volumes as EBS has them: changes and snapshots that take time, limits on changes, and machines that refuse a volume."""

import datetime
import time

from moto.core.utils import utcnow
from moto.ec2 import ec2_backends
from moto.ec2.models.elastic_block_store import EBSBackend, Snapshot, VolumeAttachment, VolumeModification

from .model import Refusal

DAY = datetime.timedelta(days=1)


class Pace:
    """How long things take, seconds; set through the moods."""

    modifying = 0.0
    snapshotting = 0.0
    attaching = 0.0


def age(thing):
    return time.monotonic() - thing.began


def apply():
    """Changes moto's classes, once."""
    for model in (VolumeModification, Snapshot, VolumeAttachment):
        remember_beginning(model)
    VolumeModification.modification_state = property(modification_state)
    VolumeModification.progress = property(modification_progress)
    Snapshot.status = property(lambda self: "completed" if age(self) >= Pace.snapshotting else "pending", ignore)
    Snapshot.progress = property(snapshot_progress)
    VolumeAttachment.status = property(lambda self: "attached" if age(self) >= Pace.attaching else "attaching", ignore)
    EBSBackend.describe_volumes_modifications = latest_modifications


def ignore(_self, _value):
    """What moto sets is told by the clock."""


def remember_beginning(model):
    original = model.__init__

    def begin(self, *arguments, **named):
        self.began = time.monotonic()
        original(self, *arguments, **named)

    model.__init__ = begin


def modification_state(self):
    """modifying, optimizing, completed:
    https://docs.aws.amazon.com/ebs/latest/userguide/monitoring-volume-modifications.html"""
    if age(self) >= 2 * Pace.modifying:
        return "completed"
    return "optimizing" if age(self) >= Pace.modifying else "modifying"


def modification_progress(self):
    return 100 if modification_state(self) == "completed" else int(50 * age(self) / Pace.modifying)


def snapshot_progress(self):
    return "100%" if age(self) >= Pace.snapshotting else f"{int(100 * age(self) / Pace.snapshotting)}%"


def latest_modifications(self, volume_ids=None, filters=None):
    """The most recent change of each volume:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumesModifications.html"""
    wanted = (filters or {}).get("volume-id") or volume_ids or list(self.volumes)
    return [self.volumes[one].modifications[-1] for one in wanted if one in self.volumes and self.volumes[one].modifications]


def keep_speed(call, account, identifier):
    """moto drops Iops and Throughput of a launch's volumes (service model: EbsBlockDevice)."""
    backend = ec2_backends[account][call.region]
    instance = next(one for one in backend.all_instances() if one.id == identifier)
    for number in range(1, 10):
        prefix = f"BlockDeviceMapping.{number}."
        device = instance.block_device_mapping.get(call.flat.get(prefix + "DeviceName"))
        if device is not None:
            volume = backend.volumes[device.volume_id]
            volume.iops = int(call.flat.get(prefix + "Ebs.Iops", volume.iops or 0)) or None
            volume.throughput = int(call.flat.get(prefix + "Ebs.Throughput", 0)) or None


def refuse(call, account, moods):
    """What EC2 refuses and moto lets pass."""
    check = {
        "ModifyVolume": refuse_modification,
        "AttachVolume": refuse_attachment,
        "DetachVolume": refuse_detachment,
    }.get(call.action)
    volume = ec2_backends[account][call.region].volumes.get(call.flat.get("VolumeId"))
    return check(call, volume, account, moods) if check and volume else None


def refuse_modification(call, volume, _account, moods):
    """One at a time, and so many in 24 hours:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVolume.html"""
    if int(call.flat.get("Size", volume.size)) < volume.size:
        return Refusal("InvalidParameterValue", "New size cannot be smaller than existing size")
    if volume.modifications and volume.modifications[-1].modification_state != "completed":
        state = volume.modifications[-1].modification_state.upper()
        return Refusal(
            "IncorrectModificationState", f"Volume {volume.id} cannot be modified in modification state {state}"
        )
    recent = [one for one in volume.modifications if utcnow() - one.start_time < DAY]
    if len(recent) >= moods.modifications:
        return Refusal(
            "VolumeModificationRateExceeded", "You've reached the maximum modification rate per volume limit."
        )
    return None


def refuse_attachment(call, volume, account, moods):
    """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (VolumeInUse, IncorrectState,
    InvalidVolume.ZoneMismatch)"""
    backend = ec2_backends[account][call.region]
    instance = next((one for one in backend.all_instances() if one.id == call.flat.get("InstanceId")), None)
    if volume.attachment:
        return Refusal("VolumeInUse", f"{volume.id} is already attached to an instance")
    if instance is None:
        return None
    state = moods.state_of(instance)
    if state not in ("running", "stopped"):
        return Refusal("IncorrectState", f"Instance '{instance.id}' is not 'running'.")
    zone = backend.get_subnet(instance.subnet_id).availability_zone
    if zone != volume.zone.name:
        return Refusal(
            "InvalidVolume.ZoneMismatch", f"The volume '{volume.id}' is not in the zone of instance '{instance.id}'"
        )
    if call.flat.get("Device") in instance.block_device_mapping:
        return Refusal("InvalidParameterValue", f"{call.flat['Device']} is already in use")
    return None


def refuse_detachment(_call, volume, _account, _moods):
    if volume.attachment is None:
        return Refusal("IncorrectState", f"Volume '{volume.id}' is in the 'available' state.")
    return None
