"""What ethereum's install.sh makes of its two clients' answers, and how it starts Lighthouse, without a machine."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Iterator

import pytest

INSTALL = (Path(__file__).resolve().parents[2] / "chains/ethereum/install.sh").read_text()
BLOCKS = {"0x0": "0x00", "0x64": "0x6464", "0x3e8": "0xe8e8"}


class Clients:
    """geth and Lighthouse behind one port. `syncing` is what geth says; the beacon node is so many slots behind, or silent."""

    def __init__(self) -> None:
        self.syncing: Any = False
        self.latest = "0x3e8"
        self.distance: int | None = 0
        self.optimistic = self.offline = False
        clients = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                self.answer({"result": clients.geth(call["method"], *call["params"])})

            def do_GET(self) -> None:
                distance = clients.distance
                if distance is None:
                    self.send_error(503)
                else:
                    self.answer({"data": {
                        "is_syncing": distance > 1, "sync_distance": str(distance), "is_optimistic": clients.optimistic,
                        "el_offline": clients.offline}})

            def answer(self, value: Any) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(value).encode())

            def log_message(self, *_: Any) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def geth(self, method: str, *parameters: Any) -> Any:
        if method == "eth_getBlockByNumber":
            number = self.latest if parameters[0] == "latest" else parameters[0]
            return {"number": number, "hash": BLOCKS[number]} if number in BLOCKS else None
        return {"eth_syncing": self.syncing, "net_peerCount": "0x19"}[method]

    def status(self, **environment: str) -> str:
        own = f"127.0.0.1:{self.server.server_address[1]}"
        script = INSTALL.replace("127.0.0.1:8545", own).replace("127.0.0.1:5052", own)
        return subprocess.run(
            ["bash", "-c", f"set -euo pipefail\n{script}\nchain_status"], env={"PATH": "/usr/bin:/bin", **environment},
            check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def clients() -> Iterator[Clients]:
    clients = Clients()
    yield clients
    clients.server.shutdown()
    clients.server.server_close()


def test_at_the_head(clients: Clients) -> None:
    assert clients.status() == "1000 1000 true 0xe8e8 25"


def test_the_first_sync_has_a_height(clients: Clients) -> None:
    """geth's latest block is the first of all until it has a whole state; it says elsewhere how far it is."""
    clients.latest = "0x0"
    clients.syncing = {"startingBlock": "0x0", "currentBlock": "0x64", "highestBlock": "0x3e8"}
    assert clients.status() == "100 1000 false 0x6464 25"
    # A block that it does not have yet.
    clients.syncing["currentBlock"] = "0x65"
    assert clients.status() == "0 1000 false 0x00 25"


@pytest.mark.parametrize("distance", [2, None])
def test_not_before_the_beacon_node_follows(clients: Clients, distance: int | None) -> None:
    clients.distance = distance
    assert clients.status() == "1000 1000 false 0xe8e8 25"


@pytest.mark.parametrize("doubt", ["optimistic", "offline"])
def test_not_before_geth_has_verified_what_lighthouse_has(clients: Clients, doubt: str) -> None:
    setattr(clients, doubt, True)
    assert clients.status() == "1000 1000 false 0xe8e8 25"


def test_an_upgrade_wants_both_clients_to_answer(clients: Clients) -> None:
    assert clients.status(CHAIN_WHOLE="yes") == "1000 1000 true 0xe8e8 25"
    clients.distance = None
    with pytest.raises(subprocess.CalledProcessError):
        clients.status(CHAIN_WHOLE="yes")


def test_not_before_there_is_any_block(clients: Clients) -> None:
    clients.latest = "0x0"
    assert clients.status() == "0 0 false 0x00 25"


class Lighthouse:
    """The program that starts it, between a Lighthouse and a curl that only tell what they were given."""

    def __init__(self, folder: Path):
        self.folder = folder
        (folder / "bin").mkdir()
        self.program("curl", f'[ -e {folder}/answers ] && grep -qx "${{@: -1}}" {folder}/answers')
        self.program("lighthouse", 'echo "$*"')

    def program(self, name: str, body: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(f"#!/bin/bash\n{body}\n")
        path.chmod(0o755)

    def answer(self, *providers: str) -> None:
        (self.folder / "answers").write_text("".join(f"{one}/eth/v1/beacon/states/finalized/finality_checkpoints\n" for one in providers))

    def start(self) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": f"{self.folder}/bin:/usr/bin:/bin", "CHAIN_DATA": str(self.folder), "LIGHTHOUSE_VERSION": "1",
            "ETHEREUM_CHECKPOINTS": "https://a.test https://b.test", "ETHEREUM_NETWORK": "sepolia"}
        script = subprocess.run(
            ["bash", "-c", f"{INSTALL}\nlighthouse_start"], env=environment, check=True, capture_output=True, text=True).stdout
        script = script.replace("/opt/lighthouse-1/", f"{self.folder}/bin/")
        return subprocess.run(["bash", "-c", script], env=environment, capture_output=True, text=True)


def test_lighthouse_begins_at_a_checkpoint(tmp_path: Path) -> None:
    lighthouse = Lighthouse(tmp_path)
    assert (lighthouse.start().returncode, lighthouse.start().stderr) == (1, "no checkpoint provider answers\n")
    lighthouse.answer("https://b.test")
    assert "--checkpoint-sync-url https://b.test" in lighthouse.start().stdout
    assert "--purge-db-force" not in lighthouse.start().stdout
    # Its database is there before the checkpoint is.
    log = tmp_path / "lighthouse/beacon/chain_db/000003.log"
    log.parent.mkdir(parents=True)
    log.touch()
    begun = lighthouse.start().stdout
    assert "--checkpoint-sync-url https://b.test" in begun and "--purge-db-force" not in begun
    lighthouse.answer()
    assert lighthouse.start().returncode == 0 and "--checkpoint-sync-url" not in lighthouse.start().stdout


def test_lighthouse_begins_anew_where_its_database_is_old(tmp_path: Path) -> None:
    lighthouse = Lighthouse(tmp_path)
    log = tmp_path / "lighthouse/beacon/chain_db/000003.log"
    log.parent.mkdir(parents=True)
    log.touch()
    os.utime(log, (time.time() - 90_000,) * 2)
    assert lighthouse.start().returncode == 1
    lighthouse.answer("https://a.test", "https://b.test")
    assert "--checkpoint-sync-url https://a.test --purge-db-force" in lighthouse.start().stdout
