"""Bicep's tokens; expressions in texts stay tokens until the reader takes them apart."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from scanner.declared.arm.nodes import Literal
from scanner.declared.located import Broken

_TOKEN = re.compile(
    r"(?P<space>[ \t\ufeff]+|//[^\n]*|/\*.*?\*/|#[^\n]*)"
    r"|(?P<line>\r?\n)"
    r"|(?P<long>'''.*?'''+)"
    r"|(?P<number>\d+)"
    r"|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>\.\.\.|=>|==|!=|=~|!~|<=|>=|&&|\|\||\?\?|::|\.\?|\[\?|[-+*/%<>!?:=.,()\[\]{}@|])",
    re.S,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    line: int
    column: int
    at: int
    parts: tuple[Any, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Pending:
    """The tokens of an expression inside a text."""

    tokens: tuple[Token, ...]


def tokens(text: str, at: int, line: int, inside: bool) -> tuple[list[Token], int, int]:
    """Tokens from `at`; with `inside`, up to the brace that closes an interpolation."""
    found: list[Token] = []
    depth = 0
    while at < len(text):
        column = at - text.rfind("\n", 0, at)
        if text[at] == "'" and not text.startswith("'''", at):
            parts, end, next_line = _string(text, at, line)
            found.append(Token("text", "", line, column, at, parts))
            at, line = end, next_line
            continue
        match = _TOKEN.match(text, at)
        if match is None:
            raise Broken(line, column, "expected a name, a text, a number or a sign")
        kind, word = str(match.lastgroup), match[0]
        if kind == "long":
            body = word[3:-3]
            found.append(
                Token("text", "", line, column, at, (Literal(body.removeprefix("\r").removeprefix("\n")),))
            )
        elif kind != "space":
            if inside and kind == "sign" and word in "{}":
                depth += 1 if word == "{" else -1
                if depth < 0:
                    return found, match.end(), line
            found.append(Token(kind, word, line, column, at))
        line += word.count("\n")
        at = match.end()
    if inside:
        raise Broken(line, 1, "expected } to close the expression in a text")
    return found, at, line


def _string(text: str, start: int, line: int) -> tuple[tuple[Any, ...], int, int]:
    parts: list[Any] = []
    plain: list[str] = []
    at = start + 1
    while at < len(text):
        char = text[at]
        if char == "'":
            if plain or not parts:
                parts.append(Literal("".join(plain)))
            return tuple(parts), at + 1, line
        if char == "\n":
            break
        if char == "\\":
            after = text[at + 1 : at + 2]
            if after == "u" and (match := re.match(r"\\u\{([0-9a-fA-F]{1,6})\}", text[at:])):
                plain.append(chr(min(int(match[1], 16), 0x10FFFF)))
                at += match.end()
            else:
                plain.append(_ESCAPES.get(after, after))
                at += 2
        elif char == "$" and text.startswith("${", at):
            if plain:
                parts.append(Literal("".join(plain)))
                plain = []
            inner, at, line = tokens(text, at + 2, line, True)
            parts.append(Pending(tuple(inner)))
        else:
            plain.append(char)
            at += 1
    raise Broken(line, start - text.rfind("\n", 0, start), "expected ' to close the text")
