"""Dates, dates of birth and ages in running text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from scanner.model import Detection
from scanner.recognisers.uk import checks
from scanner.recognisers.uk.places import DATE_PATTERN

_LONG_AGO = "[0-9]{1,2}[/.-][0-9]{1,2}[/.-]1[5-8][0-9]{2}"
_DATE = re.compile(rf"(?:{DATE_PATTERN}|{_LONG_AGO})(?![A-Za-z0-9])", re.I)
_LONG_AGO_WHOLE = re.compile(_LONG_AGO)
_VERSION = re.compile(r"[0-9]{4}\.(?:[0-9]\.|[0-9]{2}\.[0-9]\Z)")
"""`2016.3.1`: a date with its year first has two digits for the month and for the day."""
_NOT_YET_BORN = 2030
"""From this year on a date is nobody's birthday, whatever is written beside it."""
_BORN = re.compile(
    r"(?<![a-z])(?:born|d\.?\s?o\.?\s?b\.?|date of birth|birth ?date|birthday|date-of-birth|date_of_birth|"
    r"b\.)(?![a-z])[^0-9\n]{0,30}\Z|(?<![a-z])b[ :]{1,2}\Z|(?<![a-z])(?:d\.?o\.?b\.?|date of birth)[^0-9]{0,40}\Z"
)
_BORN_AFTER = re.compile(r"[\s,]{0,2}[(\[]?\s?(?:d\.?o\.?b|date of birth)(?![a-z])")
_MONTH_FIRST = re.compile(
    r"(?<![A-Za-z])(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.? [0-9]{1,2}(?:st|nd|rd|th)?,? (?:19|20)[0-9]{2}(?![0-9])"
)
_AGE_BEFORE = re.compile(r"(?<![a-z])(?:aged?|age is|age at \w+|turned|turning)\s*[:=]?\s*\Z")
_NO_AGE = re.compile(r"[0-9a-z%]|[./,][0-9]")
_AGE_AFTER = re.compile(r"[ -]?(?:years?[ -]old|yrs?[ -]old|y/?o(?![a-z])|years? of age|year[ -]old|y\.o\.)")
_YEARS_AFTER = re.compile(r"[ ]?(?:yrs?|years?)(?=[.,;)]|[ ](?:and|who|she|he|lives)(?![a-z])|\s*\Z)")
WHO_IS = tuple(
    (who, verb)
    for who in ("she", "he", "who", "they", "client", "pupil", "patient", "tenant", "claimant")
    for verb in ("is", "was", "are")
)
"""Words before a number that may be an age."""
_IS = re.compile(
    rf"(?<![a-z])(?:{'|'.join(f'{who} {verb}' for who, verb in WHO_IS)}) (?:now |only |just )?\Z"
)
_JUST = (" is ", " was ", " are ", " now ", " only ", " just ")
_IS_AFTER = re.compile(r"[.,;]|[ ](?:and|but|with|so)[ ]|\s*\Z")
_WHO = re.compile(r"(?:[a-z'’-]+,|\b(?:is|now|m|f|male|female|pt|boy|girl|man|woman)[.,:]?)[ ]\Z")


def date_at(text: str, lowered: str, start: int) -> Detection | None:
    """A whole date that begins at `start` (where a digit stands)."""
    match = _DATE.match(text, start)
    return _dated(lowered, match) if match else None


def month_first(text: str, lowered: str) -> Iterator[Detection]:
    """`March 3, 1980`, looked for only where births are spoken of."""
    if "born" in lowered or "birth" in lowered or "dob" in lowered:
        for match in _MONTH_FIRST.finditer(text):
            if found := _dated(lowered, match):
                yield found


def _dated(lowered: str, match: re.Match[str]) -> Detection | None:
    date = checks.birth_date(match[0])
    if date is None:
        if not _LONG_AGO_WHOLE.fullmatch(match[0]) or not _long_ago(match[0]):
            return None
    elif _VERSION.match(match[0]):
        return None
    start, end = match.span()
    if date is None or date.year >= _NOT_YET_BORN:
        return Detection("DATE_TIME", start, end, 0.4, False, ("pattern date", "check calendar"), "uk")
    if _BORN.search(lowered[max(0, start - 60) : start]) or _BORN_AFTER.match(lowered, end):
        reasons = ("pattern date", "check calendar", "context birth")
        return Detection("DATE_OF_BIRTH", start, end, 0.9, True, reasons, "uk")
    return Detection("DATE_TIME", start, end, 0.4, False, ("pattern date", "check calendar"), "uk")


def _long_ago(value: str) -> bool:
    """True for a day before the twentieth century, which is no birthday of anybody alive."""
    day, month, year = (int(number) for number in re.findall("[0-9]+", value))
    try:
        return dt.date(year, month, day).year < 1900
    except ValueError:
        return False


def age_at(lowered: str, start: int, end: int) -> Detection | None:
    """An age in years, where the words around the number say so."""
    if end - start > 3 or int(lowered[start:end]) > 119:
        return None
    after = _AGE_AFTER.match(lowered, end)
    if not after and (years := _YEARS_AFTER.match(lowered, end)):
        after = years if _WHO.search(lowered[max(0, start - 24) : start]) else None
    if start and lowered[start - 1] in "_/=&-+":
        after = None
    near = lowered[max(0, start - 20) : start]
    before = None
    if "age" in near or "turn" in near:
        before = _AGE_BEFORE.search(lowered, max(0, start - 20), start)
    if (
        not after
        and not before
        and near.endswith(_JUST)
        and _IS_AFTER.match(lowered, end)
        and not _NO_AGE.match(lowered, end)
        and _IS.search(lowered, max(0, start - 28), start)
        and lowered[start:end].strip("0")
    ):
        return Detection("AGE", start, end, 0.55, False, ("pattern age", "context is"), "uk")
    if after or before:
        if not after and _NO_AGE.match(lowered, end):
            return None
        if before and before[0] in ("aged ", "age "):
            start = before.start()
        return Detection(
            "AGE", start, after.end() if after else end, 0.7, False, ("pattern age", "context age"), "uk"
        )
    return None
