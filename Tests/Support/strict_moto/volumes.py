"""Volumes as EBS has them: changes and snapshots that take time, limits on changes, and machines that refuse a volume."""

import copy
import datetime
import time

from moto.core.serialize import TimestampSerializer
from moto.core.utils import utcnow
from moto.ec2 import ec2_backends
from moto.ec2.models.elastic_block_store import EBSBackend, Snapshot, VolumeAttachment, VolumeModification

from .model import Refusal

DAY = datetime.timedelta(days=1)


class Pace:
    """How long things take, seconds; set through the moods."""

    @classmethod
    def reset(cls):
        cls.modifying = 0.0
        cls.snapshotting = 0.0
        cls.imaging = 0.0  # the snapshots of a new image
        cls.copying = 0.0  # the snapshots of an image's copy
        cls.attaching = 0.0
        cls.initializing = 0.0  # a volume from a snapshot fills
        cls.reporting = 0.0  # until it is told how far a volume is filled
        cls.failing = []  # snapshots of which pace come to nothing: "snapshotting", "imaging", "copying"


Pace.reset()


def age(thing):
    return time.monotonic() - thing.began


def apply():
    """Changes moto's classes, once."""
    for model in (VolumeModification, Snapshot, VolumeAttachment):
        remember_beginning(model)
    VolumeModification.modification_state = property(modification_state)
    VolumeModification.progress = property(modification_progress)
    keep_size_and_time()
    TimestampSerializer._timestamp_iso8601_zeroed = timestamp
    Snapshot.pace, Snapshot.fails = "snapshotting", False
    Snapshot.take = take
    Snapshot.status = property(snapshot_status, ignore)
    Snapshot.status_message = property(lambda self: "Internal error" if self.status == "error" else None)
    Snapshot.progress = property(snapshot_progress)
    VolumeAttachment.status = property(lambda self: "attached" if age(self) >= Pace.attaching else "attaching", ignore)
    VolumeAttachment.delete_on_termination = property(goes_with_instance)
    EBSBackend.describe_volumes_modifications = latest_modifications


def ignore(_self, _value):
    """What moto sets is told by the clock."""


def remember_beginning(model):
    original = model.__init__

    def begin(self, *arguments, **named):
        self.began = time.monotonic()
        original(self, *arguments, **named)

    model.__init__ = begin


def keep_size_and_time():
    """A snapshot is of the volume as it was, and of a moment, which AWS tells in milliseconds; moto's grows with the volume,
    and is of a second."""
    original = Snapshot.__init__

    def begin(self, *arguments, **named):
        original(self, *arguments, **named)
        self.volume = copy.copy(self.volume)
        self.start_time = datetime.datetime.now(datetime.timezone.utc)
        self.take("snapshotting", {})

    Snapshot.__init__ = begin


def timestamp(_self, value):
    """EC2's form of a time; moto leaves the milliseconds at 0, with which no two of a second can be told apart:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html"""
    return value.strftime("%Y-%m-%dT%H:%M:%S") + f".{value.microsecond // 1000:03}Z"


def take(self, pace, tags):
    """Begins a snapshot that goes on at one of the paces; whether it fails is settled now, and shows at the end."""
    self.pace, self.fails = pace, pace in Pace.failing
    self.add_tags(tags)


def modification_state(self):
    """modifying, optimizing, completed:
    https://docs.aws.amazon.com/ebs/latest/userguide/monitoring-volume-modifications.html"""
    if age(self) >= 2 * Pace.modifying:
        return "completed"
    return "optimizing" if age(self) >= Pace.modifying else "modifying"


def modification_progress(self):
    return 100 if modification_state(self) == "completed" else int(50 * age(self) / Pace.modifying)


def snapshot_status(self):
    """pending, completed, error (service model: SnapshotState)."""
    if age(self) < getattr(Pace, self.pace):
        return "pending"
    return "error" if self.fails else "completed"


def snapshot_progress(self):
    takes = getattr(Pace, self.pace)
    return "100%" if age(self) >= takes else f"{int(100 * age(self) / takes)}%"


def goes_with_instance(self):
    """moto tells it of an instance's volumes only, not of a volume's attachments (service model: VolumeAttachment)."""
    block = self.instance.block_device_mapping.get(self.device)
    return bool(block and block.delete_on_termination)


def latest_modifications(self, volume_ids=None, filters=None):
    """The most recent change of each volume:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumesModifications.html"""
    wanted = (filters or {}).get("volume-id") or volume_ids or list(self.volumes)
    return [self.volumes[one].modifications[-1] for one in wanted if one in self.volumes and self.volumes[one].modifications]


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
