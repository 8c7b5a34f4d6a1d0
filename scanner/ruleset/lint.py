"""What an expression may not say, checked on its tokens before CEL sees it.

Refused is what silently turns doubt into an answer (`has()`, `.?`/`orValue`, `!= true`,
`exists_one`, counting or searching holdings) and what a reader cannot check (an undeclared
name, a field that holdings do not have).
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from collections.abc import Sequence
from typing import Literal, cast

from scanner.ruleset.variables import HOLDING_FIELDS, HOLDINGS, VARIABLES

_TOKEN = re.compile(
    r"""
      (?P<comment>//[^\n]*)
    | (?P<text>[rRbB]{0,2}(?:\"\"\"(?:\\.|[^\\])*?\"\"\"|'''(?:\\.|[^\\])*?'''
                |"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))
    | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
    | (?P<number>[0-9][0-9A-Za-z_.]*)
    | (?P<mark>\.\?|\[\?|==|!=|<=|>=|&&|\|\||.)
    """,
    re.VERBOSE | re.DOTALL,
)
_ROOTS = frozenset(name.partition(".")[0] for name in VARIABLES) | {HOLDINGS}
_BANNED_CALLS = {
    "has": "has() answers no where the fact is unknown; name the fact itself",
    "exists_one": "exists_one gives an answer where some members are unknown; use exists or all",
    "filter": "filter drops what is unknown; use exists or all",
    "map": "map hides what is unknown; use exists or all",
    "orValue": "a default stands for an answer nobody gave; name the fact itself",
    "or": "a default stands for an answer nobody gave; name the fact itself",
    "optional": "optional values hide what is unknown; name the fact itself",
    "dyn": "dyn() switches type checking off",
    "type": "type() looks at how a fact is stored, not at the fact",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    start: int
    """Offset in the source."""


@dataclasses.dataclass(frozen=True, slots=True)
class Mistake:
    message: str
    line: int
    """1-based, within the expression."""
    column: int


@dataclasses.dataclass(frozen=True, slots=True)
class Quantified:
    """Where `holdings.exists(h, BODY)` stands; offsets, ends exclusive."""

    kind: Literal["exists", "all"]
    start: int
    end: int
    body_start: int
    body_end: int


def tokens(source: str) -> list[Token]:
    """Names, texts, numbers and marks; comments and spaces left out."""
    found = []
    for match in _TOKEN.finditer(source):
        kind = str(match.lastgroup)
        if kind != "comment" and not match[0].isspace():
            found.append(Token(kind, match[0], match.start()))
    return found


def inputs_of(found: Sequence[Token]) -> tuple[str, ...]:
    """Declared variables named, sorted."""
    return tuple(sorted({name for _, name, _ in _paths(found) if name}))


def quantifiers(found: Sequence[Token]) -> list[Quantified]:
    """Every `holdings.exists(h, …)` and `holdings.all(h, …)`, in order of appearance."""
    return [q for i, _ in _uses_of_holdings(found) if (q := _quantifier(found, i)) is not None]


def check(found: Sequence[Token], source: str, subjects: tuple[str, ...]) -> list[Mistake]:
    """Every mistake, in order of appearance. Empty: CEL's own type check comes next."""
    if not found:
        return [Mistake("an expression is needed", 1, 1)]
    noted: list[tuple[int, str]] = []
    for index, token in enumerate(found):
        noted += [(token.start, message) for message in _refused(found, index)]
    noted += _undeclared(found, subjects)
    noted += _holdings_misused(found)
    return [
        Mistake(message, source.count("\n", 0, at) + 1, at - source.rfind("\n", 0, at))
        for at, message in sorted(set(noted))
    ]


def _refused(found: Sequence[Token], index: int) -> list[str]:
    token = found[index]
    after = found[index + 1].text if index + 1 < len(found) else ""
    before = found[index - 1].text if index else ""
    if token.kind == "name" and after == "(" and token.text in _BANNED_CALLS:
        return [_BANNED_CALLS[token.text]]
    if token.text in (".?", "[?") or (token.text == "optional" and before != "."):
        return [_BANNED_CALLS["optional"]]
    if token.kind == "name" and token.text in ("true", "false", "null") and before != ".":
        return [
            "unknown is neither true, false nor null: compare nothing with a literal, "
            "write the condition itself or put ! before it"
        ]
    return []


def _paths(found: Sequence[Token]) -> list[tuple[int, str, str]]:
    """(offset, declared variable or "", path as written) for each name with a known root."""
    out = []
    for index, token in enumerate(found):
        if token.kind != "name" or token.text not in _ROOTS or token.text == HOLDINGS:
            continue
        if index and found[index - 1].text == ".":
            continue
        steps, at = [token.text], index
        while at + 2 < len(found) and found[at + 1].text == "." and found[at + 2].kind == "name":
            if at + 3 < len(found) and found[at + 3].text == "(":
                break  # a method, not a field
            at += 2
            steps.append(found[at].text)
        declared = next(
            (name for n in range(len(steps), 0, -1) if (name := ".".join(steps[:n])) in VARIABLES), ""
        )
        out.append((token.start, declared, ".".join(steps)))
    return out


def _undeclared(found: Sequence[Token], subjects: tuple[str, ...]) -> list[tuple[int, str]]:
    noted = []
    for at, declared, written in _paths(found):
        if not declared:
            noted.append((at, f"nothing is called {written}{_meant(written, VARIABLES)}"))
            continue
        missing = [s for s in subjects if s not in VARIABLES[declared].subjects]
        if missing:
            noted.append((at, f"{declared} is not known for a {missing[0]}, which this rule applies to"))
    return noted


def _meant(written: str, names: object) -> str:
    close = difflib.get_close_matches(written, list(cast("dict[str, object]", names)), 1, 0.6)
    return f"; did you mean {close[0]}?" if close else ""


def _uses_of_holdings(found: Sequence[Token]) -> list[tuple[int, Token]]:
    return [
        (i, t)
        for i, t in enumerate(found)
        if t.kind == "name" and t.text == HOLDINGS and not (i and found[i - 1].text == ".")
    ]


def _quantifier(found: Sequence[Token], index: int) -> Quantified | None:
    head = [t.text for t in found[index : index + 6]]
    if (
        len(head) < 6
        or head[1] != "."
        or head[2] not in ("exists", "all")
        or head[3] != "("
        or head[5] != ","
    ):
        return None
    depth = 1
    for token in found[index + 6 :]:
        if token.kind == "mark" and token.text in "([{":
            depth += 1
        elif token.kind == "mark" and token.text in ")]}":
            depth -= 1
            if depth == 0:
                kind = cast('Literal["exists", "all"]', head[2])
                return Quantified(
                    kind, found[index].start, token.start + 1, found[index + 5].start + 1, token.start
                )
    return None


def _holdings_misused(found: Sequence[Token]) -> list[tuple[int, str]]:
    noted: list[tuple[int, str]] = []
    inside: list[Quantified] = []
    for index, token in _uses_of_holdings(found):
        if any(q.body_start <= token.start < q.body_end for q in inside):
            noted.append((token.start, "holdings cannot be asked about from within holdings"))
            continue
        quantifier = _quantifier(found, index)
        if quantifier is None:
            noted.append(
                (
                    token.start,
                    "holdings are never known to be complete: ask only holdings.exists(h, …) "
                    "or holdings.all(h, …)",
                )
            )
            continue
        inside.append(quantifier)
        if found[index + 4].text != "h":
            noted.append((found[index + 4].start, "name the holding h"))
    for index, token in enumerate(found):
        if token.kind != "name" or token.text != "h" or (index and found[index - 1].text == "."):
            continue
        if not any(q.start <= token.start < q.end for q in inside):
            continue  # CEL says that it is undeclared
        after = [t.text for t in found[index + 1 : index + 3]]
        if after[:1] == [","] and found[index - 1].text == "(":
            continue  # the declaration itself
        if after[:1] != ["."]:
            noted.append((token.start, "name a field of the holding, such as h.special"))
        elif after[1] not in HOLDING_FIELDS:
            noted.append(
                (token.start, f"holdings have no field {after[1]}{_meant(after[1], HOLDING_FIELDS)}")
            )
    return noted
