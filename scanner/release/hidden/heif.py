"""Exif and XMP of HEIC pictures, found without drawing them (ISO/IEC 14496-12, 8.11; 23008-12, annex A)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_FULL = 4
"""Bytes of version and flags that begin a full box."""
_MOST_ITEMS = 4096


def exif_and_xmp(raw: bytes) -> tuple[bytes, bytes]:
    """(a TIFF structure, an XMP packet); b"" for what is not there. Raises ValueError for a damaged container."""
    try:
        return _read(raw)
    except (struct.error, IndexError) as error:
        raise ValueError("cut off") from error


def _read(raw: bytes) -> tuple[bytes, bytes]:
    meta = next((raw[a:b] for kind, a, b in _boxes(raw, 0, len(raw)) if kind == b"meta"), None)
    if meta is None:
        raise ValueError("no directory of items")
    inside = {kind: meta[a:b] for kind, a, b in _boxes(meta, _FULL, len(meta))}
    kinds = dict(_kinds(inside.get(b"iinf", b"")))
    exif = xmp = b""
    for number, parts in _places(inside.get(b"iloc", b"")):
        kind = kinds.get(number, "")
        if kind not in ("Exif", "application/rdf+xml"):
            continue
        held = inside.get(b"idat", b"")
        body = b"".join((held if method == 1 else raw)[start : start + size] for method, start, size in parts)
        if kind == "Exif" and len(body) > 4:
            exif = body[4 + struct.unpack_from(">I", body)[0] :]
        elif kind != "Exif":
            xmp = body
    return exif, xmp


def _boxes(raw: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start, end) of the contents of each box."""
    at = start
    while at + 8 <= end:
        size, kind = struct.unpack_from(">I4s", raw, at)
        head = 8
        if size == 1:
            (size,) = struct.unpack_from(">Q", raw, at + 8)
            head = 16
        elif size == 0:
            size = end - at
        if size < head or at + size > end:
            return
        yield kind, at + head, at + size
        at += size


def _kinds(info: bytes) -> Iterator[tuple[int, str]]:
    """Item number to its type, or to the media type of what is `mime` (8.11.6)."""
    if not info:
        return
    first = _FULL + (2 if info[0] == 0 else 4)
    for kind, start, end in _boxes(info, first, len(info)):
        entry = info[start:end]
        if kind != b"infe" or not entry or entry[0] < 2:
            continue
        wide = entry[0] > 2
        (number,) = struct.unpack_from(">I" if wide else ">H", entry, _FULL)
        at = _FULL + (4 if wide else 2) + 2
        name = entry[at : at + 4].decode("latin-1")
        if name == "mime":
            name = entry[at + 4 :].split(b"\0")[1].decode("latin-1")
        yield number, name


def _places(table: bytes) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    """Item number to its extents: (0 in the file or 1 in `idat`, offset, length) (8.11.3)."""
    if not table:
        return
    version = table[0]
    offset_size, length_size = table[4] >> 4, table[4] & 15
    base_size, index_size = table[5] >> 4, table[5] & 15 if version else 0
    at = 6
    wide = ">I" if version == 2 else ">H"
    (count,) = struct.unpack_from(wide, table, at)
    at += struct.calcsize(wide)
    for _ in range(min(count, _MOST_ITEMS)):
        (number,) = struct.unpack_from(wide, table, at)
        at += struct.calcsize(wide)
        method = 0
        if version:
            method = table[at + 1] & 15
            at += 2
        at += 2  # where the data is: 0, this file
        base, at = _number(table, at, base_size)
        (extents,) = struct.unpack_from(">H", table, at)
        at += 2
        parts = []
        for _ in range(extents):
            at += index_size
            offset, at = _number(table, at, offset_size)
            length, at = _number(table, at, length_size)
            parts.append((method, base + offset, length))
        yield number, parts


def _number(raw: bytes, at: int, size: int) -> tuple[int, int]:
    return int.from_bytes(raw[at : at + size], "big"), at + size
