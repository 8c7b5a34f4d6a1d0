"""dBASE and FoxPro tables (DBF), among them the attributes of shapefiles.

The header tells columns and code page, the records are of fixed length. Memo texts lie in
a file of their own beside the table, where they are read as text. A shapefile's geometry
(.shp, .shx) holds coordinates only: nothing comes out of it, and nothing is missing.
"""

from __future__ import annotations

import dataclasses
import struct
from collections.abc import Iterator
from typing import ClassVar

from scanner.common.encoding import detect
from scanner.common.extracting import gap, read_up_to
from scanner.common.sniff import DBF, SHAPES
from scanner.common.tables import Batches
from scanner.common.tabular import unique_names
from scanner.contracts import Content, Fragment, TableFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

_CHUNK = 1024 * 1024
# Language driver (byte 29) to code page; the ones met in Western Europe and the former East.
_CODE_PAGES = {
    0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0x04: "mac_roman", 0x08: "cp865", 0x09: "cp437",
    0x0A: "cp850", 0x0B: "cp437", 0x0D: "cp437", 0x0E: "cp850", 0x0F: "cp437", 0x10: "cp850",
    0x1A: "cp850", 0x1B: "cp437", 0x1D: "cp850", 0x25: "cp850", 0x37: "cp850", 0x57: "cp1252",
    0x58: "cp1252", 0x59: "cp1252", 0x64: "cp852", 0x65: "cp866", 0xC8: "cp1250", 0xC9: "cp1251",
}  # fmt: skip
_TYPES = {"C": "text", "V": "text", "D": "date", "N": "number", "F": "number", "I": "number", "B": "number",
          "Y": "number", "T": "date", "O": "number", "L": "bool"}  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class _Field:
    name: str
    kind: str
    start: int
    size: int


class DbfExtractor:
    name: ClassVar[str] = "dbf"
    media_types: ClassVar[tuple[str, ...]] = (DBF, SHAPES)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        if content.head.startswith(b"\x00\x00\x27\x0a"):
            return
        head = content.head
        if len(head) < 65:
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off table")
        if head[15] == 1:
            raise ReadError(GapReason.ENCRYPTED, "protected by a password")
        count, first, size = struct.unpack_from("<IHH", head, 4)
        fields = _fields(head, first, size)
        if not fields:
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off table")
        batches = Batches(
            unique_names([field.name for field in fields], len(fields)),
            content.place,
            content.limits.cell_chars,
        )
        read = _Text(_CODE_PAGES.get(head[29]))
        rows: list[list[str]] = []
        found = 0
        for record in _records(content, first, size):
            found += 1
            # A deleted record is only marked; the person is still in the file.
            rows.append([read.cell(record[f.start : f.start + f.size], f.kind) for f in fields])
            if len(rows) >= content.limits.batch_rows:
                yield _declared(batches.table(rows), fields)
                rows = []
        if rows:
            yield _declared(batches.table(rows), fields)
        if batches.cut:
            yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")
        if found < count:
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off table")


def _declared(table: TableFragment, fields: list[_Field]) -> TableFragment:
    types = {name: _TYPES[f.kind] for name, f in zip(table.columns, fields, strict=False) if f.kind in _TYPES}
    return dataclasses.replace(table, declared_types=types)


def _fields(head: bytes, first: int, size: int) -> list[_Field]:
    fields: list[_Field] = []
    level7 = head[0] & 7 == 4
    at, step = (68, 48) if level7 else (32, 32)
    start = 1
    while at + step <= min(first, len(head)) and head[at] not in (0x0D, 0x00):
        raw = head[at : at + (32 if level7 else 11)].split(b"\0")[0]
        kind = chr(head[at + (32 if level7 else 11)])
        length = head[at + (33 if level7 else 16)]
        if kind == "C" and not level7:
            length += head[at + 17] << 8  # long text fields use the decimals byte as well
        if start + length > size:
            length = max(0, size - start)
        # memo fields hold a block number, general ones a picture's
        if length and kind not in "MGPW0":
            fields.append(_Field(raw.decode("cp1252", "replace").strip(), kind, start, length))
        start += length
        at += step
    return fields


def _records(content: Content, first: int, size: int) -> Iterator[bytes]:
    content.file.seek(first)
    rest = b""
    while True:
        part = read_up_to(content.file, max(_CHUNK // size, 1) * size - len(rest))
        block = rest + part
        for at in range(0, len(block) - size + 1, size):
            if block[at] == 0x1A:
                return
            yield block[at : at + size]
        rest = block[len(block) - len(block) % size :]
        if not part:
            return


class _Text:
    def __init__(self, code_page: str | None) -> None:
        self._code_page = code_page

    def cell(self, raw: bytes, kind: str) -> str:
        if kind in "IYTOB" and len(raw) in (4, 8):
            return _number(raw, kind)
        if kind == "V" and raw and raw[-1] < len(raw):
            raw = raw[: raw[-1]]
        raw = raw.strip(b" \0")
        if kind == "D" and len(raw) == 8 and raw.isdigit():
            return f"{raw[:4].decode()}-{raw[4:6].decode()}-{raw[6:].decode()}"
        if raw.isascii():
            return raw.decode("ascii")
        if self._code_page is None:
            # Not stated: newer programs write UTF-8 or Windows-1252.
            encoding = detect(raw)
            return encoding.decode(raw) if encoding else raw.decode("cp1252", "replace")
        return raw.decode(self._code_page, "replace")


def _number(raw: bytes, kind: str) -> str:
    if kind == "I":
        return str(struct.unpack("<i", raw[:4])[0])
    if len(raw) != 8:
        return ""
    if kind == "T":
        import datetime as dt

        day, milliseconds = struct.unpack("<ii", raw)
        # Julian day number 1721426 is the first of January of the year 1.
        if not 1721426 <= day <= 5373484:
            return ""
        moment = dt.datetime.min + dt.timedelta(
            days=day - 1721426, milliseconds=max(0, milliseconds) % 86_400_000
        )
        return moment.date().isoformat() if milliseconds <= 0 else moment.isoformat(" ", "seconds")
    if kind == "Y":
        return str(struct.unpack("<q", raw)[0] / 10_000)
    return repr(struct.unpack("<d" if kind == "B" else ">d", raw)[0])
