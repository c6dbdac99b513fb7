"""A node as a launch towards the stricter moto made it, with all that its machine needs from the world."""

from __future__ import annotations

import base64
import importlib.util
import shlex
from pathlib import Path
from typing import Any

import userdata
from cloud import Cloud
from machine import Disk, Machine

# The end-to-end tests' endpoint and binary. Both folders have a conftest, so it is loaded under a name of its own.
specification = importlib.util.spec_from_file_location(
    "end_to_end", Path(__file__).resolve().parents[1] / "EndToEnd" / "conftest.py")
end_to_end = importlib.util.module_from_spec(specification)
specification.loader.exec_module(end_to_end)


class Launched:
    """The bytes that a launch sent, what the machine will see of AWS, and a machine that has not been started."""

    def __init__(self, cloudrails: Any, endpoint: Any, image: Path):
        self.cloudrails, self.image, self.folder = cloudrails, image, cloudrails.home
        run = [call for call in endpoint.calls() if call["action"] == "RunInstances"]
        self.sent = base64.b64decode(run[0]["parameters"]["UserData"])
        names = userdata.names(self.sent) + self.extra_names()
        self.cloud = Cloud(endpoint, image, self.folder, sorted(set(names)), end_to_end.REGION)
        self.cloud.user_data = self.sent
        volumes = endpoint.client("ec2").describe_volumes()["Volumes"]
        found = next(volume for volume in volumes if volume["Attachments"][0]["Device"] == "/dev/xvdf")
        self.volume, self.size = found["VolumeId"], found["Size"]

    def extra_names(self) -> list[str]:
        return ["packages.test", f"ec2.{end_to_end.REGION}.amazonaws.com", *self.others_names()]

    def others_names(self) -> list[str]:
        """The hosts of every shipped target, for machines that install one after the other."""
        return userdata.names(*(self.user_data(target).encode() for target in self.targets()))

    def targets(self) -> list[str]:
        return [chain["target"] for chain in self.cloudrails.ok("chains", "list", "--json", AWS_REGION=None).json["chains"]]

    def user_data(self, target: str) -> str:
        return self.cloudrails.ok("node", "user-data", target, "--arch", "x86_64", "--json").json["script"]

    @property
    def serial(self) -> str:
        """How Nitro shows the volume."""
        return self.volume.replace("-", "")

    def machine(self, disks: list[Disk], name: str = "machine", **options: Any) -> Machine:
        key = self.folder / ".config/cloudrails/keys/blockchain-nodes-keypair.pem"
        return Machine(self.folder / name, self.image, disks, self.cloud.ports, self.cloud.names, key, **options)

    def run(self, machine: Machine, *words: str, code: int = 0) -> Any:
        """How `cloudrails WORDS --json` ended, which reaches the machine through SSH."""
        result = self.cloudrails(*words, "--via", "ssh", "--json", **self.ssh_to(machine))
        assert result.code == code, result
        return result

    @staticmethod
    def ssh_to(machine: Machine) -> dict[str, str]:
        """The environment in which the command line finds the machine."""
        return {"CLOUDRAILS_SSH": f"ssh -p {machine.forwarded[22]} -o HostName=127.0.0.1"}

    @property
    def name(self) -> str:
        return self.cloud.tags()["cloudrails:node"]

    def order(self, machine: Machine, noun: str, verb: str, *words: str, code: int = 0) -> Any:
        """The same, to this node."""
        return self.run(machine, noun, verb, self.name, *words, code=code)

    def tells(self, machine: Machine, verb: str) -> Any:
        """What `cloudrails node VERB` prints."""
        return self.order(machine, "node", verb).json

    def reached_by_systems_manager(self, machine: Machine) -> None:
        """Run Command on the node's instance is answered by the machine's own cloudrails-node."""
        helper = f'#!/bin/sh\nexec {shlex.join(machine.login())} cloudrails-node "$@"\n'
        self.cloud.endpoint.machine(self.cloud.instance()["InstanceId"], programs={"cloudrails-node": helper})
