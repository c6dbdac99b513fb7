"""What runs on an instance: Run Command really runs its script, on this host, in a folder that stands for the machine.

The states, the cut of the output and the errors follow the service model (SendCommand, GetCommandInvocation,
DescribeInstanceInformation, StartSession) and
https://docs.aws.amazon.com/systems-manager/latest/userguide/monitor-commands.html.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import uuid

from moto.ec2 import ec2_backends

from .model import Refusal

ACCOUNT = "123456789012"
# GetCommandInvocation: "The first 24,000 characters written by the plugin to stdout", 8,000 to stderr.
MOST_OUTPUT, MOST_ERRORS = 24_000, 8_000
CUT = "\n---Output truncated---"


def cut(text, most):
    return text if len(text) <= most else text[: most - len(CUT)] + CUT


class Machine:
    """A folder with a `bin` of its own, and an agent that may be away."""

    def __init__(self, folder):
        self.folder = folder
        self.ping = "Online"
        self.lag = 0.0  # seconds for which a new command's invocation does not exist yet
        self.pending = 0.0  # seconds until the agent takes a command
        self.console = None  # what was kept shortly after the start
        self.latest = None  # what is told with Latest; None where that is refused, as it is without Nitro
        os.makedirs(os.path.join(folder, "bin"))

    def set(self, programs=None, **values):
        for name, text in (programs or {}).items():
            path = os.path.join(self.folder, "bin", name)
            with open(path + ".new", "w", encoding="utf-8") as file:
                file.write(text)
            os.chmod(path + ".new", 0o755)
            os.rename(path + ".new", path)
        for name, value in values.items():
            if name not in vars(self):
                raise ValueError(f"a machine has no {name}")
            setattr(self, name, value)

    @property
    def variables(self):
        """What the agent's children get; like the snap's, its PATH is without /usr/local."""
        return {
            "PATH": f"{self.folder}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "CLOUDRAILS_RUNS": f"{self.folder}/runs",
            "LANG": "C.UTF-8",
        }


class Command:
    """A script on its way, running, or ended."""

    def __init__(self, machine, script, timeout):
        self.machine, self.script, self.timeout = machine, script, timeout
        self.sent = time.monotonic()
        self.process = None
        self.files = [tempfile.TemporaryFile() for _ in range(2)]

    def start_when_due(self):
        if self.process or self.machine.ping != "Online" or time.monotonic() - self.sent < self.machine.pending:
            return
        self.process = subprocess.Popen(
            ["sh", "-c", self.script], cwd=self.machine.folder, env=self.machine.variables, stdin=subprocess.DEVNULL,
            stdout=self.files[0], stderr=self.files[1], start_new_session=True)

    def result(self):
        """Status, its details, exit code, output and errors."""
        self.start_when_due()
        if self.process is None:
            if self.machine.ping == "Online":
                return "Pending", "Pending", -1, "", ""
            if time.monotonic() - self.sent > self.timeout:
                return "TimedOut", "DeliveryTimedOut", -1, "", ""
            return "Delayed", "Delayed", -1, "", ""
        code = self.process.poll()
        if code is None:
            return "InProgress", "InProgress", -1, "", ""
        texts = []
        for file, most in zip(self.files, (MOST_OUTPUT, MOST_ERRORS)):
            file.seek(0)
            texts.append(cut(file.read().decode(errors="replace"), most))
        status = "Success" if code == 0 else "Failed"
        return status, status, code, *texts


class Machines:
    """All machines of the account."""

    def __init__(self):
        self.root = tempfile.mkdtemp(prefix="strict-moto-machines-")
        self.machines = {}
        self.commands = {}

    def close(self):
        """Ends what runs and removes the folders."""
        for command in self.commands.values():
            if command.process and command.process.poll() is None:
                os.killpg(command.process.pid, signal.SIGKILL)
                command.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def set(self, instance, **values):
        if instance not in self.machines:
            self.machines[instance] = Machine(os.path.join(self.root, instance))
        self.machines[instance].set(**values)
        return {"folder": self.machines[instance].folder, "variables": self.machines[instance].variables}

    def is_running(self, call, instance):
        known = ec2_backends[ACCOUNT][call.region].get_instance_by_id(instance)
        return known is not None and known.state == "running"

    def answer(self, call):
        """(status, body, content type) or a Refusal; None for what is moto's."""
        if call.service == "ssm":
            known = {
                "SendCommand": self.send, "GetCommandInvocation": self.invocation,
                "DescribeInstanceInformation": self.information, "StartSession": self.session,
            }
            if call.action not in known:
                return None
            result = known[call.action](call)
            if isinstance(result, Refusal):
                return result
            return 200, json.dumps(result).encode(), "application/x-amz-json-1.1"
        if call.action == "GetConsoleOutput":
            return self.console(call)
        return None

    def send(self, call):
        instances, texts = call.flat["InstanceIds"], call.flat["Parameters"]["commands"]
        for instance in instances:
            if instance not in self.machines or not self.is_running(call, instance):
                return Refusal("InvalidInstanceId", f"Instances [[{instance}]] not in a valid state for account {ACCOUNT}")
        # https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-param-runcommand.html
        if any("{{" in text for text in texts):
            return Refusal("InvalidParameters", "a reference to a parameter")
        # MaxDocumentSizeExceeded: "The size limit of a document is 64 KB."
        if sum(map(len, texts)) > 64 * 1024:
            return Refusal("MaxDocumentSizeExceeded", "64 KB")
        identifier = str(uuid.uuid4())
        for instance in instances:
            command = Command(self.machines[instance], "\n".join(texts), call.flat.get("TimeoutSeconds", 3600))
            self.commands[(identifier, instance)] = command
            command.start_when_due()
        return {"Command": {"CommandId": identifier, "Status": "Pending", "InstanceIds": instances}}

    def invocation(self, call):
        identifier, instance = call.flat["CommandId"], call.flat["InstanceId"]
        command = self.commands.get((identifier, instance))
        if command is None or time.monotonic() - command.sent < command.machine.lag:
            return Refusal("InvocationDoesNotExist", "")
        status, details, code, output, errors = command.result()
        return {
            "CommandId": identifier, "InstanceId": instance, "DocumentName": "AWS-RunShellScript", "Status": status,
            "StatusDetails": details, "ResponseCode": code, "StandardOutputContent": output,
            "StandardErrorContent": errors,
        }

    def information(self, call):
        wanted = next((one["Values"] for one in call.flat.get("Filters", []) if one["Key"] == "InstanceIds"), None)
        found = [
            {
                "InstanceId": instance, "PingStatus": machine.ping, "LastPingDateTime": time.time() - 30,
                "PlatformType": "Linux", "ResourceType": "EC2Instance",
            }
            for instance, machine in self.machines.items()
            if wanted is None or instance in wanted
        ]
        return {"InstanceInformationList": found}

    def session(self, call):
        if call.flat["Target"] not in self.machines:
            return Refusal("TargetNotConnected", f"{call.flat['Target']} is not connected.")
        return {"SessionId": f"session-{uuid.uuid4()}", "TokenValue": uuid.uuid4().hex, "StreamUrl": "wss://127.0.0.1"}

    def console(self, call):
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html"""
        instance = call.flat["InstanceId"]
        machine = self.machines.get(instance)
        is_latest = call.flat.get("Latest") == "true"
        if is_latest and (machine is None or machine.latest is None):
            return Refusal("UnsupportedOperation", "This instance type does not support retrieving the latest console logs.")
        shown = (machine.latest if is_latest else machine.console) if machine else None
        output = base64.b64encode((shown or "").encode()).decode()
        text = (
            '<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>strict</requestId>'
            f"<instanceId>{instance}</instanceId><timestamp>2026-11-24T10:00:00.000Z</timestamp><output>{output}</output>"
            "</GetConsoleOutputResponse>"
        )
        return 200, text.encode(), "text/xml"
