"""Every call of every changing command fails once in every way; the same command, run again, comes to the same end."""

from __future__ import annotations

from typing import Any

import pytest

from conftest import REGION, Cloudrails, Endpoint, Proxy, inventory
from images import Images
from node_machine import machines

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"
FAR = "eu-west-1"
FAULTS = ["throttle", "error-500", "cut-before", "cut-after", "half", "kill-before", "kill-after"]
WINDOW = {"CLOUDRAILS_CONSISTENCY_WINDOW": "0.3"}
LAUNCHED = [["node", "launch", TARGET, "--yes"]]
KEPT = [["node", "launch", TARGET, "--yes", "--name", "old"], ["node", "terminate", "old", "--yes"]]
COMMANDS = {
    "network create": (["network", "create"], []),
    "node launch": (["node", "launch", TARGET, "--yes"], []),
    "node terminate": (["node", "terminate", NODE, "--yes", "--delete-data"], LAUNCHED),
    "node terminate (kept)": (["node", "terminate", NODE, "--yes"], LAUNCHED),
    "network delete": (["network", "delete", "--yes"], [["network", "create"]]),
    "node launch --volume": (["node", "launch", TARGET, "--yes", "--volume", "VOLUME"], KEPT),
    "node launch (image)": (["node", "launch", TARGET, "--yes"], []),
    "node launch --copy-image": (["node", "launch", TARGET, "--yes", "--copy-image", FAR], []),
    "node stop": (["node", "stop", NODE], LAUNCHED),
    "node start": (["node", "start", NODE], [*LAUNCHED, ["node", "stop", NODE, "--force"]]),
    "node resize": (["node", "resize", NODE, "--instance-type", "t4g.large", "--yes"], LAUNCHED),
    "volume grow": (["volume", "grow", NODE, "--size", "200", "--yes"], LAUNCHED),
    "volume snapshot": (["volume", "snapshot", NODE], LAUNCHED),
    "volume delete": (["volume", "delete", "VOLUME", "--yes"], KEPT),
    "volume detach": (["volume", "detach", NODE, "--yes"], LAUNCHED),
    "volume attach": (["volume", "attach", "VOLUME", NODE], [*LAUNCHED, ["volume", "detach", NODE, "--yes"]]),
    "node restart": (["node", "restart", NODE, "--machine"], LAUNCHED),
    "node upgrade": (["node", "upgrade", NODE, "--yes"], LAUNCHED),
    "network allow-ssh": (["network", "allow-ssh", "203.0.113.7"], [["network", "create"]]),
    "network deny-ssh": (
        ["network", "deny-ssh", "203.0.113.7"], [["network", "create"], ["network", "allow-ssh", "203.0.113.7"]]),
    "image create": (["image", "create", NODE], LAUNCHED),
    "image create --crash-consistent": (["image", "create", NODE, "--crash-consistent"], LAUNCHED),
    "image update": (["image", "update", TARGET], LAUNCHED),
    "image delete": (["image", "delete", "IMAGE", "--yes"], []),
    "image prune": (["image", "prune", "--keep", "1", "--yes"], []),
    "image publish": (["image", "publish", "IMAGE", "--yes"], []),
    "image unpublish": (["image", "unpublish", "IMAGE"], [["image", "publish", "IMAGE", "--yes"]]),
    "image deprecate": (["image", "deprecate", "IMAGE", "--after", "90"], []),
    "image share": (["image", "share", "IMAGE", "--account", "111122223333"], []),
    "image copy": (["image", "copy", "IMAGE", "--to", FAR], []),
}
# The heights of the images that are there before.
IMAGES = {
    "image update": [1, 2], "image delete": [1], "image prune": [1, 2, 3], "image publish": [1], "image share": [1],
    "image copy": [1], "image unpublish": [1], "image deprecate": [1], "node launch (image)": [1], "node launch --copy-image": [1]}
# What the plain command calls as well has failed in every way there.
CALLED_ONLY_HERE = {
    "node terminate (kept)": {"DescribeInstanceInformation", "SendCommand", "GetCommandInvocation", "TerminateInstances"},
    "node launch --volume": {"DescribeVolumes", "CreateTags", "RunInstances", "DescribeInstances", "AttachVolume"},
    "node launch (image)": {"DescribeImages", "DescribeInstances", "DescribeVolumeStatus", "RunInstances"},
    "node launch --copy-image": {"CopyImage", "DescribeImages", "RunInstances"}}
# Reads are repeated by the same code whatever the command: these four try them in every way, the others in two; but what
# a kill leaves of an image depends on the moment, so these try each of them.
IN_FULL = {"network create", "node launch", "node terminate", "network delete"}
EVERY_READ = {"image create", "image update", "image publish", "image copy", "image delete"}
READS = ("Describe", "Get")
# A second run of these asks the node again: nobody else knows.
ASKS_THE_NODE = {"node start", "node upgrade", "volume grow", "volume attach"}
# Run again, these say that nothing is left to be done, or do the like once more.
NOT_AGAIN = {"node terminate", "node terminate (kept)", "network delete", "volume delete", "node restart", "image delete"}
# What is ended already is there no more.
GONE = {
    "node terminate": "no node named", "node terminate (kept)": "no node named", "volume delete": "There is no volume",
    "image delete": "There is no image"}


def prepare(direct: Cloudrails, endpoint: Endpoint, command: str) -> list[str]:
    """What was there before, and the words of the command: ids of volumes and images are new ones each time."""
    words, steps = COMMANDS[command]
    endpoint.reset()
    for step in steps:
        if "IMAGE" not in step:
            direct.ok(*step)
        for machine in machines(endpoint):
            machine.reports(height=232_000, client="bitcoin-core 1.0")
    images = Images(endpoint, FAR if "--copy-image" in words else REGION)
    endpoint.moods(image_block="unblocked")
    made = [images.make(height) for height in IMAGES.get(command, [])]
    volumes = endpoint.client("ec2").describe_volumes()["Volumes"]
    ids = {"IMAGE": made, "VOLUME": [one["VolumeId"] for one in volumes if not one["Attachments"]]}
    for step in steps:
        if "IMAGE" in step:
            direct.ok(*with_ids(step, ids))
    return with_ids(words, ids)


def with_ids(words: list[str], ids: dict[str, list[str]]) -> list[str]:
    return [ids[word][0] if word in ids else word for word in words]


def outcome(endpoint: Endpoint) -> dict[str, list[Any]]:
    """What is in the account, and what runs on its machines."""
    return {**inventory(endpoint, REGION, FAR), "clients": [one.client() for one in machines(endpoint)]}


def actions_of(command: str, direct: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, proxy: Proxy) -> dict[str, int]:
    """Each action that the command calls, and how often."""
    words = prepare(direct, endpoint, command)
    proxy.rules()
    proxied.ok(*words)
    counts: dict[str, int] = {}
    for call in proxy.calls():
        counts[call["action"]] = counts.get(call["action"], 0) + 1
    return counts


@pytest.mark.matrix
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_call_fails_once(
    command: str, fault: str, cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, proxy: Proxy
) -> None:
    for one in (cloudrails, proxied):
        one.environment.update(WINDOW)
    counts = actions_of(command, cloudrails, proxied, endpoint, proxy)
    wanted = outcome(endpoint)
    for action, count in counts.items():
        if action not in CALLED_ONLY_HERE.get(command, counts):
            continue
        is_sample = command not in IN_FULL and action.startswith(READS)
        if is_sample and fault not in ("cut-after", "kill-after"):
            continue
        places = {1, count} if is_sample and command not in EVERY_READ else range(1, count + 1)
        for nth in places:
            words = prepare(cloudrails, endpoint, command)
            proxy.rules({"action": action, "nth": nth, "fault": fault})
            process = proxied.start(*words)
            proxy.process(process.pid)
            stdout, stderr = process.communicate(timeout=120)
            hit = [call for call in proxy.calls() if call["fault"]]
            if not hit and nth > 1 and is_sample:
                # A wait that needed fewer looks this time.
                continue
            assert hit, f"{action} {nth} was not called"
            if fault.startswith("kill"):
                assert process.returncode == -9, (action, nth, stderr)
            else:
                # What may be repeated has been repeated; what may not says so and asks for another run.
                assert process.returncode in (0, 69, 75), (action, nth, stdout, stderr)
                assert not any(one.is_sealed() for one in machines(endpoint)), (action, nth, stderr)
            if process.returncode != 0:
                proxy.rules()
                again = cloudrails(*words)
                assert again.code == 0 or GONE.get(command, "no such word") in again.stderr, (action, nth, again)
            assert outcome(endpoint) == wanted, (action, nth, fault)
            assert not any(one.is_sealed() for one in machines(endpoint)), (action, nth, fault)
            endpoint.forget()
            if command not in NOT_AGAIN:
                cloudrails.ok(*words)
                asked = ["SendCommand"] if command in ASKS_THE_NODE else []
                assert endpoint.mutating() == asked, (action, nth, fault)


@pytest.mark.parametrize("fault", ["kill-after", "cut-after"])
@pytest.mark.parametrize("action", ["CreateVpc", "CreateInternetGateway", "CreateRouteTable", "CreateSubnet", "RunInstances",
                                    "ImportKeyPair", "CreateRole", "CreateSecurityGroup", "CreateVpcEndpoint"])
def test_what_was_made_does_not_show_for_two_seconds(
    action: str, fault: str, cloudrails: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, proxy: Proxy
) -> None:
    """A run is cut short right after something was made, and the next run's describes do not show it yet."""
    words = ["node", "launch", TARGET, "--yes"]
    cloudrails.ok(*words)
    wanted = inventory(endpoint)
    endpoint.reset()
    (cloudrails.home / ".config/cloudrails/keys/blockchain-nodes-keypair.pem").unlink(missing_ok=True)
    endpoint.moods(lag=2.0)
    proxy.rules({"action": action, "nth": 1, "fault": fault})
    process = proxied.start(*words, CLOUDRAILS_CONSISTENCY_WINDOW="5")
    proxy.process(process.pid)
    _, stderr = process.communicate(timeout=120)
    assert process.returncode in (-9, 0, 75), stderr
    proxy.rules()
    proxied.ok(*words, CLOUDRAILS_CONSISTENCY_WINDOW="5")
    endpoint.moods(lag=0)
    assert inventory(endpoint) == wanted


def test_a_duplicate_is_adopted_or_removed(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("network", "create")
    wanted = inventory(endpoint)
    ours = [{"Key": "cloudrails:network", "Value": "blockchain-nodes"}, {"Key": "Name", "Value": "blockchain-nodes"}]
    ec2 = endpoint.client("ec2")
    ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": ours}])
    ec2.create_internet_gateway(TagSpecifications=[{"ResourceType": "internet-gateway", "Tags": ours}])
    cloudrails.ok("network", "create")
    assert inventory(endpoint) == wanted


def test_a_request_is_never_sent_twice_behind_our_back(
    proxied: Cloudrails, endpoint: Endpoint, proxy: Proxy
) -> None:
    """libcurl repeats a request by itself when a connection that it has used before closes without an answer."""
    proxy.rules({"action": "CreateVpc", "nth": 1, "fault": "cut-after"})
    proxied.ok("network", "create")
    assert [call["action"] for call in proxy.calls()].count("CreateVpc") == 1
    assert endpoint.mutating().count("CreateVpc") == 1
