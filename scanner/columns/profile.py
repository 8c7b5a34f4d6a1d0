"""What a column looks like before anything is decided: distinct values, shapes, words."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from scanner.columns.shapes import by_shape
from scanner.common.lexicon import normalise, words

DECIDE_ON = 500
"""Distinct values on which a column's kind is decided; counting is done over all. A share among
500 is known to four points either way, which is finer than any threshold here."""


def sample(values: Sequence[str], size: int) -> list[str]:
    """At most `size` of the values, at places drawn from a fixed seed: repeatable, and without the
    pitfalls of taking the first ones or every tenth. Keeps their order."""
    if len(values) <= size:
        return list(values)
    places = random.Random(size).sample(range(len(values)), size)  # noqa: S311 - sampling, not secrecy
    return [values[place] for place in sorted(places)]


_FOLDED = re.compile(r"[\t\n\r\f\v\x1c-\x1f`]|  ")
"""What `normalise` changes besides letters, among ASCII."""
_BLANK = " \t\r\n\f\v\u00a0\ufeff'\""


class Profile:
    """One column. Holds values, so it lives only as long as the judgement."""

    def __init__(self, name: str, cells: Sequence[str | None]) -> None:
        self.name = name
        self.cells = cells
        counted = Counter(cells)
        counted.pop(None, None)
        self._forms: dict[str, list[str]] = {}
        self.counts: dict[str, int] = self._stripped(counted)
        self.total = sum(self.counts.values())

    def _stripped(self, counted: Counter[str | None]) -> dict[str, int]:
        counted.pop("", None)
        if not [v for v in counted if v.strip(_BLANK) is not v]:  # type: ignore[union-attr]
            return dict(counted)  # type: ignore[arg-type]
        stripped: dict[str, int] = {}
        for value, count in counted.items():
            assert value is not None
            core = value.strip(_BLANK)
            if core != value:
                if core:
                    self._forms.setdefault(core, []).append(value)
                    stripped[core] = stripped.get(core, 0) + count
            elif core:
                stripped[core] = stripped.get(core, 0) + count
        for core, forms in self._forms.items():
            if core in counted:
                forms.append(core)
        return stripped

    def forms(self, core: str) -> Sequence[str]:
        """The forms that a stripped value has in the cells."""
        return self._forms.get(core) or (core,)

    @property
    def all_plain(self) -> bool:
        """True if no cell has blanks around its value."""
        return not self._forms

    def __repr__(self) -> str:
        return f"<column, {len(self.counts)} distinct of {self.total} values>"

    @cached_property
    def answers(self) -> list[str]:
        """Distinct values that say something (`unknown`, `n/a` and the like left out)."""
        silent = words("no_answer")
        values = list(self.counts)
        lowered = "\0".join(values).lower()
        # Plain characters are normalised by lower case alone: most columns are done at one stroke.
        if lowered.isascii() and not _FOLDED.search(lowered) and silent.isdisjoint(lowered.split("\0")):
            return values
        return [v for v in values if len(v) > 24 or normalise(v) not in silent]

    @cached_property
    def common(self) -> list[str]:
        """Answers without the slips: in a column of repeated codes, values seen once or twice are typing errors."""
        answers = self.answers
        if not answers or self.total < 5 * len(answers):
            floor = 0 if not answers or self.total < 3 * len(answers) else 1
        else:
            floor = max(1, int(0.01 * self.total)) if self.total >= 10 * len(answers) else 1
        if not floor:
            return answers
        kept = [v for v in answers if self.counts[v] > floor]
        return (
            kept
            if sum(self.counts[v] for v in kept) >= 0.6 * sum(self.counts[v] for v in answers)
            else answers
        )

    @cached_property
    def decide(self) -> list[str]:
        """The distinct values to decide on."""
        return sample(self.common, DECIDE_ON)

    @cached_property
    def normal(self) -> list[str]:
        """`decide`, normalised."""
        return [normalise(v) for v in self.decide]

    @cached_property
    def shapes(self) -> dict[str, list[str]]:
        """Shape to all distinct values that have it."""
        return by_shape(list(self.counts))

    @cached_property
    def distinctness(self) -> float:
        """Distinct ÷ all values: near 1 for identifiers."""
        return len(self.counts) / self.total if self.total else 0.0

    @cached_property
    def mean_words(self) -> float:
        values = self.decide[:500]
        return sum(v.count(" ") + 1 for v in values) / len(values) if values else 0.0

    @cached_property
    def mean_length(self) -> float:
        values = self.decide[:500]
        return sum(map(len, values)) / len(values) if values else 0.0

    @cached_property
    def numeric_share(self) -> float:
        values = self.decide[:1000]
        return (
            sum(v.replace(".", "", 1).lstrip("-£").replace(",", "").isdigit() for v in values) / len(values)
            if values
            else 0.0
        )

    @cached_property
    def wordy(self) -> bool:
        """Running text: long cells of many words."""
        return self.mean_words >= 5.5 or (self.mean_words >= 4 and self.mean_length >= 35)

    @cached_property
    def sequential(self) -> bool:
        """Whole numbers that follow one another, as row ids do."""
        numbers = sorted({int(v) for v in self.decide if v.isdecimal() and len(v) <= 15})
        if len(numbers) < 5 or len(numbers) < 0.8 * len(self.decide):
            return False
        span = numbers[-1] - numbers[0]
        return (
            span <= 3 * len(self.counts)
            if len(self.counts) <= DECIDE_ON
            else span <= 3 * len(self.counts) + 1
        )

    def share(self, hits: set[str]) -> float:
        """Share of non-empty cells whose value is one of these."""
        if len(hits) == len(self.counts):
            return 1.0
        return sum(map(self.counts.__getitem__, hits)) / self.total if self.total else 0.0
