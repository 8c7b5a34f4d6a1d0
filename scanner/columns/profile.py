"""What a column looks like before anything is decided: distinct values, shapes, words."""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cached_property

from scanner.columns.shapes import shape_of
from scanner.common.lexicon import normalise, words

DECIDE_ON = 2_000
"""Distinct values on which a column's kind is decided; counting is done over all."""


def sample(values: Sequence[str], size: int) -> list[str]:
    """At most `size` of the values, chosen by a hash: repeatable, and blind to their order."""
    if len(values) <= size:
        return list(values)
    return sorted(values, key=lambda value: (zlib.crc32(value.encode("utf-8", "replace")), value))[:size]


_BLANK = " \t\r\n\f\v\u00a0\ufeff'\""


class Profile:
    """One column. Holds values, so it lives only as long as the judgement."""

    def __init__(self, name: str, cells: Sequence[str | None]) -> None:
        self.name = name
        self.cells = cells
        counted = Counter(cells)
        counted.pop(None, None)
        stripped: dict[str, int] = {}
        self.raw: dict[str, list[str]] = {}
        """Stripped value to the forms it has in the cells."""
        for value, count in counted.items():
            if value is None:
                continue
            core = value.strip(_BLANK)
            if core:
                stripped[core] = stripped.get(core, 0) + count
                self.raw.setdefault(core, []).append(value)
        self.counts = stripped
        self.total = sum(stripped.values())

    def __repr__(self) -> str:
        return f"<column, {len(self.counts)} distinct of {self.total} values>"

    @cached_property
    def answers(self) -> list[str]:
        """Distinct values that say something (`unknown`, `n/a` and the like left out)."""
        silent = words("no_answer")
        return [v for v in self.counts if len(v) > 24 or normalise(v) not in silent]

    @cached_property
    def common(self) -> list[str]:
        """Answers without the slips: in a column of repeated codes, values seen once or twice are typing errors."""
        answers = self.answers
        if not answers or self.total < 5 * len(answers):
            floor = 0 if not answers or self.total < 3 * len(answers) else 1
        else:
            floor = max(1, int(0.01 * self.total)) if self.total >= 10 * len(answers) else 1
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
        found: dict[str, list[str]] = defaultdict(list)
        for value in self.counts:
            if len(value) <= 128:
                found[shape_of(value)].append(value)
        return found

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
        return sum(self.counts[v] for v in hits) / self.total if self.total else 0.0
