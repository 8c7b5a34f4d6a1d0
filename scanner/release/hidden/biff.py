"""Records of an XLS workbook stream that the reading library leaves out ([MS-XLS] 2.3, 2.4)."""

from __future__ import annotations

import dataclasses
import re
import struct
from collections.abc import Iterator

_BOF, _EOF = 0x0809, 0x000A
_FILTERMODE = 0x009B
_CRN, _SUPBOOK = 0x005A, 0x01AE
_HEADER, _FOOTER, _TXO, _SERIES_TEXT, _CONTINUE = 0x0014, 0x0015, 0x01B6, 0x100D, 0x003C
_FORMULA, _STRING_TOKEN = 0x0006, 0x17
_SCENARIO, _HLINK, _DV = 0x00AF, 0x01B8, 0x01BE
_RUN = re.compile(rb"(?:[\x20-\xff]\x00){5,}|[\x20-\x7e\xa0-\xff]{5,}")
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
    seen: dict[str, None] = dataclasses.field(default_factory=dict)
    """Texts of page headers and footers, text boxes, buttons and charts, and addresses of links."""
    formulas: dict[str, None] = dataclasses.field(default_factory=dict)
    validation: dict[str, None] = dataclasses.field(default_factory=dict)
    scenarios: dict[str, None] = dataclasses.field(default_factory=dict)


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
    box = 0
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
        elif kind == _TXO:
            box = struct.unpack_from("<H", data, 10)[0] if len(data) >= 12 else 0
        elif kind == _CONTINUE and box:
            # The text of a box follows it: a byte that says how wide letters are, and the letters.
            wide = data[:1] == b"\x01"
            found.seen[
                data[1 : 1 + box * (1 + wide)].decode("utf-16-le" if wide else "latin-1", "replace")
            ] = None
            box = 0
        elif kind in (_HEADER, _FOOTER):
            found.seen[_HEADING_CODES.sub(" ", text(data)[0])] = None
        elif kind == _SERIES_TEXT:
            found.seen[text(data, 2, wide=False)[0]] = None
        elif kind == _FORMULA:
            said = " ".join(_literals(data[22:]))
            if len(said) > 4:
                found.formulas[said] = None
        elif kind in (_HLINK, _DV, _SCENARIO):
            kept = {_HLINK: found.seen, _DV: found.validation, _SCENARIO: found.scenarios}[kind]
            kept["\n".join(_runs(data))] = None
        elif kind == _CRN:
            found.cached += _cached(data)
        elif kind == _SUPBOOK and len(data) > 8:
            found.links.append(text(data, 2)[0])
        elif kind == _SXSTRING and globals_done:
            found.strings.append(text(data)[0])
    return found


_HEADING_CODES = re.compile(r"&(?:\"[^\"]*\"|K[0-9A-F]{6}|\d+|[A-Z&])")


def _literals(tokens: bytes) -> Iterator[str]:
    """Texts in a parsed formula ([MS-XLS] 2.5.198.89); a chance likeness among other tokens does no harm."""
    at = tokens.find(_STRING_TOKEN)
    while 0 <= at < len(tokens) - 3:
        if tokens[at + 2] in (0, 1) and tokens[at + 1]:
            said, end = text(tokens, at + 1, wide=False)
            if end <= len(tokens) and said.isprintable():
                yield said
                at = end - 1
        at = tokens.find(_STRING_TOKEN, at + 1)


def _runs(data: bytes) -> Iterator[str]:
    """Everything in a record that reads as text: records that hold several strings at moving places."""
    for match in _RUN.findall(data):
        yield match.decode("utf-16-le" if b"\0" in match else "latin-1", "replace")


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
