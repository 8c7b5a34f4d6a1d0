"""Access databases (MDB, ACCDB): every table of the user's, by its name."""

from __future__ import annotations

import dataclasses
import io
import struct
from collections.abc import Iterator
from typing import BinaryIO, ClassVar, cast

from scanner.common import jet, sniff
from scanner.common.extracting import Watched, gap
from scanner.common.tabular import unique_names
from scanner.common.unpacking import Allowance, Member, read_member
from scanner.contracts import Content, Fragment, TableFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Place

_SYSTEM = 0x80000002
_TABLE = 1
_BATCH_CELLS = 200_000
_DAMAGED = "damaged or cut-off database"
_PLAIN = frozenset({sniff.BINARY, sniff.EMPTY, sniff.TEXT, sniff.CSV, sniff.TSV, sniff.FIXED})


class AccessExtractor:
    name: ClassVar[str] = "access"
    media_types: ClassVar[tuple[str, ...]] = (sniff.ACCESS,)
    splittable: ClassVar[bool] = False
    streamed: ClassVar[bool] = True

    def extract(self, content: Content) -> Iterator[Fragment | Gap]:
        watched = Watched(content.file)
        try:
            yield from _Database(content, jet.Jet(cast(BinaryIO, watched))).read()
        except jet.Protected as error:
            raise ReadError(GapReason.ENCRYPTED, "protected by a password") from error
        except (jet.Damaged, struct.error, IndexError) as error:
            watched.check()
            raise ReadError(GapReason.CORRUPT, _DAMAGED) from error


class _Database:
    def __init__(self, content: Content, database: jet.Jet) -> None:
        self._content, self._jet = content, database
        self._allowance = Allowance.of(content.limits)
        self._cut = False

    def read(self) -> Iterator[Fragment | Gap]:
        owners = self._jet.owners()
        damaged = 0
        for name, page in self._tables(owners):
            try:
                table = self._jet.table(page)
                yield from self._table(name, table, owners.get(page, []))
                damaged += self._jet.bad_rows
            except (jet.Damaged, struct.error, IndexError):
                damaged += 1
        if self._cut:
            yield gap(self._content, GapReason.LIMIT, "long cells were cut", "raise limits.cell_chars")
        if damaged or self._jet.cut_off:
            raise ReadError(GapReason.CORRUPT, _DAMAGED)

    def _tables(self, owners: dict[int, list[int]]) -> list[tuple[str, int]]:
        catalog = self._jet.table(jet.CATALOG)
        at = {column.name: i for i, column in enumerate(catalog.columns)}
        if not {"Id", "Name", "Type", "Flags"} <= at.keys():
            raise jet.Damaged
        found = []
        for row in self._jet.rows(catalog, owners.get(jet.CATALOG, [])):
            name, number, kind, flags = (row[at[k]] for k in ("Name", "Id", "Type", "Flags"))
            if isinstance(name, str) and isinstance(number, str) and kind == str(_TABLE):
                system = int(flags) & _SYSTEM if isinstance(flags, str) else 0
                if not system and not name.startswith("MSys"):
                    found.append((name, int(number) & 0xFFFFFF))
        if self._jet.bad_rows and not found:
            raise jet.Damaged
        return found

    def _table(self, name: str, table: jet.Table, pages: list[int]) -> Iterator[Fragment | Gap]:
        place = self._content.place.child("table", name)
        names = unique_names([column.name for column in table.columns], len(table.columns))
        types = {
            n: jet.TYPE_WORDS[c.kind]
            for n, c in zip(names, table.columns, strict=True)
            if c.kind in jet.TYPE_WORDS
        }
        most = max(1, min(self._content.limits.batch_rows, _BATCH_CELLS // max(len(names), 1)))
        rows: list[list[str | None]] = []
        first = 0
        self._jet.bad_rows = 0
        for values in self._jet.rows(table, pages):
            row: list[str | None] = []
            for column, value in zip(names, values, strict=True):
                if isinstance(value, bytes):
                    yield from self._stored(place, column, value)
                    value = None
                row.append(self._cell(value))
            rows.append(row)
            if len(rows) >= most:
                yield self._batch(names, rows, place, types, first)
                first += len(rows)
                rows = []
        if rows:
            yield self._batch(names, rows, place, types, first)

    def _batch(
        self,
        names: tuple[str, ...],
        rows: list[list[str | None]],
        place: Place,
        types: dict[str, str],
        first: int,
    ) -> TableFragment:
        columns = {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)}
        return TableFragment(columns, place, declared_types=types, first_row=first)

    def _cell(self, value: str | None) -> str | None:
        if value and len(value) > self._content.limits.cell_chars:
            self._cut = True
            value = value[: self._content.limits.cell_chars]
        return value.replace("\0", "") or None if value else None

    def _stored(self, place: Place, column: str, data: bytes) -> Iterator[Fragment | Gap]:
        """A file in an OLE field, with or without the wrapping that Access puts around it."""
        for magic in (b"PK\x03\x04", b"%PDF-", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff"):
            at = data.find(magic, 0, 1024)
            if at >= 0:
                data = data[at:]
                break
        if sniff.media_type(data[: sniff.HEAD], "") in _PLAIN:
            return
        inside = dataclasses.replace(self._content, place=place)
        yield from read_member(inside, Member(column, io.BytesIO(data).read, len(data)), self._allowance)
