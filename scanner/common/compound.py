"""Compound files ([MS-CFB]): the containers of legacy Office documents and Outlook messages."""

from __future__ import annotations

import contextlib
import logging
import struct
from collections.abc import Iterator, Sequence
from typing import Any, BinaryIO, cast

from scanner.common.extracting import Watched
from scanner.contracts import Content, TextFragment
from scanner.errors import ReadError
from scanner.model import GapReason

MAX_STREAM = 128 * 1024 * 1024
"""Bytes of one stream that are held."""
ERRORS: tuple[type[Exception], ...] = (
    OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, struct.error,
    EOFError, MemoryError, AssertionError,
)  # fmt: skip
"""What the library raises on damaged containers (it has one exception of its own, an OSError)."""
_SPECIAL = 0xFFFFFFFA
"""From here on a sector number means something else."""
_PROPERTIES = (
    "author",
    "last_saved_by",
    "title",
    "subject",
    "keywords",
    "comments",
    "manager",
    "company",
    "category",
)


class Compound:
    """An opened compound file. Raises ReadError(CORRUPT) when it cannot be."""

    def __init__(self, content: Content) -> None:
        import olefile

        # Its warnings quote the file, and its own repairs are good enough.
        logging.getLogger("olefile").setLevel(logging.CRITICAL)
        if content.size is not None and content.size > content.limits.object_bytes:
            raise ReadError(
                GapReason.LIMIT,
                f"a document larger than {content.limits.object_bytes:,} bytes",
                "raise limits.object_bytes",
            )
        self.content = content
        self._file = Watched(content.file)
        self._file.seek(0)
        try:
            self._ole: Any = olefile.OleFileIO(cast(BinaryIO, self._file))
            self.names: list[Sequence[str]] = self._ole.listdir(streams=True, storages=False)
        except ERRORS as error:
            self._file.check()
            raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off") from error

    @property
    def cut_off(self) -> bool:
        """True if the allocation table speaks of sectors beyond the file's end."""
        ole = self._ole
        try:
            sectors = len(ole.fat)  # shortened by the library to what the file has
            large = [
                e for e in ole.direntries if e and (e is ole.root or e.size >= ole.mini_stream_cutoff_size)
            ]
            starts = [e.isectStart for e in large]
            return any(sectors <= sector < _SPECIAL for sector in (*ole.fat, *starts))
        except ERRORS:
            return False

    def has(self, *path: str) -> bool:
        return bool(self._ole.exists(list(path)))

    def stream(self, *path: str) -> bytes:
        """A stream's bytes. Raises ReadError for one that is damaged or too large."""
        try:
            with self._ole.openstream(list(path)) as stream:
                data: bytes = stream.read(MAX_STREAM + 1)
        except ERRORS as error:
            self._file.check()
            raise ReadError(GapReason.CORRUPT, "a part of the document is damaged") from error
        if len(data) > MAX_STREAM:
            raise ReadError(GapReason.LIMIT, f"a part larger than {MAX_STREAM:,} bytes")
        return data

    def below(self, *path: str) -> list[str]:
        """Names of what lies directly in a storage."""
        depth = len(path)
        return list(
            dict.fromkeys(n[depth] for n in self.names if len(n) > depth and tuple(n[:depth]) == path)
        )

    def properties(self) -> Iterator[TextFragment]:
        """Author, last editor, title and the like, which readers of the document do not see."""
        try:
            meta = self._ole.get_metadata()
        except ERRORS:
            self._file.check()
            return
        lines = []
        for name in _PROPERTIES:
            value = getattr(meta, name, None)
            if isinstance(value, bytes):
                value = value.decode("utf-8" if meta.codepage == 65001 else "cp1252", "replace")
            if isinstance(value, str) and value.strip("\0 "):
                lines.append(f"{name.replace('_', ' ')}: {value.strip(chr(0))[:2000]}")
        if lines:
            yield TextFragment("\n".join(lines), self.content.place.child("part", "properties"), hidden=True)

    def check(self) -> None:
        """Raises ReadError(CORRUPT) for a file that was cut off; called when all else was read."""
        if self.cut_off:
            raise ReadError(GapReason.CORRUPT, "the document is damaged or cut off")

    def close(self) -> None:
        with contextlib.suppress(*ERRORS):
            self._ole.close()


def native_file(data: bytes) -> tuple[str, bytes]:
    """(name, bytes) of a file embedded by the packager: an Ole10Native stream ([MS-OLEDS] 2.3.6)."""
    if len(data) < 10:
        return "object", data
    at = 6
    label = data[at : data.find(b"\0", at)]
    at = data.find(b"\0", at) + 1
    at = data.find(b"\0", at) + 1 + 4
    (size,) = struct.unpack_from("<I", data, at) if at + 4 <= len(data) else (0,)
    at += 4 + size
    (length,) = struct.unpack_from("<I", data, at) if at + 4 <= len(data) else (0,)
    body = data[at + 4 : at + 4 + length]
    return (label.decode("cp1252", "replace") or "object", body) if body else ("object", data[4:])
