"""SQLite files, GeoPackages among them: every table by its name, documents stored in them descended into.

The database is opened read-only and immutable; nothing in its schema is run (no view, no
trigger, no function, no extension).
"""

from __future__ import annotations

import contextlib
import functools
import io
import sqlite3
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from scanner.common import sniff
from scanner.common.extracting import gap, read_up_to
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TableFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place

IN_MEMORY = 32 * 1024 * 1024
"""Bytes of a database held in memory; a larger one is copied into a private temporary file."""
BATCH_CELLS = 200_000
_CHUNK = 1024 * 1024
_ERRORS = (sqlite3.Error, OverflowError, ValueError, MemoryError)
_PLAIN = frozenset({sniff.BINARY, sniff.EMPTY, sniff.TEXT, sniff.CSV, sniff.TSV, sniff.FIXED})


class SqliteExtractor:
    name: ClassVar[str] = "sqlite"
    media_types: ClassVar[tuple[str, ...]] = (sniff.SQLITE,)
    splittable: ClassVar[bool] = False

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        with _opened(content) as database:
            yield from _Database(content, database).read()
        if _cut_off(content):
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off database")


def _cut_off(content: Content) -> bool:
    """True if the header speaks of more pages than there are (database file format, 1.3.7)."""
    head = content.head
    if content.size is None or len(head) < 100 or head[24:28] != head[92:96]:
        return False
    page, pages = struct.unpack_from(">H", head, 16)[0], struct.unpack_from(">I", head, 28)[0]
    return bool((65536 if page == 1 else page) * pages > content.size)


@contextlib.contextmanager
def _opened(content: Content) -> Iterator[sqlite3.Connection]:
    most = content.limits.object_bytes
    content.file.seek(0)
    start = read_up_to(content.file, min(IN_MEMORY, most) + 1)
    if len(start) <= min(IN_MEMORY, most):
        database = sqlite3.connect(":memory:", isolation_level=None)
        try:
            # A database in write-ahead mode cannot be opened in memory; its own pages are complete.
            database.deserialize(start[:18] + b"\x01\x01" + start[20:])
        except _ERRORS as error:
            database.close()
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off database") from error
        with contextlib.closing(database):
            yield database
        return
    with tempfile.TemporaryDirectory(prefix="dpscan-") as folder:  # mode 0700
        path = Path(folder, "copy")
        written = 0
        with path.open("wb") as copy:
            while start:
                written += len(start)
                if written > most:
                    raise ReadError(
                        GapReason.LIMIT, f"a database larger than {most:,} bytes", "raise limits.object_bytes"
                    )
                copy.write(start)
                start = content.file.read(_CHUNK)
        database = sqlite3.connect(f"file:{quote(path.as_posix())}?mode=ro&immutable=1", uri=True)
        with contextlib.closing(database):
            yield database


class _Database:
    def __init__(self, content: Content, database: sqlite3.Connection) -> None:
        self._content, self._database = content, database
        self._allowance = Allowance.of(content.limits)
        self._cut = False
        database.text_factory = functools.partial(str, encoding="utf-8", errors="replace")

    def read(self) -> Iterator[Fragment | Gap]:
        try:
            self._database.execute("PRAGMA trusted_schema=OFF")
            self._database.execute("PRAGMA cell_size_check=ON")
            tables = self._tables()
        except _ERRORS as error:
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off database") from error
        damaged = 0
        for name in tables:
            try:
                yield from self._table(name)
            except _ERRORS:
                damaged += 1
        if self._cut:
            yield gap(self._content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")
        if damaged:
            raise ReadError(GapReason.CORRUPT, "damaged or cut-off database: some tables end early")

    def _tables(self) -> list[str]:
        found = self._database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
            "AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )
        return [str(row[0]) for row in found]

    def _table(self, name: str) -> Iterator[Fragment | Gap]:
        place = self._content.place.child("table", name)
        quoted = '"' + name.replace('"', '""') + '"'
        declared = {str(row[1]): str(row[2]).lower() for row in self._database.execute(f"PRAGMA table_xinfo({quoted})")
                    if row[2]}  # fmt: skip
        cursor = self._database.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - quoted, and the database is read-only
        names = [str(column[0]) for column in cursor.description]
        rows = max(1, min(self._content.limits.batch_rows, BATCH_CELLS // max(len(names), 1)))
        first, most = 0, self._content.limits.cell_chars
        while batch := cursor.fetchmany(rows):
            files: list[tuple[str, bytes]] = []
            columns = {
                column: [
                    value
                    if type(value) is str and value and len(value) <= most and "\0" not in value
                    else self._cell(column, value, files)
                    for value in cells
                ]
                for column, cells in zip(names, zip(*batch, strict=True), strict=True)
            }
            types = {column: declared[column] for column in columns if column in declared}
            yield TableFragment(columns, place, declared_types=types, first_row=first)
            first += len(batch)
            for column, data in files:
                yield from self._stored(place, column, data)

    def _cell(self, column: str, value: object, files: list[tuple[str, bytes]]) -> str | None:
        if value is None or value == "":
            return None
        if isinstance(value, bytes):
            kind = sniff.media_type(value[: sniff.HEAD], "")
            if kind not in _PLAIN:
                files.append((column, value))
                return None
            if kind == sniff.BINARY:
                return None
            value = value.decode("utf-8", "replace")
        text = str(value)
        if len(text) > self._content.limits.cell_chars:
            self._cut = True
            text = text[: self._content.limits.cell_chars]
        return text.replace("\0", "") or None

    def _stored(self, place: Place, column: str, data: bytes) -> Iterator[Fragment | Gap]:
        import dataclasses

        inside = dataclasses.replace(self._content, place=place)
        yield from read_member(inside, Member(column, io.BytesIO(data).read, len(data)), self._allowance)
