"""The images that the endpoint offers: Canonical's Ubuntu 24.04, and one that only looks like it."""

import json
import os

CANONICAL = "099720109477"
STRANGER = "666666666666"
IDS = {"amd64": "ami-0000000000amd6424", "arm64": "ami-0000000000arm6424"}
ARCHITECTURES = {"amd64": "x86_64", "arm64": "arm64"}
PARAMETER = "/aws/service/canonical/ubuntu/server/24.04/stable/current/{}/hvm/ebs-gp3/ami-id"


def _image(identifier, owner, arch, date):
    return {
        "ami_id": identifier,
        "name": f"ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-{arch}-server-{date}",
        "description": f"Canonical, Ubuntu, 24.04, {arch} noble image",
        "owner_id": owner,
        "public": True,
        "virtualization_type": "hvm",
        "architecture": ARCHITECTURES[arch],
        "state": "available",
        "platform": None,
        "image_type": "machine",
        "hypervisor": "xen",
        "root_device_name": "/dev/sda1",
        "root_device_type": "ebs",
        "sriov": "simple",
    }


def write(folder):
    """Writes the file that MOTO_AMIS_PATH names, and returns its path."""
    images = [_image(IDS[arch], CANONICAL, arch, "20261101") for arch in IDS]
    # Newer than Canonical's, under the same kind of name: whoever does not name the owner takes it.
    images += [_image(f"ami-66666666666{arch}", STRANGER, arch, "20261124") for arch in IDS]
    path = os.path.join(folder, "amis.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(images, file)
    return path


def parameter(call):
    """Canonical's public parameters: https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/"""
    names = {PARAMETER.format(arch): identifier for arch, identifier in IDS.items()}
    if call.action != "GetParameter" or call.flat.get("Name") not in names:
        return None
    name = call.flat["Name"]
    return json.dumps({"Parameter": {"Name": name, "Type": "String", "Value": names[name], "Version": 1}}).encode()
