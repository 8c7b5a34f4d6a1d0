"""What was expected where a text is not HCL, in words that say what to type.

Tree-sitter repairs what it cannot read: a sign that it had to add says what is missing; where it gave up, the
first line up to which nothing can be read is looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

_COLON = re.compile(r"^\s*[\w-]+\s*:(?!:)")
_NO_VALUE = re.compile(r"^\s*([\w-]+)\s*=\s*$")
_NAME_AND_TEXT = re.compile(r'^\s*[\w-]+\s+"[^"]*"\s*$')
_EXPECTED = 'expected an argument (name = value) or a block (type "name" {)'


def fault(root: Node, source: bytes, parse: Callable[[bytes], Node]) -> tuple[int, str] | None:
    """(line, what was expected), 1-based; None if all of it can be read."""
    bad = _first(root)
    if bad is None:
        return None
    if bad.is_missing:
        return _missing(bad, source)
    return _gave_up(bad, source, parse)


def _first(node: Node) -> Node | None:
    if node.type == "ERROR" or node.is_missing:
        return node
    for child in node.children:
        if child.has_error or child.is_missing:
            found = _first(child)
            if found is not None:
                return found
    return None


def _missing(node: Node, source: bytes) -> tuple[int, str]:
    opened = _around(node)
    begun = opened.start_point[0] + 1
    if node.type == "{":
        return begun, f"expected = or {{ after {_word(opened)}"
    if "quoted" in node.type or node.type == "string_lit":
        return begun, f"expected the quote that closes the text begun in line {begun}"
    if "heredoc" in node.type:
        return begun, f"expected the word that ends the text begun in line {begun}, alone on its line"
    if len(node.type) > 2:  # a name, a number: the value itself is not there
        before = source[: node.start_byte].rstrip()
        line = before.rpartition(b"\n")[2].decode("utf-8", "replace")
        return before.count(b"\n") + 1, _said(line)
    sign = node.type
    return node.start_point[0] + 1, f"expected {sign} for what was begun in line {begun}"


def _around(node: Node) -> Node:
    """The construct that the missing sign belongs to."""
    kinds = (
        "block",
        "tuple",
        "object",
        "function_call",
        "template",
        "literal_value",
        "string_lit",
        "heredoc_template",
    )
    here = node
    while here.parent is not None:
        here = here.parent
        if here.type in kinds:
            return here
    return node.parent or node


def _word(node: Node) -> str:
    """A block's type or an argument's name: what stands before the missing sign."""
    first = node.children[0] if node.children else node
    return (first.text or b"").decode("utf-8", "replace") if first.type == "identifier" else "the name"


def _gave_up(bad: Node, source: bytes, parse: Callable[[bytes], Node]) -> tuple[int, str]:
    lines = source.split(b"\n")
    low, high = bad.start_point[0], min(bad.end_point[0], len(lines) - 1)
    while low < high:
        middle = (low + high) // 2
        if _error(parse(b"\n".join(lines[: middle + 1]) + b"\n")):
            high = middle
        else:
            low = middle + 1
    return low + 1, _said(lines[low].decode("utf-8", "replace"))


def _error(node: Node) -> bool:
    return node.type == "ERROR" or any(_error(child) for child in node.children if child.has_error)


def _said(line: str) -> str:
    text = line.strip()
    if match := _NO_VALUE.match(line):
        return f"expected a value after {match[1]} ="
    if _COLON.match(line):
        return "expected = after the name, not a colon"
    if len(re.findall(r'(?<!\\)"', text)) % 2:
        return "expected the quote that closes the text"
    if text and text[-1] in "+-*/%&|<=>?(":
        return f"expected a value after {text[-1]}"
    if _NAME_AND_TEXT.match(line):
        return "expected = or { after the name"
    if text.endswith((",", ";")):
        return f"expected the end of the line, not {text[-1]}"
    if text[:1] in ("}", "]", ")"):
        return f"expected another block or the end of the file: this {text[0]} closes nothing"
    return _EXPECTED
