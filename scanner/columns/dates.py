"""Dates in columns: birthdays against all other dates."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections import Counter
from collections.abc import Sequence

_MONTHS = {m: i for i, m in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_NUMERIC = re.compile(
    r"(\d{1,4})[/.\- ](\d{1,2})[/.\- ](\d{1,4})(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
)
_NAMED = re.compile(
    r"(?:[a-z]{3,9},? )?(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ /.\-]?([a-z]{3,9})\.?,?[ /.\-]?(\d{4}|\d{2})(?:[T ]\d{1,2}:\d{2}.*)?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})", re.IGNORECASE)
_CLOCK = re.compile(r"[T ](\d{1,2}:\d{2})")
_COMPACT = re.compile(r"(?:19|20)\d{6}")


@functools.lru_cache(maxsize=8192)
def parse(value: str) -> dt.date | None:
    """A calendar day written the usual ways (day first, as in Britain), or None."""
    found = _NUMERIC.fullmatch(value)
    if found:
        first, second, third = found.groups()
        if len(first) == 4:
            return _day(int(first), int(second), int(third))
        if len(first) > 2 or len(third) == 3 or len(third) == 1:
            return None
        year = _century(int(third)) if len(third) == 2 else int(third)
        return _day(year, int(second), int(first)) or _day(year, int(first), int(second))
    if _COMPACT.fullmatch(value):
        return _day(int(value[:4]), int(value[4:6]), int(value[6:]))
    found = _NAMED.fullmatch(value)
    if found:
        month = _MONTHS.get(found[2][:3].lower())
        year = int(found[3]) if len(found[3]) == 4 else _century(int(found[3]))
        return _day(year, month, int(found[1])) if month else None
    found = _MONTH_FIRST.fullmatch(value)
    if found:
        month = _MONTHS.get(found[1][:3].lower())
        return _day(int(found[3]), month, int(found[2])) if month else None
    return None


def _century(year: int) -> int:
    return 2000 + year if year <= (dt.date.today().year + 1) % 100 else 1900 + year


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day) if 1850 <= year <= 2150 else None
    except ValueError:
        return None


class Days:
    """The dates of one column and what they look like together."""

    def __init__(self, values: Sequence[str]) -> None:
        parsed = [d for v in values if (d := parse(v)) is not None]
        clocks = [found[1] for v in values if len(v) > 12 and (found := _CLOCK.search(v))]
        self._timed = sum(c not in ("00:00", "0:00") for c in clocks) / len(values) if values else 0.0
        self.count = len(parsed)
        self.share = len(parsed) / len(values) if values else 0.0
        self.days = sorted(parsed)

    def at(self, share: float) -> dt.date:
        """The date below which this share of the (distinct) dates lies."""
        return self.days[min(len(self.days) - 1, int(share * len(self.days)))]

    @property
    def timed(self) -> bool:
        """Most carry a time of day other than midnight: records of events, hardly of births."""
        return self._timed >= 0.5

    @property
    def weekend_share(self) -> float:
        """2/7 for births; next to nothing for what offices record."""
        return sum(d.weekday() >= 5 for d in self.days) / len(self.days)

    @property
    def spread_years(self) -> float:
        return (self.at(0.95) - self.at(0.05)).days / 365.25

    def could_be_births(self, today: dt.date) -> bool:
        """Nobody unborn or over 115, and births of more than one season."""
        return (
            self.share >= 0.8
            and self.at(0.98) <= today
            and self.at(0.02).year >= today.year - 115
            and (self.spread_years >= 2 or self.count < 8)
            and not self.office_days
        )

    @property
    def periodic(self) -> bool:
        """Most on one day of the month, or as far from one another as the next: a series of months or days."""
        if self.count < 12:
            return False
        month_ends = sum((d + dt.timedelta(days=1)).day == 1 for d in self.days)
        firsts = Counter(d.day for d in self.days).most_common(1)[0][1]
        gaps = Counter((b - a).days for a, b in itertools.pairwise(self.days)).most_common(1)[0][1]
        return max(month_ends, firsts, gaps) >= 0.7 * self.count

    @property
    def office_days(self) -> bool:
        """Dates of one decade that avoid weekends: offices record them, births do not keep to them."""
        return self.count >= 30 and self.spread_years < 12 and self.weekend_share < 0.17

    def look_like_births(self, today: dt.date) -> bool:
        """Without a word from the header: adults' years spread over decades, few of them recent."""
        if self.count < 8 or not self.could_be_births(today) or self.periodic:
            return False
        return (
            self.at(0.5).year <= today.year - 24
            and self.spread_years >= 20
            and self.at(0.9).year <= today.year - 6
            and (self.count < 30 or self.weekend_share >= 0.12)
        )
