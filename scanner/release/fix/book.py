"""A workbook built anew from what a reader sees: values, number formats, bold, widths and merged cells.

Built, not edited: what is not copied on purpose cannot be in the copy.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from collections.abc import Sequence
from pathlib import Path

from scanner.common.sheetxml import column_index
from scanner.release.fix.clean import CannotFix, Done

_RANGE = re.compile(r"\$?([A-Z]{1,3})\$?(\d+):\$?([A-Z]{1,3})\$?(\d+)$")


@dataclasses.dataclass(frozen=True, slots=True)
class CleanCell:
    value: str | float | bool | dt.datetime
    code: str = "General"
    bold: bool = False
    wrap: bool = False


@dataclasses.dataclass(slots=True)
class CleanSheet:
    name: str
    cells: dict[tuple[int, int], CleanCell]
    """(row from 1, column from 0) in the original."""
    hidden_rows: set[int]
    hidden_columns: set[int]
    widths: dict[int, float] = dataclasses.field(default_factory=dict)
    merged: Sequence[str] = ()
    frozen_rows: int = 0


def write_book(sheets: Sequence[CleanSheet], out: Path, done: Done) -> None:
    """Raises CannotFix where no sheet is visible."""
    import xlsxwriter

    if not sheets:
        raise CannotFix("it has no visible sheet")
    book = xlsxwriter.Workbook(
        str(out), {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
                   "nan_inf_to_errors": True},
    )  # fmt: skip
    formats: dict[tuple[str, bool, bool], object] = {}
    book.set_properties({"created": dt.datetime(2000, 1, 1)})
    for sheet in sheets:
        rows = _moved(sheet.hidden_rows, max((r for r, _ in sheet.cells), default=0), 1)
        columns = _moved(sheet.hidden_columns, max((c for _, c in sheet.cells), default=0), 0)
        page = book.add_worksheet(sheet.name[:31])
        for column, width in sheet.widths.items():
            if column in columns:
                page.set_column(columns[column], columns[column], min(width, 255))
        for (row, column), cell in sorted(sheet.cells.items()):
            if row not in rows or column not in columns:
                continue
            key = (cell.code, cell.bold, cell.wrap)
            if key not in formats:
                formats[key] = book.add_format(_format(*key)) if key != ("General", False, False) else None
            _put(page, rows[row], columns[column], cell, formats[key])
        for text in sheet.merged:
            _merge(page, text, rows, columns)
        if sheet.frozen_rows:
            page.freeze_panes(sum(1 for r in rows if r <= sheet.frozen_rows), 0)
    book.close()
    done.left.append(
        "the copy has values, number formats, bold and column widths; formulas became values, hidden rows and columns "
        "closed up, colours and page layout are not kept"
    )


def _format(code: str, bold: bool, wrap: bool) -> dict[str, object]:
    return {"num_format": code, **({"bold": True} if bold else {}), **({"text_wrap": True} if wrap else {})}


def _moved(hidden: set[int], last: int, first: int) -> dict[int, int]:
    """Old number to new index from 0, hidden ones left out."""
    moved: dict[int, int] = {}
    for number in range(first, last + 1):
        if number not in hidden:
            moved[number] = len(moved)
    return moved


def _put(page: object, row: int, column: int, cell: CleanCell, style: object) -> None:
    value = cell.value
    if isinstance(value, bool):
        page.write_boolean(row, column, value, style)  # type: ignore[attr-defined]
    elif isinstance(value, float):
        page.write_number(row, column, value, style)  # type: ignore[attr-defined]
    elif isinstance(value, dt.datetime):
        page.write_datetime(row, column, value, style)  # type: ignore[attr-defined]
    else:
        page.write_string(row, column, value[:32_767], style)  # type: ignore[attr-defined]


def _merge(page: object, text: str, rows: dict[int, int], columns: dict[int, int]) -> None:
    match = _RANGE.match(text)
    if not match:
        return
    top, bottom = int(match[2]), int(match[4])
    left, right = column_index(match[1]), column_index(match[3])
    kept_rows = [rows[r] for r in range(top, min(bottom, top + 5000) + 1) if r in rows]
    kept_columns = [columns[c] for c in range(left, right + 1) if c in columns]
    if (
        kept_rows
        and kept_columns
        and len(kept_rows) * len(kept_columns) > 1
        and top in rows
        and left in columns
    ):
        # Only the range: the value stands in the first cell already, and `merge_range` would write it anew.
        page.merge.append([kept_rows[0], kept_columns[0], kept_rows[-1], kept_columns[-1]])  # type: ignore[attr-defined]
