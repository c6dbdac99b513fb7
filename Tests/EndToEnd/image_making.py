"""A node whose images are made, and what there is of them, by boto3."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cloudrails, Endpoint, Proxy
from images import NODE
from node_machine import NodeMachine, launched

CREATE = ["image", "create", NODE]
HEIGHT = 232_000


@pytest.fixture
def machine(cloudrails: Cloudrails, endpoint: Endpoint) -> NodeMachine:
    cloudrails.environment["CLOUDRAILS_CONSISTENCY_WINDOW"] = "0.3"
    return launched(cloudrails, endpoint)[1]


def images(endpoint: Endpoint) -> list[dict[str, Any]]:
    return endpoint.client("ec2").describe_images(Owners=["self"])["Images"]


def snapshots(endpoint: Endpoint) -> list[dict[str, Any]]:
    return endpoint.client("ec2").describe_snapshots(OwnerIds=["self"])["Snapshots"]


def asked(machine: NodeMachine) -> list[str]:
    """The helper's words since the last look, without tokens."""
    return [" ".join(line.split()[:1]) for line in machine.said()]


def killed(proxied: Cloudrails, proxy: Proxy, action: str, fault: str, *words: str, nth: int = 1) -> None:
    proxy.rules({"action": action, "nth": nth, "fault": fault})
    process = proxied.start(*words, CLOUDRAILS_CONSISTENCY_WINDOW="0.3")
    proxy.process(process.pid)
    process.communicate(timeout=60)
    proxy.rules()
    assert process.returncode == -9
