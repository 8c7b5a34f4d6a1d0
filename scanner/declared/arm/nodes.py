"""Expressions of Azure templates, whether written in JSON (`[concat(...)]`) or in Bicep.

Grammar of the bracketed form: "Syntax and expressions in ARM templates", Microsoft Learn.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from scanner.declared.model import Unknown


@dataclasses.dataclass(frozen=True, slots=True)
class Shown(Unknown):
    """An unknown value that can be written down: `store${uniqueString()}`. Two that are written alike
    in one template are the same, which is what joining needs."""

    shown: str = ""
    target: str = ""
    """Symbolic name or id of the resource referred to, if it is a reference."""


@dataclasses.dataclass(frozen=True, slots=True)
class Literal:
    value: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: tuple[Any, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    of: Any
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class Index:
    of: Any
    by: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    condition: Any
    yes: Any
    no: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Joined:
    """A text with expressions in it."""

    parts: tuple[Any, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Object:
    """Keys, values and lines of a Bicep object; `spread` entries have no key."""

    entries: tuple[tuple[Any, Any, int], ...]
    line: int
    children: tuple[Any, ...] = ()
    """Resources declared inside the object."""


@dataclasses.dataclass(frozen=True, slots=True)
class Array:
    items: tuple[tuple[Any, int], ...]
    line: int


@dataclasses.dataclass(frozen=True, slots=True)
class Loop:
    item: str
    index: str
    over: Any
    body: Any


class NoExpression(ValueError):
    """A bracketed text is no expression."""


_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w-]*)|(?P<sign>[()\[\],.?]))"
)


def parse(text: str) -> Any:
    """The expression inside the brackets of an ARM text. Raises `NoExpression`."""
    tokens: list[tuple[str, str]] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            raise NoExpression(text)
        tokens.append((str(match.lastgroup), match[str(match.lastgroup)]))
        at = match.end()
    reader = _Reader(tokens)
    node = reader.value(0)
    if reader.at != len(tokens):
        raise NoExpression(text)
    return node


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> tuple[str, str]:
        if self.at >= len(self.tokens) or (wanted and self.tokens[self.at][1] != wanted):
            raise NoExpression(wanted)
        self.at += 1
        return self.tokens[self.at - 1]

    def value(self, depth: int) -> Any:
        if depth > 100:
            raise NoExpression("nested too deeply")
        kind, word = self.take()
        node: Any
        if kind == "text":
            node = Literal(word[1:-1].replace("''", "'"))
        elif kind == "number":
            node = Literal(float(word) if "." in word else int(word))
        elif kind == "name" and self.peek() == "(":
            node = Call(word, self._arguments(depth))
        elif kind == "name":
            node = Literal({"true": True, "false": False, "null": None}.get(word.lower(), word))
        elif word == "[":  # what some generators leave: a bracketed expression inside an expression
            node = self.value(depth + 1)
            self.take("]")
        else:
            raise NoExpression(word)
        while self.peek() in (".", "[", "?"):
            if self.peek() == "?":
                self.take()
            elif self.peek() == ".":
                self.take()
                if self.peek() == "?":
                    self.take()
                node = Member(node, self.take()[1])
            else:
                self.take("[")
                node = Index(node, self.value(depth + 1))
                self.take("]")
        return node

    def _arguments(self, depth: int) -> tuple[Any, ...]:
        self.take("(")
        found = []
        while self.peek() != ")":
            found.append(self.value(depth + 1))
            if self.peek() == ",":
                self.take()
            elif self.peek() != ")":
                raise NoExpression(self.peek())
        self.take(")")
        return tuple(found)
