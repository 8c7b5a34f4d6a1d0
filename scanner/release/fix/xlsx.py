"""A clean XLSX of an XLSX or XLSM."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from scanner.common.package import Package
from scanner.contracts import Content
from scanner.release.fix.book import CleanCell, CleanSheet, write_book
from scanner.release.fix.clean import Done
from scanner.release.hidden import binarybook, parts
from scanner.release.hidden import sheets as xml
from scanner.release.hidden.far import FAR_COLUMNS, FAR_ROWS, mark_far
from scanner.release.hidden.sheets import Book, Cell, Sheet, grid_rows, unseen_cells
from scanner.release.hidings import title
from scanner.release.pieces import Grid, Where

_BEHIND = (
    ("xl/pivotCache/pivotCacheDefinition", "pivot caches (pivot tables became plain cells)"),
    ("xl/externalLinks/externalLink", "links to other workbooks with their cached values"),
    ("xl/comments", "comments"), ("xl/threadedComments/", "threaded comments"), ("xl/persons/", "people of comments"),
    ("xl/embeddings/", "embedded files"), ("xl/connections.xml", "data connections"), ("xl/vbaProject.bin", "macros"),
    ("customXml/item", "custom XML parts"), ("xl/revisions/revisionLog", "change history"), ("xl/model/", "data model"),
    ("docProps/", "document properties"),
)  # fmt: skip
_LOST = (("xl/charts/chart", "chart"), ("xl/media/", "picture"))


def write(content: Content, out: Path, done: Done) -> None:
    package = Package(content)
    reader = binarybook if binarybook.WORKBOOK in package.names else xml
    book = reader.open_book(package)
    sheets = []
    for sheet in book.sheets:
        if sheet.state != "visible" or sheet.kind not in ("worksheet", ""):
            done.remove(f"{'very hidden' if sheet.state == 'veryHidden' else 'hidden'} sheet" if sheet.state != "visible" else "chart sheet")  # fmt: skip
            continue
        reader.fill(package, book, sheet)
        sheets.append(_clean(package, book, sheet, done))
        sheet.rows.clear()
    names = [n for n, _, _ in book.names if not n.startswith("_xlnm")]
    done.remove("defined names", len(names))
    for prefix, words in _BEHIND:
        count = sum(
            n.startswith(prefix) and "/_rels/" not in n and "Props" not in n[10:] for n in package.names
        )
        done.remove(words, min(count, 1) if prefix == "docProps/" else count)
    for prefix, what in _LOST:
        count = sum(n.startswith(prefix) and "/_rels/" not in n for n in package.names)
        if count:
            done.left.append(
                f"{count} {what}{'s' * (count > 1)} not copied: add again from the clean figures if needed"
            )
    write_book(sheets, out, done)


def _clean(package: Package, book: Book, sheet: Sheet, done: Done) -> CleanSheet:
    grid = Grid(Where(), grid_rows(sheet), hidden_rows=sheet.hidden_rows, hidden_columns=sheet.hidden_columns,
                hidden_cells=unseen_cells(book, sheet))  # fmt: skip
    mark_far(grid, FAR_ROWS, FAR_COLUMNS)
    cells = {}
    lost: dict[str, set[tuple[int, int]]] = {}
    for number, row in sheet.rows.items():
        for column, cell in row.items():
            hiding = grid.hidden_by(number, column)
            if hiding:
                lost.setdefault(hiding, set()).add((number, column))
            else:
                cells[number, column] = _cell(book, cell)
    for hiding, where in lost.items():
        by_column = hiding in sheet.hidden_columns.values() or hiding.endswith("columns")
        if hiding.endswith("rows"):
            done.remove(title(hiding), len({r for r, _ in where}))
        elif by_column:
            done.remove(title(hiding), len({c for _, c in where}))
        else:
            done.remove(title(hiding), len(where))
    boxes = sum(
        bool(parts.words(s, "t"))
        for d in parts.related(package, sheet.part, "drawing")
        for s in parts.tree(package, d).iter("{*}sp")
    )
    if boxes:
        done.left.append(f"{boxes} text box{'es' * (boxes > 1)} of a sheet not copied")
    return CleanSheet(
        sheet.name,
        cells,
        set(grid.hidden_rows),
        set(grid.hidden_columns),
        sheet.widths,
        sheet.merged,
        sheet.frozen_rows,
    )


def _cell(book: Book, cell: Cell) -> CleanCell:
    style = book.style(cell.style)
    value: str | float | bool | dt.datetime = cell.text
    code = style.code
    if cell.number is not None:
        value = cell.number
        if style.date and book.base_1904:
            value = cell.number + 1462  # days from one epoch to the other
    elif cell.text in ("true", "false"):
        value = cell.text == "true"
    return CleanCell(value, code, style.bold, style.wrap)
