"""Where moto answers otherwise than AWS, moto is put right. Each change names what it follows."""

import base64
import copy
import hashlib
import json

import moto.backends
import moto.iam.models
from moto.core.base_backend import BackendDict
from moto.core.responses import ActionResult
from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models import instances, key_pairs, subnets
from moto.ec2.responses.key_pairs import KeyPairs

MANAGED_POLICIES = ["AmazonSSMManagedInstanceCore", "AmazonSSMPatchAssociation", "ReadOnlyAccess"]


def apply():
    """Changes moto's classes, once."""
    original = key_pairs.KeyPairBackend.import_key_pair

    def import_key_pair(self, key_name, public_key_material, tags=None):
        """ED25519 keys show the SHA-256 of the public half in base64, as ssh-keygen does:
        https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html"""
        key = original(self, key_name, public_key_material, tags)
        text = public_key_material if isinstance(public_key_material, bytes) else public_key_material.encode()
        words = (text if text.startswith(b"ssh-") else base64.b64decode(text)).split()
        if words[0] == b"ssh-ed25519":
            key.key_fingerprint = base64.b64encode(hashlib.sha256(base64.b64decode(words[1])).digest()).decode()
        return key

    def delete_key_pair(self):
        """DeleteKeyPair takes a KeyPairId instead of the name (service model); moto knows the name only."""
        wanted = self._get_param("KeyPairId")
        named = [key.key_name for key in self.ec2_backend.key_pairs.values() if key.id == wanted]
        key = self.ec2_backend.delete_key_pair(self._get_param("KeyName") or (named[0] if named else ""))
        return ActionResult({"Return": True, "KeyPairId": key.id if key else None})

    remove = subnets.SubnetBackend.delete_subnet

    def delete_subnet(self, subnet_id):
        """A subnet takes its association with a route table along:
        https://docs.aws.amazon.com/vpc/latest/userguide/WorkWithRouteTables.html"""
        for table in self.route_tables.values():
            for association, subnet in list(table._associations.items()):
                if subnet == subnet_id:
                    del table._associations[association]
        if any(eni.subnet.id == subnet_id for eni in self.enis.values()):
            raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
        return remove(self, subnet_id)

    end = instances.Instance.terminate

    def terminate(self):
        """"If you terminate an instance more than once, each call succeeds":
        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html"""
        return copy.copy(self._state) if self._state.name == "terminated" else end(self)

    instances.Instance.terminate = terminate
    # All of AWS's 1,500 policies, read anew at each reset, would be most of a test's time.
    policies = json.loads(moto.iam.models.aws_managed_policies_data)
    moto.iam.models.aws_managed_policies_data = json.dumps({name: policies[name] for name in MANAGED_POLICIES})
    subnets.SubnetBackend.delete_subnet = delete_subnet
    key_pairs.KeyPairBackend.import_key_pair = import_key_pair
    KeyPairs.delete_key_pair = delete_key_pair


def reset():
    """Empties the account."""
    for name in ("ec2", "iam", "ssm", "sts"):
        backend = moto.backends.get_backend(name)
        if isinstance(backend, BackendDict):
            backend.reset()
