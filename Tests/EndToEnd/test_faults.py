"""Every call of every changing command fails once in every way; the same command, run again, comes to the same end."""

from __future__ import annotations

import pytest

from conftest import Cloudrails, Endpoint, Proxy, inventory

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"
FAULTS = ["throttle", "error-500", "cut-before", "cut-after", "half", "kill-before", "kill-after"]
WINDOW = {"CLOUDRAILS_CONSISTENCY_WINDOW": "0.3"}
COMMANDS = {
    "network create": (["network", "create"], []),
    "node launch": (["node", "launch", TARGET, "--yes"], []),
    "node terminate": (["node", "terminate", NODE, "--yes", "--delete-data"], [["node", "launch", TARGET, "--yes"]]),
    "network delete": (["network", "delete", "--yes"], [["network", "create"]]),
}


def prepare(direct: Cloudrails, endpoint: Endpoint, steps: list[list[str]]) -> None:
    endpoint.reset()
    for step in steps:
        direct.ok(*step)


def actions_of(command: str, direct: Cloudrails, proxied: Cloudrails, endpoint: Endpoint, proxy: Proxy) -> dict[str, int]:
    """Each action that the command calls, and how often."""
    words, before = COMMANDS[command]
    prepare(direct, endpoint, before)
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
    words, before = COMMANDS[command]
    for one in (cloudrails, proxied):
        one.environment.update(WINDOW)
    counts = actions_of(command, cloudrails, proxied, endpoint, proxy)
    wanted = inventory(endpoint)
    for action, count in counts.items():
        for nth in range(1, count + 1):
            prepare(cloudrails, endpoint, before)
            proxy.rules({"action": action, "nth": nth, "fault": fault})
            process = proxied.start(*words)
            proxy.process(process.pid)
            stdout, stderr = process.communicate(timeout=120)
            hit = [call for call in proxy.calls() if call["fault"]]
            assert hit, f"{action} {nth} was not called"
            if fault.startswith("kill"):
                assert process.returncode == -9, (action, nth, stderr)
            else:
                # What may be repeated has been repeated; what may not says so and asks for another run.
                assert process.returncode in (0, 69, 75), (action, nth, stdout, stderr)
            if process.returncode != 0:
                proxy.rules()
                again = cloudrails(*words)
                gone = command == "node terminate" and "no node named" in again.stderr
                assert again.code == 0 or gone, (action, nth, again)
            assert inventory(endpoint) == wanted, (action, nth, fault)
            endpoint.forget()
            if command in ("network create", "node launch"):
                cloudrails.ok(*words)
                assert endpoint.mutating() == [], (action, nth, fault)


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
