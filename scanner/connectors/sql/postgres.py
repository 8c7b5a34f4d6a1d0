"""PostgreSQL: connecting, naming, listing and drawing rows."""

# ruff: noqa: ARG002 - every family answers the same questions, some without needing the arguments
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

import psycopg
import sqlalchemy as sa
from psycopg.adapt import Loader
from sqlalchemy import ColumnElement, Connection
from sqlalchemy.sql.selectable import TableClause

from scanner.common.secrets import resolve
from scanner.connectors.sql import explain_postgres, posture_postgres
from scanner.connectors.sql.engines import Engines
from scanner.connectors.sql.family import (
    Column,
    Database,
    Draw,
    Identity,
    Relation,
    endpoint,
    is_loopback,
    seed_number,
)
from scanner.connectors.sql.options import SqlOptions
from scanner.contracts import Access, Permission
from scanner.errors import ReadError
from scanner.model import Evidence, Gap, GapReason, Stage, Store

PORT = 5432
# Databases that belong to the cloud provider: nobody else may enter them.
_PROVIDERS = ("rdsadmin", "azure_maintenance", "azure_sys", "cloudsqladmin", "alloydbadmin")
_KINDS = {"r": "table", "p": "partitioned", "m": "materialised", "v": "view", "f": "foreign"}

# One query for all tables. The privilege functions read the catalogue only: they take no lock,
# so a table that somebody holds exclusively does not hold up the listing. Partitions and
# children that add no column of their own are read through their parent.
_RELATIONS = """
SELECT n.nspname, c.relname, c.relkind,
       has_schema_privilege(n.oid, 'USAGE')
         AND (has_table_privilege(c.oid, 'SELECT') OR has_any_column_privilege(c.oid, 'SELECT')),
       (SELECT a.attname
          FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
         WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indnatts = 1
           AND i.indpred IS NULL AND i.indexprs IS NULL
           AND a.attnotnull AND a.atttypid IN (20, 21, 23)
           AND has_column_privilege(c.oid, a.attnum, 'SELECT')
         ORDER BY i.indisprimary DESC, a.attnum LIMIT 1),
       row_security_active(c.oid)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND NOT c.relispartition
   AND n.nspname NOT IN ('pg_catalog', 'information_schema')
   AND n.nspname NOT LIKE 'pg\\_toast%' AND n.nspname NOT LIKE 'pg\\_temp%'
   AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_inherits h
                    WHERE h.inhrelid = c.oid
                      AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_attribute o
                                       WHERE o.attrelid = c.oid AND o.attnum > 0
                                         AND NOT o.attisdropped AND o.attislocal))
 ORDER BY 1, 2
"""
_COLUMNS = """
SELECT a.attname, lower(pg_catalog.format_type(a.atttypid, a.atttypmod)),
       has_column_privilege(c.oid, a.attnum, 'SELECT')
  FROM pg_catalog.pg_attribute a
  JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = :schema AND c.relname = :name AND a.attnum > 0 AND NOT a.attisdropped
 ORDER BY a.attnum
"""
_BLOCKS = """
WITH RECURSIVE parts AS (
  SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE n.nspname = :schema AND c.relname = :name
  UNION ALL
  SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN parts p ON i.inhparent = p.oid)
SELECT coalesce(sum(pg_relation_size(oid)), 0) / current_setting('block_size')::bigint FROM parts
"""
_BLOCK = "(ctid::text::point)[0]::bigint"
_OFFSET = "(ctid::text::point)[1]::bigint"
_PILOT_BLOCKS = 30
_THINNING_PRIME = 40_503


class _Text(Loader):
    """Text that is not UTF-8 (a database in SQL_ASCII may hold any bytes) is read all the same."""

    def load(self, data: Any) -> str:
        return bytes(data).decode("utf-8", "replace")


class Postgres:
    """See `family.Family`."""

    url: ClassVar[str] = "postgresql+psycopg://"

    def __init__(self, options: SqlOptions, access: Access) -> None:
        self._options = options
        self._access = access
        parsed = options.parsed
        query: Any = parsed.query
        self._host = query.get("host") or parsed.host
        self._port = int(query.get("port") or parsed.port or PORT)
        self._user = options.user or parsed.username
        self.role = self._user or "dpscan_reader"

    @property
    def maintenance(self) -> str:
        """The database to ask for what belongs to the server."""
        databases = self._options.databases
        return self._options.parsed.database or (databases[0] if isinstance(databases, list) else "postgres")

    def open(self, database: str) -> Any:
        options, limits = self._options, self._access.limits
        ca = self._access.ca_bundle
        mode = options.ssl_mode or ("prefer" if is_loopback(self._host) or not ca else "verify-full")
        wanted = {
            "host": self._host,
            "port": self._port,
            "user": self._user,
            "password": resolve(options.password) if options.password else None,
            "dbname": database,
            "sslmode": mode,
            "sslrootcert": ca or ("system" if mode == "verify-full" else None),
            "sslcert": options.client_cert,
            "sslkey": options.client_key,
            "application_name": self._access.user_agent,
            "connect_timeout": max(1, round(limits.connect_timeout)),
            # A path that dies under a statement is noticed, not waited for.
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": round(1000 * max(limits.read_timeout, limits.statement_timeout)),
            "client_encoding": "utf8",
        }
        connection = psycopg.connect(
            **{key: value for key, value in wanted.items() if value is not None},  # type: ignore[arg-type]
            # Prepared statements would not survive a connection pooler between us and the server.
            prepare_threshold=None,
        )
        connection.read_only = True
        connection.adapters.register_loader("text", _Text)
        return connection

    def begin(self, connection: Connection) -> None:
        limits = self._access.limits
        # LOCAL: nothing outlives the transaction, even on a pooled server connection.
        connection.exec_driver_sql(
            f"SET LOCAL statement_timeout = {round(1000 * limits.statement_timeout)};"
            f"SET LOCAL lock_timeout = {round(1000 * limits.lock_timeout)};"
            "SET LOCAL datestyle = 'ISO'; SET LOCAL synchronize_seqscans = off"
        )

    def identity(self, engines: Engines) -> Identity:
        name = endpoint(self._options, PORT)
        if self._options.server_name:
            return Identity(f"pg:{self._options.server_name}", name)
        with engines.session(self.maintenance) as session:
            session.execute(sa.text("SELECT 1"))  # no connection, no login: raised, not worked round
        try:
            with engines.session(
                self.maintenance,
                f"GRANT EXECUTE ON FUNCTION pg_control_system() TO {explain_postgres.quote(self.role)};",
            ) as session:
                number = session.scalar(sa.text("SELECT system_identifier FROM pg_control_system()"))
        except ReadError as error:
            if error.reason not in (GapReason.DENIED, GapReason.UNSUPPORTED, GapReason.FAULT):
                raise
            gap = Gap(
                f"pg:{name}",
                Stage.ENUMERATE,
                error.reason,
                "the server does not say which one it is; its address stands in, so the same server "
                f"under another name would count twice: {error.detail}",
                remedy=error.remedy,
            )
            return Identity(f"pg:{name}", name, gap)
        return Identity(f"pg:{number}", name)

    def databases(self, engines: Engines) -> Iterable[Database | Gap]:
        with engines.session(self.maintenance) as session:
            rows = session.execute(
                sa.text(
                    "SELECT datname, has_database_privilege(oid, 'CONNECT') FROM pg_catalog.pg_database"
                    " WHERE datallowconn AND NOT datistemplate ORDER BY datname"
                )
            ).all()
        return [Database(str(name), bool(open_)) for name, open_ in rows if name not in _PROVIDERS]

    def relations(self, session: Connection) -> Sequence[Relation]:
        rows = session.execute(sa.text(_RELATIONS)).all()
        return [
            Relation(name, schema, _KINDS[kind], bool(readable), key, bool(filtered))
            for schema, name, kind, readable, key, filtered in rows
        ]

    def blind_spots(self, session: Connection, store_id: str) -> Iterator[Gap]:
        """None: the catalogue shows every table to everybody."""
        yield from ()

    def columns(self, session: Connection, relation: Relation) -> Sequence[Column]:
        rows = session.execute(sa.text(_COLUMNS), {"schema": relation.schema, "name": relation.name}).all()
        return [Column(name, type_, bool(readable)) for name, type_, readable in rows]

    def cell(self, column: ColumnElement[Any], type: str, chars: int) -> ColumnElement[Any]:
        if type == "bytea":
            return sa.func.substring(column, 1, chars)
        # Everything as text by the server: Python has no date for 'infinity' or 44 BC.
        return sa.func.left(sa.cast(column, sa.Text), chars, type_=sa.Text)

    def sample_without_key(
        self, session: Connection, source: TableClause, relation: Relation, rows: int, seed: str
    ) -> Draw | None:
        """TABLESAMPLE, by rows where the table is small enough to pass over, else by blocks.

        Of the blocks drawn, about one row each is kept (every m-th line pointer, from a start
        that depends on the block), so that the sample is spread over as many blocks as rows.
        """
        if relation.kind not in ("table", "partitioned", "materialised"):
            return None
        number = seed_number(seed)
        names = {"schema": relation.schema, "name": relation.name}
        blocks = int(session.scalar(sa.text(_BLOCKS), names) or 0)
        if blocks <= 2 * rows:
            total = int(session.scalar(sa.select(sa.func.count()).select_from(source)) or 0)
            share = min(100.0, 100 * rows / max(total, 1))
            return Draw(self._sample(source, "bernoulli", share, number), (), total)
        block: Any = sa.literal_column(_BLOCK)
        offset: Any = sa.literal_column(_OFFSET)
        pilot = self._sample(source, "system", min(100.0, 100 * _PILOT_BLOCKS / blocks), number ^ 1)
        seen, lines = session.execute(
            sa.select(sa.func.count(sa.distinct(block)), sa.func.max(offset)).select_from(pilot)
        ).one()
        every = max(1, int(lines or 1)) if seen else 1
        start: Any = sa.literal_column(f"({_BLOCK} * {_THINNING_PRIME} + {number}) % {every}")
        drawn = self._sample(source, "system", 100 * rows / blocks, number)
        label: Any = sa.literal_column(f"tableoid::bigint::text || ':' || {_BLOCK}::text")
        return Draw(drawn, (offset % every == start,), blocks, "blocks", label)

    @staticmethod
    def _sample(source: TableClause, method: str, share: float, seed: int) -> Any:
        function = getattr(sa.func, method)
        return sa.tablesample(
            source, function(sa.literal_column(f"{share:.8f}")), seed=sa.literal_column(str(seed))
        )

    def evidence(self, engines: Engines, store: Store) -> Iterator[Evidence | Gap]:
        yield from posture_postgres.evidence(engines, store, self.role)

    def engine_version(self, engines: Engines, database: str) -> str:
        with engines.session(database) as session:
            version = str(session.scalar(sa.text("SHOW server_version")))
        return f"postgresql {version.split()[0]}"

    def permissions(self, engines: Engines, databases: Sequence[str]) -> Iterator[Permission]:
        yield from explain_postgres.permissions(self, engines, databases)

    def policy(self, databases: Sequence[str]) -> str:
        return explain_postgres.policy(self.role, databases)

    def grant_select(self, database: str, relation: Relation) -> str:
        quote = explain_postgres.quote
        return (
            f"GRANT USAGE ON SCHEMA {quote(relation.schema)} TO {quote(self.role)}; "
            f"GRANT SELECT ON {quote(relation.schema)}.{quote(relation.name)} TO {quote(self.role)};"
        )
