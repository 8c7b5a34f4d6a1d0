"""XLSX and XLSM: sheets, and everything a workbook keeps behind them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from scanner.common.package import Package
from scanner.common.sheetxml import column_index
from scanner.common.xmlread import local
from scanner.errors import ReadError
from scanner.model import GapReason
from scanner.release.hidden import parts
from scanner.release.hidden.far import FAR_COLUMNS, FAR_ROWS, mark_far
from scanner.release.hidden.leftover import leftover
from scanner.release.hidden.pivots import pivot_caches
from scanner.release.hidden.sheets import (
    MAX_CELLS,
    Book,
    Sheet,
    fill,
    grid_rows,
    open_book,
    unseen_cells,
    unused_strings,
)
from scanner.release.pieces import Found, Grid, Looking, TextPiece, Where, gap_at

STATES = {"hidden": "hidden sheet", "veryHidden": "very hidden sheet"}
_WORDS = {"hidden": "hidden", "veryHidden": "very hidden"}
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_BUILT_IN_NAME = re.compile(r"_xlnm\.|_xlfn|_xlws", re.IGNORECASE)


def look(looking: Looking) -> Iterator[Found]:
    package = Package(looking.content)
    book = open_book(package)
    left = MAX_CELLS
    whole = True
    for sheet in book.sheets:
        looking.count("sheets")
        where = sheet_where(sheet)
        try:
            left -= fill(package, book, sheet, left)
        except ReadError as error:
            whole = False
            yield gap_at(where, error.reason, error.detail, error.remedy)
        yield from _sheet(package, book, sheet, where)
        sheet.rows.clear()
    if whole:
        yield TextPiece(
            Where.of("texts kept in the file that no cell shows"), unused_strings(book), "other part"
        )
    yield from names(book)
    yield from pivot_caches(package, {s.part: s.name for s in book.sheets})
    yield from _external(package)
    yield from _connections(package)
    yield from _revisions(package)
    yield from _model(package)
    yield from parts.custom_xml(package)
    yield from parts.properties(package)
    yield from parts.macros(package)
    yield from parts.embedded(package, looking, ("xl/embeddings/",), _behind(package, book))
    yield from parts.pictures(package, looking, "xl/media/")
    yield from leftover(package)


def sheet_where(sheet: Sheet) -> Where:
    if sheet.state in _WORDS:
        return Where.of("sheet “{}”", sheet.name).plus(f" ({_WORDS[sheet.state]})")
    return Where.of("sheet “{}”", sheet.name)


def _sheet(package: Package, book: Book, sheet: Sheet, where: Where) -> Iterator[Found]:
    state = STATES.get(sheet.state, "")
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
    headings = "\n".join(h for h in sheet.headings if h.strip())
    if headings:
        yield TextPiece(where.plus(", page header and footer"), headings, state)
    yield from sheet.asides.pieces(where, state)
    for name in sheet.asides.authors:
        yield from parts.author(where, name, "the author of a scenario")
    if sheet.part in package.names:
        yield from controls(package, sheet, where, state)
        yield from _comments(package, sheet, where)
        yield from threaded(package, sheet, where)
        yield from drawings(package, sheet, where, state)


def _comments(package: Package, sheet: Sheet, where: Where) -> Iterator[Found]:
    """Notes with their authors."""
    for kind, target, outside in parts.relations(package, sheet.part).values():
        if outside or target not in package.names:
            continue
        if kind == "comments":
            root = parts.tree(package, target)
            authors = [a.text or "" for a in root.iter("{*}author")]
            for comment in root.iter("{*}comment"):
                at = where.plus(f", comment at {comment.get('ref', '?')}")
                text = parts.words(comment, "t")
                number = comment.get("authorId", "")
                who = authors[int(number)] if number.isdigit() and int(number) < len(authors) else ""
                threaded = who.startswith("tc=") or text.startswith("[Threaded comment]")
                yield TextPiece(at, "" if threaded else _without(text, who), "comments")
                if not threaded:
                    yield from parts.author(Where.of("comments"), who, "the author of a comment")


def threaded(package: Package, sheet: Sheet, where: Where) -> Iterator[Found]:
    """Threaded comments with their people."""
    people = _people(package)
    for target in parts.related(package, sheet.part, "threadedComment"):
        for comment in parts.tree(package, target).iter("{*}threadedComment"):
            at = where.plus(f", threaded comment at {comment.get('ref', '?')}")
            yield TextPiece(at, parts.words(comment, "text"), "comments")
            name = people.get(comment.get("personId", ""), "")
            yield from parts.author(Where.of("comments"), name, "a comment")


def controls(package: Package, sheet: Sheet, where: Where, state: str) -> Iterator[Found]:
    """Buttons and form controls: VML shapes that are no notes (their texts are read as comments)."""
    for target in parts.related(package, sheet.part, "vmlDrawing"):
        for shape in parts.tree(package, target).iter("{*}shape"):
            if not any(data.get("ObjectType") == "Note" for data in shape.iter("{*}ClientData")):
                text = "\n".join("".join(box.itertext()).strip() for box in shape.iter("{*}textbox"))
                yield TextPiece(where.plus(", button or form control"), text, state)


def _without(text: str, author: str) -> str:
    """A note begins with its author's name; that one is metadata, not what the note is about."""
    return text[len(author) :].lstrip(": \n") if author and text.startswith(author) else text


def _people(package: Package) -> dict[str, str]:
    found = {}
    for name in package.matching("xl/persons/"):
        for person in parts.tree(package, name).iter("{*}person"):
            found[person.get("id", "")] = person.get("displayName", "")
    return found


def drawings(package: Package, sheet: Sheet, where: Where, state: str) -> Iterator[Found]:
    """Text boxes, hidden shapes, alternative texts, and the values that charts keep."""
    for target in parts.related(package, sheet.part, "drawing"):
        root = parts.tree(package, target)
        for shape in root.iter("{*}sp", "{*}pic", "{*}graphicFrame"):
            properties = next(shape.iter("{*}cNvPr"), None)
            hidden = properties is not None and properties.get("hidden") in ("1", "true")
            text = parts.words(shape, "t")
            label = "hidden shape" if hidden else "text box"
            if text:
                yield TextPiece(where.plus(f", {label}"), text, "hidden object" if hidden else state)
            if properties is not None and properties.get("descr"):
                yield TextPiece(
                    where.plus(", alternative text of an object"), properties.get("descr"), "alternative text"
                )
        for chart in parts.related(package, target, "chart"):
            text = "\n".join(v.text or "" for v in parts.tree(package, chart).iter("{*}v"))
            yield TextPiece(where.plus(", chart"), text, state)


def names(book: Book) -> Iterator[Found]:
    """Names that hold a text of their own, names that are hidden, and names that name people."""
    words = []
    for name, says, hidden in book.names:
        if _BUILT_IN_NAME.match(name):
            continue
        literal = "; ".join(m.replace('""', '"') for m in _LITERAL.findall(says))
        if literal:
            where = Where.of("defined name {}", name).plus(" (hidden)" if hidden else "")
            yield TextPiece(where, literal, "defined names")
        words.append(name.replace("_", " ").replace(".", " "))
        yield from parts.user_path(Where.of("defined name {}", name), says)
    if words:
        yield TextPiece(Where.of("defined names"), "\n".join(words), "defined names")


def _external(package: Package) -> Iterator[Found]:
    for number, name in enumerate(package.matching("xl/externalLinks/"), 1):
        link = Where.of("linked workbook {}", number)
        for _, target, outside in parts.relations(package, name).values():
            if outside:
                yield from parts.user_path(link, target)
        root = parts.tree(package, name)
        names = [e.get("val", "") for e in root.iter("{*}sheetName")]
        for data in root.iter("{*}sheetData"):
            at = data.get("sheetId", "")
            title = names[int(at)] if at.isdigit() and int(at) < len(names) else "?"
            rows = [row for row in map(_cached_row, data) if row[1]]
            if rows:
                where = link.then(Where.of("cached values of its sheet “{}”", title), ", ")
                yield Grid(where, rows, "external cache")
        values = "\n".join(v.text or "" for v in root.iter("{*}val") if v.text)
        if values:
            yield TextPiece(link.plus(", cached values (DDE)"), values, "external cache")


def _cached_row(row: Any) -> tuple[int, list[str]]:
    cells: list[str] = []
    for cell in row:
        match = re.match(r"([A-Z]{1,3})\d", cell.get("r", ""))
        index = min(column_index(match[1]) if match else len(cells), 4096)
        cells.extend([""] * (index + 1 - len(cells)))
        cells[index] = parts.words(cell, "v")
    number = row.get("r", "")
    return int(number) if number.isdigit() else 0, cells if any(cells) else []


def _connections(package: Package) -> Iterator[Found]:
    if "xl/connections.xml" in package.names:
        for element in parts.tree(package, "xl/connections.xml").iter("{*}connection"):
            where = Where.of("data connection {}", element.get("name", "") or element.get("id", ""))
            texts = [
                str(v) for e in element.iter() if isinstance(e.tag, str)
                for k, v in e.attrib.items() if local(k) in ("connection", "command", "url", "sourceFile", "post")
            ]  # fmt: skip
            yield from parts.connection(where, "\n".join(texts))


def _revisions(package: Package) -> Iterator[Found]:
    """The change history that shared workbooks keep: old and new values of every edit."""
    for name in package.matching("xl/revisions/"):
        where = Where.of("change history, {}", posixpath.basename(name))
        root = parts.tree(package, name)
        text = "\n".join(parts.words(e, "v", "t") for e in root.iter("{*}oc", "{*}nc"))
        yield TextPiece(where, text, "previous version")
        for element in root.iter():
            if isinstance(element.tag, str) and local(element.tag) in ("header", "userInfo"):
                yield from parts.author(
                    where, element.get("userName", "") or element.get("name", ""), "the change history"
                )


def _model(package: Package) -> Iterator[Found]:
    for name in package.names:
        if name.startswith("xl/model/"):
            yield gap_at(
                Where.of("data model (Power Pivot)"), GapReason.UNSUPPORTED, "holds tables that cannot be read here",
                "remove the data model, or write a clean copy with --fix",
            )  # fmt: skip
    for name in package.matching("xl/macrosheets/"):
        text = "\n".join(t for t in parts.tree(package, name).itertext() if t.strip())
        yield TextPiece(Where.of("macro sheet {}", posixpath.basename(name)), text, "very hidden sheet")


def _behind(package: Package, book: Book) -> dict[str, Where]:
    """Which sheet (and chart) shows each embedded file."""
    found: dict[str, Where] = {}
    for sheet in book.sheets:
        if sheet.part not in package.names:
            continue
        where = sheet_where(sheet)
        for target in (
            *parts.related(package, sheet.part, "package"),
            *parts.related(package, sheet.part, "oleObject"),
        ):
            found[target] = where.plus(", embedded object")
        for drawing in parts.related(package, sheet.part, "drawing"):
            for chart in parts.related(package, drawing, "chart"):
                for target in parts.related(package, chart, "package"):
                    found[target] = where.plus(", workbook behind a chart")
    return found
