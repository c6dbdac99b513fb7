"""A home directory and an environment for tests that read AWS's shared files twice: with botocore and with the tool."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DUMP = ROOT / ".build" / "debug" / "aws-settings-dump"


class Home:
    """A home directory and an environment of its own, for botocore in this process and for the tool."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.monkeypatch = monkeypatch
        for name in list(os.environ):
            if name.startswith("AWS_") or name.lower().endswith("_proxy"):
                monkeypatch.delenv(name)
        self.set(HOME=str(path), AWS_EC2_METADATA_DISABLED="true")

    def set(self, **variables: str) -> None:
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def files(self, config: str | bytes, credentials: str | bytes = "") -> None:
        self.write(".aws/config", config)
        self.write(".aws/credentials", credentials)

    def ours(self, what: str, *profile: str) -> dict[str, Any]:
        run = subprocess.run([DUMP, what, *profile], capture_output=True, text=True, timeout=60, check=True)
        return json.loads(run.stdout)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return Home(tmp_path, monkeypatch)
