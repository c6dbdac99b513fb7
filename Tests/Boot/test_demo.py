"""scripts/demo --boot, as the README shows it."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from launched import end_to_end

pytestmark = [pytest.mark.boot, pytest.mark.xdist_group("demo")]


def test_the_demo_boots_a_node(image: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    # A short name: the path of a socket may not be long.
    tmp_path = tmp_path_factory.mktemp("demo")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    environment |= {"TMPDIR": str(tmp_path), "CLOUDRAILS_BOOT_CACHE": str(image.parent)}
    done = subprocess.run(
        [str(end_to_end.ROOT / "scripts/demo"), "--boot"], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    # Nothing is mined yet, five blocks, and the same five from another boot.
    assert re.findall(r"^Height +(\d+)", done.stdout, re.MULTILINE) == ["0", "5", "5"], done.stdout
    # It was stopped and started as a larger one.
    assert re.search(r"is running: i-\w+, t3.large in", done.stdout), done.stdout
    # The command line sealed the node, and the node's own record proved the image.
    assert "testnet at height 5, available; nothing was writing" in done.stdout, done.stdout
    assert "/data" in done.stdout and "xfs" in done.stdout
    # The compiler leaves things there, too; the demo's own folder is mktemp's.
    assert list(tmp_path.glob("tmp.*")) == [], "the demo leaves a folder behind"
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True)
    assert left.stdout == "", "the demo leaves something running"
