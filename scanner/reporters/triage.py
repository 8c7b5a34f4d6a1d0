"""The sheet for assessing personal data that is open to anybody: triage.html.

It holds what UK GDPR Art 33(3), or section 67 of the Data Protection Act 2018 for law enforcement
processing, asks a notification to describe, as far as a scanner can know it, and room to decide.
A finding is not itself awareness of a breach: the sheet decides nothing.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence

from scanner.common.private import write_atomically
from scanner.model import Estimate, Holding, Inspected, Registration, Report, StoreSummary
from scanner.reporters import words
from scanner.reporters.countries import country
from scanner.reporters.folder import report_folder
from scanner.reporters.page import render
from scanner.reporters.page.digest import Digest, Standing

LIMIT = 200
"""Stores on the sheet; the CSV file marks every finding to assess."""

_GENERAL = "UK GDPR Art 33 (the Information Commissioner), Art 34 (the people)"
_PART_3 = "Data Protection Act 2018 s. 67 (the Information Commissioner), s. 68 (the people)"


@dataclasses.dataclass(frozen=True, slots=True)
class Exposed:
    """One store (or scope) with findings to assess."""

    name: str
    kind: str
    id: str
    where: str
    """Region and country, or `unknown`."""
    said: Registration
    standings: tuple[Standing, ...]
    first_seen: dt.datetime | None
    """When a scan first saw it; it may have been open before."""
    inspected: bool
    categories: tuple[str, ...]
    special: str
    offence: str
    children: str
    groups: tuple[str, ...]
    people: Estimate | None
    records: Estimate | None
    evidence: str
    consequences: str
    law: str


class TriageReporter:
    """Entry point `triage`."""

    name = "triage"

    def write(self, report: Report, folder: str) -> Sequence[str]:
        """Write `triage.html`; where nothing is to be assessed, it says so."""
        path = report_folder(folder) / "triage.html"
        digest = Digest(report)
        stores = exposed(digest)
        content = render.page(
            "triage.html.j2", report=report, digest=digest, stores=stores[:LIMIT], total=len(stores)
        )
        write_atomically(path, content)
        return [str(path)]


def exposed(digest: Digest) -> list[Exposed]:
    """By store, the worst first."""
    groups: dict[str, list[Standing]] = {}
    for standing in digest.to_assess:
        groups.setdefault(standing.finding.subject_id, []).append(standing)
    return [_exposed(digest, subject_id, group) for subject_id, group in groups.items()]


def _exposed(digest: Digest, subject_id: str, group: list[Standing]) -> Exposed:
    view = digest.view
    summary, said, store = (
        view.summaries.get(subject_id),
        view.registration(subject_id),
        view.stores.get(subject_id),
    )
    holdings = _behind(digest, group)
    inspected = summary is not None and summary.inspected is not Inspected.NONE
    special, types = words.art9(holdings, inspected)
    region = (store.region if store is not None else None) or said.location
    people, records = _counts(group, holdings, summary if inspected else None)
    worst = max((holding.sensitivity for holding in holdings), default=None)
    return Exposed(
        name=view.name(subject_id),
        kind=store.kind if store is not None else "",
        id=subject_id,
        where=", ".join(part for part in (region, country(region)) if part) or "unknown",
        said=said,
        standings=tuple(group),
        first_seen=min((s.entry.first_seen for s in group if s.entry is not None), default=None),
        inspected=inspected,
        categories=tuple(words.categories(holdings)),
        special=special + (f": {', '.join(types)}" if types else ""),
        offence=words.art10(holdings, inspected),
        children=words.children(holdings),
        groups=tuple(words.individuals(holdings)),
        people=people,
        records=records,
        evidence=words.evidence_masked(holdings),
        consequences=words.IMPACT[worst] if worst is not None else "unknown: content not inspected",
        law=_law(said.legal_regime),
    )


def _behind(digest: Digest, group: list[Standing]) -> list[Holding]:
    found = {h.place: h for standing in group for h in digest.view.behind(standing.finding)}
    return [found[place] for place in sorted(found)]


def _counts(
    group: list[Standing], holdings: list[Holding], summary: StoreSummary | None
) -> tuple[Estimate | None, Estimate | None]:
    """People and records: the store's, or the one place's. Places are not added up, because the same
    people may be in several."""
    if summary is None:
        return None, None
    if len(holdings) == 1 and not any(s.finding.place.is_store for s in group):
        return holdings[0].individuals, holdings[0].records
    return summary.individuals, summary.records


def _law(regime: str) -> str:
    if regime == "dpa2018_part3":
        return _PART_3
    return f"{_GENERAL}; {_PART_3}" if regime == "both" else _GENERAL
