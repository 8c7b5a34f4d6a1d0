"""Records of an XLS workbook stream that the reading library leaves out ([MS-XLS] 2.3, 2.4)."""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator

_BOF, _EOF = 0x0809, 0x000A
_FILTERMODE = 0x009B
_CRN, _SUPBOOK = 0x005A, 0x01AE
_SXFDB, _SXDBB, _SXNUM, _SXDTR, _SXINT, _SXSTRING = 0x00C7, 0x00C8, 0x00C9, 0x00CE, 0x00CC, 0x00CD
MAX_RECORDS = 20_000_000


@dataclasses.dataclass(slots=True)
class Leftovers:
    """What stands in the stream beside cells."""

    filtered: list[bool] = dataclasses.field(default_factory=list)
    """For each sub-stream after the globals: whether rows are filtered out."""
    cached: list[str] = dataclasses.field(default_factory=list)
    """Texts cached from linked workbooks."""
    links: list[str] = dataclasses.field(default_factory=list)
    strings: list[str] = dataclasses.field(default_factory=list)
    """Query and connection texts."""


@dataclasses.dataclass(slots=True)
class PivotCache:
    fields: list[str] = dataclasses.field(default_factory=list)
    values: list[list[str]] = dataclasses.field(default_factory=list)
    records: int = 0


def records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    for _ in range(MAX_RECORDS):
        if at + 4 > len(stream):
            return
        kind, size = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + size]
        at += 4 + size


def text(data: bytes, at: int = 0, wide: bool = True) -> tuple[str, int]:
    """An XLUnicodeString ([MS-XLS] 2.5.294) at an offset: (text, offset after it)."""
    if at + 3 > len(data):
        return "", len(data)
    count, flags = struct.unpack_from("<HB", data, at) if wide else (data[at], data[at + 1])
    at += 3 if wide else 2
    if flags & 8:
        at += 2
    if flags & 4:
        at += 4
    size = count * (2 if flags & 1 else 1)
    raw = data[at : at + size]
    return raw.decode("utf-16-le" if flags & 1 else "latin-1", "replace"), at + size


def leftovers(stream: bytes) -> Leftovers:
    found = Leftovers()
    depth, globals_done = 0, False
    for kind, data in records(stream):
        if kind == _BOF:
            depth += 1
            if globals_done and depth == 1:
                found.filtered.append(False)
        elif kind == _EOF:
            depth -= 1
            if depth == 0:
                globals_done = True
        elif kind == _FILTERMODE and found.filtered:
            found.filtered[-1] = True
        elif kind == _CRN:
            found.cached += _cached(data)
        elif kind == _SUPBOOK and len(data) > 8:
            found.links.append(text(data, 2)[0])
        elif kind == _SXSTRING and globals_done:
            found.strings.append(text(data)[0])
    return found


def _cached(data: bytes) -> list[str]:
    """Values of a row of a linked sheet ([MS-XLS] 2.4.66)."""
    out, at = [], 4
    while at < len(data):
        kind = data[at]
        if kind == 2:
            said, at = text(data, at + 1)
            out.append(said)
        elif kind in (0, 1, 4, 16):
            if kind == 1 and at + 9 <= len(data):
                (number,) = struct.unpack_from("<d", data, at + 1)
                out.append(repr(number))
            at += 9
        else:
            break
    return out


def pivot_cache(stream: bytes) -> PivotCache:
    """Fields with their lists of values ([MS-XLS] 2.1.7.17, the pivot cache storage)."""
    cache = PivotCache()
    for kind, data in records(stream):
        if kind == _SXFDB:
            # Fixed part of fourteen bytes, then the field's name.
            cache.fields.append(text(data, 14)[0] if len(data) > 16 else "")
            cache.values.append([])
        elif kind == _SXDBB:
            cache.records += 1
        elif cache.values:
            if kind == _SXSTRING:
                cache.values[-1].append(text(data)[0])
            elif kind == _SXNUM and len(data) >= 8:
                (number,) = struct.unpack_from("<d", data)
                cache.values[-1].append(str(int(number)) if number.is_integer() else repr(number))
            elif kind == _SXINT and len(data) >= 2:
                cache.values[-1].append(str(struct.unpack_from("<h", data)[0]))
            elif kind == _SXDTR and len(data) >= 8:
                year, month = struct.unpack_from("<HH", data)
                cache.values[-1].append(f"{year:04}-{month:02}-{data[4]:02}")
    return cache
