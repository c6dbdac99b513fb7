"""The codec of image names, a million times each way."""

import subprocess
from pathlib import Path

from conftest import ROOT, SUPPORT


def test_a_million_names_and_a_million_texts(tmp_path: Path) -> None:
    program = tmp_path / "image-names"
    sources = [
        *sorted((ROOT / "Sources" / "ChainKit").glob("*.swift")), SUPPORT / "test-support" / "SeededGenerator.swift",
        SUPPORT / "image-names" / "main.swift"]
    subprocess.run(["swiftc", "-O", "-swift-version", "6", *sources, "-o", program], check=True, timeout=300)
    done = subprocess.run([program], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout == "1000000 names, 1000000 texts\n"
