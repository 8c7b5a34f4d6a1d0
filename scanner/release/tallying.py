"""Counts of what was seen at one place, growing. Lives in the worker only."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from scanner.common.shapes import normalise
from scanner.model import entity
from scanner.release.results import TypeCount
from scanner.release.weighing import CONTACTS


def token(value: str) -> int:
    """Two spellings of one value give one number; the value cannot be had back from it."""
    return hash(normalise(value))


@dataclasses.dataclass(slots=True)
class Tally:
    """Types at one place (and under one hiding)."""

    values: dict[str, int] = dataclasses.field(default_factory=dict)
    distinct: dict[str, set[int]] = dataclasses.field(default_factory=dict)
    rows: set[int] = dataclasses.field(default_factory=set)
    columns: set[int] = dataclasses.field(default_factory=set)
    named: set[int] = dataclasses.field(default_factory=set)
    """Different whole names in table rows, where a forename and a surname stand in two columns."""
    named_rows: int = 0

    def add(self, name: str, values: Iterable[str]) -> None:
        tokens = [token(v) for v in values]
        self.values[name] = self.values.get(name, 0) + len(tokens)
        self.distinct.setdefault(name, set()).update(tokens)

    def name(self, parts: Iterable[str]) -> None:
        """One row's name, of however many cells."""
        self.named.add(token("|".join(parts)))
        self.named_rows += 1

    def merge(self, other: Tally) -> None:
        for name, count in other.values.items():
            self.values[name] = self.values.get(name, 0) + count
            self.distinct.setdefault(name, set()).update(other.distinct[name])
        self.rows |= other.rows
        self.columns |= other.columns
        self.named |= other.named
        self.named_rows += other.named_rows

    def counts(self) -> tuple[TypeCount, ...]:
        """Most telling first: by the law's weight, then by how many."""
        found = [TypeCount(n, self._values(n), self._distinct(n)) for n in self.values]
        return tuple(
            sorted(found, key=lambda t: (-entity(t.entity_type).sensitivity.value, -t.values, t.entity_type))
        )

    def _distinct(self, name: str) -> int:
        return len(self.named) if name == "PERSON" and self.named else len(self.distinct[name])

    def _values(self, name: str) -> int:
        """Names are counted by rows: a forename and a surname beside each other are one."""
        return self.named_rows if name == "PERSON" and self.named else self.values[name]

    @property
    def names(self) -> int:
        return self._distinct("PERSON") if "PERSON" in self.distinct else 0

    @property
    def people(self) -> int:
        """Different people, at least: the largest number of distinct values that single people out."""
        return max(
            (self._distinct(name) for name in self.distinct if entity(name).identifies or name in CONTACTS),
            default=0,
        )

    @property
    def contacts(self) -> int:
        return max((len(tokens) for name, tokens in self.distinct.items() if name in CONTACTS), default=0)
