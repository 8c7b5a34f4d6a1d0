"""XLSB: its sheets are read, but hidden rows, columns and formats are not told by the reader; it says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from scanner.common.extracting import Watched
from scanner.common.package import Package
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import parts
from scanner.release.hidden.sheets import MAX_CELLS
from scanner.release.pieces import Found, Grid, Looking, Where, gap_at


def look(looking: Looking) -> Iterator[Found]:
    import python_calamine as calamine

    package = Package(looking.content)
    watched = Watched(looking.content.file)
    watched.seek(0)
    try:
        book = calamine.CalamineWorkbook.from_filelike(cast(BinaryIO, watched))
        sheets = list(book.sheets_metadata)
        left = MAX_CELLS
        for sheet in sheets:
            looking.count("sheets")
            state = {calamine.SheetVisibleEnum.Hidden: "hidden sheet", calamine.SheetVisibleEnum.VeryHidden: "very hidden sheet"}.get(sheet.visible, "")  # fmt: skip
            where = Where.of("sheet “{}”", sheet.name)
            if state:
                where = where.plus(" (very hidden)" if state.startswith("very") else " (hidden)")
            rows = []
            for number, row in enumerate(book.get_sheet_by_name(sheet.name).iter_rows(), 1):
                cells = [cell_text(value) for value in row]
                left -= len(cells)
                if any(cells):
                    rows.append((number, cells))
                if left < 0:
                    raise ReadError(GapReason.LIMIT, f"more than {MAX_CELLS:,} cells", "split the workbook")
            yield Grid(where, rows, state)
    except (calamine.CalamineError, OSError, ValueError, OverflowError, TypeError) as error:
        watched.check()
        raise ReadError(GapReason.CORRUPT, "the workbook is damaged or cut off") from error
    yield gap_at(
        Where(), GapReason.UNSUPPORTED, "hidden rows, columns and formats of a binary workbook cannot be seen",
        "save it as XLSX and check that",
    )  # fmt: skip
    yield from parts.properties(package)
    yield from parts.macros(package)
    yield from parts.embedded(package, looking, ("xl/embeddings/",), {})


def cell_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return "" if value is None else str(value)
