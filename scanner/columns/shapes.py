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
from collections.abc import Sequence
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import numpy.typing as npt

_TABLE = str.maketrans(
    string.ascii_letters + string.digits, "A" * len(string.ascii_letters) + "9" * len(string.digits)
)
LONGEST = 128
"""Characters beyond which a value is no code."""
_CLASSES = {sre.CATEGORY_DIGIT: "9", sre.CATEGORY_WORD: "9A_", sre.CATEGORY_SPACE: " \t\n\r\f\v\u00a0"}


def shape_of(value: str) -> str:
    """`AB 12` becomes `AA 99`; letters beyond ASCII become `A` as well."""
    shape = value.translate(_TABLE)
    if not shape.isascii():
        shape = "".join("A" if c.isalpha() else "9" if c.isdigit() else c for c in shape)
    return shape


def by_shape(values: Sequence[str]) -> dict[str, list[str]]:
    """Shape to the values (of up to 128 characters) that have it."""
    found: dict[str, list[str]] = {}
    if not values:
        return found
    together = "\0".join(values).translate(_TABLE)
    shapes = together.split("\0")
    if not together.isascii() or len(shapes) != len(values):
        shapes = [shape_of(value) for value in values]
    if len(set(shapes)) == 1:
        return {shapes[0]: list(values)} if len(shapes[0]) <= LONGEST else found
    for shape, value in zip(shapes, values, strict=True):
        if len(shape) <= LONGEST:
            if shape in found:
                found[shape].append(value)
            else:
                found[shape] = [value]
    return found


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


def pools(values: Sequence[str]) -> tuple[str, ...]:
    """The characters that random strings built like these values (all of one shape) draw from, by position.

    A position that shows at most two characters among them (a fixed prefix, a year's century,
    a series letter) keeps what is seen there; every other digit and letter is drawn anew. So
    what these codes have in common is not taken for evidence.
    """
    found: list[str] = []
    enough = len(values) >= 5
    for column in zip(*values, strict=True):
        first, seen = column[0], set(column)
        if (enough and len(seen) <= 2) or not first.isalnum():
            found.append("".join(sorted(seen)))
        elif first.isdigit():
            found.append(string.digits)
        elif all(c.islower() for c in seen):
            found.append(string.ascii_lowercase)
        else:
            found.append(string.ascii_uppercase)
    return tuple(found)


def draw(build: tuple[str, ...], count: int, seed: str) -> list[str]:
    """Random strings from such pools; the same for the same seed."""
    if not build:
        return [""] * count
    chances = _chances(len(build), count, seed)
    sizes = np.array([len(pool) for pool in build], dtype=np.float64)
    places = np.floor(chances * sizes[:, None]).astype(np.int64)
    rows = [
        np.array(list(map(ord, pool)), dtype=np.uint32)[at] for pool, at in zip(build, places, strict=True)
    ]
    drawn = np.ascontiguousarray(np.stack(rows, axis=1)).tobytes().decode("utf-32-le", "surrogatepass")
    width = len(build)
    return [drawn[start : start + width] for start in range(0, len(drawn), width)]


@functools.lru_cache(maxsize=128)
def _chances(width: int, count: int, seed: str) -> npt.NDArray[np.float64]:
    """So many numbers from 0 to 1 for each character; the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - a simulation, repeatable on purpose
    # NumPy's older generator continues Python's own sequence: `random.choices`, many at once.
    _, state, _ = source.getstate()
    twister = np.random.RandomState()
    twister.set_state(("MT19937", np.array(state[:-1], dtype=np.uint32), state[-1], 0, 0.0))
    return twister.random_sample((width, count))
