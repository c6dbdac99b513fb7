"""Archives as publishers make them, and a publisher's key."""

from __future__ import annotations

import gzip
import hashlib
import io
import subprocess
import tarfile
from pathlib import Path


def archive(files: dict[str, bytes | Path]) -> bytes:
    """A .tar.gz of programs, the same each time: a download goes on where an earlier one ended."""
    buffer = io.BytesIO()
    # Level 1: what is inside is large, and only its form matters.
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as tar:
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
    """Signs with a key of its own. Beside it, somebody signs whose key is published nowhere, as most of Bitcoin's builders do."""

    def __init__(self, home: Path):
        home.mkdir(mode=0o700)
        self.gpg = ["gpg", "--homedir", str(home), "--batch", "--quiet", "--passphrase", ""]
        for name in ("publisher", "somebody"):
            self.run("--quick-gen-key", f"{name}@example.org", "ed25519", "sign", "never")
        listing = self.run("--with-colons", "--list-keys", "publisher@example.org").decode()
        self.fingerprint = next(line.split(":")[9] for line in listing.splitlines() if line.startswith("fpr:"))
        self.public = self.run("--armor", "--export", "publisher@example.org")

    def run(self, *words: str, given: bytes = b"") -> bytes:
        return subprocess.run([*self.gpg, *words], input=given, check=True, capture_output=True).stdout

    def sign(self, data: bytes) -> bytes:
        signed = [self.run("--local-user", f"{name}@example.org", "--armor", "--detach-sign", given=data) for name in ("somebody", "publisher")]
        return b"".join(signed)

    def end(self) -> None:
        subprocess.run(["gpgconf", "--homedir", self.gpg[2], "--kill", "gpg-agent"], check=False)
