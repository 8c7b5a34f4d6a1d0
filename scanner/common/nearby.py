"""Words near a value: do they support it, oppose it, or stand right before it?"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

BEFORE, AFTER = 60, 30
"""Characters looked at on either side of a value."""

# What may stand between a label and its value: `NHS number is: `, `NI no. (new) - `.
_FILL = re.compile(
    r"[\s:=#.,()\[\]\-–—>\"'/_|*]*"
    r"(?:(?:number|numbers|no|num|nos|ref|reference|is|was|id|code|as|of|given|quoted|are|stated|your|the|on|"
    r"registration|reg)(?![a-z])[\s:=#.,()\[\]\-–—>\"'/_|*]*){0,5}\Z"
)

# Labels of numbers that are about things. One of these right before a value settles it.
_OPPOSED = re.compile(
    r"(?<![a-z])(?:order|invoice|isbn|issn|sku|part|product|batch|version|ver|v|firmware|package|ticket|timestamp|epoch|transaction|"
    r"tracking|consignment|meter|mpan|mprn|serial|asset|po|purchase order|quote|quotation|barcode|ean|catalogue|"
    r"item|model|build|commit|grant|contract|charity|company|registered|lot|stock|job|request|incident|"
    r"change|cost centre|gl|ledger|budget|standard|iso|population|total|amount|elapsed|bytes|size|port|pid|"
    r"thread|revision|release|grid reference|easting|northing|latitude|longitude|lat|lon|coordinates)"
    r"(?:s|'s)?(?![a-z])"
)


@functools.lru_cache(maxsize=1024)
def _expression(words: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile(r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, ordered)) + r")(?:s|'s)?(?![a-z])")


class Near:
    """The surroundings of one span in a lower-cased text."""

    __slots__ = ("after", "before")

    def __init__(self, lowered: str, start: int, end: int) -> None:
        self.before = lowered[max(0, start - BEFORE) : start]
        self.after = lowered[end : end + AFTER]

    def support(self, words: Sequence[str]) -> tuple[str, bool] | None:
        """The nearest supporting word and whether it labels the value; None if there is none."""
        expression = _expression(tuple(words))
        last = None
        for last in expression.finditer(self.before):  # noqa: B007 - the last match is wanted
            pass
        if last is not None:
            return last[0], _FILL.match(self.before, last.end()) is not None
        found = expression.search(self.after)
        return (found[0], False) if found else None

    def opposed(self) -> bool:
        """True if a word for a thing's number stands right before the value."""
        last = None
        for last in _OPPOSED.finditer(self.before):  # noqa: B007 - the last match is wanted
            pass
        return last is not None and _FILL.match(self.before, last.end()) is not None


def lower_same_length(text: str) -> str:
    """Lower case in which every offset still holds (`İ`.lower() is two characters)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)
