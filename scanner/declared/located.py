"""JSON and YAML read with the line of every key: trees of `Block` and `Items`.

JSON has a reader of its own because templates for Azure may hold comments and strings over several
lines, and because people need to be told what was expected where (RFC 8259; comments and multi-line
strings: "Understand the structure and syntax of ARM templates", Microsoft Learn).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    import yaml

DEEPEST = 200
"""Levels of nesting read; no template needs a tenth, and Python's own stack has an end."""


class Block(dict[str, Any]):
    """A mapping that knows its line and the line of each key (1-based)."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Items(list[Any]):
    """A list that knows its line and the line of each item (1-based)."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int = 0) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


class Broken(Exception):
    """The text does not parse: `line` and `column` (1-based), `what` says what was expected."""

    def __init__(self, line: int, column: int, what: str) -> None:
        self.line, self.column, self.what = line, column, what
        super().__init__(f"line {line}, column {column}: {what}")


def line_paths(node: Any) -> dict[str, int]:
    """Every dotted path in a tree (`spec.ports.0.port`) to its line."""
    found: dict[str, int] = {}
    _line_paths(node, "", found)
    return found


def _line_paths(node: Any, path: str, into: dict[str, int]) -> None:
    if isinstance(node, Block):
        pairs = [(key, value, node.lines.get(key, node.line)) for key, value in node.items()]
    elif isinstance(node, Items):
        pairs = [(str(i), value, node.lines[i]) for i, value in enumerate(node)]
    else:
        return
    for key, value, line in pairs:
        inner = f"{path}.{key}" if path else key
        into[inner] = line
        _line_paths(value, inner, into)


# --- JSON ---------------------------------------------------------------------------------

_SPACE = re.compile(r"(?:[\s\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.S)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.S)
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORD = re.compile(r"[A-Za-z]+")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.S)
_PLAIN = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}


def read_json(text: str) -> Any:
    """The tree of a JSON text, comments and multi-line strings allowed. Raises `Broken`."""
    return _Json(text).document()


class _Json:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0

    def document(self) -> Any:
        self._space()
        value = self._value(0)
        self._space()
        if self._at < len(self._text):
            self._fail("expected the end of the file")
        return value

    def _space(self) -> None:
        match = _SPACE.match(self._text, self._at)
        assert match is not None  # the pattern matches the empty text
        self._at = match.end()

    def _where(self) -> int:
        # Positions only move forward, so that each newline is counted once.
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line

    def _broken(self, what: str) -> Broken:
        column = self._at - self._text.rfind("\n", 0, self._at)
        return Broken(self._text.count("\n", 0, self._at) + 1, column, what)

    def _fail(self, what: str) -> NoReturn:
        raise self._broken(what)

    def _value(self, depth: int) -> Any:
        if depth > DEEPEST:
            self._fail(f"nested deeper than {DEEPEST} levels")
        first = self._text[self._at : self._at + 1]
        if first == "{":
            return self._object(depth)
        if first == "[":
            return self._array(depth)
        if first == '"':
            return self._string()
        if match := _NUMBER.match(self._text, self._at):
            self._at = match.end()
            return float(match[0]) if re.search(r"[.eE]", match[0]) else int(match[0])
        if (match := _WORD.match(self._text, self._at)) and match[0].lower() in _WORDS:
            self._at = match.end()
            return _WORDS[match[0].lower()]
        raise self._broken("expected a value" if first else "expected a value, found the end of the file")

    def _object(self, depth: int) -> Block:
        block = Block(self._where())
        self._at += 1
        self._space()
        while self._text[self._at : self._at + 1] != "}":
            if self._text[self._at : self._at + 1] != '"':
                self._fail("expected a key in quotes or }")
            line = self._where()
            key = self._string()
            self._space()
            if self._text[self._at : self._at + 1] != ":":
                self._fail("expected : after the key")
            self._at += 1
            self._space()
            block[key] = self._value(depth + 1)
            block.lines[key] = line
            self._separator("}")
        self._at += 1
        return block

    def _array(self, depth: int) -> Items:
        items = Items(self._where())
        self._at += 1
        self._space()
        while self._text[self._at : self._at + 1] != "]":
            items.lines.append(self._where())
            items.append(self._value(depth + 1))
            self._separator("]")
        self._at += 1
        return items

    def _separator(self, end: str) -> None:
        self._space()
        following = self._text[self._at : self._at + 1]
        if following == ",":
            self._at += 1
            self._space()
        elif following != end:
            self._fail(f"expected , or {end}")

    def _string(self) -> str:
        match = _STRING.match(self._text, self._at)
        if match is None:
            self._fail("expected the closing quote of a text")
        self._at = match.end()
        body = match[1]
        return _ESCAPE.sub(_unescape, body) if "\\" in body else body


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else _PLAIN.get(code, code)


# --- YAML ---------------------------------------------------------------------------------

Tagged = Callable[[str, Any], Any]
"""What to make of a value with a tag of the language: (`!Sub`, value) to a tree."""


def read_yaml(text: str, tagged: Tagged) -> list[Any]:
    """The trees of all YAML documents of a text. Raises `Broken`."""
    import yaml  # templates in JSON and Bicep need none

    # libyaml's parser is some twenty times faster; wheels have it, a source build may not.
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        nodes = list(yaml.compose_all(text, Loader=loader))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        # libyaml's problems are fixed sentences about the syntax; they quote a character or a tag at most.
        raise Broken(line, column, _expected(error)) from None
    except yaml.YAMLError as error:
        raise Broken(1, 1, f"not valid YAML ({type(error).__name__})") from None
    seen: dict[int, Any] = {}
    documents = [_plain(node, tagged, seen, 0) for node in nodes if node is not None]
    _bounded(nodes, seen)
    return documents


_ALWAYS = 100_000
"""Values to which aliases may always come; beyond that, twenty times what is written."""


def _bounded(nodes: list[Any], seen: dict[int, Any]) -> None:
    """Raise `Broken` where aliases stand for far more than is written: whoever looks at it all would never end."""
    sizes: dict[int, int] = {}

    def size(node: Any) -> int:
        known = sizes.get(id(node))
        if known is None:
            inner = [pair[1] for pair in node.value] if node.id == "mapping" else node.value
            known = sizes[id(node)] = 1 + (0 if node.id == "scalar" else sum(map(size, inner)))
        return known

    for node in nodes:
        if node is not None and size(node) > _ALWAYS + 20 * len(seen):
            raise Broken(node.start_mark.line + 1, 1, "aliases that stand for far more than is written")


def _expected(error: yaml.MarkedYAMLError) -> str:
    problem = (error.problem or "").strip()
    context = (error.context or "").strip()
    if "found undefined alias" in context or "alias" in problem:
        return "expected an anchor for the alias"
    if "cannot start any token" in problem or "tab character" in problem:
        return "expected a value; a tab or another character cannot stand here"
    if "mapping values are not allowed" in problem:
        return "expected a value without a further colon (put it in quotes)"
    if problem.startswith("could not find expected ':'"):
        return "expected : after the key"
    if "did not find expected key" in problem:
        return "expected a key at the same indentation"
    return problem.replace("did not find expected", "expected") or context or "not valid YAML"


def _plain(node: Any, tagged: Tagged, seen: dict[int, Any], depth: int) -> Any:
    if id(node) in seen:  # an alias: one tree for all, or a small file could grow without bound
        return seen[id(node)]
    seen[id(node)] = value = _tree(node, tagged, seen, depth)
    return value


def _tree(node: Any, tagged: Tagged, seen: dict[int, Any], depth: int) -> Any:
    if depth > DEEPEST:
        raise Broken(node.start_mark.line + 1, 1, f"nested deeper than {DEEPEST} levels")
    value: Any
    if node.id == "mapping":
        value = Block(node.start_mark.line + 1)
        merges = []
        for key_node, value_node in node.value:
            if key_node.tag == "tag:yaml.org,2002:merge":
                merges.append(_plain(value_node, tagged, seen, depth + 1))
                continue
            key = str(key_node.value)
            value[key] = _plain(value_node, tagged, seen, depth + 1)
            value.lines[key] = key_node.start_mark.line + 1
        for merged in merges:
            for part in merged if isinstance(merged, list) else [merged]:
                for key in part if isinstance(part, Block) else ():
                    if key not in value:
                        value[key], value.lines[key] = part[key], part.lines[key]
    elif node.id == "sequence":
        value = Items(node.start_mark.line + 1)
        for item in node.value:
            value.append(_plain(item, tagged, seen, depth + 1))
            value.lines.append(item.start_mark.line + 1)
    else:
        value = _scalar(node)
    tag = str(node.tag)
    if tag.startswith("!") and tag != "!":
        wrapped = tagged(tag, value)
        if isinstance(wrapped, Block):
            wrapped.line = wrapped.line or node.start_mark.line + 1
            wrapped.lines = wrapped.lines or dict.fromkeys(wrapped, node.start_mark.line + 1)
        return wrapped
    return value


def _scalar(node: Any) -> Any:
    kind, value = str(node.tag).rpartition(":")[2], node.value
    if kind == "null":
        return None
    if kind == "bool":
        return value.lower() in ("true", "yes", "on")
    if kind == "int":
        try:
            return int(value.replace("_", ""))
        except ValueError:
            return value  # octal, sexagesimal (22:22): texts to the template's own reader too
    if kind == "float":
        try:
            return float(value)
        except ValueError:
            return value
    return value
