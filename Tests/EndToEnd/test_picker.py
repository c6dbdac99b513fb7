"""`node launch` without a target, on a terminal of its own: what is chosen, and that the terminal is given back."""

from __future__ import annotations

import os
import re
import signal
import termios
import time
from typing import Any, Callable

import node_images
import pytest
from conftest import Cloudrails, Endpoint
from screen import Screen

TARGETS, SIZES, TYPES = "What do you want to run", "How large is its data volume", "Which machine?"
UP, DOWN, ESCAPE, CTRL_C = "\x1b[A", "\x1b[B", "\x1b", "\x03"
ENTER_SCREEN, LEAVE_SCREEN = "\x1b[?1049h", "\x1b[?1049l"


class PickerScreen(Screen):
    """A terminal with a picker on it; what a person sees is its last frame."""

    def __init__(self, cloudrails: Cloudrails, *words: str, **environment: str):
        super().__init__(cloudrails, "node", "launch", *words, **environment)
        self.before = termios.tcgetattr(self.parent)
        self.wait_for(TARGETS)
        self.until(lambda: self.frames)

    @property
    def frames(self) -> list[str]:
        """Those that are there as a whole: a frame is read in pieces."""
        return re.findall(r"\x1b\[H(.*?)\x1b\[J", self.text, re.DOTALL)

    @property
    def frame(self) -> list[str]:
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.frames[-1]).split("\r\n")

    @property
    def marked(self) -> str:
        return next((line[2:] for line in self.frame if line.startswith("> ")), "")

    def until(self, holds: Callable[[], Any], seconds: float = 20) -> None:
        """Until the frame is as it should be."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, self.text
            try:
                self.wait_for("no such text", 0.05)
            except AssertionError:
                continue

    def choose(self, keys: str, marked: str) -> None:
        """Keys, and Enter as soon as the row is marked that they lead to."""
        self.type(keys)
        self.until(lambda: self.marked.startswith(marked))
        self.type("\r")

    def given_back(self) -> int:
        """The exit code; the terminal must be as it was."""
        self.wait_for(None)
        after = termios.tcgetattr(self.parent)
        os.close(self.parent)
        code = self.process.wait(60)
        assert after == self.before
        assert self.text.count(ENTER_SCREEN) == self.text.count(LEAVE_SCREEN)
        assert self.text.rindex(LEAVE_SCREEN) > self.text.rindex(ENTER_SCREEN)
        return code


def only_instance(endpoint: Endpoint) -> dict[str, Any]:
    found = [i for r in endpoint.client("ec2").describe_instances()["Reservations"] for i in r["Instances"]]
    assert len(found) == 1
    return found[0]


def data_size(endpoint: Endpoint) -> int:
    volumes = endpoint.client("ec2").describe_volumes()["Volumes"]
    return next(v["Size"] for v in volumes if v["Attachments"] and v["Attachments"][0]["Device"] == "/dev/xvdf")


def test_a_node_is_chosen_with_what_it_is_usually_given(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    image = node_images.make(endpoint, 200_000)
    screen = PickerScreen(cloudrails)
    assert any("bitcoin.org/signet" in line and "200000" in line for line in screen.frame)
    screen.choose("SIGN", "bitcoin.org/signet")
    screen.wait_for(SIZES)
    screen.choose("", "150 GiB")
    screen.wait_for(TYPES)
    screen.choose("", "t4g.medium")
    screen.wait_for("Launch it? [y/N] ")
    screen.type("y\n")
    assert screen.given_back() == 0
    assert only_instance(endpoint)["ImageId"] == image and data_size(endpoint) == 150


def test_size_and_type_of_ones_own(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    screen = PickerScreen(cloudrails, "--yes")
    screen.choose(DOWN + DOWN + UP + "signet", "bitcoin.org/signet")
    screen.wait_for(SIZES)
    screen.type("1")
    screen.type("234")
    screen.choose("", "1234 GiB")
    screen.wait_for(TYPES)
    screen.choose("t4g.xl", "t4g.xlarge")
    assert screen.given_back() == 0
    assert only_instance(endpoint)["InstanceType"] == "t4g.xlarge" and data_size(endpoint) == 1234


def test_the_machine_fits_the_image(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    image = node_images.make(endpoint, 200_000, architecture="x86_64")
    screen = PickerScreen(cloudrails, "--yes")
    screen.choose("signet", "bitcoin.org/signet")
    screen.wait_for(SIZES)
    screen.choose("", "150 GiB")
    screen.wait_for(TYPES)
    screen.choose("m6i.xlarge", "m6i.xlarge")
    assert screen.given_back() == 0
    found = only_instance(endpoint)
    assert (found["ImageId"], found["InstanceType"]) == (image, "m6i.xlarge")


def test_what_was_said_is_not_asked(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    screen = PickerScreen(cloudrails, "--disk-size", "200", "--instance-type", "t4g.small", "--dry-run")
    screen.choose("signet", "bitcoin.org/signet")
    assert screen.given_back() == 0
    assert SIZES not in screen.text and TYPES not in screen.text and "RunInstances" in screen.text
    assert endpoint.mutating() == []


@pytest.mark.parametrize("key, code", [(ESCAPE, 1), (CTRL_C, 130), ("\x04", 1)])
@pytest.mark.parametrize("at", [TARGETS, SIZES, TYPES])
def test_leaving_does_nothing(cloudrails: Cloudrails, endpoint: Endpoint, key: str, code: int, at: str) -> None:
    screen = PickerScreen(cloudrails)
    for passed, following in ((TARGETS, SIZES), (SIZES, TYPES)):
        if at == passed:
            break
        screen.type("\r")
        screen.wait_for(following)
    screen.type(key)
    assert screen.given_back() == code
    assert endpoint.mutating() == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT, signal.SIGABRT])
def test_a_signal_gives_the_terminal_back(cloudrails: Cloudrails, endpoint: Endpoint, number: int) -> None:
    screen = PickerScreen(cloudrails)
    screen.process.send_signal(number)
    assert screen.given_back() in (130, -number)
    assert endpoint.mutating() == []


def test_two_signals_at_once(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    screen = PickerScreen(cloudrails)
    screen.process.send_signal(signal.SIGTERM)
    screen.process.send_signal(signal.SIGINT)
    assert screen.given_back() == 130


def test_a_picker_that_was_stopped_goes_on(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    screen = PickerScreen(cloudrails, "--dry-run", "--instance-type", "t4g.small", "--disk-size", "200")
    screen.process.send_signal(signal.SIGSTOP)
    # As a shell does when a job of its stops.
    termios.tcsetattr(screen.parent, termios.TCSANOW, screen.before)
    seen = len(screen.frames)
    screen.process.send_signal(signal.SIGCONT)
    screen.until(lambda: len(screen.frames) > seen)
    screen.choose("signet", "bitcoin.org/signet")
    screen.wait_for(None)
    os.close(screen.parent)
    assert screen.process.wait(60) == 0 and "RunInstances" in screen.text


def test_it_fits_its_window(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    screen = PickerScreen(cloudrails)
    for columns, lines in ((40, 10), (20, 5), (100, 30), (80, 24), (12, 2)):
        seen = len(screen.frames)
        screen.resize(columns, lines)
        screen.until(lambda: len(screen.frames) > seen)
        screen.until(lambda: len(screen.frame) <= lines and all(len(line) < columns for line in screen.frame))
        assert screen.marked
    screen.choose("litecoin.org/main", "litecoin")
    screen.until(lambda: screen.text.count(ENTER_SCREEN) == 2)
    screen.type(CTRL_C)
    assert screen.given_back() == 130


def test_without_colours(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    coloured, plain = PickerScreen(cloudrails), PickerScreen(cloudrails, NO_COLOR="1")
    assert re.search(r"\x1b\[\d+m", coloured.text) and not re.search(r"\x1b\[\d+m", plain.text)
    assert plain.frame == coloured.frame and plain.marked
    for screen in (coloured, plain):
        screen.type(ESCAPE)
        assert screen.given_back() == 1


def test_where_nobody_can_choose(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    result = cloudrails("node", "launch", "--yes")
    assert result.code == 64
    assert result.stderr.splitlines()[0].startswith("error: <target> is missing: What to run")
    assert result.stderr.splitlines()[1] == "  try: cloudrails node launch --help"
    dumb = Screen(cloudrails, "node", "launch", TERM="dumb")
    assert dumb.ends() == 64 and "<target> is missing" in dumb.text
    assert endpoint.calls() == []
