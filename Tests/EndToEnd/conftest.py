"""What the end-to-end tests stand on: the stricter moto, the fault proxy, the built binary, and boto3 as the witness."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any, Iterator

import boto3
import pytest

ROOT = Path(__file__).resolve().parents[2]
SUPPORT = ROOT / "Tests" / "Support"
BINARY = Path(os.environ.get("CLOUDRAILS_BINARY", ROOT / ".build" / "debug" / "cloudrails"))
REGION = "us-east-2"
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}


def start(command: list[str], folder: Path, name: str) -> tuple[subprocess.Popen, int]:
    """Starts a server that writes its port to a file."""
    port_file = folder / f"{name}.port"
    log = open(folder / f"{name}.log", "wb")
    process = subprocess.Popen(
        command + ["--port-file", str(port_file)], cwd=SUPPORT, stdout=log, stderr=log,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    for _ in range(600):
        if port_file.exists():
            return process, int(port_file.read_text())
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError((folder / f"{name}.log").read_text())


def post(port: int, path: str, value: Any = None) -> Any:
    data = json.dumps(value if value is not None else {}).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", data=data, timeout=30) as response:
        return json.loads(response.read() or b"null")


class Endpoint:
    """The local AWS endpoint."""

    def __init__(self, port: int):
        self.port = port

    def moods(self, **values: Any) -> None:
        post(self.port, "/strict/moods", values)

    def reset(self) -> None:
        post(self.port, "/strict/reset")

    def machine(self, instance: str, **values: Any) -> dict[str, Any]:
        """Sets an agent of Systems Manager and a folder in which its commands run behind an instance: `programs` are put
        first in its PATH, by name and text."""
        return post(self.port, "/strict/machine", {"instance": instance, **values})

    def give(self, image: str, owner: str, region: str = REGION) -> None:
        """Makes an image of the account another's, who has shared it with this account if it had been shared with them."""
        post(self.port, "/strict/give", {"image": image, "owner": owner, "region": region})

    def offer(self, owner: str, name: str, region: str = REGION, **values: Any) -> str:
        """Makes an image of another account, and returns its id. `public`, else it is shared with this account; `snapshots`
        false leaves those private; `sizes` by device, GiB; `description`, `architecture`, `encrypted`."""
        return post(self.port, "/strict/offer", {"owner": owner, "name": name, "region": region, **values})["id"]

    def forget(self) -> None:
        post(self.port, "/strict/forget")

    def calls(self) -> list[dict[str, Any]]:
        return post(self.port, "/strict/calls")

    def mutating(self) -> list[str]:
        return [call["action"] for call in self.calls() if call["mutating"]]

    def client(self, service: str, region: str = REGION) -> Any:
        return boto3.client(
            service, region_name=region, endpoint_url=f"http://127.0.0.1:{self.port}", aws_access_key_id="testing",
            aws_secret_access_key="testing")


class Proxy:
    """The fault proxy."""

    def __init__(self, port: int):
        self.port = port

    def rules(self, *rules: dict[str, Any], delay: float = 0) -> None:
        post(self.port, "/proxy/rules", {"rules": list(rules), "delay": delay})

    def end(self) -> None:
        post(self.port, "/proxy/end")

    def process(self, pid: int) -> None:
        post(self.port, "/proxy/process", {"pid": pid})

    def calls(self) -> list[dict[str, Any]]:
        return post(self.port, "/proxy/calls")


class Result:
    """How a run ended."""

    def __init__(self, code: int, stdout: str, stderr: str):
        self.code, self.stdout, self.stderr = code, stdout, stderr

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)

    def __repr__(self) -> str:
        return f"exit {self.code}\n{self.stdout}\n{self.stderr}"


class Cloudrails:
    """Runs the built binary with a home of its own."""

    def __init__(self, home: Path, port: int):
        self.home = home
        self.environment = {
            "HOME": str(home), "PATH": os.environ["PATH"], "AWS_REGION": REGION, **KEYS,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_EC2_METADATA_DISABLED": "true",
            "CLOUDRAILS_CONSISTENCY_WINDOW": "3"}

    def start(self, *words: str, **environment: str | None) -> subprocess.Popen:
        merged = {**self.environment, **environment}
        return subprocess.Popen(
            [str(BINARY), *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={name: value for name, value in merged.items() if value is not None})

    def __call__(self, *words: str, **environment: str | None) -> Result:
        process = self.start(*words, **environment)
        stdout, stderr = process.communicate(timeout=300)
        return Result(process.returncode, stdout, stderr)

    def ok(self, *words: str, **environment: str | None) -> Result:
        result = self(*words, **environment)
        assert result.code == 0, result
        return result


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Endpoint, Proxy]]:
    folder = tmp_path_factory.mktemp("servers")
    moto, port = start([sys.executable, "-m", "strict_moto"], folder, "moto")
    proxy, proxy_port = start([sys.executable, "fault_proxy.py", "--upstream", str(port)], folder, "proxy")
    yield Endpoint(port), Proxy(proxy_port)
    for process in (proxy, moto):
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@pytest.fixture
def endpoint(servers: tuple[Endpoint, Proxy]) -> Endpoint:
    servers[1].end()
    servers[0].reset()
    return servers[0]


@pytest.fixture
def proxy(servers: tuple[Endpoint, Proxy], endpoint: Endpoint) -> Proxy:
    """The proxy, without rules."""
    return servers[1]


@pytest.fixture
def cloudrails(endpoint: Endpoint, tmp_path: Path) -> Cloudrails:
    """The binary, straight to the endpoint."""
    return Cloudrails(tmp_path, endpoint.port)


@pytest.fixture
def proxied(proxy: Proxy, tmp_path: Path) -> Cloudrails:
    """The binary, through the proxy."""
    return Cloudrails(tmp_path, proxy.port)


def name_of(thing: dict[str, Any]) -> str:
    return next((tag["Value"] for tag in thing.get("Tags", []) if tag["Key"] == "Name"), "")


# What an image's tags tell that is the same for two runs: neither hash nor time.
STABLE = ("node", "chain", "height", "client", "consistency", "unfinished")


def image_inventory(endpoint: Endpoint, regions: tuple[str, ...]) -> dict[str, list[str]]:
    """The account's images and snapshots in each of the regions, without ids and times: one that a failure left behind
    shows as such."""
    images, snapshots = [], []
    for region in regions:
        ec2 = endpoint.client("ec2", region)
        held = set()
        for one in ec2.describe_images(Owners=["self"])["Images"]:
            disks = [disk["Ebs"]["SnapshotId"] for disk in one["BlockDeviceMappings"]]
            held.update(disks)
            tags = {tag["Key"].removeprefix("cloudrails:"): tag["Value"] for tag in one.get("Tags", [])}
            shown = " ".join(f"{key}={tags[key]}" for key in STABLE if key in tags)
            name = re.sub(r"\d{8}T\d{4}Z", "TIME", one["Name"])
            permissions = ec2.describe_image_attribute(ImageId=one["ImageId"], Attribute="launchPermission")
            users = sorted(user.get("UserId", "everybody") for user in permissions["LaunchPermissions"])
            end = " deprecated" if "DeprecationTime" in one else ""
            images.append(f"{region} {name} {one['State']} {shown} {len(disks)} snapshots {users}{end}")
        for one in ec2.describe_snapshots(OwnerIds=["self"])["Snapshots"]:
            name = re.sub(r"\d{8}T\d{4}Z", "TIME", name_of(one))
            holder = "of an image" if one["SnapshotId"] in held else "of no image"
            snapshots.append(f"{region} {name} {one['State']} {holder}")
    return {"images": sorted(images), "snapshots": sorted(snapshots)}


def inventory(endpoint: Endpoint, region: str = REGION, *copies: str) -> dict[str, list[Any]]:
    """What is in the account, without ids: the same for two runs that came to the same. Images are looked for in the
    regions of their copies, too."""
    ec2, iam = endpoint.client("ec2", region), endpoint.client("iam")

    def ours(things: list[dict[str, Any]]) -> list[str]:
        return sorted(name_of(thing) for thing in things if name_of(thing))

    instances = [i for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]]
    tables = [table for table in ec2.describe_route_tables()["RouteTables"] if name_of(table)]
    names = {one["InstanceId"]: name_of(one) for one in instances}

    def place(volume: dict[str, Any]) -> str:
        return next((f" {one['Device']} of {names[one['InstanceId']]}" for one in volume["Attachments"]), "")

    roles = [role["RoleName"] for role in iam.list_roles()["Roles"]]
    return {
        "vpcs": ours(ec2.describe_vpcs()["Vpcs"]),
        "gateways": sorted(
            f"{name_of(gateway)} {len(gateway['Attachments'])}"
            for gateway in ec2.describe_internet_gateways()["InternetGateways"]),
        "tables": sorted(
            f"{name_of(table)} {len(table['Associations'])} {sorted(r.get('DestinationCidrBlock', '-') for r in table['Routes'])}"
            for table in tables),
        "subnets": ours(ec2.describe_subnets()["Subnets"]),
        "groups": sorted(
            f"{group['GroupName']} {sorted(str(rule.get('FromPort')) for rule in group['IpPermissions'])}"
            for group in ec2.describe_security_groups()["SecurityGroups"] if group["GroupName"] != "default"),
        "endpoints": [
            name_of(one) for one in ec2.describe_vpc_endpoints()["VpcEndpoints"] if one["State"].lower() != "deleted"],
        "keys": [key["KeyName"] for key in ec2.describe_key_pairs()["KeyPairs"]],
        "instances": sorted(
            f"{name_of(i)} {i['InstanceType']} {i['State']['Name']}" for i in instances
            if i["State"]["Name"] not in ("terminated", "shutting-down")),
        "volumes": sorted(
            f"{name_of(volume)} {volume['Size']}{place(volume)}" for volume in ec2.describe_volumes()["Volumes"]),
        **image_inventory(endpoint, (region, *copies)),
        "roles": sorted(
            f"{role} {sorted(p['PolicyName'] for p in iam.list_attached_role_policies(RoleName=role)['AttachedPolicies'])}"
            f" {iam.list_role_policies(RoleName=role)['PolicyNames']}"
            for role in roles),
        "profiles": sorted(
            f"{profile['InstanceProfileName']} {[role['RoleName'] for role in profile['Roles']]}"
            for profile in iam.list_instance_profiles()["InstanceProfiles"]),
    }
