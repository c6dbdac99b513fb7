"""A virtual machine that looks like an EC2 instance: QEMU with the metadata service's address, and disks like EBS volumes."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shlex
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
QEMU = "qemu-system-x86_64"
# EC2 shows itself by a UUID that begins with ec2 and is the serial number, too
# (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html).
UUID = "ec2e1916-9099-7caf-fd21-012345abcdef"
MAC = "0a:00:00:00:00:01"
# Software emulation of a machine that others share: whatever is waited for, is waited for this long.
PATIENCE = 900


@functools.cache
def accelerator(kernel: Path) -> str:
    """KVM only where it runs a kernel: /dev/kvm may exist and hang. A kernel that finds no root panics, and QEMU ends."""
    probe = subprocess.Popen(
        ["timeout", "-s", "KILL", "10", QEMU, "-accel", "kvm", "-smp", "2", "-m", "256", "-kernel", str(kernel), "-append",
         "panic=-1", "-display", "none", "-serial", "none", "-monitor", "none", "-no-reboot"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        return "kvm" if probe.wait(15) == 0 else "tcg,thread=multi"
    except subprocess.TimeoutExpired:
        return "tcg,thread=multi"


@dataclass
class Disk:
    """A disk beside the root disk. `driver` nvme shows its serial as EBS does on Nitro; virtio-blk stands for the rest."""

    path: Path
    serial: str = ""
    driver: str = "nvme"
    # Writes per second, where it shall be slow.
    iops: int = 0

    @staticmethod
    def empty(path: Path, serial: str = "", gib: int = 2, **options: str) -> "Disk":
        with open(path, "wb") as file:
            file.truncate(gib << 30)
        return Disk(path, serial, **options)

    def backend(self, index: int) -> list[str]:
        """QEMU's words for what it writes to; it stays when the machine loses the disk."""
        node = {"driver": "raw", "discard": "unmap", "file": {"driver": "file", "filename": str(self.path), "discard": "unmap"}}
        if not self.iops:
            return ["-blockdev", json.dumps({"node-name": f"d{index}", **node})]
        slow = {"node-name": f"d{index}", "driver": "throttle", "throttle-group": f"slow{index}", "discard": "unmap", "file": node}
        limit = {"qom-type": "throttle-group", "id": f"slow{index}", "limits": {"iops-write": self.iops}}
        return ["-object", json.dumps(limit), "-blockdev", json.dumps(slow)]

    def device(self, index: int) -> dict[str, str]:
        serial = {"serial": self.serial} if self.serial else {}
        return {"driver": "nvme" if self.driver == "nvme" else "virtio-blk-pci", "drive": f"d{index}", "id": f"disk{index}", **serial}

    def blocks(self) -> int:
        """What of it is written."""
        return self.path.stat().st_blocks


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@dataclass
class Machine:
    """One machine. Its root disk is an overlay, so the image stays as it is; or a disk of its own."""

    folder: Path
    image: Path
    disks: list[Disk]
    ports: dict[str, int]
    names: list[str]
    key: Path
    forwarded: dict[int, int] = field(default_factory=dict)
    own_root: Path | None = None
    uuid: str = UUID
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.root = self.own_root or self.folder / "root.qcow2"
        self.forwarded = {22: free_port(), **self.forwarded}
        if not self.own_root:
            self.new_root()

    def new_root(self) -> None:
        """A new instance: the same image again."""
        subprocess.run(
            ["qemu-img", "create", "-q", "-f", "qcow2", "-b", str(self.image / "disk.raw"), "-F", "raw", str(self.root)],
            check=True)

    def start(self, attached: bool = True) -> None:
        """With its disks, or with those that are attached later."""
        kernel = self.image / "vmlinuz"
        accelerated = accelerator(kernel)
        relay = f"{sys.executable} -S {HERE / 'relay.py'}"
        network = "user,id=n,net=169.254.0.0/16,host=169.254.0.2,dns=169.254.0.3,dhcpstart=169.254.0.15,restrict=on"
        network += "".join(f",hostfwd=tcp:127.0.0.1:{here}-:{there}" for there, here in self.forwarded.items())
        network += f",guestfwd=tcp:169.254.169.254:80-cmd:{relay} {self.ports['imds']}"
        network += f",guestfwd=tcp:169.254.169.253:443-cmd:{relay} {self.ports['mirror']}"
        # One processor: several machines at a time are tested on two cores, and with two each they take a fifth longer.
        # norandmaps: code that every process has at another address is translated anew by the emulation for each of them.
        command = [
            QEMU, "-accel", accelerated, "-cpu", "max" if accelerated == "kvm" else "Westmere", "-smp", "1", "-m", "1024",
            "-kernel", str(kernel), "-initrd", str(self.image / "initrd"), "-append",
            f"root=LABEL=root ro console=ttyS0 quiet mitigations=off no_timer_check norandmaps boot-tests.names={','.join(self.names)}",
            "-smbios", f"type=1,uuid={self.uuid},serial={self.uuid}", "-nodefaults", "-display", "none",
            "-serial", f"file:{self.folder / 'console'}", "-qmp", f"unix:{self.folder / 'qmp'},server=on,wait=off",
            "-device", "virtio-rng-pci", "-netdev", network, "-device", f"virtio-net-pci,netdev=n,mac={MAC}",
            "-drive", f"file={self.root},if=none,id=root,format={'raw' if self.own_root else 'qcow2'}", "-device", "virtio-blk-pci,drive=root"]
        for index, disk in enumerate(self.disks):
            command += disk.backend(index)
            if attached:
                command += ["-device", json.dumps(disk.device(index))]
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=open(self.folder / "qemu", "ab"))

    def cut_power(self) -> None:
        """Like a pulled plug: nothing that the guest had in its memory is written."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def shut_down(self) -> None:
        """As EC2 stops an instance: the power button, and the plug where that does not help."""
        if self.process:
            self.qmp("system_powerdown")
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(PATIENCE)
            self.cut_power()

    def qmp(self, command: str, **arguments: Any) -> Any:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.folder / "qmp"))
            stream = connection.makefile("rw")
            json.loads(stream.readline())
            answer: dict[str, Any] = {}
            for name, values in (("qmp_capabilities", {}), (command, arguments)):
                stream.write(json.dumps({"execute": name, "arguments": values}) + "\n")
                stream.flush()
                answer = {}
                while "return" not in answer and "error" not in answer:
                    answer = json.loads(stream.readline())
            assert "return" in answer, answer
            return answer["return"]

    def attach(self, index: int) -> None:
        """As EC2 does with a volume while the machine runs."""
        self.qmp("device_add", **self.disks[index].device(index))

    def detach(self, index: int) -> None:
        """The same, back."""
        self.qmp("device_del", id=f"disk{index}")
        self.wait("the disk's end", lambda: f"disk{index}" not in json.dumps(self.qmp("qom-list", path="/machine/peripheral")))

    def snapshot(self, folder: Path) -> tuple[Path, Path]:
        """Its root disk and its first other one, as they are at this moment."""
        folder.mkdir()
        disks = self.root, self.disks[0].path
        self.qmp("stop")
        for disk in disks:
            subprocess.run(["cp", "--sparse=always", "--reflink=auto", str(disk), str(folder)], check=True)
        self.qmp("cont")
        self.set_clock()
        return folder / disks[0].name, folder / disks[1].name

    def set_clock(self) -> None:
        """To this host's time, as Amazon's time service keeps it: it stood still while the machine did. The time is told when the
        command runs already, as a login takes seconds."""
        command = [*self.login(), "sudo bash -c 'echo ready; read -r now; date -s @$now'"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as shell:
            assert shell.stdout and shell.stdout.readline() == "ready\n"
            shell.communicate(f"{time.time()}\n", timeout=PATIENCE)
        assert shell.returncode == 0

    def enlarge(self, index: int, gib: int) -> None:
        """As EC2 does with a volume in use. QEMU 7.2 refuses it for an NVMe disk, so only one of virtio grows."""
        self.qmp("block_resize", **{"node-name": f"d{index}"}, size=gib << 30)

    def login(self) -> list[str]:
        """The words that run a command on it, which follows."""
        # One connection for all: a new one costs seconds under emulation.
        options = {
            "StrictHostKeyChecking": "no", "UserKnownHostsFile": "/dev/null", "LogLevel": "ERROR", "ConnectTimeout": "60",
            "ControlMaster": "auto", "ControlPath": str(self.folder / "ssh"), "ControlPersist": "600", "BatchMode": "yes",
            "ServerAliveInterval": "15", "ServerAliveCountMax": "8", "KexAlgorithms": "curve25519-sha256"}
        words = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
        return ["ssh", "-i", str(self.key), "-p", str(self.forwarded[22]), *words, "ubuntu@127.0.0.1"]

    def ssh(self, command: str, timeout: float = PATIENCE) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*self.login(), command], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)

    def run(self, command: str, code: int = 0) -> str:
        """What a command of the user `ubuntu` prints."""
        result = self.ssh(command)
        assert result.returncode == code, f"{command}: exit {result.returncode}\n{result.stdout}\n{result.stderr}"
        return result.stdout.strip()

    def sudo(self, script: str, code: int = 0) -> str:
        return self.run(f"sudo bash -c {shlex.quote(script)}", code)

    def wait(self, what: str, condition: Any) -> Any:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if value := condition():
                return value
            assert self.process is None or self.process.poll() is None, (self.folder / "qemu").read_text()
            time.sleep(0.5)
        raise AssertionError(f"{what} did not come; the console says:\n{self.console()[-4000:]}")

    def console(self) -> str:
        return (self.folder / "console").read_text(errors="replace")

    def wait_for_login(self) -> None:
        self.forget_connection()
        self.wait("a login", lambda: self.ssh("true").returncode == 0)

    def forget_connection(self) -> None:
        (self.folder / "ssh").unlink(missing_ok=True)

    def wait_for(self, command: str, pause: float = 1) -> None:
        """Until a command, run as root, succeeds. The machine itself asks again and again: a login for each time would take more
        of its processor than what is waited for."""
        loop = f"sudo timeout 60 bash -c {shlex.quote(f'until {command}; do sleep {pause}; done')}"
        self.wait(command, lambda: self.ssh(loop).returncode == 0)

    def wait_for_client(self, service: str) -> None:
        """Until the node is set up, and its client tells a height."""
        self.wait_for(f"grep -q state=ready /var/lib/cloudrails/state && systemctl is-active -q {service}")
        self.wait_for("cloudrails-node status --json | grep -q '\"height\": [0-9]'")

    def reboot(self) -> None:
        before = self.run("cat /proc/sys/kernel/random/boot_id")
        self.ssh("sudo systemctl reboot")
        self.forget_connection()
        self.wait("the reboot", lambda: self.ssh("cat /proc/sys/kernel/random/boot_id").stdout.strip() not in ("", before))

    def status(self) -> dict[str, Any]:
        return json.loads(self.run("cloudrails-node status --json"))

    def end(self) -> None:
        self.cut_power()
