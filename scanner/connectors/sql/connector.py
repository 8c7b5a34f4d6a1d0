"""The connector itself: servers are scopes, databases are stores, tables are units."""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from scanner.connectors.sql.engines import Engines
from scanner.connectors.sql.family import (
    TABLES,
    Database,
    Family,
    Identity,
    Relation,
    aliases,
)
from scanner.connectors.sql.mysql import PORT as MYSQL_PORT
from scanner.connectors.sql.mysql import Mysql
from scanner.connectors.sql.options import SqlOptions, options_from_url
from scanner.connectors.sql.postgres import PORT as POSTGRES_PORT
from scanner.connectors.sql.postgres import Postgres
from scanner.connectors.sql.sampling import Reader, Reading
from scanner.connectors.sql.sqlite import Sqlite
from scanner.contracts import Access, Ask, Permission, TableFragment
from scanner.errors import ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Sampled, Scope, Stage, State, Store, Unit

_FAMILIES: Mapping[str, tuple[Callable[[SqlOptions, Access], Family], int]] = {
    "postgresql": (Postgres, POSTGRES_PORT),
    "mysql": (Mysql, MYSQL_PORT),
    "sqlite": (Sqlite, 0),
}


class SqlConnector:
    """Databases, read a table at a time. Satisfies `Connector`, `ReadsBatches`, `ExplainsAccess`."""

    kind: ClassVar[str] = "sql"
    schemes: ClassVar[tuple[str, ...]] = ("sqlite", "postgresql", "postgres", "mysql", "mariadb")
    Options: ClassVar[type[Any]] = SqlOptions

    def __init__(self, options: SqlOptions, access: Access) -> None:
        self._options = options
        self._access = access
        family, self._port = _FAMILIES[options.family]
        self._family: Family = family(options, access)
        self._engines = Engines(self._family, access.limits)
        self._identity: Identity | None = None

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        return options_from_url(url)

    def scopes(self) -> Iterable[Scope | Gap]:
        """The server. A Gap if it cannot be reached or refuses the login."""
        try:
            who = self._who()
        except ReadError as error:
            yield self._gap(self._access.target, Stage.ENUMERATE, error)
            return
        if who.gap:
            yield who.gap
        yield Scope(who.id, "server", "sql", who.name, exhaustive=self._options.databases == "all")

    def stores(self, scope: Scope) -> Iterable[Store | Gap]:
        try:
            found = list(self._family.databases(self._engines))
        except ReadError as error:
            yield self._gap(scope.id, Stage.ENUMERATE, error)
            return
        databases = {item.name: item for item in found if isinstance(item, Database)}
        if self._options.databases == "all" or self._options.family == "sqlite":
            wanted = list(databases)
            for item in found:
                if isinstance(item, Gap):
                    yield Gap(
                        scope.id, item.stage, item.reason, item.detail, remedy=item.remedy, count=item.count
                    )
        else:
            wanted = self._options.databases or [str(self._options.parsed.database)]
        for name in wanted:
            database = databases.get(name)
            if database is None:
                yield Gap(
                    scope.id,
                    Stage.ENUMERATE,
                    GapReason.VANISHED,
                    "a database named in the configuration is not there, or hidden from the account",
                    remedy="check its name and the account's rights",
                )
                continue
            yield self._store(scope, database)

    def _store(self, scope: Scope, database: Database) -> Store:
        # An SQLite file's path starts with a slash already.
        identifier = f"{scope.id}/{database.name.lstrip('/')}"
        return Store(
            id=identifier,
            scope_id=scope.id,
            kind="database",
            provider="sql",
            name=database.name.rpartition("/")[2] if self._options.family == "sqlite" else database.name,
            aliases=()
            if self._options.family == "sqlite"
            else aliases(self._options, self._port, database.name),
            environment=self._access.environment,
            target=self._access.target,
            attributes={"database": database.name, "engine": self._options.family},
        )

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        if isinstance(subject, Scope):
            yield from self._server_version(subject)
            return
        yield from self._family.evidence(self._engines, subject)

    def _server_version(self, scope: Scope) -> Iterator[Evidence | Gap]:
        source = "server version"
        try:
            database = self._first_database()
            version = self._family.engine_version(self._engines, database)
        except ReadError as error:
            basis = Basis.DENIED if error.reason is GapReason.DENIED else Basis.FAILED
            yield Evidence(scope.id, "engine_version", State.UNKNOWN, basis, source, reason=error.detail)
            yield self._gap(scope.id, Stage.EVIDENCE, error)
            return
        yield Evidence(scope.id, "engine_version", State.PRESENT, Basis.EXPLICIT, source, value=version)

    def _first_database(self) -> str:
        return next(
            (d.name for d in self._family.databases(self._engines) if isinstance(d, Database)),
            str(self._options.parsed.database or ""),
        )

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:
        database = store.attributes["database"]
        try:
            with self._engines.session(database) as session:
                relations = list(self._family.relations(session))
                blind = list(self._family.blind_spots(session, store.id))
        except ReadError as error:
            yield self._gap(store.id, Stage.LIST, error)
            return
        yield from blind
        listed = (*self._options.views, *ask.views)
        left_out = 0
        for relation in relations:
            if not self._asked_for(relation):
                left_out += 1
            elif relation.kind not in TABLES and not relation.matches(listed):
                yield Gap(
                    store.id,
                    Stage.LIST,
                    GapReason.SAMPLED_OUT,
                    "view: structure only"
                    if relation.kind == "view"
                    else "foreign table: its rows are elsewhere",
                    relation.place,
                    "name it under `views` to read its content",
                )
            elif not relation.readable:
                yield Gap(
                    store.id,
                    Stage.LIST,
                    GapReason.DENIED,
                    "the account may not select from the table",
                    relation.place,
                    self._family.grant_select(database, relation),
                )
            else:
                if relation.filtered:
                    yield Gap(
                        store.id,
                        Stage.LIST,
                        GapReason.DENIED,
                        "row-level security may hide rows of the table from the account; the others are read",
                        relation.place,
                        "ALTER ROLE … BYPASSRLS, or a policy that shows the scanning account every row",
                    )
                yield self._unit(store, relation, ask)
        if left_out:
            yield Gap(
                store.id,
                Stage.LIST,
                GapReason.EXCLUDED,
                "tables left out by `schemas`, `tables` or `exclude_tables`",
                count=left_out,
            )

    def _asked_for(self, relation: Relation) -> bool:
        options = self._options
        if options.schemas is not None and relation.schema:
            in_schema = Relation(relation.schema).matches(options.schemas)
        else:
            in_schema = True
        return (
            in_schema
            and (options.tables is None or relation.matches(options.tables))
            and not relation.matches(options.exclude_tables)
        )

    def _unit(self, store: Store, relation: Relation, ask: Ask) -> Unit:
        steps = (relation.schema, relation.name) if relation.schema else (relation.name,)
        identifier = "/".join(urllib.parse.quote(step, safe="") for step in steps)
        return Unit(
            id=identifier,
            store_id=store.id,
            target=self._access.target,
            place=relation.place,
            stratum=identifier,
            params={
                "database": store.attributes["database"],
                "schema": relation.schema,
                "table": relation.name,
                "kind": relation.kind,
                "key": relation.key or "",
                "seed": ask.seed,
                "rows": str(ask.rows),
                "whole": str(ask.whole_table_rows),
                "full": "yes" if ask.full else "",
                "filtered": "yes" if relation.filtered else "",
            },
        )

    def batches(self, unit: Unit) -> Iterator[TableFragment | Sampled | Gap]:
        """Rows of one table as text. Raises ReadError if none could be read."""
        params = unit.params
        relation = Relation(params["table"], params["schema"], params["kind"], key=params["key"] or None)
        reading = Reading(
            params["database"],
            relation,
            params["seed"],
            int(params["rows"]),
            int(params["whole"]),
            bool(params["full"]),
            unit.store_id,
            bool(params["filtered"]),
        )
        yield from Reader(self._family, self._engines, self._access.limits, reading).read()

    def permissions(self) -> Iterable[Permission]:
        """Raises ReadError if the server cannot be asked at all."""
        yield from self._family.permissions(self._engines, self._wanted())

    def policy(self) -> str:
        return self._family.policy(self._wanted())

    def _wanted(self) -> list[str]:
        options = self._options
        if isinstance(options.databases, list):
            return options.databases
        if options.databases == "all":
            return [d.name for d in self._family.databases(self._engines) if isinstance(d, Database)]
        return [str(options.parsed.database)]

    def close(self) -> None:
        self._engines.close()

    def _who(self) -> Identity:
        if self._identity is None:
            self._identity = self._family.identity(self._engines)
        return self._identity

    @staticmethod
    def _gap(subject_id: str, stage: Stage, error: ReadError) -> Gap:
        return Gap(subject_id, stage, error.reason, error.detail, remedy=error.remedy)
