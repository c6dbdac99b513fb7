"""A proxy between cloudrails and its endpoint that delays calls, counts them, and makes them fail in AWS's ways.

python fault_proxy.py --upstream PORT --port-file FILE

POST /proxy/rules    {"delay": seconds, "rules": [{"nth": 3, "action": "CreateVpc", "fault": "cut-after"}]}: counting starts anew
POST /proxy/end      ends all connections to it, and what they still have to say, and forgets the rules
POST /proxy/process  {"pid": 123}: the process that the faults kill-before and kill-after end
GET  /proxy/calls    [{"n": 1, "action": "DescribeVpcs", "mutating": false, "fault": null}]

A rule without `nth` hits every call of its action, one without `action` every action. Faults: throttle, error-500, cut-before,
cut-after, half, hang, kill-before, kill-after. The last letters tell whether the call took effect.
"""

import argparse
import asyncio
import json
import os
import re
import signal
from urllib.parse import parse_qs

READS = ("Describe", "Get", "List", "AssumeRole")


class Proxy:
    def __init__(self, upstream):
        self.upstream = upstream
        self.connections = set()
        self.reset({})

    def reset(self, settings):
        self.delay = settings.get("delay", 0)
        self.rules = settings.get("rules", [])
        self.calls = []
        self.counts = {}
        self.pid = None

    async def serve(self, reader, writer):
        """One connection from the client: requests one after the other."""
        self.connections.add(asyncio.current_task())
        try:
            while request := await read_message(reader):
                head, body = request
                if b" /proxy/" in head.split(b"\r\n", 1)[0]:
                    writer.write(await self.control(head, body))
                elif not await self.relay(head, body, writer):
                    break
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.connections.discard(asyncio.current_task())
            writer.close()

    async def end(self):
        others = self.connections - {asyncio.current_task()}
        for other in others:
            other.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.reset({})

    async def control(self, head, body):
        path = head.split(b" ", 2)[1]
        result = {}
        if path == b"/proxy/rules":
            self.reset(json.loads(body))
        elif path == b"/proxy/end":
            await self.end()
        elif path == b"/proxy/process":
            self.pid = json.loads(body)["pid"]
        elif path == b"/proxy/calls":
            result = self.calls
        return answer(200, json.dumps(result).encode(), "application/json")

    async def relay(self, head, body, writer):
        """Passes a call on, or makes it fail. False ends the connection."""
        action = action_of(head, body)
        fault = self.note(action)
        if self.delay:
            await asyncio.sleep(self.delay)
        if fault == "throttle":
            writer.write(refusal(head, 503, "RequestLimitExceeded", "Throttling", "ThrottlingException"))
            return True
        if fault == "error-500":
            writer.write(refusal(head, 500, "InternalError", "InternalFailure", "InternalServerError"))
            return True
        if fault == "kill-before":
            await self.kill()
        if fault in ("cut-before", "kill-before"):
            return False
        response = await self.forward(head, body)
        if fault == "kill-after":
            await self.kill()
        if fault in ("cut-after", "kill-after"):
            return False
        if fault == "half":
            writer.write(response[: len(response) // 2])
            return False
        if fault == "hang":
            await asyncio.sleep(3600)
        writer.write(response)
        return True

    def note(self, action):
        """Counts a call and finds the fault that it meets."""
        total = len(self.calls) + 1
        self.counts[action] = self.counts.get(action, 0) + 1
        fault = None
        for rule in self.rules:
            wanted = rule.get("action")
            count = self.counts[action] if wanted else total
            if wanted in (None, action) and rule.get("nth", count) == count:
                fault = rule["fault"]
        self.calls.append({"n": total, "action": action, "mutating": not action.startswith(READS), "fault": fault})
        return fault

    async def kill(self):
        """The process may call sooner than it is named here."""
        while not self.pid:
            await asyncio.sleep(0.01)
        os.kill(self.pid, signal.SIGKILL)

    async def forward(self, head, body):
        """A connection per call: the endpoint closes each after its answer."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        try:
            writer.write(head + body)
            await writer.drain()
            message = await read_message(reader)
        finally:
            writer.close()
        if not message:
            raise ConnectionError("the endpoint does not answer")
        # The endpoint's word about its own connection is not meant for the client.
        return re.sub(rb"(?i)\r\nconnection: close", b"", message[0]) + message[1]


async def read_message(reader):
    """Head and body of a request or an answer; None at the end."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    length = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    body = await reader.readexactly(int(length.group(1))) if length else b""
    return head, body


def action_of(head, body):
    target = re.search(rb"(?i)^x-amz-target: *\w+\.(\w+)", head, re.MULTILINE)
    if target:
        return target.group(1).decode()
    return parse_qs(body.decode("utf-8", "replace")).get("Action", ["?"])[0]


def refusal(head, status, ec2, query, jsonish):
    service = re.search(rb"Credential=[^/]+/\d+/[^/]+/(\w+)/", head)
    name = service.group(1).decode() if service else "ec2"
    if name == "ssm":
        return answer(400, json.dumps({"__type": jsonish, "message": "by the proxy"}).encode(), "application/x-amz-json-1.1")
    if name == "ec2":
        text = f"<Response><Errors><Error><Code>{ec2}</Code><Message>by the proxy</Message></Error></Errors></Response>"
        return answer(status, text.encode(), "text/xml")
    text = f"<ErrorResponse><Error><Code>{query}</Code><Message>by the proxy</Message></Error></ErrorResponse>"
    return answer(400 if query == "Throttling" else status, text.encode(), "text/xml")


def answer(status, body, kind):
    return f"HTTP/1.1 {status} Proxy\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upstream", type=int, required=True)
    parser.add_argument("--port-file", required=True)
    arguments = parser.parse_args()
    server = await asyncio.start_server(Proxy(arguments.upstream).serve, "127.0.0.1", 0, limit=2**26)
    with open(arguments.port_file + ".new", "w", encoding="utf-8") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename(arguments.port_file + ".new", arguments.port_file)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
