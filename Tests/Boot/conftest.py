"""Launches a node towards the stricter moto, and boots what was sent."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Callable, Iterator

import pytest

import images
from launched import Launched, end_to_end


@pytest.fixture(scope="session")
def image() -> Path:
    return images.image()


@pytest.fixture(scope="module")
def launch(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Launched]]:
    """Launches one target, with options; all that it started ends with the test file."""
    folder = tmp_path_factory.mktemp("boot")
    moto, port = end_to_end.start([sys.executable, "-m", "strict_moto"], folder, "moto")
    endpoint = end_to_end.Endpoint(port)
    cloudrails = end_to_end.Cloudrails(folder, port)
    launched: list[Launched] = []

    def make(target: str, *options: str) -> Launched:
        endpoint.reset()
        cloudrails.ok("node", "launch", target, *options, "--arch", "x86_64", "--yes")
        launched.append(Launched(cloudrails, endpoint, image))
        return launched[-1]

    yield make
    for one in launched:
        one.cloud.end()
    moto.send_signal(signal.SIGTERM)
    moto.wait(10)
