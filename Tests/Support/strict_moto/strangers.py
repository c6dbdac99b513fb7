"""Other accounts' images, as this account sees them: public or shared with it, and without their tags.

https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-explicit.html: tags are not visible to whom an image is
shared with.
"""

from moto.ec2 import ec2_backends
from moto.ec2.models import amis
from moto.ec2.utils import random_ami_id

from . import imaging

ACCOUNT = "123456789012"


def give(image, owner, region):
    """An image of the account becomes another's, and the two change places: who had been given a permission was the other,
    and is now this account."""
    backend = ec2_backends[ACCOUNT][region]
    given = backend.amis[image]
    given.owner_id, given.image_location = owner, f"{owner}/{given.name}"
    given.launch_permissions = [
        {"UserId": ACCOUNT} if one.get("UserId") == owner else one for one in given.launch_permissions]
    for snapshot in imaging.snapshots(given):
        snapshot.owner_id = owner
        known = snapshot.create_volume_permission_userids
        snapshot.create_volume_permission_userids = {ACCOUNT if one == owner else one for one in known}
    for thing in (image, *(ebs["SnapshotId"] for ebs in given.devices.values())):
        backend.tags.pop(thing, None)
    return {"id": image}


def offer(owner, region, name, description="", sizes=None, architecture="arm64", public=False, snapshots=True, encrypted=False):
    """An image of another account, public or shared with this one; with snapshots or without them."""
    backend = ec2_backends[ACCOUNT][region]
    devices = {}
    for device, size in (sizes or {"/dev/sda1": 8, "/dev/xvdf": 20}).items():
        volume = backend.create_volume(size, f"{region}a", volume_type="gp3", encrypted=encrypted)
        snapshot = backend.create_snapshot(volume.id, f"{name} {device}", owner)
        del backend.volumes[volume.id]
        devices[device] = imaging.mapping(snapshot, "gp3", device == "/dev/sda1")
        if snapshots:
            snapshot.create_volume_permission_groups.update(["all"] if public else [])
            snapshot.create_volume_permission_userids.update([] if public else [ACCOUNT])
    image = amis.Ami(
        backend, random_ami_id(), devices=devices, name=name, description=description, owner_id=owner, public=public,
        architecture=architecture, virtualization_type="hvm", hypervisor="xen", root_device_type="ebs")
    if not public:
        image.launch_permissions.append({"UserId": ACCOUNT})
    backend.amis[image.id] = image
    return {"id": image.id}
