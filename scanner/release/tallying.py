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

    def add(self, name: str, values: Iterable[str]) -> None:
        tokens = [token(v) for v in values]
        self.values[name] = self.values.get(name, 0) + len(tokens)
        self.distinct.setdefault(name, set()).update(tokens)

    def merge(self, other: Tally) -> None:
        for name, count in other.values.items():
            self.values[name] = self.values.get(name, 0) + count
            self.distinct.setdefault(name, set()).update(other.distinct[name])
        self.rows |= other.rows
        self.columns |= other.columns

    def counts(self) -> tuple[TypeCount, ...]:
        """Most telling first: by the law's weight, then by how many."""
        found = [TypeCount(n, c, len(self.distinct[n])) for n, c in self.values.items()]
        return tuple(
            sorted(found, key=lambda t: (-entity(t.entity_type).sensitivity.value, -t.values, t.entity_type))
        )

    @property
    def people(self) -> int:
        """Different people, at least: the largest number of distinct values that single people out."""
        return max(
            (
                len(tokens)
                for name, tokens in self.distinct.items()
                if entity(name).identifies or name in CONTACTS
            ),
            default=0,
        )

    @property
    def contacts(self) -> int:
        return max((len(tokens) for name, tokens in self.distinct.items() if name in CONTACTS), default=0)
