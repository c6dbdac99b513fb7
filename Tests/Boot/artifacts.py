"""Archives as publishers make them, and a publisher's key."""

from __future__ import annotations

import hashlib
import io
import subprocess
import tarfile
from pathlib import Path


def archive(files: dict[str, bytes | Path]) -> bytes:
    """A .tar.gz of programs."""
    buffer = io.BytesIO()
    # Level 1: what is inside is large, and only its form matters.
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as tar:
        for name, content in files.items():
            data = content.read_bytes() if isinstance(content, Path) else content
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o755
            tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def make_ext4(path: Path) -> None:
    subprocess.run(["mkfs.ext4", "-q", "-F", str(path)], check=True, capture_output=True)


class Publisher:
    """Signs with a key of its own."""

    def __init__(self, home: Path):
        home.mkdir(mode=0o700)
        self.gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--passphrase", ""]
        subprocess.run([*self.gpg, "--quick-gen-key", "publisher@example.org", "ed25519", "sign", "never"], check=True, capture_output=True)
        listing = subprocess.run([*self.gpg, "--with-colons", "--list-keys"], check=True, capture_output=True, text=True).stdout
        self.fingerprint = next(line.split(":")[9] for line in listing.splitlines() if line.startswith("fpr:"))
        self.public = subprocess.run([*self.gpg, "--armor", "--export"], check=True, capture_output=True).stdout

    def sign(self, data: bytes) -> bytes:
        return subprocess.run([*self.gpg, "--armor", "--detach-sign"], input=data, check=True, capture_output=True).stdout

    def end(self) -> None:
        subprocess.run(["gpgconf", "--homedir", self.gpg[2], "--kill", "gpg-agent"], check=False)
