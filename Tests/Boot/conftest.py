"""Launches a node towards the stricter moto, and boots what was sent.

The image is made once, by image.sh, and kept in $CLOUDRAILS_BOOT_CACHE (default ~/.cache/cloudrails-boot) under the hash of its
recipe."""

from __future__ import annotations

import base64
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Iterator

import pytest

import userdata
from cloud import Cloud
from machine import Disk, Machine

HERE = Path(__file__).parent
# The end-to-end tests' endpoint and binary. Both folders have a conftest, so it is loaded under a name of its own.
specification = importlib.util.spec_from_file_location("end_to_end", HERE.parent / "EndToEnd" / "conftest.py")
end_to_end = importlib.util.module_from_spec(specification)
specification.loader.exec_module(end_to_end)


@pytest.fixture(scope="session")
def image() -> Path:
    recipe = HERE / "image.sh"
    cache = Path(os.environ.get("CLOUDRAILS_BOOT_CACHE", Path.home() / ".cache" / "cloudrails-boot"))
    folder = cache / hashlib.sha256(recipe.read_bytes()).hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w", encoding="ascii") as lock:
        # One of several workers makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            new = folder.with_suffix(".new")
            as_root = [] if os.geteuid() == 0 else ["sudo"]
            subprocess.run([*as_root, "rm", "-rf", str(new)], check=True)
            made = subprocess.run([*as_root, "bash", str(recipe), str(new)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
            assert made.returncode == 0, made.stdout[-3000:] + made.stderr[-3000:]
            subprocess.run([*as_root, "chown", "-R", f"{os.getuid()}:{os.getgid()}", str(new)], check=True)
            new.rename(folder)
        os.utime(folder)
        for other in cache.iterdir():
            if other.is_dir() and time.time() - other.stat().st_mtime > 7 * 86_400:
                shutil.rmtree(other, ignore_errors=True)
    return folder


class Launched:
    """A node as a launch made it, with the bytes that the launch sent, and a machine that has not been started."""

    def __init__(self, folder: Path, image: Path, endpoint: Any, target: str, port: int):
        self.cloudrails = end_to_end.Cloudrails(folder, port)
        self.image, self.folder = image, folder
        endpoint.reset()
        self.cloudrails.ok("node", "launch", target, "--arch", "x86_64", "--yes")
        run = [call for call in endpoint.calls() if call["action"] == "RunInstances"]
        self.sent = base64.b64decode(run[0]["parameters"]["UserData"])
        names = userdata.names(self.sent) + self.extra_names()
        self.cloud = Cloud(endpoint, image, folder, sorted(set(names)), end_to_end.REGION)
        self.cloud.user_data = self.sent
        ec2 = endpoint.client("ec2")
        self.volume = next(
            v["VolumeId"] for v in ec2.describe_volumes()["Volumes"] if v["Attachments"][0]["Device"] == "/dev/xvdf")

    def extra_names(self) -> list[str]:
        return ["packages.test", f"ec2.{end_to_end.REGION}.amazonaws.com", *self.others_names()]

    def others_names(self) -> list[str]:
        """The hosts of every shipped target, for machines that install one after the other."""
        return userdata.names(*(self.user_data(target).encode() for target in self.targets()))

    def targets(self) -> list[str]:
        return [chain["target"] for chain in self.cloudrails.ok("chains", "list", "--json", AWS_REGION=None).json["chains"]]

    def user_data(self, target: str) -> str:
        return self.cloudrails.ok("node", "user-data", target, "--arch", "x86_64", "--json").json["script"]

    @property
    def serial(self) -> str:
        """How Nitro shows the volume."""
        return self.volume.replace("-", "")

    def machine(self, disks: list[Disk], **options: Any) -> Machine:
        key = self.folder / ".config/cloudrails/keys/blockchain-nodes-keypair.pem"
        return Machine(self.folder / "machine", self.image, disks, self.cloud.ports, self.cloud.names, key, **options)


@pytest.fixture(scope="module")
def launch(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Launched]]:
    """Launches one target; all that it started ends with the test file."""
    folder = tmp_path_factory.mktemp("boot")
    moto, port = end_to_end.start([sys.executable, "-m", "strict_moto"], folder, "moto")
    endpoint = end_to_end.Endpoint(port)
    launched: list[Launched] = []

    def make(target: str) -> Launched:
        launched.append(Launched(folder, image, endpoint, target, port))
        return launched[-1]

    yield make
    for one in launched:
        one.cloud.end()
    moto.send_signal(signal.SIGTERM)
    moto.wait(10)
