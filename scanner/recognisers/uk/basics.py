"""What every check starts from: the characters that count, sums, calendar days."""

from __future__ import annotations

import datetime as dt
import operator
import re

_NOT_DIGIT = re.compile("[^0-9]+")
_NOT_ALNUM = re.compile(r"[\W_]+")


def bare(value: str) -> str:
    """Letters and digits only, upper case."""
    return _NOT_ALNUM.sub("", value).upper()


def digits(value: str) -> str:
    """Digits only."""
    return value if value.isdecimal() and value.isascii() else _NOT_DIGIT.sub("", value)


def varied(value: str) -> bool:
    """False if all digits are the same or none is there: a filler, never an identifier."""
    return len(set(digits(value))) > 1


def weighted(number: str, weights: range | tuple[int, ...]) -> int:
    """Sum of digit times weight, pairwise."""
    return sum(map(operator.mul, map(int, number), weights))


def real_date(day: int, month: int, year: int) -> bool:
    """True if the calendar has that day."""
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True
