"""The JSON schema of report.json, made from the model and its comments.

python -m scanner.reporters.json_schema > docs/report.schema.json
"""

from __future__ import annotations

import ast
import dataclasses
import datetime as dt
import enum
import inspect
import json
import sys
import types
import typing
from collections.abc import Mapping
from typing import Any

from scanner import model
from scanner.reporters.causes import Cause
from scanner.reporters.json import SCHEMA_VERSION

_LEFT_OUT = {"FindingHistory": ("finding", "fingerprint")}
_MORE: dict[str, dict[str, Any]] = {
    "Finding": {
        "where": {"type": "string", "description": "The place as one line for people."},
        "history": {
            "description": "Where the finding stands over time; null for answers that never failed.",
            "anyOf": [{"$ref": "#/$defs/FindingHistory"}, {"type": "null"}],
        },
    },
    "Holding": {"where": {"type": "string", "description": "The place as one line for people."}},
    "Coverage": {
        "stores_share": {"type": ["number", "null"], "description": "Stores covered ÷ stores enumerated."},
        "bytes_share": {"type": ["number", "null"], "description": "Bytes covered ÷ bytes there are."},
    },
}
_PLACE = {
    "type": "array",
    "description": "Steps of [kind, name], outermost first; empty for the whole store. Names are reduced.",
    "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
}


def schema() -> dict[str, Any]:
    """The schema (draft 2020-12)."""
    making = _Making()
    lists = {
        "findings": (model.Finding, "Every answer of this run: fail, unknown and pass, sorted by rule and subject."),
        "earlier_findings": (model.Finding, "Findings of earlier runs without an answer now: still open, or just closed."),
        "unknowns_by_cause": (Cause, "What could not be told, one entry per cause, with the rules it blocks."),
        "gaps": (model.Gap, "Everything that was not read or not seen."),
        "holdings": (model.Holding, "Places that hold personal data."),
        "summaries": (model.StoreSummary, "One per store, always."),
        "scopes": (model.Scope, "Accounts, servers, … that were enumerated."),
        "stores": (model.Store, "Stores that were seen."),
        "evidence": (model.Evidence, "What is known of safeguards."),
    }  # fmt: skip
    properties: dict[str, Any] = {
        "schema_version": {"const": SCHEMA_VERSION},
        "tool": {
            "type": "object",
            "properties": {"name": {"const": "dpscan"}, "version": {"type": "string"}},
            "required": ["name", "version"],
            "additionalProperties": False,
        },
        "run": making.of(model.Run),
        "exit_code": {"type": "integer", "enum": [0, 1, 3], "description": "What the program ended with."},
        "exit_reasons": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Why, a sentence each.",
        },
        "coverage": making.of(model.Coverage),
        **{
            name: {"type": "array", "items": making.of(kind), "description": about}
            for name, (kind, about) in lists.items()
        },
        "context": making.of(model.Context),
    }
    making.of(model.FindingHistory)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "dpscan report",
        "description": "What one run of dpscan found. Holds counts, shapes and names; never a value.",
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
        "$defs": dict(sorted(making.definitions.items())),
    }


class _Making:
    def __init__(self) -> None:
        self.definitions: dict[str, Any] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of one type, as `model.codec` writes it."""
        simple = _simple(kind)
        if simple is not None:
            return simple
        if dataclasses.is_dataclass(kind):
            return self._record(kind)
        if isinstance(kind, type) and issubclass(kind, enum.IntEnum):
            return self._named(kind, {"enum": [member.name for member in kind]})
        if isinstance(kind, type) and issubclass(kind, enum.Enum):
            return self._named(kind, {"enum": [member.value for member in kind]})
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin in (types.UnionType, typing.Union):
            return {"anyOf": [self.of(argument) for argument in arguments]}
        if origin is Mapping and arguments[0] is str:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        assert origin is tuple and arguments[1] is Ellipsis, kind
        return {"type": "array", "items": self.of(arguments[0])}

    def _named(self, kind: type, body: dict[str, Any]) -> dict[str, Any]:
        self.definitions[kind.__name__] = {"description": _about(kind), **body}
        return {"$ref": f"#/$defs/{kind.__name__}"}

    def _record(self, kind: Any) -> dict[str, Any]:
        name = kind.__name__
        if name in self.definitions:
            return {"$ref": f"#/$defs/{name}"}
        if kind is model.Place:
            return self._named(kind, _PLACE)
        self.definitions[name] = {}
        hints, comments = typing.get_type_hints(kind), _comments(kind)
        properties: dict[str, Any] = {}
        for field in dataclasses.fields(kind):
            if field.name not in _LEFT_OUT.get(name, ()):
                about = {"description": comments[field.name]} if field.name in comments else {}
                properties[field.name] = self.of(hints[field.name]) | about
        properties |= _MORE.get(name, {})
        return self._named(
            kind,
            {
                "type": "object",
                "properties": properties,
                "required": list(properties),
                "additionalProperties": False,
            },
        )


def _simple(kind: Any) -> dict[str, Any] | None:
    return {
        str: {"type": "string"},
        bool: {"type": "boolean"},
        int: {"type": "integer"},
        float: {"type": "number"},
        type(None): {"type": "null"},
        dt.datetime: {"type": "string", "format": "date-time"},
        dt.date: {"type": "string", "format": "date"},
    }.get(kind)


def _about(kind: type) -> str:
    return inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _comments(kind: type) -> dict[str, str]:
    """Field to the comment string under it."""
    body = ast.parse(inspect.cleandoc("\n" + inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, comment in zip(body.body, body.body[1:], strict=False):
        if (
            isinstance(field, ast.AnnAssign)
            and isinstance(field.target, ast.Name)
            and isinstance(comment, ast.Expr)
            and isinstance(comment.value, ast.Constant)
        ):
            found[field.target.id] = " ".join(str(comment.value.value).split())
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")
