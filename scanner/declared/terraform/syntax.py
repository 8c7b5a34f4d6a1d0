"""HCL and Terraform's JSON syntax to blocks with positions."""

from __future__ import annotations

import dataclasses
import functools
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scanner.declared.terraform.faults import fault

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


@dataclasses.dataclass(frozen=True, slots=True)
class Expression:
    """An expression not yet evaluated: a syntax node, or a value of the JSON syntax."""

    node: Any
    line: int = 0


@dataclasses.dataclass(slots=True)
class Block:
    """`type "label" "label" { … }`."""

    type: str
    labels: tuple[str, ...]
    file: str
    line: int
    end_line: int
    attributes: dict[str, Expression] = dataclasses.field(default_factory=dict)
    blocks: list[Block] = dataclasses.field(default_factory=list)

    def of(self, type: str) -> Iterator[Block]:
        return (block for block in self.blocks if block.type == type)


class SyntaxFault(Exception):
    """A file that does not parse; `line` is where."""

    def __init__(self, line: int, expected: str) -> None:
        self.line, self.expected = line, expected
        super().__init__(f"line {line}: {expected}")


@functools.cache
def _parser() -> Parser:
    import tree_sitter
    import tree_sitter_hcl

    return tree_sitter.Parser(tree_sitter.Language(tree_sitter_hcl.language()))


def _root(source: bytes) -> Node:
    return _parser().parse(source).root_node


def parse(source: bytes, file: str) -> Block:
    """The file as one block without a type. Raises SyntaxFault."""
    if file.endswith(".json"):
        return _parse_json(source, file)
    root = _root(source)
    if root.has_error and (wrong := fault(root, source, _root)) is not None:
        raise SyntaxFault(*wrong)
    whole = Block("", (), file, 1, root.end_point[0] + 1)
    for child in root.children:
        if child.type == "body":
            _fill(whole, child, file)
    return whole


def template(text: str) -> Any:
    """The expression of a template given as plain text (JSON syntax, template files)."""
    source = ("x = <<DPSCANTEMPLATE\n" + text + "\nDPSCANTEMPLATE\n").encode()
    root = _parser().parse(source).root_node
    for body in root.children:
        for attribute in body.children:
            if attribute.type == "attribute" and not root.has_error:
                return attribute.children[2]
    return None


def text_of(node: Node) -> str:
    return (node.text or b"").decode("utf-8", "replace")


def _fill(block: Block, body: Node, file: str) -> None:
    for child in body.children:
        if child.type == "attribute":
            name, value = text_of(child.children[0]), child.children[2]
            block.attributes[name] = Expression(value, child.start_point[0] + 1)
        elif child.type == "block":
            block.blocks.append(_block(child, file))


def _block(node: Node, file: str) -> Block:
    children = node.children
    labels = []
    inner = None
    for child in children[1:]:
        if child.type == "string_lit":
            labels.append(text_of(child).strip('"'))
        elif child.type == "identifier":
            labels.append(text_of(child))
        elif child.type == "body":
            inner = child
    made = Block(text_of(children[0]), tuple(labels), file, node.start_point[0] + 1, node.end_point[0] + 1)
    if inner is not None:
        _fill(made, inner, file)
    return made


# --- JSON syntax ------------------------------------------------------------------

TOO_DEEP = "expected fewer brackets within brackets"
_LABELS = {"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1}


def _parse_json(source: bytes, file: str) -> Block:
    try:
        data = json.loads(source)
    except ValueError as error:
        raise SyntaxFault(*json_fault(source, error)) from None
    except RecursionError:
        raise SyntaxFault(1, TOO_DEEP) from None
    whole = Block("", (), file, 1, source.count(b"\n") + 1)
    if not isinstance(data, dict):
        raise SyntaxFault(1, "expected an object: {")
    text = source.decode("utf-8", "replace")
    for kind, content in data.items():
        for labels, body in _labelled(content, _LABELS.get(kind, 0)):
            line = _line_of(text, labels[-1] if labels else kind)
            block = Block(kind, labels, file, line, line)
            for name, value in body.items():
                block.attributes[name] = Expression(value, line)
            whole.blocks.append(block)
    return whole


def json_fault(source: bytes, error: ValueError) -> tuple[int, str]:
    """(line, what was expected) where a text is not JSON."""
    from scanner.declared.located import Broken, read_json

    try:
        read_json(source.decode("utf-8-sig", "replace"))
    except Broken as broken:
        return broken.line, broken.what
    return getattr(error, "lineno", 1), "expected JSON without comments"


def _labelled(content: Any, depth: int) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    if isinstance(content, list):
        for item in content:
            yield from _labelled(item, depth)
    elif isinstance(content, dict):
        if depth == 0:
            yield (), content
            return
        for name, inner in content.items():
            for labels, body in _labelled(inner, depth - 1):
                yield (name, *labels), body


def _line_of(text: str, name: str) -> int:
    at = text.find(json.dumps(name))
    return text.count("\n", 0, at) + 1 if at >= 0 else 1
