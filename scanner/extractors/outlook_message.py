"""Outlook messages, contacts and appointments saved as MSG files ([MS-OXMSG]); attachments descended into."""

from __future__ import annotations

import io
import re
import struct
from collections.abc import Iterator
from typing import ClassVar

from scanner.common import outlook, sniff
from scanner.common.compound import Compound
from scanner.common.extracting import gap
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place

_STREAM = re.compile(r"__substg1\.0_([0-9A-Fa-f]{4})([0-9A-Fa-f]{4})$")
_UNICODE, _STRING8, _BINARY, _OBJECT = 0x001F, 0x001E, 0x0102, 0x000D
_CODE_PAGE = struct.pack("<HH", 0x0003, 0x3FFD)
_MAX_DEPTH = 10
_MAX_ITEMS = 20_000


class OutlookMessageExtractor:
    name: ClassVar[str] = "outlook_message"
    media_types: ClassVar[tuple[str, ...]] = (sniff.MSG,)
    splittable: ClassVar[bool] = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        compound = Compound(content)
        try:
            yield from _Message(content, compound).read((), content.place, 0)
            compound.check()
        finally:
            compound.close()


class _Message:
    def __init__(self, content: Content, compound: Compound) -> None:
        self._content, self._compound = content, compound
        self._allowance = Allowance.of(content.limits)
        self._items = 0
        self._damaged = 0

    def read(self, path: tuple[str, ...], place: Place, depth: int) -> Iterator[Fragment | Gap]:
        texts, binaries = self._values(path)
        yield from outlook.item(self._content, place, texts, binaries)
        secure = (
            "SMIME" in texts.get(outlook.CLASS, "").upper() and "SIGNED" not in texts[outlook.CLASS].upper()
        )
        if secure:
            yield gap(self._content, GapReason.ENCRYPTED, "an encrypted message", "", place)
        people: list[dict[int, str]] = []
        for name in self._compound.below(*path):
            if name.startswith("__recip_version1.0_"):
                people.append(self._values((*path, name))[0])
            elif name.startswith("__attach_version1.0_") and not secure:
                yield from self._attachment((*path, name), place, depth)
        yield from outlook.recipients(self._content, place, people)
        if depth == 0 and self._damaged:
            raise ReadError(GapReason.CORRUPT, "the message is damaged or cut off")

    def _values(self, path: tuple[str, ...]) -> tuple[dict[int, str], dict[int, bytes]]:
        """Properties kept in streams of their own: texts, and binaries other than files."""
        codec = self._codec(path)
        texts: dict[int, str] = {}
        binaries: dict[int, bytes] = {}
        for name in self._compound.below(*path):
            match = _STREAM.match(name)
            if match is None:
                continue
            tag, kind = int(match[1], 16), int(match[2], 16)
            if kind not in (_UNICODE, _STRING8, _BINARY):
                continue
            if kind == _BINARY and tag not in (outlook.HTML_BODY, outlook.RTF_BODY):
                continue
            try:
                raw = self._compound.stream(*path, name)
            except ReadError:
                self._damaged += 1
                continue
            if kind == _BINARY:
                binaries[tag] = raw
            else:
                texts[tag] = raw.decode("utf-16-le" if kind == _UNICODE else codec, "replace").rstrip("\0")
        return texts, binaries

    def _codec(self, path: tuple[str, ...]) -> str:
        import codecs

        name = "__properties_version1.0"
        try:
            raw = self._compound.stream(*path, name)
            at = raw.find(_CODE_PAGE)
            number = struct.unpack_from("<I", raw, at + 8)[0] if 0 <= at <= len(raw) - 12 else 1252
            return codecs.lookup("utf-8" if number == 65001 else f"cp{number}").name
        except (ReadError, LookupError):
            return "cp1252"

    def _attachment(self, path: tuple[str, ...], place: Place, depth: int) -> Iterator[Fragment | Gap]:
        self._items += 1
        if self._items > _MAX_ITEMS or depth >= _MAX_DEPTH:
            yield gap(
                self._content, GapReason.LIMIT, "the message has too many or too deeply nested attachments"
            )
            return
        said, _ = self._values(path)
        name = said.get(outlook.LONG_NAME) or said.get(outlook.SHORT_NAME) or "attachment"
        names = self._compound.below(*path)
        if f"__substg1.0_{outlook.FILE_DATA:04X}{_OBJECT:04X}" in names:
            inner = (*path, f"__substg1.0_{outlook.FILE_DATA:04X}{_OBJECT:04X}")
            if any(part.startswith("__properties") for part in self._compound.below(*inner)):
                yield from self.read(inner, place.child("member", said.get(0x3001) or "message"), depth + 1)
            else:
                yield gap(self._content, GapReason.UNSUPPORTED, "an object embedded in a message")
            return
        data = f"__substg1.0_{outlook.FILE_DATA:04X}{_BINARY:04X}"
        if data not in names:
            return  # a link to a file elsewhere
        try:
            raw = self._compound.stream(*path, data)
        except ReadError as error:
            yield gap(self._content, error.reason, error.detail, error.remedy, place)
            return
        yield from read_member(self._content, Member(name, io.BytesIO(raw).read, len(raw)), self._allowance)
