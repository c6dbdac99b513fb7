"""The end of an image: deprecated, looked up for who still uses it, deregistered with or without its snapshots."""

import datetime

from moto.core.responses import ActionResult
from moto.ec2.exceptions import (
    EC2ClientError, InvalidAMIIdError, InvalidSnapshotIdError, InvalidSnapshotInUse, UnvailableAMIIdError)
from moto.ec2.models.amis import Ami
from moto.ec2.models.elastic_block_store import EBSBackend
from moto.ec2.responses.amis import AmisResponse

from . import imaging

FORM = "%Y-%m-%dT%H:%M:00.000Z"
MINUTE = datetime.timedelta(minutes=1)
# "10 years from now, except for public AMIs, where the upper limit is 2 years from the creation date" (service model).
LONGEST, LONGEST_PUBLIC = datetime.timedelta(days=3653), datetime.timedelta(days=731)
# DescribeImageReferences: "Integers between 1 and 10000. Default: 10" versions of a template.
VERSIONS = 10
# "Maximum number of 10 items": https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImageReferences.html
MOST_IMAGES = 10


def apply():
    """Changes moto's classes, once."""
    Ami.deprecate_at = Ami.last_launched_time = None
    Ami.deprecation_time = property(deprecation_time)
    AmisResponse.deregister_image = deregister_image
    EBSBackend.delete_snapshot = delete_snapshot
    AmisResponse.enable_image_deprecation = enable_image_deprecation
    AmisResponse.disable_image_deprecation = disable_image_deprecation
    AmisResponse.describe_image_references = describe_image_references


def own(response):
    """The call's image, which the account must own. InvalidAMIID.Unavailable: "The specified AMI has been deregistered":
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    identifier = response._get_param("ImageId")
    if identifier in response.ec2_backend.deleted_amis:
        raise UnvailableAMIIdError(identifier)
    return imaging.own(response.ec2_backend.amis.get(identifier), InvalidAMIIdError(identifier))


# ---- deprecation ----


def now():
    return datetime.datetime.now(datetime.timezone.utc)


def latest(image):
    if not image.is_public:
        return now() + LONGEST
    return image.creation_date.replace(tzinfo=datetime.timezone.utc) + LONGEST_PUBLIC


def deprecation_time(image):
    """"By default, the deprecation date of all public AMIs is set to two years from the AMI creation date":
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-deprecate.html"""
    at = image.deprecate_at or (latest(image) if image.is_public else None)
    return at.strftime(FORM) if at else None


def is_deprecated(image):
    return bool(image.deprecation_time) and image.deprecation_time <= now().strftime(FORM)


def enable_image_deprecation(self):
    """"rounds the seconds to the nearest minute. You can't specify a date in the past" (service model)."""
    image, at = own(self), self._get_param("DeprecateAt")
    at = at if at.tzinfo else at.replace(tzinfo=datetime.timezone.utc)
    at = (at + MINUTE / 2).replace(second=0, microsecond=0)
    if not now() - MINUTE < at <= latest(image):
        raise EC2ClientError("InvalidParameterValue", f"DeprecateAt must lie between now and {latest(image)}.")
    image.deprecate_at = at
    return ActionResult({"Return": True})


def disable_image_deprecation(self):
    own(self).deprecate_at = None
    return ActionResult({"Return": True})


# ---- references ----


def describe_image_references(self):
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-ami-references.html, of instances and launch templates."""
    wanted = self._get_param("ImageIds", [])
    kinds = {one["ResourceType"]: one.get("ResourceTypeOptions", []) for one in self._get_param("ResourceTypes", [])}
    if self._get_bool_param("IncludeAllResourceTypes", False):
        kinds = {"ec2:Instance": [], "ec2:LaunchTemplate": [], **kinds}
    if len(wanted) > MOST_IMAGES:
        raise EC2ClientError("InvalidParameterValue", f"At most {MOST_IMAGES} images.")
    if not wanted or not kinds:
        raise EC2ClientError("MissingParameter", "Either IncludeAllResourceTypes or ResourceTypes must be specified.")
    for identifier in wanted:
        imaging.own(self.ec2_backend.amis.get(identifier), InvalidAMIIdError(identifier))
    readers = {"ec2:Instance": instances, "ec2:LaunchTemplate": templates}
    found = [
        {"ImageId": image, "ResourceType": kind, "Arn": arn(self.ec2_backend, name)}
        for kind, reader in readers.items() if kind in kinds
        for name, image in reader(self.ec2_backend, {one["OptionName"]: one["OptionValues"] for one in kinds[kind]})
        if image in wanted]
    return ActionResult({"ImageReferences": found})


def arn(backend, name):
    return f"arn:aws:ec2:{backend.region_name}:{backend.account_id}:{name}"


def instances(backend, options):
    states = options.get("state-name")
    return [
        (f"instance/{one.id}", one.image_id) for one in backend.all_instances() if states is None or one.state in states]


def templates(backend, options):
    depth = int(options.get("version-depth", [VERSIONS])[0])
    return {
        (f"launch-template/{template.id}", version.image_id)
        for template in backend.launch_templates.values() for version in template.versions[-depth:]}


# ---- the end ----


def users(backend, snapshot):
    """The images that hold a snapshot."""
    return [
        one for one in backend.amis.values() if snapshot in [ebs["SnapshotId"] for ebs in one.devices.values()]]


def delete_snapshot(self, snapshot_id):
    """InvalidSnapshot.InUse, by any image: moto looks at one only."""
    snapshot = imaging.own(self.snapshots.get(snapshot_id), InvalidSnapshotIdError())
    for image in users(self, snapshot_id):
        raise InvalidSnapshotInUse(snapshot_id, image.id)
    return self.snapshots.pop(snapshot.id)


def deregister_image(self):
    """"if a snapshot is associated with multiple AMIs, it won't be deleted even if specified for deletion" (service model)."""
    backend, image = self.ec2_backend, own(self)
    backend.deregister_image(image.id)
    answer = {"Return": True}
    if self._get_bool_param("DeleteAssociatedSnapshots", False):
        answer["DeleteSnapshotResults"] = [retire(backend, ebs["SnapshotId"]) for ebs in image.devices.values()]
    return ActionResult(answer)


def retire(backend, identifier):
    is_free = not users(backend, identifier)
    if is_free:
        backend.snapshots.pop(identifier, None)
    return {"SnapshotId": identifier, "ReturnCode": "success" if is_free else "skipped"}
