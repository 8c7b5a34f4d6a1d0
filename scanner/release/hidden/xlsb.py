"""XLSB: sheets as in XLSX; every other record is read for its texts, and what cannot be judged is said."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from scanner.common.package import Package
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import binarybook as binary
from scanner.release.hidden import parts, xlsx
from scanner.release.hidden.far import FAR_COLUMNS, FAR_ROWS, mark_far
from scanner.release.hidden.leftover import leftover
from scanner.release.hidden.sheets import MAX_CELLS, Book, Sheet, grid_rows, unseen_cells, unused_strings
from scanner.release.pieces import Found, Grid, Looking, TextPiece, Where, gap_at

_AUTHOR, _COMMENT, _COMMENT_TEXT = 632, 635, 637
_CODES = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-F]{6}|\d+|[A-Z&])")
_READ = ("xl/workbook.bin", "xl/sharedStrings.bin", "xl/styles.bin", "xl/calcChain.bin", "xl/metadata.bin")
_UNTOLD = {
    "xl/pivotCache/": ("pivot cache", "a pivot cache of a binary workbook: its numbers cannot be read"),
    "xl/externalLinks/": (
        "external cache",
        "cached values of a linked workbook: their numbers cannot be read",
    ),
    "xl/revisions/": ("previous version", "the change history of a binary workbook cannot be read in full"),
}
_ADVICE = "save it as XLSX and check that"


def look(looking: Looking) -> Iterator[Found]:
    package = Package(looking.content)
    book = binary.open_book(package)
    left, whole = MAX_CELLS, True
    for sheet in book.sheets:
        looking.count("sheets")
        where = xlsx.sheet_where(sheet)
        beside = binary.Beside()
        try:
            cells, beside = binary.read_sheet(package, book, sheet, left)
            left -= cells
        except ReadError as error:
            whole = False
            yield gap_at(where, error.reason, error.detail, error.remedy)
        yield from _sheet(package, book, sheet, beside, where)
        sheet.rows.clear()
    if whole:
        place = Where.of("texts kept in the file that no cell shows")
        yield TextPiece(place, unused_strings(book), "other part")
    yield from xlsx.names(book)
    yield from _others(package, {sheet.part for sheet in book.sheets})
    yield from parts.custom_xml(package)
    yield from parts.properties(package)
    yield from parts.macros(package)
    yield from parts.embedded(package, looking, ("xl/embeddings/",), {})
    yield from parts.pictures(package, looking, "xl/media/")
    yield from leftover(package)


def _sheet(
    package: Package, book: Book, sheet: Sheet, beside: binary.Beside, where: Where
) -> Iterator[Found]:
    state = xlsx.STATES.get(sheet.state, "")
    grid = Grid(
        where,
        grid_rows(sheet),
        state,
        hidden_rows=sheet.hidden_rows,
        hidden_columns=sheet.hidden_columns,
        hidden_cells=unseen_cells(book, sheet),
    )
    mark_far(grid, FAR_ROWS, FAR_COLUMNS)
    yield grid
    if beside.conditional:
        yield gap_at(
            where, GapReason.UNSUPPORTED, "whether its conditional formats hide cells cannot be told", _ADVICE
        )
    yield from sheet.asides.pieces(where, state)
    for number, texts in beside.texts.items():
        said = "\n".join(texts)
        if number == binary.HEADER_FOOTER:
            yield TextPiece(where.plus(", page header and footer"), _CODES.sub(" ", said), state)
        elif number == binary.LINK:
            yield TextPiece(where.plus(", addresses and tips of links"), said, state)
        elif number == binary.VALIDATION:
            yield TextPiece(where.plus(", drop-down lists and prompts of cells"), said, "validation")
        else:
            yield TextPiece(where.plus(", records beside the cells"), said, "other part")
    if sheet.part in package.names:
        for kind, target, outside in parts.relations(package, sheet.part).values():
            if outside and kind == "hyperlink":
                yield TextPiece(
                    where.plus(", addresses and tips of links"), target.removeprefix("mailto:"), state
                )
            elif kind == "comments" and target in package.names:
                yield from _comments(package, target, where)
        yield from xlsx.threaded(package, sheet, where)
        yield from xlsx.controls(package, sheet, where, state)
        yield from xlsx.drawings(package, sheet, where, state)


def _comments(package: Package, part: str, where: Where) -> Iterator[Found]:
    for number, body in binary.records(parts.read_part(package, part)):
        if number == _AUTHOR:
            yield from parts.author(Where.of("comments"), binary.wide(body, 0)[0], "the author of a comment")
        elif number == _COMMENT_TEXT:
            yield TextPiece(where.plus(", comment"), binary.wide(body, 1)[0], "comments")


def _others(package: Package, sheets: set[str]) -> Iterator[Found]:
    """Parts of records that no reader here knows in full: their texts, and a word where numbers may be in them."""
    for name in package.names:
        if not name.endswith(".bin") or name in _READ or name in sheets or name in package.opened:
            continue
        if "printerSettings" in name or "/embeddings/" in name or name.endswith("vbaProject.bin"):
            continue
        where = Where.of("part of the file {}", posixpath.basename(name))
        hiding, untold = next((v for k, v in _UNTOLD.items() if name.startswith(k)), ("other part", ""))
        try:
            found = [
                text
                for _, body in binary.records(parts.read_part(package, name))
                for text in binary.runs(body)
            ]
        except ReadError as error:
            yield gap_at(where, error.reason, error.detail, _ADVICE)
            continue
        if name.endswith("connections.bin"):
            yield from parts.connection(where, "\n".join(found))
        else:
            yield TextPiece(where, "\n".join(found), hiding)
        if untold:
            yield gap_at(where, GapReason.UNSUPPORTED, untold, _ADVICE)
