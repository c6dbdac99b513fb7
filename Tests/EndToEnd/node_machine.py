"""A machine whose helper notes what it is asked, and fails when it is told to: for the commands that stop, start, grow and
seal."""

from __future__ import annotations

import json
import subprocess
import time
from typing import Any

from conftest import Cloudrails, Endpoint
from machine import TARGET, Machine

# What the helper of a node does; the seal is a file in the machine's folder, and so is the record of the last one.
HELPER = r"""
[ ! -e "$here/fails" ] || { cat "$here/fails" >&2; exit 1; }
now() { date -u -d "now $(cat "$here/clock" 2>/dev/null)" +%FT%T.%3NZ; }
wallets() {
    local file found=
    while read -r file; do
        case " $* " in *" --allow $file "*) ;; *) found+=$file$'\n' ;; esac
    done < <(cat "$here/wallets" 2>/dev/null)
    [ -z "$found" ] || { printf %s "$found"; exit 3; }
}
unseal() {
    # Of another seal than the last nothing is known.
    if [ -n "${2:-}" ] && ! cat "$here/sealed" "$here/record" 2>/dev/null | grep -q "$2"; then
        echo '{}'
        return
    fi
    if [ -e "$here/sealed" ]; then
        sed -E "s/\"height.*\"sealed/\"unsealed\":\"$(now)\",\"stopped_seconds\":2,\"sealed/" "$here/sealed" >"$here/record"
        rm "$here/sealed"
    fi
    cat "$here/record" 2>/dev/null || echo '{}'
}
command=$1
shift
case $command in
status) cat "$here/status" 2>/dev/null || true ;;
wallets) wallets "$@" ;;
seal)
    wallets "$@"
    if [ ! -e "$here/sealed" ]; then
        printf '{"token":"%s",%s,"sealed":"%s"}\n' "$(cat /proc/sys/kernel/random/uuid)" "$(cat "$here/facts")" "$(now)" >"$here/sealed"
    fi
    cat "$here/sealed"
    [ ! -e "$here/hasty" ] || unseal >/dev/null
    ;;
unseal) unseal "$@" ;;
upgrade) sed -i 's/"client": "[^"]*"/"client": "bitcoin-core 31.1"/' "$here/status" ;;
esac"""


class NodeMachine(Machine):
    """What would be unmounted or restarted on the node is noted too: its folder has no /data."""

    def __init__(self, endpoint: Endpoint, instance: str):
        super().__init__(endpoint, instance)
        self.helper(HELPER)
        self.knows(height=232_000)
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

    def knows(self, **facts: Any) -> None:
        """What it says when it is sealed."""
        facts = {"height": 0, "hash": "00ab", "client": "bitcoin-core 31.1", **facts}
        (self.folder / "facts").write_text(json.dumps(facts)[1:-1].replace(": ", ":"))

    def reports(self, **changes: Any) -> None:
        """What it says of itself while it goes on."""
        status = {
            "node": "n", "target": TARGET, "state": "syncing", "hash": "00ab", "client": "bitcoin-core 31.1", "services": [],
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), **changes}
        (self.folder / "status").write_text(json.dumps(status))

    def client(self) -> str:
        """What it says that it runs, "" if it has said nothing of itself."""
        status = self.folder / "status"
        return json.loads(status.read_text())["client"] if status.exists() else ""

    def is_sealed(self) -> bool:
        return (self.folder / "sealed").exists()

    def holds(self, *wallets: str) -> None:
        (self.folder / "wallets").write_text("".join(f"{one}\n" for one in wallets))

    def hasty(self) -> None:
        """Its time is over as soon as it is sealed."""
        (self.folder / "hasty").touch()

    def clock(self, difference: str) -> None:
        """Its clock is off by that, as date(1) reads it."""
        (self.folder / "clock").write_text(difference)

    def run(self, *words: str) -> dict[str, Any]:
        """Asks the helper, as its own timer would."""
        done = subprocess.run([self.folder / "bin" / "cloudrails-node", *words], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def mounted(self) -> None:
        (self.folder / "mounted").touch()

    def away(self) -> None:
        self.set(ping="ConnectionLost")

def machines(endpoint: Endpoint) -> list[NodeMachine]:
    """Those of all instances."""
    reservations = endpoint.client("ec2").describe_instances()["Reservations"]
    return [NodeMachine(endpoint, instance["InstanceId"]) for one in reservations for instance in one["Instances"]]


def launched(cloudrails: Cloudrails, endpoint: Endpoint, *options: str) -> tuple[dict[str, Any], NodeMachine]:
    """A node and its machine."""
    node = cloudrails.ok("node", "launch", TARGET, "--yes", "--json", *options).json["node"]
    return node, NodeMachine(endpoint, node["instance"])
