"""The calls of aws-call-samples as botocore makes them from the same parameters."""

import base64
import functools
import re
from datetime import datetime
from io import BytesIO
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import botocore.session
from aws_calls import KEYS, Call
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.model import Shape
from strict_moto.model import service_model

# ---- what botocore is given ----


def arguments(call: Call) -> dict[str, Any]:
    """The properties of the Swift value as botocore's arguments: the members of the same names, but for a few."""
    given = given_properties(call.parameters)
    shape = service_model(call.service).operation_model(call.action).input_shape
    if call.action == "RunInstances":
        return run_instances(given)
    if call.action == "ModifyInstanceAttribute":
        return modify_instance_attribute(shape, given)
    if call.action == "CreateTags":
        return same_names(shape, given)
    fixed = dict(FIXED.get(call.action, {}))
    if call.service == "ec2" and "tags" in given:
        fixed["TagSpecifications"] = tag_specifications(given.pop("tags"), *tagged(call.action))
    if call.service == "iam" and "nextToken" in given:
        fixed["Marker"] = given.pop("nextToken")
    return {**same_names(shape, given), **fixed}


# What the calls say whatever they are given.
FIXED: dict[str, dict[str, Any]] = {
    "CreateImage": {"NoReboot": True}, "CreateVpcEndpoint": {"VpcEndpointType": "Gateway"},
    "DescribeSnapshots": {"OwnerIds": ["self"]},
    "DescribeImageReferences": {"IncludeAllResourceTypes": True}, **dict.fromkeys(
        ("DescribeImageAttribute", "ModifyImageAttribute"), {"Attribute": "launchPermission"}), **dict.fromkeys(
        ("DescribeSnapshotAttribute", "ModifySnapshotAttribute"), {"Attribute": "createVolumePermission"})}


def modify_instance_attribute(shape: Shape, given: dict[str, Any]) -> dict[str, Any]:
    if "instanceType" in given:
        return {**same_names(shape, given | {"instanceType": {"Value": given["instanceType"]}})}
    volume = block_device({name: given.pop(name) for name in ("deviceName", "deleteOnTermination")})
    return {**same_names(shape, given), "BlockDeviceMappings": [volume]}


def given_properties(structure: dict[str, Any]) -> dict[str, Any]:
    """What is given: neither nil nor an empty list nor an unwanted dry run."""
    return {
        name: value
        for name, value in structure.items()
        if not name.startswith("$") and value is not None and value != [] and (name, value) != ("dryRun", False)
    }


def same_names(shape: Shape, value: Any) -> Any:
    if shape.type_name == "map":
        return {pair["key"]: pair["value"] for pair in value}
    if isinstance(value, list):
        return [same_names(shape.member, item) for item in value]
    if not isinstance(value, dict):
        return value
    members = {name.lower(): name for name in shape.members} if shape else {}
    return {
        members[name.lower()]: same_names(shape.members[members[name.lower()]], item)
        for name, item in given_properties(value).items()
    }


def tagged(action: str) -> list[str]:
    """What CreateRouteTable makes: a `route-table`. With an image come its snapshots."""
    words = re.findall("[A-Z][a-z]+", action)
    made = "-".join(words[1:]).lower()
    return ["image", "snapshot"] if made == "image" else [made]


def tag_specifications(tags: list[dict[str, str]], *types: str) -> list[dict[str, Any]]:
    plain = [{"Key": tag["key"], "Value": tag["value"]} for tag in tags]
    return [{"ResourceType": kind, "Tags": plain} for kind in types]


def block_device(volume: dict[str, Any]) -> dict[str, Any]:
    ebs = {
        re.sub("ID$", "Id", name[0].upper() + name[1:]): value for name, value in volume.items() if name != "deviceName"}
    return {"DeviceName": volume["deviceName"], "Ebs": ebs}


def run_instances(given: dict[str, Any]) -> dict[str, Any]:
    """One instance with one network interface, version 2 of the metadata service's protocol, and tags on all of it."""
    arguments = {
        "ImageId": given["imageID"],
        "InstanceType": given["instanceType"],
        "KeyName": given["keyName"],
        "ClientToken": given["clientToken"],
        "MinCount": 1,
        "MaxCount": 1,
        "IamInstanceProfile": {"Name": given["iamInstanceProfileName"]},
        "UserData": base64.b64decode(given["userData"]),
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "NetworkInterfaces": [
            {
                "DeviceIndex": 0,
                "SubnetId": given["subnetID"],
                "Groups": given["securityGroupIDs"],
                "AssociatePublicIpAddress": given["associatePublicIPAddress"],
                "DeleteOnTermination": True,
            }
        ],
    }
    if "blockDeviceMappings" in given:
        arguments["BlockDeviceMappings"] = [
            block_device(given_properties(volume)) for volume in given["blockDeviceMappings"]]
    if "tags" in given:
        arguments["TagSpecifications"] = tag_specifications(given["tags"], "instance", "volume", "network-interface")
    if given["isSpot"]:
        arguments["InstanceMarketOptions"] = {
            "MarketType": "spot", "SpotOptions": {"SpotInstanceType": "one-time"}}
    if given.get("dryRun"):
        arguments["DryRun"] = True
    return arguments


# ---- what botocore makes of it ----


class Answered(BytesIO):
    """A body as botocore reads it."""

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self.read()


class Witness:
    """botocore's client of a service. It sends nothing: it shows what it would send, and reads what it is given."""

    def __init__(self, service: str, token: str | None) -> None:
        self.client = botocore.session.get_session().create_client(
            service, region_name="us-east-2", aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"], aws_session_token=token)
        self.client.meta.events.register("before-sign", self.before_sign)
        self.client.meta.events.register("before-send", self.before_send)

    def before_sign(self, request: AWSRequest, **_: Any) -> None:
        """Lets botocore sign for our host and our order of parameters: both are free, but are signed."""
        self.path = urlsplit(request.url).path
        body = request.prepare().body
        self.body = body.encode() if isinstance(body, str) else body
        request.data = self.call.request.body
        request.url = f"http://{self.call.request.header('Host')}/"

    def before_send(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self.request = request
        return AWSResponse(request.url, 200, {}, Answered(self.call.answer.body))

    def make(self, call: Call) -> Any:
        """Makes the same call at the time of our request; afterwards `path`, `body` and `request` tell what
        it would have sent."""
        self.call = call
        date = call.request.header("X-Amz-Date")
        now = datetime.strptime(date, "%Y%m%dT%H%M%SZ") if date else datetime.min
        with patch("botocore.auth.get_current_datetime", lambda *_, **__: now):
            return getattr(self.client, xform_name(call.action))(**arguments(call))


@functools.cache
def witness(service: str, token: str | None) -> Witness:
    return Witness(service, token)
