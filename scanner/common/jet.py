"""Access databases (Jet 3 and 4, ACE): pages, table definitions and rows.

Layout as the mdbtools project and Jackcess describe it ("HACKING", `JetFormat.java`); no code is
theirs. Deleted rows that still lie in the file are read like the others.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
import struct
import uuid
from collections.abc import Iterator, Sequence
from typing import BinaryIO

BOOL, BYTE, INT, LONG, MONEY, FLOAT, DOUBLE, DATE, BINARY, TEXT, OLE, MEMO = range(1, 13)
GUID, NUMERIC, COMPLEX, BIGINT = 15, 16, 18, 19
TYPE_WORDS = {TEXT: "text", MEMO: "memo", DATE: "date", LONG: "integer", INT: "integer", BIGINT: "integer", BYTE: "integer",
              MONEY: "money", DOUBLE: "number", FLOAT: "number", NUMERIC: "number"}  # fmt: skip
_OF_ANY_LENGTH = (BINARY, TEXT, OLE, MEMO)
CATALOG = 2
"""Page of the table of all objects."""
MAX_MEMO = 64 * 1024 * 1024
_DATA_PAGE, _TABLE_PAGE = 1, 2
_POINTER = 0x4000
_INLINE, _ONE_ROW = 0x80000000, 0x40000000
_HEADER_KEY = bytes.fromhex("c7da396b")


class Damaged(Exception):
    """What follows makes no sense."""


class Protected(Exception):
    """Pages are encrypted."""


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: int
    number: int
    variable: int
    """Index among the columns of variable length."""
    fixed: bool
    offset: int
    """Of a fixed column, in the row."""
    size: int
    scale: int


@dataclasses.dataclass(frozen=True, slots=True)
class Table:
    page: int
    columns: Sequence[Column]


Value = str | bytes | None


class Jet:
    """An opened database. Raises Damaged or Protected when opened."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        file.seek(0)
        head = _exactly(file, 2048)
        self.old = head[0x14] == 0
        self.page_size = 2048 if self.old else 4096
        size = 126 if self.old else 128
        plain = head[:0x18] + _rc4(_HEADER_KEY, head[0x18 : 0x18 + size]) + head[0x18 + size :]
        if any(plain[0x3E:0x42]):
            raise Protected
        self._codec = _codec(struct.unpack_from("<H", plain, 0x3C)[0]) if self.old else "utf-16-le"
        self.pages, rest = divmod(file.seek(0, 2), self.page_size)
        self.cut_off = bool(rest)
        self.bad_rows = 0
        self._page = functools.lru_cache(maxsize=256)(self._read_page)

    def _read_page(self, number: int) -> bytes:
        if not 0 <= number < self.pages:
            raise Damaged
        self._file.seek(number * self.page_size)
        return _exactly(self._file, self.page_size)

    def owners(self) -> dict[int, list[int]]:
        """Table page to its data pages, in the file's order; tables without data included."""
        found: dict[int, list[int]] = {}
        for number in range(1, self.pages):
            self._file.seek(number * self.page_size)
            head = self._file.read(8)
            if len(head) == 8 and head[0] == _DATA_PAGE:
                found.setdefault(struct.unpack_from("<I", head, 4)[0], []).append(number)
        return found

    def table(self, page: int) -> Table:
        """Its definition. Raises Damaged."""
        raw = self._definition(page)
        try:
            return Table(page, self._columns(raw))
        except (struct.error, IndexError) as error:
            raise Damaged from error

    def _definition(self, page: int) -> bytes:
        parts = [self._page(page)]
        if parts[0][0] != _TABLE_PAGE:
            raise Damaged
        seen = {page}
        following = struct.unpack_from("<I", parts[0], 4)[0]
        while following:
            if following in seen or len(seen) > 1_000:
                raise Damaged
            seen.add(following)
            more = self._page(following)
            parts.append(more[8:])
            following = struct.unpack_from("<I", more, 4)[0]
        return b"".join(parts)

    def _columns(self, raw: bytes) -> list[Column]:
        if self.old:
            count, indexes = struct.unpack_from("<H", raw, 25)[0], struct.unpack_from("<I", raw, 31)[0]
            at, width = 43 + 8 * indexes, 18
        else:
            count, indexes = struct.unpack_from("<H", raw, 45)[0], struct.unpack_from("<I", raw, 51)[0]
            at, width = 63 + 12 * indexes, 25
        if count > 4096 or indexes > 10_000:
            raise Damaged
        names = self._names(raw, at + width * count, count)
        columns = []
        for i, name in enumerate(names):
            entry = raw[at + width * i : at + width * (i + 1)]
            if self.old:
                number, variable = struct.unpack_from("<HH", entry, 1)
                flags, scale = entry[13], entry[10]
                offset, size = struct.unpack_from("<HH", entry, 14)
            else:
                number, variable = struct.unpack_from("<HH", entry, 5)
                flags, scale = entry[15], entry[12]
                offset, size = struct.unpack_from("<HH", entry, 21)
            columns.append(Column(name, entry[0], number, variable, bool(flags & 1), offset, size, scale))
        return sorted(columns, key=lambda column: column.number)

    def _names(self, raw: bytes, at: int, count: int) -> list[str]:
        names = []
        for _ in range(count):
            size = raw[at] if self.old else struct.unpack_from("<H", raw, at)[0]
            at += 1 if self.old else 2
            if at + size > len(raw):
                raise Damaged
            names.append(raw[at : at + size].decode(self._codec, "replace"))
            at += size
        return names

    def rows(self, table: Table, pages: Sequence[int]) -> Iterator[list[Value]]:
        """The rows on these pages; those that make no sense are left out and counted in `bad_rows`."""
        self.bad_rows = 0
        for number in pages:
            page = self._page(number)
            for start, end, flags in self._slots(page):
                # A pointer to a row that grew: it lies on another page of the table.
                if flags & _POINTER or end <= start:
                    continue
                try:
                    yield self._row(table, page[start:end])
                except (Damaged, struct.error, IndexError, ValueError, OverflowError):
                    self.bad_rows += 1

    def _slots(self, page: bytes) -> Iterator[tuple[int, int, int]]:
        at = 8 if self.old else 12
        (count,) = struct.unpack_from("<H", page, at)
        end = len(page)
        for i in range(min(count, (len(page) - at - 2) // 2)):
            (where,) = struct.unpack_from("<H", page, at + 2 + 2 * i)
            start = where & 0x1FFF
            if start > end:
                start = end
            yield start, end, where & 0xE000
            end = start

    def _row(self, table: Table, raw: bytes) -> list[Value]:
        lead = 1 if self.old else 2
        count = raw[0] if self.old else struct.unpack_from("<H", raw)[0]
        mask_size = (count + 7) // 8
        if not count or lead + mask_size > len(raw):
            raise Damaged
        mask = raw[len(raw) - mask_size :]
        ends = self._offsets(raw, mask_size) if any(not c.fixed for c in table.columns) else []
        values: list[Value] = []
        for column in table.columns:
            set_ = column.number < count and bool(mask[column.number // 8] >> column.number % 8 & 1)
            if column.kind == BOOL:
                values.append("true" if set_ else "false")
            elif not set_:
                values.append(None)
            elif column.fixed:
                start = lead + column.offset
                values.append(self._fixed(column, raw[start : start + (column.size or 16)]))
            elif column.variable + 1 < len(ends):
                start, end = ends[column.variable], ends[column.variable + 1]
                if not 0 <= start <= end <= len(raw):
                    raise Damaged
                values.append(self._variable(column, raw[start:end]))
            else:
                values.append(None)
        return values

    def _offsets(self, raw: bytes, mask_size: int) -> list[int]:
        """Where each column of variable length starts, and where the last ends."""
        last = len(raw) - 1 - mask_size
        if not self.old:
            (count,) = struct.unpack_from("<H", raw, last - 1)
            if 2 * count > len(raw):
                raise Damaged
            return [struct.unpack_from("<H", raw, last - 3 - 2 * i)[0] for i in range(count + 1)]
        count = raw[last]
        jumps = (len(raw) - 1) // 256
        at = last - jumps - 1
        if (at - count) // 256 < jumps:
            jumps -= 1
        used, found = 0, []
        for i in range(count + 1):
            while used < jumps and i == raw[last - used - 1]:
                used += 1
            found.append(raw[at - i] + 256 * used)
        return found

    def _fixed(self, column: Column, raw: bytes) -> Value:
        kind = column.kind
        if kind == BYTE:
            return str(raw[0])
        if kind in (INT, LONG, BIGINT, COMPLEX):
            return str(
                int.from_bytes(raw[: {INT: 2, LONG: 4, COMPLEX: 4}.get(kind, 8)], "little", signed=True)
            )
        if kind == MONEY:
            return str(struct.unpack_from("<q", raw)[0] / 10_000)
        if kind == FLOAT:
            return repr(struct.unpack_from("<f", raw)[0])
        if kind == DOUBLE:
            number = struct.unpack_from("<d", raw)[0]
            return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
        if kind == DATE:
            return _date(struct.unpack_from("<d", raw)[0])
        if kind == GUID:
            return str(uuid.UUID(bytes_le=raw[:16])) if len(raw) >= 16 else None
        if kind == NUMERIC:
            return _numeric(raw, column.scale)
        return self._variable(column, raw) if kind in _OF_ANY_LENGTH else None

    def _variable(self, column: Column, raw: bytes) -> Value:
        if column.kind == TEXT:
            return self._text(raw)
        if column.kind == MEMO:
            return self._text(self._long(raw))
        if column.kind == OLE:
            return self._long(raw)
        if column.kind == BINARY:
            return raw
        return self._fixed(column, raw) if raw else None

    def _text(self, raw: bytes) -> str:
        if self.old:
            return raw.decode(self._codec, "replace")
        if not raw.startswith(b"\xff\xfe"):
            return raw.decode("utf-16-le", "replace")
        # Compressed: runs of one byte a character and of two, parted by zeros.
        out, packed, at = [], True, 2
        while at < len(raw):
            end = raw.find(b"\0", at)
            if packed:
                end = len(raw) if end < 0 else end
                out.append(raw[at:end].decode("latin-1"))
                at = end + 1
            else:
                end = at
                while end + 1 < len(raw) and raw[end]:
                    end += 2
                out.append(raw[at:end].decode("utf-16-le", "replace"))
                at = end + 1
            packed = not packed
        return "".join(out)

    def _long(self, raw: bytes) -> bytes:
        """A long value: in the row, in one row elsewhere, or along a chain of rows."""
        if len(raw) < 12:
            return b""
        size, where = struct.unpack_from("<II", raw)
        if size & _INLINE:
            return raw[12:]
        length = size & 0x3FFFFFFF
        if size & _ONE_ROW:
            return self._at(where)[:length]
        parts: list[bytes] = []
        seen: set[int] = set()
        total = 0
        while where and where not in seen and total < min(length, MAX_MEMO):
            seen.add(where)
            piece = self._at(where)
            if len(piece) < 4:
                break
            (where,) = struct.unpack_from("<I", piece)
            parts.append(piece[4:])
            total += len(piece) - 4
        return b"".join(parts)[:length]

    def _at(self, where: int) -> bytes:
        page = self._page(where >> 8)
        if page[0] != _DATA_PAGE:
            raise Damaged
        for i, (start, end, _) in enumerate(self._slots(page)):
            if i == where & 0xFF:
                return page[start:end]
        raise Damaged


def _exactly(file: BinaryIO, size: int) -> bytes:
    parts = []
    while size > 0:
        part = file.read(size)
        if not part:
            raise Damaged
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _rc4(key: bytes, data: bytes) -> bytes:
    """The header is only veiled, always with the same key."""
    state = list(range(256))
    j = 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out = bytearray()
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def _codec(number: int) -> str:
    import codecs

    try:
        return codecs.lookup(f"cp{number}").name
    except LookupError:
        return "cp1252"


def _date(days: float) -> str | None:
    # OLE automation dates: days since 30 December 1899; the fraction counts forward on both sides of it.
    if not -657434 < days < 2958466:
        return None
    whole = int(days)
    moment = dt.datetime(1899, 12, 30) + dt.timedelta(days=whole, seconds=round(abs(days - whole) * 86400))
    return moment.date().isoformat() if moment.time() == dt.time() else moment.isoformat(" ")


def _numeric(raw: bytes, scale: int) -> str | None:
    if len(raw) < 17:
        return None
    number = 0
    for i in range(4):
        number = number << 32 | struct.unpack_from("<I", raw, 1 + 4 * i)[0]
    text = str(number).rjust(scale + 1, "0")
    text = f"{text[:-scale]}.{text[-scale:]}" if scale else text
    return f"-{text}" if raw[0] & 0x80 else text
