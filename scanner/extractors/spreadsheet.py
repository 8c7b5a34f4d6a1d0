"""Excel (XLSX, XLSM, XLSB, XLS) and OpenDocument spreadsheets, sheet by sheet.

calamine holds a sheet whole, so sheets too large or too sparse for that are streamed.
Read besides: comments with their authors, pivot caches (they keep data of sheets long
deleted) and document properties, all of it hidden from a reader of the sheets.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, ClassVar, cast

from scanner.common import sheetxml, sniff
from scanner.common.compound import Compound
from scanner.common.extracting import Watched, gap
from scanner.common.package import Package
from scanner.common.panics import contained
from scanner.common.tables import RowCollector
from scanner.common.xmlread import discard, events, local
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

WHOLE_BYTES = 144 * 1024 * 1024
"""Unpacked bytes of one sheet that calamine may hold (it then needs about half as much again)."""
WHOLE_CELLS = 2_000_000
"""Cells of the rectangle a sheet spans that calamine may hold (about 100 bytes each)."""
MAX_LEGACY = 64 * 1024 * 1024
"""Bytes of an XLS, XLSB or ODS file that calamine may hold."""
_FILE_PASS = 0x002F
PIVOT_CHARS = 64 * 1024
_PIVOT_VALUES = frozenset({"s", "d", "n"})


class SpreadsheetExtractor:
    name: ClassVar[str] = "spreadsheet"
    media_types: ClassVar[tuple[str, ...]] = (sniff.XLSX, sniff.XLSB, sniff.XLS, sniff.ODS)
    splittable: ClassVar[bool] = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        if content.size is not None and content.size > content.limits.object_bytes:
            raise ReadError(
                GapReason.LIMIT,
                f"a workbook larger than {content.limits.object_bytes:,} bytes",
                "raise limits.object_bytes",
            )
        if content.head.startswith(b"\xd0\xcf\x11\xe0"):
            size = content.file.seek(0, 2) if content.size is None else content.size
            if size > MAX_LEGACY:
                raise ReadError(GapReason.LIMIT, f"a legacy workbook larger than {MAX_LEGACY:,} bytes")
            if _is_protected(content):
                raise ReadError(GapReason.ENCRYPTED, "protected by a password")
            yield from _by_calamine(content, frozenset())
            return
        package = Package(content)
        streamed = _too_large(package)
        damaged: ReadError | None = None
        try:
            yield from _by_calamine(content, frozenset(streamed))
            if streamed:
                yield from _streamed(package, streamed)
        except ReadError as error:
            if error.reason is not GapReason.CORRUPT:
                raise
            damaged = error
        yield from _comments(package)
        yield from _pivots(package)
        yield from package.properties()
        yield from package.files()
        if damaged is not None:
            raise damaged


def _is_protected(content: Content) -> bool:
    """True if the workbook's first records hold a FilePass ([MS-XLS] 2.4.117), which calamine does not tell."""
    compound = Compound(content)
    try:
        name = "Workbook" if compound.has("Workbook") else "Book"
        stream = compound.stream(name)
    except ReadError:
        return False  # calamine says what is wrong with it
    finally:
        compound.close()
    at = 0
    for _ in range(50):
        if at + 4 > len(stream):
            return False
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _FILE_PASS:
            return True
        at += 4 + size
    return False


def _too_large(package: Package) -> dict[str, str]:
    """Sheet name to part, of the sheets to be streamed. Raises ReadError(LIMIT) for what cannot be."""
    streamed: dict[str, str] = {}
    if "xl/workbook.xml" not in package.names:
        size = sum(sum(map(len, package.inflated(n))) for n in package.names if _is_bulk(n, package))
        if size > 2 * WHOLE_BYTES:
            raise ReadError(GapReason.LIMIT, "a workbook too large to be read in one piece")
        return streamed
    for name, part in sheetxml.sheet_parts(package).items():
        size, cells = sheetxml.measure(package, part, WHOLE_BYTES)
        if size > WHOLE_BYTES or cells > WHOLE_CELLS:
            streamed[name] = part
    return streamed


def _is_bulk(name: str, package: Package) -> bool:
    return name == "content.xml" or (
        name.startswith("xl/") and package.zip.getinfo(name).file_size > 1_000_000
    )


def _by_calamine(content: Content, skip: frozenset[str]) -> Iterator[Fragment | Gap]:
    import python_calamine as calamine

    errors = (
        calamine.CalamineError, calamine.ZipError, calamine.XmlError, calamine.PasswordError,
        calamine.WorksheetNotFound, OSError, ValueError, OverflowError, TypeError,
    )  # fmt: skip
    watched = Watched(content.file)
    watched.seek(0)
    try:
        with contained("the workbook is damaged or cut off"):
            book = calamine.CalamineWorkbook.from_filelike(cast(BinaryIO, watched))
        sheets = [(s.name, s.visible != calamine.SheetVisibleEnum.Visible) for s in book.sheets_metadata]
    except calamine.PasswordError as error:
        raise ReadError(GapReason.ENCRYPTED, "protected by a password") from error
    except errors as error:
        watched.check()
        raise ReadError(GapReason.CORRUPT, "the workbook is damaged or cut off") from error
    damaged = False
    for name, hidden in sheets:
        if name in skip:
            continue
        place = content.place.child("sheet", name)
        try:
            with contained("a sheet is damaged"):
                sheet = book.get_sheet_by_name(name)
            rows: Iterator[Sequence[Any]] = sheet.iter_rows() if sheet.height else iter(())
        except (*errors, ReadError):
            watched.check()
            damaged = True
            yield gap(content, GapReason.CORRUPT, "a sheet is damaged", "", place)
            continue
        yield from _collect(content, (list(map(_cell, row)) for row in rows), name, hidden)
    if damaged and len(sheets) == 1:
        raise ReadError(GapReason.CORRUPT, "the workbook is damaged or cut off")


def _collect(
    content: Content, rows: Iterator[list[str]], name: str, hidden: bool
) -> Iterator[Fragment | Gap]:
    collector = RowCollector(content.place.child("sheet", name), content.limits, hidden)
    for row in rows:
        yield from collector.add(row)
    yield from collector.finish()
    if collector.cut:
        yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")


def _streamed(package: Package, sheets: dict[str, str]) -> Iterator[Fragment | Gap]:
    strings, whole = sheetxml.shared_strings(package)
    hidden = _hidden_sheets(package)
    for name, part in sheets.items():
        rows = sheetxml.rows(package, part, strings)
        yield from _collect(package.content, rows, name, name in hidden)
    if not whole:
        yield gap(
            package.content,
            GapReason.LIMIT,
            "more shared strings than are held in memory: some cells are empty",
        )


def _hidden_sheets(package: Package) -> set[str]:
    found = set()
    with package.open("xl/workbook.xml") as part:
        for event, element in events(part, recover=True):
            if (
                event == "end"
                and local(element.tag) == "sheet"
                and element.get("state", "visible") != "visible"
            ):
                found.add(element.get("name", ""))
    return found


def _cell(value: Any) -> str:
    """A cell as text: whole numbers without `.0`, dates in ISO form, midnight left out."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ")
    return "" if value is None else str(value)


def _comments(package: Package) -> Iterator[Fragment | Gap]:
    place = package.content.place.child("part", "comments")
    for name in package.matching("xl/comments", "xl/threadedComments/", "xl/persons/"):
        text = package.text_of(name, ("displayName", "userId"))
        if text:
            yield TextFragment(text, place, hidden=True)


def _pivots(package: Package) -> Iterator[Fragment | Gap]:
    place = package.content.place.child("part", "pivot cache")
    for name in package.matching("xl/pivotCache/"):
        words: list[str] = []
        size = 0
        with package.open(name) as part:
            for event, element in events(part, recover=True):
                if event != "end":
                    continue
                value = element.get("v")
                if value and local(element.tag) in _PIVOT_VALUES:
                    words.append(value)
                    size += len(value) + 1
                discard(element)
                if size > PIVOT_CHARS:
                    yield TextFragment("\n".join(words), place, hidden=True)
                    words, size = [], 0
        if words:
            yield TextFragment("\n".join(words), place, hidden=True)
