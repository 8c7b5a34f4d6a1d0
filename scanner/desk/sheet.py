"""Rows out of a file that a spreadsheet has saved: CSV in any of its ways, or XLSX.

Nothing read is executed or evaluated: formulas of a workbook are not asked for, only the
cells' stored values.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from collections.abc import Iterator, Sequence
from typing import Any

from scanner.errors import ConfigError, Problem

LARGEST = 200 * 1024 * 1024
"""Bytes of a file."""
_UNPACKED = 1024 * 1024 * 1024
"""Bytes a workbook may say that it unpacks to."""
_PREAMBLE = 10
"""Lines that may stand before the header (`sep=;`, a title)."""
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


@dataclasses.dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as the spreadsheet counts, and its cells by column.

    A cell that the row is too short to have is missing, which is not the same as empty.
    """

    number: int
    cells: dict[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class Sheet:
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    encoding: str
    """`utf-8`, `utf-16`, `cp1252` (letters outside it came as `?`) or `xlsx`."""


def read(content: bytes, key: str, name: str = "") -> Sheet:
    """The rows under the header that has a column `key`.

    Raises ConfigError, with file and row and never with a cell's text.
    """
    if len(content) > LARGEST:
        raise ConfigError(Problem(f"is larger than {LARGEST // 1024**2} MB", name))
    if content.startswith(_OLE):
        raise ConfigError(Problem("is an old or password-protected Excel file; save it as CSV or XLSX", name))
    if content.startswith(_ZIP):
        return _workbook(content, key, name)
    text, encoding = _text(content, name)
    found = _header(_records(_cut(text, key), key), key) if key in text.lower() else None
    if found is None:
        raise ConfigError(Problem(_why(content, key), name))
    return _sheet(*found, encoding, name)


def _why(content: bytes, key: str) -> str:
    """What to say of a file without the column that it is known by."""
    if not content.strip():
        return "is empty"
    if content.count(b"\0") > len(content) // 100 and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "is neither a table in text nor a workbook; save it as CSV or XLSX"
    return f"has no column {key}"


def _text(content: bytes, name: str) -> tuple[str, str]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "utf-16"
        except UnicodeDecodeError:
            raise ConfigError(Problem("is damaged (not the UTF-16 text it begins as)", name)) from None
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        # "CSV (Comma delimited)" of a British Excel.
        return content.decode("cp1252", "replace"), "cp1252"


def _cut(text: str, key: str) -> tuple[str, str]:
    """The text without NULs, and the delimiter that its header is written with."""
    text = text.replace("\0", "")
    for line in text.splitlines()[:_PREAMBLE]:
        if key in line.lower():
            return text, max(",;\t|", key=line.count)
    return text, ","


def _records(cut: tuple[str, str], key: str) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells. Raises csv.Error."""
    text, delimiter = cut
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    for number, cells in enumerate(reader, start=1):
        # Some programs quote a whole line once more: one cell that is a row itself.
        if len(cells) == 1 and delimiter in cells[0] and (key in cells[0].lower() or number > 1):
            cells = next(csv.reader([cells[0]], delimiter=delimiter))
        yield number, cells


def _header(
    records: Iterator[tuple[int, list[str]]], key: str
) -> tuple[list[str], Iterator[tuple[int, list[str]]]] | None:
    try:
        for number, cells in records:
            names = [_column(cell) for cell in cells]
            if key in names:
                return names, records
            if number >= _PREAMBLE:
                return None
    except csv.Error:
        return None
    return None


def _column(cell: str) -> str:
    return cell.strip().strip("\ufeff'\"").strip().lower().replace(" ", "_")


def _sheet(names: Sequence[str], records: Iterator[tuple[int, list[str]]], encoding: str, file: str) -> Sheet:
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise ConfigError(Problem(f"has more than one column {', '.join(twice)}", file))
    rows = []
    number = 1
    try:
        for number, cells in records:
            if any(cell.strip() for cell in cells):
                # Columns without a name (empty trailing ones) are left out.
                rows.append(SheetRow(number, {n: c for n, c in zip(names, cells, strict=False) if n}))
    except csv.Error:
        raise ConfigError(
            Problem(
                "cannot be read after this row: a quote is left open, or a cell is too long", file, number
            )
        ) from None
    return Sheet(tuple(name for name in names if name), tuple(rows), encoding)


def _workbook(content: bytes, key: str, name: str) -> Sheet:
    import zipfile

    import python_calamine as calamine

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > _UNPACKED:
            raise ConfigError(Problem(f"unpacks to more than {_UNPACKED // 1024**2} MB", name))
        book = calamine.load_workbook(io.BytesIO(content))
        for sheet_name in book.sheet_names:
            table = book.get_sheet_by_name(sheet_name)
            start = table.start
            if start is None:
                continue
            rows = table.to_python(skip_empty_area=True)
            records = ((start[0] + n, [_shown(c) for c in row]) for n, row in enumerate(rows, start=1))
            found = _header(records, key)
            if found is not None:
                return _sheet(*found, "xlsx", name)
    # What the two readers raise on damaged files; NotImplementedError is zipfile's, for versions of
    # the format that do not exist.
    except (
        calamine.CalamineError, zipfile.BadZipFile, NotImplementedError, OSError, ValueError, OverflowError,
        TypeError, RuntimeError,
    ):  # fmt: skip
        raise ConfigError(Problem("is no workbook that can be read; save it as CSV or XLSX", name)) from None
    raise ConfigError(Problem(f"has no sheet with a column {key}", name))


def _shown(cell: Any) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)
