"""Launching from images: volumes come from an image's snapshots, which takes its time."""

import math

from moto.core.responses import ActionResult
from moto.core.utils import iso_8601_datetime_with_milliseconds, utcnow
from moto.ec2.exceptions import EC2ClientError, InvalidAMIIdError, InvalidSnapshotIdError, UnvailableAMIIdError
from moto.ec2.models.elastic_block_store import EBSBackend, Volume
from moto.ec2.models.instance_types import INSTANCE_TYPES
from moto.ec2.models.instances import InstanceBackend
from moto.ec2.responses.elastic_block_store import ElasticBlockStore
from moto.ec2.responses.instances import InstanceResponse

from . import imaging, sharing, volumes

# EbsBlockDevice: "Valid range: 100 - 300 MiB/s" (service model).
RATES = range(100, 301)


def apply():
    """Changes moto's classes, once."""
    volumes.remember_beginning(Volume)
    Volume.volume_initialization_rate = None
    InstanceResponse._parse_block_device_mapping = lambda self: self._get_param("BlockDeviceMappings", [])
    InstanceBackend.run_instances = run_instances(InstanceBackend.run_instances)
    EBSBackend.create_volume = create_volume(EBSBackend.create_volume)
    ElasticBlockStore.create_volume = create_volume_response(ElasticBlockStore.create_volume)
    ElasticBlockStore.describe_volume_status = describe_volume_status


def run_instances(original):
    def run(self, image_id, count, user_data, security_group_names, **named):
        image = usable(self, image_id)
        check_architecture(image, named["instance_type"])
        disks = merged(self, image, named.get("block_device_mappings", []))
        named["block_device_mappings"] = [{"DeviceName": device, "Ebs": ebs} for device, ebs in disks.items()]
        if image.imds_support and not named.get("metadata_options", {}).get("HttpTokens"):
            named["metadata_options"] = {"HttpTokens": "required", "HttpPutResponseHopLimit": 2}
        reservation = original(self, image_id, count, user_data, security_group_names, **named)
        for instance in reservation.instances:
            for device, block in instance.block_device_mapping.items():
                keep_speed(self.volumes[block.volume_id], disks[device])
        # "there is a 24-hour delay before that usage is reported" (service model): not here.
        image.last_launched_time = iso_8601_datetime_with_milliseconds(utcnow())
        return reservation

    return run


def usable(backend, identifier):
    """The image, if one can launch from it. InvalidAMIID.NotFound, InvalidAMIID.Unavailable:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    if identifier in backend.deleted_amis:
        raise UnvailableAMIIdError(identifier)
    image = backend.amis.get(identifier)
    if image is None or not sharing.is_visible(image):
        raise InvalidAMIIdError(identifier)
    imaging.check_available(image)
    return image


def check_architecture(image, instance_type):
    """The words are those of https://github.com/skypilot-org/skypilot/issues/6315."""
    known = INSTANCE_TYPES.get(instance_type, {}).get("ProcessorInfo", {}).get("SupportedArchitectures")
    if known and image.architecture not in known:
        raise EC2ClientError(
            "InvalidParameterValue",
            f"The architecture '{','.join(known)}' of the specified instance type does not match the architecture "
            f"'{image.architecture}' of the specified AMI. Specify an instance type and an AMI that have matching "
            "architectures, and try again.")


def merged(backend, image, given):
    """The image's devices with what the call says of them:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-device-mapping-concepts.html"""
    disks = {device: dict(ebs) for device, ebs in image.devices.items()}
    for one in given:
        device = one["DeviceName"]
        if "NoDevice" in one:
            disks.pop(device, None)
            continue
        before, ebs = disks.get(device, {}), one.get("Ebs", {})
        if ebs.get("VolumeType", before.get("VolumeType")) != before.get("VolumeType"):
            before = {**before, "Iops": None, "Throughput": None}
        disks[device] = {**before, **ebs}
        check(backend, device, ebs, disks[device])
        if device == image.root_device_name and disks[device]["SnapshotId"] != before["SnapshotId"]:
            raise EC2ClientError("InvalidBlockDeviceMapping", "snapshotId cannot be modified on root device")
    return disks


def check(backend, device, given, ebs):
    """The words are those of https://github.com/scylladb/scylladb/issues/6999 and
    https://github.com/nortontruter/infracoders-workshop/pull/3."""
    identifier, size = ebs.get("SnapshotId"), ebs.get("VolumeSize")
    if not identifier and not size:
        raise EC2ClientError(
            "InvalidBlockDeviceMapping", f"Either snapshot ID or volume size must be provided for: {device}")
    least = backend.get_snapshot(identifier).volume_size if identifier else 0
    if size and size < least:
        raise EC2ClientError(
            "InvalidBlockDeviceMapping",
            f"Volume of size {size}GB is smaller than  snapshot '{identifier}', expect size >= {least}GB")
    check_rate(given)


def check_rate(ebs):
    """VolumeInitializationRate "is supported only for volumes created from snapshots" (service model). No page says whether
    the image's snapshot will do, so that it is wanted in the same mapping:
    https://github.com/aws/karpenter-provider-aws/issues/8389."""
    rate = ebs.get("VolumeInitializationRate")
    if rate is None:
        return
    if int(rate) not in RATES:
        raise EC2ClientError("InvalidParameterValue", f"Volume initialization rate must be between 100 and 300: {rate}")
    if not ebs.get("SnapshotId"):
        raise EC2ClientError("InvalidParameterCombination", "VolumeInitializationRate needs a snapshot")


def keep_speed(volume, ebs):
    """moto drops these of a launch's volumes (service model: EbsBlockDevice)."""
    volume.iops = ebs.get("Iops") or volume.iops
    volume.throughput = ebs.get("Throughput")
    volume.volume_initialization_rate = ebs.get("VolumeInitializationRate")


def create_volume(original):
    def create(self, size, zone_name, snapshot_id=None, **named):
        """IncorrectState, InvalidParameterValue:
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
        snapshot = self.get_snapshot(snapshot_id) if snapshot_id else None
        if snapshot and snapshot.status != "completed":
            raise EC2ClientError("IncorrectState", f"Snapshot is in invalid state - {snapshot.status}")
        if snapshot and size and size < snapshot.volume_size:
            raise EC2ClientError("InvalidParameterValue", f"The size of {snapshot_id} is {snapshot.volume_size} GiB.")
        return original(self, size, zone_name, snapshot_id=snapshot_id, **named)

    return create


def create_volume_response(original):
    def create(self):
        check_rate({name: self._get_param(name) for name in ("VolumeInitializationRate", "SnapshotId")})
        snapshot = self.ec2_backend.snapshots.get(self._get_param("SnapshotId"))
        if snapshot and not sharing.may_restore(snapshot, self.ec2_backend.account_id):
            raise InvalidSnapshotIdError()
        answer = original(self)
        answer.result.volume_initialization_rate = self._get_param("VolumeInitializationRate")
        return answer

    return create


def describe_volume_status(self):
    """https://docs.aws.amazon.com/ebs/latest/userguide/ebs-initialize-monitor.html"""
    wanted = self.ec2_backend.describe_volumes(volume_ids=self._get_param("VolumeIds", []))
    return ActionResult({"VolumeStatuses": [volume_status(volume) for volume in wanted]})


def volume_status(volume):
    details = [{"Name": "io-enabled", "Status": "passed"}, {"Name": "io-performance", "Status": "not-applicable"}]
    answer = {
        "VolumeId": volume.id, "AvailabilityZone": volume.zone.name, "Actions": [], "Events": [],
        "VolumeStatus": {"Status": "ok", "Details": details},
    }
    # "It can take up to 5 minutes for the volume initialization information to be updated. Only available for volumes created
    # from snapshots" (service model: VolumeStatusItem).
    if volume.snapshot_id and volumes.age(volume) >= volumes.Pace.reporting:
        left = max(0.0, volumes.Pace.initializing - volumes.age(volume))
        done = 100 if left == 0 else int(100 * volumes.age(volume) / volumes.Pace.initializing)
        answer["InitializationStatusDetails"] = {"InitializationType": "default", "Progress": done}
        if volume.volume_initialization_rate:
            answer["InitializationStatusDetails"].update(
                InitializationType="provisioned-rate", EstimatedTimeToCompleteInSeconds=math.ceil(left))
        details.append({"Name": "initialization-state", "Status": "completed" if left == 0 else "initializing"})
    return answer
