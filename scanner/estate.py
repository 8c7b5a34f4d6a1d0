"""Enumerate: targets to scopes, stores and evidence, each store once.

Every producer yields its own type or a `Gap`; what a connector raises instead becomes
one here, so that one broken target never costs another.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from scanner.asking import Asking
from scanner.common.names import reduce_gap, reduce_place
from scanner.contracts import Connector, DescribesStores
from scanner.errors import MissingExtra, ReadError
from scanner.examine import Target, close_all, connect
from scanner.merge import Merged, merge_evidence, merge_stores
from scanner.model import Evidence, Gap, GapReason, Scope, Stage, Store

T = TypeVar("T")
_Answer = tuple[list[Evidence], list[Gap]]


@dataclasses.dataclass
class Estate:
    """What there is, before anything is read."""

    scopes: dict[str, Scope] = dataclasses.field(default_factory=dict)
    stores: list[Merged] = dataclasses.field(default_factory=list)
    evidence: list[Evidence] = dataclasses.field(default_factory=list)
    gaps: list[Gap] = dataclasses.field(default_factory=list)
    unreached: set[str] = dataclasses.field(default_factory=set)
    """Names of targets that no scope was reached through, and scopes that were named but not reached."""
    cut_short: set[str] = dataclasses.field(default_factory=set)
    """Ids of scopes whose stores could not all be listed."""
    connectors: dict[str, Connector] = dataclasses.field(default_factory=dict)

    def close(self) -> None:
        close_all(self.connectors)


def enumerate_estate(
    targets: Mapping[str, Target],
    known: Mapping[str, frozenset[str]],
    skip: Callable[[Store], str | None],
    tell: Callable[[str], None],
) -> Estate:
    """Scopes, stores and evidence of all targets.

    `known`: store ids of earlier runs with all their names. `skip` says why a store is
    excluded, or None. `tell` gets a line of progress.
    """
    estate = Estate(unreached=set(targets))
    records: list[Store] = []
    with Asking() as asking:
        for target in targets.values():
            tell(f"listing {target.name}")
            records += _records(estate, target, asking)
        for merged in merge_stores(records, known):
            why = skip(merged.store)
            if why is None:
                estate.stores.append(merged)
            else:
                estate.gaps.append(Gap(merged.store.id, Stage.ENUMERATE, GapReason.EXCLUDED, why))
        waiting = [[_asked(estate, asking, merged, r) for r in merged.records] for merged in estate.stores]
        for number, (merged, answers) in enumerate(zip(estate.stores, waiting, strict=True), 1):
            tell(f"checking {merged.store.name} ({number:,} of {len(waiting):,})")
            found: list[Evidence] = []
            for answer in answers:
                evidence, gaps = answer()
                found += evidence
                estate.gaps += gaps
            estate.evidence += merge_evidence(merged.store.id, found)
    return estate


def _records(estate: Estate, target: Target, asking: Asking) -> Iterator[Store]:
    """Stores of one target, described; scopes and gaps go to the estate."""
    try:
        connector = connect(target)
    except (ReadError, MissingExtra) as error:
        estate.gaps.append(_unreachable(target.name, error))
        return
    estate.connectors[target.name] = connector
    unlisted: list[Gap] = []
    before_last = 0
    for scope in guarded(connector.scopes, target.name, Stage.ENUMERATE, unlisted):
        before_last = len(unlisted)
        estate.unreached.discard(target.name)
        first = scope.id not in estate.scopes
        if first or (scope.exhaustive and not estate.scopes[scope.id].exhaustive):
            estate.scopes[scope.id] = scope
        if first:
            _collect_evidence(estate, connector, scope, scope.id)
        gaps: list[Gap] = []
        listed = list(guarded(functools.partial(connector.stores, scope), scope.id, Stage.ENUMERATE, gaps))
        waiting = [asking.later(connector, functools.partial(_described, connector, s)) for s in listed]
        for answer in waiting:
            store, unseen = answer()
            yield store
            gaps += unseen
        if any(not gap.reason.chosen for gap in gaps):
            estate.cut_short.add(scope.id)
        estate.gaps += gaps
    _note_unlisted(estate, target, unlisted, before_last)


def _note_unlisted(estate: Estate, target: Target, gaps: list[Gap], before_last: int) -> None:
    """Scopes of a target that were not reached although others of it were (promise 7).

    A gap about another subject is such a scope. One about the target, or about a scope that was
    reached, only is if it ends the listing: before that, it says what else could not be found out.
    """
    estate.gaps += gaps
    if target.name in estate.unreached:
        return
    for number, gap in enumerate(gaps):
        known = gap.subject_id == target.name or gap.subject_id in estate.scopes
        if gap.reason.chosen or (known and number < before_last):
            continue
        if gap.subject_id in estate.scopes:
            estate.cut_short.add(gap.subject_id)
        else:
            estate.unreached.add(gap.subject_id)


def _described(connector: Connector, store: Store) -> tuple[Store, list[Gap]]:
    """The store with its tags and region, or as it is with the gap that says why not."""
    if not isinstance(connector, DescribesStores):
        return store, []
    gaps: list[Gap] = []
    found = list(guarded(lambda: [connector.describe(store)], store.scope_id, Stage.ENUMERATE, gaps))
    return (found or [store])[0], gaps


def _asked(estate: Estate, asking: Asking, merged: Merged, record: Store) -> Callable[[], _Answer]:
    connector = estate.connectors[record.target]

    def ask() -> _Answer:
        gaps: list[Gap] = []
        produce = functools.partial(connector.evidence, record)
        return list(guarded(produce, merged.store.id, Stage.EVIDENCE, gaps)), gaps

    return asking.later(connector, ask)


def _collect_evidence(estate: Estate, connector: Connector, scope: Scope, subject: str) -> None:
    found = guarded(lambda: connector.evidence(scope), subject, Stage.EVIDENCE, estate.gaps)
    estate.evidence += merge_evidence(subject, found)


def guarded(
    produce: Callable[[], Iterable[T | Gap]], subject: str, stage: Stage, gaps: list[Gap]
) -> Iterator[T]:
    """Items of a producer; its gaps, and whatever it raises, go to `gaps`."""
    try:
        for item in produce():
            if isinstance(item, Gap):
                gaps.append(reduce_gap(item))
            elif isinstance(item, Evidence):
                # Evidence for a prefix must cover the holdings under it, whose names are reduced.
                yield dataclasses.replace(item, place=reduce_place(item.place))
            else:
                yield item
    except (ReadError, MissingExtra) as error:
        gaps.append(dataclasses.replace(_unreachable(subject, error), stage=stage))
    except Exception as error:  # noqa: BLE001 - the boundary: a connector's bug costs its subject, not the run
        detail = f"dpscan failed on it ({type(error).__name__})"
        gaps.append(Gap(subject, stage, GapReason.FAULT, detail, remedy="please report it"))


def _unreachable(subject: str, error: ReadError | MissingExtra) -> Gap:
    if isinstance(error, MissingExtra):
        return Gap(subject, Stage.ENUMERATE, GapReason.MISSING_EXTRA, str(error), remedy=error.install)
    return Gap(subject, Stage.ENUMERATE, error.reason, error.detail, remedy=error.remedy)
