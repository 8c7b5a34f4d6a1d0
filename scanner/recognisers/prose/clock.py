"""Times of day: `7.30pm`, `between 10am and 4pm`, `at 09:00 GMT`, `3 o'clock`."""

from __future__ import annotations

import re

from scanner.recognisers.prose.around import previous

Span = tuple[int, int]

MARKS = frozenset("am pm m clock gmt bst utc hrs".split())
"""One of these runs of letters, or a colon, stands wherever a time of day does."""
_HALF = r"\s?(?:[ap]m(?![a-z])|[ap]\.m\.?)"
_ZONE = r"\s?(?:gmt|bst|utc|cet|est|hrs|hours)(?![a-z])"
_HOUR = "(?:[01]?[0-9]|2[0-4])"
_TIME = re.compile(
    rf"(?:{_HOUR}(?:[:.][0-5][0-9])?(?:{_HALF})?\s?(?:-|–|to|and|until)\s?)?{_HOUR}(?:[:.][0-5][0-9])?"
    rf"{_HALF}(?:{_ZONE})?"
    rf"|{_HOUR}(?:[:.][0-5][0-9]\s?(?:-|–|to|and|until)\s?{_HOUR})?[:.]?[0-5][0-9](?:{_ZONE})"
    rf"|{_HOUR} o['’]clock"
)
_FOUR = re.compile(r"(?:[01][0-9]|2[0-3])[0-5][0-9]\s?(?:gmt|bst|utc|cet|hrs)(?![a-z])")
_COLON = re.compile(
    rf"{_HOUR}:[0-5][0-9](?:\s?(?:-|–|to|and|until)\s?{_HOUR}:[0-5][0-9])?(?![0-9a-z:]|\.[0-9])(?:{_ZONE})?"
)
_ZONES_BEGIN = frozenset("gbuch")
_AT = frozenset(
    "at from until till by before after about around approx approximately off to and between between".split()
)


def time_at(text: str, lowered: str, start: int) -> Span | None:
    """The time of day that begins at a number of one or two digits."""
    if start and (text[start - 1] in "£$€#/:.,+-–@_='\"{[<" or text[start - 1].isalnum()):
        return None
    if match := _TIME.match(lowered, start):
        return None if lowered[match.end() : match.end() + 1].isalnum() else match.span()
    if (match := _COLON.match(lowered, start)) and (
        (lowered[start] == "0" and lowered[start + 1] != ":") or previous(lowered, start) in _AT
    ):
        return match.span()
    return None


def four_digits(lowered: str, start: int, end: int) -> Span | None:
    """`0700 GMT`."""
    if lowered[end : end + 2].strip()[:1] not in _ZONES_BEGIN:
        return None
    if start and (lowered[start - 1].isalnum() or lowered[max(0, start - 2) : start].strip().isdigit()):
        return None  # the year after a time: `23:59:59 2042 GMT`
    match = _FOUR.match(lowered, start)
    return match.span() if match else None
