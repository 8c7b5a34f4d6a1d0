"""Plain values written as YAML, JSON and Bicep, one setting a line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z][\w/.-]*(?:::?[\w-]+)*")
_NAME = re.compile(r"[A-Za-z_]\w*")
_WORDS = ("true", "false", "yes", "no", "on", "off", "null", "y", "n")
_INTRINSICS = {"Ref": "!Ref", "Fn::Sub": "!Sub", "Fn::GetAtt": "!GetAtt"}


def as_yaml(value: Mapping[str, Any]) -> list[str]:
    """A mapping as lines, intrinsics of CloudFormation in their short form."""
    out: list[str] = []
    for key, item in value.items():
        scalar = _yaml_scalar(item)
        if scalar is not None:
            out.append(f"{_yaml_text(key)}: {scalar}")
        else:
            out += [f"{_yaml_text(key)}:", *(f"  {line}" for line in _yaml_lines(item))]
    return out


def _yaml_lines(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return as_yaml(value)
    out: list[str] = []
    for item in value:
        scalar = _yaml_scalar(item)
        inner = [scalar] if scalar is not None else _yaml_lines(item)
        out += [f"{'- ' if not n else '  '}{line}" for n, line in enumerate(inner)]
    return out


def _yaml_scalar(value: Any) -> str | None:
    """The value on one line; None if it needs several."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _yaml_text(value)
    if isinstance(value, Mapping) and len(value) == 1 and (name := next(iter(value))) in _INTRINSICS:
        inner = value[name]
        text = ".".join(inner) if isinstance(inner, list) else inner
        return f"{_INTRINSICS[name]} {_yaml_text(text)}"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return f"[{', '.join(_yaml_text(item) for item in value)}]"
    return None


def _yaml_text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.lower() not in _WORDS and ": " not in text
    return text if plain else json.dumps(text, ensure_ascii=False)


def as_json(value: Mapping[str, Any]) -> list[str]:
    """The entries of an object as lines, with commas between them."""
    return [line[2:] for line in json.dumps(value, indent=2, ensure_ascii=False).split("\n")[1:-1]]


def as_bicep(value: Mapping[str, Any]) -> list[str]:
    """The entries of an object as lines."""
    out: list[str] = []
    for key, item in value.items():
        name = key if _NAME.fullmatch(key) else _bicep_text(key)
        first, *rest = _bicep(item)
        out += [f"{name}: {first}", *rest]
    return out


def _bicep(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return ["{", *(f"  {line}" for line in as_bicep(value)), "}"]
    if isinstance(value, list):
        return ["[", *(f"  {line}" for item in value for line in _bicep(item)), "]"]
    if isinstance(value, bool):
        return ["true" if value else "false"]
    return [str(value)] if isinstance(value, int) else [_bicep_text(value)]


def _bicep_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("${", "\\${") + "'"
