"""Accounts and grants of a MariaDB or MySQL server as evidence."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any

from scanner.common.stating import Speaker, Unseen
from scanner.model import Evidence

# Hashes stay in the server: only whether there is one is asked.
ACCOUNTS = (
    "SELECT User, Host, plugin, ssl_type <> '', authentication_string = '',"
    " Super_priv = 'Y' OR Grant_priv = 'Y' OR (Select_priv = 'Y' AND Insert_priv = 'Y' AND Update_priv = 'Y'"
    " AND Delete_priv = 'Y' AND Drop_priv = 'Y')"
    " FROM mysql.user WHERE COALESCE(plugin, '') <> '' OR authentication_string <> ''"
)
# `''` is the account of everybody without one; PUBLIC is MariaDB's role of everybody (10.11).
PUBLIC_DATABASES = (
    "SELECT COUNT(*) FROM mysql.db WHERE User IN ('', 'PUBLIC') AND :database LIKE Db AND Select_priv = 'Y'"
)
PUBLIC_TABLES = (
    "SELECT Table_name, GROUP_CONCAT(DISTINCT Table_priv) FROM mysql.tables_priv"
    " WHERE User IN ('', 'PUBLIC') AND Db = :database GROUP BY Table_name ORDER BY Table_name"
)

_LOCAL = ("localhost", "127.0.0.1", "::1")
_BUILT_IN = ("mariadb.sys", "mysql.sys", "mysql.session", "mysql.infoschema", "rdsadmin", "azure_superuser")
# Plugins that check a password which the server itself keeps.
_PASSWORDS = (
    "mysql_native_password", "mysql_old_password", "caching_sha2_password", "sha256_password", "ed25519",
    "client_ed25519", "parsec",
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    user: str
    host: str
    plugin: str
    requires_tls: bool
    empty: bool
    """True if it has no password (which matters only for plugins that check one)."""
    administrator: bool

    @classmethod
    def of(cls, row: Sequence[Any]) -> Account:
        user, host, plugin, tls, empty, administrator = row
        return cls(str(user), str(host), str(plugin or "mysql_native_password"), bool(tls), bool(empty),
                   bool(administrator))  # fmt: skip

    @property
    def built_in(self) -> bool:
        return self.user in _BUILT_IN

    @property
    def remote(self) -> bool:
        return self.host not in _LOCAL and not self.built_in

    @property
    def without_password(self) -> bool:
        # The server's own accounts have none and are locked.
        return self.plugin in _PASSWORDS and self.empty and not self.built_in


def login_evidence(say: Speaker, people: Sequence[Account] | Unseen) -> Iterator[Evidence]:
    source = "mysql.user"
    if isinstance(people, Unseen):
        for safeguard in ("auth_required", "authentication_methods", "local_auth_disabled"):
            yield say.unknown(safeguard, people, source)
        return
    ordinary = [person for person in people if not person.built_in]
    yield say.value("authentication_methods", tuple(sorted({p.plugin for p in ordinary})), source)
    anonymous = sum(1 for person in ordinary if not person.user)
    bare = sum(1 for person in ordinary if person.without_password)
    old = sum(1 for person in ordinary if person.plugin == "mysql_old_password")
    reasons = [
        f"{count} {what}"
        for count, what in (
            (anonymous, "account(s) without a name"),
            (bare, "account(s) without a password"),
            (old, "account(s) with a password hash from before MySQL 4.1"),
        )
        if count
    ]
    yield say.flag("auth_required", not reasons, source, "; ".join(reasons))
    local = sorted({person.plugin for person in ordinary} & set(_PASSWORDS))
    yield say.flag("local_auth_disabled", not local, source, f"accepted: {', '.join(local)}" if local else "")


def blanket(
    say: Speaker,
    people: Sequence[Account] | Unseen,
    everybody: Sequence[Any] | Unseen,
    tables: Sequence[Any] | Unseen,
) -> Evidence:
    """Administrators of everything beside the built-in owner, and grants to everybody.

    Unknown too where a table's own grants could not be seen: what is said of the store holds
    for every table of which nothing else is said.
    """
    source = "mysql.user, mysql.db"
    reasons = []
    if not isinstance(people, Unseen):
        admins = [
            p
            for p in people
            if p.administrator and not p.built_in and not (p.user == "root" and p.host in _LOCAL)
        ]
        if admins:
            reasons.append(f"{len(admins)} account(s) with all rights on everything beside the local root")
    if not isinstance(everybody, Unseen) and int(everybody[0][0]):
        reasons.append("everybody may read the whole database")
    if reasons:
        return say.flag("least_privilege_grants", False, source, "; ".join(reasons))
    for part in (people, everybody, tables):
        if isinstance(part, Unseen):
            return say.unknown("least_privilege_grants", part, source)
    return say.flag("least_privilege_grants", True, source)
