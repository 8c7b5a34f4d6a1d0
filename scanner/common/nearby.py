"""Words near a value: do they support it, oppose it, or stand right before it?"""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Sequence
from typing import ClassVar

from scanner.common.reading import Cues, read, runs

BEFORE, AFTER = 60, 30
"""Characters looked at on either side of a value."""

# What may stand between a label and its value: `NHS number is: `, `NI no. (new) - `.
_FILL = re.compile(
    r"[\s:=#.,()\[\]\-–—>\"'/_|*]*"
    r"(?:(?:number|numbers|no|num|nos|ref|reference|is|was|id|code|as|of|given|quoted|are|stated|your|the|on|"
    r"registration|reg)(?![a-z])[\s:=#.,()\[\]\-–—>\"'/_|*]*){0,5}\Z"
)

# Labels of numbers that are about things. One of these right before a value settles it.
_THINGS = (
    "order|invoice|isbn|issn|sku|part|product|batch|version|ver|v|firmware|package|ticket|timestamp|epoch|transaction|"
    "tracking|consignment|meter|mpan|mprn|serial|asset|po|purchase order|quote|quotation|barcode|ean|catalogue|"
    "item|model|build|commit|grant|contract|charity|company|registered|lot|stock|job|request|incident|"
    "change|cost centre|gl|ledger|budget|standard|iso|population|total|amount|elapsed|bytes|size|port|pid|"
    "thread|revision|release|grid reference|easting|northing|latitude|longitude|lat|lon|coordinates"
).split("|")


_telling = threading.Lock()


class Context:
    """Words that support a kind of value (or oppose it), ready to be looked for."""

    __slots__ = ("_expression", "anywhere", "firsts")
    every: ClassVar[frozenset[str]] = frozenset()
    """The `firsts` of all."""

    def __init__(self, words: Sequence[str]) -> None:
        ordered = sorted(words, key=len, reverse=True)
        self._expression = re.compile(
            r"(?<![a-z0-9])(?:" + "|".join(map(re.escape, ordered)) + r")(?:s|'s)?(?![a-z])"
        )
        firsts = {run for word in words for run in runs(word)[:1]}
        self.firsts = Cues(firsts | {first + "s" for first in firsts})
        """The expression matches only where one of these begins."""
        with _telling:
            Context.every |= self.firsts
        self.anywhere = not all(re.match("[a-z]", word) for word in words)
        """True if it may match elsewhere too: `№`."""

    def matches(self, text: str, said: frozenset[str]) -> list[re.Match[str]]:
        """Where the words stand, in order, without overlaps. `said`: which of `firsts` may be in the text."""
        if self.anywhere:
            return list(self._expression.finditer(text))
        places = []
        for word in said:
            at = text.find(word)
            while at >= 0:
                places.append(at)
                at = text.find(word, at + 1)
        places.sort()
        found, end = [], 0
        for at in places:
            if at >= end and (match := self._expression.match(text, at)):
                found.append(match)
                end = match.end()
        return found


@functools.lru_cache(maxsize=1024)
def context(words: tuple[str, ...]) -> Context:
    """The same `Context` for the same words."""
    return Context(words)


_OPPOSED = Context(_THINGS)
_MANY = 16
"""Words of a text from which its own surroundings are looked at for each value."""


class Near:
    """The surroundings of one span of a text, for every `Context` that there is already."""

    __slots__ = ("_said", "after", "before")

    def __init__(self, text: str, start: int, end: int) -> None:
        reading = read(text)
        lowered = reading.lowered
        self.before = lowered[max(0, start - BEFORE) : start]
        self.after = lowered[end : end + AFTER]
        self._said = reading.cues & Context.every
        if len(self._said) > _MANY:
            self._said = self._said.intersection(runs(self.before + " " + self.after))

    def support(self, wanted: Context) -> tuple[str, bool] | None:
        """The nearest supporting word and whether it labels the value; None if there is none."""
        if self._said.isdisjoint(wanted.firsts) and not wanted.anywhere:
            return None
        said = self._said & wanted.firsts
        if found := wanted.matches(self.before, said):
            return found[-1][0], _FILL.match(self.before, found[-1].end()) is not None
        found = wanted.matches(self.after, said)
        return (found[0][0], False) if found else None

    def opposed(self) -> bool:
        """True if a word for a thing's number stands right before the value."""
        said = _OPPOSED.firsts & self._said
        found = _OPPOSED.matches(self.before, said) if said else []
        return bool(found) and _FILL.match(self.before, found[-1].end()) is not None
