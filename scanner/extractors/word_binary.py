"""Word documents before 2007 (DOC), by their piece table ([MS-DOC] 2.4.1, 2.5, 2.8.35)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from typing import ClassVar

from scanner.common import sniff
from scanner.common.compound import Compound
from scanner.common.embedded import embedded
from scanner.common.extracting import gap
from scanner.common.tables import RowCollector
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place

BLOCK = 64 * 1024
_MAGIC, _ENCRYPTED, _TABLE_1 = 0xA5EC, 0x0100, 0x0200
_WORD97 = 0x00C1
_FIELD = re.compile("\x13([^\x13\x14\x15]*)\x14")
_MARKS = str.maketrans({"\x0b": "\n", "\x0c": "\n", "\x1e": "-", "\x1f": "", "\xa0": " ", "\x01": "", "\x02": "",
                        "\x05": "", "\x08": "", "\x13": "", "\x14": "", "\x15": "", "\0": ""})  # fmt: skip
_PARTS = (("", False), ("footnotes", False), ("headers", False), ("macros", True), ("comments", True),
          ("endnotes", False), ("text boxes", False), ("header text boxes", False))  # fmt: skip


class WordBinaryExtractor:
    name: ClassVar[str] = "word_binary"
    media_types: ClassVar[tuple[str, ...]] = (sniff.DOC,)
    splittable: ClassVar[bool] = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        compound = Compound(content)
        try:
            yield from _document(content, compound)
            yield from compound.properties()
            yield from embedded(compound)
            compound.check()
        finally:
            compound.close()


def _document(content: Content, compound: Compound) -> Iterator[Fragment | Gap]:
    main = compound.stream("WordDocument")
    if len(main) < 0x1AA or struct.unpack_from("<H", main)[0] not in (_MAGIC, 0xA5DC, 0xA5DB):
        raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off")
    version, flags = struct.unpack_from("<H", main, 2)[0], struct.unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise ReadError(GapReason.ENCRYPTED, "protected by a password")
    if version < _WORD97:
        start, end = struct.unpack_from("<II", main, 0x18)
        texts = [main[start:end].decode("cp1252", "replace")]
    else:
        table = compound.stream("1Table" if flags & _TABLE_1 else "0Table")
        start, size = struct.unpack_from("<II", main, 0x1A2)
        text = _pieces(main, table[start : start + size])
        counts = struct.unpack_from("<8I", main, 0x4C)
        texts, at = [], 0
        for count in counts:
            texts.append(text[at : at + count])
            at += count
    cut = False
    for (part, hidden), text in zip(_PARTS, texts, strict=False):
        flow = _Flow(content, content.place.child("part", part) if part else content.place, hidden)
        yield from flow.run(text)
        cut = cut or flow.cut
    if cut:
        yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")


def _pieces(main: bytes, clx: bytes) -> str:
    at = 0
    while at + 3 <= len(clx) and clx[at] == 1:
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    if at + 5 > len(clx) or clx[at] != 2:
        raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off")
    size = min(struct.unpack_from("<I", clx, at + 1)[0], len(clx) - at - 5)
    plc = clx[at + 5 : at + 5 + size]
    count = (size - 4) // 12
    texts, total = [], 0
    for i in range(count):
        first, last = struct.unpack_from("<II", plc, 4 * i)
        (where,) = struct.unpack_from("<I", plc, 4 * (count + 1) + 8 * i + 2)
        length = last - first
        # Pieces never overlap in a sound file: together they hold no more than the stream.
        if length < 0 or total + length > len(main):
            raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off")
        total += length
        if where & 0x40000000:
            start = (where & 0x3FFFFFFF) // 2
            texts.append(main[start : start + length].decode("cp1252", "replace"))
        else:
            start = where & 0x3FFFFFFF
            texts.append(main[start : start + 2 * length].decode("utf-16-le", "replace"))
    return "".join(texts)


class _Flow:
    """Text with its tables: a cell ends with 07, and a row with one more."""

    def __init__(self, content: Content, place: Place, hidden: bool) -> None:
        self._content, self._place, self._hidden = content, place, hidden
        self.cut = False

    def run(self, text: str) -> Iterator[Fragment]:
        codes: list[str] = []
        while "\x13" in text:
            codes += [code.strip() for code in _FIELD.findall(text)]
            fewer = _FIELD.sub("", text)
            if fewer == text:
                break
            text = fewer
        *cells, after = text.split("\x07")
        table: list[str] = []
        for cell in cells:
            if "\r" in cell and (not table or not table[-1]):
                yield from self._table(table)
                before, _, cell = cell.rpartition("\r")
                yield from self._text(before)
                table = []
            table.append(cell)
        yield from self._table(table)
        yield from self._text(after)
        if any(codes):
            yield from self._text("\n".join(codes), hidden=True)

    def _text(self, text: str, hidden: bool = False) -> Iterator[Fragment]:
        text = text.replace("\r", "\n").translate(_MARKS)
        for start in range(0, len(text), BLOCK):
            if text[start : start + BLOCK].strip():
                yield TextFragment(text[start : start + BLOCK], self._place, self._hidden or hidden)

    def _table(self, cells: list[str]) -> Iterator[Fragment]:
        if not cells:
            return
        cells = [cell.replace("\r", "\n").translate(_MARKS).strip() for cell in cells]
        width = next((n for n in range(1, 65) if len(cells) % (n + 1) == 0 and not any(cells[n :: n + 1])), 0)
        if not width:
            yield from self._text("\t".join(cells))
            return
        rows = RowCollector(self._place, self._content.limits, self._hidden)
        for start in range(0, len(cells), width + 1):
            yield from rows.add(cells[start : start + width])
        yield from rows.finish()
        self.cut = self.cut or rows.cut
