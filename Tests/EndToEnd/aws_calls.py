"""Every call that the tool can make, as aws-call-samples makes it: what was given, sent, answered, and read of it."""

import functools
import json
import os
import re
import subprocess
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from sample_answers import VARIANTS, Answer

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / ".build" / "debug" / "aws-call-samples"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE//token+with/all=="


@functools.cache
def declared() -> dict[str, str]:
    """Every operation in the sources, with its service."""
    found = {}
    for service in ("ec2", "iam", "ssm", "sts"):
        for file in sorted((ROOT / "Sources" / "AWS" / service.upper()).glob("**/*.swift")):
            for name in re.findall(r"public struct (\w+): [^{]*Operation\b", file.read_text()):
                found[name] = service
    return found


@dataclass
class Request:
    """A request as it arrived."""

    method: str
    path: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def flat(self) -> dict[str, Any]:
        """The parameters as they stand in the body."""
        if self.header("X-Amz-Target"):
            return json.loads(self.body)
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    @property
    def action(self) -> str:
        target = self.header("X-Amz-Target")
        return target.split(".")[-1] if target else self.flat["Action"]


@dataclass
class Call:
    """A call from both ends."""

    service: str
    action: str
    # The value's own properties, by name.
    parameters: dict[str, Any]
    request: Request
    answer: Answer
    # What was made of the answer, or why nothing.
    output: Any
    failure: str | None


class Endpoint(ThreadingHTTPServer):
    """Writes requests down and answers them with all that the service model knows."""

    def __init__(self, variant: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.variant = variant
        self.exchanges: list[tuple[Request, Answer]] = []


class Handler(BaseHTTPRequestHandler):
    server: Endpoint
    protocol_version = "HTTP/1.1"
    # Head and body leave at once.
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        request = Request(self.command, self.path, self.headers.items(), body)
        answer = Answer(declared().get(request.action, "ec2"), request.action, self.server.variant)
        self.server.exchanges.append((request, answer))
        self.send_response(200 if answer.is_known else 400)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: Any) -> None:
        pass


@functools.cache
def run(variant: int) -> list[Call]:
    """All calls. Those of odd variants carry a session token."""
    endpoint = Endpoint(variant)
    threading.Thread(target=endpoint.serve_forever, args=(0.01,), daemon=True).start()
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    token = {"AWS_SESSION_TOKEN": TOKEN} if variant % 2 else {}
    try:
        process = subprocess.run(
            [SAMPLES, f"http://127.0.0.1:{endpoint.server_port}"], env={**environment, **KEYS, **token},
            capture_output=True, text=True, timeout=120, check=True)
    finally:
        endpoint.shutdown()
        endpoint.server_close()
    reports = json.loads(process.stdout)
    return [
        Call(
            report["service"], report["action"], report["parameters"], request, answer, report.get("output"),
            report.get("failure"))
        for report, (request, answer) in zip(reports, endpoint.exchanges, strict=True)
    ]


def samples(action: str, variant: int = 0) -> list[Call]:
    """The calls of one action."""
    found = [call for call in run(variant) if call.action == action]
    assert found, f"{action} has no sample in Tests/Support/aws-call-samples"
    return found


def variants(action: str) -> list[list[Call]]:
    """Each call of an action, with every variant of its answer."""
    return [list(calls) for calls in zip(*(samples(action, variant) for variant in range(VARIANTS)))]
