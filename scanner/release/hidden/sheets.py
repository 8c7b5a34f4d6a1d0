"""An XLSX workbook's sheets as grids: every cell's text, and every way a row, column or cell is hidden.

ECMA-376 part 1, 18.2 (workbook), 18.3 (worksheets), 18.4 (shared strings).
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from scanner.common.package import Package
from scanner.common.sheetxml import column_index, shared_strings
from scanner.common.xmlread import discard, events, local
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import asides, covering
from scanner.release.hidden.cellstyle import PLAIN, CellStyle, Overlay, serial_to_date, styles_of
from scanner.release.hidden.parts import attribute, related, relations, tree

MAX_CELLS = 5_000_000
"""Cells of one workbook that are held (about 100 bytes each)."""
MAX_COLUMN = 16_384
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_HEADINGS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")
_WANTED = ("row", "col", "sheetFormatPr", "mergeCell", "autoFilter", "sheetView", "conditionalFormatting",
           *asides.ELEMENTS, *_HEADINGS)  # fmt: skip
_FLAT, _NARROW = 2.0, 0.5
"""Points of height, and characters of width, below which nobody sees that there is a row or column."""
TRUE = ("1", "true", "on")


@dataclasses.dataclass(frozen=True, slots=True)
class Cell:
    text: str
    """What a reader would see, numbers unformatted, dates in ISO form."""
    number: float | None
    style: int
    formula: bool = False


@dataclasses.dataclass(slots=True)
class Sheet:
    name: str
    part: str
    state: str
    """`visible`, `hidden` or `veryHidden`."""
    kind: str = "worksheet"
    rows: dict[int, dict[int, Cell]] = dataclasses.field(default_factory=dict)
    hidden_rows: dict[int, str] = dataclasses.field(default_factory=dict)
    hidden_columns: dict[int, str] = dataclasses.field(default_factory=dict)
    widths: dict[int, float] = dataclasses.field(default_factory=dict)
    merged: list[str] = dataclasses.field(default_factory=list)
    filtered: bool = False
    frozen_rows: int = 0
    headings: list[str] = dataclasses.field(default_factory=list)
    """Page headers and footers."""
    asides: asides.Asides = dataclasses.field(default_factory=asides.Asides)
    covered: list[covering.Area] = dataclasses.field(default_factory=list)
    """What lies under pictures and filled boxes."""
    overlaid: list[tuple[covering.Area, Overlay]] = dataclasses.field(default_factory=list)
    """What conditional formats can hide."""


@dataclasses.dataclass(slots=True)
class Book:
    sheets: list[Sheet]
    styles: list[CellStyle]
    strings: list[str]
    base_1904: bool
    names: list[tuple[str, str, bool]]
    """Defined names: (name, what it says, hidden)."""
    overlays: list[Overlay] = dataclasses.field(default_factory=list)
    used: set[int] = dataclasses.field(default_factory=set)
    """Numbers of the strings that some cell shows."""

    def style(self, index: int) -> CellStyle:
        return self.styles[index] if 0 <= index < len(self.styles) else PLAIN


def open_book(package: Package) -> Book:
    """The workbook's directory, styles and strings; sheets are filled by `fill`."""
    if "xl/workbook.xml" not in package.names:
        raise ReadError(GapReason.CORRUPT, "the workbook has no directory of sheets")
    root = tree(package, "xl/workbook.xml")
    rels = relations(package, "xl/workbook.xml")
    sheets = []
    for element in root.iter("{*}sheet"):
        kind, target, _ = rels.get(attribute(element, "id"), ("", "", False))
        sheets.append(
            Sheet(element.get("name", ""), target, element.get("state", "visible"), kind or "worksheet")
        )
    base = any(e.get("date1904") in TRUE for e in root.iter("{*}workbookPr"))
    names = [(e.get("name", ""), _says(e), e.get("hidden") in TRUE) for e in root.iter("{*}definedName")]
    strings, whole = shared_strings(package)
    if not whole:
        raise ReadError(GapReason.LIMIT, "more text than is held in memory", "split the workbook")
    views = [e.get("visibility", "visible") for e in root.iter("{*}workbookView")]
    if views and "visible" not in views:  # the whole window is hidden: the file opens as if it were empty
        for sheet in sheets:
            sheet.state = "hidden" if sheet.state == "visible" else sheet.state
    styles, overlays = styles_of(package)
    return Book(sheets, styles, strings, base, names, overlays)


def _says(name: Any) -> str:
    """What a defined name stands for, and the remarks of its maker as texts in it (18.2.5)."""
    remarks = (name.get(key, "").replace('"', "'") for key in ("comment", "description", "help", "statusBar"))
    return " ".join([(name.text or "").strip(), *(f'"{said}"' for said in remarks if said)])


def fill(package: Package, book: Book, sheet: Sheet, budget: int = MAX_CELLS) -> int:
    """Read one sheet's cells and what hides them; gives back the cells read. Raises ReadError."""
    if sheet.part not in package.names:
        if sheet.part:
            raise ReadError(GapReason.CORRUPT, "a sheet's part is missing")
        return 0
    cells = 0
    default_hidden = ""
    linked = relations(package, sheet.part)
    addresses = {key: target for key, (_, target, outside) in linked.items() if outside}
    out_of_reach = (0, 0)
    with package.open(sheet.part) as stream:
        for _, element in events(stream, recover=True, only=_WANTED):
            name = local(element.tag)
            if name == "row":
                cells += _row(book, sheet, element)
                if cells > budget:
                    raise ReadError(GapReason.LIMIT, f"more than {MAX_CELLS:,} cells", "split the workbook")
                discard(element)
            elif name == "col":
                _columns(sheet, element)
            elif name == "sheetFormatPr":
                if element.get("zeroHeight") in TRUE:
                    default_hidden = "hidden rows"
                if element.get("defaultColWidth") is not None and _float(element.get("defaultColWidth")) == 0:
                    sheet.hidden_columns.update(dict.fromkeys(range(MAX_COLUMN), "zero-width columns"))
            elif name == "mergeCell":
                sheet.merged.append(element.get("ref", ""))
            elif name == "autoFilter":
                sheet.filtered = sheet.filtered or next(element.iter("{*}filterColumn"), None) is not None
            elif name == "sheetView":
                out_of_reach = _view(sheet, element)
            elif name == "conditionalFormatting":
                sheet.overlaid += covering.overlaid(element, book.overlays)
            elif name in asides.ELEMENTS:
                sheet.asides.take(element, addresses)
            elif name in _HEADINGS:
                sheet.headings.append(
                    re.sub(r"&(?:\"[^\"]*\"|K[0-9A-F]{6}|\d+|[A-Z&])", " ", element.text or "")
                )
    if default_hidden:
        shown = {n for n in sheet.rows if sheet.hidden_rows.get(n) == "shown"}
        sheet.hidden_rows.update({n: default_hidden for n in sheet.rows if n not in shown})
    sheet.hidden_rows = {n: h for n, h in sheet.hidden_rows.items() if h != "shown"}
    if not sheet.filtered:
        sheet.filtered = any(
            kind == "table" and any(True for _ in tree(package, target).iter("{*}filterColumn"))
            for kind, target, outside in linked.values()
            if not outside and target in package.names
        )
    if sheet.filtered:
        sheet.hidden_rows = {
            n: "filtered rows" if h == "hidden rows" else h for n, h in sheet.hidden_rows.items()
        }
    for row in range(1, out_of_reach[0]):
        sheet.hidden_rows.setdefault(row, "hidden rows")
    for column in range(out_of_reach[1] - 1):
        sheet.hidden_columns.setdefault(column, "hidden columns")
    for drawing in related(package, sheet.part, "drawing"):
        sheet.covered += covering.covers(tree(package, drawing))
    return cells


def _view(sheet: Sheet, element: Any) -> tuple[int, int]:
    """(first row, first column from 1) that can be scrolled to: panes frozen further down keep out what is before."""
    pane = next(element.iter("{*}pane"), None)
    if pane is None or not pane.get("state", "").startswith("frozen"):
        return 0, 0
    sheet.frozen_rows = int(_float(pane.get("ySplit", "0")))
    top, left, _, _ = covering.area(element.get("topLeftCell", "A1")) or (1, 0, 1, 0)
    frozen_columns = int(_float(pane.get("xSplit", "0")))
    return min(top, 10_000) if sheet.frozen_rows else 0, min(left, 1_000) + 1 if frozen_columns else 0


def _columns(sheet: Sheet, element: Any) -> None:
    first, last = int(_float(element.get("min", "1"))), int(_float(element.get("max", "1")))
    width = _float(element.get("width", "8.43"))
    hiding = ""
    if element.get("hidden") in TRUE:
        hiding = "hidden columns"
    elif width < _NARROW and element.get("width") is not None:
        hiding = "zero-width columns"
    for index in range(max(0, first - 1), min(last, MAX_COLUMN)):
        if hiding:
            sheet.hidden_columns[index] = hiding
        elif last - first < 1000:
            sheet.widths[index] = width


def _row(book: Book, sheet: Sheet, element: Any) -> int:
    number = int(_float(element.get("r", "0"))) or (max(sheet.rows, default=0) + 1)
    if element.get("hidden") in TRUE:
        sheet.hidden_rows[number] = "hidden rows"
    elif element.get("ht") is not None and _float(element.get("ht")) < _FLAT:
        sheet.hidden_rows[number] = "zero-height rows"
    elif element.get("hidden") is not None or element.get("ht") is not None:
        sheet.hidden_rows[number] = "shown"
    row: dict[int, Cell] = {}
    column = -1
    for item in element:
        if not item.tag.endswith("}c"):
            continue
        match = _REFERENCE.match(item.get("r", ""))
        column = column_index(match[1]) if match else column + 1
        cell = _cell(book, sheet, item)
        if cell is not None and column < MAX_COLUMN:
            row[column] = cell
    if row:
        sheet.rows[number] = row
    return len(row)


def _cell(book: Book, sheet: Sheet, item: Any) -> Cell | None:
    kind, value, formula = item.get("t", "n"), "", False
    for child in item:
        tag = child.tag
        if tag.endswith("}v"):
            value = child.text or ""
        elif tag.endswith("}is"):
            value = "".join(t.text or "" for t in child.iter("{*}t"))
        elif tag.endswith("}f"):
            formula = True
            if child.text and '"' in child.text:
                sheet.asides.formula(child.text, item.get("r", ""))
    style = item.get("s", "0")
    index = int(style) if style.isdigit() else 0
    if kind == "s":
        at = int(value) if value.isascii() and value.isdigit() else -1
        value = book.strings[at] if 0 <= at < len(book.strings) else ""
        book.used.add(at)
        return Cell(value, None, index, formula) if value else None
    if not value:
        return None
    if kind in ("n", ""):
        number = _number(value)
        if number is None:
            return Cell(value, None, index, formula)
        if book.style(index).date:
            return Cell(serial_to_date(number, book.base_1904), number, index, formula)
        text = str(int(number)) if number.is_integer() and abs(number) < 1e15 else value
        return Cell(text, number, index, formula)
    if kind == "b":
        return Cell("true" if value == "1" else "false", None, index, formula)
    return Cell(value, None, index, formula)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None


def _float(value: str | None) -> float:
    try:
        return float(value or 0)
    except ValueError:
        return 0.0


def grid_rows(sheet: Sheet) -> list[tuple[int, list[str]]]:
    """The sheet's rows in order, as lists from column A."""
    out = []
    for number in sorted(sheet.rows):
        row = sheet.rows[number]
        cells = [""] * (max(row) + 1)
        for column, cell in row.items():
            cells[column] = cell.text
        out.append((number, cells))
    return out


def unseen_cells(book: Book, sheet: Sheet) -> dict[tuple[int, int], str]:
    """Cells that cannot be seen where they stand, to the reason's key."""
    doubtful = {i for i, style in enumerate(book.styles) if style.invisible or style.masks}
    found = {
        (number, column): "invisible cells"
        for number, row in sheet.rows.items()
        for column, cell in row.items()
        if cell.style in doubtful and book.styles[cell.style].hides(cell.number)
    }
    for area, overlay in sheet.overlaid:
        for at in covering.under(sheet.rows, area):
            cell = sheet.rows[at[0]][at[1]]
            if overlay.hides(book.style(cell.style), cell.number):
                found.setdefault(at, "invisible cells")
    for area in sheet.covered:
        found.update(dict.fromkeys(covering.under(sheet.rows, area), "covered cells"))
    found.update(dict.fromkeys(covering.merged_over(sheet.rows, sheet.merged), "covered cells"))
    return found


def unused_strings(book: Book) -> str:
    """Texts of the workbook's table that no cell shows any more: left by what was deleted."""
    return "\n".join(text for index, text in enumerate(book.strings) if index not in book.used)
