"""docs/json.md held against what the commands print: every key that is printed is described, every key that is described is
printed unless it may be missing, and the types are right."""

from __future__ import annotations

import re
from typing import Any, Iterator

import node_images
from conftest import REGION, ROOT, Cloudrails, Endpoint
from node_machine import NodeMachine
from machine import Machine

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"
TYPES = {"string": str, "number": (int, float), "boolean": bool}
Schema = dict[str, tuple[str, bool]]


def sections() -> dict[str, Schema]:
    """Per heading: path of a key → its type, and whether it may be missing."""
    found: dict[str, Schema] = {}
    for part in re.split(r"^## ", (ROOT / "docs" / "json.md").read_text(), flags=re.MULTILINE)[1:]:
        rows = re.findall(r"^\| `([^`]+)` \| (\w+) \| (.*) \|$", part, flags=re.MULTILINE)
        schema = {path: (kind, "may be missing" in meaning) for path, kind, meaning in rows}
        for name in re.findall(r"`([^`]+)`", part.splitlines()[0]):
            found[name.removeprefix("cloudrails ")] = schema
    return found


# What stands for the keys of a section of its own.
KINDS = {"node": "node show", "volume": "volume attach", "image": "image"}


def expanded(schema: Schema, documented: dict[str, Schema]) -> Schema:
    """With the keys of a node in the place of `node.*`, those of a volume in that of `volume.*`, and so on."""
    result: Schema = {}
    for path, (kind, optional) in schema.items():
        if kind in KINDS:
            result |= {path.removesuffix("*") + key: value for key, value in documented[KINDS[kind]].items()}
        else:
            result[path] = (kind, optional)
    return result


def leaves(value: Any, schema: Schema, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in an object, by the path that docs/json.md gives it."""
    if isinstance(value, list):
        for member in value:
            yield from leaves(member, schema, path + "[]")
    elif isinstance(value, dict):
        # Parts hang on parts, to any depth.
        path = re.sub(r"^parts\[\](\.parts\[\])+$", "parts[]", path)
        for key, member in value.items():
            free = f"{path}.*" in schema
            yield from leaves(member, schema, f"{path}.*" if free else f"{path}.{key}".removeprefix("."))
    else:
        yield path, value


def objects(value: Any, parts: list[str]) -> Iterator[dict[str, Any]]:
    """The objects in which the last part of a path is a key."""
    if isinstance(value, list):
        for member in value:
            yield from objects(member, parts)
    elif len(parts) == 1:
        yield value
    elif parts[0] in value:
        yield from objects(value[parts[0]], parts[1:])


def check(value: Any, schema: Schema) -> None:
    for path, leaf in leaves(value, schema):
        assert path in schema, f"docs/json.md does not describe {path}"
        expected = TYPES[schema[path][0]]
        assert isinstance(leaf, expected) and isinstance(leaf, bool) == (expected is bool), (path, leaf)
    for path, (_, optional) in schema.items():
        keys = path.replace("[]", "").removesuffix(".*").split(".")
        if not optional:
            for place in objects(value, keys):
                assert keys[-1] in place, f"docs/json.md describes {path}, which is not printed"


# A helper that knows all that there is to know.
HELPER = """cat <<'JSON'
{"node": "n", "target": "t", "state": "stalled", "reason": "no peers", "height": 1, "network_height": 2, "lag": 1, "hash": "00",
 "rate": 0.5, "percent": 50, "eta_low_s": 1, "eta_high_s": 2, "peers": 0, "disk_percent": 3, "days_until_full": 4,
 "client": "c 1", "services": [{"unit": "u", "active": "active"}], "at": "2026-11-24T10:05:00Z"}
JSON"""


def test_documented_keys_are_the_printed_ones(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    documented = sections()
    untested = set(documented) - {"Exit codes", "image"}

    def holds(section: str, *words: str) -> Any:
        schema = documented[section]
        untested.discard(section)
        value = cloudrails.ok(*(words or section.split()), "--json").json
        assert isinstance(value, dict)
        check(value, expanded(schema, documented))
        return value

    for section in ("version", "chains list"):
        holds(section)
    for target in (row["target"] for row in holds("chains list", "chains", "list", "--offline")["chains"]):
        holds("chains show", "chains", "show", target)
    holds("node user-data", "node", "user-data", TARGET)
    assert not holds("network show")["isComplete"]
    assert holds("--dry-run", "network", "create", "--dry-run", "--check-permissions")["calls"]
    holds("network create")
    assert holds("--dry-run", "node", "launch", TARGET, "--dry-run")["calls"]
    node = holds("node launch", "node", "launch", TARGET, "--yes")["node"]
    sealable = NodeMachine(endpoint, node["instance"])
    assert holds("network show")["isComplete"]
    assert holds("node list")["nodes"]
    holds("node show", "node", "show", NODE)
    assert holds("volume list")["volumes"]
    holds("volume snapshot", "volume", "snapshot", NODE)
    holds("volume grow", "volume", "grow", NODE, "--size", "200", "--yes")
    holds("volume detach", "volume", "detach", NODE, "--yes")
    holds("volume attach", "volume", "attach", node["dataVolume"], NODE)
    made = holds("image create", "image", "create", NODE, "--copy-to", "eu-west-1")["image"]
    assert made["hash"] and made["volumes"] and made["tags"]
    sealable.knows(height=made["height"] + 1)
    assert holds("image update", "image", "update", TARGET, "--new", "--name-suffix", "b", "--keep", "1")["deleted"]
    kept_images(holds, endpoint)
    for verb in ("stop", "start", "restart"):
        holds(f"node {verb}", "node", verb, NODE)
    holds("node resize", "node", "resize", NODE, "--instance-type", "t4g.large", "--yes")
    for verb in ("allow-ssh", "deny-ssh"):
        holds(f"network {verb}", "network", verb, "203.0.113.7")
    machine = Machine(endpoint, cloudrails.ok("node", "show", NODE, "--json").json["instance"])
    machine.tag("state=stalled height=1 target=2 disk=3 at=2026-11-24T10:05Z reason=no peers")
    assert holds("node show", "node", "show", NODE)["reported"]["reason"] == "no peers"
    assert holds("node status", "node", "status", NODE)["source"] == "tag"
    machine.helper(HELPER)
    assert holds("node status", "node", "status", NODE)["source"] == "node"
    holds("node wait", "node", "wait", NODE)
    assert holds("node logs", "node", "logs", NODE)["lines"]
    assert holds("node upgrade", "node", "upgrade", NODE, "--yes")["isChanged"]
    untested.discard("node tunnel")  # stays open: test_node_remote.py
    holds("node terminate", "node", "terminate", NODE, "--yes", "--delete-data")
    kept = cloudrails.ok("node", "launch", TARGET, "--yes", "--json").json["node"]["dataVolume"]
    cloudrails.ok("node", "terminate", NODE, "--yes")
    holds("volume delete", "volume", "delete", kept, "--yes")
    holds("network delete", "network", "delete", "--yes")
    assert untested == set()


def kept_images(holds: Any, endpoint: Endpoint) -> None:
    """The commands that keep images."""
    endpoint.moods(image_block="unblocked")
    image = holds("image list")["images"][0]["id"]
    account = ("--account", "111122223333")
    assert holds("image share", "image", "share", image, *account)["accounts"]
    assert holds("image show", "image", "show", image)["sharedWith"]
    holds("image publish", "image", "publish", image, "--yes")
    holds("image unpublish", "image", "unpublish", image)
    assert holds("image copy", "image", "copy", image, "--to", "us-west-2")["copies"]
    assert holds("image deprecate", "image", "deprecate", image, "--after", "9")["image"]["deprecated"]
    assert holds("image trust", "image", "trust", "111122223333")["accounts"]
    assert holds("image prune", "image", "prune", "--keep", "1", "--yes")["kept"]
    assert holds("image delete", "image", "delete", image, "--yes", "--force")["deletedSnapshots"]


def test_images_are_in_the_table(cloudrails: Cloudrails, endpoint: Any) -> None:
    ec2 = endpoint.client("ec2")
    instance = ec2.run_instances(ImageId=ec2.describe_images()["Images"][0]["ImageId"], MinCount=1, MaxCount=1)
    made = ec2.create_image(
        InstanceId=instance["Instances"][0]["InstanceId"],
        Name=f"cloudrails/{TARGET}/h000000232000/31.1/20261124T1005Z-arm64",
        Description=f"cloudrails {TARGET} height=232000 hash=00ab client=bitcoin-core 31.1 consistency=crash")["ImageId"]
    listing = cloudrails.ok("chains", "list", "--json").json
    check(listing, sections()["chains list"])
    row = next(row for row in listing["chains"] if row["target"] == TARGET)
    assert (row["image"], row["height"], row["created"]) == (made, 232_000, "2026-11-24T10:05Z")
    assert (row["consistency"], row["imageRegion"], row["isPublic"]) == ("crash", REGION, False)
    line = next(line for line in cloudrails.ok("chains", "list").stdout.splitlines() if made in line)
    assert line.split("\t")[6:] == [made, "232000", f"{row['ageDays']} days", REGION, "no", "crash"]


def test_failures_print_nothing_on_stdout(cloudrails: Cloudrails) -> None:
    for words in (("node", "show", "nobody"), ("chains", "show", "nothing"), ("node", "launch", TARGET)):
        result = cloudrails(*words, "--json")
        assert result.code != 0 and result.stdout == "" and result.stderr.startswith("error: "), result


def test_a_launch_from_an_image(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    node_images.make(endpoint, 200_000)
    endpoint.moods(initializing=1_000.0)
    launched = cloudrails.ok("node", "launch", TARGET, "--yes", "--initialization-rate", "200", "--json").json
    documented = sections()
    check(launched, expanded(documented["node launch"], documented))
    assert launched["image"]["height"] == 200_000 and launched["node"]["initialization"].keys() == {"percent", "secondsLeft"}
