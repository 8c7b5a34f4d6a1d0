"""MariaDB and MySQL: connecting, naming, listing and drawing rows."""

from __future__ import annotations

import contextlib
import re
import ssl
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, ClassVar

import pymysql
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection
from sqlalchemy.sql.selectable import TableClause

from scanner.common.secrets import resolve
from scanner.connectors.sql import explain_mysql, posture_mysql
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

PORT = 3306
SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")
_SSL_ERROR = 2026
_NO_SUCH_VARIABLE = 1193
_BASE64 = str.maketrans("+/", "-_")
# A table of more bytes than this is not passed over from end to end to draw rows of it.
_SCAN_BYTES = 1 << 30

# One flat query per kind: the information schema is built anew for each reference to it, so a
# join or a correlated query over it grows with the square of the number of tables.
_RELATIONS = (
    "SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES"
    " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE IN ('BASE TABLE', 'SYSTEM VERSIONED', 'VIEW')"
    " ORDER BY TABLE_NAME"
)
_KEYS = (
    "SELECT TABLE_NAME, COLUMN_NAME FROM information_schema.STATISTICS"
    " WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME = 'PRIMARY'"
)
_READABLE = (
    "SELECT TABLE_NAME, COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS"
    " WHERE TABLE_SCHEMA = DATABASE() AND FIND_IN_SET('select', PRIVILEGES)"
)
_INTEGERS = ("tinyint", "smallint", "mediumint", "int", "bigint")
_COLUMNS = (
    "SELECT COLUMN_NAME, COLUMN_TYPE, PRIVILEGES FROM information_schema.COLUMNS"
    " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = :name ORDER BY ORDINAL_POSITION"
)
_BYTES = re.compile(r"^(tiny|medium|long)?blob|^(var)?binary")
_SPATIAL = re.compile(r"^(geometry|point|linestring|polygon|multi|geomcollection)")
_NAME = r"(?:`(?:[^`]|``)+`|[^\s.`]+)"
_DATABASE_GRANT = re.compile(rf"^GRANT (?P<what>.+?) ON (?P<database>{_NAME})\.(?P<table>{_NAME}) TO ")


class Mysql:
    """See `family.Family`. MySQL and MariaDB differ in a few variables only."""

    url: ClassVar[str] = "mysql+pymysql://"

    def __init__(self, options: SqlOptions, access: Access) -> None:
        self._options = options
        self._access = access
        parsed = options.parsed
        query: Any = parsed.query
        self._socket = query.get("unix_socket")
        self._host = str(query.get("host") or parsed.host or "localhost")
        self._port = int(query.get("port") or parsed.port or PORT)
        self._user = options.user or parsed.username
        self.role = self._user or "dpscan_reader"

    @property
    def maintenance(self) -> str:
        """The database to ask for what belongs to the server; everybody may use this one."""
        return "information_schema"

    def open(self, database: str) -> Any:
        limits = self._access.limits
        connection = self._connect(database)
        with connection.cursor() as cursor:
            if "MariaDB" in connection.get_server_info():
                cursor.execute(f"SET SESSION max_statement_time = {limits.statement_timeout:.3f}")
            else:
                cursor.execute(f"SET SESSION max_execution_time = {round(1000 * limits.statement_timeout)}")
            seconds = max(1, round(limits.lock_timeout))
            cursor.execute(f"SET SESSION lock_wait_timeout = {seconds}, innodb_lock_wait_timeout = {seconds}")
            # Zero dates and the like are read as they are, whatever the server's own mode.
            cursor.execute("SET SESSION sql_mode = ''")
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
        connection.rollback()
        return connection

    def _connect(self, database: str) -> Any:
        options, limits = self._options, self._access.limits
        ca = self._access.ca_bundle
        wanted: dict[str, Any] = {
            "unix_socket": self._socket,
            "host": self._host,
            "port": self._port,
            "user": self._user,
            "password": resolve(options.password) if options.password else "",
            "database": database,
            "charset": "utf8mb4",
            "autocommit": False,
            "connect_timeout": max(1, round(limits.connect_timeout)),
            # Longer than the server's own limit, so that it is the server that ends a statement.
            "read_timeout": max(limits.read_timeout, limits.statement_timeout + 5),
            "write_timeout": limits.read_timeout,
            "program_name": self._access.user_agent,
        }
        mode = options.ssl_mode
        if mode is None:
            mode = "prefer" if self._socket or is_loopback(self._host) or not ca else "verify-full"
        if mode == "disable" or (self._socket and not options.ssl_mode):
            return pymysql.connect(**wanted, ssl_disabled=True)
        try:
            connection = pymysql.connect(**wanted, ssl=self._tls(mode))
        except pymysql.err.OperationalError as error:
            if mode == "prefer" and error.args[:1] == (_SSL_ERROR,):
                return pymysql.connect(**wanted, ssl_disabled=True)
            raise
        if mode != "prefer" and not tls_version(connection):
            # Releases of PyMySQL before 1.2 fall back to plain text without a word.
            connection.close()
            raise ReadError(
                GapReason.UNREACHABLE,
                "no encrypted connection could be agreed",
                "turn TLS on at the server, or set ssl_mode: prefer",
            )
        return connection

    def _tls(self, mode: str) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self._access.ca_bundle)
        context.check_hostname = mode == "verify-full"
        if not mode.startswith("verify"):
            context.verify_mode = ssl.CERT_NONE
        if self._options.client_cert:
            try:
                context.load_cert_chain(self._options.client_cert, self._options.client_key)
            except (OSError, ssl.SSLError):
                raise ReadError(
                    GapReason.DENIED,
                    "the client certificate or its key cannot be read",
                    "check client_cert and client_key",
                ) from None
        return context

    def begin(self, connection: Connection) -> None:
        """Nothing: the session was made read-only when it was opened."""

    def identity(self, engines: Engines) -> Identity:
        name = endpoint(self._options, PORT)
        if self._options.server_name:
            return Identity(f"mysql:{self._options.server_name}", name)
        for variable in ("server_uuid", "server_uid"):
            with contextlib.suppress(_Unknown), engines.session(self.maintenance) as session:
                # MariaDB's is base64: without the signs that mean something in an id.
                own = self._variable(session, variable).rstrip("=").translate(_BASE64)
                return Identity(f"mysql:{own}", name)
        with engines.session(self.maintenance) as session:
            host, port = session.execute(sa.text("SELECT @@hostname, @@port")).one()
        return Identity(f"mysql:{str(host).lower()}:{port}", name)

    @staticmethod
    def _variable(session: Connection, name: str) -> str:
        try:
            return str(session.execute(sa.text(f"SELECT @@global.{name}")).scalar_one())
        except sa.exc.OperationalError as error:
            if error.orig is not None and error.orig.args[:1] == (_NO_SUCH_VARIABLE,):
                raise _Unknown from None
            raise

    def databases(self, engines: Engines) -> Iterable[Database | Gap]:
        with engines.session(self.maintenance) as session:
            names = session.scalars(
                sa.text("SELECT SCHEMA_NAME FROM information_schema.SCHEMATA ORDER BY 1")
            ).all()
            grants = self._grants(session)
        found: list[Database | Gap] = [Database(str(n), True) for n in names if str(n).lower() not in SYSTEM]
        if not any(where == "*.*" and ("SHOW DATABASES" in what or "ALL PRIVILEGES" in what or "SELECT" in what)
                   for what, where in grants):  # fmt: skip
            found.append(
                Gap(
                    "",
                    Stage.ENUMERATE,
                    GapReason.DENIED,
                    "databases that the account has no right to are hidden from it",
                    remedy=f"GRANT SHOW DATABASES ON *.* TO {explain_mysql.account(self.role)};",
                )
            )
        return found

    @staticmethod
    def _grants(session: Connection) -> list[tuple[str, str]]:
        """(privileges, object) of the session's own grants, those of its roles included."""
        lines = session.scalars(sa.text("SHOW GRANTS")).all()
        found = (_DATABASE_GRANT.match(str(line)) for line in lines)
        return [(m["what"], f"{_unquoted(m['database'])}.{_unquoted(m['table'])}") for m in found if m]

    def relations(self, session: Connection) -> Sequence[Relation]:
        readable: dict[str, dict[str, str]] = {}
        for table, column, type_ in session.execute(sa.text(_READABLE)):
            readable.setdefault(str(table), {})[str(column)] = str(type_).lower()
        keys: dict[str, list[str]] = {}
        for table, column in session.execute(sa.text(_KEYS)):
            keys.setdefault(str(table), []).append(str(column))
        found = []
        for name, kind in session.execute(sa.text(_RELATIONS)):
            table, columns = str(name), readable.get(str(name), {})
            primary = keys.get(table, [])
            usable = len(primary) == 1 and columns.get(primary[0]) in _INTEGERS
            found.append(
                Relation(
                    table,
                    "",
                    "view" if kind == "VIEW" else "table",
                    table in readable,
                    primary[0] if usable else None,
                )
            )
        return found

    def blind_spots(self, session: Connection, store_id: str) -> Iterator[Gap]:
        """A table without any right on it does not even show in the catalogue."""
        database = str(session.scalar(sa.text("SELECT DATABASE()")))
        for what, where in self._grants(session):
            pattern = where.removesuffix(".*")
            covers = where.endswith(".*") and (
                pattern in ("*", database) or re.fullmatch(_like(pattern), database, re.IGNORECASE)
            )
            if covers and ("SELECT" in what or "ALL PRIVILEGES" in what):
                return
        yield Gap(
            store_id,
            Stage.LIST,
            GapReason.DENIED,
            "tables that the account has no right to are hidden from it; whether there are more cannot be seen",
            remedy=f"GRANT SELECT ON {explain_mysql.quote(database)}.* TO {explain_mysql.account(self.role)};",
        )

    def columns(self, session: Connection, relation: Relation) -> Sequence[Column]:
        rows = session.execute(sa.text(_COLUMNS), {"name": relation.name}).all()
        return [Column(str(n), str(t).lower(), "select" in str(p).split(",")) for n, t, p in rows]

    def cell(self, column: ColumnElement[Any], type: str, chars: int) -> ColumnElement[Any]:
        if _BYTES.match(type):
            return sa.func.substring(column, 1, chars)
        if _SPATIAL.match(type):
            return sa.func.left(sa.func.st_astext(column), chars)
        if type.startswith("bit"):
            return sa.func.bin(column)
        return sa.func.left(sa.cast(column, sa.CHAR), chars)

    def sample_without_key(
        self, session: Connection, source: TableClause, relation: Relation, rows: int, seed: str
    ) -> Draw | None:
        """One pass over the table, each row kept with the same chance, by a seeded RAND()."""
        size = session.scalar(
            sa.text(
                "SELECT DATA_LENGTH FROM information_schema.TABLES"
                " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = :name"
            ),
            {"name": relation.name},
        )
        if relation.kind != "table" or (size is not None and int(size) > _SCAN_BYTES):
            return None
        total = int(session.scalar(sa.select(sa.func.count()).select_from(source)) or 0)
        keep: Any = sa.literal_column(f"RAND({seed_number(seed)}) < {rows / max(total, 1):.9f}")
        return Draw(source, (keep,), total)

    def evidence(self, engines: Engines, store: Store) -> Iterator[Evidence | Gap]:
        yield from posture_mysql.evidence(engines, store, self.role, on_socket=bool(self._socket))

    def engine_version(self, engines: Engines, database: str) -> str:
        with engines.session(database) as session:
            version = str(session.scalar(sa.text("SELECT VERSION()")))
        number = re.match(r"[\d.]+", version.removeprefix("5.5.5-"))
        product = "mariadb" if "mariadb" in version.lower() else "mysql"
        return f"{product} {number[0] if number else version}"

    def permissions(self, engines: Engines, databases: Sequence[str]) -> Iterator[Permission]:
        yield from explain_mysql.permissions(self, engines, databases)

    def policy(self, databases: Sequence[str]) -> str:
        return explain_mysql.policy(self.role, databases)

    def grant_select(self, database: str, relation: Relation) -> str:
        return (
            f"GRANT SELECT ON {explain_mysql.quote(database)}."
            f"{explain_mysql.quote(relation.name)} TO {explain_mysql.account(self.role)};"
        )


class _Unknown(Exception):
    """The server has no variable of that name."""


def _unquoted(name: str) -> str:
    return name[1:-1].replace("``", "`") if name.startswith("`") else name


def _like(pattern: str) -> str:
    """A database name in a grant as a regular expression: `%` and `_` are wildcards unless escaped."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return "".join(wild.get(part) or re.escape(part[-1]) for part in parts)


def tls_version(connection: Any) -> str | None:
    """`TLSv1.3` if the driver's socket is encrypted, as the client itself sees it."""
    wrapped = getattr(connection, "_sock", None)
    return wrapped.version() if isinstance(wrapped, ssl.SSLSocket) else None
