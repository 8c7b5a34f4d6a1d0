"""PostgreSQL archives of `pg_dump -Fc` (and the `toc.dat` of its other formats), without PostgreSQL.

Layout after PostgreSQL's own src/bin/pg_dump/pg_backup_archiver.c and pg_backup_custom.c:
a header, a table of contents with every object's definition and COPY statement, then blocks of
data, packed or not.
"""

from __future__ import annotations

import dataclasses
import zlib
from collections.abc import Iterator
from typing import BinaryIO, ClassVar

from scanner.common import sqltext
from scanner.common.extracting import gap, read_up_to
from scanner.common.sniff import PG_DUMP
from scanner.common.tablerows import Table, TableRows
from scanner.contracts import Content, Fragment, TextFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason

MAX_STRING = 64 * 1024 * 1024
MAX_ENTRIES = 1_000_000
MAX_LINE = 64 * 1024 * 1024
_CUSTOM, _NONE, _GZIP, _LZ4, _ZSTD = 1, 0, 1, 2, 3
_DATA, _BLOBS = 1, 3
_DAMAGED = "damaged or cut-off database dump"
_ERRORS = (EOFError, ValueError, IndexError, zlib.error, OverflowError, OSError)


@dataclasses.dataclass(frozen=True, slots=True)
class _Entry:
    number: int
    kind: str
    name: str
    schema: str
    definition: str
    copy: str


class PostgresDumpExtractor:
    name: ClassVar[str] = "postgres_dump"
    media_types: ClassVar[tuple[str, ...]] = (PG_DUMP,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        content.file.seek(0)
        rows = TableRows(content)
        damaged: Exception | None = None
        blobs = False
        try:
            archive = _Archive(content.file)
            entries = archive.entries()
            yield from _definitions(content, entries)
            by_number = {entry.number: entry for entry in entries}
            if archive.form == _CUSTOM:
                for kind, number, pieces in archive.blocks():
                    entry = by_number.get(number)
                    table = _table(entry) if entry and kind == _DATA else None
                    blobs = blobs or kind == _BLOBS
                    for line in _lines(pieces):
                        if line == "\\.":
                            table = None  # the data's end; blank lines follow
                        if table is not None:
                            yield from rows.add(table, sqltext.copied(line))
        except _ERRORS as error:
            damaged = error
        yield from rows.flush()
        if rows.cut:
            yield gap(content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")
        if blobs:
            yield gap(content, GapReason.UNSUPPORTED, "large objects of a database dump are not read")
        if damaged is not None:
            raise ReadError(GapReason.CORRUPT, _DAMAGED) from damaged


def _definitions(content: Content, entries: list[_Entry]) -> Iterator[Fragment]:
    words, size = [], 0
    for entry in entries:
        if entry.definition.strip():
            words.append(entry.definition.strip())
            size += len(entry.definition)
        if size > 65536:
            yield TextFragment("\n".join(words), content.place)
            words, size = [], 0
    if words:
        yield TextFragment("\n".join(words), content.place)


def _table(entry: _Entry) -> Table:
    match = sqltext.COPY.match(entry.copy)
    columns = sqltext.names(match["columns"]) if match else []
    return (f"{entry.schema}.{entry.name}" if entry.schema else entry.name), tuple(columns)


def _lines(pieces: Iterator[bytes]) -> Iterator[str]:
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line.decode("utf-8", "replace").replace("\0", "")
        if len(rest) > MAX_LINE:
            raise ValueError("line")
    if rest:
        yield rest.decode("utf-8", "replace")


class _Archive:
    """The file, read from front to back."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        if self._take(5) != b"PGDMP":
            raise ValueError("magic")
        major, minor, revision = self._take(3)
        self.version = (major, minor, revision)
        if not (1, 10, 0) <= self.version < (2, 0, 0):
            raise ReadError(GapReason.UNSUPPORTED, "a database dump of another version")
        self._int_size, self._offset_size, self.form = self._take(3)
        if not 1 <= self._int_size <= 8 or not 1 <= self._offset_size <= 8:
            raise ValueError("sizes")
        self._packing = self._take(1)[0] if self.version >= (1, 15, 0) else self._older_packing()
        for _ in range(7):
            self._int()  # when it was made
        for _ in range(3):
            self._string()  # database, server version, dump version

    def _older_packing(self) -> int:
        level = self._int()
        return _GZIP if level else _NONE

    def entries(self) -> list[_Entry]:
        count = self._int()
        if not 0 <= count <= MAX_ENTRIES:
            raise ValueError("entries")
        return [self._entry() for _ in range(count)]

    def _entry(self) -> _Entry:
        number = self._int()
        self._int()  # has data
        self._string(), self._string()  # table oid, oid
        name, kind = self._string(), self._string()
        if self.version >= (1, 11, 0):
            self._int()  # section
        definition, _, copy = self._string(), self._string(), self._string()
        schema = self._string()
        self._string()  # tablespace
        if self.version >= (1, 14, 0):
            self._string()  # table access method
        if self.version >= (1, 16, 0):
            self._int()  # relation kind
        self._string(), self._string()  # owner, with oids
        while self._string():
            pass  # dependencies
        if self.form == _CUSTOM:
            self._take(1 + self._offset_size)
        elif self.form == 3 or self.form == 5:  # tar, directory: the name of the data file
            self._string()
        return _Entry(number, kind, name, schema, definition, copy)

    def blocks(self) -> Iterator[tuple[int, int, Iterator[bytes]]]:
        """(kind, entry's number, unpacked pieces). Pieces must be used up before the next."""
        while kind := self._file.read(1):
            number = self._int()
            if kind[0] == _BLOBS:
                yield _BLOBS, number, iter(())
                while self._int():
                    for _ in self._chunks():
                        pass
            elif kind[0] == _DATA:
                pieces = self._unpacked()
                yield _DATA, number, pieces
                for _ in pieces:
                    pass
            else:
                raise ValueError("block")

    def _chunks(self) -> Iterator[bytes]:
        while size := self._int():
            if not 0 < size <= MAX_STRING:
                raise ValueError("chunk")
            yield self._take(size)

    def _unpacked(self) -> Iterator[bytes]:
        if self._packing == _NONE:
            yield from self._chunks()
        elif self._packing == _GZIP:
            inflate = zlib.decompressobj()
            for chunk in self._chunks():
                yield from _bounded(inflate, chunk)
        elif self._packing in (_LZ4, _ZSTD):
            import pyarrow as pa

            stream = pa.CompressedInputStream(
                pa.PythonFile(_Joined(self._chunks()), mode="r"), "lz4" if self._packing == _LZ4 else "zstd"
            )
            try:
                while piece := stream.read(1024 * 1024):
                    yield bytes(piece)
            except pa.ArrowException as error:
                raise ValueError("packing") from error
        else:
            raise ReadError(GapReason.UNSUPPORTED, "a database dump packed by a rare method")

    def _take(self, size: int) -> bytes:
        data = read_up_to(self._file, size)
        if len(data) < size:
            raise EOFError
        return data

    def _int(self) -> int:
        raw = self._take(1 + self._int_size)
        value = int.from_bytes(raw[1:], "little")
        return -value if raw[0] else value

    def _string(self) -> str:
        size = self._int()
        if size < 0:
            return ""  # null
        if size > MAX_STRING:
            raise ValueError("string")
        return self._take(size).decode("utf-8", "replace")


def _bounded(inflate: zlib._Decompress, chunk: bytes) -> Iterator[bytes]:
    while chunk:
        piece = inflate.decompress(chunk, 4 * 1024 * 1024)
        if piece:
            yield piece
        chunk = inflate.unconsumed_tail


class _Joined:
    """Pieces as a file, for a decompressor that pulls."""

    closed = False

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        size = len(self._rest) if size < 0 else size
        out, self._rest = self._rest[:size], self._rest[size:]
        return out

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return False

    def seekable(self) -> bool:
        return False

    def tell(self) -> int:
        return 0

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass
