"""XLS (Excel 97–2003): sheets, and what the file keeps behind them."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Any

from scanner.common.extracting import read_whole
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import biff, parts
from scanner.release.hidden.colours import alike
from scanner.release.hidden.far import FAR_COLUMNS, FAR_ROWS, mark_far
from scanner.release.hidden.numberformat import hides_number, hides_text, may_hide
from scanner.release.pieces import Found, Grid, Looking, Presence, TextPiece, Where, gap_at

_STATES = {1: ("hidden sheet", " (hidden)"), 2: ("very hidden sheet", " (very hidden)")}
_WHITE = (9, 65, 1)
"""Palette indexes that are white unless the palette was changed."""
_FLAT, _NARROW = 40, 128
"""Twentieths of a point, and 256ths of a character, below which nobody sees a row or column."""
_FIELDS = {"author": "the author", "last_saved_by": "“last saved by”", "manager": "the manager"}
_DAMAGE = (
    AssertionError, IndexError, KeyError, ValueError, TypeError, AttributeError, struct.error, UnicodeError,
    OverflowError, OSError, NotImplementedError, ZeroDivisionError,
)  # fmt: skip


def look(looking: Looking) -> Iterator[Found]:
    raw = read_whole(looking.content)
    book = open_book(raw)
    ole = open_ole(raw)
    left = biff.leftovers(_stream(ole, "Workbook") or _stream(ole, "Book") or raw)
    for number, sheet in enumerate(book.sheets()):
        looking.count("sheets")
        filtered = number < len(left.filtered) and left.filtered[number]
        where = where_of(sheet)
        grid = grid_of(book, sheet, where, filtered)
        mark_far(grid, FAR_ROWS, FAR_COLUMNS)
        yield grid
        yield from _notes(sheet, where)
    yield from _names(book)
    yield from _asides(book, left)
    if left.cached:
        yield TextPiece(
            Where.of("cached values of a linked workbook"), "\n".join(left.cached), "external cache"
        )
    for link in left.links:
        yield from parts.user_path(Where.of("link to another workbook"), link)
    if left.strings:
        yield from parts.connection(Where.of("query"), "\n".join(left.strings))
    if ole is not None:
        yield from _beside(looking, ole)


def open_book(raw: bytes) -> Any:
    """Raises ReadError(ENCRYPTED, CORRUPT)."""
    import xlrd
    from xlrd.compdoc import CompDocError

    try:
        return xlrd.open_workbook(
            file_contents=raw, formatting_info=True, logfile=io.StringIO(), on_demand=False
        )
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise ReadError(GapReason.ENCRYPTED, "protected by a password") from error
        raise ReadError(GapReason.CORRUPT, "the workbook is damaged or cut off") from error
    except (CompDocError, *_DAMAGE) as error:
        raise ReadError(GapReason.CORRUPT, "the workbook is damaged or cut off") from error


def open_ole(raw: bytes) -> Any:
    import olefile

    try:
        return olefile.OleFileIO(io.BytesIO(raw))
    except _DAMAGE:
        return None


def _stream(ole: Any, name: str | list[str]) -> bytes:
    if ole is None or not ole.exists(name):
        return b""
    try:
        return bytes(ole.openstream(name).read())
    except _DAMAGE:
        return b""


def where_of(sheet: Any) -> Where:
    return Where.of("sheet “{}”", sheet.name).plus(_STATES.get(sheet.visibility, ("", ""))[1])


def grid_of(book: Any, sheet: Any, where: Where, filtered: bool) -> Grid:
    grid = Grid(where, [], _STATES.get(sheet.visibility, ("", ""))[0])
    for row in range(sheet.nrows):
        cells = [cell_text(book, cell) for cell in sheet.row(row)]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            grid.rows.append((row + 1, cells))
    for row, info in sheet.rowinfo_map.items():
        if info.hidden or info.height < _FLAT:
            grid.hidden_rows[row + 1] = (
                "filtered rows" if filtered else "hidden rows" if info.hidden else "zero-height rows"
            )
    for column, info in sheet.colinfo_map.items():
        if info.hidden or info.width < _NARROW:
            grid.hidden_columns[column] = "hidden columns" if info.hidden else "zero-width columns"
    grid.hidden_cells = _invisible(book, sheet)
    return grid


def cell_text(book: Any, cell: Any) -> str:
    import xlrd

    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            when = xlrd.xldate.xldate_as_datetime(cell.value, book.datemode)
        except (xlrd.xldate.XLDateError, ValueError, OverflowError):
            return str(cell.value)
        return str(when.date()) if not (when.hour or when.minute or when.second) else str(when)
    if cell.ctype == xlrd.XL_CELL_NUMBER:
        number = float(cell.value)
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "true" if cell.value else "false"
    return str(cell.value) if cell.ctype == xlrd.XL_CELL_TEXT else ""


def _invisible(book: Any, sheet: Any) -> dict[tuple[int, int], str]:
    known: dict[int, tuple[bool, str]] = {}
    found = {}
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            index = sheet.cell_xf_index(row, column)
            if index not in known:
                known[index] = _unseen(book, index)
            unseen, code = known[index]
            cell = sheet.cell(row, column)
            if unseen or (code and _masked(code, cell.value)):
                found[row + 1, column] = "invisible cells"
    # What a merged cell covers is kept, and shown by nobody; its first cell's value is what is seen.
    for top, bottom, left, right in sheet.merged_cells:
        for row in range(top, min(bottom, sheet.nrows)):
            for column in range(left, min(right, sheet.row_len(row))):
                if (row, column) != (top, left) and sheet.cell(row, column).value not in ("", None):
                    found[row + 1, column] = "covered cells"
    return found


def _masked(code: str, value: Any) -> bool:
    if isinstance(value, str):
        return bool(value) and hides_text(code)
    return isinstance(value, float) and hides_number(code, value)


def _unseen(book: Any, index: int) -> tuple[bool, str]:
    """(nothing in such a cell can be seen, the number format where that may hide a value)."""
    try:
        style = book.xf_list[index]
        font = book.font_list[style.font_index]
        code = book.format_map[style.format_key].format_str or ""
    except (IndexError, KeyError, AttributeError):
        return False, ""
    ground = style.background
    code = code if may_hide(code) else ""
    if font.height < 30:
        return True, code
    if ground.fill_pattern == 0:
        return _alike(book, font.colour_index, _WHITE[0]), code
    return ground.fill_pattern == 1 and _alike(book, font.colour_index, ground.pattern_colour_index), code


def _alike(book: Any, front: int, back: int) -> bool:
    return front == back or alike(_rgb(book, front), _rgb(book, back))


def _rgb(book: Any, index: int) -> str | None:
    if index in _WHITE:
        return "FFFFFF"
    found = book.colour_map.get(index)
    return None if found is None else "".join(f"{c:02X}" for c in found)


def _notes(sheet: Any, where: Where) -> Iterator[Found]:
    from scanner.common.sheetxml import column_letters

    for (row, column), note in sheet.cell_note_map.items():
        said = note.text or ""
        author = note.author or ""
        if author and said.startswith(author):
            said = said[len(author) :].lstrip(": \n")
        yield TextPiece(where.plus(f", comment at {column_letters(column)}{row + 1}"), said, "comments")
        yield from parts.author(Where.of("comments"), author, "the author of a comment")


def _asides(book: Any, left: biff.Leftovers) -> Iterator[Found]:
    """What stands beside the cells; the texts of comments are told with the comments."""
    notes = "\n".join(note.text or "" for sheet in book.sheets() for note in sheet.cell_note_map.values())
    beside = [text for text in left.seen if text.strip() and text.strip() not in notes]
    yield TextPiece(Where.of("text boxes, page headers, charts and addresses of links"), "\n".join(beside))
    yield TextPiece(Where.of("texts inside formulas"), "\n".join(left.formulas), "formula")
    lists = "\n".join(left.validation)
    yield TextPiece(Where.of("drop-down lists and prompts of cells"), lists, "validation")
    yield TextPiece(Where.of("scenarios"), "\n".join(left.scenarios), "hidden part")


def _names(book: Any) -> Iterator[Found]:
    words = []
    for name in book.name_obj_list:
        if getattr(name, "builtin", 0):
            continue
        words.append(str(name.name).replace("_", " "))
        result = getattr(name, "result", None)
        if result is not None and isinstance(result.value, str):
            yield TextPiece(Where.of("defined name {}", str(name.name)), result.value, "defined names")
    if words:
        yield TextPiece(Where.of("defined names"), "\n".join(words), "defined names")


def _beside(looking: Looking, ole: Any) -> Iterator[Found]:
    yield from summary(ole)
    caches = [path for path in ole.listdir() if path[0] == "_SX_DB_CUR"]
    for number, path in enumerate(caches, 1):
        cache = biff.pivot_cache(_stream(ole, path))
        longest = max(map(len, cache.values), default=0)
        rows = [(i + 1, [v[i] if i < len(v) else "" for v in cache.values]) for i in range(longest)]
        where = Where.of("pivot cache {}", number).plus(f" ({cache.records:,} records)")
        if rows:
            yield Grid(where, rows, "pivot cache", header=cache.fields, lettered=False)
    embedded = sorted({path[0] for path in ole.listdir() if path[0].startswith("MBD")})
    for number, folder in enumerate(embedded, 1):
        where = Where.of("embedded object {}", number)
        yield Presence(where, "embedded", "note", "the whole file is inside, not only what the page shows")
        looking.count("embedded files")
        whole = _stream(ole, [folder, "Package"])
        if whole:
            yield from looking.deeper("package", whole, where, "embedded")
        else:
            stream = _stream(ole, [folder, "Workbook"])
            yield from _embedded_book(stream, where)
    if any(path[0] == "_VBA_PROJECT_CUR" for path in ole.listdir()):
        yield from parts.macro_streams(ole, Where.of("macro code"))


def _embedded_book(stream: bytes, where: Where) -> Iterator[Found]:
    """A workbook stream without the file around it reads as one of its own."""
    if not stream:
        yield gap_at(where, GapReason.UNSUPPORTED, "an object of a kind that cannot be opened", "delete it")
        return
    try:
        book = open_book(stream)
    except ReadError as error:
        yield gap_at(where, error.reason, error.detail, error.remedy)
        return
    for sheet in book.sheets():
        grid = grid_of(book, sheet, where.then(where_of(sheet)), False)
        grid.hiding = grid.hiding or "embedded"
        yield grid


def summary(ole: Any) -> Iterator[Found]:
    """The properties that OLE files carry ([MS-OLEPS])."""
    where = Where.of("document properties")
    try:
        data = ole.get_metadata()
    except _DAMAGE:
        yield gap_at(where, GapReason.CORRUPT, "damaged")
        return
    lines = []
    for field in ("author", "last_saved_by", "manager"):
        yield from parts.author(where, _word(getattr(data, field, None)), _FIELDS[field])
    for field in ("title", "subject", "keywords", "comments", "category"):
        lines.append(_word(getattr(data, field, None)))
    if any(lines):
        yield TextPiece(where, "\n".join(filter(None, lines)), "properties")


def _word(value: Any) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8").strip("\0 ")
        except UnicodeDecodeError:
            return value.decode("cp1252", "replace").strip("\0 ")
    return value.strip("\0 ") if isinstance(value, str) else ""
