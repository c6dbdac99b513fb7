"""Disks as snapshots would hold them: what is on them, and instances that start from them."""

from __future__ import annotations

import contextlib
import os
import subprocess
from pathlib import Path


def root_disk(image: Path, path: Path) -> Path:
    """A root disk that is whole by itself, so that a copy of it is, too."""
    subprocess.run(["cp", "--sparse=always", "--reflink=auto", str(image / "disk.raw"), str(path)], check=True)
    return path


def found(words: list[str], *disks: Path) -> list[str]:
    """Which of them stand anywhere on the disks, also in free blocks."""
    left, size = {word.encode() for word in words}, 16 << 20
    for disk in disks:
        with open(disk, "rb") as file:
            place = 0
            with contextlib.suppress(OSError):  # No more data.
                while True:
                    place = os.lseek(file.fileno(), place, os.SEEK_DATA)
                    block = os.pread(file.fileno(), size + 256, place)
                    left -= {word for word in left if word in block}
                    place += size
    return [word for word in words if word.encode() not in left]


def enlarged(disk: Path, gib: int) -> Path:
    """As a volume that is larger than its snapshot."""
    with open(disk, "r+b") as file:
        file.truncate(gib << 30)
    return disk


def with_existing_data(user_data: bytes) -> bytes:
    """As a launch sends it whose volume comes from a snapshot."""
    script = user_data.decode()
    assert script.count('boot "$INSTANCE_ID" new\n') == 1
    return script.replace('boot "$INSTANCE_ID" new\n', 'boot "$INSTANCE_ID" existing\n').encode()
