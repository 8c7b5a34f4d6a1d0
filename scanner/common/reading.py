"""A text with what every recogniser asks of it first: small letters, and its words.

Recognisers look for their words among the text's before they look at the text: a text that
has none of them costs a few set look-ups. What is worked out is kept on the text itself and
goes when it goes.
"""

from __future__ import annotations

import re

_LETTERS = {code: chr(code) if chr(code).isalpha() else " " for code in range(128)}
_RUN = re.compile("[a-z]+")
_NUMBER = re.compile("[0-9]+")


def lower_same_length(text: str) -> str:
    """Lower case in which every offset still holds (`İ`.lower() is two characters)."""
    if isinstance(text, Reading):
        return text.lowered
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def runs(lowered: str) -> list[str]:
    """The runs of a to z in a text already in small letters, in order."""
    return lowered.translate(_LETTERS).split() if lowered.isascii() else _RUN.findall(lowered)


class Reading(str):
    """A text that remembers its small letters, its runs of letters and where its digits are."""

    _lowered: str | None = None
    _runs: list[str] | None = None
    _has: frozenset[str] | None = None
    _numbers: list[tuple[int, int]] | None = None

    @property
    def lowered(self) -> str:
        if self._lowered is None:
            self._lowered = lower_same_length(str(self))
        return self._lowered

    @property
    def runs(self) -> list[str]:
        if self._runs is None:
            self._runs = runs(self.lowered)
        return self._runs

    @property
    def has(self) -> frozenset[str]:
        """The distinct runs of letters."""
        if self._has is None:
            self._has = frozenset(self.runs)
        return self._has

    def begins(self, words: frozenset[str]) -> list[int]:
        """Where the words (runs of letters, in small letters) begin as whole words, in order.

        A hundred times faster than an expression that looks for one of them at every character.
        """
        here = words & self.has
        if not here:
            return []
        found = []
        lowered = self.lowered
        for word in here:
            at = lowered.find(word)
            while at >= 0:
                end = at + len(word)
                if not (at and lowered[at - 1].isalnum()) and not lowered[end : end + 1].isalpha():
                    found.append(at)
                at = lowered.find(word, end)
        found.sort()
        return found

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """Start and end of every run of digits, in order."""
        if self._numbers is None:
            self._numbers = [match.span() for match in _NUMBER.finditer(self)]
        return self._numbers


def read(text: str) -> Reading:
    """The text as a `Reading`; itself where it is one."""
    return text if isinstance(text, Reading) else Reading(text)
