"""What the helper makes of what systemd says of the services, without a machine."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

TEMPLATES = Path(__file__).resolve().parents[2] / "templates/node"
# Seconds.
UPTIME = 10_000


class Node:
    """A release's folder with the helper in it, and a systemd whose word on each service is a file."""

    def __init__(self, folder: Path):
        self.folder, self.mark = folder, folder / "stopped"
        for name in ("cloudrails-node", "seal.sh"):
            text = (TEMPLATES / name).read_text().replace("/run/cloudrails-stopped", str(self.mark))
            (folder / name).write_text(text.replace("/proc/uptime", str(folder / "uptime")))
        (folder / "uptime").write_text(f"{UPTIME}.25 9000.50\n")
        (folder / "node.env").write_text("CHAIN_SERVICES='geth.service lighthouse.service'\n")
        (folder / "bin").mkdir()
        self.program("systemctl", f"""
            case $1 in
            is-active) sed -n 's/^ActiveState=//p' {folder}/"$2" ;;
            stop) ls {self.mark} >>{folder}/asked; echo "$2" >>{folder}/asked; echo ActiveState=inactive >{folder}/"$2" ;;
            show) if [ "$3" = Result ]; then cat {folder}/result; else cat {folder}/"${{@: -1}}"; fi ;;
            esac""")
        self.program("journalctl", "echo its last words")
        (folder / "result").write_text("success\n")
        self.says("geth.service")
        self.says("lighthouse.service")

    def program(self, name: str, body: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def says(self, service: str, ActiveState: str = "active", NRestarts: int = 0, entered: int = 600, left: int = 0, **more: Any) -> None:
        """`entered` and `left` its last run so many seconds ago; 0 is never."""
        moments = {"ActiveEnterTimestampMonotonic": entered, "ActiveExitTimestampMonotonic": left}
        facts = {"ActiveState": ActiveState, "NRestarts": NRestarts, **more}
        facts |= {name: (UPTIME - ago) * 1_000_000 if ago else 0 for name, ago in moments.items()}
        (self.folder / service).write_text("".join(f"{name}={value}\n" for name, value in facts.items()))

    def runs(self, function: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", f". {self.folder}/cloudrails-node; {function}"], env={"PATH": f"{self.folder}/bin:/usr/bin:/bin"},
            capture_output=True, text=True)


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


@pytest.mark.parametrize("what, facts", [
    ("", {}),
    ("", {"NRestarts": 50, "entered": 200}),
    ("keeps ending", {"NRestarts": 3, "entered": 20}),
    ("", {"NRestarts": 2, "entered": 20}),
    ("keeps ending", {"ActiveState": "failed"}),
    ("has ended", {"ActiveState": "inactive"}),
    ("", {"ActiveState": "inactive", "Job": 12}),
    # What has to run before it fails each time: it has never been active, or not for long.
    ("keeps ending", {"ActiveState": "activating", "NRestarts": 50, "entered": 0}),
    ("keeps ending", {"ActiveState": "activating", "NRestarts": 50, "entered": 900, "left": 500}),
    # It ran for long, and is started again just now.
    ("", {"ActiveState": "activating", "NRestarts": 4, "entered": 900, "left": 5}),
    ("keeps ending", {"ActiveState": "activating", "NRestarts": 4, "entered": 20, "left": 5}),
    ("", {"ActiveState": "deactivating", "NRestarts": 4, "entered": 900}),
])
def test_a_service_that_is_broken(node: Node, what: str, facts: dict[str, Any]) -> None:
    node.says("lighthouse.service", **facts)
    assert node.runs("broken").stdout == (f"lighthouse.service {what}: its last words\n" if what else "")


def test_none_of_several_that_are_stopped_has_ended_by_itself(node: Node) -> None:
    assert node.runs("stop").returncode == 0
    assert (node.folder / "asked").read_text().splitlines() == [str(node.mark), "lighthouse.service", str(node.mark), "geth.service"]
    assert node.runs("broken").stdout == ""


def test_what_was_killed_was_not_stopped(node: Node) -> None:
    (node.folder / "result").write_text("timeout\n")
    stopped = node.runs("stop")
    assert stopped.returncode == 1 and "lighthouse.service did not stop in time" in stopped.stderr
    assert not node.mark.exists()
