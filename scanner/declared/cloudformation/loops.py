"""`Fn::ForEach` over resources (AWS::LanguageExtensions): the loop's resources, one by one.

Semantics: "Intrinsic function reference: Fn::ForEach", AWS CloudFormation User Guide.
"""

from __future__ import annotations

import re
from typing import Any

from scanner.declared.cloudformation.values import Values
from scanner.declared.located import DEEPEST, Block, Items

_PREFIX = "Fn::ForEach::"
_MOST = 200


def repeated(resources: Block, values: Values, depth: int = 0) -> Block:
    """The resources with every loop replaced by what it makes; a list that is not known makes one."""
    if depth > DEEPEST or not any(key.startswith(_PREFIX) for key in resources):
        return resources
    out = Block(resources.line)
    for key, node in resources.items():
        if not key.startswith(_PREFIX):
            out[key], out.lines[key] = node, resources.lines.get(key, resources.line)
            continue
        if not isinstance(node, list) or len(node) != 3 or not isinstance(node[2], Block):
            continue
        name, items = str(node[0]), values.value(node[1])
        for item in items[:_MOST] if isinstance(items, list) else [name]:
            if isinstance(item, str | int):
                made = repeated(_replaced(node[2], name, str(item), 0), values, depth + 1)
                out.update(made)
                out.lines.update(made.lines)
    return out


def _replaced(node: Any, name: str, item: str, depth: int) -> Any:
    """The node with the loop's variable replaced in keys, texts and references."""
    if depth > DEEPEST:
        return node
    if isinstance(node, str):
        return node.replace("${" + name + "}", item).replace(
            "&{" + name + "}", re.sub(r"[^0-9A-Za-z]", "", item)
        )
    if isinstance(node, Block):
        if len(node) == 1 and node.get("Ref") == name:
            return item
        out = Block(node.line)
        for key, inner in node.items():
            new = _replaced(key, name, item, depth + 1)
            out[new], out.lines[new] = _replaced(inner, name, item, depth + 1), node.lines.get(key, node.line)
        return out
    if isinstance(node, Items):
        items = Items(node.line)
        items.extend(_replaced(inner, name, item, depth + 1) for inner in node)
        items.lines = list(node.lines)
        return items
    return node
