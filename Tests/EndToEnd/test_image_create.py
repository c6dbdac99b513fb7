"""image create: the node's machine tells what it was asked and whether it is sealed; boto3 and the AWS CLI look at
the images."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from conftest import REGION, Cloudrails, Endpoint, Proxy
from image_making import CREATE, HEIGHT, asked, images, killed, machine, snapshots
from images import NODE, TARGET, tags
from machine import Sshd
from node_machine import NodeMachine
from screen import Screen

AWS = Path(sys.executable).with_name("aws")


def test_an_image_tells_what_it_is(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    result = cloudrails.ok(*CREATE, "--json")
    made = result.json
    [image] = images(endpoint)
    assert (made["image"]["id"], made["isNew"], made["stoppedSeconds"]) == (image["ImageId"], True, 2)
    assert re.fullmatch(rf"cloudrails/{TARGET}/h000000232000/31\.1/\d{{8}}T\d{{4}}Z-arm64", image["Name"])
    assert image["Description"] == (
        f"cloudrails {TARGET} height=232000 hash=00ab client=bitcoin-core 31.1 consistency=clean")
    known = {
        "cloudrails:node": NODE, "cloudrails:chain": TARGET, "cloudrails:height": "232000", "cloudrails:hash": "00ab",
        "cloudrails:client": "bitcoin-core 31.1", "cloudrails:consistency": "clean", "cloudrails:unfinished": "", "Name": NODE}
    assert image["State"] == "available" and image["SourceInstanceId"] == machine.instance
    for one in [image, *snapshots(endpoint)]:
        token = tags(one).pop("cloudrails:seal")
        assert token and {**known, "cloudrails:seal": token} == tags(one)
    assert [disk["DeviceName"] for disk in image["BlockDeviceMappings"]] == ["/dev/sda1", "/dev/xvdf"]
    assert asked(machine) == ["seal", "unseal"] and not machine.is_sealed()
    call = next(call for call in endpoint.calls() if call["action"] == "CreateImage")
    assert call["parameters"]["NoReboot"] == "true"
    assert "its client was down for 2 s" in result.stderr


def test_the_aws_cli_finds_it(cloudrails: Cloudrails, machine: NodeMachine) -> None:
    made = cloudrails.ok(*CREATE, "--name-suffix", "before-the-fork", "--json").json["image"]
    done = subprocess.run(
        [AWS, "ec2", "describe-images", "--owners", "self", "--filters", f"Name=tag:cloudrails:node,Values={NODE}",
         "--query", "Images[].[ImageId,Name]", "--output", "json"],
        env={**os.environ, **cloudrails.environment, "AWS_DEFAULT_REGION": REGION, "AWS_PAGER": ""}, capture_output=True,
        text=True, timeout=120, check=True)
    assert json.loads(done.stdout) == [[made["id"], made["name"]]]
    assert made["name"].endswith("-arm64@before-the-fork")


def test_a_second_run_changes_nothing(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    first = cloudrails.ok(*CREATE, "--json").json["image"]["id"]
    machine.said()
    endpoint.forget()
    again = cloudrails.ok(*CREATE, "--json")
    assert (again.json["image"]["id"], again.json["isNew"]) == (first, False) and "--new" in again.stderr
    assert endpoint.mutating() == [] and asked(machine) == []
    # Another suffix is another image.
    assert cloudrails.ok(*CREATE, "--name-suffix", "b", "--json").json["isNew"]
    machine.knows(height=HEIGHT + 1)
    assert cloudrails.ok(*CREATE, "--new", "--json").json["image"]["height"] == HEIGHT + 1
    assert len(images(endpoint)) == 3 and len(snapshots(endpoint)) == 6


def test_the_node_goes_on_while_aws_copies(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    endpoint.moods(imaging=60.0)
    process = cloudrails.start(*CREATE)
    while not any(tags(one).get("cloudrails:consistency") == "clean" for one in images(endpoint)):
        assert process.poll() is None
        time.sleep(0.05)
    assert not machine.is_sealed() and images(endpoint)[0]["State"] == "pending"
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and "same command" in stderr
    endpoint.moods(imaging=0.0)
    endpoint.forget()
    result = cloudrails.ok(*CREATE, "--json").json
    assert (result["image"]["state"], result["isNew"]) == ("available", False) and len(images(endpoint)) == 1
    # The note that it is finished.
    assert endpoint.mutating() == ["CreateTags"]


def test_the_wait_shows_percent_and_time(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    endpoint.moods(imaging=3.0)
    assert re.search(r"copying ami-\w+: \d+ %, about \d+ s to go", cloudrails.ok(*CREATE).stderr)


def test_wallets_are_refused_by_name(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    wallets = ["/data/bitcoin.org/wallets/mine/wallet.dat", "/home/ubuntu/keystore"]
    machine.holds(*wallets)
    endpoint.forget()
    for words in ([], ["--crash-consistent"], ["--allow", wallets[0]]):
        result = cloudrails(*CREATE, *words)
        assert result.code == 1 and wallets[1] in result.stderr and "--allow" in result.stderr
        assert (wallets[0] in result.stderr) == ("--allow" not in words)
    assert images(endpoint) == [] and not machine.is_sealed() and "CreateImage" not in endpoint.mutating()
    allowing = [*CREATE, "--allow", wallets[0], "--allow", wallets[1], "--json"]
    made = cloudrails.ok(*allowing).json["image"]["id"]
    # That image is nobody else's, and none for a run that allows less.
    assert {tags(one)["cloudrails:allowed"] for one in [*images(endpoint), *snapshots(endpoint)]} == {", ".join(sorted(wallets))}
    endpoint.moods(image_block="unblocked")
    for words in ([], ["--public"], ["--allow", wallets[0]]):
        assert "must not be on an image" in cloudrails(*CREATE, *words).stderr and len(images(endpoint)) == 1
    for words in (["publish", made, "--yes"], ["share", made, "--account", "111122223333"]):
        refused = cloudrails("image", *words)
        assert refused.code == 1 and wallets[0] in refused.stderr and "--force" in refused.stderr
    assert not images(endpoint)[0]["Public"]
    again = cloudrails.ok(*allowing, "--public")
    assert again.json["image"]["id"] == made and images(endpoint)[0]["Public"] and wallets[0] in again.stderr
    assert len(images(endpoint)) == 1


def test_crash_consistent_says_so(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    machine.reports(height=None)
    unknown = cloudrails(*CREATE, "--crash-consistent")
    assert unknown.code == 75 and "does not know its height" in unknown.stderr and images(endpoint) == []
    machine.reports(height=4711, hash="00cd")
    result = cloudrails.ok(*CREATE, "--crash-consistent", "--json").json
    [image] = images(endpoint)
    assert result["image"]["consistency"] == "crash" and "stoppedSeconds" not in result
    assert image["Description"].endswith("height=4711 hash=00cd client=bitcoin-core 31.1 consistency=crash")
    assert {tags(one)["cloudrails:consistency"] for one in [image, *snapshots(endpoint)]} == {"crash"}
    assert "seal" not in asked(machine)
    # Asked for a clean one, it is not enough; the other way round it is.
    assert cloudrails.ok(*CREATE, "--json").json["isNew"]
    assert not cloudrails.ok(*CREATE, "--crash-consistent", "--json").json["isNew"]


@pytest.mark.parametrize("trouble", ["unknown height", "helper fails", "old helper", "no helper", "garbage", "offline"])
def test_a_node_that_cannot_be_sealed(
    cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine, trouble: str
) -> None:
    said = {
        "unknown height": "does not know its height", "helper fails": "the client would not stop",
        "old helper": f"cloudrails node upgrade {NODE}", "no helper": "has no cloudrails-node yet",
        "garbage": "cloudrails-node", "offline": "ssm: "}[trouble]
    if trouble == "unknown height":
        machine.knows(height=None)
    if trouble == "helper fails":
        machine.fails("the client would not stop")
    if trouble == "old helper":
        machine.helper("exit 64")
    if trouble == "no helper":
        (machine.folder / "bin" / "cloudrails-node").unlink()
    if trouble == "garbage":
        machine.helper("echo '{'")
    if trouble == "offline":
        machine.away()
    result = cloudrails(*CREATE)
    assert result.code in (1, 75) and said in result.stderr and result.stdout == "", result
    assert images(endpoint) == [] and not machine.is_sealed()
    assert ("ssh: " in result.stderr) == (trouble == "offline")


def test_a_node_that_went_on_too_early(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    machine.hasty()
    result = cloudrails(*CREATE)
    assert result.code == 75 and "would not be clean" in result.stderr, result
    assert images(endpoint) == [] and snapshots(endpoint) == [] and not machine.is_sealed()


def test_a_clock_that_is_wrong_is_told(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    machine.clock("+90 seconds")
    result = cloudrails(*CREATE)
    assert result.code == 75 and f"cloudrails node ssh {NODE} -- timedatectl" in result.stderr, result
    sealed, unsealed, began = re.findall(r"20\d\d-\d\d-\d\dT[\d:.]+Z", result.stderr)[:3]
    assert began < sealed < unsealed
    assert images(endpoint) == [] and snapshots(endpoint) == [] and not machine.is_sealed()


def test_snapshots_that_do_not_show_prove_nothing(
    cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine
) -> None:
    endpoint.moods(lag=30.0, born={})
    result = cloudrails(*CREATE)
    assert result.code == 75 and "AWS does not show its snapshots" in result.stderr, result
    assert "timedatectl" not in result.stderr and not machine.is_sealed()


def test_other_volumes_are_refused(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    ec2 = endpoint.client("ec2")
    second = ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=10)["VolumeId"]
    ec2.attach_volume(VolumeId=second, InstanceId=machine.instance, Device="/dev/xvdg")
    endpoint.forget()
    result = cloudrails(*CREATE)
    assert result.code == 1 and second in result.stderr and "more than one data volume" in result.stderr
    ec2.detach_volume(VolumeId=second, InstanceId=machine.instance)
    data = cloudrails.ok("node", "show", NODE, "--json").json["dataVolume"]
    ec2.detach_volume(VolumeId=data, InstanceId=machine.instance)
    result = cloudrails(*CREATE)
    assert result.code == 1 and "has no data volume" in result.stderr
    assert endpoint.mutating() == ["DetachVolume", "DetachVolume"] and asked(machine) == []


def test_a_stopped_node_is_refused(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    endpoint.client("ec2").stop_instances(InstanceIds=[machine.instance])
    result = cloudrails(*CREATE)
    assert result.code == 1 and f"cloudrails node start {NODE}" in result.stderr


def test_ctrl_c_while_it_is_sealed(
    cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, machine: NodeMachine, proxy: Proxy
) -> None:
    """Every call is slow: the user loses patience."""
    proxy.rules(delay=1)
    process = proxied.start(*CREATE, CLOUDRAILS_CONSISTENCY_WINDOW="0.3")
    while not machine.is_sealed() or not images(endpoint):
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and not machine.is_sealed(), stderr
    [image] = images(endpoint)
    assert tags(image)["cloudrails:consistency"] == "sealing"
    result = cloudrails.ok(*CREATE, "--json").json
    assert (result["image"]["id"], result["isNew"], result["stoppedSeconds"]) == (image["ImageId"], False, 2)
    assert tags(images(endpoint)[0])["cloudrails:consistency"] == "clean"


@pytest.mark.parametrize("record", ["kept", "of another seal", "lost", "too short"])
def test_what_a_killed_run_left_is_proved_or_removed(
    cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, machine: NodeMachine, proxy: Proxy, record: str
) -> None:
    killed(proxied, proxy, "CreateImage", "kill-after", *CREATE)
    [left] = images(endpoint)
    assert machine.is_sealed() and tags(left)["cloudrails:consistency"] == "sealing"
    # The node's own timer.
    told = machine.run("unseal")
    changed = {
        "kept": told, "of another seal": {**told, "token": "other"}, "lost": {},
        "too short": {**told, "unsealed": told["sealed"]}}[record]
    (machine.folder / "record").write_text(json.dumps(changed))
    machine.knows(height=HEIGHT + 1)
    result = cloudrails.ok(*CREATE, "--json")
    [image] = images(endpoint)
    assert (image["ImageId"] == left["ImageId"]) == (record == "kept") == (not result.json["isNew"])
    assert tags(image)["cloudrails:consistency"] == "clean" and len(snapshots(endpoint)) == 2
    assert (f"{left['ImageId']} of" in result.stderr and "removed" in result.stderr) == (record != "kept")
    assert not machine.is_sealed()


@pytest.mark.parametrize("action, fault", [
    ("CreateTags", "kill-before"), ("CreateTags", "kill-after"), ("DeregisterImage", "kill-before"),
    ("DeregisterImage", "kill-after"), ("DeregisterImage", "cut-after"),
])
def test_a_removal_that_is_cut_short(
    cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, machine: NodeMachine, proxy: Proxy, action: str,
    fault: str
) -> None:
    killed(proxied, proxy, "CreateImage", "kill-after", *CREATE)
    machine.run("unseal")
    (machine.folder / "record").unlink()
    machine.knows(height=HEIGHT + 1)
    if fault.startswith("kill"):
        killed(proxied, proxy, action, fault, *CREATE)
    else:
        proxy.rules({"action": action, "nth": 1, "fault": fault})
        proxied.ok(*CREATE)
    cloudrails.ok(*CREATE)
    [image] = images(endpoint)
    assert tags(image)["cloudrails:height"] == str(HEIGHT + 1) and len(snapshots(endpoint)) == 2
    assert tags(image)["cloudrails:consistency"] == "clean" and not machine.is_sealed()


def test_a_killed_run_whose_image_does_not_show_yet(
    cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, machine: NodeMachine, proxy: Proxy
) -> None:
    endpoint.moods(lag=2.0, born={})
    killed(proxied, proxy, "CreateImage", "kill-after", *CREATE)
    result = cloudrails.ok(*CREATE, "--json", CLOUDRAILS_CONSISTENCY_WINDOW="5").json
    assert len(images(endpoint)) == 1 and result["image"]["consistency"] == "clean" and not machine.is_sealed()


def test_an_image_that_aws_could_not_make(
    cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, machine: NodeMachine, proxy: Proxy
) -> None:
    endpoint.moods(failing=["imaging"])
    result = cloudrails(*CREATE)
    assert result.code == 75 and "could not make" in result.stderr and "Internal error" in result.stderr
    assert images(endpoint) == [] and snapshots(endpoint) == [] and not machine.is_sealed()
    killed(proxied, proxy, "CreateTags", "kill-after", *CREATE)
    assert [one["State"] for one in images(endpoint)] == ["failed"]
    endpoint.moods(failing=[])
    machine.knows(height=HEIGHT + 1)
    result = cloudrails.ok(*CREATE)
    assert "left half-made by an earlier run" in result.stderr
    assert [one["State"] for one in images(endpoint)] == ["available"] and len(snapshots(endpoint)) == 2


@pytest.mark.parametrize("code, exit_code, said", [
    ("ConcurrentSnapshotLimitExceeded", 75, "under way"), ("SnapshotLimitExceeded", 1, "quota"),
    ("UnauthorizedOperation", 77, "ec2:CreateImage"),
])
def test_what_aws_refuses_lets_the_node_go_on(
    cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine, code: str, exit_code: int, said: str
) -> None:
    endpoint.moods(refusals=[{"action": "CreateImage", "code": code, "message": "no"}])
    result = cloudrails(*CREATE)
    assert result.code == exit_code and said in result.stderr, result
    assert asked(machine) == ["seal", "unseal"] and not machine.is_sealed() and images(endpoint) == []


def test_a_name_that_is_taken(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    cloudrails.ok(*CREATE)
    for _ in range(2):
        result = cloudrails(*CREATE, "--new")
        if result.code != 0:
            break
        # The minute was over in between: now it has just begun.
    assert result.code == 75 and "--name-suffix" in result.stderr and not machine.is_sealed(), result


def test_a_plan_sends_nothing(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine) -> None:
    machine.tag("state=syncing height=4711 target=5000 disk=61 at=2026-11-24T10:05Z")
    endpoint.forget()
    calls = cloudrails.ok(*CREATE, "--dry-run", "--json").json["calls"]
    assert [call["action"] for call in calls] == ["SendCommand", "CreateImage", "SendCommand", "CreateTags", "CreateTags"]
    assert calls[0]["parameters"]["Comment"] == "cloudrails: cloudrails-node seal"
    assert "/h000000004711/" in calls[1]["parameters"]["Name"] and calls[1]["parameters"]["NoReboot"] == "true"
    crash = cloudrails.ok(*CREATE, "--dry-run", "--crash-consistent", "--json").json["calls"]
    assert [call["action"] for call in crash] == ["SendCommand"] * 3 + ["CreateImage", "CreateTags"]
    assert endpoint.mutating() == [] and asked(machine) == [] and images(endpoint) == []


def test_by_ssh(cloudrails: Cloudrails, endpoint: Endpoint, machine: NodeMachine, tmp_path: Path) -> None:
    server = Sshd(machine, cloudrails, tmp_path / "sshd")
    machine.set(console=server.console())
    try:
        assert cloudrails.ok(*CREATE, "--via", "ssh", "--json").json["image"]["consistency"] == "clean"
    finally:
        server.stop()
    assert asked(machine) == ["seal", "unseal"] and "SendCommand" not in [call["action"] for call in endpoint.calls()]


def test_steps_on_a_terminal(cloudrails: Cloudrails, machine: NodeMachine) -> None:
    screen = Screen(cloudrails, *CREATE)
    assert screen.answer({}) == 0
    for said in ("sealing", "at height 232000", "goes on", "down for 2 s", "nothing was writing"):
        assert said in screen.text


@pytest.mark.parametrize("words, said", [
    (["create", "a/b"], "cannot be a node's name"), (["create", NODE, "--name-suffix", "a b"], "--name-suffix"),
    (["create", NODE, "--name-suffix", "x" * 25], "at most 24"), (["create", NODE, "--allow", "wallet.dat"], "--allow"),
    (["create", NODE, "--allow", f"/{'x' * 256}"], "name their folder"),
    (["create", NODE, "--keep", "0"], "--keep"), (["update", TARGET, "--keep", "0"], "--keep"),
    (["create", NODE, "--public", "--crash-consistent"], "contradicts"),
    (["create", NODE, "--copy-to", "eu-west-1", "--copy-to", "eu-west-1"], "twice"),
    (["update", "bitcoin.org/signt"], TARGET), (["update"], "<target>"), (["create"], "<name>"),
])
def test_bad_input_is_refused_before_the_first_call(
    cloudrails: Cloudrails, endpoint: Endpoint, words: list[str], said: str
) -> None:
    result = cloudrails("image", *words)
    assert result.code == 64 and result.stdout == "" and said in result.stderr and endpoint.calls() == [], result
