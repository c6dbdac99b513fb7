"""The completions in real shells: a line is typed, Tab is pressed, and what then stands there is echoed."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import time
from pathlib import Path

import pytest

from conftest import BINARY, Cloudrails, Endpoint

SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "PS1='> '; source <(cloudrails completions bash)"),
    "zsh": (
        ["zsh", "-f", "-i"],
        "PS1='> '; bindkey -e; autoload -Uz compinit; compinit -u -D; source <(cloudrails completions zsh)"),
}
LINES = [
    ("chai", "chains"),
    ("node la", "node launch"),
    ("node launch bitcoin.org/sig", "node launch bitcoin.org/signet"),
    ("node launch bitcoin.org/signet --arch arm", "node launch bitcoin.org/signet --arch arm64"),
    ("node launch --arch=x", "node launch --arch=x86_64"),
    ("node launch --instance", "node launch --instance-type"),
    ("--region us-east-2 node sh", "--region us-east-2 node show"),
    ("completions fi", "completions fish"),
    ("help exit", "help exit-codes"),
    ("help network del", "help network delete"),
]


def environment(cloudrails: Cloudrails, **more: str) -> dict[str, str]:
    path = f"{BINARY.parent}:{cloudrails.environment['PATH']}"
    return {**cloudrails.environment, "PATH": path, "TERM": "dumb", **more}


def typed(shell: str, line: str, variables: dict[str, str]) -> str:
    """What a person sees after Tab."""
    command, setup = SHELLS[shell]
    parent, child = pty.openpty()
    process = subprocess.Popen(
        command, stdin=child, stdout=child, stderr=child, env=variables, start_new_session=True)
    os.close(child)
    screen = b""

    def read_until(pattern: bytes) -> re.Match[bytes]:
        nonlocal screen
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if found := re.search(pattern, screen):
                return found
            if select.select([parent], [], [], 0.1)[0]:
                try:
                    screen += os.read(parent, 4096)
                except OSError:
                    break
        raise AssertionError(screen.decode(errors="replace"))

    try:
        os.write(parent, f"{setup}; echo rea''dy\n".encode())
        read_until(rb"ready\r")
        # Back to the start of the line, and the line is no command any more but something to print.
        os.write(parent, f"cloudrails {line}\t\x01echo pri''nted \x05 e''nd\r".encode())
        return read_until(rb"\nprinted cloudrails ([^\r\n]*?) *end\r").group(1).decode().strip()
    finally:
        process.kill()
        process.wait()
        os.close(parent)


def offered(line: str, variables: dict[str, str]) -> list[str]:
    """What fish would offer."""
    script = f"cloudrails completions fish | source; complete -C 'cloudrails {line}'"
    result = subprocess.run(["fish", "--no-config", "-c", script], env=variables, capture_output=True, text=True)
    assert result.returncode == 0 and result.stderr == "", result
    return [row.split("\t")[0] for row in result.stdout.splitlines()]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("line, completed", LINES)
def test_completes(cloudrails: Cloudrails, shell: str, line: str, completed: str) -> None:
    # Commands, options, values and targets need no AWS.
    assert typed(shell, line, environment(cloudrails, AWS_ENDPOINT_URL="http://127.0.0.1:1")) == completed


@pytest.mark.parametrize("line, completed", LINES)
def test_fish_completes(cloudrails: Cloudrails, line: str, completed: str) -> None:
    assert offered(line, environment(cloudrails)) == [completed.split()[-1]]


@pytest.mark.parametrize("separator", [" ", "="])
@pytest.mark.parametrize("shell", [*SHELLS, "fish"])
def test_completes_files(cloudrails: Cloudrails, tmp_path: Path, shell: str, separator: str) -> None:
    (tmp_path / "some-key.pem").touch()
    line = f"network create --key-file{separator}{tmp_path}/some-"
    if shell == "fish":
        assert [word.removeprefix("--key-file=") for word in offered(line, environment(cloudrails))] == [
            f"{tmp_path}/some-key.pem"]
    else:
        assert typed(shell, line, environment(cloudrails)) == line + "key.pem"


@pytest.mark.parametrize("shell", [*SHELLS, "fish"])
def test_completes_node_names(cloudrails: Cloudrails, endpoint: Endpoint, shell: str) -> None:
    cloudrails.ok("node", "launch", "bitcoin.org/signet", "--name", "my-signet", "--yes")
    endpoint.forget()
    variables = environment(cloudrails)
    if shell == "fish":
        assert offered("node show my-", variables) == ["my-signet"]
        assert offered("node show --region us-west-2 my-", variables) == []
    else:
        assert typed(shell, "node show my-", variables) == "node show my-signet"
        assert typed(shell, "node show --region us-west-2 my-", variables) == "node show --region us-west-2 my-"
    assert endpoint.mutating() == []


@pytest.mark.parametrize("failure", [
    {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
    {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
    {"AWS_PROFILE": "nobody"},
    {"AWS_REGION": ""},
])
def test_is_silent_where_aws_says_nothing(cloudrails: Cloudrails, failure: dict[str, str]) -> None:
    start = time.monotonic()
    result = cloudrails("__complete", "--", "node", "show", "", **failure)
    assert (result.code, result.stdout, result.stderr) == (0, "", "")
    assert time.monotonic() - start < 1


def test_does_not_keep_a_shell_waiting(proxy: object, proxied: Cloudrails) -> None:
    proxy.rules(delay=30)
    start = time.monotonic()
    result = proxied("__complete", "--", "node", "show", "")
    proxy.rules()
    assert (result.code, result.stdout, result.stderr) == (0, "", "")
    assert time.monotonic() - start < 4


def test_bash_is_left_as_it_was(cloudrails: Cloudrails) -> None:
    script = "before=$(set); source <(cloudrails completions bash); after=$(set); diff <(echo \"$before\") <(echo \"$after\")"
    changed = subprocess.run(
        ["bash", "--norc", "-c", script], env=environment(cloudrails), capture_output=True, text=True).stdout
    assert "COMP_WORDBREAKS" not in changed and "_cloudrails ()" in changed


def test_the_bash_script_is_clean(cloudrails: Cloudrails) -> None:
    script = cloudrails.ok("completions", "bash").stdout
    checked = subprocess.run(["shellcheck", "-s", "bash", "-"], input=script, capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout
