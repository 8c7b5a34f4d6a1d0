"""Few connections, read-only transactions, and no driver error past this point."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import SQLAlchemyError

from scanner.connectors.sql.failures import read_error
from scanner.connectors.sql.family import Family
from scanner.contracts import Limits

# Each open database of a server has a pool of its own, so only the last ones used stay open:
# the connections to one host then stay near `limits.connections_per_host`.
_POOLS = 2

for _name in ("sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool", "psycopg", "pymysql"):
    # At DEBUG these write statements, rows and connection strings.
    logging.getLogger(_name).setLevel(logging.WARNING)


class Engines:
    """Sessions on the databases of one server."""

    def __init__(self, family: Family, limits: Limits) -> None:
        self._family = family
        self._limits = limits
        self._engines: OrderedDict[str, sa.Engine] = OrderedDict()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def session(self, database: str, remedy: str = "") -> Iterator[sa.Connection]:
        """One read-only transaction, rolled back at the end.

        Driver errors inside the block become ReadError; `remedy` is theirs where a privilege
        is missing.
        """
        try:
            with self._engine(database).connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise read_error(error, remedy) from None

    def _engine(self, database: str) -> sa.Engine:
        with self._lock:
            return self._engine_of(database)

    def _engine_of(self, database: str) -> sa.Engine:
        if database in self._engines:
            self._engines.move_to_end(database)
            return self._engines[database]
        while len(self._engines) >= _POOLS:
            self._engines.popitem(last=False)[1].dispose()
        family = self._family
        engine = sa.create_engine(
            family.url,
            # The password exists only inside `open`: the engine's URL has none to show.
            creator=lambda: family.open(database),
            poolclass=sa.QueuePool,
            pool_size=self._limits.connections_per_host,
            max_overflow=0,
            # A worker waits its turn for as long as another's unit may take.
            pool_timeout=self._limits.unit_timeout,
            pool_pre_ping=True,
            hide_parameters=True,
            echo=False,
        )
        event.listen(engine, "begin", family.begin)
        self._engines[database] = engine
        return engine

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()
