"""Which piece of evidence counts where several speak of one safeguard."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable

from scanner.model import WHOLE_STORE, Basis, Evidence, Place, State


def resolve(evidence: Iterable[Evidence], place: Place = WHOLE_STORE) -> dict[str, Evidence]:
    """The evidence that holds at `place`, one piece a safeguard.

    Evidence for a place overrides that of what it lies in (table, prefix, store). Of several
    for the same place (a store seen by two connectors), a known state goes before an unknown
    one and the stronger basis before the weaker. Where two equally strong ones disagree, an
    absent protection counts as absent; two different values are unknown.
    """
    nearest: dict[str, tuple[tuple[int, bool, int], list[Evidence]]] = {}
    for item in evidence:
        if not item.place.covers(place):
            continue
        depth = _depth(item.place)
        known = nearest.get(item.safeguard)
        if known is None or depth > known[0]:
            nearest[item.safeguard] = (depth, [item])
        elif depth == known[0]:
            known[1].append(item)
    return {safeguard: _strongest(items) for safeguard, (_, items) in nearest.items()}


def _depth(place: Place) -> tuple[int, bool, int]:
    """Greater is nearer. A prefix lies outside the objects under it; of two prefixes the longer counts."""
    if not place.steps:
        return (0, False, 0)
    kind, name = place.steps[-1]
    return (len(place.steps), kind != "prefix", len(name) if kind == "prefix" else 0)


_KNOWN = (State.PRESENT, State.ABSENT)


def _strongest(items: list[Evidence]) -> Evidence:
    if len(items) == 1:
        return items[0]
    known = [item for item in items if item.state in _KNOWN]
    if not known:
        unknown = [item for item in items if item.state is State.UNKNOWN]
        return min(unknown or items, key=_order)
    best = max(item.basis.strength for item in known)
    agreed = sorted((item for item in known if item.basis.strength == best), key=_order)
    first = next((item for item in agreed if item.state is State.ABSENT), agreed[0])
    if len({item.value for item in agreed if item.value is not None}) > 1:
        sources = " and ".join(sorted({item.source for item in agreed}))
        return dataclasses.replace(
            first,
            state=State.UNKNOWN,
            value=None,
            basis=Basis.NOT_OBSERVABLE,
            reason=f"{sources} say different things",
        )
    return first


def _order(item: Evidence) -> tuple[str, str, str, str]:
    return (item.source, item.basis.value, item.reason, repr(item.value))
