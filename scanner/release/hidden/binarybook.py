"""Binary workbooks (XLSB, [MS-XLSB]) as the same `Book` and `Sheet` that XLSX gives: cells, and what hides them."""

from __future__ import annotations

import dataclasses
import re
import struct
from collections.abc import Iterator

from scanner.common.package import Package
from scanner.common.sheetxml import column_letters
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden.cellstyle import CellStyle, serial_to_date, style_of
from scanner.release.hidden.colours import INDEXED, theme_colour
from scanner.release.hidden.covering import covers
from scanner.release.hidden.parts import read_part, related, relations, tree
from scanner.release.hidden.sheets import MAX_CELLS, MAX_COLUMN, Book, Cell, Sheet

WORKBOOK = "xl/workbook.bin"
# Record numbers of [MS-XLSB] 2.3.2.
_ROW, _COLUMN, _MERGE, _SHEET_FORMAT, _FILTER, _PANE = 0, 60, 176, 485, 163, 151
_BLANK, _RK, _BOOL, _REAL, _TEXT, _SHARED = 1, 2, 4, 5, 6, 7
_SHORT, _SHORT_SHARED = 12, 18
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL = 8, 9, 10
_STRING, _NAME, _FONT, _FORMAT, _FILL, _XF, _CELL_XFS, _CELL_XFS_END = 19, 39, 43, 44, 45, 47, 617, 618
_SHEET, _BOOK_PROPERTIES, _VIEW = 156, 153, 158
HEADER_FOOTER, VALIDATION, LINK, CONDITIONAL = 479, 64, 494, 461
_STATES = ("visible", "hidden", "veryHidden")
_RUN = re.compile(rb"(?:[\x20-\xff]\x00|[\x00-\xff][\x01-\x24\x2c-\x30]){3,}")
_NARROW, _FLAT = 128, 40
"""256ths of a character, and twentieths of a point, below which nobody sees a column or row."""


@dataclasses.dataclass(slots=True)
class Beside:
    """Texts of one sheet's records that are no cells, by record number."""

    texts: dict[int, list[str]] = dataclasses.field(default_factory=dict)
    conditional: bool = False


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, body) of each record ([MS-XLSB] 2.1.4). Raises ReadError(CORRUPT) where one is cut off."""
    at, end = 0, len(data)
    while at < end:
        number = data[at]
        at += 1
        if number & 0x80 and at < end:
            number = number & 0x7F | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while at < end and shift < 28:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        if at + size > end:
            raise ReadError(GapReason.CORRUPT, "the workbook is damaged or cut off")
        yield number, data[at : at + size]
        at += size


def wide(body: bytes, at: int) -> tuple[str, int]:
    """An XLWideString ([MS-XLSB] 2.5.168) and the offset after it; "" where it is null or cut off."""
    if at + 4 > len(body):
        return "", len(body)
    (count,) = struct.unpack_from("<I", body, at)
    if count == 0xFFFFFFFF:
        return "", at + 4
    end = min(at + 4 + 2 * count, len(body))
    return body[at + 4 : end].decode("utf-16-le", "replace"), end


def runs(body: bytes) -> list[str]:
    """Everything in a record that reads as text: letters of European scripts, two bytes each."""
    return [m.decode("utf-16-le", "replace") for m in _RUN.findall(body)]


def open_book(package: Package) -> Book:
    """The workbook's directory, styles and strings; sheets are filled by `fill`. Raises ReadError."""
    rels = relations(package, WORKBOOK)
    sheets: list[Sheet] = []
    names: list[tuple[str, str, bool]] = []
    views: list[bool] = []
    base_1904 = False
    for number, body in records(read_part(package, WORKBOOK)):
        if number == _SHEET and len(body) >= 12:
            (state,) = struct.unpack_from("<I", body)
            relation, at = wide(body, 8)
            kind, target, _ = rels.get(relation, ("", "", False))
            sheets.append(Sheet(wide(body, at)[0], target, _STATES[state % 3], kind or "worksheet"))
        elif number == _BOOK_PROPERTIES and body:
            base_1904 = bool(body[0] & 1)
        elif number == _VIEW and len(body) > 28:
            views.append(bool(body[28] & 3))
        elif number == _NAME and len(body) > 9:
            name, at = wide(body, 9)
            said = "; ".join(f'"{text}"' for text in runs(body[at:]))
            names.append((name, said, bool(body[0] & 1)))
    if views and all(views):
        for sheet in sheets:
            sheet.state = "hidden" if sheet.state == "visible" else sheet.state
    return Book(sheets, _styles(package), _strings(package), base_1904, names)


def _strings(package: Package) -> list[str]:
    if "xl/sharedStrings.bin" not in package.names:
        return []
    part = read_part(package, "xl/sharedStrings.bin")
    return [wide(body, 1)[0] for number, body in records(part) if number == _STRING]


def _styles(package: Package) -> list[CellStyle]:
    if "xl/styles.bin" not in package.names:
        return []
    codes: dict[str, str] = {}
    fonts: list[tuple[str | None, float, bool]] = []
    fills: list[str | None] = []
    styles: list[CellStyle] = []
    inside = False
    for number, body in records(read_part(package, "xl/styles.bin")):
        if number == _FORMAT and len(body) > 2:
            codes[str(struct.unpack_from("<H", body)[0])] = wide(body, 2)[0]
        elif number == _FONT and len(body) >= 20:
            height, _, weight = struct.unpack_from("<HHH", body)
            fonts.append((_colour(body[12:20]), height / 20, weight >= 700))
        elif number == _FILL and len(body) >= 20:
            (pattern,) = struct.unpack_from("<I", body)
            fills.append("FFFFFF" if pattern == 0 else _colour(body[4:12]) or "?" if pattern == 1 else "?")
        elif number in (_CELL_XFS, _CELL_XFS_END):
            inside = number == _CELL_XFS
        elif number == _XF and inside and len(body) >= 8:
            _, code, font, fill = struct.unpack_from("<HHHH", body)
            front, size, bold = fonts[font] if font < len(fonts) else ("000000", 11.0, False)
            back = fills[fill] if fill < len(fills) else "FFFFFF"
            styles.append(style_of(str(code), codes.get(str(code), ""), (front, size, bold), back, False))
    return styles


def _colour(body: bytes) -> str | None:
    """A BrtColor ([MS-XLSB] 2.4.323) as RRGGBB, or as what only equals itself."""
    kind, index = body[0] >> 1, body[1]
    (tint,) = struct.unpack_from("<h", body, 2)
    if kind == 0:
        return "000000"
    if kind == 1:
        return INDEXED.get(str(index), f"indexed:{index}")
    if kind == 2:
        return body[4:7].hex().upper()
    return theme_colour(str(index), tint / 32767)


def fill(package: Package, book: Book, sheet: Sheet, budget: int = MAX_CELLS) -> int:
    """Read one sheet's cells and what hides them; gives back the cells read. Raises ReadError."""
    return read_sheet(package, book, sheet, budget)[0]


def read_sheet(package: Package, book: Book, sheet: Sheet, budget: int = MAX_CELLS) -> tuple[int, Beside]:
    beside = Beside()
    if sheet.part not in package.names:
        if sheet.part:
            raise ReadError(GapReason.CORRUPT, "a sheet's part is missing")
        return 0, beside
    cells, row, column, flat = 0, 0, -1, False
    for number, body in records(read_part(package, sheet.part)):
        if number == _ROW and len(body) >= 12:
            row, column = struct.unpack_from("<I", body)[0] + 1, -1
            (height,) = struct.unpack_from("<H", body, 8)
            if body[11] & 0x10:
                sheet.hidden_rows[row] = "hidden rows"
            elif height < _FLAT and body[11] & 0x20:
                sheet.hidden_rows[row] = "zero-height rows"
            elif flat:
                sheet.hidden_rows.setdefault(row, "hidden rows")
        elif _BLANK <= number <= _SHORT_SHARED and len(body) >= 4:
            if number >= _SHORT:  # stands right of the cell before, and does not say so
                column, number, body = column + 1, number - _SHORT + _BLANK, bytes(4) + body
            else:
                (column,) = struct.unpack_from("<I", body)
            if len(body) < 8:
                continue
            (style,) = struct.unpack_from("<I", body, 4)
            cell = _cell(book, sheet, number, style & 0xFFFFFF, body, f"{column_letters(column)}{row}")
            if cell is not None and column < MAX_COLUMN:
                sheet.rows.setdefault(row, {})[column] = cell
            cells += 1
            if cells > budget:
                raise ReadError(GapReason.LIMIT, f"more than {MAX_CELLS:,} cells", "split the workbook")
        else:
            flat = _aside(sheet, beside, number, body) or flat
    if sheet.filtered:
        sheet.hidden_rows = {
            n: "filtered rows" if h == "hidden rows" else h for n, h in sheet.hidden_rows.items()
        }
    for drawing in related(package, sheet.part, "drawing"):
        sheet.covered += covers(tree(package, drawing))
    return cells, beside


def _aside(sheet: Sheet, beside: Beside, number: int, body: bytes) -> bool:
    """A record that is no cell. True if it says that rows are hidden unless they say otherwise."""
    if number == _COLUMN and len(body) >= 18:
        first, last, width, _, flags = struct.unpack_from("<IIIIH", body)
        hiding = "hidden columns" if flags & 1 else "zero-width columns" if width < _NARROW else ""
        for column in range(first, min(last, MAX_COLUMN - 1) + 1):
            if hiding:
                sheet.hidden_columns[column] = hiding
            elif last - first < 1000:
                sheet.widths[column] = width / 256
    elif number == _MERGE and len(body) >= 16:
        top, bottom, left, right = struct.unpack_from("<IIII", body)
        sheet.merged.append(f"{column_letters(left)}{top + 1}:{column_letters(right)}{bottom + 1}")
    elif number == _SHEET_FORMAT and len(body) >= 9:
        return bool(body[8] & 2)
    elif number == _FILTER:
        sheet.filtered = True
    elif number == CONDITIONAL:
        beside.conditional = True
    elif number != _PANE and len(body) > 8:
        found = runs(body)
        if found:
            beside.texts.setdefault(number, []).extend(found)
    return False


def _cell(book: Book, sheet: Sheet, number: int, style: int, body: bytes, at: str) -> Cell | None:
    """[MS-XLSB] 2.4.307 to 2.4.320; formulas have their last value."""
    formula = number >= _FORMULA_TEXT
    end = 8
    if number in (_TEXT, _FORMULA_TEXT):
        text, end = wide(body, 8)
        cell = Cell(text, None, style, formula) if text else None
    elif number == _SHARED and len(body) >= 12:
        (index,) = struct.unpack_from("<I", body, 8)
        book.used.add(index)
        text = book.strings[index] if index < len(book.strings) else ""
        cell = Cell(text, None, style) if text else None
    elif number in (_BOOL, _FORMULA_BOOL) and len(body) >= 9:
        end, cell = 9, Cell("true" if body[8] else "false", None, style, formula)
    elif (number == _RK and len(body) >= 12) or (number in (_REAL, _FORMULA_NUMBER) and len(body) >= 16):
        end = 12 if number == _RK else 16
        value = (
            rk(struct.unpack_from("<I", body, 8)[0])
            if number == _RK
            else struct.unpack_from("<d", body, 8)[0]
        )
        cell = Cell(_shown(book, style, value), value, style, formula)
    else:
        cell = None
    if formula and len(body) > end:
        sheet.asides.formula(" ".join(f'"{text}"' for text in runs(body[end:])), at)
    return cell


def _shown(book: Book, style: int, value: float) -> str:
    if book.style(style).date:
        return serial_to_date(value, book.base_1904)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def rk(packed: int) -> float:
    """An RkNumber ([MS-XLSB] 2.5.122): thirty bits of an integer or of a double, perhaps hundredths."""
    if packed & 2:
        value = float((packed >> 2) - (1 << 30) if packed & 0x80000000 else packed >> 2)
    else:
        (value,) = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))
    return value / 100 if packed & 1 else value
