"""AWS's moods: tokens that are remembered, things that do not show yet, states that take time, limits and refusals."""

import re
import time
from xml.etree import ElementTree

from moto.ec2 import ec2_backends

from . import copying, images, imaging, public, volumes
from .model import Refusal

ACCOUNT = "123456789012"
ID = re.compile(
    r"<(vpcId|internetGatewayId|routeTableId|subnetId|groupId|vpcEndpointId|keyPairId|instanceId|volumeId|snapshotId|"
    r"imageId)>([a-z]+-[0-9a-f]+)<"
)

# What an answer names besides the new thing.
OLDER = {("CreateSnapshot", "volumeId"), ("CreateVolume", "snapshotId"), ("RunInstances", "imageId")}

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html, where it is not Invalid…ID.NotFound.
MISSING = {"ami": "InvalidAMIID", "i": "InvalidInstanceID", "snap": "InvalidSnapshot", "vol": "InvalidVolume"}

# Moods that are kept where they matter.
ELSEWHERE = (volumes.Pace, public.Access, copying.Copies)


class Moods:
    """What may be set, and its usual value."""

    def __init__(self):
        self.lag = 0.0  # seconds for which new things show in no describe
        self.use_lag = 0.0  # seconds for which new things cannot be named in other calls either
        self.profile_lag = 0.0  # seconds for which EC2 does not know a new instance profile
        self.forgets = False  # whether terminated instances show no more, as is so after about an hour
        self.pending = 0.0  # seconds in which an instance starts
        self.stopping = 0.0  # seconds in which an instance ends
        self.modifications = 4  # changes of a volume in 24 hours
        self.vpcs = 5  # VPCs per region (L-F678F1CE), the default one among them
        self.full = []  # zones without capacity
        self.refusals = []  # {"action", "code", "message", "status"}: always refused
        self.denied = []  # actions that the caller may not make
        self.tokens = {}  # ClientToken -> (parameters, answer)
        for holder in ELSEWHERE:
            holder.reset()
        self.born = {}  # id or name -> when it was made
        self.changed = {}  # instance -> (from, to, when)

    def set(self, **values):
        for name, value in values.items():
            holders = [one for one in (*ELSEWHERE, self) if name in vars(one)]
            if not holders:
                raise ValueError(f"there is no mood {name}")
            setattr(holders[0], name, value)

    def refuse(self, call):
        """A refusal that the moods make, before moto sees the call."""
        checks = (self.refuse_denied, self.refuse_set, self.refuse_dry_run, self.refuse_invisible, self.refuse_token)
        for check in checks + (self.refuse_limits, self.refuse_state):
            refusal = check(call)
            if refusal:
                return refusal
        return None

    def refuse_denied(self, call):
        if call.action not in self.denied:
            return None
        code = "UnauthorizedOperation" if call.service == "ec2" else "AccessDenied"
        return Refusal(code, f"You are not authorized to perform: {call.service}:{call.action}", 403)

    def refuse_set(self, call):
        for rule in self.refusals:
            if rule["action"] == call.action:
                return Refusal(rule["code"], rule.get("message", ""), rule.get("status", 400))
        return None

    def refuse_dry_run(self, call):
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/CommonParameters.html (DryRun)"""
        if call.flat.get("DryRun") != "true":
            return None
        return Refusal("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412)

    def refuse_invisible(self, call):
        now = time.monotonic()
        if call.action == "RunInstances":
            name = call.flat.get("IamInstanceProfile.Name")
            if now - self.born.get(f"profile/{name}", -1e9) < self.profile_lag:
                return Refusal(
                    "InvalidParameterValue",
                    f"Value ({name}) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
                )
        if call.service == "iam" and call.action in ("GetRole", "GetInstanceProfile"):
            kind = "role" if call.action == "GetRole" else "profile"
            name = call.flat.get("RoleName") or call.flat.get("InstanceProfileName")
            if now - self.born.get(f"{kind}/{name}", -1e9) < self.lag:
                return Refusal("NoSuchEntity", f"{name} cannot be found.", 404)
        if call.mutating:
            for value in call.flat.values():
                if isinstance(value, str) and now - self.born.get(value, -1e9) < self.use_lag:
                    kind = value.split("-")[0]
                    return Refusal(f"{MISSING.get(kind, f'Invalid{kind.capitalize()}ID')}.NotFound", f"{value} does not exist")
        return None

    def refuse_token(self, call):
        """https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html; IdempotentInstanceTerminated:
        https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html, https://github.com/boto/boto3/issues/4406"""
        token = call.flat.get("ClientToken") if call.service == "ec2" else None
        known = self.tokens.get((call.region, call.action, token))
        if not token or not known:
            return None
        parameters, answer = known
        if parameters != call.flat:
            return Refusal("IdempotentParameterMismatch", "The token was used with other parameters.")
        made = [one for kind, one in ID.findall(answer.decode()) if kind == "instanceId"]
        if call.action == "RunInstances" and set(made) & self.terminated(call):
            return Refusal(
                "IdempotentInstanceTerminated", "The client token you have provided is associated with a terminated instance.")
        return Remembered(answer)

    def refuse_limits(self, call):
        if call.action == "CreateVpc" and len(ec2_backends[ACCOUNT][call.region].vpcs) >= self.vpcs:
            return Refusal("VpcLimitExceeded", "The maximum number of VPCs has been reached.")
        if call.action == "RunInstances":
            subnet = call.flat.get("NetworkInterface.1.SubnetId", "")
            zones = {s.id: s.availability_zone for s in ec2_backends[ACCOUNT][call.region].describe_subnets()}
            if zones.get(subnet) in self.full:
                # EC2 answers with a 5xx: https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html
                return Refusal("InsufficientInstanceCapacity", f"There is no capacity in {zones[subnet]}.", 500)
        return None

    def refuse_state(self, call):
        """What an instance or a volume does not let happen in its state."""
        if call.service != "ec2":
            return None
        instances = {one.id: one for one in ec2_backends[ACCOUNT][call.region].all_instances()}
        named = [instances[v] for n, v in call.flat.items() if n.startswith("InstanceId") and v in instances]
        for instance in named:
            refusal = self.refuse_instance(call, instance, self.state_of(instance))
            if refusal:
                return refusal
        return volumes.refuse(call, ACCOUNT, self)

    def refuse_instance(self, call, instance, state):
        """https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html (IncorrectInstanceState); a one-time
        spot instance cannot be stopped: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/stop-start-spot-instances.html"""
        wrong = {
            "StartInstances": state not in ("stopped", "pending", "running"),
            "StopInstances": state not in ("running", "pending", "stopping", "stopped"),
            "ModifyInstanceAttribute": "InstanceType.Value" in call.flat and state != "stopped",
        }
        if wrong.get(call.action):
            return Refusal("IncorrectInstanceState", f"The instance '{instance.id}' is in the state '{state}'.")
        # Seen in https://github.com/aws-samples/aws-systemsmanagerautomation-with-asglifecyclehooks/issues/2.
        if call.action == "CreateImage" and state not in ("running", "stopping", "stopped"):
            return Refusal(
                "InvalidParameterValue", f"Invalid value '{instance.id}' for instanceId. Instance is not in state "
                "'running' or 'stopping' or 'stopped'")
        if call.action == "StopInstances" and instance.lifecycle == "spot":
            return Refusal("UnsupportedOperation", f"You can't stop the Spot Instance '{instance.id}'.")
        return None

    def state_of(self, instance):
        """As a describe shows it."""
        before, _, when = self.changed.get(instance.id, (None, None, 0))
        return before if time.monotonic() < when else instance.state

    def terminated(self, call):
        """The ids of the instances that are over."""
        return {one.id for one in ec2_backends[ACCOUNT][call.region].all_instances() if self.state_of(one) == "terminated"}

    def amend(self, call, status, text):
        """moto's answer, as AWS would have given it."""
        if call.service == "ssm":
            parameter = images.parameter(call)
            return (200, parameter) if parameter else (status, text)
        if status >= 300:
            return status, text
        if call.service == "ec2" and call.flat.get("ClientToken"):
            self.tokens[(call.region, call.action, call.flat["ClientToken"])] = (call.flat, text)
        self.note_births(call, text)
        self.age_instances(call, text)
        return status, self.without_invisible(call, text)

    def note_births(self, call, text):
        now = time.monotonic()
        if call.action.startswith(("Create", "Copy", "Import", "Register", "RunInstances")):
            born = [one for kind, one in ID.findall(text.decode()) if (call.action, kind) not in OLDER]
            # The answer to CreateImage does not name the snapshots.
            for image in [one for one in born if one.startswith("ami-")]:
                born += [one.id for one in imaging.snapshots(ec2_backends[ACCOUNT][call.region].amis[image])]
            for identifier in born:
                self.born.setdefault(identifier, now)
        if call.action in ("CreateRole", "CreateInstanceProfile"):
            kind = "role" if call.action == "CreateRole" else "profile"
            name = call.flat.get("RoleName") or call.flat.get("InstanceProfileName")
            self.born[f"{kind}/{name}"] = now

    def age_instances(self, call, text):
        """What moto does at once takes a while."""
        if call.action == "RunInstances":
            for _, identifier in ID.findall(text.decode()):
                if identifier.startswith("i-"):
                    self.changed[identifier] = ("pending", "running", time.monotonic() + self.pending)
        slow = {
            "TerminateInstances": ("shutting-down", "terminated", self.stopping),
            "StopInstances": ("stopping", "stopped", self.stopping),
            "StartInstances": ("pending", "running", self.pending),
        }
        if call.action in slow:
            before, after, takes = slow[call.action]
            for name, identifier in call.flat.items():
                # A repeat begins nothing anew.
                if name.startswith("InstanceId.") and self.changed.get(identifier, (0, 0))[1] != after:
                    self.changed[identifier] = (before, after, time.monotonic() + takes)

    def without_invisible(self, call, text):
        """A describe without what is too young or forgotten, and with states that are under way."""
        if call.service != "ec2" or not call.action.startswith("Describe"):
            return text
        now = time.monotonic()
        hidden = {identifier for identifier, born in self.born.items() if now - born < self.lag}
        hidden |= self.terminated(call) if self.forgets else set()
        waiting = {i: before for i, (before, _, when) in self.changed.items() if now < when}
        if not hidden and not waiting:
            return text
        namespace = re.search(rb'xmlns="([^"]+)"', text).group(1).decode()
        ElementTree.register_namespace("", namespace)
        root = ElementTree.fromstring(text)
        for collection in root:
            for item in list(collection):
                own = own_id(item, namespace)
                if own in hidden:
                    collection.remove(item)
                for instance in item.iter(f"{{{namespace}}}item"):
                    identifier = instance.findtext(f"{{{namespace}}}instanceId")
                    name = instance.find(f"{{{namespace}}}instanceState/{{{namespace}}}name")
                    if identifier in waiting and name is not None:
                        name.text = waiting[identifier]
        return ElementTree.tostring(root)


class Remembered(Refusal):
    """Not a refusal: the answer that the token got the first time."""

    def __init__(self, answer):
        super().__init__("", "", 200)
        self.answer = answer

    def respond(self, call, start_response):
        headers = [("Content-Type", "text/xml"), ("Content-Length", str(len(self.answer)))]
        start_response("200 OK", headers)
        return [self.answer]


def own_id(item, namespace):
    """The id of an item in a describe; of a reservation, that of its instance."""
    instance = item.find(f"{{{namespace}}}instancesSet/{{{namespace}}}item/{{{namespace}}}instanceId")
    if instance is not None:
        return instance.text
    # An image tells other images that it comes from.
    image = item.findtext(f"{{{namespace}}}imageId")
    if image and item.find(f"{{{namespace}}}imageState") is not None:
        return image
    for child in item:
        if re.fullmatch(r"[a-z]+-[0-9a-f]+", child.text or ""):
            return child.text
    return None
