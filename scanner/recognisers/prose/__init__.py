"""Dates and nationalities in running prose: what biographies, news and letters say of when and whose.

Columns have questions of their own for both, so this reads texts only. Every find hangs on one of a
few hundred words or on a number: a text that has none of them costs one look among its words.
"""

from __future__ import annotations

import functools
import operator
import re
import string
from collections.abc import Callable, Sequence

from scanner.common.reading import Cues, Reading, read
from scanner.model import Detection
from scanner.recognisers.prose import ages, calendar, clock, nations, peoples, periods, years
from scanner.recognisers.prose.around import previous

Span = tuple[int, int]
_Told = Callable[[str, str, int, str], Span | None]
_Dated = tuple[int, int, tuple[str, ...]]

_DATE, _PEOPLE = 0.35, 0.45
"""Scores: a date says nothing of a person; a nationality may be anybody's."""
_MONTH, _WEEKDAY = ("pattern month",), ("pattern weekday",)
_PERIOD, _DAY = ("pattern period",), ("pattern day",)
_YEAR, _CLOCK = ("pattern year",), ("pattern time of day",)
_GOES_ON = frozenset(string.ascii_lowercase + "_(=$")
"""After a word these make it the beginning of another, or a name in code."""
_JOINS = frozenset(string.ascii_lowercase + string.digits + "_@$")
"""Before a word these make it the end of another."""
_ORDINAL = frozenset("snrt")
_AFTER_DECADE = frozenset("s'’")
_RANGED = (_MONTH, _WEEKDAY, _YEAR)
_TO = frozenset((" to ", " until ", " till ", " through "))
_DASHES = frozenset((" – ", " - ", "–", "-", "—"))
_BETWEEN_DAY_AND_DATE = re.compile(r",? (?:the )?")


@functools.cache
def _told() -> dict[str, tuple[tuple[str, ...], _Told] | None]:
    """For each word of time the name of what it begins, and who reads that; None for a nation's."""
    kinds: tuple[tuple[frozenset[str], tuple[str, ...], _Told], ...] = (
        (calendar.MONTHS, _MONTH, calendar.month),
        (calendar.WEEKDAYS, _WEEKDAY, calendar.weekday),
        (calendar.SHORT_WEEKDAYS, _WEEKDAY, calendar.short_weekday),
        (calendar.FEASTS, ("pattern feast",), calendar.feast),
        (periods.UNITS, _PERIOD, periods.unit),
        (periods.TODAY, _DAY, periods.today),
        (periods.NOON, _CLOCK, periods.noon),
        (periods.DECADES, ("pattern decade",), periods.decade),
    )
    nation: dict[str, tuple[tuple[str, ...], _Told] | None] = dict.fromkeys(nations.demonyms())
    return nation | {word: (name, told) for group, name, told in kinds for word in group}


@functools.cache
def _begins() -> frozenset[str]:
    return frozenset(_told())


@functools.cache
def _cues() -> Cues:
    return Cues(_begins() | clock.MARKS | years.ERAS | ages.CUES)


class ProseRecogniser:
    """DATE_TIME, NATIONALITY and AGE as people write them in sentences; possible, never validated."""

    name = "prose"
    entity_types: tuple[str, ...] = ("DATE_TIME", "NATIONALITY", "AGE")

    def __init__(self) -> None:
        _cues()  # told before the first text is asked for its words

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        """The finds of each text; those of one type do not overlap."""
        cues = _cues()
        out: list[Sequence[Detection]] = []
        for text in texts:
            reading = read(text)
            here = reading.speaks(cues)
            out.append(_found(reading, here) if here or reading.numbers else ())
        return out


def _found(reading: Reading, here: frozenset[str]) -> Sequence[Detection]:
    text, lowered = str(reading), reading.lowered
    dates: list[_Dated] = []
    out: list[Detection] = []
    if here:
        _from_words(text, lowered, here, dates, out)
    if reading.numbers:
        _from_numbers(reading.numbers, text, lowered, here, dates)
    if aged := here & ages.CUES:
        out.extend(ages.ages(reading, aged))
    if len(out) > 1:
        out.sort(key=operator.attrgetter("start"))
    if len(dates) > 1:
        dates = _joined(lowered, dates)
    for start, end, why in dates:
        out.append(Detection("DATE_TIME", start, end, _DATE, False, why, "prose"))
    return out


def _from_words(
    text: str, lowered: str, here: frozenset[str], dates: list[_Dated], out: list[Detection]
) -> None:
    """What the text's own words of time and of nations begin, at each place where one stands alone."""
    told = _told()
    find = lowered.find
    for word in here & _begins():
        kind = told[word]
        size = len(word)
        at = find(word)
        while at >= 0:
            end = at + size
            after = lowered[end : end + 1]
            if after not in _GOES_ON and (not at or lowered[at - 1] not in _JOINS):
                if kind is not None:
                    why, reads = kind
                    span = reads(text, lowered, at, word)
                    if span is not None:
                        dates.append((span[0], span[1], why))
                elif found := peoples.nationality(text, lowered, at, word):
                    start, stop, how = found
                    why = ("lexicon nationality", how)
                    out.append(Detection("NATIONALITY", start, stop, _PEOPLE, False, why, "prose"))
            at = find(word, end)


def _from_numbers(
    numbers: list[tuple[int, int]], text: str, lowered: str, here: frozenset[str], dates: list[_Dated]
) -> None:
    """Years, decades and times of day, which begin with digits."""
    clocks = ":" in text or not here.isdisjoint(clock.MARKS)
    eras = not here.isdisjoint(years.ERAS)
    last = -99
    for start, end in numbers:
        size = end - start
        span: Span | None = None
        if size == 4:
            if clocks and (span := clock.four_digits(lowered, start, end)):
                dates.append((*span, _CLOCK))
                continue
            if text[start] in "12" and (span := years.year_at(text, lowered, start, end, last)):
                last = span[1]
                dates.append((*span, _YEAR))
                continue
        elif size <= 2:
            if clocks and (span := clock.time_at(text, lowered, start)):
                dates.append((*span, _CLOCK))
            elif (size == 2 or lowered[end : end + 1] in _ORDINAL) and (
                found := _two_digits(text, lowered, start, end)
            ):
                dates.append(found)
        if eras and span is None and size <= 4 and (span := years.era_at(text, lowered, start, end)):
            dates.append((*span, ("pattern era",)))


def _two_digits(text: str, lowered: str, start: int, end: int) -> _Dated | None:
    """`the 80s`, `in '46`, `on the 5th`."""
    span: Span | None = None
    if lowered[end : end + 1] in _AFTER_DECADE:
        if span := years.short_decade(lowered, start, end):
            return (*span, ("pattern decade",))
    elif start and text[start - 1] in "'’‘":
        if span := years.short_year(lowered, start, end):
            return (*span, _YEAR)
    elif span := years.ordinal_day(lowered, start, end):
        return (*span, _DAY)
    return None


def _one_range(lowered: str, one: _Dated, other: _Dated) -> bool:
    """`from June 1970 until May 1974`, `between March and July 1963`, `Oct 2016 – Jan 2018`.

    A dash between whole days parts a birth from a death, which are two.
    """
    if one[2] not in _RANGED or other[2] not in _RANGED:
        return False
    between = lowered[one[1] : other[0]]
    if between in _TO:
        return previous(lowered, one[0]) == "from"
    if between == " and ":
        return previous(lowered, one[0]) == "between"
    return between in _DASHES and not (lowered[one[0]].isdigit() and lowered[other[0]].isdigit())


def _goes_on(lowered: str, start: int, why: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """`November last year`, `three years ago today`."""
    if why is _PERIOD:
        return (other is _MONTH or other is _WEEKDAY) and lowered.startswith(
            ("last ", "this ", "next "), start
        )
    return why is _DAY and other is _PERIOD and lowered.endswith("ago ", 0, start)


def _joined(lowered: str, dates: list[_Dated]) -> list[_Dated]:
    """In order and without overlaps, the longer of two kept; a weekday and the date after it are one."""
    dates.sort()
    kept = dates[:1]
    for date in dates[1:]:
        start, end, why = date
        first, last, other = kept[-1]
        if start < last:
            if end - start > last - first:
                kept[-1] = (min(start, first), end, why)
            elif end > last:
                kept[-1] = (first, end, other)
        elif (
            why is _MONTH and other is _WEEKDAY and _BETWEEN_DAY_AND_DATE.fullmatch(lowered, last, start)
        ) or _one_range(lowered, kept[-1], date):
            kept[-1] = (first, end, why)
        elif start == last + 1 and _goes_on(lowered, start, why, other):
            kept[-1] = (first, end, other)
        else:
            kept.append(date)
    return kept
