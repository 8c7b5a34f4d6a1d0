"""PowerPoint presentations before 2007 (PPT): text atoms, slide by slide ([MS-PPT] 2.3, 2.9)."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from typing import ClassVar

from scanner.common import sniff
from scanner.common.compound import Compound
from scanner.common.extracting import gap
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place

_SLIDE, _NOTES, _MASTER, _LIST, _COMMENT = 1006, 1008, 1016, 4080, 12000
_CHARS, _BYTES, _STRING, _OBJECT = 4000, 4008, 4026, 0x1011
_ENCRYPTED = 0xF3D1C4DF
_MAX_DEPTH = 40


class PowerpointBinaryExtractor:
    name: ClassVar[str] = "powerpoint_binary"
    media_types: ClassVar[tuple[str, ...]] = (sniff.PPT,)
    splittable: ClassVar[bool] = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        compound = Compound(content)
        try:
            user = compound.stream("Current User") if compound.has("Current User") else b""
            if compound.has("EncryptedSummary") or user[12:16] == struct.pack("<I", _ENCRYPTED):
                raise ReadError(GapReason.ENCRYPTED, "protected by a password")
            yield from _Slides(content, compound.stream("PowerPoint Document")).run()
            yield from compound.properties()
            compound.check()
        finally:
            compound.close()


class _Slides:
    def __init__(self, content: Content, data: bytes) -> None:
        self._content, self._data = content, data
        self._allowance = Allowance.of(content.limits)
        self._words: list[str] = []
        self._where: tuple[Place, bool] = (content.place, False)
        self._slides = 0
        self._seen: set[str] = set()

    def run(self) -> Iterator[Fragment | Gap]:
        data, ends = self._data, [len(self._data)]
        at, damaged = 0, False
        while at + 8 <= len(data):
            while len(ends) > 1 and at >= ends[-1]:
                ends.pop()
                if len(ends) == 1:
                    yield from self._give()
            version, kind, size = struct.unpack_from("<HHI", data, at)
            at += 8
            if at + size > ends[-1]:
                damaged = True
                size = ends[-1] - at
            if version & 0xF == 0xF and len(ends) < _MAX_DEPTH:
                if len(ends) == 1 or kind in (_SLIDE, _NOTES, _COMMENT):
                    yield from self._give()
                    self._enter(kind)
                ends.append(at + size)
                continue
            yield from self._atom(kind, version >> 4, data[at : at + size])
            at += size
        yield from self._give()
        if damaged:
            raise ReadError(GapReason.CORRUPT, "the presentation is damaged or cut off")

    def _enter(self, kind: int) -> None:
        place = self._content.place
        if kind == _SLIDE:
            self._slides += 1
            self._where = (place.child("page", str(self._slides)), False)
        elif kind in (_NOTES, _COMMENT):
            self._where = (place.child("part", "notes" if kind == _NOTES else "comments"), True)
        else:
            self._where = (place, False)

    def _atom(self, kind: int, instance: int, data: bytes) -> Iterator[Fragment | Gap]:
        if kind in (_CHARS, _STRING):
            self._words.append(data.decode("utf-16-le", "replace"))
        elif kind == _BYTES:
            self._words.append(data.decode("cp1252", "replace"))
        elif kind == _OBJECT:
            yield from self._object(data, packed=instance == 1)

    def _object(self, data: bytes, packed: bool) -> Iterator[Fragment | Gap]:
        """An embedded document, as a compound file of its own."""
        if packed:
            most = min(
                self._content.limits.object_bytes, self._content.limits.archive_ratio * max(len(data), 65536)
            )
            try:
                data = zlib.decompressobj().decompress(data[4:], most)
            except zlib.error:
                yield gap(self._content, GapReason.CORRUPT, "an embedded object is damaged")
                return
        if data.startswith(b"\xd0\xcf\x11\xe0"):
            yield from read_member(
                self._content, Member("object", io.BytesIO(data).read, len(data)), self._allowance
            )

    def _give(self) -> Iterator[Fragment]:
        words, self._words = self._words, []
        # The outline repeats what the slides say.
        text = "\n".join(
            word.replace("\r", "\n").replace("\x0b", "\n").replace("\0", "").strip() for word in words
        )
        text = text.strip()
        if not text or text in self._seen:
            return
        self._seen.add(text)
        place, hidden = self._where
        for start in range(0, len(text), 65536):
            yield TextFragment(text[start : start + 65536], place, hidden)
