"""Opening the database behind a history: SQLite in one private file, or PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scanner.common.private import make_folder, touch
from scanner.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

_SQLITE_WAIT = 30.0
"""Seconds to wait for another process's write."""
_POSTGRES_LOCK = 0x64707363  # any number of our own: "dpsc"


def parse(url: str, password: str | None) -> URL:
    """The URL with its driver, checked. Raises ConfigError (which quotes no password)."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError(
            "history: not a database URL; write sqlite:////path/history.sqlite or postgresql://user@host/db"
        ) from None
    kind = parsed.get_backend_name()
    if kind == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
        return parsed.set(password=password) if password is not None else parsed
    if kind == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed.set(drivername="sqlite+pysqlite", database=str(Path(parsed.database).absolute()))
    raise ConfigError(f"history: {kind} is not supported; use a SQLite file or PostgreSQL")


def require(url: URL) -> None:
    """Raises ConfigError for a SQLite file that is not there."""
    if url.get_backend_name() == "sqlite" and not Path(str(url.database)).is_file():
        raise ConfigError(f"history: there is no file {url.database}; `dpscan scan` makes one")


def connect(url: URL) -> Engine:
    """An engine on an up-to-date history. Raises ConfigError if it cannot be opened."""
    import sqlalchemy as sa
    from sqlalchemy.exc import DBAPIError

    from scanner.history.migrations import migrate

    engine = _sqlite(url) if url.get_backend_name() == "sqlite" else _postgres(url)
    try:
        with _migrating(url), engine.begin() as connection:
            if url.get_backend_name() == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_POSTGRES_LOCK)))
            migrate(connection)
    except DBAPIError as error:
        engine.dispose()
        # The driver's own words may quote the connection string.
        kind = type(error.orig).__name__ if error.orig is not None else type(error).__name__
        if kind == "DatabaseError" and url.get_backend_name() == "sqlite":
            raise ConfigError(
                f"history: {url.database} cannot be opened: it is damaged, or no history; put a copy from your backup "
                "in its place, or move it away and `dpscan scan` makes a new one"
            ) from None
        raise ConfigError(
            f"history: {url.render_as_string(hide_password=True)} cannot be opened ({kind}); "
            "check that the file or database exists and that you may write to it"
        ) from None
    except ConfigError:
        engine.dispose()
        raise
    return engine


@contextlib.contextmanager
def _migrating(url: URL) -> Iterator[None]:
    """Two processes that open a new SQLite file at once must not both create its tables."""
    if url.get_backend_name() != "sqlite":
        yield
        return
    import filelock

    lock = Path(f"{url.database}.lock")
    touch(lock)
    with filelock.FileLock(str(lock), timeout=60, mode=0o600):
        yield


def _sqlite(url: URL) -> Engine:
    import sqlalchemy as sa

    path = Path(str(url.database))
    try:
        if not path.parent.exists():
            make_folder(path.parent)
        # SQLite gives -wal and -shm files the mode of the database file.
        touch(path)
    except OSError as error:
        raise ConfigError(f"history: {path} cannot be written: {error.strerror}") from None
    engine = sa.create_engine(url, connect_args={"timeout": _SQLITE_WAIT})

    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        # In WAL mode a commit survives the death of the process (though not of the machine)
        # without waiting for the disk, and readers do not block the writer.
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA secure_delete=FAST")
        cursor.close()

    sa.event.listen(engine, "connect", prepare)
    return engine


def _postgres(url: URL) -> Engine:
    import sqlalchemy as sa

    return sa.create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
