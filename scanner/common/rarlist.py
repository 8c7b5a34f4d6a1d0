"""The members a RAR archive lists, by its headers alone: their names, and which are protected.

Sources: "RAR 5.0 archive format" (rarlab.com/technote.htm) and the technote that came with
RAR 4. The library that unpacks does not tell protected members from others in every version.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator
from typing import BinaryIO

_RAR4, _RAR5 = b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00"
_MAX_HEADER = 2 * 1024 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Listed:
    name: str
    encrypted: bool
    size: int


class NamesEncrypted(Exception):
    """Even the list of members is protected."""


def members(file: BinaryIO) -> Iterator[Listed]:
    """What the headers list, up to the first that makes no sense. Raises NamesEncrypted."""
    file.seek(0)
    head = file.read(8)
    if head.startswith(_RAR5):
        yield from _version5(file)
    elif head.startswith(_RAR4):
        yield from _version4(file)


def _version5(file: BinaryIO) -> Iterator[Listed]:
    at = len(_RAR5)
    while True:
        file.seek(at)
        start = file.read(4 + 3)
        if len(start) < 7:
            return
        size, used = _vint(start, 4)
        if not 0 < size <= _MAX_HEADER:
            return
        file.seek(at + used)
        raw = file.read(size)
        if len(raw) < size:
            return
        kind, i = _vint(raw, 0)
        flags, i = _vint(raw, i)
        extra_size, i = _vint(raw, i) if flags & 1 else (0, i)
        data_size, i = _vint(raw, i) if flags & 2 else (0, i)
        if kind == 4:
            raise NamesEncrypted
        if kind == 2:
            yield _file5(raw, i, extra_size)
        if kind == 5:
            return
        at += used + size + data_size


def _file5(raw: bytes, i: int, extra_size: int) -> Listed:
    flags, i = _vint(raw, i)
    size, i = _vint(raw, i)
    _, i = _vint(raw, i)
    i += 4 * bool(flags & 2) + 4 * bool(flags & 4)
    _, i = _vint(raw, i)
    _, i = _vint(raw, i)
    length, i = _vint(raw, i)
    name = raw[i : i + length].decode("utf-8", "replace")
    extra = raw[len(raw) - extra_size :] if extra_size else b""
    at, encrypted = 0, False
    while at < len(extra):
        record, used = _vint(extra, at)
        kind, _ = _vint(extra, used)
        encrypted = encrypted or kind == 1
        at = used + max(record, 1)
    return Listed(name, encrypted, size)


def _vint(raw: bytes, at: int) -> tuple[int, int]:
    """(value, position after it) of a number of seven bits a byte; 0 where the bytes end."""
    value = shift = 0
    while at < len(raw) and shift <= 63:
        byte = raw[at]
        value |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if not byte & 0x80:
            break
    return value, at


def _version4(file: BinaryIO) -> Iterator[Listed]:
    at = len(_RAR4)
    while True:
        file.seek(at)
        raw = file.read(7)
        if len(raw) < 7:
            return
        kind, flags, size = struct.unpack_from("<BHH", raw, 2)
        if size < 7:
            return
        raw += file.read(size - 7)
        if kind == 0x73 and flags & 0x80:
            raise NamesEncrypted
        data = (
            struct.unpack_from("<I", raw, 7)[0] if (flags & 0x8000 or kind == 0x74) and len(raw) >= 11 else 0
        )
        if kind == 0x74 and len(raw) >= 32:
            if flags & 0x100 and len(raw) >= 40:
                data += struct.unpack_from("<I", raw, 32)[0] << 32
            start = 40 if flags & 0x100 else 32
            (length,) = struct.unpack_from("<H", raw, 26)
            name = raw[start : start + length].split(b"\0")[0].decode("utf-8", "replace")
            yield Listed(name, bool(flags & 4), struct.unpack_from("<I", raw, 11)[0])
        if kind == 0x7B:
            return
        at += size + data
