"""What the machine sees of AWS and of the world: the metadata service, EC2's endpoint with the role's signature checked, and one
mirror that answers for every other name. What EC2 knows comes from the stricter moto, where the launch has been."""

from __future__ import annotations

import functools
import json
import ssl
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Callable

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from machine import MAC

ROLE_KEYS = Credentials("ASIABOOTTESTS", "the role's secret", "the role's session")


class Handler(BaseHTTPRequestHandler):
    """Quiet, and with bodies of known length."""

    protocol_version = "HTTP/1.1"
    cloud: "Cloud"

    def log_message(self, *_: Any) -> None:
        pass

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Metadata(Handler):
    """Version 2 of the protocol only: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html"""

    def do_PUT(self) -> None:
        known = self.path == "/latest/api/token" and "X-aws-ec2-metadata-token-ttl-seconds" in self.headers
        self.answer(200 if known else 403, b"the-token")

    def do_GET(self) -> None:
        if self.headers.get("X-aws-ec2-metadata-token") != "the-token":
            return self.answer(401)
        found: Any = self.cloud.metadata | {"user-data": self.cloud.user_data}
        for word in urllib.parse.unquote(self.path).strip("/").split("/")[1:]:
            # Keys are listed as `0=name` and read as `0`.
            found = next((v for k, v in found.items() if word in (k, k.split("=")[0])), None) if isinstance(found, dict) else None
        if found is None:
            return self.answer(404)
        if isinstance(found, dict):
            found = "\n".join(k + ("/" if isinstance(v, dict) and "=" not in k else "") for k, v in found.items())
        self.answer(200, found if isinstance(found, bytes) else str(found).encode())


class Mirror(Handler):
    """Files by host name and path, resumable; and EC2."""

    def do_POST(self) -> None:
        body = self.body()
        if not self.is_signed(body):
            return self.answer(403, b"<Response><Errors><Error><Code>SignatureDoesNotMatch</Code></Error></Errors></Response>")
        if self.cloud.silent:
            while self.cloud.silent:
                time.sleep(0.2)
            self.close_connection = True
            return
        action = dict(urllib.parse.parse_qsl(body.decode()))["Action"]
        if event := self.cloud.events.get(action):
            event(0)
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.cloud.endpoint.port}/", body,
            {name: self.headers[name] for name in ("Authorization", "Content-Type", "X-Amz-Date")})
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                self.answer(response.status, response.read(), Content_Type="text/xml")
        except urllib.error.HTTPError as error:
            self.answer(error.code, error.read(), Content_Type="text/xml")

    def is_signed(self, body: bytes) -> bool:
        """Computes the signature again, by botocore."""
        given = self.headers.get("Authorization", "")
        signed = dict(part.strip().split("=", 1) for part in given.partition(" ")[2].split(","))
        names = signed.get("SignedHeaders", "").split(";")
        request = AWSRequest(
            "POST", f"https://{self.headers['Host']}{self.path}", {name: self.headers[name] for name in names}, body)
        request.context["timestamp"] = self.headers.get("X-Amz-Date", "")
        signer = SigV4Auth(ROLE_KEYS, "ec2", self.cloud.region)
        text = signer.string_to_sign(request, signer.canonical_request(request))
        return signed.get("Signature") == signer.signature(text, request) and (
            self.headers.get("X-Amz-Security-Token") == ROLE_KEYS.token)

    def do_GET(self) -> None:
        name = self.headers["Host"] + urllib.parse.unquote(self.path)
        self.cloud.requests.append(name)
        content = self.cloud.files.get(name)
        if content is None:
            return self.answer(404)
        body = content.read_bytes() if isinstance(content, Path) else content
        first = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
        if first >= len(body):
            return self.answer(416)
        if first:
            self.cloud.resumed.append(name)
        partial = {"Content_Range": f"bytes {first}-{len(body) - 1}/{len(body)}"} if first else {}
        event = self.cloud.events.get(name)
        if event is None:
            self.answer(206 if first else 200, body[first:], **partial)
            self.cloud.served.append(name)
            return
        self.send_response(206 if first else 200)
        for header, value in {**partial, "Content_Length": str(len(body) - first)}.items():
            self.send_header(header.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body[first:(first + len(body)) // 2])
        event(first)
        self.close_connection = True


class Cloud:
    """The servers, and what they know."""

    def __init__(self, endpoint: Any, image: Path, folder: Path, names: list[str], region: str):
        self.endpoint, self.region, self.names = endpoint, region, names
        self.files: dict[str, bytes | Path] = {
            f"packages.test/packages/./{path.name}": path for path in (image / "packages").iterdir()}
        self.files |= {name.replace("/./", "/"): path for name, path in self.files.items()}
        self.requests: list[str] = []
        self.served: list[str] = []
        self.resumed: list[str] = []
        # What happens when an action is called, or half of what a file still has to give has been sent, after which the
        # connection ends. Is given where the file was asked to go on from.
        self.events: dict[str, Callable[[int], None]] = {}
        # EC2 takes the call and never answers.
        self.silent = False
        self.user_data = b""
        self.servers = [self.serve(Metadata), self.serve(Mirror)]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate(image, folder, names))
        self.servers[1].socket = context.wrap_socket(self.servers[1].socket, server_side=True, do_handshake_on_connect=False)
        for server in self.servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()
        self.ports = {"imds": self.servers[0].server_address[1], "mirror": self.servers[1].server_address[1]}

    def serve(self, kind: type[Handler]) -> ThreadingHTTPServer:
        return ThreadingHTTPServer(("127.0.0.1", 0), type(kind.__name__, (kind,), {"cloud": self}))

    @staticmethod
    def certificate(image: Path, folder: Path, names: list[str]) -> Path:
        """One for all names, by the authority that the machine trusts."""
        path = folder / "mirror.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
             "-subj", "/CN=mirror", "-addext", "subjectAltName=" + ",".join(f"DNS:{name}" for name in names),
             "-addext", "basicConstraints=critical,CA:FALSE", "-CA", str(image / "ca.crt"), "-CAkey", str(image / "ca.key"),
             "-keyout", f"{path}.key", "-out", f"{path}.crt"], check=True, capture_output=True)
        path.write_bytes(Path(f"{path}.key").read_bytes() + Path(f"{path}.crt").read_bytes())
        return path

    def instances(self) -> list[dict[str, Any]]:
        """What was launched and is not terminated."""
        found = self.endpoint.client("ec2").describe_instances(
            Filters=[{"Name": "instance-state-name", "Values": ["pending", "running", "stopping", "stopped"]}])["Reservations"]
        return [instance for reservation in found for instance in reservation["Instances"]]

    def instance(self) -> dict[str, Any]:
        return self.instances()[0]

    def tags(self) -> dict[str, str]:
        return {tag["Key"]: tag["Value"] for tag in self.instance()["Tags"]}

    @functools.cached_property
    def metadata(self) -> dict[str, Any]:
        """What the service tells of the instance: dictionaries are folders."""
        one = self.instance()
        ec2, iam = self.endpoint.client("ec2"), self.endpoint.client("iam")
        key = ec2.describe_key_pairs(KeyNames=[one["KeyName"]], IncludePublicKey=True)["KeyPairs"][0]
        profile = one["IamInstanceProfile"]["Arn"].rsplit("/", 1)[1]
        role = iam.get_instance_profile(InstanceProfileName=profile)["InstanceProfile"]["Roles"][0]["RoleName"]
        keys = {
            "Code": "Success", "Type": "AWS-HMAC", "AccessKeyId": ROLE_KEYS.access_key,
            "SecretAccessKey": ROLE_KEYS.secret_key, "Token": ROLE_KEYS.token, "Expiration": "2099-01-01T00:00:00Z"}
        zone = one["Placement"]["AvailabilityZone"]
        interface = {"device-number": "0", "local-ipv4s": "169.254.0.15", "mac": MAC, "subnet-ipv4-cidr-block": "169.254.0.0/16"}
        identity = {"instanceId": one["InstanceId"], "region": self.region, "availabilityZone": zone}
        return {
            "dynamic": {"instance-identity": {"document": json.dumps(identity)}},
            "meta-data": {
                "instance-id": one["InstanceId"], "ami-id": one["ImageId"], "instance-type": one["InstanceType"],
                "local-hostname": "ip-169-254-0-15", "hostname": "ip-169-254-0-15", "local-ipv4": "169.254.0.15",
                "mac": MAC, "placement": {"availability-zone": zone, "region": self.region},
                "network": {"interfaces": {"macs": {MAC: interface}}},
                "public-keys": {f"0={key['KeyName']}": {"openssh-key": key["PublicKey"]}},
                "iam": {"security-credentials": {role: json.dumps(keys)}}}}

    def end(self) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()
