"""network allow-ssh and deny-ssh, with boto3 looking at the security group."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cloudrails, Endpoint


def group(endpoint: Endpoint) -> dict[str, Any]:
    groups = endpoint.client("ec2").describe_security_groups()["SecurityGroups"]
    return next(one for one in groups if one["GroupName"] == "blockchain-nodes-sg")


def opened(endpoint: Endpoint) -> list[str]:
    return sorted(
        one["CidrIp"] for rule in group(endpoint)["IpPermissions"] if rule.get("FromPort") == 22
        for one in rule["IpRanges"])


def test_opened_and_closed(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("network", "create")
    office, home = "203.0.113.0/24", "198.51.100.7/32"
    for source in (office, "198.51.100.7"):
        assert cloudrails.ok("network", "allow-ssh", source, "--json").json["isChanged"]
    assert opened(endpoint) == [home, office]
    endpoint.forget()
    again = cloudrails.ok("network", "allow-ssh", office, "--json").json
    assert not again["isChanged"] and again["openTo"] == [home, office]
    assert endpoint.mutating() == []

    assert cloudrails.ok("network", "deny-ssh", home, "--json").json["openTo"] == [office]
    assert opened(endpoint) == [office]
    endpoint.forget()
    assert not cloudrails.ok("network", "deny-ssh", home, "--json").json["isChanged"]
    assert endpoint.mutating() == []

    cloudrails.ok("network", "allow-ssh", home)
    assert "closed" in cloudrails.ok("network", "deny-ssh", "all").stdout
    assert opened(endpoint) == []


def test_what_others_opened_is_told_and_left(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("network", "create", "--ssh-from", "203.0.113.7")
    endpoint.client("ec2").authorize_security_group_ingress(
        GroupId=group(endpoint)["GroupId"], IpProtocol="tcp", FromPort=20, ToPort=30, CidrIp="192.0.2.0/24")
    result = cloudrails.ok("network", "deny-ssh", "all")
    assert "warning:" in result.stderr and "192.0.2.0/24" in result.stderr, result
    assert [rule["FromPort"] for rule in group(endpoint)["IpPermissions"]] == [20]


def test_a_lost_answer_is_no_failure(proxied: Cloudrails, endpoint: Endpoint, proxy: Any) -> None:
    proxied.ok("network", "create")
    for words, action, wanted in (
        (("allow-ssh", "203.0.113.7"), "AuthorizeSecurityGroupIngress", ["203.0.113.7/32"]),
        (("deny-ssh", "all"), "RevokeSecurityGroupIngress", []),
    ):
        proxy.rules({"action": action, "nth": 1, "fault": "cut-after"})
        proxied.ok("network", *words)
        assert opened(endpoint) == wanted


@pytest.mark.parametrize("verb", ["allow-ssh", "deny-ssh"])
def test_without_a_network(cloudrails: Cloudrails, verb: str) -> None:
    result = cloudrails("network", verb, "203.0.113.7")
    assert result.code == 1 and "cloudrails network create" in result.stderr, result
