"""Rows of one table: whole where it is small, else drawn at random by the database itself.

In order of preference:

1. *whole*: the table has no more rows than `Ask.whole_table_rows` (or everything is asked);
2. *keyed*: a unique integer key whose values are not too sparse. Key values are drawn evenly
   between the least and the greatest and looked up in `IN` lists; those that exist are an even
   draw of the rows. The share that exists estimates the number of rows;
3. *in the database*: TABLESAMPLE (PostgreSQL) or a seeded pass over the table (MariaDB, MySQL,
   SQLite);
4. *nearest key*: `key >= x ORDER BY key LIMIT 1`, where the table is too large for a pass. Rows
   after a wide stretch of unused keys are drawn more often, so it does not count as random;
5. *first rows*, which is not random either.

The same seed draws the same rows as long as the table is the same.
"""

from __future__ import annotations

import dataclasses
import math
import random
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.selectable import TableClause

from scanner.connectors.sql.engines import Engines
from scanner.connectors.sql.family import TABLES, Column, Family, Relation
from scanner.contracts import Limits, TableFragment
from scanner.errors import ReadError
from scanner.model import Gap, GapReason, Sampled, Stage

IN_LIST = 500
"""Keys looked up by one statement."""
PILOT = 200
"""Keys tried to see how densely a key is used."""
SPARSE = 0.05
"""Below this share of used keys, drawing keys would cost too many lookups."""
NEAREST = 1_000
"""Most lookups by nearest key."""
FETCH_CHARS = 4_000_000
"""Characters to have in flight from the server at once, about."""
BATCH_CHARS = 16_000_000
"""A batch is handed on once it holds this many characters, however few its rows."""

Item = TableFragment | Sampled | Gap


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What to read of one table."""

    database: str
    relation: Relation
    seed: str
    rows: int
    whole: int
    full: bool
    store_id: str = ""
    filtered: bool = False
    """True if row-level security may hide rows: then no reading is complete."""


class Reader:
    """Reads one table once."""

    def __init__(self, family: Family, engines: Engines, limits: Limits, reading: Reading) -> None:
        self._family = family
        self._engines = engines
        self._limits = limits
        self._reading = reading
        relation = reading.relation
        self._source: TableClause = sa.table(relation.name, schema=relation.schema or None)
        self._key: Any = sa.literal_column(relation.key) if relation.key in ("rowid", "_rowid_", "oid") else (
            sa.column(relation.key) if relation.key else None
        )  # fmt: skip
        self._random = random.Random(f"{reading.seed}\0{relation.full_name}")  # noqa: S311 - a sample, no secret
        self._columns: Sequence[Column] = ()
        self._read = 0
        self._first_row = 0

    def read(self) -> Iterator[Item]:
        """Batches; one `Sampled` if less than all was read; a Gap if it broke off.

        Raises ReadError if nothing could be read.
        """
        try:
            for item in self._read_it():
                if not (self._reading.filtered and isinstance(item, Sampled)):
                    yield item
            if self._reading.filtered:
                yield Sampled(None, self._read, False)
        except ReadError as error:
            if not self._read:
                raise
            reading = self._reading
            yield Gap(
                reading.store_id, Stage.READ, error.reason, f"broken off after {self._read} rows: {error.detail}",
                reading.relation.place, error.remedy,
            )  # fmt: skip
            yield Sampled(None, self._read, False)

    def _read_it(self) -> Iterator[Item]:
        reading = self._reading
        with self._session() as session:
            every = self._family.columns(session, reading.relation)
        self._columns = [column for column in every if column.readable]
        if hidden := len(every) - len(self._columns):
            yield Gap(
                reading.store_id, Stage.READ, GapReason.DENIED, "columns that the account may not select",
                reading.relation.place, self._family.grant_select(reading.database, reading.relation), count=hidden,
            )  # fmt: skip
        if not self._columns:
            with self._session() as session:  # without columns, or gone: then this raises
                session.execute(sa.select(sa.literal(1)).select_from(self._source).limit(1)).close()
            return
        if reading.full:
            yield from self._everything()
            return
        with self._session() as session:
            # Counts no further than the limit: cheap even where the statistics are old.
            head = sa.select(sa.literal(1).label("one")).select_from(self._source).limit(reading.whole + 1)
            few = int(session.scalar(sa.select(sa.func.count()).select_from(head.subquery())) or 0)
        if few <= reading.whole:
            yield from self._batches(self._select(self._source))
        elif reading.relation.kind not in TABLES:
            yield from self._first_rows()
        else:
            yield from self._drawn()

    def _drawn(self) -> Iterator[Item]:
        low = high = None
        if self._key is not None:
            with self._session() as session:
                low, high = session.execute(
                    sa.select(sa.func.min(self._key), sa.func.max(self._key)).select_from(self._source)
                ).one()
        if low is not None and high is not None:
            low, high = int(low), int(high)
            if self._dense(low, high):
                yield from self._by_key(low, high)
                return
        try:
            yield from self._in_the_database()
        except _CannotDraw:
            if low is not None and high is not None:
                yield from self._nearest(low, high)
            else:
                yield from self._first_rows()

    # --- ways of reading ---

    def _everything(self) -> Iterator[Item]:
        if self._key is None:
            yield from self._batches(self._select(self._source))
            return
        last: int | None = None
        while True:
            # A page per transaction: no statement and no snapshot lives as long as the table is read.
            page = self._select(self._source, self._key).order_by(self._key).limit(self._limits.batch_rows)
            if last is not None:
                page = page.where(self._key > last)
            seen: list[int] = []
            yield from self._batches(page, keys=seen)
            if len(seen) < self._limits.batch_rows:
                return
            last = seen[-1]

    def _dense(self, low: int, high: int) -> bool:
        span = high - low + 1
        tried = {self._random.randrange(low, high + 1) for _ in range(PILOT)}
        with self._session() as session:
            found = session.scalar(
                sa.select(sa.func.count()).select_from(self._source).where(self._key.in_(sorted(tried)))
            )
        return int(found or 0) >= SPARSE * len(tried) or span <= 2 * self._reading.whole

    def _by_key(self, low: int, high: int) -> Iterator[Item]:
        span = high - low + 1
        tried: set[int] = set()
        found = 0
        batch = _Batch(self._limits)
        with self._session() as session:
            while found < self._reading.rows and len(tried) < span:
                share = max(found / len(tried), SPARSE) if tried else 1.0
                wanted = min(IN_LIST, math.ceil((self._reading.rows - found) / share), span - len(tried))
                keys: set[int] = set()
                while len(keys) < wanted:
                    key = self._random.randrange(low, high + 1)
                    if key not in tried:
                        tried.add(key)
                        keys.add(key)
                statement = self._select(self._source).where(self._key.in_(sorted(keys))).order_by(self._key)
                for row in session.execute(statement):
                    found += 1
                    if batch.add(row):
                        yield self._fragment(batch)
        yield from self._rest(batch)
        if len(tried) < span:
            population = round(span * found / len(tried))
            yield Sampled(max(population, found + 1), found, True)

    def _in_the_database(self) -> Iterator[Item]:
        reading = self._reading
        try:
            with self._session() as session:
                draw = self._family.sample_without_key(
                    session,
                    self._source,
                    reading.relation,
                    reading.rows,
                    f"{reading.seed}\0{reading.relation.full_name}",
                )
            if draw is None:
                raise _CannotDraw
            extra = () if draw.block is None else (draw.block,)
            statement = self._select(draw.source, *extra)
            for condition in draw.conditions:
                statement = statement.where(condition)
            blocks: list[Any] | None = [] if draw.block is not None else None
            yield from self._batches(statement, keys=blocks)
        except ReadError as error:
            if error.reason is GapReason.TIMEOUT and not self._read and "lock" not in error.detail:
                raise _CannotDraw from None
            raise
        if blocks is not None:
            yield Sampled(draw.population, min(len(set(blocks)), max(draw.population - 1, 0)), True, "blocks")
        elif self._read < draw.population:
            yield Sampled(draw.population, self._read, True)

    def _nearest(self, low: int, high: int) -> Iterator[Item]:
        batch, seen = _Batch(self._limits), set()
        with self._session() as session:
            for _ in range(min(self._reading.rows, NEAREST)):
                least = self._random.randrange(low, high + 1)
                statement = (
                    self._select(self._source, self._key)
                    .where(self._key >= least)
                    .order_by(self._key)
                    .limit(1)
                )
                for row in session.execute(statement):
                    if row[-1] not in seen:
                        seen.add(row[-1])
                        if batch.add(row[:-1]):
                            yield self._fragment(batch)
        yield from self._rest(batch)
        yield Sampled(None, len(seen), False)

    def _first_rows(self) -> Iterator[Item]:
        yield from self._batches(self._select(self._source).limit(self._reading.rows))
        yield Sampled(None, self._read, False)

    # --- rows to fragments ---

    def _session(self) -> Any:
        reading = self._reading
        return self._engines.session(
            reading.database, self._family.grant_select(reading.database, reading.relation)
        )

    def _select(self, source: Any, *extra: Any) -> sa.Select[Any]:
        chars = self._limits.cell_chars
        cells = [
            self._family.cell(sa.column(c.name), c.type, chars).label(f"c{n}")
            for n, c in enumerate(self._columns)
        ]
        return sa.select(*cells, *(item.label(f"k{n}") for n, item in enumerate(extra))).select_from(source)

    def _batches(self, statement: sa.Select[Any], keys: list[Any] | None = None) -> Iterator[Item]:
        """Stream a statement. With `keys`, its last column is no cell and goes there.

        The transaction ends before the last batch is handed on: examining may take long.
        """
        batch, size = _Batch(self._limits), 50
        with self._session() as session:
            result = session.execute(
                statement, execution_options={"stream_results": True, "max_row_buffer": 50}
            )
            while rows := result.fetchmany(size):
                for row in rows:
                    if keys is not None:
                        keys.append(row[-1])
                        row = row[:-1]
                    if batch.add(row):
                        yield self._fragment(batch)
                size = max(10, min(1_000, int(FETCH_CHARS / batch.average)))
        yield from self._rest(batch)

    def _rest(self, batch: _Batch) -> Iterator[TableFragment]:
        if batch.rows or not self._first_row:
            yield self._fragment(batch)

    def _fragment(self, batch: _Batch) -> TableFragment:
        rows = batch.take()
        columns: dict[str, Sequence[str | None]] = {
            column.name: [row[n] for row in rows] for n, column in enumerate(self._columns)
        }
        fragment = TableFragment(
            columns,
            self._reading.relation.place,
            declared_types={column.name: column.type for column in self._columns if column.type},
            first_row=self._first_row,
        )
        self._first_row += len(rows)
        self._read += len(rows)
        return fragment


class _CannotDraw(Exception):
    """The database cannot draw rows of this table within the limits."""


class _Batch:
    """Rows waiting to become a fragment, bounded by rows and by characters."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._held: list[list[str | None]] = []
        self._chars = 0
        self._all_chars = 0
        self._all_rows = 0

    @property
    def rows(self) -> int:
        return len(self._held)

    @property
    def average(self) -> float:
        """Characters of a row so far, at least one."""
        return max(1.0, self._all_chars / max(self._all_rows, 1))

    def add(self, row: Sequence[Any]) -> bool:
        """True once the batch is full."""
        cells = [text_of(value, self._limits.cell_chars) for value in row]
        chars = sum(len(cell) for cell in cells if cell is not None)
        self._held.append(cells)
        self._chars += chars
        self._all_chars += chars
        self._all_rows += 1
        return len(self._held) >= self._limits.batch_rows or self._chars >= BATCH_CHARS

    def take(self) -> list[list[str | None]]:
        held, self._held, self._chars = self._held, [], 0
        return held


def text_of(value: Any, chars: int) -> str | None:
    """A cell as text, at most `chars` long; None where it is empty or bytes that are no text."""
    if value is None:
        return None
    if isinstance(value, (bytes, bytearray, memoryview)):
        raw = bytes(value)
        for cut in range(4 if len(raw) >= chars else 1):  # the database may have cut inside a character
            try:
                return raw[: len(raw) - cut].decode("utf-8")[:chars]
            except UnicodeDecodeError:
                continue
        return None
    return str(value)[:chars]
