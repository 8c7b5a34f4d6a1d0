"""Recognisers that a department writes itself: a pattern, a check and words nearby, for texts and columns."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence

from scanner.common import check_digits
from scanner.common.nearby import Near, context
from scanner.common.reading import read
from scanner.contracts import Identifier
from scanner.model import Detection

_WITHOUT_CONTEXT, _WITH_CONTEXT, _CHECKED = 0.5, 0.75, 0.9


@dataclasses.dataclass(frozen=True, slots=True)
class Check:
    """What the characters of a value must fulfil beyond the pattern."""

    kind: str
    """One of `check_digits.NAMED`, or `weighted`."""
    weights: tuple[int, ...] = ()
    """For `weighted`: one for each digit, the check digit included."""
    modulus: int = 10
    remainder: int = 0

    def function(self) -> Callable[[str], bool]:
        if self.kind == "weighted":
            return check_digits.weighted(self.weights, self.modulus, self.remainder)
        return check_digits.NAMED[self.kind][0]

    @property
    def chance(self) -> float:
        """Share of random digits that pass."""
        return 1 / self.modulus if self.kind == "weighted" else check_digits.NAMED[self.kind][1]


@dataclasses.dataclass(frozen=True, slots=True)
class OwnIdentifier:
    """One recogniser of the department's own."""

    name: str
    entity_type: str
    pattern: str
    """Without anchors or look-around; a value is bounded by what is no letter and no digit."""
    check: Check | None = None
    context: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    needs_context: bool = False
    ignore_case: bool = True

    def identifier(self) -> Identifier:
        """The same as columns are judged by."""
        return Identifier(
            self.entity_type,
            self.pattern,
            check=self.check.function() if self.check else None,
            chance=self.check.chance if self.check else 1.0,
            context=self.context,
            headers=self.headers or self.context,
            needs_context=self.needs_context,
            ignore_case=self.ignore_case,
            source=self.name,
        )

    def expression(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?<![^\W_])(?:{self.pattern})(?![^\W_])", re.IGNORECASE if self.ignore_case else 0
        )


class OwnRecogniser:
    """The department's own identifiers, in texts and in columns."""

    name = "own"

    def __init__(self, listed: Sequence[OwnIdentifier]) -> None:
        self._listed = [
            (own, own.expression(), own.identifier(), context(own.context) if own.context else None)
            for own in listed
        ]
        self.entity_types = tuple(dict.fromkeys(own.entity_type for own in listed))

    def identifiers(self) -> Sequence[Identifier]:
        return tuple(identifier for _, _, identifier, _ in self._listed)

    def text(self, texts: Sequence[str]) -> Sequence[Sequence[Detection]]:
        """Detections of each text; overlaps are possible."""
        return [self._of(text) for text in texts]

    def _of(self, text: str) -> list[Detection]:
        found = []
        reading = read(text)
        for own, expression, identifier, words in self._listed:
            for match in expression.finditer(text):
                if identifier.check is not None and not identifier.check(match[0]):
                    continue
                word = Near(reading, *match.span()).support(words) if words else None
                if own.needs_context and word is None:
                    continue
                found.append(_detection(own, match, word))
        return found


def _detection(own: OwnIdentifier, match: re.Match[str], word: tuple[str, bool] | None) -> Detection:
    reasons = [f"pattern {own.name}"]
    if own.check:
        reasons.append(f"check {own.check.kind}")
    if word:
        reasons.append(f"context {word[0]}" + (" (label)" if word[1] else ""))
    score = _CHECKED if own.check else _WITH_CONTEXT if word else _WITHOUT_CONTEXT
    return Detection(
        own.entity_type,
        match.start(),
        match.end(),
        score,
        own.check is not None,
        tuple(reasons),
        OwnRecogniser.name,
    )
