"""What the helper makes of what it knows, without a machine: templates/node/status.py with facts and an earlier day's samples."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "templates/node/status.py"
FACTS = {
    "CLOUDRAILS_NODE": "my-node", "CLOUDRAILS_TARGET": "bitcoin.org/mainnet", "SETUP_STATE": "ready", "SETUP_REASON": "",
    "HEIGHT": "1000", "NETWORK_HEIGHT": "5000", "SYNCED": "false", "HASH": "ab12", "PEERS": "8", "BROKEN": "",
    "SERVICES": "bitcoind.service=active ", "CLIENT": "bitcoin-core 31.1", "DATA": "/"}


class Helper:
    def __init__(self, folder: Path):
        self.samples = folder / "samples"

    def saw(self, *samples: tuple[int, int, int]) -> None:
        """What was seen: (seconds ago, height, bytes used)."""
        now = int(time.time())
        self.samples.write_text("".join(f"{now - ago} {height} {used}\n" for ago, height, used in samples))

    def __call__(self, form: str = "json", **facts: str) -> str:
        return subprocess.run(
            [sys.executable, "-B", str(SCRIPT), form], env={**FACTS, "SAMPLES": str(self.samples), **facts}, check=True,
            capture_output=True, text=True).stdout

    def json(self, **facts: str) -> dict:
        return json.loads(self("json", **facts))


@pytest.fixture
def helper(tmp_path: Path) -> Helper:
    return Helper(tmp_path)


@pytest.mark.parametrize("facts, state, reason", [
    ({}, "syncing", ""),
    ({"SYNCED": "true"}, "synced", ""),
    ({"HEIGHT": ""}, "starting", "the client does not answer yet"),
    ({"HEIGHT": "", "SERVICES": "geth.service=active lighthouse.service=inactive"}, "starting", "lighthouse.service is not active"),
    ({"SETUP_STATE": "", "HEIGHT": ""}, "installing", ""),
    ({"SETUP_STATE": "installing", "SETUP_REASON": "packages", "HEIGHT": ""}, "installing", "packages"),
    ({"SETUP_STATE": "stopped", "HEIGHT": ""}, "stopped", ""),
    ({"SETUP_STATE": "failed", "SETUP_REASON": 'a "quoted" \\ reason', "HEIGHT": ""}, "failed", 'a "quoted" \\ reason'),
    ({"BROKEN": "bitcoind.service keeps ending: no space", "HEIGHT": ""}, "failed", "bitcoind.service keeps ending: no space"),
])
def test_state(helper: Helper, facts: dict[str, str], state: str, reason: str) -> None:
    status = helper.json(**facts)
    assert (status["state"], status["reason"]) == (state, reason)


def test_a_height_that_does_not_move_is_stalled(helper: Helper) -> None:
    looks = [(ago, 1_000, 1) for ago in (1_500, 1_200, 900, 600, 300)]
    helper.saw((7_200, 900, 1), (1_790, 1_000, 1), *looks)
    assert helper.json()["state"] == "syncing"
    helper.saw((7_200, 900, 1), (1_810, 1_000, 1), *looks)
    assert helper.json()["reason"] == "no block for 30 minutes" and helper.json()["state"] == "stalled"
    assert helper.json(HEIGHT="1001")["state"] == "syncing"
    # At the head, a block may take its time, unless nobody is there to tell of it.
    helper.saw((1_810, 1_000, 1), *looks)
    assert helper.json(SYNCED="true")["state"] == "synced"
    assert helper.json(SYNCED="true", PEERS="0")["state"] == "stalled"


def test_a_chain_that_has_not_begun_is_stalled_only_without_peers(helper: Helper) -> None:
    helper.saw(*[(ago, 0, 1) for ago in (2_100, 1_800, 1_500, 1_200, 900, 600, 300)])
    assert helper.json(HEIGHT="0")["state"] == "syncing"
    assert helper.json(HEIGHT="0", PEERS="0")["state"] == "stalled"


def test_a_node_that_was_off_has_not_stalled(helper: Helper) -> None:
    helper.saw((20_000, 900, 1), (19_700, 1_000, 1), (300, 1_000, 1))
    assert helper.json()["state"] == "syncing"


def test_a_full_disk_does_not_keep_it_from_telling(helper: Helper) -> None:
    helper.samples = Path("/dev/full/samples")
    assert helper.json()["height"] == 1_000


def test_rate_and_time_to_the_head(helper: Helper) -> None:
    # 1 block a second over the last hour, 2 over the last quarter.
    helper.saw((3_600, 1_000 - 3_600 - 900, 1), (900, 1_000 - 1_800, 1))
    status = helper.json()
    assert status["lag"] == 4_000 and status["percent"] == 20.0
    assert status["rate"] == pytest.approx(120, rel=0.02)
    assert status["eta_low_s"] == pytest.approx(2_000, rel=0.02) and status["eta_high_s"] == pytest.approx(3_200, rel=0.02)
    helper.saw((20, 900, 1))
    assert helper.json()["rate"] is None and helper.json()["eta_low_s"] is None
    synced = helper.json(SYNCED="true", NETWORK_HEIGHT="999")
    assert (synced["lag"], synced["percent"], synced["eta_high_s"], synced["network_height"]) == (0, 100.0, 0, 1_000)


def test_days_until_the_disk_is_full(helper: Helper) -> None:
    status = helper.json()
    assert 0 < status["disk_percent"] <= 100 and status["days_until_full"] is None
    import shutil
    disk = shutil.disk_usage("/")
    helper.saw((43_200, 900, disk.used - disk.free // 10))
    # A tenth of what is free in half a day: full in five days.
    assert helper.json()["days_until_full"] in (4, 5)
    helper.saw((43_200, 900, disk.used * 2))
    assert helper.json()["days_until_full"] is None


def test_samples_are_kept_for_a_day_and_survive_rubbish(helper: Helper) -> None:
    helper.saw((90_000, 1, 1), (80_000, 2, 1))
    helper()
    rows = [line.split() for line in helper.samples.read_text().splitlines()]
    assert [row[1] for row in rows] == ["2", "1000"]
    # Somebody who watches adds nothing for a while.
    helper(HEIGHT="1001")
    assert len(helper.samples.read_text().splitlines()) == 2
    helper.samples.write_text("not a sample\n")
    assert helper.json()["state"] == "syncing"


def test_tag_is_what_ec2_takes(helper: Helper) -> None:
    tag = helper("tag").rstrip("\n")
    assert re.fullmatch(r"state=syncing height=1000 target=5000 disk=\d+ at=\d{4}-\d\d-\d\dT\d\d:\d\dZ", tag)
    tag = helper("tag", SETUP_STATE="failed", SETUP_REASON='näive "x" \n' + "y" * 400).rstrip("\n")
    assert len(tag) <= 256 and re.fullmatch(r"[A-Za-z0-9 .:_/=-]+", tag) and " reason=" in tag


def test_people_read_the_same(helper: Helper) -> None:
    helper.saw((3_600, 400, 1))
    text = helper("text")
    for part in ("Node      my-node", "syncing", "1000 of 5000 (20.0 %)", "10.0 blocks a minute", "Head in   6 hours to 6 hours", "bitcoind.service active"):
        assert part in text, text
