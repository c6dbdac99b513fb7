"""Every target's user data, as text: its size as sent, its syntax, and that it lies beside others when it is unpacked."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import userdata
from launched import end_to_end

LIMIT = 16_384


def test_every_target(tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}

    def run(*words: str) -> dict:
        return json.loads(subprocess.run([str(end_to_end.BINARY), *words, "--json"], env=environment, check=True, capture_output=True).stdout)

    releases = set()
    for chain in run("chains", "list")["chains"]:
        printed = run("node", "user-data", chain["target"])
        script = printed["script"].encode()
        assert printed["bytesSent"] <= LIMIT, chain["target"]
        parts = userdata.parts(script)
        assert set(parts) == {"node.env", "install.sh", "status.py", "seal.sh", "cloudrails-node", "bootstrap.sh"}
        for name, text in [("all", printed["script"]), *parts.items()]:
            if name != "status.py":
                subprocess.run(["bash", "-n"], input=text, text=True, check=True)
        compile(parts["status.py"], "status.py", "exec")
        releases.add(next(line for line in printed["script"].splitlines() if line.startswith("release=")))
        # Unpacked into a folder of the test's own, it is what it was.
        moved = printed["script"].replace("/usr/local/lib/cloudrails", str(tmp_path / "lib"))
        folder = Path(subprocess.run(["bash", "-s", "unpack"], input=moved, text=True, check=True, capture_output=True).stdout.strip())
        assert {path.name: path.read_text() for path in folder.iterdir()} == {
            name: text.replace("/usr/local/lib/cloudrails", str(tmp_path / "lib")) + "\n" for name, text in parts.items()}
    assert len(releases) == len(run("chains", "list")["chains"])
