"""What the department says of its stores: the configuration first, then its asset register, then tags."""

from __future__ import annotations

import dataclasses
import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from scanner.config import Config, RegisterEntry
from scanner.model import Context, Evidence, Registration, State, Store

_FROM_TAGS = {
    "owner_tag": "owner",
    "classification_tag": "classification",
    "retention_tag": "retention_rule",
    "asset_register_ref": "information_asset",
}


def context(config: Config, today: date, stores: Iterable[Store], evidence: Sequence[Evidence]) -> Context:
    """Policy and register as rules see them."""
    by_store: dict[str, list[Evidence]] = {}
    for item in evidence:
        by_store.setdefault(item.subject_id, []).append(item)
    policy = config.policy
    assets = Assets(config)
    listed = list(stores)
    said = {store.id: registration(config, store, by_store.get(store.id, ()), assets) for store in listed}
    return Context(
        today=today,
        approved_regions=policy.approved_regions,
        trusted_accounts=policy.trusted_accounts,
        minimum_tls=policy.minimum_tls,
        require_customer_managed_key=policy.require_customer_managed_key,
        require_masking=policy.require_masking,
        mandatory_tags=policy.mandatory_tags,
        supported_engines=policy.supported_engines,
        treat_test_data_as_real=config.detection.test_data == "treat_as_real",
        registrations=said | _scopes(config, listed, said, assets),
    )


def _scopes(
    config: Config, stores: Sequence[Store], said: Mapping[str, Registration], assets: Assets
) -> dict[str, Registration]:
    """Entries of accounts and servers: by their id, where one is given; law follows their stores else."""
    inside: dict[str, set[str]] = {}
    for store in stores:
        inside.setdefault(store.scope_id, set()).add(said[store.id].legal_regime)
    out = {}
    for scope_id, regimes in inside.items():
        # What is said of a store's id is said of it alone.
        scope = Store(scope_id, scope_id, "scope", "", scope_id)
        made = registration(config, scope, (), assets)
        entries = [*config.register_, *(config.assets if isinstance(config.assets, tuple) else ())]
        named = any(_matches(entry, scope) and "legal_regime" in entry.model_fields_set for entry in entries)
        if not named:
            regime = regimes.pop() if len(regimes) == 1 else "both"
            made = dataclasses.replace(made, legal_regime=regime)
        out[scope_id] = made
    return out


class Assets:
    """Entries of the asset register, found by name: registers are long and most rows name one store."""

    def __init__(self, config: Config) -> None:
        self._named: dict[str, list[tuple[int, RegisterEntry]]] = {}
        self._globs: list[tuple[int, RegisterEntry]] = []
        entries = config.assets if isinstance(config.assets, tuple) else ()
        for number, entry in enumerate(entries):
            if any(char in entry.store for char in "*?["):
                self._globs.append((number, entry))
            else:
                self._named.setdefault(entry.store, []).append((number, entry))

    def said(self, store: Store) -> dict[str, Any]:
        """What it says of a store; of several rows, later ones override earlier ones."""
        found = [item for item in self._globs if _matches(item[1], store)]
        for name in {store.id, store.name, store.target, *store.aliases}:
            found += self._named.get(name, [])
        said: dict[str, Any] = {}
        for _, entry in sorted(found, key=lambda item: item[0]):
            said.update(entry.model_dump(exclude_unset=True, exclude={"store"}))
        return said


def registration(
    config: Config, store: Store, evidence: Iterable[Evidence], assets: Assets | None = None
) -> Registration:
    """One store's entry. Later entries of the configuration override earlier ones."""
    said: dict[str, Any] = {}
    for entry in config.register_:
        if _matches(entry, store):
            said.update(entry.model_dump(exclude_unset=True, exclude={"store"}))
    said["owner_source"] = "config" if said.get("owner") else "none"
    for field, value in (assets or Assets(config)).said(store).items():
        if said.get(field) is None:
            said[field] = value
            if field == "owner":
                said["owner_source"] = "register"
    for field, value in _tags(evidence).items():
        if said.get(field) is None:
            said[field] = value
            if field == "owner":
                said["owner_source"] = "tag"
    if said.get("retention_days") is None and said.get("retention_rule"):
        said["retention_days"] = _days(said["retention_rule"])
    said.setdefault("environment", store.environment)
    if said["environment"] is None:
        said["environment"] = store.environment
    said["department"] = config.department
    known = {field.name for field in dataclasses.fields(Registration)}
    return Registration(**{key: value for key, value in said.items() if key in known})


def _matches(entry: RegisterEntry, store: Store) -> bool:
    names = (store.id, store.name, store.target, *store.aliases)
    return any(fnmatch.fnmatchcase(name, entry.store) for name in names)


def _tags(evidence: Iterable[Evidence]) -> Mapping[str, str]:
    return {
        _FROM_TAGS[item.safeguard]: str(item.value)
        for item in evidence
        if item.safeguard in _FROM_TAGS and item.state is State.PRESENT and item.value
    }


def _days(rule: str) -> int | None:
    """`7y`, `7 years`, `90 days` as days; None where the words say no number."""
    match = re.search(r"(\d+)\s*(y|year|m|month|w|week|d|day)s?\b", rule.lower())
    if not match:
        return None
    return int(match[1]) * {"y": 365, "m": 30, "w": 7, "d": 1}[match[2][0]]
