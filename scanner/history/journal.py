"""What a running scan has read so far, so that a killed run is resumed.

Results are appended from one thread and committed in batches, at the latest half a second
after they came, whether or not more follow (a timer sees to it). `kill -9` therefore costs
at most the units in flight and the last half second.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from scanner.errors import DpscanError
from scanner.history.rows import moment_text, storable
from scanner.model import UnitResult
from scanner.model.codec import pack, unpack

if TYPE_CHECKING:
    from sqlalchemy import Engine

_DELAY = 0.5
"""Seconds a result waits for company."""
_BATCH = 500
_PAGE = 500


class Journal:
    """Appends and reads the results of runs that are under way."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()  # guards what follows
        self._writing = threading.Lock()  # one batch at a time, in order
        self._waiting: dict[tuple[str, str], dict[str, Any]] = {}
        self._timer: threading.Timer | None = None
        self._failed: str | None = None
        self._position: dict[str, int] = {}

    def record(self, run_id: str, result: UnitResult) -> None:
        """Append one result; a later one of the same unit replaces it.

        Raises DpscanError if an earlier batch could not be written.
        """
        unit_key = storable(result.unit_key)
        row = {
            "run_id": run_id,
            "unit_key": unit_key,
            "store_id": storable(result.store_id),
            "read": result.read,
            "holds": any(tally.columns for tally in result.tallies),
            "result": pack(result),
        }
        with self._lock:
            self._check()
            self._waiting[run_id, unit_key] = row
            full = len(self._waiting) >= _BATCH
            if not full and self._timer is None:
                self._timer = threading.Timer(_DELAY, self._flush_quietly)
                self._timer.daemon = True
                self._timer.start()
        if full:
            self.flush()

    def _check(self) -> None:
        if self._failed is not None:
            raise DpscanError(f"the history cannot be written ({self._failed}); is the disk full?")

    def flush(self) -> None:
        """Commit everything recorded so far. Raises DpscanError."""
        self._flush_quietly()
        with self._lock:
            self._check()

    def _flush_quietly(self) -> None:
        from sqlalchemy.exc import SQLAlchemyError

        with self._writing:
            with self._lock:
                batch, self._waiting = self._waiting, {}
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
            if not batch:
                return
            try:
                self._write(batch)
            except SQLAlchemyError as error:
                # Told at the next `record` or `flush`: a timer has nobody to raise to.
                original = getattr(error, "orig", None)
                self._failed = type(original or error).__name__

    def _write(self, batch: dict[tuple[str, str], dict[str, Any]]) -> None:
        import sqlalchemy as sa

        from scanner.history import tables

        rows = [{**row, "position": self._next_position(row["run_id"])} for row in batch.values()]
        statement = tables.insert(tables.journal, self._engine.dialect)
        replaced = ("position", "store_id", "read", "holds", "result")
        with self._engine.begin() as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["run_id", "unit_key"],
                    set_={name: statement.excluded[name] for name in replaced},
                ),
                rows,
            )
            connection.execute(
                sa.update(tables.runs)
                .where(tables.runs.c.id.in_({run_id for run_id, _ in batch}))
                .values(touched=moment_text(dt.datetime.now(dt.UTC)))
            )

    def _next_position(self, run_id: str) -> int:
        if run_id not in self._position:
            import sqlalchemy as sa

            from scanner.history import tables

            column = tables.journal.c.position
            query = sa.select(sa.func.max(column)).where(tables.journal.c.run_id == run_id)
            with self._engine.connect() as connection:
                self._position[run_id] = int(connection.execute(query).scalar() or 0)
        self._position[run_id] += 1
        return self._position[run_id]

    def results(self, run_id: str) -> Iterator[UnitResult]:
        """Every result recorded for a run, in order, read page by page."""
        import sqlalchemy as sa

        from scanner.history import tables

        self.flush()
        table, after = tables.journal, 0
        while True:
            query = (
                sa.select(table.c.position, table.c.result)
                .where(table.c.run_id == run_id, table.c.position > after)
                .order_by(table.c.position)
                .limit(_PAGE)
            )
            with self._engine.connect() as connection:
                page = connection.execute(query).all()
            if not page:
                return
            for position, packed in page:
                after = position
                yield unpack(UnitResult, packed)

    def done_keys(self, run_id: str) -> set[str]:
        """Keys of the units recorded for a run."""
        import sqlalchemy as sa

        from scanner.history import tables

        self.flush()
        query = sa.select(tables.journal.c.unit_key).where(tables.journal.c.run_id == run_id)
        with self._engine.connect() as connection:
            return set(connection.execute(query).scalars())

    def close(self) -> None:
        """Commit what waits."""
        self.flush()
