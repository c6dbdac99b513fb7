"""A machine behind a node, as far as cloudrails reaches into it: the helper's words, written down one a line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from conftest import Endpoint

HELPER = """#!/bin/sh
echo "$*" >>"${CLOUDRAILS_RUNS%/runs}/said"
[ ! -e "${CLOUDRAILS_RUNS%/runs}/fails" ] || { cat "${CLOUDRAILS_RUNS%/runs}/fails" >&2; exit 1; }
"""
# What the node's folder stands for has no /data; what would be unmounted or restarted is written down.
SYSTEM = """#!/bin/sh
echo "$(basename "$0") $*" >>"${CLOUDRAILS_RUNS%/runs}/said"
"""


class NodeMachine:
    """An instance whose agent answers."""

    def __init__(self, endpoint: Endpoint, instance: str):
        self.endpoint, self.instance = endpoint, instance
        made = endpoint.machine(instance, programs={
            "cloudrails-node": HELPER, "umount": SYSTEM, "systemctl": SYSTEM,
            "mountpoint": "#!/bin/sh\n[ -e \"${CLOUDRAILS_RUNS%/runs}/mounted\" ]\n"})
        self.folder = Path(made["folder"])

    def said(self) -> list[str]:
        """What the helper and the system were asked for, since the last look."""
        file = self.folder / "said"
        words = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return words

    def fails(self, reason: str) -> None:
        (self.folder / "fails").write_text(reason)

    def mounted(self) -> None:
        (self.folder / "mounted").touch()

    def away(self) -> None:
        self.endpoint.machine(self.instance, ping="ConnectionLost")


def launched(cloudrails: Any, endpoint: Endpoint, *options: str) -> tuple[dict[str, Any], NodeMachine]:
    """A node and its machine."""
    node = cloudrails.ok("node", "launch", "bitcoin.org/signet", "--yes", "--json", *options).json["node"]
    return node, NodeMachine(endpoint, node["instance"])
