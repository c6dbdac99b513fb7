"""The ways into a node: Run Command that really runs what is sent, and a real sshd."""

from __future__ import annotations

import http.server
import json
import os
import threading
import time
from pathlib import Path
from typing import Iterator

import pytest

from conftest import Cloudrails, Endpoint, Proxy
from machine import NODE, Machine, Sshd, launch, open_ssh

# What a shell, Run Command or a terminal could take for something else.
WORDS = ["it's", 'a "b"', "$HOME `id` \\n", "{{ssm:name}}", "{{{", "", "* ?", "two\nlines", "höhe ≥ 1", "-n", "--", "%s;&|<>"]
PRINT = ["printf", r"[%s]\n", *WORDS]
PRINTED = "".join(f"[{word}]\n" for word in WORDS)


@pytest.fixture
def machine(cloudrails: Cloudrails, endpoint: Endpoint) -> Machine:
    return launch(cloudrails, endpoint)


@pytest.fixture
def sshd(machine: Machine, cloudrails: Cloudrails, tmp_path: Path) -> Iterator[Sshd]:
    server = Sshd(machine, cloudrails, tmp_path / "sshd")
    machine.set(console=server.console())
    yield server
    server.stop()


@pytest.fixture
def checkip() -> Iterator[str]:
    """A service that says which address the caller is seen with."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"203.0.113.7\n")

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def actions(endpoint: Endpoint) -> list[str]:
    return [call["action"] for call in endpoint.calls()]


@pytest.mark.parametrize("route", ["ssm", "ssh"])
def test_words_reach_a_command_as_they_are(cloudrails: Cloudrails, sshd: Sshd, route: str) -> None:
    assert cloudrails.ok("node", "ssh", NODE, "--via", route, "--", *PRINT).stdout == PRINTED


@pytest.mark.parametrize("route", ["ssm", "ssh"])
def test_streams_and_exit_code_are_the_command_s(cloudrails: Cloudrails, sshd: Sshd, route: str) -> None:
    result = cloudrails("node", "ssh", NODE, "--via", route, "--", "sh", "-c", "echo out; echo err >&2; exit 7")
    assert (result.code, result.stdout, result.stderr) == (7, "out\n", "err\n")
    assert cloudrails("node", "ssh", NODE, "--via", route, "--", "no-such-program").code == 127


@pytest.mark.parametrize("route", ["ssm", "ssh"])
def test_long_results_are_whole(cloudrails: Cloudrails, endpoint: Endpoint, machine: Machine, sshd: Sshd, route: str) -> None:
    machine.helper("for i in $(seq 4000); do echo \"$i ≥ höhe {{x}}\"; done; echo '-- cursor: s=1'")
    lines = cloudrails.ok("node", "logs", NODE, "--via", route, "--json").json["lines"]
    assert lines == [f"{number} ≥ höhe {{{{x}}}}" for number in range(1, 4001)]
    assert len(machine.ran()) == 1
    assert (actions(endpoint).count("SendCommand") > 3) == (route == "ssm")


@pytest.mark.parametrize("fault", ["cut-before", "cut-after", "half", "error-500", "throttle"])
@pytest.mark.parametrize("action", ["SendCommand", "GetCommandInvocation", "DescribeInstanceInformation"])
def test_a_lost_answer_runs_nothing_twice(
    cloudrails: Cloudrails, proxied: Cloudrails, proxy: Proxy, machine: Machine, action: str, fault: str
) -> None:
    machine.helper("sleep 0.3; echo line")
    proxy.rules({"action": action, "nth": 1, "fault": fault})
    assert proxied.ok("node", "logs", NODE, "--json").json["lines"] == ["line"]
    assert [call["fault"] for call in proxy.calls() if call["action"] == action][0] == fault
    assert len(machine.ran()) == 1


def test_a_lost_connection_runs_nothing_twice(cloudrails: Cloudrails, machine: Machine, sshd: Sshd) -> None:
    """The command ends the sshd that it came through; what it does goes on, and its result arrives."""
    machine.helper("""
        pid=$PPID
        while [ "$(cat /proc/$pid/comm)" != sshd ]; do pid=$(awk '/^PPid/ { print $2 }' /proc/$pid/status); done
        kill -9 "$pid"
        sleep 1
        echo survived""")
    result = cloudrails.ok("node", "logs", NODE, "--via", "ssh")
    assert result.stdout == "survived\n" and "was lost" in result.stderr
    assert len(machine.ran()) == 1


def test_what_takes_its_time_is_waited_for(cloudrails: Cloudrails, machine: Machine) -> None:
    machine.set(lag=1.0, pending=2.0)
    machine.helper("sleep 1; echo done")
    assert cloudrails.ok("node", "logs", NODE).stdout == "done\n"


def test_a_machine_that_stops_ends_the_wait(cloudrails: Cloudrails, endpoint: Endpoint, machine: Machine) -> None:
    machine.set(pending=1e6)
    process = cloudrails.start("node", "logs", NODE)
    while "GetCommandInvocation" not in actions(endpoint):
        time.sleep(0.1)
    endpoint.client("ec2").stop_instances(InstanceIds=[machine.instance])
    _, stderr = process.communicate(timeout=120)
    assert process.returncode == 1 and f"{NODE} is stopp" in stderr, stderr


def test_what_has_ended_an_hour_ago_makes_room(cloudrails: Cloudrails, machine: Machine) -> None:
    """Memory is small; what still runs keeps its place, however long it takes."""
    machine.helper("echo line")
    cloudrails.ok("node", "logs", NODE)
    runs = machine.folder / "runs"
    ended = {file.name for file in runs.iterdir()}
    (runs / "long.begun").touch()
    (runs / "long.out").write_text("so far")
    for file in runs.iterdir():
        os.utime(file, (time.time() - 3_700,) * 2)
    cloudrails.ok("node", "logs", NODE)
    left = {file.name for file in runs.iterdir()}
    assert len(ended) == 5 and not ended & left and {"long.begun", "long.out"} <= left, (ended, left)
    cloudrails.ok("node", "logs", NODE)
    assert left < {file.name for file in runs.iterdir()}


def test_a_command_that_was_cut_short_says_so(cloudrails: Cloudrails, machine: Machine) -> None:
    """What runs the command on the node is gone, as where memory ran out."""
    machine.helper('kill -9 $PPID; exec sleep 0')
    result = cloudrails("node", "logs", NODE)
    assert result.code == 75 and "was cut short" in result.stderr


def test_a_restart_forgets_what_ran(cloudrails: Cloudrails, machine: Machine) -> None:
    """Memory is empty afterwards: what is asked then is told so, and the next run begins anew."""
    machine.helper('rm -rf "$here/runs"; mkdir "$here/runs"; kill -9 $PPID')
    lost = cloudrails("node", "logs", NODE)
    assert lost.code == 1 and "did not run 'cloudrails-node logs" in lost.stderr and "to its end" in lost.stderr, lost
    machine.helper("echo line")
    assert cloudrails.ok("node", "logs", NODE).stdout == "line\n"


def test_the_route_is_chosen(
    cloudrails: Cloudrails, endpoint: Endpoint, machine: Machine, sshd: Sshd, checkip: str
) -> None:
    cloudrails.environment["CLOUDRAILS_CHECKIP_URL"] = checkip
    machine.helper('echo "$SSH_CONNECTION" | grep -c . || true')
    assert cloudrails.ok("node", "logs", NODE).stdout == "0\n"
    machine.set(ping="ConnectionLost")
    closed = cloudrails("node", "logs", NODE)
    assert closed.code == 1 and "ssm: the agent" in closed.stderr and "offline" in closed.stderr
    assert "ssh: port 22 of" in closed.stderr and "cloudrails network allow-ssh me" in closed.stderr
    open_ssh(endpoint, "198.51.100.0/24")
    elsewhere = cloudrails("node", "logs", NODE)
    assert elsewhere.code == 1 and "open to 198.51.100.0/24, and you are 203.0.113.7/32" in elsewhere.stderr
    open_ssh(endpoint, "203.0.113.0/24")
    assert cloudrails.ok("node", "logs", NODE).stdout == "1\n"
    # Whoever names a route gets that one or nothing.
    only = cloudrails("node", "logs", NODE, "--via", "ssm")
    assert only.code == 1 and "ssh:" not in only.stderr


def test_barred_routes_say_why(cloudrails: Cloudrails, endpoint: Endpoint, machine: Machine) -> None:
    endpoint.moods(denied=["SendCommand"])
    assert "not authorized to perform: ssm:SendCommand" in cloudrails("node", "logs", NODE).stderr
    endpoint.moods(denied=["DescribeInstanceInformation"])
    result = cloudrails("node", "logs", NODE)
    assert result.code == 1 and "ask for ssm:DescribeInstanceInformation" in result.stderr
    missing = cloudrails("node", "logs", NODE, "--via", "ssh", "--key-file", "/nowhere/key.pem")
    assert missing.code == 1 and "/nowhere/key.pem is not on this machine" in missing.stderr
    cloudrails.environment["CLOUDRAILS_SSH"] = "no-such-ssh"
    assert "there is no program no-such-ssh" in cloudrails("node", "logs", NODE, "--via", "ssh").stderr


def test_an_agent_that_never_registered(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("node", "launch", "bitcoin.org/signet", "--yes")
    result = cloudrails("node", "logs", NODE)
    assert result.code == 1 and "has not registered with Systems Manager" in result.stderr


def test_host_keys_come_from_the_console(cloudrails: Cloudrails, machine: Machine, sshd: Sshd, tmp_path: Path) -> None:
    machine.helper("echo here")
    result = cloudrails.ok("node", "logs", NODE, "--via", "ssh")
    assert result.stdout == "here\n" and "on trust" not in result.stderr
    known = tmp_path / ".config/cloudrails/known_hosts"
    assert f"{machine.instance} {sshd.host_key}" in known.read_text().splitlines()
    assert known.stat().st_mode & 0o777 == 0o600
    before = known.read_text()
    cloudrails.ok("node", "logs", NODE, "--via", "ssh")
    assert known.read_text() == before
    # Somebody else answers at that address.
    sshd.stop()
    sshd.new_host_key()
    sshd.start()
    result = cloudrails("node", "logs", NODE, "--via", "ssh")
    assert result.code == 1 and "another host key" in result.stderr and "ssh-keygen -R" in result.stderr
    assert len(machine.ran()) == 2


def test_a_console_that_shows_another_key(cloudrails: Cloudrails, machine: Machine, sshd: Sshd) -> None:
    machine.set(console=sshd.console())
    sshd.stop()
    sshd.new_host_key()
    sshd.start()
    machine.helper("echo here")
    assert "another host key" in cloudrails("node", "logs", NODE, "--via", "ssh").stderr
    assert machine.ran() == []


def test_the_newest_console_is_asked_for_too(cloudrails: Cloudrails, machine: Machine, sshd: Sshd, tmp_path: Path) -> None:
    """EC2 keeps what was written shortly after the start, which may end before the keys."""
    machine.set(console="[    0.0] Linux version 6.8\n", latest=sshd.console())
    machine.helper("echo here")
    result = cloudrails.ok("node", "logs", NODE, "--via", "ssh")
    assert result.stdout == "here\n" and "on trust" not in result.stderr, result
    assert f"{machine.instance} {sshd.host_key}" in (tmp_path / ".config/cloudrails/known_hosts").read_text().splitlines()


def test_without_a_console_the_first_key_is_pinned(cloudrails: Cloudrails, machine: Machine, sshd: Sshd) -> None:
    machine.set(console="")
    machine.helper("echo here")
    first = cloudrails.ok("node", "logs", NODE, "--via", "ssh")
    assert first.stdout == "here\n" and "taken on trust" in first.stderr
    assert "on trust" not in cloudrails.ok("node", "logs", NODE, "--via", "ssh").stderr
    sshd.stop()
    sshd.new_host_key()
    sshd.start()
    assert "another host key" in cloudrails("node", "logs", NODE, "--via", "ssh").stderr


def test_the_user_s_own_ssh_configuration_is_left_alone(cloudrails: Cloudrails, machine: Machine, sshd: Sshd) -> None:
    folder = cloudrails.home / ".ssh"
    folder.mkdir(mode=0o700)
    (folder / "config").write_text("Host *\n    ProxyCommand false\n")
    machine.helper("echo here")
    assert cloudrails.ok("node", "logs", NODE, "--via", "ssh").stdout == "here\n"
    assert sorted(path.name for path in folder.iterdir()) == ["config"]


PLUGIN = """#!/bin/bash
if [ "$1" = --version ]; then echo "${PLUGIN_VERSION:-1.2.650.0}"; exit; fi
printf '%s\\n' "$@" >"$HOME/plugin-words"
printf %s "$AWS_SSM_START_SESSION_RESPONSE" >"$HOME/plugin-session"
exit 5
"""


@pytest.fixture
def plugin(cloudrails: Cloudrails) -> Cloudrails:
    """A session-manager-plugin that writes down what it is given."""
    folder = cloudrails.home / "bin"
    folder.mkdir()
    (folder / "session-manager-plugin").write_text(PLUGIN)
    (folder / "session-manager-plugin").chmod(0o755)
    cloudrails.environment["PATH"] = f"{folder}:{os.environ['PATH']}"
    return cloudrails


def test_a_log_in_by_systems_manager(plugin: Cloudrails, endpoint: Endpoint, machine: Machine) -> None:
    result = plugin("node", "ssh", NODE)
    assert result.code == 5, result
    words = (plugin.home / "plugin-words").read_text().splitlines()
    assert words[:4] == ["AWS_SSM_START_SESSION_RESPONSE", "us-east-2", "StartSession", ""]
    assert json.loads(words[4]) == {"Target": machine.instance} and words[5] == plugin.environment["AWS_ENDPOINT_URL"]
    session = json.loads((plugin.home / "plugin-session").read_text())
    assert set(session) == {"SessionId", "TokenValue", "StreamUrl"}
    assert session["TokenValue"] not in "\n".join(words) + result.stdout + result.stderr
    old = plugin("node", "ssh", NODE, PLUGIN_VERSION="1.2.463.0")
    assert old.code == 1 and "older than 1.2.497" in old.stderr


def test_a_log_in_that_nothing_allows(cloudrails: Cloudrails, machine: Machine) -> None:
    result = cloudrails("node", "ssh", NODE)
    assert result.code == 1 and "session-manager-plugin is not installed" in result.stderr
    assert "port 22 of" in result.stderr and "allow-ssh me" in result.stderr


def test_a_command_that_nothing_allows(cloudrails: Cloudrails, machine: Machine) -> None:
    machine.set(ping="ConnectionLost")
    result = cloudrails("node", "ssh", NODE, "--", "true")
    assert result.code == 1 and "ssm: the agent" in result.stderr and "offline" in result.stderr, result
    assert "ssh: port 22 of" in result.stderr and "cloudrails network allow-ssh me" in result.stderr, result
    # Whoever names a route hears of that one.
    only = cloudrails("node", "ssh", NODE, "--via", "ssm", "--", "true")
    assert only.code == 1 and "ssm: the agent" in only.stderr and "port 22" not in only.stderr, only


def test_a_tunnel_by_systems_manager(plugin: Cloudrails, machine: Machine) -> None:
    assert plugin("node", "tunnel", NODE, "--port", "1234", "--local-port", "4321").code == 75
    words = (plugin.home / "plugin-words").read_text().splitlines()
    assert json.loads(words[4]) == {
        "Target": machine.instance, "DocumentName": "AWS-StartPortForwardingSession",
        "Parameters": {"portNumber": ["1234"], "localPortNumber": ["4321"]}}
