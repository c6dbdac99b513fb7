"""Answers that hold every member which a service model knows, in the form of the service's protocol."""

import base64
import itertools
import json
import random
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from botocore.model import Shape
from strict_moto.model import service_model

# So many answers, one after the other, tell 255 truth values apart.
VARIANTS = 8


class Answer:
    """An answer to an action, as good as empty where the service model does not know it.

    No two texts and no two numbers in it are alike; truth values and enumerations, of which there are few, differ between
    the variants.
    """

    def __init__(self, service: str, action: str, variant: int) -> None:
        self.action = action
        self.variant = variant
        # What is in it, and of which shape, by path: `Vpcs[0].CidrBlock`.
        self.values: dict[str, Any] = {}
        self.shapes: dict[str, Shape] = {}
        self.numbers = itertools.count(1)
        self.truths = itertools.count(1)
        self.seen: list[str] = []
        model = service_model(service)
        self.is_known = action in model.operation_names
        shape = model.operation_model(action).output_shape if self.is_known else None
        if model.metadata["protocol"] == "json":
            self.body = json.dumps(self.plain(shape, "") if shape else {}).encode()
        else:
            self.body = self.xml(service, action, shape)

    def xml(self, service: str, action: str, shape: Shape | None) -> bytes:
        root = ElementTree.Element(f"{action}Response")
        request_id = self.leaf("ResponseMetadata.RequestId", f"request {next(self.numbers)}")
        if service == "ec2":
            ElementTree.SubElement(root, "requestId").text = request_id
            result = root
        else:
            metadata = ElementTree.SubElement(root, "ResponseMetadata")
            ElementTree.SubElement(metadata, "RequestId").text = request_id
            result = ElementTree.SubElement(root, f"{action}Result")
        if shape:
            self.fill(result, self.plain(shape, ""), shape)
        return ElementTree.tostring(root, encoding="utf-8")

    def fill(self, element: ElementTree.Element, value: Any, shape: Shape) -> None:
        """Writes a value as the element's content."""
        if shape.type_name == "structure":
            for name, member in shape.members.items():
                if name in value:
                    self.add(element, member.serialization.get("name", name), value[name], member)
        elif shape.type_name == "list":
            for item in value:
                self.add(element, shape.member.serialization.get("name", "member"), item, shape.member)
        else:
            element.text = json.dumps(value) if isinstance(value, bool) else str(value)

    def add(self, parent: ElementTree.Element, name: str, value: Any, shape: Shape) -> None:
        assert not shape.serialization.get("flattened"), "no answer that is read has such a list"
        self.fill(ElementTree.SubElement(parent, name), value, shape)

    def plain(self, shape: Shape, path: str) -> Any:
        """A value of the shape, as JSON has it: lists have two items, and what holds itself ends there."""
        self.shapes[path] = shape
        if shape.type_name == "structure":
            if shape.name in self.seen:
                return {}
            self.seen.append(shape.name)
            value = {name: self.plain(member, f"{path}.{name}".lstrip(".")) for name, member in shape.members.items()}
            self.seen.pop()
            return value
        if shape.type_name == "list":
            return [self.plain(shape.member, f"{path}[{index}]") for index in range(2)]
        if shape.type_name == "map":
            return {"key": self.plain(shape.value, f"{path}.key")}
        return self.scalar(shape, path)

    def scalar(self, shape: Shape, path: str) -> Any:
        number = next(self.numbers)
        kind = shape.type_name
        if kind == "boolean":
            return self.leaf(path, bool((next(self.truths) % 255 + 1) >> self.variant & 1))
        if kind in ("integer", "long"):
            return self.leaf(path, number)
        if kind in ("float", "double"):
            return self.leaf(path, number + 0.5)
        if kind == "timestamp":
            time = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=number)
            return self.leaf(path, time.strftime("%Y-%m-%dT%H:%M:%SZ"))
        if kind == "blob":
            return base64.b64encode(self.leaf(path, f"bytes {number}").encode()).decode()
        if getattr(shape, "enum", None):
            return self.leaf(path, random.Random(f"{path} {self.variant}").choice(shape.enum))
        if shape.name == "policyDocumentType":
            # IAM answers with documents in percent-encoding, and botocore reads them.
            return quote(json.dumps({"Version": self.leaf(f"{path}.Version", f"é% {number}")}))
        if (self.action, path) == ("GetConsoleOutput", "Output"):
            # A text in base64, and botocore reads it.
            return base64.b64encode(self.leaf(path, f"é <{number}>\n").encode()).decode()
        return self.leaf(path, f"é <{number}> & more")

    def leaf(self, path: str, value: Any) -> Any:
        self.values[path] = value
        return value


def leaves(value: Any, path: str = "") -> dict[str, Any]:
    """What is in nested dictionaries and lists, by path; an empty list is nothing."""
    if isinstance(value, dict):
        parts = [leaves(item, f"{path}.{name}".lstrip(".")) for name, item in value.items()]
    elif isinstance(value, list) and value:
        parts = [leaves(item, f"{path}[{index}]") for index, item in enumerate(value)]
    else:
        return {path: None if value == [] else value}
    return {name: item for part in parts for name, item in part.items()}
