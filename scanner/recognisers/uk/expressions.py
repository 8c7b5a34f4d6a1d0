"""What every match of a format's expression looks like, read off the expression itself.

Used to try at each place only the formats that can begin there, and to leave alone texts with
too few digits. Both may only err towards trying.
"""

from __future__ import annotations

from collections.abc import Iterable
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

LONGEST = 40
"""Digits beyond which runs are not told apart."""
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_AROUND = (sre.ASSERT, sre.ASSERT_NOT, sre.AT)
_Opening = tuple[int, int, bool]
"""Letters, digits after them, and whether anything else has followed the digits."""


def fewest_digits(pattern: str) -> int:
    """How many digits every match of an expression has at least."""
    return _digits(parser.parse(pattern))


def openings(pattern: str) -> frozenset[tuple[int, int]]:
    """With how many letters, and how many digits after them, matches of an expression can begin.

    What stands between the letters and the digits is not counted. A format that is followed by
    neither letter nor digit can match only where the text's own letters and run of digits are so many.
    """
    return frozenset(
        (letters, digits) for letters, digits, _ in _after({(0, 0, False)}, parser.parse(pattern))
    )


def _digits(tokens: Any) -> int:
    total = 0
    for operation, argument in tokens:
        if operation is sre.LITERAL:
            total += chr(argument) in "0123456789"
        elif operation is sre.IN:
            total += _kinds(argument) == {"digit"}
        elif operation in _REPEATS:
            total += int(argument[0]) * _digits(argument[2])
        elif operation is sre.BRANCH:
            total += min(map(_digits, argument[1]))
        elif operation is sre.SUBPATTERN:
            total += _digits(argument[3])
        elif operation is sre.ATOMIC_GROUP:
            total += _digits(argument)
    return total


def _kinds(items: Iterable[tuple[Any, Any]]) -> set[str]:
    """Which of letters, digits and others a set of characters has."""
    kinds: set[str] = set()
    for operation, argument in items:
        if operation is sre.LITERAL:
            kinds.add(_kind(chr(argument)))
        elif operation is sre.RANGE and argument[1] - argument[0] < 128:
            kinds.update(_kind(chr(code)) for code in range(argument[0], argument[1] + 1))
        elif operation is sre.CATEGORY and argument is sre.CATEGORY_DIGIT:
            kinds.add("digit")
        else:
            kinds.update(("letter", "digit", "other"))
    return kinds


def _kind(character: str) -> str:
    return "digit" if character in "0123456789" else "letter" if character.isalpha() else "other"


def _after(begun: set[_Opening], tokens: Any) -> set[_Opening]:
    """The openings of what has begun in these ways and goes on with the tokens."""
    for operation, argument in tokens:
        if operation in _AROUND:
            continue
        if operation is sre.SUBPATTERN:
            begun = _after(begun, argument[3])
        elif operation is sre.ATOMIC_GROUP:
            begun = _after(begun, argument)
        elif operation is sre.BRANCH:
            begun = set().union(*(_after(begun, branch) for branch in argument[1]))
        elif operation in _REPEATS:
            begun = _repeated(begun, int(argument[0]), int(argument[1]), argument[2])
        elif operation is sre.LITERAL:
            begun = _with(begun, {_kind(chr(argument))})
        elif operation is sre.IN:
            begun = _with(begun, _kinds(argument))
        else:
            begun = _with(begun, {"letter", "digit", "other"})
    return begun


def _repeated(begun: set[_Opening], least: int, most: int, tokens: Any) -> set[_Opening]:
    out = set(begun) if least == 0 else set()
    for time in range(1, min(most, LONGEST) + 1):
        further = _after(begun, tokens)
        if further == begun:
            return out | further
        begun = further
        if time >= least:
            out |= begun
    return out


def _with(begun: set[_Opening], kinds: set[str]) -> set[_Opening]:
    out: set[_Opening] = set()
    for letters, digits, closed in begun:
        if closed:
            out.add((letters, digits, True))
            continue
        if "digit" in kinds:
            out.add((letters, min(digits + 1, LONGEST), False))
        if "letter" in kinds:
            out.add((letters, digits, True) if digits else (letters + 1, 0, False))
        if "other" in kinds:
            out.add((letters, digits, bool(digits)))
    return out
