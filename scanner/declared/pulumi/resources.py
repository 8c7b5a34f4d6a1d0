"""A preview or an exported stack to resources.

Shapes: "pulumi preview --json" (steps with `newState`) and checkpoint version 3 (`pulumi stack export`). A value that
is only known after an update is one fixed text; a secret is a mapping with one fixed key.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.declared.bridged import snake
from scanner.declared.model import Unknown

_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What a preview writes for a value that only an update gives (`pulumi/sdk`, `plugin.UnknownStringValue`)."""
_MARK = "4dabf18193072939515e22adb298388d"
"""The key of a mapping that is no plain value (`resource.SigKey`)."""
_CLASSIC = {"aws": "aws", "azure": "azure", "gcp": "gcp"}
_NATIVE = ("azure-native", "aws-native", "google-native")


@dataclasses.dataclass(frozen=True, slots=True)
class Built:
    """One resource, with its attributes in Terraform's spelling."""

    urn: str
    cloud: str
    service: str
    kind: str
    attributes: Mapping[str, Any]
    depends: Mapping[str, str]
    """Attribute to the URN of the resource that it is taken from."""
    line: int

    @property
    def address(self) -> str:
        """`aws:s3/bucket:Bucket::cases`, the end of its URN."""
        return "::".join(self.urn.split("::")[-2:])


def read(path: Path) -> tuple[list[Built], int]:
    """The resources, and how many of native providers there are. Raises OSError, ValueError."""
    text = path.read_text("utf-8-sig")
    tree = json.loads(text)
    states = list(_states(tree)) if isinstance(tree, dict) else []
    native = sum(str(state.get("type", "")).startswith(_NATIVE) for state in states)
    return [built for state in states if (built := _built(state, text)) is not None], native


def _states(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    steps = tree.get("steps")
    for step in steps if isinstance(steps, list) else ():
        if isinstance(step, dict) and not str(step.get("op", "")).startswith(("delete", "discard")):
            state = step.get("newState")
            if isinstance(state, dict):
                yield state
    deployment = tree.get("deployment")
    resources = deployment.get("resources") if isinstance(deployment, dict) else None
    for state in resources if isinstance(resources, list) else ():
        if isinstance(state, dict) and not state.get("delete"):
            yield state


def _built(state: Mapping[str, Any], text: str) -> Built | None:
    urn, token = str(state.get("urn", "")), str(state.get("type", ""))
    package, _, rest = token.partition(":")
    module, _, kind = rest.partition(":")
    if package not in _CLASSIC or not kind or state.get("custom") is False:
        return None
    inputs, outputs = state.get("inputs"), state.get("outputs")
    values = {**_mapping(inputs)}
    # Only names: an output may be a default that nobody declared.
    for name in ("bucket", "identifier", "name", "arn", "id"):
        if name in _mapping(outputs):
            values.setdefault(name, _mapping(outputs)[name])
    depends = {
        snake(name): str(urns[0])
        for name, urns in _mapping(state.get("propertyDependencies")).items()
        if isinstance(urns, list) and len(urns) == 1
    }
    at = text.find(json.dumps(urn))
    line = text.count("\n", 0, at) + 1 if at >= 0 else 1
    attributes = {snake(str(k)): _value(v) for k, v in values.items()}
    return Built(urn, _CLASSIC[package], module.partition("/")[0].lower(), kind, attributes, depends, line)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _value(value: Any) -> Any:
    if value == _UNKNOWN:
        return Unknown("computed after apply")
    if isinstance(value, dict):
        if _MARK in value:
            plain = value.get("plaintext")
            return plain if isinstance(plain, str) else Unknown("a secret, encrypted by Pulumi")
        return {snake(str(k)): _value(v) for k, v in value.items()}
    return [_value(item) for item in value] if isinstance(value, list) else value
