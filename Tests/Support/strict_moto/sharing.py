"""Who may see and use images and snapshots: permissions, and what is shown to whom."""

from moto.core.responses import ActionResult, EmptyResult
from moto.ec2.exceptions import (
    EC2ClientError, InvalidAMIAttributeItemValueError, InvalidAMIIdError, InvalidSnapshotIdError, MalformedAMIIdError)
from moto.ec2.models.amis import AmiBackend
from moto.ec2.models.elastic_block_store import Snapshot
from moto.ec2.responses.amis import AmisResponse
from moto.ec2.responses.elastic_block_store import ElasticBlockStore
from moto.ec2.utils import generic_filter

from . import imaging, public, retiring

# "You can make up to 500 modifications to a snapshot in a single operation" (service model).
MOST_CHANGES = 500


def apply():
    """Changes moto's classes, once."""
    AmiBackend.describe_images = describe_images
    AmisResponse.describe_images = describe_images_response
    AmisResponse.modify_image_attribute = modify_image_attribute
    AmisResponse.describe_image_attribute = describe_image_attribute
    Snapshot.permissions = property(
        lambda self: [{"Group": one} for one in sorted(self.create_volume_permission_groups)]
        + [{"UserId": one} for one in sorted(self.create_volume_permission_userids)])
    ElasticBlockStore.describe_snapshots = describe_snapshots
    ElasticBlockStore.modify_snapshot_attribute = modify_snapshot_attribute
    ElasticBlockStore.describe_snapshot_attribute = describe_snapshot_attribute


# ---- what is seen ----


def is_visible(image):
    """"public images, private images that you own, and private images owned by other accounts for which you have explicit
    launch permissions" (service model: DescribeImages)."""
    return image.owner_id == image.ec2_backend.account_id or image.is_public or may_launch(image, "self")


def may_launch(image, user):
    """"If you specify self or your own account ID, AMIs shared with your account are returned. If you specify all, all
    public AMIs" (service model: ExecutableUsers)."""
    if user == "all":
        return image.is_public
    return {"UserId": image.ec2_backend.account_id if user == "self" else user} in image.launch_permissions


def describe_images(self, ami_ids=None, filters=None, exec_users=None, owners=None, include_deprecated=True):
    """DescribeImages (service model): recently deregistered images are no error, and "return empty results"."""
    wrong = [one for one in ami_ids or [] if not one.startswith("ami-")]
    if wrong:
        raise MalformedAMIIdError(wrong)
    found = [image for image in self.amis.values() if is_visible(image)]
    if ami_ids:
        found = [image for image in found if image.id in ami_ids]
        unknown = set(ami_ids) - {image.id for image in found} - set(self.deleted_amis)
        if unknown:
            raise InvalidAMIIdError(sorted(unknown))
    elif not include_deprecated:
        found = [image for image in found if image.owner_id == self.account_id or not retiring.is_deprecated(image)]
    if owners:
        wanted = [self.account_id if one == "self" else one for one in owners]
        found = [image for image in found if image.owner_id in wanted or image.owner_alias in wanted]
    if exec_users:
        found = [image for image in found if any(may_launch(image, user) for user in exec_users)]
    return generic_filter(filters, found)


def describe_images_response(self):
    images = self.ec2_backend.describe_images(
        ami_ids=self._get_param("ImageIds", []), filters=self._filters_from_querystring(),
        exec_users=self._get_param("ExecutableUsers", []), owners=self._get_param("Owners", []),
        include_deprecated=self._get_bool_param("IncludeDeprecated", False))
    return ActionResult({"Images": images})


def may_restore(snapshot, user):
    """Whether an account may make volumes of a snapshot (service model: RestorableByUserIds)."""
    is_public = "all" in snapshot.create_volume_permission_groups
    if user == "all":
        return is_public
    return snapshot.owner_id == user or user in snapshot.create_volume_permission_userids or is_public


def describe_snapshots(self):
    """moto shows all snapshots to everybody, and knows neither OwnerIds nor RestorableByUserIds (service model)."""
    backend = self.ec2_backend

    def accounts(member):
        return [backend.account_id if one == "self" else one for one in self._get_param(member, [])]

    owners, restorers = accounts("OwnerIds"), accounts("RestorableByUserIds")
    visible = [one for one in backend.snapshots.values() if may_restore(one, backend.account_id)]
    wanted = self._get_param("SnapshotIds", [])
    if set(wanted) - {one.id for one in visible}:
        raise InvalidSnapshotIdError()
    found = [
        one for one in visible
        if (not wanted or one.id in wanted) and (not owners or one.owner_id in owners)
        and (not restorers or any(may_restore(one, user) for user in restorers))]
    return ActionResult({"Snapshots": generic_filter(self._filters_from_querystring(), found)})


# ---- what is changed ----


def changes(response, member, groups):
    """The permissions to add and to remove, in the two forms that the service model has for them."""
    given = response._get_param(member, {})
    found = {"add": list(given.get("Add", [])), "remove": list(given.get("Remove", []))}
    kind = response._get_param("OperationType")
    if kind:
        found[kind] += [{"UserId": one} for one in response._get_param("UserIds", [])]
        found[kind] += [{"Group": one} for one in response._get_param(groups, [])]
    return found["add"], found["remove"]


def modify_image_attribute(self):
    """"You can specify only one attribute at a time" (service model)."""
    identifier = self._get_param("ImageId")
    image = imaging.own(self.ec2_backend.amis.get(identifier), InvalidAMIIdError(identifier))
    imaging.check_available(image)
    added, removed = changes(self, "LaunchPermission", "UserGroups")
    attribute = self._get_param("Attribute")
    texts = {
        name: self._get_param(f"{member}.Value") or (self._get_param("Value") if attribute == name else None)
        for name, member in (("description", "Description"), ("imdsSupport", "ImdsSupport"))}
    given = [name for name, text in texts.items() if text is not None] + (["launchPermission"] if added + removed else [])
    if len(given) != 1:
        raise EC2ClientError("InvalidParameterCombination", f"Exactly one attribute is to be given, not {given}")
    if added + removed:
        self.ec2_backend.validate_permission_targets(added + removed)
        public.refuse_image(image, added)
        image.launch_permissions = [one for one in image.launch_permissions if one not in added + removed] + added
    image.description = image.description if texts["description"] is None else texts["description"]
    image.imds_support = texts["imdsSupport"] or image.imds_support
    return EmptyResult()


def describe_image_attribute(self):
    """Of the attributes of the service model those that are used; only the owner may ask."""
    identifier, attribute = self._get_param("ImageId"), self._get_param("Attribute")
    image = imaging.own(self.ec2_backend.amis.get(identifier), InvalidAMIIdError(identifier))
    answers = {
        "launchPermission": {"LaunchPermissions": image.launch_permissions},
        "description": {"Description": {"Value": image.description}},
        "imdsSupport": {"ImdsSupport": {"Value": image.imds_support}},
        "lastLaunchedTime": {"LastLaunchedTime": {"Value": image.last_launched_time}},
        "bootMode": {"BootMode": {"Value": image.boot_mode}},
        "sriovNetSupport": {"SriovNetSupport": {"Value": image.sriov}},
    }
    if attribute not in answers:
        raise EC2ClientError("InvalidRequest", f"The attribute {attribute} is not kept here.")
    return ActionResult({"ImageId": identifier, **answers[attribute]})


def modify_snapshot_attribute(self):
    """"add or remove specified account IDs, but you cannot do both in a single operation" (service model)."""
    snapshot = imaging.own(self.ec2_backend.snapshots.get(self._get_param("SnapshotId")), InvalidSnapshotIdError())
    added, removed = changes(self, "CreateVolumePermission", "GroupNames")
    if bool(added) == bool(removed) or len(added + removed) > MOST_CHANGES:
        raise EC2ClientError("InvalidParameterCombination", "Permissions are either added or removed.")
    for one in added + removed:
        if one.get("Group", "all") != "all" or len(one.get("UserId", "0" * 12)) != 12:
            raise InvalidAMIAttributeItemValueError("createVolumePermission", str(one))
    public.refuse_snapshot(snapshot, added)
    for kind, known in (
        ("UserId", snapshot.create_volume_permission_userids), ("Group", snapshot.create_volume_permission_groups)):
        known.update(one[kind] for one in added if kind in one)
        known.difference_update(one[kind] for one in removed if kind in one)
    return EmptyResult()


def describe_snapshot_attribute(self):
    snapshot = imaging.own(self.ec2_backend.snapshots.get(self._get_param("SnapshotId")), InvalidSnapshotIdError())
    return ActionResult({"SnapshotId": snapshot.id, "CreateVolumePermissions": snapshot.permissions})
