"""Dates as spreadsheets write them. A British locale writes the day first.

A file saved under an American locale writes the month first, and most of its dates read
just as well the other way round. Which it is is told by the file itself: by dates that
only read one way, and by columns whose dates are known because people do not edit them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_NUMBERS = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?: 0?0:00(?::00)?)?")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]([A-Za-z]{3,9})\.?,?[ \-](\d{4}|\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?")
_EPOCH = dt.date(1899, 12, 30)
"""Day 0 of the spreadsheets' own numbering (ECMA-376, 18.17.4.1, the 1900 date system)."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip


def read(text: str, month_first: bool = False) -> dt.date | None:
    """The date a cell says; None if it says none."""
    text = " ".join(text.split()).removeprefix("'").strip()
    if match := _ISO.fullmatch(text):
        return _date(int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMBERS.fullmatch(text):
        day, month = (match[2], match[1]) if month_first else (match[1], match[2])
        return _date(_year(match[3]), int(month), int(day))
    if match := _WORDS.fullmatch(text):
        name = match[2].lower()
        number = _month(name)
        return _date(_year(match[3]), number, int(match[1])) if number else None
    if match := _SERIAL.fullmatch(text):
        serial = int(match[1])
        # 1982 to 2119; other five-digit numbers are not meant as dates.
        return _EPOCH + dt.timedelta(days=serial) if 30_000 <= serial <= 80_000 else None
    return None


def _month(name: str) -> int:
    if name in _FULL:
        return _FULL.index(name) + 1
    return _MONTHS.index(name[:3]) + 1 if name[:3] in _MONTHS and name in (name[:3], "sept") else 0


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def month_first(known: Iterable[tuple[str, dt.date]], others: Iterable[str]) -> bool | None:
    """Whether a file writes the month first; None if it contradicts itself.

    `known`: cells whose date is known from elsewhere. `others`: further date cells.
    A file that gives no hint is read day first.
    """
    hints = set()
    for text, truth in known:
        day, month = read(text), read(text, month_first=True)
        if day != month and truth in (day, month):
            hints.add(month == truth)
    for text in others:
        day, month = read(text), read(text, month_first=True)
        if (day is None) != (month is None):
            hints.add(day is None)
    if len(hints) > 1:
        return None
    return hints.pop() if hints else False
