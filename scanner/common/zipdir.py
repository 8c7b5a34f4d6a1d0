"""ZIP directories as a stream (PKWARE APPNOTE 6.3): one entry at a time, whatever their number.

The standard library holds a record of about a kilobyte for every member before the first
can be read, which a million members make a gigabyte. Here the central directory is walked
in blocks, and a member is unpacked by itself.
"""

from __future__ import annotations

import bz2
import dataclasses
import lzma
import struct
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

STORED, DEFLATED, BZIP2, LZMA, ZSTD, XZ, AES = 0, 8, 12, 14, 93, 95, 99
_EOCD, _EOCD64, _ENTRY, _LOCAL = b"PK\x05\x06", b"PK\x06\x06", b"PK\x01\x02", b"PK\x03\x04"
_BLOCK = 1024 * 1024
_CHUNK = 64 * 1024
_ZIP64_EXTRA = 1


class BadZip(Exception):
    """No directory, or one that cannot be walked."""


class RareMethod(Exception):
    """Packed by a method that nothing here unpacks."""


@dataclasses.dataclass(frozen=True, slots=True)
class Entry:
    """One line of the directory. Sizes are what the archive states, not to be believed."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    """Of the local header in the file."""

    @property
    def is_folder(self) -> bool:
        return self.name.endswith("/")

    @property
    def encrypted(self) -> bool:
        return bool(self.flags & 0x1) or self.method == AES


def entries(file: BinaryIO) -> Iterator[Entry]:
    """The members in the directory's order. The file may be moved between two entries.

    Raises BadZip, and whatever `file.read` raises.
    """
    position, end, shift = _directory(file)
    buffer, at = b"", 0
    while position + at < end:
        if len(buffer) - at < 46 + 3 * 65535 and position + len(buffer) < end:
            position, buffer, at = (
                position + at,
                _read(file, position + at, min(_BLOCK, end - position - at)),
                0,
            )
        if buffer[at : at + 4] != _ENTRY or len(buffer) - at < 46:
            raise BadZip("directory")
        flags, method = struct.unpack_from("<HH", buffer, at + 8)
        crc, packed, size, name_size, extra_size, comment_size = struct.unpack_from(
            "<IIIHHH", buffer, at + 16
        )
        (offset,) = struct.unpack_from("<I", buffer, at + 42)
        name = buffer[at + 46 : at + 46 + name_size]
        extra = buffer[at + 46 + name_size : at + 46 + name_size + extra_size]
        size, packed, offset = _large(extra, size, packed, offset)
        yield Entry(
            name.decode("utf-8" if flags & 0x800 else "cp437", "replace"),
            flags, method, crc, packed, size, offset + shift,
        )  # fmt: skip
        at += 46 + name_size + extra_size + comment_size


def _read(file: BinaryIO, at: int, size: int) -> bytes:
    file.seek(at)
    parts = []
    while size > 0:
        part = file.read(size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _directory(file: BinaryIO) -> tuple[int, int, int]:
    """(start, end, bytes before the archive) of the central directory."""
    length = file.seek(0, 2)
    start = max(0, length - 65557)
    tail = _read(file, start, length - start)
    at = tail.rfind(_EOCD)
    if at < 0 or at > len(tail) - 22:
        raise BadZip("no end record")
    size, offset = struct.unpack_from("<II", tail, at + 12)
    end = start + at
    if 0xFFFFFFFF in (size, offset) or struct.unpack_from("<H", tail, at + 10)[0] == 0xFFFF:
        at64 = tail.rfind(_EOCD64, 0, at)
        if 0 <= at64 <= len(tail) - 56:
            size, offset = struct.unpack_from("<QQ", tail, at64 + 40)
            end = start + at64
    if size > end:
        raise BadZip("directory")
    # What stands before the archive (a self-extractor) moves every offset.
    return end - size, end, end - size - offset


def _large(extra: bytes, size: int, packed: int, offset: int) -> tuple[int, int, int]:
    """Sizes that do not fit 32 bits stand in an extra field, in this order (APPNOTE 4.5.3)."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind == _ZIP64_EXTRA:
            field = extra[at + 4 : at + 4 + length]
            values = iter(struct.unpack_from(f"<{len(field) // 8}Q", field))
            size = next(values, size) if size == 0xFFFFFFFF else size
            packed = next(values, packed) if packed == 0xFFFFFFFF else packed
            offset = next(values, offset) if offset == 0xFFFFFFFF else offset
            break
        at += 4 + length
    return size, packed, offset


def open_entry(file: BinaryIO, entry: Entry) -> Unpacked:
    """The member's unpacked bytes, read from front to back; b"" at its end.

    Raises BadZip, RareMethod; reading raises BadZip, EOFError, zlib.error, OSError,
    ValueError or LZMAError for damage.
    """
    header = _read(file, entry.offset, 30) if entry.offset >= 0 else b""
    if len(header) < 30 or header[:4] != _LOCAL:
        raise BadZip("local header")
    name_size, extra_size = struct.unpack_from("<HH", header, 26)
    start = entry.offset + 30 + name_size + extra_size
    return Unpacked(file, entry, start)


class Unpacked:
    """One member as a stream."""

    def __init__(self, file: BinaryIO, entry: Entry, start: int) -> None:
        self._file, self._entry, self._at, self._left = file, entry, start, entry.packed
        self._crc = 0
        self._ended = False
        self._inflate = self._decompressor(entry.method)

    def consumed(self) -> int:
        """Packed bytes used up so far."""
        return self._entry.packed - self._left

    def _decompressor(self, method: int) -> Any:
        if method == STORED:
            return None
        if method == DEFLATED:
            return zlib.decompressobj(-15)
        if method == BZIP2:
            return bz2.BZ2Decompressor()
        if method == LZMA:
            return self._lzma()
        if method == XZ:
            return lzma.LZMADecompressor(memlimit=160 * 1024 * 1024)
        raise RareMethod

    def _lzma(self) -> Any:
        """Raw LZMA behind its properties (APPNOTE 5.8.8)."""
        head = self._raw(4)
        if len(head) < 4:
            raise BadZip("lzma")
        size = struct.unpack_from("<H", head, 2)[0]
        properties = self._raw(size)
        if len(properties) < 5:
            raise BadZip("lzma")
        dictionary = struct.unpack_from("<I", properties, 1)[0]
        if dictionary > 128 * 1024 * 1024 or properties[0] >= 225:
            raise BadZip("lzma")
        pb, rest = divmod(properties[0], 45)
        lp, lc = divmod(rest, 9)
        chain = [{"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb, "dict_size": dictionary}]
        return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)

    def _raw(self, size: int) -> bytes:
        data = _read(self._file, self._at, min(size, self._left))
        self._at += len(data)
        self._left -= len(data)
        return data

    def read(self, size: int) -> bytes:
        data = self._next(size)
        if data:
            self._crc = zlib.crc32(data, self._crc)
        elif self._crc != self._entry.crc and not self._ended:
            raise BadZip("checksum")
        self._ended = self._ended or not data
        return data

    def _next(self, size: int) -> bytes:
        inflate = self._inflate
        if inflate is None:
            return self._raw(size)
        while not inflate.eof:
            if isinstance(inflate, (bz2.BZ2Decompressor, lzma.LZMADecompressor)):
                raw = self._raw(_CHUNK) if inflate.needs_input else b""
                starved = inflate.needs_input and not raw
            else:
                raw = inflate.unconsumed_tail or self._raw(_CHUNK)
                starved = not raw
            data: bytes = inflate.decompress(raw, size)
            if data:
                return data
            if starved:
                if isinstance(inflate, lzma.LZMADecompressor) and not self._left:
                    return b""  # raw LZMA needs no end mark
                raise EOFError
        return b""
