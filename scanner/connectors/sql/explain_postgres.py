"""What the scanning account needs on PostgreSQL, and whether it has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from scanner.connectors.sql.engines import Engines
from scanner.contracts import Permission

if TYPE_CHECKING:
    from scanner.connectors.sql.postgres import Postgres

_HBA = "SELECT on pg_hba_file_rules and EXECUTE on its function"


def quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def permissions(family: Postgres, engines: Engines, databases: Sequence[str]) -> Iterator[Permission]:
    """Asked of the catalogue; no table is read."""
    with engines.session(family.maintenance) as session:
        yield Permission(
            _HBA,
            bool(session.scalar(sa.text(
                "SELECT has_table_privilege('pg_catalog.pg_hba_file_rules', 'SELECT')"
                " AND has_function_privilege('pg_catalog.pg_hba_file_rules()', 'EXECUTE')"))),
            "tls_enforced, auth_required, authentication_methods",
            "server",
        )  # fmt: skip
        yield Permission(
            "membership of pg_read_all_settings",
            bool(session.scalar(sa.text("SELECT pg_has_role('pg_read_all_settings', 'USAGE')"))),
            "min_tls_version",
            "server",
        )
        yield Permission(
            "EXECUTE on pg_control_system()",
            bool(session.scalar(sa.text(
                "SELECT has_function_privilege('pg_catalog.pg_control_system()', 'EXECUTE')"))),
            "knowing the same server under another name",
            "server",
        )  # fmt: skip
        allowed = {
            name: bool(session.scalar(
                sa.text("SELECT bool_or(has_database_privilege(oid, 'CONNECT')) FROM pg_database WHERE datname = :n"),
                {"n": name}))
            for name in databases
        }  # fmt: skip
    for name in databases:
        yield Permission(f"CONNECT on {quote(name)}", allowed[name], "everything in it", name)
        if not allowed[name]:
            continue
        with engines.session(name) as session:
            relations = family.relations(session)
        for relation in relations:
            if relation.kind in ("table", "partitioned", "materialised"):
                yield Permission(
                    f"SELECT on {quote(relation.schema)}.{quote(relation.name)}",
                    relation.readable,
                    "reading its rows",
                    name,
                )


def policy(role: str, databases: Sequence[str]) -> str:
    """A script for psql, run by an administrator."""
    who = quote(role)
    lines = [
        "-- Least-privilege role for dpscan on PostgreSQL. Run with psql as an administrator.",
        f"CREATE ROLE {who} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 8;",
        f"ALTER ROLE {who} SET default_transaction_read_only = on;",
        f"-- then set a password:  \\password {role}",
        "-- settings and login rules, for the evidence on TLS, authentication and auditing:",
        f"GRANT pg_read_all_settings TO {who};",
        f"GRANT SELECT ON pg_catalog.pg_hba_file_rules TO {who};",
        f"GRANT EXECUTE ON FUNCTION pg_catalog.pg_hba_file_rules() TO {who};",
    ]
    for name in databases:
        lines += [
            "",
            f"GRANT CONNECT ON DATABASE {quote(name)} TO {who};",
            f"\\connect {quote(name)}",
            "-- for each schema that is to be scanned (here: public):",
            f"GRANT USAGE ON SCHEMA public TO {who};",
            f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {who};",
            "-- tables made later are covered only if their owner says so:",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO {who};",
        ]
    lines += [
        "",
        "-- Instead of table by table, from release 14, everything:",
        f"--   GRANT pg_read_all_data TO {who};",
        "-- Where row-level security hides rows from this role, dpscan sees only what the role sees.",
    ]
    return "\n".join(lines) + "\n"
