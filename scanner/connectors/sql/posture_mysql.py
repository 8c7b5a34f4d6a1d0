"""What protects a MariaDB or MySQL database, as the server's variables and grant tables tell it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from scanner.common.stating import Speaker, Unseen, ask
from scanner.connectors.sql import posture_mysql_accounts as accounts
from scanner.connectors.sql.engines import Engines
from scanner.connectors.sql.posture import (
    BACKUP,
    DISK,
    MASKING,
    at,
    from_inside,
    listening,
    version_evidence,
)
from scanner.model import Basis, Evidence, Gap, Place, Store

_VARIABLES = (
    "bind_address", "skip_networking", "have_ssl", "require_secure_transport", "tls_version", "general_log",
    "server_audit_logging", "server_audit_events", "audit_log_policy", "version",
)  # fmt: skip

Variables = Mapping[str, str]


def evidence(engines: Engines, store: Store, role: str, *, on_socket: bool) -> Iterator[Evidence | Gap]:
    from scanner.connectors.sql.explain_mysql import account

    say, database, who = Speaker(store.id), store.attributes["database"], account(role)
    gaps: list[Gap] = []

    def rows(what: str, statement: str, remedy: str = "", **values: Any) -> Sequence[Any] | Unseen:
        def call() -> Sequence[Any]:
            with engines.session(database, remedy) as session:
                return session.execute(sa.text(statement), values).all()

        return ask(store.id, what, gaps, call)

    status = rows(
        "whether this connection is encrypted", "SHOW SESSION STATUS WHERE Variable_name IN ('Ssl_version')"
    )
    yield _tls_in_use(say, status, on_socket)

    found = rows(
        "server variables",
        "SHOW GLOBAL VARIABLES WHERE Variable_name IN ("
        + ", ".join(f"'{name}'" for name in _VARIABLES)
        + ")",
    )
    variables: Variables | Unseen = (
        found if isinstance(found, Unseen) else {str(name): str(value) for name, value in found}
    )
    known = rows("accounts", accounts.ACCOUNTS, f"GRANT SELECT ON mysql.user TO {who};")
    people = known if isinstance(known, Unseen) else [accounts.Account.of(row) for row in known]
    yield _tls_enforced(say, variables, people)
    yield _min_tls(say, variables)
    yield _audit(say, variables)
    yield _listening(say, variables)
    yield from accounts.login_evidence(say, people)

    everybody = rows(
        "grants to everybody", accounts.PUBLIC_DATABASES,
        f"GRANT SELECT ON mysql.db TO {who};", database=database,
    )  # fmt: skip
    tables = rows(
        "grants on tables", accounts.PUBLIC_TABLES,
        f"GRANT SELECT ON mysql.tables_priv TO {who};", database=database,
    )  # fmt: skip
    yield accounts.blanket(say, people, everybody, tables)
    if not isinstance(tables, Unseen):
        for table, privileges in tables:
            yield at(
                Place((("table", str(table)),)),
                say.flag("least_privilege_grants", False, "mysql.tables_priv", f"everybody has {privileges}"),
            )

    yield from _encryption(say, database, rows, variables, who)
    yield say.inapplicable("row_level_security", "product", "the product has none; views can stand in for it")
    version = variables if isinstance(variables, Unseen) else _version(variables.get("version", ""))
    yield from version_evidence(say, version, "@@version")
    yield from from_inside(
        say, "server variables",
        {"backup_enabled": BACKUP, "backup_retention_days": BACKUP, "masking_configured": MASKING},
    )  # fmt: skip
    yield from gaps


def _version(text: str) -> str:
    product = "mariadb" if "mariadb" in text.lower() else "mysql"
    return f"{product} {text.removeprefix('5.5.5-').partition('-')[0]}"


def _tls_in_use(say: Speaker, status: Sequence[Any] | Unseen, on_socket: bool) -> Evidence:
    source = "SESSION STATUS Ssl_version"
    if isinstance(status, Unseen):
        return say.unknown("tls_in_use", status, source)
    if on_socket:
        return say.inapplicable(
            "tls_in_use", source, "connected by a unix socket: nothing went over a network"
        )
    version = str(status[0][1]) if status else ""
    return say.flag("tls_in_use", bool(version), source, version or "the connection is in plain text")


def _tls_enforced(
    say: Speaker, variables: Variables | Unseen, people: Sequence[accounts.Account] | Unseen
) -> Evidence:
    source = "@@require_secure_transport"
    if isinstance(variables, Unseen):
        return say.unknown("tls_enforced", variables, source)
    if variables.get("require_secure_transport") == "ON":
        return say.flag("tls_enforced", True, source)
    if variables.get("skip_networking") in ("ON", "1"):
        return say.inapplicable(
            "tls_enforced", "@@skip_networking", "the server takes no network connections"
        )
    if variables.get("have_ssl", "YES") != "YES":
        return say.flag("tls_enforced", False, "@@have_ssl", "TLS is switched off")
    if isinstance(people, Unseen):
        return say.unknown("tls_enforced", people, "mysql.user ssl_type")
    remote = [person for person in people if person.remote]
    plain = [person for person in remote if not person.requires_tls]
    if not remote:
        return say.inapplicable("tls_enforced", "mysql.user", "no account may log in over the network")
    return say.flag(
        "tls_enforced", not plain, f"{source}, mysql.user ssl_type",
        f"{len(plain)} of {len(remote)} network accounts may connect without TLS" if plain
        else "every network account is created with REQUIRE SSL or more",
    )  # fmt: skip


def _min_tls(say: Speaker, variables: Variables | Unseen) -> Evidence:
    source = "@@tls_version"
    if isinstance(variables, Unseen):
        return say.unknown("min_tls_version", variables, source)
    if variables.get("have_ssl", "YES") != "YES":
        return say.inapplicable("min_tls_version", source, "TLS is switched off")
    versions = sorted(
        part.strip().removeprefix("TLSv") for part in variables.get("tls_version", "").split(",") if part
    )
    if not versions:
        return say.unknown("min_tls_version", Unseen(Basis.NOT_OBSERVABLE, "the server does not say"), source)
    return say.value("min_tls_version", {"1": "1.0"}.get(versions[0], versions[0]), source)


def _audit(say: Speaker, variables: Variables | Unseen) -> Evidence:
    if isinstance(variables, Unseen):
        return say.unknown("audit_logging", variables, "server variables")
    if variables.get("server_audit_logging") == "ON":
        events = {
            part.strip().upper()
            for part in variables.get("server_audit_events", "").split(",")
            if part.strip()
        }
        logins = not events or "CONNECT" in events
        reads = not events or bool(events & {"QUERY", "TABLE"})
        shown = f"server_audit logs {', '.join(sorted(events)) or 'everything'}"
        return say.flag("audit_logging", logins and reads, "@@server_audit_logging", shown)
    if "audit_log_policy" in variables:
        policy = variables["audit_log_policy"].upper()
        return say.flag("audit_logging", policy == "ALL", "@@audit_log_policy", f"policy {policy}")
    general = variables.get("general_log") == "ON"
    return say.flag(
        "audit_logging", general, "@@general_log, @@server_audit_logging",
        "the general log records logins and statements" if general
        else "no audit plugin is loaded and the general log is off",
    )  # fmt: skip


def _listening(say: Speaker, variables: Variables | Unseen) -> Evidence:
    source = "@@bind_address"
    if isinstance(variables, Unseen):
        return say.unknown("public_endpoint_disabled", variables, source)
    if variables.get("skip_networking") in ("ON", "1"):
        return say.flag(
            "public_endpoint_disabled", True, "@@skip_networking", "the server takes no network connections"
        )
    return listening(say, variables.get("bind_address", ""), source, none_is_none=False)


def _encryption(
    say: Speaker, database: str, rows: Any, variables: Variables | Unseen, who: str
) -> Iterator[Evidence]:
    """The server's own encryption of table spaces. Off says nothing of the disk below."""
    mariadb = not isinstance(variables, Unseen) and "mariadb" in variables.get("version", "").lower()
    if mariadb:
        source = "INNODB_TABLESPACES_ENCRYPTION"
        statement = (
            "SELECT s.NAME, COALESCE(e.ENCRYPTION_SCHEME, 0) > 0 FROM information_schema.INNODB_SYS_TABLESPACES s"
            " LEFT JOIN information_schema.INNODB_TABLESPACES_ENCRYPTION e ON e.SPACE = s.SPACE"
            " WHERE s.NAME LIKE :pattern"
        )
    else:
        source = "INNODB_TABLESPACES.ENCRYPTION"
        statement = "SELECT NAME, ENCRYPTION = 'Y' FROM information_schema.INNODB_TABLESPACES WHERE NAME LIKE :pattern"
    pattern = database.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "/%"
    found = rows("table encryption", statement, f"GRANT PROCESS ON *.* TO {who};", pattern=pattern)
    if isinstance(found, Unseen):
        yield say.unknown("encryption_at_rest", found, source)
        return
    # Partitions are spaces of their own: `db/table#P#part`.
    spaces: dict[str, bool] = {}
    for name, encrypted in found:
        table = str(name).partition("/")[2].partition("#")[0]
        spaces[table] = spaces.get(table, True) and bool(encrypted)
    on = [table for table, encrypted in spaces.items() if encrypted]
    if spaces and len(on) == len(spaces):
        yield say.flag("encryption_at_rest", True, source, f"all {len(on)} table spaces are encrypted")
        return
    why = Unseen(
        Basis.NOT_OBSERVABLE,
        f"the server encrypts {len(on)} of {len(spaces)} table spaces itself; {DISK}",
    )
    yield say.unknown("encryption_at_rest", why, source)
    for table in sorted(on):
        yield at(
            Place((("table", table),)),
            say.flag("encryption_at_rest", True, source, "the table space is encrypted by the server"),
        )
