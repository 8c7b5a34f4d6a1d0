"""Word, PowerPoint and OpenDocument texts (ECMA-376 WordprocessingML and DrawingML, ODF 1.3).

One streaming walk serves all: paragraphs, tables, and what readers do not see (hidden
runs, tracked deletions, comments, field codes, speaker notes, document properties).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, ClassVar

from scanner.common import sniff
from scanner.common.extracting import gap
from scanner.common.package import Package
from scanner.common.tables import RowCollector
from scanner.common.xmlread import discard, events, local
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place

BLOCK = 64 * 1024
_TABLES = frozenset({"tbl", "table"})
_ROWS = frozenset({"tr", "table-row"})
_CELLS = frozenset({"tc", "table-cell", "covered-table-cell"})
_PARAGRAPHS = frozenset({"p", "h"})
_NUMBER = re.compile(r"(\d+)\.xml$")


class DocumentExtractor:
    name: ClassVar[str] = "document"
    media_types: ClassVar[tuple[str, ...]] = (sniff.DOCX, sniff.PPTX, sniff.ODT, sniff.ODP)
    splittable: ClassVar[bool] = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        package = Package(content)
        damaged: ReadError | None = None
        for part, place, hidden in _parts(package):
            flow = _Flow(content, place, hidden, odf=part == "content.xml")
            try:
                with package.open(part) as stream:
                    yield from flow.run(stream)
            except ReadError as error:
                if error.reason is not GapReason.CORRUPT:
                    raise
                damaged = error
            yield from flow.finish()
            if flow.cut:
                yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")
        yield from package.properties()
        yield from package.files()
        if damaged is not None:
            raise damaged


def _parts(package: Package) -> Iterator[tuple[str, Place, bool]]:
    """(part name, place, hidden) of everything with text, in reading order."""
    place = package.content.place
    for name in ("word/document.xml", "content.xml"):
        if name in package.names:
            yield name, place, False
    for name in package.matching(
        "word/header", "word/footer", "word/footnotes", "word/endnotes", "styles.xml"
    ):
        kind = re.sub(r"\d*\.xml$", "", name.rpartition("/")[2])
        yield name, place.child("part", kind), False
    for name in package.matching("word/comments"):
        yield name, place.child("part", "comments"), True
    for name in package.matching("ppt/slides/slide"):
        yield name, place.child("page", _number(name)), False
    for name in package.matching("ppt/notesSlides/", "ppt/comments"):
        kind = "notes" if "notes" in name else "comments"
        yield name, place.child("part", kind), True


def _number(name: str) -> str:
    match = _NUMBER.search(name)
    return match[1] if match else "1"


class _Table:
    def __init__(self, rows: RowCollector) -> None:
        self.rows = rows
        self.row: list[str] | None = None
        self.cell: list[str] | None = None


class _Flow:
    """One part, read once from front to back."""

    def __init__(self, content: Content, place: Place, hidden: bool, odf: bool) -> None:
        self._content, self._place, self._hidden, self._odf = content, place, hidden, odf
        self._paragraphs: list[list[str]] = []
        self._tables: list[_Table] = []
        self._visible: list[str] = []
        self._unseen: list[str] = []
        self._chars = 0
        self._vanish = False
        self._unseen_depth = 0
        """Inside how many elements whose text readers do not see."""
        self.cut = False

    def run(self, stream: BinaryIO) -> Iterator[Fragment]:
        for event, element in events(stream, recover=True):
            name = local(element.tag)
            if event == "start":
                self._start(name, element)
            else:
                yield from self._end(name, element)
            if self._chars > BLOCK:
                yield from self._give()

    def finish(self) -> Iterator[Fragment]:
        while self._paragraphs:
            self._end_paragraph("".join(self._paragraphs.pop()))
        while self._tables:
            yield from self._end_table()
        yield from self._give()

    def _give(self) -> Iterator[Fragment]:
        visible, unseen = "\n".join(self._visible).strip(), "\n".join(self._unseen).strip()
        self._visible, self._unseen, self._chars = [], [], 0
        if visible:
            yield TextFragment(visible, self._place, self._hidden)
        if unseen:
            yield TextFragment(unseen, self._place, hidden=True)

    def _start(self, name: str, element: Any) -> None:
        if name in _PARAGRAPHS:
            self._paragraphs.append([])
        elif name in _TABLES:
            self._tables.append(_Table(RowCollector(self._place, self._content.limits, self._hidden)))
        elif name in _ROWS and self._tables:
            self._tables[-1].row = []
        elif name in _CELLS and self._tables:
            self._tables[-1].cell = []
        elif name == "r":
            self._vanish = False
        elif name in ("annotation", "tracked-changes", "notes"):
            self._unseen_depth += 1
        if name == "comment":
            author = next((value for key, value in element.attrib.items() if local(key) == "author"), "")
            if author:
                self._unsee(f"comment by {author}")

    def _unsee(self, text: str) -> None:
        if text.strip():
            self._unseen.append(text.strip())
            self._chars += len(text)

    def _add(self, text: str) -> None:
        if self._paragraphs:
            self._paragraphs[-1].append(text)

    def _end(self, name: str, element: Any) -> Iterator[Fragment]:
        if self._odf:
            if name in _PARAGRAPHS:
                self._add(_odf_text(element))
            elif name == "creator" and element.text:
                self._unsee(element.text)
        elif name == "t":
            if self._vanish:
                self._unsee(element.text or "")
            else:
                self._add(element.text or "")
        elif name in ("delText", "instrText"):
            self._unsee(element.text or "")
        elif name == "vanish":
            value = next((v for k, v in element.attrib.items() if local(k) == "val"), "true")
            self._vanish = value not in ("0", "false", "off")
        elif name in ("tab", "br", "cr"):
            self._add("\t" if name == "tab" else "\n")
        if name in _PARAGRAPHS:
            if self._paragraphs:
                self._end_paragraph("".join(self._paragraphs.pop()))
        elif name in ("annotation", "tracked-changes", "notes"):
            self._unseen_depth = max(0, self._unseen_depth - 1)
        elif self._tables:
            yield from self._end_of_table_part(name)
        if not self._paragraphs or (not self._odf and name not in ("p", "h")):
            discard(element)

    def _end_paragraph(self, text: str) -> None:
        if self._unseen_depth:
            self._unsee(text)
        elif self._tables and self._tables[-1].cell is not None:
            self._tables[-1].cell.append(text)
        elif text.strip():
            self._visible.append(text)
            self._chars += len(text)

    def _end_of_table_part(self, name: str) -> Iterator[Fragment]:
        table = self._tables[-1]
        if name in _CELLS:
            if table.row is not None:
                table.row.append("\n".join(table.cell or []).strip())
            table.cell = None
        elif name in _ROWS:
            if table.row:
                yield from table.rows.add(table.row)
            table.row = None
        elif name in _TABLES:
            yield from self._end_table()

    def _end_table(self) -> Iterator[Fragment]:
        table = self._tables.pop()
        yield from table.rows.finish()
        self.cut = self.cut or table.rows.cut


def _odf_text(element: Any) -> str:
    """A paragraph's own text: nested paragraphs (frames, annotations) speak for themselves."""
    words = [element.text or ""]
    for child in element:
        name = local(child.tag)
        if name in ("tab", "line-break"):
            words.append("\t" if name == "tab" else "\n")
        elif name == "s":
            words.append(" ")
        elif name not in ("annotation", "frame", *_PARAGRAPHS):
            words.append(_odf_text(child))
        words.append(child.tail or "")
    return "".join(words)
