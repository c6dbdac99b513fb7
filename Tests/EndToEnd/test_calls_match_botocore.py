"""Holds what goes over the wire against what botocore sends for the same call: body, headers and signature."""

import json
from typing import Any

import pytest
from aws_calls import Call, declared, samples
from botocore_calls import witness

# What says who asks and what it can read; neither is signed.
UNSIGNED = {"user-agent", "accept", "accept-encoding"}
COMPARED = (
    "host", "content-type", "content-length", "x-amz-date", "x-amz-security-token", "x-amz-target", "authorization")


def parts(body: bytes) -> Any:
    """A body whose order does not matter. A form has two spellings of a space."""
    if body.startswith(b"{"):
        return json.loads(body)
    return sorted(body.replace(b"+", b"%20").split(b"&"))


def compare(call: Call) -> None:
    ours = call.request
    headers = {name.lower(): value for name, value in ours.headers}
    client = witness(call.service, headers.get("x-amz-security-token"))
    client.make(call)
    assert (ours.method, ours.path) == (client.request.method, client.path)
    assert parts(ours.body) == parts(client.body)
    theirs = {name.lower(): value for name, value in client.request.headers.items()}
    theirs = {name: value.decode() if isinstance(value, bytes) else value for name, value in theirs.items()}
    theirs["host"] = headers["host"]
    assert len(headers) == len(ours.headers)
    assert {name: headers[name] for name in headers.keys() - UNSIGNED} == {
        name: theirs[name] for name in COMPARED if name in theirs}


@pytest.mark.parametrize("action", declared())
def test_request(action: str) -> None:
    for call in samples(action):
        compare(call)


@pytest.mark.parametrize("action", declared())
def test_request_with_a_session_token(action: str) -> None:
    calls = samples(action, 1)
    for call in calls:
        compare(call)
    assert {bool(call.request.header("X-Amz-Security-Token")) for call in calls} == {
        action != "AssumeRoleWithWebIdentity"}
