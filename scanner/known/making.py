"""A history to an index: each live store once, as it was last seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scanner.errors import ConfigError
from scanner.known import handles
from scanner.known.index import Entry, Index, Keys
from scanner.model import (
    Evidence,
    Holding,
    Inspected,
    Origin,
    Presence,
    Registration,
    Sensitivity,
    Store,
    StoreSummary,
    entity,
)
from scanner.severity import MANY_PEOPLE, exposure

if TYPE_CHECKING:
    from scanner.history import History
    from scanner.model import Report

KEY_SCOPE = "index of known stores"
_BANDS = (1_000_000, 100_000, 10_000, 1_000, 100)


def make(
    history: History, keys: Keys, *, valid: dt.timedelta, store_valid: dt.timedelta, with_holdings: bool
) -> Index:
    """The index of a history's live stores. Raises ConfigError if it holds none.

    `valid`: how long the index is believed; `store_valid`: how long after it was last seen a single
    store is. `with_holdings`: kinds of data and bands of people go in too.
    """
    now = history.now()
    entries: dict[str, Entry] = {}
    for report in _reports(history):
        seen = report.run.finished.astimezone(dt.UTC).date()
        for store_id, entry in _entries(report, keys, seen, seen + store_valid, with_holdings):
            entries.setdefault(store_id, entry)
    if not entries:
        raise ConfigError("the history knows no live store; run `dpscan scan` first")
    return Index(now, now.date() + valid, tuple(entries.values()))


def _reports(history: History) -> Iterable[Report]:
    """The last finished run of each set of targets, latest first: one history may serve several."""
    done: set[tuple[str, ...]] = set()
    for run in history.runs():
        if run.finished is not None and run.targets not in done:
            done.add(run.targets)
            yield history.load_report(run.id)


def _entries(
    report: Report, keys: Keys, seen: dt.date, expires: dt.date, with_holdings: bool
) -> Iterable[tuple[str, Entry]]:
    summaries = {summary.store_id: summary for summary in report.summaries}
    evidence: dict[str, list[Evidence]] = {}
    for item in report.evidence:
        evidence.setdefault(item.subject_id, []).append(item)
    holdings: dict[str, list[Holding]] = {}
    for holding in report.holdings:
        holdings.setdefault(holding.store_id, []).append(holding)
    for store in report.stores:
        summary = summaries.get(store.id)
        if store.origin is not Origin.LIVE or summary is None:
            continue
        names = keys.digests(_handles(store, report.context.registration(store.id)))
        if names:
            reach, _ = exposure(evidence.get(store.id, ()), store.kind)
            held = holdings.get(store.id, ())
            yield store.id, Entry(
                names=names,
                sensitivity=_sensitivity(summary),
                personal=summary.personal,
                exposure=reach,
                inspected=summary.inspected,
                complete=summary.bound_reached and summary.inspected is not Inspected.NONE,
                many_people=summary.individuals.low >= MANY_PEOPLE,
                seen=seen,
                expires=expires,
                categories=_categories(held, report.context.treat_test_data_as_real)
                if with_holdings
                else None,
                people=band(summary.individuals.low) if with_holdings else None,
            )  # fmt: skip


def _handles(store: Store, registration: Registration) -> frozenset[str]:
    found = handles.of_names((store.id, *store.aliases)) | handles.of_tags(store.tags)
    if registration.information_asset:
        found |= {handles.asset(registration.information_asset)}
    return found


def _sensitivity(summary: StoreSummary) -> Sensitivity | None:
    if summary.sensitivity is Sensitivity.S0 and not summary.bound_reached:
        return None  # nothing found in too little that was read is not "none"
    return summary.sensitivity


def _categories(holdings: Sequence[Holding], treat_test_data_as_real: bool) -> tuple[str, ...]:
    """Kinds of data in plain words, sorted: special categories, offences, and the rest by group."""
    real = [h for h in holdings if treat_test_data_as_real or not h.mostly_test_data]
    found = {name for h in real for name, p in h.special_categories.items() if p is Presence.YES}
    if any(h.criminal_offence is Presence.YES for h in real):
        found.add("criminal offences")
    for holding in real:
        for item in holding.types:
            if item.presence is Presence.YES and entity(item.entity_type).group in _GROUPS:
                found.add(_GROUPS[entity(item.entity_type).group])
    return tuple(sorted(found))


_GROUPS = {
    "person": "names", "where": "addresses", "online": "contact details", "money": "bank and tax details",
    "state": "state identifiers", "health_id": "health identifiers", "education": "education identifiers",
    "justice": "justice identifiers",
}  # fmt: skip


def band(people: int) -> str:
    """`10,000+` of 41,233 people; no closer."""
    return next((f"{least:,}+" for least in _BANDS if people >= least), "under 100")
