"""SQLite files: opening without leaving a trace, naming, listing and drawing rows."""

# ruff: noqa: ARG002 - every family answers the same questions, some without needing the arguments
from __future__ import annotations

import hashlib
import os
import sqlite3
import time
import urllib.parse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection
from sqlalchemy.sql.selectable import TableClause

from scanner.connectors.sql import posture_sqlite
from scanner.connectors.sql.engines import Engines
from scanner.connectors.sql.family import Column, Database, Draw, Identity, Relation, here
from scanner.connectors.sql.options import SqlOptions
from scanner.contracts import Access, Permission
from scanner.errors import ReadError
from scanner.model import Evidence, Gap, GapReason, Stage, Store

_SCAN_BYTES = 1 << 30
_ROWID = ("rowid", "_rowid_", "oid")
# Tables in which a virtual table keeps its own state (sqlite.org/fts5.html, rtree.html).
_SHADOWS = (
    "data", "idx", "content", "docsize", "config", "segments", "segdir", "stat", "node", "parent", "rowid"
)  # fmt: skip


class Sqlite:
    """See `family.Family`. The one database is the file; its name in the pool is its path."""

    url: ClassVar[str] = "sqlite+pysqlite://"

    def __init__(self, options: SqlOptions, access: Access) -> None:
        self._options = options
        self._access = access
        self.path = Path(os.path.realpath(options.parsed.database or ""))

    def open(self, database: str) -> Any:
        limits = self._access.limits
        path = Path(database)
        wal = self._state(path)
        location = f"file:{urllib.parse.quote(str(path))}?mode=ro" + (
            "&immutable=1" if wal == "clean" else ""
        )
        connection = sqlite3.connect(
            location, uri=True, timeout=limits.lock_timeout, check_same_thread=False, factory=_Timed
        )
        # A file may hold text that is not UTF-8: it is read all the same.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        connection.seconds = limits.statement_timeout
        connection.set_progress_handler(connection.expired, 20_000)
        connection.create_function("dpscan_draw", -1, _draw, deterministic=True)
        connection.execute("PRAGMA query_only = ON").close()
        return connection

    @staticmethod
    def _state(path: Path) -> str:
        """`clean`: in write-ahead mode with nothing pending; `live`: another program has it open.

        In write-ahead mode SQLite would make two files beside the database even to read it.
        Raises ReadError where the file cannot be opened, or only by making such a file.
        """
        try:
            with path.open("rb") as file:
                head = file.read(20)
        except FileNotFoundError:
            raise ReadError(
                GapReason.VANISHED, "the file is not there", "check the path in the URL"
            ) from None
        except OSError as error:
            raise ReadError(
                GapReason.DENIED,
                f"the file cannot be opened ({error.strerror})",
                "let the account read the file",
            ) from None
        if len(head) < 20 or head[18] != 2:
            return "plain"
        log, index = Path(f"{path}-wal"), Path(f"{path}-shm")
        if not log.exists() or log.stat().st_size == 0:
            return "clean"
        if index.exists():
            return "live"
        raise ReadError(
            GapReason.UNSUPPORTED,
            "changes wait in a write-ahead log that no program has open; reading them would write to the folder",
            "open and close the database once with its own program, then scan again",
        )

    def begin(self, connection: Connection) -> None:
        """Nothing: the file is opened read-only."""

    def identity(self, engines: Engines) -> Identity:
        host = here(self._options.server_name)
        return Identity(f"sqlite:{host}", host)

    def databases(self, engines: Engines) -> Iterable[Database | Gap]:
        if not self.path.exists():
            return [
                Gap("", Stage.ENUMERATE, GapReason.VANISHED, "the SQLite file is not there",
                    remedy="check the path in the URL")
            ]  # fmt: skip
        return [Database(str(self.path), True)]

    def relations(self, session: Connection) -> Sequence[Relation]:
        rows = session.execute(
            sa.text(
                "SELECT name, type, sql FROM sqlite_master"
                " WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
            )
        ).all()
        virtual = {name for name, _, sql in rows if (sql or "").lstrip().upper().startswith("CREATE VIRTUAL")}
        shadows = {f"{name}_{suffix}" for name in virtual for suffix in _SHADOWS}
        found = []
        for name, type_, _ in rows:
            if name in shadows:
                continue
            if type_ == "view" or name in virtual:
                found.append(Relation(name, "", "view" if type_ == "view" else "virtual"))
            else:
                found.append(Relation(name, "", "table", True, self._rowid(session, name)))
        return found

    @staticmethod
    def _rowid(session: Connection, name: str) -> str | None:
        """A name of the row number that no column of the table hides; None WITHOUT ROWID."""
        columns = {str(row.name).lower() for row in session.execute(_INFO, {"name": name})}
        free = next((word for word in _ROWID if word not in columns), None)
        if free is None:
            return None
        try:
            session.execute(sa.select(sa.literal_column(free)).select_from(sa.table(name)).limit(0)).close()
        except sa.exc.OperationalError as error:
            if "no such column" in str(error.orig):
                return None
            raise
        return free

    def blind_spots(self, session: Connection, store_id: str) -> Iterator[Gap]:
        """None: who can open the file sees everything in it."""
        yield from ()

    def columns(self, session: Connection, relation: Relation) -> Sequence[Column]:
        rows = session.execute(_INFO, {"name": relation.name}).all()
        return [Column(str(row.name), str(row.type or "").lower()) for row in rows]

    def cell(self, column: ColumnElement[Any], type: str, chars: int) -> ColumnElement[Any]:
        # Any column may hold any type; of numbers substr gives the digits, of blobs the bytes.
        return sa.func.substr(column, 1, chars)

    def sample_without_key(
        self, session: Connection, source: TableClause, relation: Relation, rows: int, seed: str
    ) -> Draw | None:
        """One pass over the table, each row kept by a digest of the seed and its primary key."""
        if relation.kind != "table" or self.path.stat().st_size > _SCAN_BYTES:
            return None
        if relation.key:
            names: list[Any] = [sa.literal_column(relation.key)]
        else:
            info = session.execute(_INFO, {"name": relation.name}).all()
            names = [sa.column(str(row.name)) for row in info if row.pk]
        total = int(session.scalar(sa.select(sa.func.count()).select_from(source)) or 0)
        keep = sa.func.dpscan_draw(seed, *names) < rows / max(total, 1)
        return Draw(source, (keep,), total)

    def evidence(self, engines: Engines, store: Store) -> Iterator[Evidence | Gap]:
        yield from posture_sqlite.evidence(self.path, store)

    def engine_version(self, engines: Engines, database: str) -> str:
        return posture_sqlite.written_by(self.path)

    def permissions(self, engines: Engines, databases: Sequence[str]) -> Iterator[Permission]:
        held = os.access(self.path, os.R_OK) if self.path.exists() else None
        yield Permission("read the file", held, "everything in it", "the SQLite file")

    def policy(self, databases: Sequence[str]) -> str:
        return (
            "-- SQLite has no accounts: give the account that runs dpscan read access to the file\n"
            f"-- and to its folder, and nothing more, for example:\n--   setfacl -m u:dpscan:r '{self.path}'\n"
        )

    def grant_select(self, database: str, relation: Relation) -> str:
        return "let the account read the file"


_INFO = sa.text("SELECT name, type, pk FROM pragma_table_info(:name)")


class _Timed(sqlite3.Connection):
    """A connection whose statements stop after `seconds`, counted anew from each execute and fetch."""

    seconds = 30.0
    _until = float("inf")

    def renew(self) -> None:
        self._until = time.monotonic() + self.seconds

    def cursor(self, *_args: Any, **_kwargs: Any) -> Any:
        self.renew()
        return super().cursor(_TimedCursor)

    def expired(self) -> int:
        """SQLite asks every few thousand steps; not 0 makes it stop (SQLITE_INTERRUPT)."""
        return int(time.monotonic() > self._until)


class _TimedCursor(sqlite3.Cursor):
    """The time a caller spends on the rows of one fetch does not count against the next."""

    def fetchmany(self, size: int | None = 1) -> list[Any]:
        assert isinstance(self.connection, _Timed)
        self.connection.renew()
        return super().fetchmany(size)


def _draw(seed: str, *key: Any) -> float:
    """A number in [0, 1) that depends on the seed and the row's key only."""
    digest = hashlib.blake2b(f"{seed}\0{key!r}".encode("utf-8", "replace"), digest_size=7)
    return float(int.from_bytes(digest.digest()) / (1 << 56))
