"""Holds the policies in docs/aws-setup.md against the calls that the tool can make and against AWS's service models."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_calls import declared
from botocore.loaders import Loader

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "aws-setup.md").read_text()
POLICIES = {
    name: json.loads(block)
    for name, block in re.findall(r"### Policy `([a-z-]+)`.*?```json\n(.*?)```", DOCUMENT, re.DOTALL)
}
# Needs no permission, or is made with other keys than the user's: docs.aws.amazon.com/STS/latest/APIReference.
WITHOUT = {"sts:GetCallerIdentity", "sts:AssumeRole", "sts:AssumeRoleWithWebIdentity"}
# The session manager's plugin makes it, by a protocol that botocore does not know: docs.aws.amazon.com/systems-manager/
# latest/userguide/getting-started-restrict-access-quickstart.html.
WITHOUT_MODEL = {"ssmmessages:OpenDataChannel"}


def listed(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def actions(name: str) -> set[str]:
    return {action for statement in POLICIES[name]["Statement"] for action in listed(statement["Action"])}


def calls() -> set[str]:
    """Every operation in Sources/AWS, as service:Action."""
    return {f"{service}:{action}" for action, service in declared().items()}


def test_all_policies_are_there() -> None:
    assert list(POLICIES) == ["cloudrails-operator", "cloudrails-network", "cloudrails-images"]


def test_every_call_is_allowed() -> None:
    assert len(calls()) > 40
    assert calls() - WITHOUT <= {action for name in POLICIES for action in actions(name)}


def test_nothing_is_allowed_that_is_not_called() -> None:
    # Tags are set by the calls that make things; roles are passed by RunInstances and AddRoleToInstanceProfile.
    implied = {"ec2:CreateTags", "iam:PassRole", "iam:TagInstanceProfile", "iam:TagRole"} | WITHOUT_MODEL
    assert {action for name in POLICIES for action in actions(name)} <= calls() | implied


@pytest.mark.parametrize("name", POLICIES)
def test_form(name: str) -> None:
    policy = POLICIES[name]
    # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    assert len(re.sub(r"\s", "", json.dumps(policy))) <= 6144
    known = {
        service: set(Loader().load_service_model(service, "service-2")["operations"])
        for service in ("ec2", "iam", "ssm")
    }
    for action in actions(name) - {"iam:PassRole"} - WITHOUT_MODEL:
        service, operation = action.split(":")
        assert operation in known[service], action
    sids = [statement["Sid"] for statement in policy["Statement"]]
    assert len(set(sids)) == len(sids)


@pytest.mark.parametrize("name", POLICIES)
def test_only_looking_is_without_limits(name: str) -> None:
    for statement in POLICIES[name]["Statement"]:
        if "*" in listed(statement["Resource"]):
            looks = ("ec2:Describe", "ec2:GetImage", "ec2:GetSnapshot", "ssm:DescribeInstanceInformation", "ssm:GetCommandInvocation")
            assert all(action.startswith(looks) for action in listed(statement["Action"]))
        elif any(action.startswith("ec2:") for action in listed(statement["Action"])):
            assert statement["Condition"], statement["Sid"]


def statement(name: str, sid: str) -> dict[str, Any]:
    return next(one for one in POLICIES[name]["Statement"] if one["Sid"] == sid)


def test_a_launch_from_ubuntu_is_allowed() -> None:
    """Canonical's images have the owner alias amazon (DescribeImages: ImageOwnerAlias), which is what ec2:Owner holds:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances-ami-owner"""
    owners = statement("cloudrails-operator", "LaunchFromUbuntuAndOwnImages")["Condition"]["StringEquals"]["ec2:Owner"]
    assert owners == ["amazon", "099720109477", "${aws:PrincipalAccount}"]


def test_the_role_goes_to_machines_only() -> None:
    """In China the service is called otherwise, as NetworkPolicy.trust has it:
    https://docs.amazonaws.cn/en_us/aws/latest/userguide/iam.html"""
    for one in (one for policy in POLICIES.values() for one in policy["Statement"] if one["Action"] == "iam:PassRole"):
        services = one["Condition"]["StringEquals"]["iam:PassedToService"]
        assert services == ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"]


def test_a_copy_and_its_source_are_allowed() -> None:
    """https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/copy-ami-permissions.html: the tags of the request are those of
    the new image only."""
    for sid, tag in (("CopyImagesOfNodes", "ec2:ResourceTag"), ("CopyImagesWithOurTag", "aws:RequestTag")):
        one = statement("cloudrails-images", sid)
        assert one["Action"] == "ec2:CopyImage" and [each.split(":")[-1] for each in one["Resource"]] == ["image/*", "snapshot/*"]
        assert one["Condition"] == {"Null": {f"{tag}/cloudrails:node": "false"}}


def test_a_session_that_is_started_can_be_used() -> None:
    sessions = [one for one in POLICIES["cloudrails-operator"]["Statement"] if set(listed(one["Action"])) == WITHOUT_MODEL]
    assert [one["Resource"] for one in sessions] == ["arn:aws:ssm:*:*:session/${aws:userid}-*"]


def test_names_and_tags_are_the_tool_s() -> None:
    engine = "\n".join(file.read_text() for file in (ROOT / "Sources" / "Engine").rglob("*.swift"))
    text = json.dumps(POLICIES)
    for name in set(re.findall(r"cloudrails:[a-z]+", text)) | {"blockchain-node-role", "099720109477"}:
        assert name in text and f'"{name}"' in engine, name
    assert "AmazonSSMManagedInstanceCore" in engine
    # Canonical's accounts in China and GovCloud.
    for account in ("837727238323", "513442679011"):
        assert f"`{account}`" in DOCUMENT and f'"{account}"' in engine
