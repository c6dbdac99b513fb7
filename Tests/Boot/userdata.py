"""The user data that a launch sent, opened: its settings may be exchanged for those of a stand-in, its scripts never are."""

from __future__ import annotations

import gzip
import re

PART = re.compile(rb"cat >\"\$release/([a-z.-]+)\"\.new <<'(\w+)'\n(.*?)\n\2\n", re.DOTALL)


def plain(sent: bytes) -> str:
    return (gzip.decompress(sent) if sent[:2] == b"\x1f\x8b" else sent).decode()


def parts(sent: bytes) -> dict[str, str]:
    return {name.decode(): text.decode() for name, _, text in PART.findall(plain(sent).encode())}


def settings(sent: bytes) -> dict[str, str]:
    return dict(re.findall(r"^(\w+)='(.*)'$", parts(sent)["node.env"], re.MULTILINE))


def with_settings(sent: bytes, release: str = "", **values: str) -> bytes:
    """The same scripts with other settings, and another name for the release, where two of them are to lie side by side."""
    text = plain(sent)
    for name, value in values.items():
        text, count = re.subn(rf"^{name}='.*'$", lambda _: f"{name}='{value}'", text, flags=re.MULTILINE)
        assert count == 1, name
    if release:
        text = re.sub(r"^(release=.*/)\w+$", rf"\g<1>{release}", text, flags=re.MULTILINE)
    return text.encode()


def with_parts(sent: bytes, **files: str) -> bytes:
    """A chain that no target is shipped for: other files in the place of those of these names (`_` stands for a dot)."""
    text = plain(sent)
    for name, content in files.items():
        old = parts(sent)[name.replace("_", ".")]
        assert text.count(old) == 1, name
        text = text.replace(old, content.rstrip("\n"))
    return text.encode()


def names(*scripts: bytes) -> list[str]:
    """Every host that the scripts may ask."""
    found = {name for script in scripts for name in re.findall(r"https://([a-z0-9][a-z0-9.-]*[a-z])(?=[/'\" :])", plain(script))}
    return sorted(found)
