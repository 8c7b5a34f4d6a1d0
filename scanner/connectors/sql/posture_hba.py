"""PostgreSQL's login rules (`pg_hba.conf`) as evidence.

The first rule that fits a connection decides (PostgreSQL manual, "The pg_hba.conf File"), so
a rule behind one that refuses everything of its kind says nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa

from scanner.common.stating import Speaker, Unseen
from scanner.connectors.sql.engines import Engines
from scanner.connectors.sql.posture import is_local
from scanner.model import Basis, Evidence

_PASSWORDS = frozenset({"password", "md5", "scram-sha-256", "trust"})
"""Methods that a local password, or none, satisfies."""
_PLAIN = ("host", "hostnossl", "hostnogssenc")
"""Rule types that fit a connection without TLS or GSSAPI encryption."""

Settings = Mapping[str, tuple[str, str]]


@dataclasses.dataclass(frozen=True, slots=True)
class Rule:
    type: str
    databases: tuple[str, ...]
    users: tuple[str, ...]
    address: str
    mask: str
    method: str

    @property
    def everything(self) -> bool:
        """True if it fits every database, user and address."""
        anywhere = self.address in ("all", "0.0.0.0", "::") and self.mask in ("", "0.0.0.0", "::")  # noqa: S104
        return "all" in self.databases and "all" in self.users and anywhere

    def concerns(self, database: str) -> bool:
        # Patterns (`/…`), sameuser and samerole may fit; replication is no way to read a table.
        return any(
            name in ("all", "sameuser", "samerole", database) or name.startswith("/")
            for name in self.databases
        )


def load(engines: Engines, database: str, remedy: str) -> list[Rule]:
    """Rules that concern the database, in order, up to one that ends the matter.

    Raises ReadError (usually DENIED: the view is for superusers unless granted).
    """
    with engines.session(database, remedy) as session:
        rows = session.execute(
            sa.text(
                "SELECT type, database, user_name, address, netmask, auth_method FROM pg_hba_file_rules"
                " WHERE error IS NULL ORDER BY line_number"
            )
        ).all()
    rules = [
        Rule(type_, tuple(dbs or ()), tuple(users or ()), address or "", mask or "", method)
        for type_, dbs, users, address, mask, method in rows
    ]
    return [rule for rule in rules if rule.concerns(database)]


def evidence(say: Speaker, hba: Sequence[Rule] | Unseen, settings: Settings | Unseen) -> Iterator[Evidence]:
    yield _tls_enforced(say, hba, settings)
    source = "pg_hba_file_rules"
    if isinstance(hba, Unseen):
        for safeguard in ("auth_required", "authentication_methods", "local_auth_disabled"):
            yield say.unknown(safeguard, hba, source)
        return
    rules = [rule for rule in _reachable(hba) if rule.method != "reject"]
    methods = tuple(sorted({rule.method for rule in rules}))
    yield say.value("authentication_methods", methods, source)
    yield _auth_required(say, rules, source)
    local = sorted({rule.method for rule in rules} & _PASSWORDS)
    yield say.flag("local_auth_disabled", not local, source, f"accepted: {', '.join(local)}" if local else "")


def _reachable(rules: Sequence[Rule]) -> list[Rule]:
    """Rules that some connection can get to."""
    out: list[Rule] = []
    refused: set[str] = set()
    for rule in rules:
        if rule.type in refused:
            continue
        out.append(rule)
        if rule.everything and rule.address == "all":
            # `host` fits both kinds, so whatever comes after it on TCP is never reached.
            refused |= {rule.type} | ({"hostssl", "hostnossl", "hostgssenc", "hostnogssenc"}
                                      if rule.type == "host" else set())  # fmt: skip
    return out


def _tls_enforced(say: Speaker, hba: Sequence[Rule] | Unseen, settings: Settings | Unseen) -> Evidence:
    if not isinstance(settings, Unseen):
        for name in ("rds.force_ssl", "require_secure_transport"):
            if settings.get(name, ("", ""))[0] in ("1", "on"):
                return say.flag("tls_enforced", True, f"pg_settings.{name}")
        if settings.get("ssl", ("", ""))[0] == "off":
            return say.flag("tls_enforced", False, "pg_settings.ssl", "TLS is switched off")
    source = "pg_hba_file_rules"
    if isinstance(hba, Unseen):
        return say.unknown("tls_enforced", hba, source)
    rules = [rule for rule in _reachable(hba) if rule.type != "local"]
    network = [rule for rule in rules if not is_local(rule.address)]
    considered = network or rules
    if not considered:
        return say.inapplicable("tls_enforced", source, "no rule admits network connections")
    plain_refused = False
    for rule in considered:
        if rule.type in _PLAIN and rule.method == "reject" and rule.everything:
            plain_refused = True
        if rule.type in _PLAIN and rule.method != "reject" and not plain_refused:
            where = "" if network else ", from the server's own computer only"
            return say.flag("tls_enforced", False, source, f"a `{rule.type}` rule admits plain text{where}")
    return say.flag("tls_enforced", True, source, "every rule for the network asks for encryption")


def _auth_required(say: Speaker, rules: Sequence[Rule], source: str) -> Evidence:
    for rule in rules:
        where = "local connections" if rule.type == "local" else "network connections"
        if rule.method == "trust":
            return say.flag("auth_required", False, source, f"{where} are let in without a password (trust)")
        if rule.method == "ident" and rule.type != "local":
            return say.flag(
                "auth_required", False, source, f"{where} are believed as to who they are (ident)"
            )
        if rule.method == "password" and rule.type in _PLAIN and not is_local(rule.address):
            return say.flag("auth_required", False, source, "passwords may be sent in plain text (password)")
    if not rules:
        return say.unknown("auth_required", Unseen(Basis.NOT_OBSERVABLE, "no rule admits anybody"), source)
    weak = "md5 is among the methods; it is deprecated" if any(r.method == "md5" for r in rules) else ""
    return say.flag("auth_required", True, source, weak)
