"""What the scanning account needs on MariaDB or MySQL, and whether it has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scanner.connectors.sql.engines import Engines
from scanner.contracts import Permission
from scanner.errors import ReadError
from scanner.model import GapReason

if TYPE_CHECKING:
    from scanner.connectors.sql.mysql import Mysql

_TRIES = (
    ("SELECT on mysql.user", "SELECT 1 FROM mysql.user LIMIT 0",
     "auth_required, authentication_methods, tls_enforced, least_privilege_grants"),
    ("SELECT on mysql.db", "SELECT 1 FROM mysql.db LIMIT 0", "least_privilege_grants"),
    ("SELECT on mysql.tables_priv", "SELECT 1 FROM mysql.tables_priv LIMIT 0", "least_privilege_grants of tables"),
    ("PROCESS", "SELECT 1 FROM information_schema.INNODB_TABLESPACES_ENCRYPTION LIMIT 1", "encryption_at_rest"),
)  # fmt: skip


def quote(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def account(role: str) -> str:
    """An account name for GRANT. The host part is for the administrator to narrow."""
    return "'" + role.replace("'", "''") + "'@'%'"


def permissions(family: Mysql, engines: Engines, databases: Sequence[str]) -> Iterator[Permission]:
    """Asked of the catalogue, or tried with statements that return no row of content."""
    for name, statement, needed_for in _TRIES:
        held: bool | None
        try:
            with engines.session(family.maintenance) as session:
                session.execute(sa.text(statement)).close()
            held = True
        except ReadError as error:
            held = False if error.reason is GapReason.DENIED else None
        yield Permission(name, held, needed_for, "server")
    for database in databases:
        with engines.session(database) as session:
            blind = list(family.blind_spots(session, database))
            relations = family.relations(session)
        yield Permission(
            f"SELECT on {quote(database)}.*", not blind, "seeing and reading every table", database
        )
        for relation in relations:
            if relation.kind == "table" and not relation.readable:
                yield Permission(
                    f"SELECT on {quote(database)}.{quote(relation.name)}", False, "reading its rows", database
                )


def policy(role: str, databases: Sequence[str]) -> str:
    """A script for the mariadb or mysql client, run by an administrator."""
    who = account(role)
    lines = [
        "-- Least-privilege account for dpscan on MariaDB or MySQL. Run as an administrator.",
        "-- Narrow '%' to the address dpscan connects from, and put a password of your own.",
        f"CREATE USER {who} IDENTIFIED BY '<password>' REQUIRE SSL WITH MAX_USER_CONNECTIONS 8;",
    ]
    lines += [f"GRANT SELECT ON {quote(database)}.* TO {who};" for database in databases]
    lines += [
        "-- for `databases: all`, so that none is hidden:",
        f"GRANT SHOW DATABASES ON *.* TO {who};",
        "-- for the evidence on accounts, grants and table encryption:",
        f"GRANT SELECT ON mysql.user TO {who};",
        f"GRANT SELECT ON mysql.db TO {who};",
        f"GRANT SELECT ON mysql.tables_priv TO {who};",
        f"GRANT PROCESS ON *.* TO {who};",
        "-- mysql.user holds password hashes. dpscan asks only whether one is empty; where even that",
        "-- is too much, leave that line out: the evidence is then unknown, and says so.",
    ]
    return "\n".join(lines) + "\n"
