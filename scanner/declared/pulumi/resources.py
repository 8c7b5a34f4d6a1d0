"""A preview or an exported stack to the resources that it holds, as Pulumi has them.

Shapes: "pulumi preview --json" (steps with `newState`) and checkpoint version 3 (`pulumi stack export`). A value that
is only known after an update is one fixed text; a secret is a mapping with one fixed key.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from scanner.declared.model import Location, Unknown
from scanner.declared.textlines import TextLines

_UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""What a preview writes for a value that only an update gives (`pulumi/sdk`, `plugin.UnknownStringValue`)."""
_MARK = "4dabf18193072939515e22adb298388d"
"""The key of a mapping that is no plain value (`resource.SigKey`)."""
_TOKEN = re.compile(r"([\w-]+?)(?:_\w+_(v\d\w*))?:([\w-]+)(?:/([\w-]+))?:(\w+)")
"""`aws:s3/bucket:Bucket`, `azure-native:storage/v20230101:StorageAccount`, and since version 3 of that provider
`azure-native_storage_v20230101:storage:StorageAccount` for an API version that is not its own."""


@dataclasses.dataclass(frozen=True, slots=True)
class Built:
    """One resource of a provider."""

    urn: str
    token: str
    package: str
    """`aws`, `azure-native`, …"""
    service: str
    version: str
    """Of the API, as the token has it: `v20230101`; mostly empty."""
    kind: str
    inputs: Mapping[str, Any]
    """As Pulumi spells them; values known after an update are `Unknown`."""
    outputs: Mapping[str, Any]
    """As the provider answered; read for names only, since an output may be a default that nobody declared."""
    depends: Mapping[str, str]
    """Input to the URN of the one resource that it is taken from."""
    at: Location

    @property
    def address(self) -> str:
        """`aws:s3/bucket:Bucket::cases`, the end of its URN."""
        return "::".join(self.urn.split("::")[-2:])


def read(path: Path, file: str) -> list[Built]:
    """The resources of all providers, in the order of the file. Raises OSError, ValueError."""
    text = path.read_text("utf-8-sig")
    tree = json.loads(text)
    lines = TextLines(text)
    states = _states(tree) if isinstance(tree, dict) else iter(())
    # A replacement is told in several steps; the last is what there will be.
    return list(
        {one.urn: one for state in states if (one := _built(state, file, lines)) is not None}.values()
    )


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


def _built(state: Mapping[str, Any], file: str, lines: TextLines) -> Built | None:
    urn, token = str(state.get("urn", "")), str(state.get("type", ""))
    parts = _TOKEN.fullmatch(token)
    if parts is None or state.get("custom") is False or token.startswith("pulumi:"):
        return None
    package, version, service, module, kind = (part or "" for part in parts.groups())
    depends = {
        str(name): str(urns[0])
        for name, urns in _mapping(state.get("propertyDependencies")).items()
        if isinstance(urns, list) and len(urns) == 1
    }
    return Built(
        urn, token, package, service.lower(), version or module, kind, _plain(_mapping(state.get("inputs"))),
        _mapping(state.get("outputs")), depends, Location(file, lines.of(urn)),
    )  # fmt: skip


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _plain(value: Any) -> Any:
    if value == _UNKNOWN:
        return Unknown("computed after apply")
    if isinstance(value, dict):
        if _MARK in value:
            plain = value.get("plaintext")
            return plain if isinstance(plain, str) else Unknown("a secret, encrypted by Pulumi")
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


def respelled(value: Any, spelled: Callable[[str], str]) -> Any:
    """The value with every key spelled another way."""
    if isinstance(value, Mapping):
        return {spelled(key): respelled(inner, spelled) for key, inner in value.items()}
    return [respelled(item, spelled) for item in value] if isinstance(value, list) else value


def referring(value: Any, make: Callable[[Unknown], Any]) -> Any:
    """The value with what is not known replaced, at any depth."""
    if isinstance(value, Unknown):
        return make(value)
    if isinstance(value, Mapping):
        return {key: referring(inner, make) for key, inner in value.items()}
    return [referring(item, make) for item in value] if isinstance(value, list) else value
