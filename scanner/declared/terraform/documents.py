"""`data "aws_iam_policy_document"` to the JSON text that it stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.decode import decoded
from scanner.declared.terraform.values import encode, to_text


def policy(values: Mapping[str, Any]) -> Any:
    """The document, as text with unknown parts marked; Unknown where its statements are."""
    statements: list[Any] = []
    for name in ("source_json", "source_policy_documents", "override_policy_documents", "override_json"):
        for given in _list(values.get(name)):
            other = decoded(given)
            if isinstance(other, Unknown):
                return other
            if isinstance(other, dict):
                statements += _list(other.get("Statement"))
    blocks = values.get("statement")
    if isinstance(blocks, Unknown):
        return blocks
    statements += [_statement(block) for block in _list(blocks)]
    return encode({"Version": to_text(values.get("version") or "2012-10-17"), "Statement": statements})


def _statement(block: Mapping[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {"Effect": block.get("effect") or "Allow"}
    for field, name in (("sid", "Sid"), ("actions", "Action"), ("not_actions", "NotAction"),
                        ("resources", "Resource"), ("not_resources", "NotResource")):  # fmt: skip
        if field in block and block[field] is not None:
            out[name] = block[field]
    for field, name in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        if field in block:
            out[name] = _principals(block[field])
    if "condition" in block:
        condition: dict[str, Any] = {}
        for one in _list(block["condition"]):
            if isinstance(one, dict):
                test, variable = to_text(one.get("test")), to_text(one.get("variable"))
                condition.setdefault(test, {})[variable] = one.get("values")
        out["Condition"] = condition
    return out


def _principals(blocks: Any) -> Any:
    out: dict[str, Any] = {}
    for block in _list(blocks):
        if not isinstance(block, dict):
            return to_text(block)
        kind, names = to_text(block.get("type")), block.get("identifiers")
        if kind == "*":
            return "*"
        out[kind] = (out.get(kind) or []) + (names if isinstance(names, list) else [names])
    return out


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
