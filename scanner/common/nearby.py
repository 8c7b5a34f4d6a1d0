"""Words near a value: do they support it, oppose it, or stand right before it?"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from scanner.common.reading import runs

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


class Context:
    """Words that support a kind of value, ready to be looked for."""

    __slots__ = ("expression", "firsts")

    def __init__(self, words: Sequence[str]) -> None:
        ordered = sorted(words, key=len, reverse=True)
        self.expression = re.compile(
            r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, ordered)) + r")(?:s|'s)?(?![a-z])"
        )
        firsts = {(runs(word) or [""])[0] for word in words}
        self.firsts = frozenset(firsts | {first + "s" for first in firsts})
        """One of these is a run of letters wherever the expression matches."""


@functools.lru_cache(maxsize=1024)
def context(words: tuple[str, ...]) -> Context:
    """The same `Context` for the same words."""
    return Context(words)


class Near:
    """The surroundings of one span in a lower-cased text."""

    __slots__ = ("_runs", "after", "before")

    def __init__(self, lowered: str, start: int, end: int) -> None:
        self.before = lowered[max(0, start - BEFORE) : start]
        self.after = lowered[end : end + AFTER]
        self._runs: list[str] | None = None

    def support(self, words: Sequence[str] | Context) -> tuple[str, bool] | None:
        """The nearest supporting word and whether it labels the value; None if there is none."""
        wanted = words if isinstance(words, Context) else context(tuple(words))
        if self._runs is None:
            self._runs = [*runs(self.before), *runs(self.after)]
        if wanted.firsts.isdisjoint(self._runs):
            return None
        expression = wanted.expression
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
