"""Look-ups over a report, so that reporters find what belongs together. Computes nothing."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections.abc import Sequence

from scanner.model import (
    Exposure,
    Finding,
    FindingHistory,
    Holding,
    Observed,
    Place,
    Registration,
    Report,
    Scope,
    Store,
    StoreSummary,
    Verdict,
)

_LONDON = zoneinfo.ZoneInfo("Europe/London")
CLOSED = (Observed.FIXED, Observed.GONE)


class View:
    """A report, indexed."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.stores: dict[str, Store] = {store.id: store for store in report.stores}
        self.scopes: dict[str, Scope] = {scope.id: scope for scope in report.scopes}
        self.summaries: dict[str, StoreSummary] = {s.store_id: s for s in report.summaries}

    @functools.cached_property
    def holdings(self) -> dict[str, list[Holding]]:
        found: dict[str, list[Holding]] = {}
        for holding in sorted(self.report.holdings, key=lambda h: (h.store_id, h.place)):
            found.setdefault(holding.store_id, []).append(holding)
        return found

    @functools.cached_property
    def exposures(self) -> dict[str, Exposure]:
        """Store to the widest exposure that its findings name."""
        widest: dict[str, Exposure] = {}
        for finding in self.report.findings:
            if finding.exposure is not None:
                known = widest.get(finding.subject_id, finding.exposure)
                widest[finding.subject_id] = max(known, finding.exposure)
        return widest

    def name(self, subject_id: str) -> str:
        """What people call a scope, store or target; its id where nothing shorter is known."""
        if subject_id in self.stores:
            return self.stores[subject_id].name
        return self.scopes[subject_id].name if subject_id in self.scopes else subject_id

    def registration(self, subject_id: str) -> Registration:
        return self.report.context.registration(subject_id)

    def behind(self, finding: Finding) -> Sequence[Holding]:
        """The holdings a finding rests on; for a place without any, those inside the place."""
        mine = self.holdings.get(finding.subject_id, [])
        if finding.holdings:
            places = set(finding.holdings)
            return [holding for holding in mine if holding.place in places]
        return [holding for holding in mine if finding.place.covers(holding.place)]

    def failing(self) -> list[tuple[Finding, FindingHistory | None]]:
        """Every finding people have to know of: failing now, still open, or closed by this run.

        The finding shown is this run's where it fails, else the one last seen failing.
        """
        history = self.report.history
        now = {f.fingerprint: f for f in self.report.findings if f.verdict is Verdict.FAIL}
        rows: list[tuple[Finding, FindingHistory | None]] = [
            (f, history.get(f.fingerprint)) for f in now.values()
        ]
        for fingerprint, entry in history.items():
            if fingerprint not in now and entry.finding is not None:
                rows.append((entry.finding, entry))
        return sorted(rows, key=_order)


def _order(row: tuple[Finding, FindingHistory | None]) -> tuple[object, ...]:
    finding, entry = row
    closed = entry is not None and entry.observed in CLOSED
    return (closed, -int(finding.severity or 0), finding.rule_id, finding.subject_id, finding.place)


def locator(subject_id: str, place: Place) -> str:
    """One line that says where, for people and for joining."""
    return subject_id if place.is_store else f"{subject_id} › {place.text}"


def day(moment: dt.datetime | None) -> dt.date | None:
    """The calendar day in London."""
    return moment.astimezone(_LONDON).date() if moment is not None else None
