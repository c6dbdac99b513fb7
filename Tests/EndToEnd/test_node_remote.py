"""node status, wait, logs, ssh, tunnel and upgrade against a machine whose helper tells what the test wants."""

from __future__ import annotations

import datetime
import gzip
import json
import re
import signal
import socket
import threading
import time
from pathlib import Path
from typing import Any, Iterator

import pytest

from conftest import Cloudrails, Endpoint
from machine import NODE, TARGET, Machine, Sshd, free_port, launch
from screen import Screen
from test_json import check, sections

STATUS: dict[str, Any] = {
    "node": NODE, "target": TARGET, "state": "syncing", "reason": "", "height": 120_000, "network_height": 240_000,
    "lag": 120_000, "hash": "00ab", "rate": 612.5, "percent": 50.0, "eta_low_s": 10_800, "eta_high_s": 36_000, "peers": 9,
    "disk_percent": 61, "days_until_full": 80, "client": "Bitcoin Core 31.1",
    "services": [{"unit": "bitcoind.service", "active": "active"}], "at": "2026-11-24T10:05:00Z"}


def minutes_ago(minutes: int) -> str:
    moment = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%MZ")


def now(state: str, rest: str = "") -> str:
    return f"state={state} height=100 target=200 disk=61 at={minutes_ago(0)} {rest}".strip()


@pytest.fixture
def machine(cloudrails: Cloudrails, endpoint: Endpoint) -> Machine:
    return launch(cloudrails, endpoint)


@pytest.fixture
def sshd(machine: Machine, cloudrails: Cloudrails, tmp_path: Path) -> Iterator[Sshd]:
    server = Sshd(machine, cloudrails, tmp_path / "sshd")
    machine.set(console=server.console())
    yield server
    server.stop()


def says(machine: Machine, **changes: Any) -> None:
    machine.helper(f"cat <<'JSON'\n{json.dumps({**STATUS, **changes})}\nJSON")


def test_status_is_what_the_node_says(cloudrails: Cloudrails, endpoint: Endpoint, machine: Machine) -> None:
    says(machine)
    assert cloudrails.ok("node", "status", NODE, "--json").json == {
        "source": "node", "node": NODE, "target": TARGET, "state": "syncing", "height": 120_000, "networkHeight": 240_000,
        "lag": 120_000, "hash": "00ab", "rate": 612.5, "percent": 50, "etaLowSeconds": 10_800, "etaHighSeconds": 36_000,
        "peers": 9, "diskPercent": 61, "daysUntilFull": 80, "client": "Bitcoin Core 31.1",
        "services": [{"unit": "bitcoind.service", "active": "active"}], "at": "2026-11-24T10:05:00Z"}
    text = cloudrails.ok("node", "status", NODE).stdout
    for said in ("120000 of 240000, 120000 to go", "612.5 blocks a minute", "3 h to 10 h", "61 % used, full in 80 days"):
        assert said in text
    assert machine.ran() == ["status --json"] * 2


def test_status_of_a_node_that_knows_little(cloudrails: Cloudrails, machine: Machine) -> None:
    nothing = {key: None for key, value in STATUS.items() if isinstance(value, (int, float)) or key == "hash"}
    says(machine, **nothing, state="installing", reason="packages", services=[], a_new_key=1)
    assert cloudrails.ok("node", "status", NODE, "--json").json == {
        "source": "node", "node": NODE, "target": TARGET, "state": "installing", "reason": "packages", "services": [],
        "client": "Bitcoin Core 31.1", "at": "2026-11-24T10:05:00Z"}
    assert "State     installing: packages" in cloudrails.ok("node", "status", NODE).stdout


@pytest.mark.parametrize("trouble", ["offline", "no helper", "garbage"])
def test_status_falls_back_to_the_tag(cloudrails: Cloudrails, machine: Machine, trouble: str) -> None:
    if trouble == "offline":
        machine.set(ping="ConnectionLost")
    if trouble == "garbage":
        machine.helper("echo '{'")
    lost = cloudrails("node", "status", NODE)
    assert lost.code in (1, 75) and lost.stdout == ""
    machine.tag(f"state=syncing height=100 target=200 disk=61 at={minutes_ago(7)}")
    result = cloudrails.ok("node", "status", NODE)
    assert re.search(r"^As of .*, [67] min ago, by its tag$", result.stdout, re.MULTILINE), result
    assert "100 of 200, 100 to go" in result.stdout and result.stderr.startswith("warning: ")
    shown = cloudrails.ok("node", "status", NODE, "--json").json
    assert (shown["source"], shown["height"], shown["services"]) == ("tag", 100, [])


def test_status_of_a_machine_that_does_not_run(cloudrails: Cloudrails, endpoint: Endpoint, machine: Machine) -> None:
    machine.tag(now("synced"))
    endpoint.client("ec2").stop_instances(InstanceIds=[machine.instance])
    result = cloudrails("node", "status", NODE)
    assert result.code == 1 and f"{NODE} is stopped" in result.stderr


def test_watch_draws_in_place(cloudrails: Cloudrails, machine: Machine) -> None:
    machine.helper(f"""
        count=$(wc -l <"$here/ran")
        sed "s/120000, \\"net/$((120000 + count * count * 100)), \\"net/; s/10:05:00/10:0$((count % 10)):00/" <<'JSON'
{json.dumps(STATUS)}
JSON""")
    screen = Screen(cloudrails, "node", "status", NODE, "--watch", "--interval", "1")
    screen.wait_for("▅█")
    assert "\x1b[" in screen.text and "░ 50" in screen.text
    screen.process.send_signal(signal.SIGINT)
    assert screen.process.wait(30) == 130
    assert "error" not in screen.text


def test_watch_draws_in_place_what_is_said_meanwhile(cloudrails: Cloudrails, machine: Machine) -> None:
    """A warning is part of the frame: it stays as long as it is true, and the next frame takes all of it away."""
    machine.set(ping="ConnectionLost")
    machine.tag(now("syncing"))
    screen = Screen(cloudrails, "node", "status", NODE, "--watch", "--interval", "1")
    for _ in range(4):
        seen = len(screen.text)
        while "\x1b[J" not in screen.text[seen:]:
            screen.read()
    screen.process.send_signal(signal.SIGINT)
    assert screen.process.wait(30) == 130
    first, *rest = re.split("\x1b\\[([0-9]+)A\r\x1b\\[J", screen.text)
    frames, heights = [first, *rest[1::2]][:-1], [int(height) for height in rest[::2]]
    assert len(frames) >= 3 and [frame.count("\n") for frame in frames] == heights
    for frame in frames:
        assert all(len(line) < 80 for line in frame.splitlines())
        words = " ".join(frame.split())
        assert "by its tag" in words and words.count(f"warning: {NODE} cannot be reached; this is what it last") == 1
        assert "cloudrails network" not in words and "ssh: port 22" in words


def test_watch_in_a_pipe_prints_lines(cloudrails: Cloudrails, machine: Machine) -> None:
    says(machine)
    process = cloudrails.start("node", "status", NODE, "--watch", "--interval", "1")
    lines = [process.stdout.readline() for _ in range(2)]
    process.send_signal(signal.SIGINT)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and stderr == ""
    expected = "2026-11-24T10:05:00Z\tsyncing\theight 120000\tof 240000\t612.5 blocks a minute\tdisk 61 %\n"
    assert lines == [expected, expected]


def test_logs_follow(cloudrails: Cloudrails, machine: Machine) -> None:
    """Each look begins where the one before has ended, and one that finds nothing keeps its place."""
    machine.helper("""
        case "$*" in
        *after-cursor=c1*) if [ -e "$here/more" ]; then echo second; echo '-- cursor: c2'; fi ;;
        *after-cursor=c2*) ;;
        *--lines=7*) echo first; echo '-- cursor: c1' ;;
        esac""")
    process = cloudrails.start("node", "logs", NODE, "-f", "--lines", "7")
    assert process.stdout.readline() == "first\n"
    while sum("after-cursor=c1" in line for line in machine.ran()) < 2:
        time.sleep(0.1)
    (machine.folder / "more").touch()
    assert process.stdout.readline() == "second\n"
    while not any("after-cursor=c2" in line for line in machine.ran()):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr) == (130, "", "")


@pytest.mark.parametrize("until, tag", [
    ("running", None), ("installed", "starting"), ("installed", "syncing"), ("installed", "stalled"), ("synced", "synced"),
])
def test_wait_ends_when_the_goal_is_reached(
    cloudrails: Cloudrails, endpoint: Endpoint, machine: Machine, until: str, tag: str | None
) -> None:
    if tag:
        machine.tag(now(tag))
    endpoint.forget()
    result = cloudrails.ok("node", "wait", NODE, "--until", until, "--json").json
    assert (result["until"], result["node"]["name"]) == (until, NODE)
    assert endpoint.mutating() == []


def test_wait_waits(cloudrails: Cloudrails, machine: Machine) -> None:
    machine.tag(now("installing"))
    process = cloudrails.start("node", "wait", NODE, "--until", "synced")
    for state in ("syncing", "synced"):
        time.sleep(1.5)
        assert process.poll() is None
        machine.tag(now(state))
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 0 and stdout == f"{NODE} is synced.\n" and "syncing, 100 of 200" in stderr


@pytest.mark.parametrize("state, code, said", [
    ("failed", 1, "the disk is full"), ("stalled", 1, "the disk is full"), ("stopped", 1, "cloudrails node start"),
    ("syncing", 75, "the time given with --timeout has passed"),
])
def test_wait_ends_without_the_goal(cloudrails: Cloudrails, machine: Machine, state: str, code: int, said: str) -> None:
    machine.tag(now(state, "reason=the disk is full"))
    result = cloudrails("node", "wait", NODE, "--until", "synced", "--timeout", "2s")
    assert result.code == code and result.stdout == "" and said in result.stderr


def test_wait_takes_no_news_from_before_the_start(cloudrails: Cloudrails, machine: Machine) -> None:
    machine.tag(f"state=synced height=1 target=1 disk=1 at={minutes_ago(30)}")
    result = cloudrails("node", "wait", NODE, "--until", "synced", "--timeout", "1s")
    assert result.code == 75 and "has not reported yet" in result.stderr


def test_wait_for_what_has_stopped(cloudrails: Cloudrails, endpoint: Endpoint, machine: Machine) -> None:
    machine.tag(now("synced"))
    endpoint.client("ec2").stop_instances(InstanceIds=[machine.instance])
    stopped = cloudrails("node", "wait", NODE, "--until", "synced")
    assert stopped.code == 1 and "is stopped" in stopped.stderr
    endpoint.client("ec2").terminate_instances(InstanceIds=[machine.instance])
    gone = cloudrails("node", "wait", NODE)
    assert gone.code == 1 and f"{NODE} is gone" in gone.stderr


@pytest.fixture
def rpc() -> Iterator[int]:
    """Something that listens on the node's loopback and greets."""
    server = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            connection.sendall(b"height 812000")
            connection.close()

    threading.Thread(target=greet, daemon=True).start()
    yield server.getsockname()[1]
    server.close()


def test_tunnel_brings_a_port_here(cloudrails: Cloudrails, machine: Machine, sshd: Sshd, rpc: int) -> None:
    local = free_port()
    process = cloudrails.start("node", "tunnel", NODE, "--via", "ssh", "--port", str(rpc), "--local-port", str(local))
    assert process.stdout.readline() == f"127.0.0.1:{local} is {NODE}:{rpc} (your choice)\n"
    for _ in range(600):
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", local)) == 0:
                assert one.recv(100) == b"height 812000"
                break
        time.sleep(0.05)
    else:
        raise AssertionError("nothing listens")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130


def test_a_tunnel_whose_port_is_taken(cloudrails: Cloudrails, machine: Machine, sshd: Sshd, rpc: int) -> None:
    words = ["--via", "ssh", "--port", str(rpc), "--local-port", str(rpc)]
    result = cloudrails("node", "tunnel", NODE, *words)
    assert result.code == 75 and "Address already in use" in result.stderr and "--local-port" in result.stderr


def test_tunnel_takes_the_chain_s_ports(cloudrails: Cloudrails, machine: Machine, sshd: Sshd) -> None:
    known = [38332]  # Bitcoin's signet RPC: chains/bitcoin
    process = cloudrails.start("node", "tunnel", NODE, "--via", "ssh", "--json", "--local-port", str(free_port()))
    text = ""
    while not text.endswith("}\n") or text.count("{") != text.count("}"):
        text += process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    tunnel = json.loads(text)
    assert [port["port"] for port in tunnel["ports"]] == known
    check(tunnel, sections()["node tunnel"])


def test_a_tunnel_has_no_ports_beyond_the_last(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("node", "launch", "ethereum.org/geth-hoodi", "--yes", "--name", "three-ports")
    endpoint.forget()
    words = ["node", "tunnel", "three-ports", "--local-port"]
    result = cloudrails(*words, "65534")
    assert result.code == 64 and result.stdout == "" and "--local-port 65533 or less" in result.stderr, result
    assert [call["action"] for call in endpoint.calls()] == ["DescribeInstances"]
    # Nothing leads to that machine; its ports were no reason.
    for fitting in (["65533"], ["65535", "--port", "8545"]):
        assert "cannot be reached" in cloudrails(*words, *fitting).stderr


UPGRADE = """
case $1 in
status) sed "s/Bitcoin Core 31.1/$(cat "$here/version")/" <<'JSON'
%s
JSON
;;
upgrade)
    cp "$2" "$here/script"
    %s
    ;;
esac"""


def pinned(cloudrails: Cloudrails) -> str:
    releases = cloudrails.ok("chains", "show", TARGET, "--json").json["releases"]
    return ", ".join(f"{one['client']} {one['version']}" for one in releases)


def upgradeable(machine: Machine, version: str, action: str) -> None:
    (machine.folder / "version").write_text(version)
    machine.helper(UPGRADE % (json.dumps(STATUS), action))


@pytest.mark.parametrize("route", ["ssm", "ssh"])
def test_upgrade(cloudrails: Cloudrails, machine: Machine, sshd: Sshd, route: str) -> None:
    new = pinned(cloudrails)
    upgradeable(machine, "bitcoin-core 1.0", f'echo "The node runs {new}"; printf %s "{new}" >"$here/version"')
    words = ["node", "upgrade", NODE, "--yes", "--json", "--via", route]
    assert cloudrails.ok(*words).json == {"node": NODE, "before": "bitcoin-core 1.0", "after": new, "isChanged": True}
    sent = (machine.folder / "script").read_bytes()
    wanted = cloudrails.ok("node", "user-data", TARGET, "--json").json
    # The same but for the permission to format, which only a launch gives.
    assert gzip.decompress(sent).decode() == wanted["script"].replace('"$INSTANCE_ID" new', '"$INSTANCE_ID" existing')
    again = cloudrails.ok(*words).json
    assert again == {"node": NODE, "before": new, "after": new, "isChanged": False}
    assert [line.split()[0] for line in machine.ran()] == ["status", "upgrade", "status", "status"]
    assert cloudrails.ok(*words, "--force").json["isChanged"]


def test_an_upgrade_is_planned(cloudrails: Cloudrails, machine: Machine) -> None:
    upgradeable(machine, "bitcoin-core 1.0", "true")
    words = ["node", "upgrade", NODE, "--dry-run", "--json"]
    assert [call["action"] for call in cloudrails.ok(*words).json["calls"]] == ["SendCommand"]
    assert machine.ran() == ["status --json"] and not (machine.folder / "script").exists()
    (machine.folder / "version").write_text(pinned(cloudrails))
    assert cloudrails.ok(*words).json["calls"] == []


def test_an_upgrade_that_goes_back(cloudrails: Cloudrails, machine: Machine) -> None:
    upgradeable(
        machine, "bitcoin-core 1.0", 'echo "The upgrade did not work; the node runs bitcoin-core 1.0 as before" >&2; exit 1')
    result = cloudrails("node", "upgrade", NODE, "--yes")
    assert result.code == 1 and result.stdout == "" and "as before" in result.stderr


def test_upgrade_asks(cloudrails: Cloudrails, machine: Machine) -> None:
    upgradeable(machine, "bitcoin-core 1.0", "true")
    assert cloudrails("node", "upgrade", NODE).code == 64
    screen = Screen(cloudrails, "node", "upgrade", NODE)
    assert screen.answer({"[y/N] ": "n"}) == 1
    assert machine.ran() == ["status --json"]


@pytest.mark.parametrize("words", [
    ["status", NODE, "--via", "telnet"], ["status", NODE, "--watch", "--json"], ["status", NODE, "--interval", "0"],
    ["status", "a b"], ["wait", NODE, "--until", "bored"], ["wait", NODE, "--timeout", "soon"],
    ["wait", NODE, "--timeout", "-5m"], ["logs", NODE, "-f", "--json"], ["logs", NODE, "--lines", "-1"],
    ["tunnel", NODE, "--port", "70000"], ["upgrade", NODE], ["ssh"],
])
def test_bad_input_is_refused_before_the_first_call(cloudrails: Cloudrails, endpoint: Endpoint, words: list[str]) -> None:
    result = cloudrails("node", *words)
    assert result.code == 64 and result.stdout == "" and endpoint.calls() == [], result
    broken = cloudrails("node", "status", NODE, CLOUDRAILS_SSH="ssh 'x")
    assert broken.code == 64 and "CLOUDRAILS_SSH" in broken.stderr
