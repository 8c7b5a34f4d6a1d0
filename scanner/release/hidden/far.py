"""Cells so far from the table that nobody scrolls there."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.release.pieces import Grid

FAR_ROWS, FAR_COLUMNS = 200, 20
"""Empty rows and columns in a workbook past which content counts as out of sight."""
FAR_LINES, FAR_CELLS = 10, 5
"""The same in a text table, which is read from the top in an editor or a preview."""


def mark_far(grid: Grid, rows: int, columns: int) -> None:
    """Rows after `rows` empty ones, and columns after `columns` empty ones, are out of sight."""
    numbers = [number for number, _ in grid.rows]
    far = _after_gap(numbers, rows)
    grid.hidden_rows.update({n: "far cells" for n in far if n not in grid.hidden_rows})
    used = sorted({c for _, cells in grid.rows for c, cell in enumerate(cells) if cell.strip()})
    for column in _after_gap(used, columns):
        grid.hidden_columns.setdefault(column, "far cells")


def _after_gap(numbers: Sequence[int], gap: int) -> list[int]:
    """Those after the first gap of `gap` or more, the first block being what is seen."""
    for i in range(1, len(numbers)):
        if numbers[i] - numbers[i - 1] > gap:
            return list(numbers[i:])
    return []
