"""The built binary as a person and a shell meet it: exit codes, streams, terminals, signals."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Iterator

import pytest

from conftest import BINARY, Cloudrails, Endpoint, Proxy
from screen import Screen

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"
NOBODY = "http://127.0.0.1:1"


@pytest.mark.parametrize("words, code, said", [
    (["chians"], 64, "did you mean 'chains'?"),
    (["node", "lanch", TARGET], 64, "did you mean 'launch'?"),
    (["node", "launch", TARGET, "--dsik-size", "5"], 64, "did you mean '--disk-size'?"),
    (["node", "launch", "bitcoin.org/sigent", "--yes"], 64, "did you mean 'bitcoin.org/signet'?"),
    (["node", "launch", TARGET, "--disk-size", "big"], 64, "--disk-size is a whole number"),
    (["node", "launch", TARGET, "--volume-type", "gp5"], 64, "--volume-type is one of gp3, gp2, io1, io2"),
    (["node", "launch", TARGET, "--zone"], 64, "--zone wants a value"),
    (["node", "launch", TARGET, "--zone", "a", "--zone", "b"], 64, "--zone stands there twice"),
    (["node", "launch"], 64, "<target> is missing"),
    (["node", "launch", TARGET], 64, "--yes"),
    (["node", "launch", TARGET, "--check-permissions"], 64, "--dry-run"),
    (["node", "terminate", NODE], 64, "--yes"),
    (["network", "delete"], 64, "--yes"),
    (["node", "show", "nobody"], 1, "There is no node named 'nobody'"),
    (["node", "list", "--profile", "nobody"], 78, "nobody"),
    (["node", "list", "--region", "us east"], 78, "is not a region"),
])
def test_what_is_wrong_is_said(cloudrails: Cloudrails, endpoint: Endpoint, words: list[str], code: int, said: str) -> None:
    result = cloudrails(*words)
    assert result.code == code and said in result.stderr and result.stdout == "", result
    assert result.stderr.startswith("error: ") and "\n  try: " in result.stderr
    assert endpoint.mutating() == []


@pytest.mark.parametrize("environment, code", [
    ({"AWS_ENDPOINT_URL": NOBODY, "AWS_MAX_ATTEMPTS": "1"}, 69),
    ({"AWS_REGION": None}, 78),
    ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, 77),
    ({"AWS_CA_BUNDLE": "/nowhere"}, 78),
])
def test_settings_and_endpoints_have_their_exit_codes(
    cloudrails: Cloudrails, environment: dict[str, str | None], code: int
) -> None:
    result = cloudrails("node", "list", **environment)
    assert result.code == code and result.stdout == "", result


@pytest.mark.parametrize("words", [[], ["node"], ["--help"], ["node", "launch", "-h"], ["help"], ["help", "json"]])
def test_help_is_data(cloudrails: Cloudrails, words: list[str]) -> None:
    result = cloudrails(*words)
    assert result.code == 0 and result.stderr == "" and len(result.stdout) > 200


@pytest.fixture
def listener() -> Iterator[tuple[str, list[int]]]:
    """An address, and who has connected to it."""
    server = socket.create_server(("127.0.0.1", 0))
    seen: list[int] = []

    def accept() -> None:
        while True:
            try:
                connection, peer = server.accept()
            except OSError:
                return
            seen.append(peer[1])
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}", seen
    server.close()


@pytest.mark.parametrize("words", [
    ["chains", "list", "--offline"], ["chains", "show", TARGET], ["version"], ["--help"], ["completions", "bash"],
    ["__complete", "--", "node", "launch", ""], ["node", "user-data", TARGET],
])
def test_what_needs_no_aws_asks_nobody(
    cloudrails: Cloudrails, listener: tuple[str, list[int]], words: list[str]
) -> None:
    address, seen = listener
    everywhere = {name: address for name in ("AWS_ENDPOINT_URL", "HTTPS_PROXY", "AWS_EC2_METADATA_SERVICE_ENDPOINT")}
    cloudrails.ok(*words, **everywhere, AWS_EC2_METADATA_DISABLED="false")
    assert seen == []
    # The listener does notice who asks.
    cloudrails("node", "list", **everywhere, AWS_MAX_ATTEMPTS="1")
    assert seen != []


@pytest.mark.parametrize("environment, said", [
    ({"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}, "No images are shown: there are no AWS credentials."),
    ({"AWS_REGION": None}, "No images are shown: no region is set."),
    ({"AWS_ENDPOINT_URL": NOBODY}, "warning: No images are shown: AWS cannot be reached"),
    ({"AWS_PROFILE": "nobody"}, 'warning: No images are shown: there is no profile "nobody"'),
])
def test_chains_list_is_printed_whatever_aws_says(
    cloudrails: Cloudrails, environment: dict[str, str | None], said: str
) -> None:
    # The metadata service is not switched off: off an EC2 instance nobody asks it.
    result = cloudrails("chains", "list", **{"AWS_EC2_METADATA_DISABLED": None, **environment})
    assert result.code == 0 and said in result.stderr, result
    assert result.stdout == cloudrails.ok("chains", "list", "--offline").stdout


def test_quiet_and_debug(cloudrails: Cloudrails) -> None:
    assert cloudrails.ok("network", "create", "--quiet").stderr == ""
    said = cloudrails.ok("network", "show", "--debug").stderr
    assert "debug: ec2 DescribeVpcs us-east-2 200 " in said and "debug: region us-east-2 (AWS_REGION)" in said
    assert "testing" not in said and "AWS4-HMAC" not in said


def test_a_reader_who_leaves_is_no_error(cloudrails: Cloudrails) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [BINARY, "chains", "list", "--offline"], env=cloudrails.environment, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    assert (process.returncode, process.stderr) == (0, b"")


def test_work_goes_on_where_nobody_listens(cloudrails: Cloudrails) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.run(
        [BINARY, "network", "create"], env=cloudrails.environment, stdout=subprocess.PIPE, stderr=writer)
    os.close(writer)
    assert process.returncode == 0
    assert cloudrails.ok("network", "show", "--json").json["isComplete"]


def test_a_full_disk_is_an_error(cloudrails: Cloudrails) -> None:
    with open("/dev/full", "wb") as full:
        process = subprocess.run(
            [BINARY, "version"], env=cloudrails.environment, stdout=full, stderr=subprocess.PIPE, text=True)
    assert process.returncode == 1 and "No space left on device" in process.stderr


def test_a_launch_is_asked_for_and_a_name_is_typed(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    screen = Screen(cloudrails, "node", "launch", TARGET)
    screen.wait_for("Launch it? [y/N] ")
    assert "Account 123456789012, region us-east-2" in screen.text and endpoint.mutating() == []
    screen.type("y\n")
    assert screen.ends(60) == 0
    assert "\x1b[32m✓\x1b[0m" in screen.text and f"Next: cloudrails node show {NODE}" in screen.text

    screen = Screen(cloudrails, "node", "terminate", NODE)
    screen.wait_for(f"Type {NODE} to go on: ")
    screen.type("yes\n")
    assert screen.ends() == 1
    screen = Screen(cloudrails, "node", "terminate", NODE)
    screen.wait_for("to go on: ")
    screen.type(f"{NODE}\n")
    assert screen.ends(60) == 0 and f"{NODE} (i-" in screen.text


def test_no_is_no(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    screen = Screen(cloudrails, "node", "launch", TARGET)
    screen.wait_for("[y/N] ")
    screen.type("\n")
    assert screen.ends() == 1 and "you said no" in screen.text
    assert endpoint.mutating() == []


def test_ctrl_c_ends_a_question(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    screen = Screen(cloudrails, "node", "launch", TARGET)
    screen.wait_for("[y/N] ")
    screen.process.send_signal(signal.SIGINT)
    assert screen.ends() == 130 and " interrupted\r\n" in screen.text
    assert endpoint.mutating() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_says_how_to_go_on(proxy: Proxy, proxied: Cloudrails, number: signal.Signals) -> None:
    proxy.rules(delay=0.4)
    process = proxied.start("network", "create")
    assert process.stderr is not None
    made = process.stderr.readline()
    process.send_signal(number)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130 and stdout == "", stderr
    assert "Stopping. What was made stays; the same command goes on from there." in stderr
    assert made.startswith("+ ") and stderr.endswith("run the same command again: it goes on where this one stopped\n")
    proxy.rules()
    assert proxied.ok("network", "create", "--json").json["isComplete"]


def test_a_second_ctrl_c_stops_at_once(cloudrails: Cloudrails) -> None:
    # A pipe that is full and that nobody reads: the run cannot end by itself.
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    process = subprocess.Popen(
        [BINARY, "node", "user-data", TARGET], env=cloudrails.environment, stdout=writer, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    assert select.select([reader], [], [], 10)[0]
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    assert process.stderr.readline().startswith("Stopping.")
    time.sleep(0.5)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 130
    os.close(reader)
    os.close(writer)


def test_a_terminal_gets_colours_and_a_table_that_fits(cloudrails: Cloudrails) -> None:
    def shown(*words: str, **environment: str) -> str:
        screen = Screen(cloudrails, "chains", "list", "--offline", *words, **environment)
        assert screen.ends() == 0
        return screen.text

    assert shown().startswith("\x1b[1mID  ")
    for plain in (shown("--no-color"), shown(NO_COLOR="1"), shown(TERM="dumb")):
        assert "\x1b" not in plain and "\t" not in plain
        assert max(len(line) for line in plain.splitlines()) <= 80
        assert "ethereum.org  geth-mainnet  " in plain


def test_a_dumb_terminal_is_never_redrawn(cloudrails: Cloudrails) -> None:
    screen = Screen(cloudrails, "network", "create", TERM="dumb")
    assert screen.ends(60) == 0, screen.text
    assert "\x1b" not in screen.text and "+ VPC blockchain-nodes: vpc-" in screen.text
