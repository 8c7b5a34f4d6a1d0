"""What protects a PostgreSQL database, as its own catalogue tells it.

Each probe is a transaction of its own: a refused one costs only what it would have shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from scanner.common.stating import Speaker, Unseen, ask
from scanner.connectors.sql import posture_hba
from scanner.connectors.sql.engines import Engines
from scanner.connectors.sql.explain_postgres import quote
from scanner.connectors.sql.posture import (
    BACKUP,
    DISK,
    MASKING,
    at,
    from_inside,
    listening,
    version_evidence,
)
from scanner.model import Basis, Evidence, Gap, GapReason, Place, Stage, Store

_SETTINGS = (
    "listen_addresses", "ssl", "ssl_min_protocol_version", "log_connections", "log_statement",
    "pgaudit.log", "pgaudit.role", "rds.force_ssl", "require_secure_transport",
)  # fmt: skip
# Sources of a setting that hold for this account only, not for those who read the data daily.
_OWN = ("user", "database user")
# Superusers that cloud providers keep for themselves.
_PROVIDER_ROLES = ("rdsadmin", "azuresu", "azure_superuser", "cloudsqladmin", "alloydbadmin")

_PUBLIC_TABLES = """
SELECT n.nspname, c.relname, string_agg(DISTINCT g.privilege, ', ' ORDER BY g.privilege)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 CROSS JOIN LATERAL (
       SELECT privilege_type AS privilege FROM aclexplode(c.relacl) WHERE grantee = 0
       UNION ALL
       SELECT x.privilege_type || ' (columns)' FROM pg_catalog.pg_attribute a
        CROSS JOIN LATERAL aclexplode(a.attacl) x WHERE a.attrelid = c.oid AND x.grantee = 0) g
 WHERE c.relkind IN ('r', 'p', 'm', 'v', 'f') AND NOT c.relispartition
   AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
 GROUP BY 1, 2 ORDER BY 1, 2
"""
_ROW_SECURITY = """
SELECT n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity, count(p.oid),
       coalesce(bool_or(p.polpermissive AND p.polcmd IN ('r', '*') AND 0 = ANY (p.polroles)
                        AND pg_get_expr(p.polqual, p.polrelid) = 'true'), false)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
   AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2
"""
_SUPERUSERS = """
SELECT count(*) FROM pg_catalog.pg_roles
 WHERE rolsuper AND rolcanlogin AND oid <> 10 AND rolname <> ALL (:provider)
"""
_SCHEMAS = """
SELECT count(*) FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL aclexplode(n.nspacl) x
 WHERE x.grantee = 0 AND x.privilege_type = 'CREATE' AND n.nspname NOT LIKE 'pg\\_%'
"""


def evidence(engines: Engines, store: Store, role: str) -> Iterator[Evidence | Gap]:
    say, database, who = Speaker(store.id), store.attributes["database"], quote(role)
    gaps: list[Gap] = []

    def rows(what: str, statement: str, remedy: str = "", **values: Any) -> Sequence[Any] | Unseen:
        def call() -> Sequence[Any]:
            with engines.session(database, remedy) as session:
                return session.execute(sa.text(statement), values).all()

        return ask(store.id, what, gaps, call)

    def client_tls() -> tuple[bool, bool, str]:
        with engines.session(database) as session:
            driver: Any = session.connection.driver_connection
            version = session.scalar(sa.text("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
            return driver.pgconn.ssl_in_use, bool(driver.pgconn.host[:1] == b"/"), str(version or "")

    used = ask(store.id, "whether this connection is encrypted", gaps, client_tls)
    yield _tls_in_use(say, used)

    found = rows(
        "server settings",
        "SELECT name, setting, source FROM pg_catalog.pg_settings WHERE name = ANY (:names)",
        names=list(_SETTINGS),
    )
    settings = found if isinstance(found, Unseen) else {name: (value, src) for name, value, src in found}
    hba = ask(
        store.id, "login rules", gaps,
        lambda: posture_hba.load(engines, database, f"GRANT SELECT ON pg_hba_file_rules TO {who}; "
                                 f"GRANT EXECUTE ON FUNCTION pg_hba_file_rules() TO {who};"),
    )  # fmt: skip
    yield from posture_hba.evidence(say, hba, settings)
    yield from _audit(say, settings)
    yield from _min_tls(say, settings, who, gaps)
    yield _listening(say, settings)

    superusers = rows("superusers", _SUPERUSERS, provider=list(_PROVIDER_ROLES))
    schemas = rows("grants on schemas", _SCHEMAS)
    public = rows("grants on tables", _PUBLIC_TABLES)
    yield _blanket(say, superusers, schemas, public)
    if not isinstance(public, Unseen):
        for schema, table, privileges in public:
            yield at(
                _table(schema, table),
                say.flag("least_privilege_grants", False, "pg_class.relacl", f"PUBLIC has {privileges}"),
            )
    yield from _row_security(say, rows("row-level security", _ROW_SECURITY))

    version = rows("the server's version", "SHOW server_version")
    text = version if isinstance(version, Unseen) else f"postgresql {str(version[0][0]).split()[0]}"
    yield from version_evidence(say, text, "server_version")
    yield from from_inside(
        say, "PostgreSQL catalogue",
        {"encryption_at_rest": DISK, "backup_enabled": BACKUP, "backup_retention_days": BACKUP,
         "masking_configured": MASKING},
    )  # fmt: skip
    yield from gaps


def _table(schema: str, table: str) -> Place:
    return Place((("schema", schema), ("table", table)))


def _tls_in_use(say: Speaker, used: tuple[bool, bool, str] | Unseen) -> Evidence:
    source = "libpq PQsslInUse"
    if isinstance(used, Unseen):
        return say.unknown("tls_in_use", used, source)
    encrypted, on_socket, version = used
    if on_socket:
        return say.inapplicable(
            "tls_in_use", source, "connected by a unix socket: nothing went over a network"
        )
    return say.flag(
        "tls_in_use", encrypted, source, version if encrypted else "the connection is in plain text"
    )


def _audit(say: Speaker, settings: dict[str, tuple[str, str]] | Unseen) -> Iterator[Evidence]:
    source = "pg_settings"
    if isinstance(settings, Unseen):
        yield say.unknown("audit_logging", settings, source)
        return
    pgaudit = settings.get("pgaudit.log", ("", ""))[0].lower()
    objects = settings.get("pgaudit.role", ("", ""))[0]
    statement = settings.get("log_statement", ("", ""))[0]
    logins = settings.get("log_connections", ("", ""))[0].lower() not in ("", "off", "0", "no", "false")
    classes = {part.strip() for part in pgaudit.split(",")}
    reads = bool(classes & {"all", "read"}) or bool(objects) or statement == "all"
    if any(settings.get(name, ("", ""))[1] in _OWN for name in ("pgaudit.log", "log_statement")):
        why = Unseen(Basis.NOT_OBSERVABLE, "the logging settings were set for the scanning account alone")
        yield say.unknown("audit_logging", why, source)
        return
    shown = (
        f"statements read: {'yes' if reads else 'no'}"
        f" (pgaudit.log {pgaudit or 'not loaded'}, log_statement {statement or 'unknown'});"
        f" logins: {'yes' if logins else 'no'}"
    )
    yield say.flag("audit_logging", reads and logins, source, shown)


def _min_tls(
    say: Speaker, settings: dict[str, tuple[str, str]] | Unseen, who: str, gaps: list[Gap]
) -> Iterator[Evidence]:
    source = "pg_settings.ssl_min_protocol_version"
    if isinstance(settings, Unseen):
        yield say.unknown("min_tls_version", settings, source)
    elif settings.get("ssl", ("", ""))[0] == "off":
        yield say.inapplicable("min_tls_version", source, "TLS is switched off")
    elif "ssl_min_protocol_version" in settings:
        lowest = settings["ssl_min_protocol_version"][0] or "TLSv1"
        yield say.value("min_tls_version", {"TLSv1": "1.0"}.get(lowest, lowest.removeprefix("TLSv")), source)
    else:
        # Settings that only superusers may see are left out of the view without an error.
        why = Unseen(Basis.DENIED, "the setting is shown to members of pg_read_all_settings only")
        yield say.unknown("min_tls_version", why, source)
        gaps.append(_hidden_settings(say.subject_id, who))


def _hidden_settings(store_id: str, who: str) -> Gap:
    return Gap(
        store_id, Stage.EVIDENCE, GapReason.DENIED, "server settings that only superusers see are hidden",
        remedy=f"GRANT pg_read_all_settings TO {who};",
    )  # fmt: skip


def _listening(say: Speaker, settings: dict[str, tuple[str, str]] | Unseen) -> Evidence:
    source = "pg_settings.listen_addresses"
    if isinstance(settings, Unseen):
        return say.unknown("public_endpoint_disabled", settings, source)
    if "listen_addresses" not in settings:
        why = Unseen(Basis.DENIED, "the server hides the addresses it listens on")
        return say.unknown("public_endpoint_disabled", why, source)
    return listening(say, settings["listen_addresses"][0], source, none_is_none=True)


def _blanket(
    say: Speaker,
    superusers: Sequence[Any] | Unseen,
    schemas: Sequence[Any] | Unseen,
    tables: Sequence[Any] | Unseen,
) -> Evidence:
    """For the store; unknown too where a table's own grants could not be seen, since what is said
    of the store holds for every table of which nothing else is said."""
    source = "pg_roles, pg_namespace.nspacl"
    reasons = []
    if not isinstance(superusers, Unseen) and superusers[0][0]:
        reasons.append(f"{superusers[0][0]} superuser account(s) beside the built-in one")
    if not isinstance(schemas, Unseen) and schemas[0][0]:
        reasons.append(f"everybody may create objects in {schemas[0][0]} schema(s)")
    if reasons:
        return say.flag("least_privilege_grants", False, source, "; ".join(reasons))
    for part in (superusers, schemas, tables):
        if isinstance(part, Unseen):
            return say.unknown("least_privilege_grants", part, source)
    return say.flag("least_privilege_grants", True, source)


def _row_security(say: Speaker, found: Sequence[Any] | Unseen) -> Iterator[Evidence]:
    source = "pg_class.relrowsecurity, pg_policy"
    if isinstance(found, Unseen):
        yield say.unknown("row_level_security", found, source)
        return
    on = 0
    for schema, table, enabled, forced, policies, open_to_all in found:
        effective = enabled and not open_to_all
        on += bool(effective)
        if not (enabled or policies):
            continue
        if effective:
            reason = f"{policies} polic{'y' if policies == 1 else 'ies'}" + (
                "" if forced else "; the table's owner is not bound by them"
            )
        elif enabled:
            reason = "a policy lets everybody see every row"
        else:
            reason = "policies exist but row-level security is switched off"
        yield at(_table(schema, table), say.flag("row_level_security", bool(effective), source, reason))
    total = len(found)
    if not total:
        yield say.inapplicable("row_level_security", source, "there are no tables")
    else:
        yield say.flag("row_level_security", on == total, source, f"on {on} of {total} tables")
