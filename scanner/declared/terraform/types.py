"""Type constraints of variables, as far as they bring values: the defaults of `optional(type, default)`.

https://developer.hashicorp.com/terraform/language/expressions/type-constraints#optional-object-type-attributes
"""

from __future__ import annotations

from typing import Any

from scanner.declared.model import Unknown
from scanner.declared.terraform.evaluate import evaluate
from scanner.declared.terraform.scope import Scope
from scanner.declared.terraform.syntax import text_of


def completed(value: Any, constraint: Any, scope: Scope) -> Any:
    """The value with the defaults of every optional attribute that it leaves out."""
    call = _call(constraint)
    if call is None or isinstance(value, Unknown) or value is None:
        return value
    name, arguments = call
    if name == "optional":
        return completed(value, arguments[0], scope) if arguments else value
    if name == "object" and isinstance(value, dict) and arguments:
        return _object(value, arguments[0], scope)
    if name in ("list", "set") and isinstance(value, list) and arguments:
        return [completed(item, arguments[0], scope) for item in value]
    if name == "map" and isinstance(value, dict) and arguments:
        return {key: completed(item, arguments[0], scope) for key, item in value.items()}
    return value


def _object(value: dict[str, Any], node: Any, scope: Scope) -> dict[str, Any]:
    out = dict(value)
    for name, constraint in _elements(node):
        call = _call(constraint)
        if out.get(name) is None and call is not None and call[0] == "optional":
            default = evaluate(call[1][1], scope) if len(call[1]) > 1 else None
            out[name] = completed(default, call[1][0], scope) if call[1] else default
        elif name in out:
            out[name] = completed(out[name], constraint, scope)
    return out


def _elements(node: Any) -> list[tuple[str, Any]]:
    inner = _inner(node)
    if getattr(inner, "type", "") == "collection_value":
        inner = inner.children[0]
    found = []
    for element in inner.children if getattr(inner, "type", "") == "object" else ():
        if element.type == "object_elem":
            key, value = [c for c in element.children if c.type == "expression"][:2]
            found.append((text_of(key).strip('"'), value))
    return found


def _call(node: Any) -> tuple[str, list[Any]] | None:
    inner = _inner(node)
    if getattr(inner, "type", "") != "function_call":
        return None
    arguments = [c for part in inner.children if part.type == "function_arguments"
                 for c in part.children if c.type == "expression"]  # fmt: skip
    return text_of(inner.children[0]), arguments


def _inner(node: Any) -> Any:
    while getattr(node, "type", "") == "expression" and len(node.children) == 1:
        node = node.children[0]
    return node
