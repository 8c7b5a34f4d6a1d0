"""The invented department as a connector sees it in one week: the plan, spoken in evidence and files."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from examples.year import plan
from examples.year.plan import Planned
from scanner.contracts import Access, Ask
from scanner.errors import ConfigError, ReadError
from scanner.model import Basis, Evidence, Gap, GapReason, Place, Scope, Stage, State, Store, Unit

SAFEGUARDS = {
    "bucket": (
        "encryption_at_rest", "customer_managed_key", "tls_enforced", "anonymous_read_blocked",
        "anonymous_write_blocked", "uniform_access_control", "static_website_disabled", "access_logging",
        "versioning", "lifecycle_expiry", "shared_key_disabled", "network_firewall_restricted",
        "acl_not_public", "policy_not_public", "public_access_blocked",
    ),
    "database": (
        "encryption_at_rest", "tls_enforced", "auth_required", "local_auth_disabled", "least_privilege_grants",
        "audit_logging", "backup_enabled", "engine_version_supported", "public_endpoint_disabled",
    ),
    "share": ("world_read_restricted", "world_write_restricted", "backup_enabled"),
}  # fmt: skip
NEVER = {"bucket": ("soft_delete", "object_lock"), "database": (), "share": ()}
"""Safeguards that this department does not use."""
VALUES: Mapping[str, Mapping[str, Any]] = {
    "bucket": {"min_tls_version": "1.2", "external_accounts": (), "replica_regions": ()},
    "database": {"engine_version": "postgresql 17.2", "backup_retention_days": 35},
    "share": {},
}
_FORENAMES = ("Anna", "Ben", "Cara", "Dev", "Ella", "Femi", "Grace", "Hassan", "Ines", "Jack")
_SURNAMES = ("Example", "Sample", "Specimen", "Placeholder", "Invented")


class Options(BaseModel):
    """Keys of an `invented` target."""

    model_config = ConfigDict(extra="forbid")

    scope: str = Field(description="cloud or datacentre.")
    week: int = Field(description="0 to 51.")


class Invented:
    """One of the department's two scopes in one week."""

    kind: ClassVar[str] = "invented"
    schemes: ClassVar[tuple[str, ...]] = ()
    Options: ClassVar[type[Options]] = Options

    def __init__(self, options: Options, access: Access) -> None:
        self._week, self._scope, self._target = options.week, options.scope, access.target

    @classmethod
    def options_from_url(cls, url: str) -> Mapping[str, Any]:
        raise ConfigError(f"no target of this kind is named by a URL: {url}")

    def scopes(self) -> Iterable[Scope | Gap]:
        if not plan.reached(self._scope, self._week):
            yield Gap(self._target, Stage.ENUMERATE, GapReason.UNREACHABLE, "the network link is down")
            return
        provider = "aws" if self._scope == "cloud" else "sql"
        yield Scope(f"invented:{self._scope}", plan.SCOPES[self._scope], provider, self._scope)

    def stores(self, scope: Scope) -> Iterable[Store | Gap]:
        for store in plan.STORES:
            if store.scope == self._scope and store.there(self._week):
                yield Store(
                    id_of(store),
                    scope.id,
                    store.kind,
                    {"bucket": "aws", "database": "sql", "share": "files"}[store.kind],
                    store.name,
                    region=store.region,
                    tags={},
                    environment="test" if store.name.startswith("test-") else "production",
                    target=self._target,
                )

    def evidence(self, subject: Scope | Store) -> Iterable[Evidence | Gap]:
        if isinstance(subject, Scope):
            if subject.kind == "account":
                yield Evidence(
                    subject.id, "public_access_blocked", State.PRESENT, Basis.EXPLICIT, "invented:account"
                )
            return
        store = named(subject.name)
        if not store.seen(self._week):
            yield Gap(
                subject.id, Stage.EVIDENCE, GapReason.DENIED, "settings may not be read", remedy="allow it"
            )
            return
        for name in SAFEGUARDS[store.kind]:
            state = State.ABSENT if store.lacks(name, self._week) else State.PRESENT
            yield Evidence(subject.id, name, state, Basis.EXPLICIT, "invented:settings")
        for name in NEVER[store.kind]:
            yield Evidence(subject.id, name, State.ABSENT, Basis.EXPLICIT, "invented:settings")
        for name, value in VALUES[store.kind].items():
            yield Evidence(subject.id, name, State.PRESENT, Basis.EXPLICIT, "invented:settings", value)

    def units(self, store: Store, ask: Ask) -> Iterable[Unit | Gap]:  # noqa: ARG002 - all of it is small
        if not named(store.name).seen(self._week):
            yield Gap(store.id, Stage.LIST, GapReason.DENIED, "content may not be listed", remedy="allow it")
            return
        content = content_of(named(store.name))
        yield Unit(
            id="records.csv",
            store_id=store.id,
            target=self._target,
            place=Place((("object", "records.csv"),)),
            size=len(content),
            modified=plan.START - dt.timedelta(days=30),
            version=str(len(content)),
        )

    def open(self, unit: Unit) -> BinaryIO:
        found = next((s for s in plan.STORES if id_of(s) == unit.store_id), None)
        if found is None:
            raise ReadError(GapReason.VANISHED, "the store is no longer there")
        return io.BytesIO(content_of(found))

    def close(self) -> None: ...


def id_of(store: Planned) -> str:
    return {"bucket": "aws:s3:::", "database": "pg:invented/", "share": "file:invented/"}[
        store.kind
    ] + store.name


def named(name: str) -> Planned:
    return next(store for store in plan.STORES if store.name == name)


def content_of(store: Planned) -> bytes:
    """A CSV file of invented people; numbers are of the series that is never issued."""
    if not store.people:
        return b"region,total\nNorth,120\nSouth,95\n"
    head = "name,nino" + (",diagnosis" if store.health else "")
    rows = []
    for n in range(store.people):
        name = f"{_FORENAMES[n % 10]} {_SURNAMES[n // 10 % 5]}"
        rows.append(f"{name},QQ{100000 + n:06}{'ABCD'[n % 4]}" + (",asthma" if store.health else ""))
    return "\n".join([head, *rows, ""]).encode()
