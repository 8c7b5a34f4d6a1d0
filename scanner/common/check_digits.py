"""Check digits in common use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

_NOT_ALNUM = re.compile(r"[\W_]+")


def luhn(number: str) -> bool:
    """ISO/IEC 7812-1 check digit. `number`: decimal digits only."""
    total = 0
    for i, c in enumerate(reversed(number)):
        d = int(c)
        if i % 2:
            d = d * 2 - 9 if d > 4 else d * 2
        total += d
    return total % 10 == 0


_D = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 3, 4, 0, 6, 7, 8, 9, 5), (2, 3, 4, 0, 1, 7, 8, 9, 5, 6), (3, 4, 0, 1, 2, 8, 9, 5, 6, 7),
      (4, 0, 1, 2, 3, 9, 5, 6, 7, 8), (5, 9, 8, 7, 6, 0, 4, 3, 2, 1), (6, 5, 9, 8, 7, 1, 0, 4, 3, 2), (7, 6, 5, 9, 8, 2, 1, 0, 4, 3),
      (8, 7, 6, 5, 9, 3, 2, 1, 0, 4), (9, 8, 7, 6, 5, 4, 3, 2, 1, 0))  # fmt: skip
_P = ((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 5, 7, 6, 2, 8, 3, 0, 9, 4), (5, 8, 0, 3, 7, 9, 6, 1, 4, 2), (8, 9, 1, 6, 0, 4, 3, 5, 2, 7),
      (9, 4, 5, 3, 1, 2, 6, 8, 7, 0), (4, 2, 8, 6, 5, 7, 3, 9, 0, 1), (2, 7, 9, 3, 8, 0, 6, 4, 1, 5), (7, 0, 4, 6, 9, 1, 3, 2, 5, 8))  # fmt: skip


def verhoeff(number: str) -> bool:
    """True if the last of the digits is right. `number`: decimal digits only."""
    check = 0
    for i, digit in enumerate(reversed(number)):
        check = _D[check][_P[i % 8][int(digit)]]
    return check == 0


def mod97(value: str) -> bool:
    """ISO/IEC 7064 MOD 97-10, letters as 10 to 35: the whole is 1 modulo 97. Marks and blanks are left out."""
    text = _NOT_ALNUM.sub("", value).upper()
    return bool(text) and text.isascii() and int("".join(str(int(c, 36)) for c in text)) % 97 == 1


def _varied(number: str) -> bool:
    return len(set(number)) > 1


def _digits(value: str) -> str:
    return "".join(c for c in value if "0" <= c <= "9")


def weighted(weights: tuple[int, ...], modulus: int, remainder: int) -> Callable[[str], bool]:
    """A check: the sum of digit times weight leaves `remainder` modulo `modulus`; as many digits as weights."""

    def check(value: str) -> bool:
        number = _digits(value)
        if len(number) != len(weights) or not _varied(number):
            return False
        return sum(int(d) * w for d, w in zip(number, weights, strict=True)) % modulus == remainder

    return check


NAMED: Mapping[str, tuple[Callable[[str], bool], float]] = {
    "luhn": (lambda value: _varied(_digits(value)) and luhn(_digits(value)), 0.1),
    "verhoeff": (lambda value: _varied(_digits(value)) and verhoeff(_digits(value)), 0.1),
    "mod97": (mod97, 1 / 97),
    "varied": (lambda value: _varied(_digits(value)), 1.0),
}
"""Name to a check of a value as it is written, and to the share of random numbers that pass it. `varied` only
refuses fillers such as 00000000."""
