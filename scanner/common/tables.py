"""Rows as they come, out as column batches with the header found."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence

from scanner.common.tabular import SAMPLE_ROWS, Layout, find_layout, unique_names
from scanner.contracts import Fragment, Limits, TableFragment, TextFragment
from scanner.model import Place

BATCH_CHARS = 8 * 1024 * 1024
BATCH_CELLS = 500_000
EXTRA_COLUMNS = 20
"""Cells a row may have beyond the header; what lies further right is joined into the last."""


class Batches:
    """Turns lists of rows into table fragments whose columns keep their names throughout."""

    def __init__(
        self, names: Sequence[str], place: Place, cell_chars: int, joiner: str = " ", hidden: bool = False
    ) -> None:
        self.names = list(names) or ["column_0"]
        self._most_columns = len(self.names) + EXTRA_COLUMNS
        self._place, self._cell_chars, self._joiner, self._hidden = place, cell_chars, joiner, hidden
        self.first_row = 0
        self.cut = False
        """True if a cell was longer than `cell_chars` and cut."""

    def table(self, rows: Sequence[list[str]], long_cells: bool = True) -> TableFragment:
        """One batch; `rows` is not empty. Rows may be ragged (too wide ones are changed).

        `long_cells`: False if the caller knows that no cell is longer than `cell_chars`.
        """
        return self.fragment(self.columns(rows, long_cells), len(rows))

    def fragment(self, columns: Mapping[str, Sequence[str | None]], rows: int) -> TableFragment:
        """Columns of so many rows, as the batch that follows the last one."""
        table = TableFragment(columns, self._place, self._hidden, first_row=self.first_row)
        self.first_row += rows
        return table

    def columns(self, rows: Sequence[list[str]], long_cells: bool = True) -> dict[str, Sequence[str | None]]:
        """Rows turned into columns, all of `names` (which grow where a row is wider)."""
        widest = max(map(len, rows))
        limit = self._most_columns
        if widest > limit:
            long_cells = True
            for row in rows:
                if len(row) > limit:
                    row[limit - 1 :] = [self._joiner.join(row[limit - 1 :])]
            widest = limit
        if widest > len(self.names):
            self.names = list(unique_names(self.names, widest))
        even = min(map(len, rows)) == widest
        cells = zip(*rows, strict=True) if even else itertools.zip_longest(*rows, fillvalue="")
        most = self._cell_chars
        columns: dict[str, Sequence[str | None]] = {}
        for name, column in zip(self.names, cells, strict=False):
            if long_cells and max(map(len, column)) > most:
                self.cut = True
                column = tuple(cell[:most] for cell in column)
            columns[name] = [cell or None for cell in column] if "" in column else column
        for name in self.names[widest:]:
            columns[name] = [None] * len(rows)
        return columns


class RowCollector:
    """A table met row by row (a sheet, a table in a page): finds its header, then batches it.

    What is too small to be a table (one column or one row) comes out as text.
    """

    def __init__(self, place: Place, limits: Limits, hidden: bool = False, always: bool = False) -> None:
        self._place, self._limits, self._hidden, self._always = place, limits, hidden, always
        self._rows: list[list[str]] = []
        self._chars = 0
        self._batches: Batches | None = None
        self._layout: Layout | None = None

    @property
    def cut(self) -> bool:
        return self._batches is not None and self._batches.cut

    def add(self, row: list[str]) -> Iterator[Fragment]:
        """Takes one row ("" for an empty cell); gives out batches that became full."""
        self._rows.append(row)
        self._chars += sum(map(len, row)) + 20 * len(row)
        width = len(self._batches.names) if self._batches else 1
        if (
            len(self._rows) >= max(SAMPLE_ROWS, min(self._limits.batch_rows, BATCH_CELLS // width))
            or self._chars > BATCH_CHARS
        ):
            yield from self._give()

    def finish(self) -> Iterator[Fragment]:
        """Gives out what is left."""
        if self._batches is None and not self._always:
            width = max(map(len, self._rows), default=0)
            if width < 2 or len(self._rows) < 2:
                text = "\n".join("\t".join(filter(None, row)) for row in self._rows).strip()
                if text:
                    yield TextFragment(text, self._place, self._hidden)
                self._rows = []
                return
        yield from self._give()
        if (
            self._batches is not None
            and self._layout is not None
            and not self._batches.first_row
            and self._layout.header
        ):
            yield TableFragment(dict.fromkeys(self._batches.names, ()), self._place, self._hidden)

    def _give(self) -> Iterator[Fragment]:
        rows, self._rows, self._chars = self._rows, [], 0
        if self._batches is None:
            layout = self._layout = find_layout(rows[:SAMPLE_ROWS])
            titles = "\n".join(" ".join(filter(None, row)) for row in rows[: layout.titles]).strip()
            if titles:
                yield TextFragment(titles, self._place, self._hidden)
            rows = rows[layout.first_data :]
            self._batches = Batches(layout.names, self._place, self._limits.cell_chars, hidden=self._hidden)
        rows = [row for row in rows if any(row)]
        # More than a batch may have been held, to find the header in.
        for start in range(0, len(rows), self._limits.batch_rows):
            yield self._batches.table(rows[start : start + self._limits.batch_rows])
