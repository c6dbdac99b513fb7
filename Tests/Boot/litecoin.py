"""Debian's litecoind behind what a launch of Litecoin sent. Of its settings only the network (regtest: a chain of its
own), its port and the archive are others."""

from __future__ import annotations

from pathlib import Path

import artifacts
import userdata
from launched import Launched

P2P = 19444
RPC = 19443
CLI = "litecoin-cli"


def mine(count: int) -> str:
    """The command that does it, as root."""
    return f"{CLI} generatetodescriptor {count} 'raw(51)'"


def programs(image: Path) -> dict[str, bytes | Path]:
    return {f"bin/{path.name}": path for path in (image / "programs/litecoin").iterdir()}


def archive_url(sent: bytes, version: str = "") -> str:
    """Where a version, the profile's own unless another is named, is downloaded from."""
    settings = userdata.settings(sent)
    return settings["LITECOIN_CORE_URL"].replace(settings["LITECOIN_CORE_VERSION"], version or settings["LITECOIN_CORE_VERSION"])


def release(
    launched: Launched, version: str = "", program: bytes = b"", name: str = "", sha256: str = ""
) -> bytes:
    """User data of a version, which the mirror has from now on. PROGRAM takes the place of litecoind."""
    version = version or userdata.settings(launched.sent)["LITECOIN_CORE_VERSION"]
    url = archive_url(launched.sent, version)
    files = programs(launched.image) | ({"bin/litecoind": program} if program else {})
    archive = artifacts.archive({f"litecoin-{version}/{path}": data for path, data in files.items()})
    launched.cloud.files[url.removeprefix("https://")] = archive
    return userdata.with_settings(
        launched.sent, name, LITECOIN_CHAIN="regtest", LITECOIN_RPC_PORT=str(RPC), LITECOIN_CORE_VERSION=version,
        LITECOIN_CORE_URL=url, LITECOIN_CORE_SHA256=sha256 or artifacts.sha256(archive),
        CHAIN_CLIENT=f"litecoin-core {version}")
