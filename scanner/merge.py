"""One store seen by two targets, or under two names, is one store."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence

from scanner.model import Evidence, Store


@dataclasses.dataclass(frozen=True, slots=True)
class Merged:
    """A store with every record of it; the first one is where it is read."""

    store: Store
    records: tuple[Store, ...]


def merge_stores(records: Sequence[Store], known: Mapping[str, frozenset[str]]) -> list[Merged]:
    """Group records that share an id or an alias, in the order in which they were first seen.

    `known`: store id of earlier runs to all its names. An id that an earlier run gave wins, so
    that findings keep their fingerprints when a target is added or a permission comes and goes.
    """
    parent: dict[str, str] = {}

    def find(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for record in records:
        for name in record.aliases:
            parent[find(name)] = find(record.id)
    groups: dict[str, list[Store]] = {}
    for record in records:
        groups.setdefault(find(record.id), []).append(record)
    return [_merged(group, known) for group in groups.values()]


def _merged(group: Sequence[Store], known: Mapping[str, frozenset[str]]) -> Merged:
    names = {name for record in group for name in (record.id, *record.aliases)}
    earlier = sorted(store_id for store_id, all_names in known.items() if names & all_names)
    own = sorted({record.id for record in group}, key=lambda id_: (_fallback(id_), id_))
    store_id = next((id_ for id_ in own if id_ in earlier), earlier[0] if earlier else own[0])
    first = group[0]
    tags: dict[str, str] | None = None
    for record in group:
        if record.tags is not None:
            tags = {**dict(record.tags), **(tags or {})}
    store = dataclasses.replace(
        first,
        id=store_id,
        aliases=tuple(sorted(names - {store_id})),
        tags=tags,
        region=next((r.region for r in group if r.region), None),
        environment=next((r.environment for r in group if r.environment), None),
    )
    return Merged(store, tuple(group))


def _fallback(store_id: str) -> bool:
    """True for ids made of an endpoint because the server's own identity was not readable."""
    return store_id.startswith(("pg:", "mysql:")) and store_id.count(":") > 1


def merge_evidence(store_id: str, items: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """All evidence of one store under its one id, each with its own basis, sorted, none twice."""
    own = {dataclasses.replace(item, subject_id=store_id) for item in items}
    return tuple(sorted(own, key=_order))


def _order(item: Evidence) -> tuple[str, str, str, str, str]:
    return item.place.text, item.safeguard, item.basis.value, item.source, f"{item.state.value}{item.value}"
