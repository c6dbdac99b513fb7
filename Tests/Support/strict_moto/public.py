"""What must not become public: block public access, encrypted snapshots, and the quota of public images."""

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.amis import AmisResponse
from moto.ec2.responses.elastic_block_store import ElasticBlockStore

from . import imaging


class Access:
    """The account's settings, in every region where no call changed them; set through the moods."""

    @classmethod
    def reset(cls):
        # "New accounts: Enabled": https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html
        cls.image_block = "block-new-sharing"
        # https://docs.aws.amazon.com/ebs/latest/userguide/block-public-access-snapshots.html
        cls.snapshot_block = "unblocked"
        # L-0E3CBAB9: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ami-quotas.html
        cls.public_images = 5
        cls.regions = {}  # (region, "image_block" or "snapshot_block") -> what a call made of it

    @classmethod
    def of(cls, backend, name):
        return cls.regions.get((backend.region_name, name), getattr(cls, name))


Access.reset()


def apply():
    """Adds the operations, which moto does not have, after the service model."""
    image = ("image_block", "ImageBlockPublicAccessState")
    snapshot = ("snapshot_block", "State")
    AmisResponse.get_image_block_public_access_state = state(*image)
    AmisResponse.enable_image_block_public_access = change(*image)
    AmisResponse.disable_image_block_public_access = change(*image)
    ElasticBlockStore.get_snapshot_block_public_access_state = state(*snapshot)
    ElasticBlockStore.enable_snapshot_block_public_access = change(*snapshot)
    ElasticBlockStore.disable_snapshot_block_public_access = change(*snapshot)


def state(name, member):
    return lambda self: ActionResult({member: Access.of(self.ec2_backend, name), "ManagedBy": "account"})


def change(name, member):
    """Whoever disables it gives no state. AWS may take ten minutes until it tells the new one; here it is at once."""

    def answer(self):
        Access.regions[self.ec2_backend.region_name, name] = self._get_param(member, "unblocked")
        return ActionResult({member: Access.of(self.ec2_backend, name)})

    return answer


def refuse_image(image, added):
    """The words are those of https://github.com/hortonworks/cloudbreak-images/pull/926,
    https://github.com/hashicorp/packer/issues/7410, https://github.com/opendevstack/ods-core/issues/1062 and
    https://github.com/iterative/studio-selfhosted/pull/90."""
    backend, is_encrypted = image.ec2_backend, any(one.encrypted for one in imaging.snapshots(image))
    if {"Group": "all"} not in added:
        if added and is_encrypted:
            raise EC2ClientError(
                "InvalidParameter", "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.")
        return
    if Access.of(backend, "image_block") != "unblocked":
        raise EC2ClientError(
            "OperationNotPermitted",
            "You can't publicly share this image because block public access for AMIs is enabled for this account. To "
            "publicly share the image, you must call the DisableImageBlockPublicAccess API.")
    if is_encrypted:
        raise EC2ClientError(
            "UnsupportedOperation", "Encrypted snapshots can't be shared publicly. Specify another snapshot.")
    others = [one for one in backend.amis.values() if one.owner_id == image.owner_id and one.is_public and one is not image]
    if len(others) >= Access.public_images:
        raise EC2ClientError(
            "ResourceLimitExceeded",
            f"You have reached your quota of {Access.public_images} for the number of public images allowed in this Region. "
            "Deregister unused public images or make them private, or request an increase in your public AMIs quota.")


def refuse_snapshot(snapshot, added):
    """"You can share only unencrypted snapshots publicly", and "can't share snapshots that are encrypted with the default
    AWS managed key": https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html; the code is
    that of https://github.com/hashicorp/packer/issues/7499."""
    if added and snapshot.encrypted:
        raise EC2ClientError("OperationNotPermitted", "Encrypted snapshots with EBS default key cannot be shared")
    if {"Group": "all"} in added and Access.of(snapshot.ec2_backend, "snapshot_block") != "unblocked":
        raise EC2ClientError("OperationNotPermitted", "Block public access for snapshots is enabled in this Region.")
