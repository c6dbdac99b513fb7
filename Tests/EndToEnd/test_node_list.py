"""node list tells what each node wrote into its tag."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from conftest import Cloudrails, Endpoint

TARGET = "bitcoin.org/signet"


def report(endpoint: Endpoint, instance: str, text: str, minutes: int = 1) -> None:
    at = (datetime.now(timezone.utc) - timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%MZ")
    endpoint.client("ec2").create_tags(
        Resources=[instance], Tags=[{"Key": "cloudrails:status", "Value": text.replace("NOW", at)}])


def rows(cloudrails: Cloudrails) -> dict[str, dict[str, str]]:
    lines = [line.split("\t") for line in cloudrails.ok("node", "list").stdout.splitlines()]
    return {cells[0]: dict(zip(lines[0], cells)) for cells in lines[1:]}


def test_the_columns(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    made = {
        name: cloudrails.ok("node", "launch", TARGET, "--yes", "--name", name, "--json").json["node"]["instance"]
        for name in ("fresh", "old", "silent", "broken")}
    report(endpoint, made["fresh"], "state=syncing height=812000 target=910000 disk=61 at=NOW")
    report(endpoint, made["old"], "state=synced height=900000 target=900000 disk=70 at=NOW", minutes=16)
    report(endpoint, made["broken"], "state=failed height=0 target=0 disk=0 at=NOW reason=no space left: /data is full")
    endpoint.forget()
    table = rows(cloudrails)
    assert [call["action"] for call in endpoint.calls()] == ["DescribeInstances"]
    shown = {name: [row[column] for column in ("STATE", "HEIGHT", "LAG", "DISK")] for name, row in table.items()}
    assert shown == {
        "fresh": ["syncing", "812000", "98000", "61 %"], "old": ["synced?", "900000", "0", "70 %"],
        "silent": ["running", "-", "-", "-"], "broken": ["failed", "-", "-", "0 %"]}
    nodes = {node["name"]: node for node in cloudrails.ok("node", "list", "--json").json["nodes"]}
    assert nodes["old"]["reported"]["isStale"] and not nodes["fresh"]["reported"]["isStale"]
    assert nodes["broken"]["reported"]["reason"] == "no space left: /data is full"
    assert "reported" not in nodes["silent"] and nodes["fresh"]["state"] == "running"

    endpoint.client("ec2").stop_instances(InstanceIds=[made["fresh"]])
    assert rows(cloudrails)["fresh"]["STATE"] == "stopped"
