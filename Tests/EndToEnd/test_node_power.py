"""node start, stop, restart, resize and terminate: the client goes first, and a run that was cut short is finished by another."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import Cloudrails, Endpoint
from machine import Sshd, launch
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


TERMINATE = ["node", "terminate", NODE, "--yes"]
UNREACHED = f"{NODE} could not be reached: EC2 ends its client"


def test_a_node_whose_data_is_kept_ends_its_client_first(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, machine = launched(cloudrails, endpoint)
    endpoint.forget()
    plan = cloudrails.ok(*TERMINATE, "--dry-run", "--json").json["calls"]
    assert [call["action"] for call in plan] == ["SendCommand", "TerminateInstances"]
    assert endpoint.mutating() == [] and machine.said() == []
    assert cloudrails.ok(*TERMINATE, "--json").json["keptVolume"] == node["dataVolume"]
    assert endpoint.mutating() == ["SendCommand", "TerminateInstances"] and machine.said() == ["stop"]
    endpoint.forget()
    cloudrails.ok(*TERMINATE)
    assert endpoint.mutating() == []


@pytest.mark.parametrize("option", ["--delete-data", "--force"])
def test_a_client_that_is_not_asked_before_the_end(cloudrails: Cloudrails, endpoint: Endpoint, option: str) -> None:
    node, machine = launched(cloudrails, endpoint)
    endpoint.forget()
    result = cloudrails.ok(*TERMINATE, option)
    assert machine.said() == [] and "SendCommand" not in endpoint.mutating() and UNREACHED not in result.stderr
    assert state(endpoint, node)[0] == "terminated"


def test_a_stopped_node_is_not_asked_before_the_end(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    _, machine = launched(cloudrails, endpoint)
    cloudrails.ok("node", "stop", NODE)
    machine.said()
    endpoint.forget()
    result = cloudrails.ok(*TERMINATE)
    assert endpoint.mutating() == ["TerminateInstances"] and machine.said() == [] and UNREACHED not in result.stderr


@pytest.mark.parametrize("trouble", ["offline", "never registered", "refused"])
def test_a_node_that_cannot_be_reached_is_terminated(cloudrails: Cloudrails, endpoint: Endpoint, trouble: str) -> None:
    if trouble == "never registered":
        cloudrails.ok("node", "launch", "bitcoin.org/signet", "--yes")
    else:
        _, machine = launched(cloudrails, endpoint)
    if trouble == "offline":
        machine.away()
    if trouble == "refused":
        endpoint.moods(denied=["DescribeInstanceInformation"])
    endpoint.forget()
    result = cloudrails.ok(*TERMINATE)
    assert result.stderr.count(UNREACHED) == 1 and "ssm: " in result.stderr and "ssh: port 22" in result.stderr, result
    assert endpoint.mutating() == ["TerminateInstances"]


@pytest.mark.parametrize("is_over", [False, True])
def test_data_is_not_deleted_after_the_end_has_begun(
    cloudrails: Cloudrails, endpoint: Endpoint, is_over: bool
) -> None:
    """A first run that keeps the data is cut short, or ends; a second one that is to delete it comes too late."""
    node, _ = launched(cloudrails, endpoint)
    endpoint.moods(stopping=4.0)
    process = cloudrails.start(*TERMINATE)
    while "TerminateInstances" not in endpoint.mutating():
        assert process.poll() is None
        time.sleep(0.05)
    if not is_over:
        process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == (0 if is_over else 130)
    late = cloudrails(*TERMINATE, "--delete-data")
    volume = node["dataVolume"]
    assert late.code == 1 and late.stdout == "" and f"cloudrails volume delete {volume}" in late.stderr, late
    kept = cloudrails.ok(*TERMINATE, "--json").json
    assert (kept["node"]["state"], kept["keptVolume"]) == ("terminated", volume) and kept["keptVolumeMonthlyUSD"] > 0
    cloudrails.ok("volume", "delete", volume, "--yes")
    assert "keptVolume" not in cloudrails.ok(*TERMINATE, "--delete-data", "--json").json


def test_a_node_on_which_nothing_is_installed_is_terminated(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    launch(cloudrails, endpoint)
    assert "none is installed yet" in cloudrails.ok(*TERMINATE).stderr
    assert endpoint.mutating()[-2:] == ["SendCommand", "TerminateInstances"]


def test_a_client_that_does_not_stop_keeps_its_node(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, machine = launched(cloudrails, endpoint)
    machine.fails("bitcoind.service did not stop in time and was killed")
    endpoint.forget()
    result = cloudrails(*TERMINATE)
    assert result.code == 1 and "was killed" in result.stderr and "--force" in result.stderr, result
    assert endpoint.mutating() == ["SendCommand"] and state(endpoint, node)[0] == "running"


def test_a_lost_connection_is_no_reason_to_end_a_client_that_closes(
    cloudrails: Cloudrails, endpoint: Endpoint, tmp_path: Path
) -> None:
    node, machine = launched(cloudrails, endpoint)
    sshd = Sshd(machine, cloudrails, tmp_path / "sshd")
    machine.helper(f"""
        kill {sshd.process.pid}
        pid=$PPID
        while [ "$(cat /proc/$pid/comm)" != sshd ]; do pid=$(awk '/^PPid/ {{ print $2 }}' /proc/$pid/status); done
        kill -9 "$pid" """)
    result = cloudrails(*TERMINATE, "--via", "ssh")
    sshd.stop()
    assert result.code == 75 and "lost three times" in result.stderr and machine.said() == ["stop"], result
    assert state(endpoint, node)[0] == "running"


def test_a_name_is_free_again_when_its_node_shows_no_more(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    """EC2 remembers the token of a launch for longer than it shows the terminated instance."""
    endpoint.moods(forgets=True)
    made = set()
    for _ in range(3):
        made.add(cloudrails.ok("node", "launch", "bitcoin.org/signet", "--yes", "--json").json["node"]["instance"])
        cloudrails.ok(*TERMINATE, "--delete-data")
        assert cloudrails.ok("node", "list", "--json").json["nodes"] == []
    assert len(made) == 3
