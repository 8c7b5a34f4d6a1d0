"""Resources to stores with evidence: joining what a store is split over, by the maps."""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scanner.common.tags import tag_evidence
from scanner.declared.model import DeclaredStore, Location, Part, Resource, Unknown
from scanner.declared.terraform.checks import Fact, Kind, View
from scanner.declared.terraform.choices import whichever
from scanner.declared.terraform.estate import Estate
from scanner.declared.terraform.foreign import foreign
from scanner.declared.terraform.foreign import stores as foreign_stores
from scanner.declared.terraform.maps.modules import known
from scanner.declared.terraform.twins import aliases
from scanner.declared.terraform.values import marked, readable
from scanner.model import Basis, Evidence, Origin, State, Store
from scanner.safeguards import SAFEGUARDS

_PROVIDERS = {"aws": "aws", "azurerm": "azure", "google": "gcp"}
# Kinds that carry no tags of their own.
_UNTAGGED = ("setting", "account", "object", "job", "catalogue")
_UNTAGGED_TYPES = (
    "azurerm_storage_container", "azurerm_storage_share", "azurerm_storage_table", "aws_athena_database",
    "aws_dynamodb_global_table", "aws_rds_cluster_activity_stream", "google_bigtable_table", "google_spanner_database",
    "aws_s3_access_point", "aws_glacier_vault_lock", "azurerm_key_vault_managed_hardware_security_module_key",
)  # fmt: skip


@functools.cache
def kinds() -> Mapping[str, Kind]:
    """All maps together, by resource type."""
    from scanner.declared.terraform.maps import (
        aws_analytics,
        aws_data,
        aws_disks,
        aws_keys,
        aws_messages,
        aws_rds,
        aws_s3,
        azure_services,
        azure_sql,
        azure_storage,
        gcp,
        gcp_services,
    )

    amazon = (aws_s3, aws_rds, aws_data, aws_disks, aws_messages, aws_keys, aws_analytics)
    out: dict[str, Kind] = {}
    for module in (*amazon, azure_storage, azure_sql, azure_services, gcp, gcp_services):
        out |= module.KINDS
    return out


def stores(resources: Sequence[Resource]) -> tuple[DeclaredStore, ...]:
    """Every store among the resources, with the evidence that they and their satellites give."""
    table = kinds()
    resolved = [(known(one) or one) if one.type == "module" else one for one in resources if not foreign(one)]
    groups: dict[tuple[str, str], list[Resource]] = {}
    for one in resolved:
        # A reference reaches no further than one root module, whose files stand in one folder.
        groups.setdefault((_root(one), ""), []).append(one)
    out: list[DeclaredStore] = []
    for group in groups.values():
        estate = Estate(group)
        out += [
            _store(one, table[one.type], estate, table) for one in group
            if one.type in table and (table[one.type].store or not _has_parent(one, table[one.type], estate))
        ]  # fmt: skip
    out += foreign_stores([one for one in resources if foreign(one)])
    return tuple(out)


def _root(resource: Resource) -> str:
    return str(resource.provider.get("root module", ""))


def _has_parent(resource: Resource, kind: Kind, estate: Estate) -> bool:
    return bool(kind.parents) and bool(estate.parents(resource, kind.parents))


def _store(resource: Resource, kind: Kind, estate: Estate, table: Mapping[str, Kind]) -> DeclaredStore:
    provider = _PROVIDERS.get(resource.type.partition("_")[0], "")
    store = _named(resource, kind, provider, estate)
    evidence, locations = _evidence(store.id, resource, kind, estate)
    evidence += [*_tagged(store, resource), *_secrets(store, resource, locations, evidence)]
    parts = []
    for type, part in table.items():
        if resource.type not in part.parents:
            continue
        for one in estate.joined(resource, (type,)):
            own, lines = _evidence(store.id, one, part, estate)
            own += _secrets(store, one, lines, own)
            parts.append(Part(one.address, one.type, one.location, tuple(own), lines))
    # A parent may be no store by itself (a subscription of a topic).
    parent = next((table[one].store for one in kind.parents if one in table), "") if not kind.store else ""
    if parent:
        store = dataclasses.replace(store, kind=parent)
    return DeclaredStore(
        store,
        tuple(evidence),
        resource.location,
        locations,
        resource.address,
        resource.type,
        tuple(parts),
        bool(parent),
    )


def _named(resource: Resource, kind: Kind, provider: str, estate: Estate) -> Store:
    name: str = next(
        (v for n in kind.name if isinstance(v := resource.attributes.get(n), str) and v and not marked(v)), ""
    )
    places = (
        resource.attributes.get("region"),
        resource.attributes.get("location"),
        resource.provider.get("region"),
    )
    region = next((place for place in places if isinstance(place, str) and place and not marked(place)), None)
    return Store(
        id=f"declared:{resource.location.file}:{resource.address}",
        scope_id="repository",
        kind=kind.store or "setting",
        provider=provider,
        name=name or resource.address,
        aliases=tuple(aliases(resource, name, region, estate)),
        region=region,
        tags=_tags(resource),
        origin=Origin.DECLARED,
    )


_TAG_NAMES = ("tags", "labels", "user_labels", "resource_labels")


def _tags(resource: Resource) -> Mapping[str, str] | None:
    """Tags with the provider's own; None where they cannot be known."""
    out: dict[str, str] = {}
    defaults = resource.provider.get("default_tags")
    if isinstance(defaults, list) and defaults and isinstance(defaults[0], Mapping):
        defaults = defaults[0].get("tags")
    settings = resource.attributes.get("settings")  # Cloud SQL keeps its labels there
    inner = settings[0].get("user_labels") if isinstance(settings, list) and settings and isinstance(
        settings[0], Mapping) else None  # fmt: skip
    for given in (defaults, inner, *(resource.attributes.get(name) for name in _TAG_NAMES)):
        if isinstance(given, Unknown):
            return None
        if isinstance(given, Mapping):
            out |= {
                str(k): "(known after apply)" if isinstance(v, Unknown) else readable(str(v))
                for k, v in given.items()
            }
    return out


def _tagged(store: Store, resource: Resource) -> list[Evidence]:
    source = f"{resource.type} tags"
    out = list(tag_evidence(store.id, store.tags, source, basis=Basis.COMPUTED))
    if store.kind in _UNTAGGED or resource.type in _UNTAGGED_TYPES:
        return out
    if store.tags is None:
        why = "tags are known after apply"
        return [*out, Evidence(store.id, "tags_present", State.UNKNOWN, Basis.COMPUTED, source, reason=why)]
    written = [v for name in _TAG_NAMES if (v := resource.attributes.get(name)) is not None]
    basis = Basis.EXPLICIT if written or store.tags else Basis.PROVIDER_DEFAULT
    state = State.PRESENT if store.tags or any(written) else State.ABSENT
    return [*out, Evidence(store.id, "tags_present", state, basis, source)]


_SECRETS = (
    "password", "master_password", "administrator_login_password", "administrator_password", "admin_password",
    "root_password", "auth_token", "secret_string", "secret_data", "admin_user_password", "admin_user_password_wo",
    "sql_administrator_login_password", "account_key", "connection_string", "master_user_password", "secret_key",
)  # fmt: skip
# Where `value` is the secret itself.
_VALUES = ("azurerm_key_vault_secret",)
_KEYED = re.compile(r"(?:AccountKey|Password|Pwd|SharedAccessKey)\s*=\s*[^;\s]{4,}", re.I)


def _secrets(
    store: Store, resource: Resource, locations: dict[str, Location], said: Iterable[Evidence]
) -> list[Evidence]:
    """A password that stands in the code, or in a variable's default, is there for every reader."""
    if any(item.safeguard == "no_plaintext_secret" for item in said):
        return []
    for name in (*_SECRETS, *(("value",) if resource.type in _VALUES else ())):
        value = resource.attributes.get(name)
        if value is None or value == "":
            continue
        known_text = isinstance(value, str) and not marked(value)
        if name == "connection_string" and (not known_text or not _KEYED.search(value)):
            continue
        if known_text or not isinstance(value, str):
            state = State.ABSENT if known_text else State.PRESENT
            locations["no_plaintext_secret"] = _line(resource, Fact(state, Basis.EXPLICIT, name))
            source = f"{resource.type}.{name}"
            return [Evidence(store.id, "no_plaintext_secret", state, Basis.EXPLICIT, source)]
    return []


def _evidence(
    subject: str, resource: Resource, kind: Kind, estate: Estate
) -> tuple[list[Evidence], dict[str, Location]]:
    view = View(resource, estate)
    evidence: list[Evidence] = []
    locations: dict[str, Location] = {}
    for safeguard, check in kind.checks.items():
        fact = check(view)
        if fact is not None and fact.state is State.UNKNOWN:
            fact = whichever(check, view) or fact
        if fact is None:
            continue
        decider = fact.resource or resource
        source = f"{decider.type}.{fact.path}" if fact.path else decider.type
        evidence.append(
            Evidence(
                subject,
                safeguard,
                fact.state,
                fact.basis,
                source,
                _value(safeguard, fact),
                readable(fact.reason),
            )
        )
        locations[safeguard] = _line(decider, fact)
    return evidence, locations


def _value(safeguard: str, fact: Fact) -> Any:
    known_kind = SAFEGUARDS.get(safeguard)
    return None if known_kind is None or known_kind.type == "bool" else fact.value


def _line(resource: Resource, fact: Fact) -> Location:
    path = fact.path
    while path:
        if path in resource.lines:
            return dataclasses.replace(resource.location, line=resource.lines[path], end_line=0)
        path = path.rpartition(".")[0]
    return resource.location
