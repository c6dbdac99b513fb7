"""A launched node whose machine is a folder on this host: Run Command and a real sshd run in it what is sent."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from conftest import Cloudrails, Endpoint

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"
SSHD = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:" + os.environ["PATH"])
# On the node this is root already.
SUDO = '#!/bin/sh\nwhile [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Machine:
    """The node's machine."""

    def __init__(self, endpoint: Endpoint, instance: str):
        self.endpoint, self.instance = endpoint, instance
        made = self.set(programs={"sudo": SUDO})
        self.folder, self.variables = Path(made["folder"]), made["variables"]

    def set(self, **values: Any) -> dict[str, Any]:
        return self.endpoint.machine(self.instance, **values)

    def helper(self, body: str) -> None:
        """Puts a cloudrails-node there; `$here` is the machine's folder, and each run is noted in it."""
        text = f'#!/bin/bash\nhere={self.folder}\nprintf "%s\\n" "$*" >>"$here/ran"\n{body}\n'
        self.set(programs={"cloudrails-node": text})

    def ran(self) -> list[str]:
        """What the helper was asked, in order."""
        file = self.folder / "ran"
        return file.read_text().splitlines() if file.exists() else []

    def tag(self, value: str) -> None:
        tags = [{"Key": "cloudrails:status", "Value": value}]
        self.endpoint.client("ec2").create_tags(Resources=[self.instance], Tags=tags)


def launch(cloudrails: Cloudrails, endpoint: Endpoint, *words: str) -> Machine:
    node = cloudrails.ok("node", "launch", TARGET, "--yes", "--json", *words).json["node"]
    return Machine(endpoint, node["instance"])


class Sshd:
    """A real sshd on loopback that lets the node's key in."""

    def __init__(self, machine: Machine, cloudrails: Cloudrails, folder: Path):
        self.folder, self.port = folder, free_port()
        folder.mkdir(exist_ok=True)
        self.new_host_key()
        pem = cloudrails.home / ".config/cloudrails/keys/blockchain-nodes-keypair.pem"
        public = subprocess.run(["ssh-keygen", "-y", "-f", pem], capture_output=True, text=True, check=True).stdout
        (folder / "authorized_keys").write_text(public)
        variables = " ".join(f"{name}={value}" for name, value in machine.variables.items())
        (folder / "config").write_text(f"""\
ListenAddress 127.0.0.1
Port {self.port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin yes
PidFile none
SetEnv {variables}
""")
        self.start()
        cloudrails.environment["CLOUDRAILS_SSH"] = (
            f"ssh -p {self.port} -l {getpass.getuser()} -o HostName=127.0.0.1")

    def new_host_key(self) -> None:
        for name in ("host", "host.pub"):
            (self.folder / name).unlink(missing_ok=True)
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / "host"], check=True)

    @property
    def host_key(self) -> str:
        return " ".join((self.folder / "host.pub").read_text().split()[:2])

    def console(self) -> str:
        """As cloud-init prints it."""
        return (
            "[   21.3] cloud-init[812]: Cloud-init v. 24.4 finished\n-----BEGIN SSH HOST KEY KEYS-----\n"
            f"ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY= root@ip-10-1-0-9\n{self.host_key} root@ip-10-1-0-9\n"
            "-----END SSH HOST KEY KEYS-----\n\nUbuntu 24.04 LTS ip-10-1-0-9 ttyS0\n")

    def start(self) -> None:
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen([SSHD, "-D", "-e", "-f", self.folder / "config"], stderr=log)
        for _ in range(200):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "log").read_text())

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


def open_ssh(endpoint: Endpoint, *ranges: str) -> None:
    """Opens port 22 of the nodes to these ranges."""
    ec2 = endpoint.client("ec2")
    groups = ec2.describe_security_groups()["SecurityGroups"]
    group = next(one for one in groups if one["GroupName"] == "blockchain-nodes-sg")
    ec2.authorize_security_group_ingress(GroupId=group["GroupId"], IpPermissions=[{
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": one} for one in ranges]}])
