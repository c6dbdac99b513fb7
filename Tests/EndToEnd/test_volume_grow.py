"""volume grow, attach and detach: what AWS is asked, and what the node is."""

from __future__ import annotations

from typing import Any

from conftest import REGION, Cloudrails, Endpoint
from node_machine import launched

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"


def grow(cloudrails: Cloudrails, size: int, name: str = NODE, **environment: str) -> Any:
    return cloudrails("volume", "grow", name, "--size", str(size), "--yes", "--json", **environment)


def size(endpoint: Endpoint, volume: str) -> int:
    return endpoint.client("ec2").describe_volumes(VolumeIds=[volume])["Volumes"][0]["Size"]


def test_the_volume_grows_and_then_its_file_system(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, machine = launched(cloudrails, endpoint)
    endpoint.moods(modifying=0.8)
    endpoint.forget()
    result = cloudrails.ok("volume", "grow", NODE, "--size", "200", "--yes", "--json")
    assert result.json["isChanged"] and result.json["fileSystem"] == "grown"
    assert (result.json["volume"]["sizeGiB"], size(endpoint, node["dataVolume"])) == (200, 200)
    assert machine.said() == ["grow 200"] and "%" in result.stderr
    # The file system grew when the volume showed its new size, not before.
    actions = [call["action"] for call in endpoint.calls()]
    assert actions.count("ModifyVolume") == 1 and actions.count("DescribeVolumesModifications") > 2
    assert actions.index("SendCommand") > actions.index("ModifyVolume")
    endpoint.forget()
    again = grow(cloudrails, 200).json
    # The node is asked again, as nobody else knows its file system; AWS is not asked to change anything.
    assert not again["isChanged"] and endpoint.mutating() == ["SendCommand"]


def test_one_change_at_a_time(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, _ = launched(cloudrails, endpoint)
    endpoint.moods(modifying=3600)
    endpoint.client("ec2").modify_volume(VolumeId=node["dataVolume"], Size=250)
    endpoint.forget()
    result = grow(cloudrails, 300)
    assert result.code == 75 and "under way" in result.stderr and "to 250 GiB" in result.stderr, result
    # The same size is what is under way already: it is waited for.
    endpoint.moods(modifying=1.0)
    assert not grow(cloudrails, 250).json["isChanged"]
    assert endpoint.mutating() == ["SendCommand"]


def test_a_change_that_began_unseen(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    """Nothing shows of a change that somebody else has just begun, so AWS's own refusal has to serve."""
    launched(cloudrails, endpoint)
    message = "Volume cannot be modified in modification state OPTIMIZING"
    endpoint.moods(refusals=[{"action": "ModifyVolume", "code": "IncorrectModificationState", "message": message}])
    result = grow(cloudrails, 300, CLOUDRAILS_CONSISTENCY_WINDOW="0.3")
    assert result.code == 75 and message in result.stderr and "under way" in result.stderr, result


def test_aws_counts_changes(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    launched(cloudrails, endpoint)
    for gib in (110, 120, 130, 140):
        assert grow(cloudrails, gib).code == 0
    result = grow(cloudrails, 150)
    assert result.code == 75 and "maximum modification rate" in result.stderr and "24 hours" in result.stderr, result


def test_sizes_that_cannot_be(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    launched(cloudrails, endpoint, "--disk-size", "100", "--volume-type", "gp2")
    endpoint.forget()
    result = grow(cloudrails, 50)
    assert result.code == 64 and "never shrinks" in result.stderr, result
    result = grow(cloudrails, 20_000)
    assert result.code == 64 and "16384" in result.stderr, result
    assert endpoint.mutating() == []


def test_a_client_that_a_full_disk_has_ended(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    _, machine = launched(cloudrails, endpoint)
    for disk, is_told in ((100, True), (95, True), (94, False)):
        machine.tag(f"state=starting height=1 target=2 disk={disk} at=2026-11-24T10:05Z reason=geth.service is not active")
        result = grow(cloudrails, 200)
        assert result.code == 0 and (f"cloudrails node start {NODE}" in result.stderr) == is_told, result


def test_a_file_system_that_does_not_follow(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, machine = launched(cloudrails, endpoint)
    machine.fails("the volume still shows 80 GiB: run it again once AWS has begun to optimize the volume")
    result = grow(cloudrails, 200)
    assert result.code == 1 and "has 200 GiB, but the file system" in result.stderr, result
    assert "still shows 80 GiB" in result.stderr and "same command again" in result.stderr, result
    (machine.folder / "fails").unlink()
    machine.away()
    result = grow(cloudrails, 200)
    assert result.code == 1 and "cannot be reached" in result.stderr and "same command again" in result.stderr, result
    endpoint.machine(node["instance"], ping="Online")
    assert grow(cloudrails, 200).json["fileSystem"] == "grown"
    assert endpoint.mutating().count("ModifyVolume") == 1


def test_a_volume_that_no_machine_serves(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, machine = launched(cloudrails, endpoint)
    endpoint.client("ec2").stop_instances(InstanceIds=[node["instance"]])
    assert grow(cloudrails, 200).json["fileSystem"] == "growsAtStart"
    cloudrails.ok("node", "terminate", NODE, "--yes")
    assert grow(cloudrails, 300, node["dataVolume"]).json["fileSystem"] == "growsAtStart"
    assert machine.said() == [] and size(endpoint, node["dataVolume"]) == 300


def test_from_one_node_to_another(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, machine = launched(cloudrails, endpoint)
    machine.mounted()
    data = node["dataVolume"]
    free = cloudrails.ok("volume", "detach", NODE, "--yes", "--json").json
    assert (free["id"], free["state"]) == (data, "available") and "instance" not in free
    assert machine.said() == ["stop", "umount /data"]
    endpoint.forget()
    cloudrails.ok("volume", "detach", data, "--yes")
    assert endpoint.mutating() == []

    endpoint.moods(attaching=0.6)
    (machine.folder / "mounted").unlink()
    attached = cloudrails.ok("volume", "attach", data, NODE, "--json").json
    assert attached["instance"] == node["instance"]
    assert machine.said() == ["systemctl restart --no-block cloudrails-bootstrap.service"]
    machine.mounted()
    endpoint.forget()
    cloudrails.ok("volume", "attach", data, NODE)
    assert endpoint.mutating() == ["SendCommand"] and machine.said() == []


def test_what_does_not_fit_is_not_attached(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node, _ = launched(cloudrails, endpoint)
    cloudrails.ok("node", "launch", TARGET, "--yes", "--name", "far", "--zone", f"{REGION}b")
    far = cloudrails.ok("node", "terminate", "far", "--yes", "--json").json["keptVolume"]
    endpoint.forget()
    for words, said in (
        ((far, NODE), f"it is {node['dataVolume']}"),
        ((node["dataVolume"], "nobody"), "no node named"),
    ):
        result = cloudrails("volume", "attach", *words)
        assert result.code == 1 and said in result.stderr, result
    cloudrails.ok("node", "launch", TARGET, "--yes", "--name", "other")
    result = cloudrails("volume", "attach", node["dataVolume"], "other")
    assert result.code == 1 and "is in use" in result.stderr, result
    endpoint.client("ec2").stop_instances(InstanceIds=[node["instance"]])
    cloudrails.ok("volume", "detach", NODE, "--yes")
    result = cloudrails("volume", "attach", far, NODE)
    assert result.code == 64 and "never leaves its zone" in result.stderr, result


def test_a_mounted_volume_is_not_torn_away(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    _, machine = launched(cloudrails, endpoint)
    machine.away()
    endpoint.forget()
    result = cloudrails("volume", "detach", NODE, "--yes")
    assert result.code == 1 and "cannot be reached" in result.stderr, result
    assert f"cloudrails node stop {NODE} --force" in result.stderr and endpoint.mutating() == []
