"""Holds every operation against botocore's service models: what it is called, what is sent, what is read of the answer."""

import json
import re
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any, Iterator

import pytest
from aws_calls import ROOT, Call, declared, run, samples, variants
from botocore_calls import witness
from sample_answers import leaves
from strict_moto.model import Call as WireCall
from strict_moto.model import check

# ---- what is sent ----


@pytest.mark.parametrize("action", declared())
def test_parameters(action: str) -> None:
    for call in samples(action):
        parameters = {name: value for name, value in call.request.flat.items() if name != "Action"}
        refusal = check(WireCall(call.service, "us-east-2", action, parameters))
        assert refusal is None, refusal.message


def test_every_operation_has_samples() -> None:
    assert {call.action: call.service for call in run(0)} == declared()


def structures(value: Any) -> Iterator[dict[str, Any]]:
    """Every Swift structure in a value."""
    if isinstance(value, dict):
        # A pair of a map is none.
        if "$type" in value:
            yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from structures(item)


def test_every_parameter_is_given_and_left_out() -> None:
    given, left_out, optional = set(), set(), set()
    for structure in (one for call in run(0) for one in structures(call.parameters)):
        kind = structure["$type"]
        optional |= {(kind, name) for name in structure["$optional"]}
        for name, value in structure.items():
            (left_out if value in (None, [], False, "") else given).add((kind, name))
            if isinstance(value, bool):
                optional.add((kind, name))
    every = {one for one in given | left_out if not one[1].startswith("$")}
    assert every - given == set()
    assert optional - left_out == set()


# ---- what is read ----

# Where a property has another name than the member.
NAMES = {
    "nextToken": "Marker", "state": "State.Name", "stateReason": "StateReason.Message",
    "memoryMiB": "MemoryInfo.SizeInMiB"}


def read(output: Any) -> dict[str, Any]:
    """What was read, by the property's path: `items[0].Vpc.id`."""
    found = {}
    for path, value in leaves(named(output)).items():
        # Policies come back as text.
        is_policy = isinstance(value, str) and value.startswith("{")
        found.update(leaves(json.loads(value), path) if is_policy else {path: value})
    return found


def named(value: Any) -> Any:
    """The structures' types as a part of the path."""
    if isinstance(value, list):
        return [named(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {name: named(item) for name, item in value.items() if not name.startswith("$")}
    return {value["$type"]: plain} if "$type" in value else plain


def sources(calls: list[Call]) -> dict[str, set[str]]:
    """For every property the members that hold its value in all variants of the answer."""
    found: dict[str, set[str]] = {}
    for call in calls:
        holders = defaultdict(set)
        for path, value in call.answer.values.items():
            holders[type(value), value].add(path)
        for path, value in read(call.output).items():
            holding = holders[type(value), value]
            found[path] = found[path] & holding if path in found else holding
    return found


def is_named_after(property: str, member: str) -> bool:
    """Whether a property has the name of the member that it came from; `id` is the id of the type that it stands in."""
    *_, kind, name = ["", *property.split(".")]
    member = re.sub(r"\[\d+\]", "", member)
    if member.endswith(NAMES.get(name, "\n")):
        return True
    name = re.sub(r"\[\d+\]$", "", name)
    words = (kind + name if name == "id" else re.sub(r"^is(?=[A-Z])", "", name)).lower()
    last = member.split(".")[-1].lower()
    return words.endswith(last) or last.endswith(words)


@pytest.mark.parametrize("action", declared())
def test_answer(action: str) -> None:
    for calls in variants(action):
        assert [call.failure for call in calls if call.failure] == []
        assert len({tuple(read(call.output)) for call in calls}) == 1, "of some variants of the answer less is read"
        for path, members in sources(calls).items():
            assert members, f"{path} is {[read(call.output)[path] for call in calls]}, which no member of the answer is"
            assert any(is_named_after(path, member) for member in members), f"{path} is {members}"


@pytest.mark.parametrize("action", declared())
def test_error_in_an_answer(action: str) -> None:
    """Some answers with status 200 tell what went wrong: that is read, too."""
    for call in samples(action):
        if any(path.endswith(".Error.Code") for path in call.answer.values):
            assert call.output.keys() == {"code", "message", "requestID"}


@pytest.mark.parametrize("action", declared())
def test_answers_are_such_as_botocore_reads(action: str) -> None:
    """What the samples are read from is what AWS would send."""
    for call in samples(action):
        theirs = leaves(witness(call.service, None).make(call))
        ours = call.answer.values
        assert {path: in_text(theirs[path]) for path in theirs.keys() - HTTP} == ours


# What botocore adds from the answer's head.
HTTP = {"ResponseMetadata.HTTPStatusCode", "ResponseMetadata.RetryAttempts"}


def in_text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.decode() if isinstance(value, bytes) else value


# ---- what is compared with an answer ----


def enumerations() -> dict[str, set[str]]:
    """The values that the properties of answers can have, by the property's name."""
    found = defaultdict(set)
    for action in declared():
        for calls in variants(action):
            for path, members in sources(calls).items():
                for shape in (calls[0].answer.shapes.get(member) for member in members):
                    found[re.sub(r".*\.|\[\d+\]", "", path)] |= set(getattr(shape, "enum", ()))
    return {name: values for name, values in found.items() if values}


def comparisons() -> Iterator[tuple[Path, str, str]]:
    """Every text in the sources that something is compared with: file, property and text."""
    for file in (ROOT / "Sources").glob("**/*.swift"):
        text = file.read_text()
        for name, value in re.findall(r'\b(\w+)\)? [!=]= "([^"]*)"', text):
            yield file, name, value
        for values, name in re.findall(r'\[("[^]\n]*)\]\.contains\([\w$.]*?(\w+(?:\.lowercased\(\))?)\)', text):
            yield from ((file, name, value) for value in re.findall('"([^"]*)"', values))
        for value in re.findall(r'InstanceState\(rawValue: "([^"]*)"\)', text):
            yield file, "state", value


def test_values_that_answers_are_compared_with() -> None:
    known = enumerations()
    known |= {f"{name}.lowercased()": {value.lower() for value in values} for name, values in known.items()}
    compared = {(file.name, name, value) for file, name, value in comparisons() if name in known}
    assert {"state", "state.lowercased()", "instanceLifecycle", "optInStatus"} <= {name for _, name, _ in compared}
    assert {one for one in compared if one[2] not in known[one[1]]} == set()
