"""ODS: sheets, rows and columns as LibreOffice shows or hides them (ODF 1.3 part 3, 9)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scanner.common.xmlread import local
from scanner.release.hidden import odf, odf_asides, parts
from scanner.release.hidden.far import FAR_COLUMNS, FAR_ROWS, mark_far
from scanner.release.hidden.sheets import MAX_CELLS
from scanner.release.pieces import Found, Grid, Looking, TextPiece, Where

MOST_REPEATS = 16_384
_LABELLED = 5
"""Digits up to which a word shown in place of a number is a label (`Yes` for 1)."""
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_SHEETS = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}spreadsheet"


def look(looking: Looking) -> Iterator[Found]:
    package, root, styles = odf.load(looking)
    for table in sheet_tables(root):
        yield from _sheet(looking, table, styles)
    yield from odf.notes_in(root, _cell_of)
    yield from odf.changes(root)
    for link in root.iter(f"{_TABLE}dde-link"):
        for table in link.iter(f"{_TABLE}table"):
            grid = read_table(table, styles, Where.of("cached values of a link (DDE)"))
            grid.hiding = "external cache"
            yield grid
    names = [
        parts.attribute(e, "name").replace("_", " ")
        for e in root.iter(f"{_TABLE}named-range", f"{_TABLE}named-expression")
    ]
    if names:
        yield TextPiece(Where.of("defined names"), "\n".join(names), "defined names")
    for source in root.iter(
        f"{_TABLE}database-source-sql", f"{_TABLE}database-source-query", f"{_TABLE}database-source-table"
    ):
        yield from parts.connection(Where.of("database query"), "\n".join(map(str, source.attrib.values())))
    yield from odf_asides.asides(root)
    yield from odf.headings(package)
    yield from odf.beside(package, looking)


def sheet_tables(root: Any) -> list[Any]:
    return [t for sheets in root.iter(_SHEETS) for t in sheets if local(t.tag) == "table"]


def _sheet(looking: Looking, table: Any, styles: odf.Styles) -> Iterator[Found]:
    name = parts.attribute(table, "name")
    where = Where.of("sheet “{}”", name)
    hidden = is_hidden(table, styles)
    external = any(local(c.tag) == "table-source" for c in table) or name.startswith("'file:")
    if external:
        where = Where.of("cached values of a linked workbook")
    else:
        looking.count("sheets")
    grid = read_table(table, styles, where.plus(" (hidden)") if hidden and not external else where)
    grid.hiding = "external cache" if external else "hidden sheet" if hidden else ""
    mark_far(grid, FAR_ROWS, FAR_COLUMNS)
    yield grid
    for shapes in table.iter(f"{_TABLE}shapes"):
        text = "\n".join(odf.text_of(p) for p in shapes.iter("{*}p"))
        if text.strip():
            yield TextPiece(where.plus(", text box"), text, grid.hiding)


def is_hidden(table: Any, styles: odf.Styles) -> bool:
    return (
        parts.attribute(table, "style-name") in styles.undisplayed
        or parts.attribute(table, "display") == "false"
    )


def row_hiding(row: Any, styles: odf.Styles) -> str:
    state = parts.attribute(row, "visibility", "visible")
    if state == "filter":
        return "filtered rows"
    if state == "collapse" or _in_closed_group(row, "table-row-group"):
        return "hidden rows"
    return "zero-height rows" if parts.attribute(row, "style-name") in styles.no_height else ""


def column_hiding(column: Any, styles: odf.Styles) -> str:
    if parts.attribute(column, "visibility", "visible") != "visible" or _in_closed_group(
        column, "table-column-group"
    ):
        return "hidden columns"
    return "zero-width columns" if parts.attribute(column, "style-name") in styles.no_width else ""


def _in_closed_group(element: Any, kind: str) -> bool:
    return any(
        local(a.tag) == kind and parts.attribute(a, "display") == "false" for a in element.iterancestors()
    )


def _repeats(element: Any, name: str) -> int:
    value = parts.attribute(element, name, "1")
    return int(value) if value.isdigit() else 1


def read_table(table: Any, styles: odf.Styles, where: Where) -> Grid:
    grid = Grid(where, [])
    index = 0
    for column in table.iter(f"{_TABLE}table-column"):
        repeats = _repeats(column, "number-columns-repeated")
        hiding = column_hiding(column, styles)
        if hiding:
            grid.hidden_columns.update(
                dict.fromkeys(range(index, min(index + repeats, MOST_REPEATS)), hiding)
            )
        index += repeats
    number, cells_read = 1, 0
    for row in table.iter(f"{_TABLE}table-row"):
        repeats = _repeats(row, "number-rows-repeated")
        cells, unseen = _row(row, styles)
        if any(cells):
            hiding = row_hiding(row, styles)
            for at in range(number, number + min(repeats, 10_000)):
                grid.rows.append((at, list(cells)))
                cells_read += len(cells)
                if hiding:
                    grid.hidden_rows[at] = hiding
                grid.hidden_cells.update({(at, column): why for column, why in unseen.items()})
                if cells_read > MAX_CELLS:
                    return grid
        number += repeats
    return grid


def _row(row: Any, styles: odf.Styles) -> tuple[list[str], dict[int, str]]:
    cells: list[str] = []
    unseen: dict[int, str] = {}
    for cell in row:
        if not isinstance(cell.tag, str) or local(cell.tag) not in ("table-cell", "covered-table-cell"):
            continue
        repeats = min(_repeats(cell, "number-columns-repeated"), MOST_REPEATS - len(cells))
        text = cell_text(cell)
        style = parts.attribute(cell, "style-name")
        covered = local(cell.tag) == "covered-table-cell"
        if text and (covered or (style and styles.hiding(style)) or _masked(cell, text)):
            why = "covered cells" if covered else "invisible cells"
            unseen.update(dict.fromkeys(range(len(cells), len(cells) + repeats), why))
        cells += [text] * max(repeats, 0)
    while cells and not cells[-1]:
        cells.pop()
    return cells, unseen


def cell_text(cell: Any) -> str:
    kind = parts.attribute(cell, "value-type")
    if kind == "date":
        return parts.attribute(cell, "date-value").removesuffix("T00:00:00")
    shown = _shown(cell)
    if kind in ("float", "percentage", "currency"):
        value = parts.attribute(cell, "value")
        return value or shown
    if kind == "string":
        # What the number format puts in place of it may be asterisks.
        return parts.attribute(cell, "string-value") or shown
    return shown


def _shown(cell: Any) -> str:
    return "\n".join(odf.text_of(p) for p in cell if isinstance(p.tag, str) and local(p.tag) == "p").strip()


def _masked(cell: Any, text: str) -> bool:
    """True if the number format shows something else than the value: `***`, nothing, or a word for a long number."""
    kind, shown = parts.attribute(cell, "value-type"), _shown(cell)
    if kind == "string":
        return bool(parts.attribute(cell, "string-value")) and text not in shown
    if kind == "float":
        return not any(map(str.isdigit, shown)) and len(text.lstrip("-").partition(".")[0]) > _LABELLED
    return False


def _cell_of(note: Any) -> Where:
    for ancestor in note.iterancestors():
        if local(ancestor.tag) == "table":
            return Where.of("sheet “{}”, comment", parts.attribute(ancestor, "name"))
    return Where.of("comment")
