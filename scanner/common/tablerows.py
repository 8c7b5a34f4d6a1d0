"""Rows of many tables that come mixed, given out table by table in batches."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.common.tables import Batches
from scanner.common.tabular import unique_names
from scanner.contracts import Content, Fragment

Table = tuple[str, tuple[str, ...]]
"""A table's name, and its columns in the order its rows come."""


class TableRows:
    """Rows by table (and column list: statements may name columns in another order), in batches."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self._rows: dict[Table, list[list[str]]] = {}
        self._chars: dict[Table, int] = {}
        self._batches: dict[Table, Batches] = {}

    @property
    def cut(self) -> bool:
        return any(batches.cut for batches in self._batches.values())

    def add(self, table: Table, row: list[str]) -> Iterator[Fragment]:
        rows = self._rows.setdefault(table, [])
        rows.append(row)
        size = self._chars[table] = self._chars.get(table, 0) + sum(map(len, row)) + 20 * len(row)
        if len(rows) >= self._content.limits.batch_rows or size > 8 * 1024 * 1024:
            yield from self._flush(table)

    def flush(self) -> Iterator[Fragment]:
        for table in list(self._rows):
            yield from self._flush(table)

    def _flush(self, table: Table) -> Iterator[Fragment]:
        rows = self._rows.pop(table, [])
        self._chars[table] = 0
        if not rows:
            return
        if table not in self._batches:
            name, columns = table
            place = self._content.place.child("table", name)
            names = unique_names(columns, len(columns))
            self._batches[table] = Batches(names, place, self._content.limits.cell_chars)
        yield self._batches[table].table(rows)
