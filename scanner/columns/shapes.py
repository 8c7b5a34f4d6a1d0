"""Shapes of values, and which formats a shape can satisfy.

The shape of a value keeps its punctuation and replaces every digit by `9` and every letter
by `A`. A column of a million values has a few dozen shapes, so a format is tried on shapes
first: its regular expression is relaxed to one over shapes, which matches the shape of every
string that the expression matches (and of others too, so nothing is lost).
"""

from __future__ import annotations

import functools
import random
import re
import string
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_TABLE = str.maketrans(
    string.ascii_letters + string.digits, "A" * len(string.ascii_letters) + "9" * len(string.digits)
)
_CLASSES = {sre.CATEGORY_DIGIT: "9", sre.CATEGORY_WORD: "9A_", sre.CATEGORY_SPACE: " \t\n\r\f\v\u00a0"}


def shape_of(value: str) -> str:
    """`AB 12` becomes `AA 99`; letters beyond ASCII become `A` as well."""
    shape = value.translate(_TABLE)
    if not shape.isascii():
        shape = "".join("A" if c.isalpha() else "9" if c.isdigit() else c for c in shape)
    return shape


class _Loose(Exception):
    """Something that has no form over shapes: the format is then tried on every shape."""


def _char(code: int) -> str:
    return shape_of(chr(code))


def _members(items: list[tuple[Any, Any]]) -> str:
    """The characters of a class, over shapes, as the inside of a new class."""
    found: set[str] = set()
    for operation, argument in items:
        if operation is sre.LITERAL:
            found.add(_char(argument))
        elif operation is sre.RANGE:
            low, high = argument
            if high - low > 256:
                raise _Loose
            found.update(_char(code) for code in range(low, high + 1))
        elif operation is sre.CATEGORY and argument in _CLASSES:
            found.update(_CLASSES[argument])
        else:
            raise _Loose
    return "".join(re.escape(c) for c in sorted(found))


def _relax(tokens: Any) -> str:
    parts: list[str] = []
    for operation, argument in tokens:
        if operation is sre.LITERAL:
            parts.append(re.escape(_char(argument)))
        elif operation is sre.NOT_LITERAL or operation is sre.ANY:
            parts.append("(?s:.)")
        elif operation is sre.IN:
            # A negated class excludes single characters, but not the shape they share.
            negated = argument[0][0] is sre.NEGATE
            parts.append("(?s:.)" if negated else f"[{_members(argument)}]")
        elif operation in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            low, high, inner = argument
            upper = "" if high is sre.MAXREPEAT else str(high)
            parts.append(f"(?:{_relax(inner)}){{{low},{upper}}}")
        elif operation is sre.BRANCH:
            parts.append("(?:" + "|".join(_relax(branch) for branch in argument[1]) + ")")
        elif operation is sre.SUBPATTERN:
            parts.append(f"(?:{_relax(argument[3])})")
        elif operation is sre.ATOMIC_GROUP:
            parts.append(f"(?:{_relax(argument)})")
        elif operation is sre.AT:
            continue
        else:
            raise _Loose
    return "".join(parts)


@functools.cache
def relaxed(pattern: str) -> re.Pattern[str] | None:
    """The expression over shapes, or None where every shape must be tried."""
    try:
        return re.compile(_relax(parser.parse(pattern)))
    except _Loose:
        return None


@functools.cache
def lengths(pattern: str) -> tuple[int, int]:
    """Fewest and most characters a match can have."""
    low, high = parser.parse(pattern).getwidth()
    return int(low), int(high)


def scramble(values: list[str], count: int, seed: str) -> list[str]:
    """Random strings built like these values, which all have one shape.

    A position that shows at most two characters among them, or four among twenty (a fixed
    prefix, a year's century, a series letter), keeps what is seen there; every other digit and letter is drawn anew. So what
    these codes have in common is not taken for evidence.
    """
    draw = random.Random(seed)  # noqa: S311 - a simulation, repeatable on purpose
    pools: list[str] = []
    for position, first in enumerate(values[0]):
        seen = {value[position] for value in values}
        if (len(seen) <= 2 and len(values) >= 5) or not first.isalnum():
            pools.append("".join(sorted(seen)))
        elif first.isdigit():
            pools.append(string.digits)
        elif all(c.islower() for c in seen):
            pools.append(string.ascii_lowercase)
        else:
            pools.append(string.ascii_uppercase)
    if not pools:
        return [""] * count
    return ["".join(drawn) for drawn in zip(*(draw.choices(pool, k=count) for pool in pools), strict=True)]
