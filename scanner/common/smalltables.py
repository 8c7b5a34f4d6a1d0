"""Many tables of one row (the headers of a mailbox's messages) as few of many rows.

Judging a column has a price that does not depend on its length: a thousand messages cost
a thousand times as much one by one as together.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.contracts import Limits, TableFragment
from scanner.model import Place

MOST_ROWS = 2_000
MOST_CHARS = 4 * 1024 * 1024
_PARTS = frozenset({"headers", "recipients", "contact"})


class SmallTables:
    """Takes tables as they come; gives them out merged by place."""

    def __init__(self, limits: Limits) -> None:
        self._most = min(MOST_ROWS, limits.batch_rows)
        self._rows: dict[Place, list[dict[str, str]]] = {}
        self._given: dict[Place, int] = {}
        self._chars = 0

    @staticmethod
    def wants(table: TableFragment) -> bool:
        """True for a table about a message; its text may hold tables of its own, which stay apart."""
        return bool(table.place.steps) and table.place.steps[-1][1] in _PARTS and not table.hidden

    def add(self, table: TableFragment) -> Iterator[TableFragment]:
        rows = self._rows.setdefault(table.place, [])
        for cells in zip(*table.columns.values(), strict=True):
            row = {name: cell for name, cell in zip(table.columns, cells, strict=True) if cell}
            rows.append(row)
            self._chars += sum(map(len, row.values()))
            if len(rows) >= self._most:
                yield from self._give(table.place)
                rows = self._rows.setdefault(table.place, [])
        if self._chars > MOST_CHARS:
            yield from self.flush()

    def flush(self) -> Iterator[TableFragment]:
        for place in list(self._rows):
            yield from self._give(place)
        self._chars = 0

    def _give(self, place: Place) -> Iterator[TableFragment]:
        rows = self._rows.pop(place, [])
        if not rows:
            return
        names = dict.fromkeys(name for row in rows for name in row)
        first = self._given.get(place, 0)
        self._given[place] = first + len(rows)
        yield TableFragment({name: [row.get(name) for row in rows] for name in names}, place, first_row=first)
