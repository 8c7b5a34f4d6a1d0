"""A report in figures and short lists, as pages and summaries show it.

Counts and picks only: every judgement is the report's own. Estimates of people are never added
up over stores, because the same people may be in more than one.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import functools
from collections import Counter

from scanner.model import (
    Exposure,
    Finding,
    FindingHistory,
    Inspected,
    Observed,
    Presence,
    Report,
    Sensitivity,
    Severity,
    StoreSummary,
    Verdict,
)
from scanner.reporters import words
from scanner.reporters.view import View

SETTLED = frozenset({"fixed", "gone", "accepted", "false positive"})
"""Statuses that ask nobody to act."""
NOBODY = "nobody is named"
_LAST = dt.date.max


@dataclasses.dataclass(frozen=True, slots=True)
class Standing:
    """One finding with where it stands."""

    finding: Finding
    entry: FindingHistory | None
    status: str
    reason: str
    owner: str | None
    due: dt.date | None
    overdue: bool

    @property
    def severity(self) -> Severity:
        return self.finding.severity if self.finding.severity is not None else Severity.INFO

    @property
    def acts(self) -> bool:
        """True if somebody is to act on it."""
        return self.status not in SETTLED


@dataclasses.dataclass(frozen=True, slots=True)
class Action:
    """What one owner is to do about one rule, wherever it failed."""

    rule_id: str
    title: str
    remedy: str
    owner: str | None
    due: dt.date | None
    """The earliest."""
    overdue: int
    severity: Severity
    """The worst."""
    places: tuple[str, ...]
    """Names of stores and scopes, sorted."""
    findings: int


class Digest:
    """What pages need to know of a report."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.view = View(report)

    @functools.cached_property
    def standings(self) -> list[Standing]:
        """Every finding people have to know of, those that ask for action first, worst first."""
        found = [self._standing(finding, entry) for finding, entry in self.view.failing()]
        return sorted(found, key=lambda s: not s.acts)

    def _standing(self, finding: Finding, entry: FindingHistory | None) -> Standing:
        status, reason = words.status(entry)
        said = self.view.registration(finding.subject_id)
        due = entry.due if entry is not None else None
        late = due is not None and due < self.report.context.today and status not in SETTLED
        owner = (entry.assigned_to if entry is not None else None) or said.technical_owner or said.owner
        return Standing(finding, entry, status, reason, owner, due, late)

    @functools.cached_property
    def acting(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.acts]

    @functools.cached_property
    def by_severity(self) -> dict[Severity, int]:
        """Findings that ask for action, every band, the worst first."""
        counts = Counter(standing.severity for standing in self.acting)
        return {severity: counts[severity] for severity in sorted(Severity, reverse=True)}

    @functools.cached_property
    def statuses(self) -> Counter[str]:
        return Counter(standing.status for standing in self.standings)

    @functools.cached_property
    def new(self) -> int:
        return sum(1 for s in self.acting if s.entry is not None and s.entry.is_new)

    @functools.cached_property
    def overdue(self) -> int:
        return sum(standing.overdue for standing in self.acting)

    @functools.cached_property
    def unowned(self) -> int:
        return sum(standing.owner is None for standing in self.acting)

    @functools.cached_property
    def actions(self) -> list[Action]:
        """By rule and owner: worst first, then the earliest due, then the most findings."""
        groups: dict[tuple[str, str], list[Standing]] = {}
        for standing in self.acting:
            groups.setdefault((standing.finding.rule_id, standing.owner or ""), []).append(standing)
        return sorted(
            (self._action(group) for group in groups.values()),
            key=lambda a: (-a.severity, a.due or _LAST, -a.findings, a.rule_id, a.owner or ""),
        )

    def _action(self, group: list[Standing]) -> Action:
        worst = group[0]
        return Action(
            rule_id=worst.finding.rule_id,
            title=worst.finding.title,
            remedy=worst.finding.remedy,
            owner=worst.owner,
            due=min((s.due for s in group if s.due is not None), default=None),
            overdue=sum(s.overdue for s in group),
            severity=max(s.severity for s in group),
            places=tuple(sorted({self.view.name(s.finding.subject_id) for s in group})),
            findings=len(group),
        )

    # --- what is held ---------------------------------------------------------

    @functools.cached_property
    def map(self) -> Counter[tuple[Sensitivity | None, Exposure | None]]:
        """Stores by sensitivity (None: not inspected) and exposure (None: unknown)."""
        return Counter(
            (self._sensitivity(store.id), self.view.exposures.get(store.id)) for store in self.report.stores
        )

    def _sensitivity(self, store_id: str) -> Sensitivity | None:
        summary = self.view.summaries.get(store_id)
        return None if summary is None else summary.sensitivity

    @functools.cached_property
    def personal(self) -> list[StoreSummary]:
        """Stores in which personal data was found, for certain or possibly."""
        return [s for s in self.report.summaries if s.personal in (Presence.YES, Presence.POSSIBLE)]

    @functools.cached_property
    def gravest(self) -> int:
        """Stores with special category or offence data."""
        return sum(summary.sensitivity is Sensitivity.S3 for summary in self.personal)

    @functools.cached_property
    def largest(self) -> StoreSummary | None:
        """The store with the most people in it."""
        counted = [summary for summary in self.personal if summary.individuals.high > 0]
        return max(counted, key=lambda s: (s.individuals.high, s.individuals.low, s.store_id), default=None)

    @functools.cached_property
    def unsafeguarded(self) -> int:
        """Stores with personal data and at least one finding that asks for action."""
        personal = {summary.store_id for summary in self.personal}
        return len(personal & {standing.finding.subject_id for standing in self.acting})

    # --- what is not known ----------------------------------------------------

    @functools.cached_property
    def causes(self) -> list[words.Cause]:
        return words.unknowns_by_cause(self.report)

    @functools.cached_property
    def verdicts(self) -> dict[Verdict, int]:
        counts: dict[Verdict, int] = {Verdict.PASS: 0, Verdict.FAIL: 0, Verdict.UNKNOWN: 0}
        for finding in self.report.findings:
            counts[finding.verdict] = counts.get(finding.verdict, 0) + 1
        return counts

    @functools.cached_property
    def inspected(self) -> dict[Inspected, int]:
        """Stores by how much of them was looked at."""
        counts = Counter(self._inspected(store.id) for store in self.report.stores)
        return {how: counts[how] for how in Inspected}

    def _inspected(self, store_id: str) -> Inspected:
        summary = self.view.summaries.get(store_id)
        return Inspected.NONE if summary is None else summary.inspected

    # --- what comes first -----------------------------------------------------

    @functools.cached_property
    def to_assess(self) -> list[Standing]:
        """Findings of data open to anybody that the data protection officer has not decided on; an
        accepted risk is still to be assessed."""
        return [s for s in self.standings if self.triage(s) not in ("", "none") and not decided(s)]

    def triage(self, standing: Standing) -> str:
        finding = standing.finding
        if standing.entry is not None and standing.entry.triage:
            return standing.entry.triage
        if finding.exposure is not Exposure.E4:
            return "none"
        return words.breach_triage(
            finding,
            standing.entry,
            self.view.summaries.get(finding.subject_id),
            self.view.behind(finding),
            self.view.registration(finding.subject_id),
        )

    @functools.cached_property
    def department(self) -> str:
        """The department's name, where the register gives exactly one."""
        said = {r.department for r in self.report.context.registrations.values() if r.department}
        return said.pop() if len(said) == 1 else ""

    def closed(self, observed: Observed) -> int:
        return sum(s.entry is not None and s.entry.observed is observed for s in self.standings)


def decided(standing: Standing) -> bool:
    """True if somebody has decided whether it was a breach."""
    return standing.entry is not None and bool(standing.entry.triage)
