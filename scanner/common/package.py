"""Office packages: ZIP files of XML parts (ECMA-376 OPC, ODF 1.3 part 2), opened with care."""

from __future__ import annotations

import contextlib
import itertools
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from scanner.common import zipdir
from scanner.common.extracting import Watched, read_up_to
from scanner.common.unpacking import MEMBER_ERRORS, READING_ERRORS, Allowance, Member, read_member
from scanner.common.xmlread import discard, events, local
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

MAX_PART = 1024 * 1024 * 1024
MAX_PARTS = 100_000
"""Parts of one document that are listed."""
_CHUNK = 1024 * 1024
MIN_PICTURE = 10_000
"""Bytes from which a picture in a document is looked into: smaller ones are logos and lines."""
_PICTURES = ("word/media/", "ppt/media/", "xl/media/", "Pictures/")
_READ = (".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".bmp", ".webp")
_PROPERTIES = frozenset(
    "creator lastModifiedBy title subject description keywords category manager company "
    "initial-creator editor user-defined keyword contentStatus lpwstr lpstr".split()
)


class Package:
    """An opened office package. Raises ReadError(ENCRYPTED, CORRUPT, LIMIT) when opened."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self.file = Watched(content.file)
        limits = content.limits
        self._bounded()
        self.file.seek(0)
        try:
            self.zip = zipfile.ZipFile(cast(BinaryIO, self.file))
            infos = self.zip.infolist()
        except READING_ERRORS as error:
            self.file.check()
            raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off") from error
        except NotImplementedError as error:
            raise ReadError(GapReason.UNSUPPORTED, "packed by a rare method") from error
        unpacked = sum(info.file_size for info in infos)
        packed = sum(info.compress_size for info in infos)
        if unpacked > limits.archive_bytes or unpacked > max(64 * 1024 * 1024, limits.archive_ratio * packed):
            raise ReadError(
                GapReason.LIMIT,
                "unpacks to far more than its packed size (a decompression bomb?)",
                "raise limits.archive_ratio if this is expected",
            )
        if any(info.flag_bits & 1 for info in infos):
            raise ReadError(GapReason.ENCRYPTED, "protected by a password")
        self.names = [info.filename for info in infos]
        self.opened: set[str] = set()
        """Parts that somebody has read."""
        if "META-INF/manifest.xml" in self.names and b"encryption-data" in self._start(
            "META-INF/manifest.xml"
        ):
            raise ReadError(GapReason.ENCRYPTED, "protected by a password")

    def _bounded(self) -> None:
        """Refuses a directory too long to be held: `zipfile` reads all of it before anything else."""
        most = min(MAX_PARTS, self.content.limits.archive_members)
        # what is damaged, `zipfile` tells
        with contextlib.suppress(zipdir.BadZip, *READING_ERRORS):
            count = sum(1 for _ in itertools.islice(zipdir.entries(cast(BinaryIO, self.file)), most + 1))
            if count > most:
                raise ReadError(
                    GapReason.LIMIT, "too many parts in one document", "raise limits.archive_members"
                )
        self.file.check()

    def _start(self, name: str, size: int = 4 * 1024 * 1024) -> bytes:
        with self.open(name) as part:
            return read_up_to(part, size)

    def matching(self, *prefixes: str) -> list[str]:
        """XML parts under the prefixes, in natural order (slide2 before slide10)."""
        found = [
            n for n in self.names if n.startswith(prefixes) and n.endswith(".xml") and "/_rels/" not in n
        ]
        return sorted(found, key=lambda n: (len(n), n))

    def open(self, name: str) -> BinaryIO:
        """One part as a stream of no more bytes than the directory states."""
        self.opened.add(name)
        try:
            return cast(BinaryIO, _Part(self.zip.open(name), self.file))
        except MEMBER_ERRORS as error:
            self.file.check()
            raise ReadError(GapReason.CORRUPT, "a part of the document is damaged or missing") from error

    def inflated(self, name: str) -> Iterator[bytes]:
        """A part's bytes as a reader that ignores the stated size would see them, in chunks."""
        info = self.zip.getinfo(name)
        if info.header_offset < 0:
            raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off")
        self.file.seek(info.header_offset)
        header = read_up_to(cast(BinaryIO, self.file), 30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off")
        name_size, extra_size = struct.unpack_from("<HH", header, 26)
        self.file.seek(info.header_offset + 30 + name_size + extra_size)
        left = info.compress_size
        inflate = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
        while left > 0:
            raw = self.file.read(min(_CHUNK, left))
            if not raw:
                break
            left -= len(raw)
            if inflate is None:
                yield raw
                continue
            while raw:
                try:
                    yield inflate.decompress(raw, 4 * _CHUNK)
                except zlib.error as error:
                    raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off") from error
                raw = inflate.unconsumed_tail

    def text_of(self, name: str, attributes: tuple[str, ...] = ()) -> str:
        """All text of a small part (comments, notes), with the attributes named. At most 4 MB of it."""
        words: list[str] = []
        size = 0
        with self.open(name) as part:
            for event, element in events(part, recover=True):
                if event != "end":
                    continue
                got = [element.get(a) for a in element.attrib if local(a) in attributes]
                if element.text and element.text.strip():
                    got.append(element.text)
                if local(element.tag) in ("p", "r", "comment", "si", "text", "pt") and words:
                    got.append("\n")
                words.extend(filter(None, got))
                size += sum(len(w or "") for w in got)
                discard(element)
                if size > 4_000_000:
                    break
        return "".join(w if w == "\n" else w + " " for w in words).strip()

    def files(self) -> Iterator[Fragment | Gap]:
        """Embedded workbooks and packages, and pictures large enough to hold a page's text."""
        allowance = Allowance.of(self.content.limits)
        for name in self.names:
            if name.endswith("/"):
                continue
            info = self.zip.getinfo(name)
            picture = (
                name.startswith(_PICTURES) and info.file_size >= MIN_PICTURE and name.lower().endswith(_READ)
            )
            if "/embeddings/" not in name and not picture:
                continue
            with self.open(name) as stream:
                member = Member(name, stream.read, info.file_size, info.compress_size)
                yield from read_member(self.content, member, allowance)

    def properties(self) -> Iterator[Fragment]:
        """Author, last editor, title and the like, which readers of the document do not see."""
        for name in ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml", "meta.xml"):
            if name not in self.names:
                continue
            lines: list[str] = []
            with self.open(name) as part:
                for event, element in events(part, recover=True):
                    if (
                        event == "end"
                        and local(element.tag) in _PROPERTIES
                        and element.text
                        and element.text.strip()
                    ):
                        lines.append(f"{local(element.tag)}: {element.text.strip()[:2000]}")
            if lines:
                yield TextFragment(
                    "\n".join(lines), self.content.place.child("part", "properties"), hidden=True
                )


class _Part:
    """A zip member for lxml: damage shows as ReadError, not as the library's own errors."""

    def __init__(self, stream: Any, file: Watched) -> None:
        self._stream, self._file = stream, file

    def read(self, size: int = -1) -> bytes:
        try:
            return bytes(self._stream.read(size if size >= 0 else _CHUNK))
        except READING_ERRORS as error:
            self._file.check()
            raise ReadError(GapReason.CORRUPT, "a part of the document is damaged") from error

    def __enter__(self) -> _Part:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stream.close()
