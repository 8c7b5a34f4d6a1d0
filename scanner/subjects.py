"""What rules are asked about: scopes, stores, and places that hold something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from scanner.estate import Estate
from scanner.model import Evidence, Holding, Place, StoreSummary, Subject


def subjects(
    estate: Estate,
    summaries: Mapping[str, StoreSummary],
    holdings: Iterable[Holding],
    evidence: Iterable[Evidence],
    again: Mapping[str, frozenset[Place]],
) -> Iterator[Subject]:
    """Every subject with the facts that belong to it, in a fixed order.

    `again`: by store, places that were looked at in this run and had an open finding before it.
    Nothing may be held there any more, and only a rule that is asked again can say so.
    """
    stated: dict[str, list[Evidence]] = {}
    for item in evidence:
        stated.setdefault(item.subject_id, []).append(item)
    held: dict[str, list[Holding]] = {}
    for holding in holdings:
        held.setdefault(holding.store_id, []).append(holding)
    for scope_id, scope in sorted(estate.scopes.items()):
        yield Subject(scope=scope, store=None, evidence=tuple(stated.get(scope_id, ())))
    for merged in sorted(estate.stores, key=lambda m: m.store.id):
        store = merged.store
        own = tuple(held.get(store.id, ()))
        facts = tuple(stated.get(store.id, ()))
        scope_of = estate.scopes.get(store.scope_id)
        yield Subject(scope_of, store, Place(), facts, own, summaries.get(store.id))
        places = {holding.place for holding in own} | {
            e.place.container for e in facts if not e.place.is_store
        }
        places |= again.get(store.id, frozenset())
        for place in sorted(places):
            inside = tuple(holding for holding in own if place.covers(holding.place))
            at = tuple(e for e in facts if e.place.is_store or e.place.covers(place) or place.covers(e.place))
            yield Subject(scope_of, store, place, at, inside, summaries.get(store.id))
