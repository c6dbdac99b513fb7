"""Every command that a document shows is run, in the document's order, in a home and an account of its own."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import BINARY, REGION, ROOT, Cloudrails, Endpoint
from node_machine import machines
from screen import Screen

DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("chains/*/README.md")])
# Stands in a document for what the reader knows.
STAND_INS = {"ACCOUNT": "123456789012"}
# Opens a browser: the only commands that no test can run.
WITH_BROWSER = ("aws configure sso", "aws sso login")
# moto has no such service; the AWS CLI checks the parameters against the service's model and makes no call.
WITHOUT_SERVICE = ("aws service-quotas",)
AWS = Path(sys.executable).with_name("aws")


def commands(document: str) -> list[str]:
    """The lines of code blocks, and code within a sentence, that are commands."""
    text = (ROOT / document).read_text()
    lines = re.findall(r"^(?: {4}|\$ |)((?:cloudrails|aws) [a-z].+)$", blocks(text), re.MULTILINE)
    spans = re.findall(r"`((?:cloudrails [a-z]|aws [a-z-]+ [a-z])[^`]*)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL))
    # A heading in docs/json.md names a command without its arguments; test_json.py runs each of them.
    headings = "".join(re.findall(r"^## `.*", text, re.MULTILINE))
    headed = set(re.findall(r"`([^`]+)`", headings))
    return [line.split("  #")[0].strip() for line in [*lines, *spans] if line not in headed]


def blocks(text: str) -> str:
    fenced = "\n".join(re.findall(r"^ *```\w*\n(.*?)```", text, re.DOTALL | re.MULTILINE))
    indented = "\n".join(line for line in text.splitlines() if line.startswith("    "))
    return re.sub(r"^ +(?=aws )", "", fenced, flags=re.MULTILINE) + "\n" + indented


def test_commands_are_found() -> None:
    assert "cloudrails node terminate ethereum.org-geth-mainnet" in commands("README.md")
    assert "aws iam create-user --user-name blockchain-nodes" in commands("docs/aws-setup.md")
    assert "cloudrails node launch bitcoin.org/mainnet" in commands("chains/bitcoin/README.md")


@pytest.mark.parametrize("document", [document for document in DOCUMENTS if commands(document)])
def test_every_command_runs(document: str, cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    save_policies(document, cloudrails.home)
    for command in commands(document):
        for word, meaning in STAND_INS.items():
            command = command.replace(word, meaning)
        if re.search(r"\bIMAGE\b", command):
            command = re.sub(r"\bIMAGE\b", newest_image(endpoint), command)
        if command.startswith(WITH_BROWSER):
            continue
        if command.startswith("aws "):
            run_aws(command, cloudrails)
        else:
            run_ours(shlex.split(command)[1:], cloudrails)
            machines(endpoint)


def newest_image(endpoint: Endpoint) -> str:
    images = endpoint.client("ec2").describe_images(Owners=["self"])["Images"]
    return max(images, key=lambda image: image["CreationDate"])["ImageId"]


def save_policies(document: str, home: Path) -> None:
    """As docs/aws-setup.md asks its reader to."""
    text = (ROOT / document).read_text()
    for name, block in re.findall(r"### Policy `cloudrails-([a-z]+)`.*?```json\n(.*?)```", text, re.DOTALL):
        (home / f"{name}.json").write_text(json.dumps(json.loads(block)))


def run_ours(words: list[str], cloudrails: Cloudrails) -> None:
    names = [word for word in words if not word.startswith("-")]
    screen = Screen(cloudrails, *words)
    code = screen.answer({"[y/N] ": "y", "to go on: ": names[-1]})
    assert code == 0, (words, screen.text)


def run_aws(command: str, cloudrails: Cloudrails) -> None:
    words = [str(AWS), *shlex.split(command)[1:]]
    if command.startswith(WITHOUT_SERVICE):
        words += ["--generate-cli-skeleton", "output"]
    environment = {**os.environ, **cloudrails.environment, "AWS_DEFAULT_REGION": REGION, "AWS_PAGER": "", "PAGER": "cat"}
    done = subprocess.run(
        words, cwd=cloudrails.home, env=environment, input="AKIAEXAMPLE\nsecret\nus-east-2\njson\n",
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, (command, done.stdout[-500:], done.stderr)


def test_the_build_line_is_the_demo_s() -> None:
    line = re.search(r"^    swift build (.*)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert line
    demo = (ROOT / "scripts" / "demo").read_text()
    assert all(word in demo for word in line.group(1).split())


def test_scripts_that_are_named_exist() -> None:
    for document in DOCUMENTS:
        for script in re.findall(r"(?:^|[ `])((?:scripts|\.ci)/[a-z]+)", (ROOT / document).read_text(), re.MULTILINE):
            assert os.access(ROOT / script, os.X_OK), (document, script)


def plain(text: str) -> set[str]:
    """Lines without what differs from run to run: ids, addresses, durations, colours."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text.replace("\r", "\n"))
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "\n", text)
    text = re.sub(r"\b((?:key|vpc|igw|rtb|sg|vpce|i|vol|eni|subnet)-)[0-9a-f]{17}\b", r"\1ID", text)
    text = re.sub(r"\b\d+\.\d+\.\d+\.\d+\b", "ADDRESS", text)
    text = re.sub(r"\(\d+\.\d s\)", "(TIME)", re.sub(r"\S*/\.config/", "~/.config/", text))
    return {re.sub(r"^[✓+] ", "", line.strip()) for line in text.splitlines()}


@pytest.mark.demo
def test_the_demo_is_what_the_readme_shows(tmp_path: Path) -> None:
    """The README's first command; its transcript is what the demo prints, and nothing runs on."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    screen = Screen.of([str(ROOT / "scripts" / "demo")], {**environment, "TMPDIR": str(tmp_path)}, columns=120)
    assert screen.answer({}, seconds=3000) == 0, screen.text[-3000:]
    shown = re.search(r"```\n(\$ cloudrails chains list.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert shown
    missing = plain(shown.group(1)) - plain(screen.text)
    assert not missing, (missing, screen.text[-4000:])
    assert "terminated" in screen.text or "is gone" in screen.text
    assert BINARY.exists()
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True)
    assert left.stdout == "", "the demo leaves its endpoint running"
