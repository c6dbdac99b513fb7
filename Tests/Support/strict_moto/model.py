"""Requests held against botocore's service models: AWS refuses a parameter that it does not know; moto ignores it."""

import base64
import functools
import json
import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import botocore.session
from botocore.validate import ParamValidator

READS = ("Describe", "Get", "List", "AssumeRole")


@functools.cache
def service_model(service):
    return botocore.session.get_session().get_service_model(service)


@dataclass
class Refusal:
    """An error answer in the form of the service's protocol."""

    code: str
    message: str
    status: int = 400

    def respond(self, call, start_response):
        if call.service == "ssm":
            text = json.dumps({"__type": self.code, "message": self.message})
            kind = "application/x-amz-json-1.1"
        elif call.service == "ec2":
            text = (
                f"<Response><Errors><Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message></Error>"
                "</Errors><RequestID>strict-0000</RequestID></Response>"
            )
            kind = "text/xml"
        else:
            text = (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{self.code}</Code>"
                f"<Message>{escape(self.message)}</Message></Error><RequestId>strict-0000</RequestId></ErrorResponse>"
            )
            kind = "text/xml"
        data = text.encode()
        start_response(f"{self.status} Refused", [("Content-Type", kind), ("Content-Length", str(len(data)))])
        return [data]


@dataclass
class Call:
    """A call to AWS."""

    service: str
    region: str
    action: str
    flat: dict = field(default_factory=dict)

    @property
    def mutating(self):
        return not self.action.startswith(READS)

    @classmethod
    def read(cls, environ, body):
        """The call that a request makes; None for what is no call."""
        scope = re.search(r"Credential=[^/]+/\d+/([^/]+)/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        if not scope:
            return None
        region, service = scope.groups()
        target = environ.get("HTTP_X_AMZ_TARGET")
        if target:
            return cls(service, region, target.split(".")[1], json.loads(body or b"{}"))
        flat = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return cls(service, region, flat.pop("Action", ""), flat)


def check(call):
    """A refusal for what the service model does not know."""
    model = service_model(call.service)
    if call.action not in model.operation_names:
        return Refusal("InvalidAction", f"The action {call.action} is not valid for this web service.")
    shape = model.operation_model(call.action).input_shape
    if call.service == "ssm":
        unknown = [name for name in call.flat if name not in shape.members]
        report = ParamValidator().validate(call.flat, shape)
        if unknown or report.has_errors():
            return Refusal("ValidationException", report.generate_report() or f"unknown members {unknown}")
        return None
    for name, value in call.flat.items():
        if name == "Version":
            continue
        problem = problem_with(shape, name.split("."), value, call.service == "ec2")
        if problem:
            code = "UnknownParameter" if call.service == "ec2" else "ValidationError"
            return Refusal(code, f"The parameter {name} {problem}")
    return None


def problem_with(shape, path, value, is_ec2):
    """What is wrong with a parameter, or None. The path is what stands between the dots."""
    if shape is None:
        return "is not recognized"
    if shape.type_name == "structure":
        if not path:
            return "is a structure"
        for name, member in shape.members.items():
            if wire_name(name, member, is_ec2) == path[0]:
                return problem_with(member, path[1:], value, is_ec2)
        return "is not recognized"
    if shape.type_name == "list":
        if not is_ec2 and path[:1] == ["member"]:
            path = path[1:]
        if not path or not path[0].isdigit():
            return "is a list"
        return problem_with(shape.member, path[1:], value, is_ec2)
    if path:
        return "is not recognized"
    return problem_with_value(shape, value)


def problem_with_value(shape, value):
    if shape.type_name in ("integer", "long") and not re.fullmatch(r"-?\d+", value):
        return "is no number"
    if shape.type_name == "boolean" and value not in ("true", "false"):
        return "is neither true nor false"
    if shape.type_name == "blob":
        base64.b64decode(value, validate=True)
    # New instance types come every month; moto itself refuses those that it does not know, in EC2's own words.
    if getattr(shape, "enum", None) and value not in shape.enum and shape.name != "InstanceType":
        return f"has the value {value}, which is none of {shape.enum[:20]}"
    return None


def wire_name(name, member, is_ec2):
    """How a member is called in a request: EC2 capitalises the serialisation's name unless there is one for queries."""
    serialization = member.serialization
    if is_ec2:
        if "queryName" in serialization:
            return serialization["queryName"]
        wire = serialization.get("name", name)
        return wire[0].upper() + wire[1:]
    return serialization.get("name", name)
