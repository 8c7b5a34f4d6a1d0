"""What the reading code needs to know of a family of database engines."""

from __future__ import annotations

import dataclasses
import fnmatch
import hashlib
import ipaddress
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sqlalchemy import Connection

from scanner.contracts import Access, Permission
from scanner.model import Evidence, Gap, Place, Store

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.sql.selectable import TableClause

    from scanner.connectors.sql.engines import Engines
    from scanner.connectors.sql.options import SqlOptions

TABLES = frozenset({"table", "partitioned", "materialised", "virtual"})
"""Kinds of relation whose rows are read by default."""


@dataclasses.dataclass(frozen=True, slots=True)
class Identity:
    """Which server this is, whatever name it was reached by."""

    id: str
    """`pg:<system identifier>`, `mysql:<server uuid>`, `sqlite:<host>`."""
    name: str
    """For people: `db.example.gov.uk:5432`."""
    gap: Gap | None = None
    """Set where the server would not say who it is, and its address stands in."""


@dataclasses.dataclass(frozen=True, slots=True)
class Database:
    name: str
    open: bool
    """False if the account may not connect to it (or cannot see inside)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Relation:
    """A table, view or foreign table as the catalogue describes it."""

    name: str
    schema: str = ""
    """Empty where the engine has no schemas inside a database."""
    kind: str = "table"
    """`table`, `partitioned`, `materialised`, `virtual`, `view` or `foreign`."""
    readable: bool = True
    """False if the account may select none of its columns."""
    key: str | None = None
    """A unique integer column that is never null: rows can be drawn by it."""
    filtered: bool = False
    """True if row-level security hides rows from the account."""

    @property
    def place(self) -> Place:
        steps = (("schema", self.schema),) if self.schema else ()
        return Place((*steps, ("table", self.name)))

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def matches(self, patterns: Iterable[str]) -> bool:
        """True if any pattern fits `table` or `schema.table`."""
        names = (self.name, self.full_name)
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns for name in names)


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    """The engine's own word, lower case: `character varying(40)`, `date`."""
    readable: bool = True


class Family(Protocol):
    """One engine family: how to connect, what there is, what protects it, how to draw rows."""

    url: ClassVar[str]
    """For SQLAlchemy: names the dialect and driver only; connections come from `open`."""

    def __init__(self, options: SqlOptions, access: Access) -> None: ...

    def open(self, database: str) -> Any:
        """A driver connection, read-only. Raises ReadError for a credential that cannot be had."""
        ...

    def begin(self, connection: Connection) -> None:
        """Called at the start of every transaction."""
        ...

    def identity(self, engines: Engines) -> Identity: ...

    def databases(self, engines: Engines) -> Iterable[Database | Gap]:
        """Every database of the server that is not the engine's own. Raises ReadError."""
        ...

    def relations(self, session: Connection) -> Sequence[Relation]:
        """In the order of their names; the engine's own are left out."""
        ...

    def blind_spots(self, session: Connection, store_id: str) -> Iterator[Gap]:
        """What the catalogue hides from this account."""
        ...

    def columns(self, session: Connection, relation: Relation) -> Sequence[Column]: ...

    def cell(self, column: ColumnElement[Any], type: str, chars: int) -> ColumnElement[Any]:
        """An expression that gives the column as text (or bytes), cut at `chars`."""
        ...

    def sample_without_key(
        self, session: Connection, source: TableClause, relation: Relation, rows: int, seed: str
    ) -> Draw | None:
        """How to draw about `rows` random rows in the database; None if it cannot be done
        within the statement timeout."""
        ...

    def evidence(self, engines: Engines, store: Store) -> Iterator[Evidence | Gap]: ...

    def engine_version(self, engines: Engines, database: str) -> str:
        """Such as `postgresql 15.18`. Raises ReadError."""
        ...

    def permissions(self, engines: Engines, databases: Sequence[str]) -> Iterator[Permission]: ...

    def policy(self, databases: Sequence[str]) -> str: ...

    def grant_select(self, database: str, relation: Relation) -> str:
        """The statement that would let the account read it."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class Draw:
    """A random part of a table, as a FROM clause and conditions."""

    source: Any
    """What to select from."""
    conditions: tuple[Any, ...]
    population: int
    what: str = "rows"
    """What `population` counts: `rows` or `blocks`."""
    block: Any = None
    """With `blocks`: an expression that names the block of a row."""


def seed_number(seed: str, bits: int = 31) -> int:
    """A number from the run's seed; the same everywhere."""
    return int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=8).digest()) >> (64 - bits)


def is_loopback(host: str | None) -> bool:
    """True for this computer's own loopback and for unix sockets (no host, or a folder)."""
    if not host or host.startswith("/"):
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.rstrip(".").lower() in ("localhost", "localhost.localdomain")


def here(name: str | None = None) -> str:
    """This computer's name, lower case, or the one the target gives."""
    return (name or socket.gethostname()).rstrip(".").lower()


def endpoint(options: SqlOptions, default_port: int) -> str:
    """`host:port`, in one spelling whatever the URL's.

    A loopback name means another server on every computer, so it carries this computer's.
    """
    if options.endpoint:
        host, _, port = options.endpoint.rpartition(":")
        return f"{(host or port).rstrip('.').lower()}:{port if host else default_port}"
    parsed = options.parsed
    query: Mapping[str, Any] = parsed.query
    host = str(query.get("host") or query.get("unix_socket") or parsed.host or "")
    port = str(query.get("port") or parsed.port or default_port)
    if is_loopback(host):
        return f"{here(options.server_name)}:{port}"
    return f"{host.rstrip('.').lower()}:{port}"


def aliases(options: SqlOptions, default_port: int, database: str) -> tuple[str, ...]:
    """Other names of a database: the endpoint it was reached by.

    None for loopback and sockets: the same loopback port can lead to another server tomorrow
    (a tunnel), and two stores that share an alias count as one.
    """
    parsed = options.parsed
    query: Mapping[str, Any] = parsed.query
    host = str(query.get("host") or query.get("unix_socket") or parsed.host or "")
    if is_loopback(host) and not options.endpoint:
        return ()
    return (f"{endpoint(options, default_port)}/{database}",)
