"""A machine whose helper notes what it is asked, and fails when it is told to: for the commands that stop, start and grow."""

from __future__ import annotations

from typing import Any

from conftest import Cloudrails, Endpoint
from machine import TARGET, Machine


class NodeMachine(Machine):
    """What would be unmounted or restarted on the node is noted too: its folder has no /data."""

    def __init__(self, endpoint: Endpoint, instance: str):
        super().__init__(endpoint, instance)
        self.helper('[ ! -e "$here/fails" ] || { cat "$here/fails" >&2; exit 1; }')
        system = f'#!/bin/sh\necho "$(basename "$0") $*" >>{self.folder}/ran\n'
        self.set(programs={
            "umount": system, "systemctl": system, "mountpoint": f"#!/bin/sh\n[ -e {self.folder}/mounted ]\n"})

    def said(self) -> list[str]:
        """What helper and system were asked since the last look."""
        words = self.ran()
        (self.folder / "ran").unlink(missing_ok=True)
        return words

    def fails(self, reason: str) -> None:
        (self.folder / "fails").write_text(reason)

    def mounted(self) -> None:
        (self.folder / "mounted").touch()

    def away(self) -> None:
        self.set(ping="ConnectionLost")


def launched(cloudrails: Cloudrails, endpoint: Endpoint, *options: str) -> tuple[dict[str, Any], NodeMachine]:
    """A node and its machine."""
    node = cloudrails.ok("node", "launch", TARGET, "--yes", "--json", *options).json["node"]
    return node, NodeMachine(endpoint, node["instance"])
