"""node start, stop, restart and resize: the client goes first, and a run that was cut short is finished by another."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import Cloudrails, Endpoint
from node_machine import launched

NODE = "bitcoin.org-signet"


def state(endpoint: Endpoint, node: dict[str, Any]) -> tuple[str, str]:
    found = endpoint.client("ec2").describe_instances(InstanceIds=[node["instance"]])["Reservations"][0]["Instances"][0]
    return found["State"]["Name"], found["InstanceType"]


def test_stop_and_start(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, machine = launched(cloudrails, endpoint)
    endpoint.moods(stopping=0.6, pending=0.6)
    endpoint.forget()
    assert cloudrails.ok("node", "stop", NODE, "--json").json["state"] == "stopped"
    assert endpoint.mutating() == ["SendCommand", "StopInstances"] and machine.said() == ["stop"]
    endpoint.forget()
    cloudrails.ok("node", "stop", NODE)
    assert endpoint.mutating() == []
    assert cloudrails.ok("node", "start", NODE, "--json").json["state"] == "running"
    # The machine starts its client by itself.
    assert endpoint.mutating() == ["StartInstances"] and machine.said() == []
    endpoint.forget()
    cloudrails.ok("node", "start", NODE)
    assert endpoint.mutating() == ["SendCommand"] and machine.said() == ["start"]
    assert state(endpoint, node) == ("running", "t4g.medium")


@pytest.mark.parametrize("words", [["stop"], ["resize", "--instance-type", "t4g.large", "--yes"], ["restart", "--machine"]])
def test_a_client_that_cannot_be_asked(cloudrails: Cloudrails, endpoint: Endpoint, words: list[str]) -> None:
    node, machine = launched(cloudrails, endpoint)
    machine.fails("bitcoind.service did not stop in time and was killed")
    result = cloudrails("node", words[0], NODE, *words[1:])
    assert result.code == 1 and "was killed" in result.stderr and "--force" in result.stderr, result
    machine.away()
    result = cloudrails("node", words[0], NODE, *words[1:])
    assert result.code == 1 and "cannot be reached" in result.stderr and "--force" in result.stderr, result
    assert state(endpoint, node) == ("running", "t4g.medium")
    machine.said()
    cloudrails.ok("node", words[0], NODE, *words[1:], "--force")
    assert machine.said() == []


def test_restart(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    _, machine = launched(cloudrails, endpoint)
    endpoint.forget()
    cloudrails.ok("node", "restart", NODE)
    assert machine.said() == ["restart"] and endpoint.mutating() == ["SendCommand"]
    cloudrails.ok("node", "restart", NODE, "--machine")
    assert machine.said() == ["stop"] and endpoint.mutating()[1:] == ["SendCommand", "RebootInstances"]


def test_resize(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, machine = launched(cloudrails, endpoint)
    endpoint.moods(stopping=0.6, pending=0.6)
    resize = ["node", "resize", NODE, "--yes", "--instance-type"]
    endpoint.forget()
    assert cloudrails.ok(*resize, "t4g.large", "--json").json["type"] == "t4g.large"
    assert endpoint.mutating() == ["SendCommand", "StopInstances", "ModifyInstanceAttribute", "StartInstances"]
    assert machine.said() == ["stop"] and state(endpoint, node) == ("running", "t4g.large")
    endpoint.forget()
    cloudrails.ok(*resize, "t4g.large")
    assert endpoint.mutating() == []
    for wrong, said in (("t3.large", "x86_64"), ("t9.huge", "no instance type")):
        result = cloudrails(*resize, wrong)
        assert result.code == 64 and said in result.stderr, result
    assert endpoint.mutating() == []


def test_a_zone_without_capacity_says_so(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, _ = launched(cloudrails, endpoint)
    full = [{"action": "StartInstances", "code": "InsufficientInstanceCapacity", "message": "none", "status": 500}]
    endpoint.moods(refusals=full)
    result = cloudrails("node", "resize", NODE, "--yes", "--instance-type", "t4g.large")
    assert result.code == 75 and "node resize" in result.stderr, result
    assert state(endpoint, node) == ("stopped", "t4g.large")
    endpoint.moods(refusals=[])
    cloudrails.ok("node", "resize", NODE, "--yes", "--instance-type", "t4g.large")
    assert state(endpoint, node) == ("running", "t4g.large")


def test_a_spot_node_cannot_be_stopped(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    _, machine = launched(cloudrails, endpoint, "--spot")
    endpoint.forget()
    result = cloudrails("node", "stop", NODE)
    assert result.code == 1 and "spot" in result.stderr and machine.said() == [] and endpoint.mutating() == [], result


def test_a_plan_stops_nothing(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    _, machine = launched(cloudrails, endpoint)
    endpoint.forget()
    plan = cloudrails.ok("node", "resize", NODE, "--instance-type", "t4g.large", "--dry-run", "--json").json["calls"]
    assert [call["action"] for call in plan] == [
        "SendCommand", "StopInstances", "ModifyInstanceAttribute", "StartInstances"]
    assert endpoint.mutating() == [] and machine.said() == []
