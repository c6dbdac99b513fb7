"""The image that the machines start from: made once, by image.sh, and kept in $CLOUDRAILS_BOOT_CACHE (default
~/.cache/cloudrails-boot) under the hash of its recipe. As a program it prints the image's folder."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

RECIPE = Path(__file__).with_name("image.sh")
WEEK = 7 * 86_400


def image() -> Path:
    """The image's folder."""
    cache = Path(os.environ.get("CLOUDRAILS_BOOT_CACHE", Path.home() / ".cache" / "cloudrails-boot"))
    folder = cache / hashlib.sha256(RECIPE.read_bytes()).hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w", encoding="ascii") as lock:
        # One of several workers makes it.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            make(folder)
        os.utime(folder)
        for other in cache.iterdir():
            if other.is_dir() and time.time() - other.stat().st_mtime > WEEK:
                shutil.rmtree(other, ignore_errors=True)
    return folder


def make(folder: Path) -> None:
    new = folder.with_suffix(".new")
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    subprocess.run([*as_root, "rm", "-rf", str(new)], check=True)
    made = subprocess.run([*as_root, "bash", str(RECIPE), str(new)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(f"The image could not be made:\n{made.stdout[-3000:]}{made.stderr[-3000:]}")
    subprocess.run([*as_root, "chown", "-R", f"{os.getuid()}:{os.getgid()}", str(new)], check=True)
    new.rename(folder)


if __name__ == "__main__":
    print(image())
