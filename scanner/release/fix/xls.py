"""A clean XLSX of an XLS."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from scanner.common.extracting import read_whole
from scanner.common.sheetxml import column_letters
from scanner.contracts import Content
from scanner.release.fix.book import CleanCell, CleanSheet, write_book
from scanner.release.fix.clean import Done
from scanner.release.hidden import xls
from scanner.release.hidden.far import FAR_COLUMNS, FAR_ROWS, mark_far
from scanner.release.hidings import title
from scanner.release.pieces import Where


def write(content: Content, out: Path, done: Done) -> None:
    book = xls.open_book(read_whole(content))
    sheets = []
    for sheet in book.sheets():
        if sheet.visibility:
            done.remove("very hidden sheet" if sheet.visibility == 2 else "hidden sheet")
            continue
        sheets.append(_clean(book, sheet, done))
    done.remove("everything beside the sheets: comments, properties, pivot caches, objects, macros")
    done.left.append("written in the newer XLSX format")
    write_book(sheets, out, done)


def _clean(book: Any, sheet: Any, done: Done) -> CleanSheet:
    grid = xls.grid_of(book, sheet, Where(), filtered=False)
    mark_far(grid, FAR_ROWS, FAR_COLUMNS)
    cells = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            cell = sheet.cell(row, column)
            text = xls.cell_text(book, cell)
            if not text:
                continue
            hiding = grid.hidden_by(row + 1, column)
            if hiding:
                done.remove(f"cells: {title(hiding)}")
            else:
                cells[row + 1, column] = _cell(book, cell, text)
    merged = [
        f"{column_letters(c1)}{r1 + 1}:{column_letters(c2 - 1)}{r2}" for r1, r2, c1, c2 in sheet.merged_cells
    ]
    widths = {c: info.width / 256 for c, info in sheet.colinfo_map.items() if info.width}
    return CleanSheet(sheet.name, cells, set(grid.hidden_rows), set(grid.hidden_columns), widths, merged)


def _cell(book: Any, cell: Any, text: str) -> CleanCell:
    import xlrd

    style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
    code = (book.format_map[style.format_key].format_str if style is not None else "") or "General"
    bold = bool(style is not None and book.font_list[style.font_index].weight >= 700)
    if cell.ctype == xlrd.XL_CELL_DATE:
        return CleanCell(float(cell.value) + (1462 if book.datemode else 0), code, bold)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        return CleanCell(float(cell.value), code, bold)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return CleanCell(bool(cell.value), code, bold)
    return CleanCell(text, code, bold)
