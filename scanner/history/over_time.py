"""Findings over time: what this run says of what earlier runs found. Pure functions.

A finding is *fixed* only when the same subject was observed again and its rule passed (or
was asked and no longer applies) on evidence no weaker than that on which it failed. It is
*gone* only when its store's scope was enumerated in full and the store was not there, or
when its store was read whole and the place was not there. Whatever else happened (denied,
excluded, out of scope, sampled elsewhere, rule switched off) it stays open as *not
re-checked*, with the date since when and the reason. Workflow states belong to people
and pass through untouched.

The finding kept in a `FindingHistory` is the one last seen failing; its `strength` is
the greatest since it was opened, so that a weak failure in between (infrastructure code
only, say) cannot lower the bar for calling it fixed.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import zoneinfo
from collections.abc import Iterable, Mapping

from scanner.model import (
    Finding,
    FindingHistory,
    Gap,
    GapReason,
    Inspected,
    Observed,
    Report,
    Scope,
    Severity,
    Stage,
    Store,
    StoreSummary,
    Verdict,
    Workflow,
)

LONDON = zoneinfo.ZoneInfo("Europe/London")

DAYS_TO_FIX: Mapping[Severity, int] = {
    Severity.CRITICAL: 2,
    Severity.HIGH: 14,
    Severity.MEDIUM: 60,
    Severity.LOW: 180,
}
"""Days from first seen to due; Info is never due."""

OPEN_STATES = frozenset({Observed.OPEN, Observed.REOPENED, Observed.NOT_RECHECKED})

# Stages after which a place that went unmentioned may still be there.
_READING = frozenset({Stage.ENUMERATE, Stage.EVIDENCE, Stage.LIST, Stage.READ, Stage.EXTRACT, Stage.DETECT})


@dataclasses.dataclass(frozen=True, slots=True)
class KnownStore:
    """A store as the history remembers it."""

    id: str
    scope_id: str
    aliases: tuple[str, ...] = ()
    last_seen: dt.datetime | None = None

    @property
    def names(self) -> frozenset[str]:
        return frozenset((self.id, *self.aliases))


@dataclasses.dataclass(frozen=True, slots=True)
class Observation:
    """What one run looked at: everything `advance` needs to know of it."""

    at: dt.datetime
    """UTC."""
    complete: bool
    """False if the run was stopped early: then nothing is gone."""
    findings: tuple[Finding, ...]
    scopes: tuple[Scope, ...]
    stores: tuple[Store, ...]
    summaries: tuple[StoreSummary, ...]
    gaps: tuple[Gap, ...]
    rules: frozenset[str]
    """Ids of the rules that were evaluated."""
    not_applicable: Mapping[str, int]
    """Fingerprint to strength: rules that were asked of a subject and did not apply."""
    known: Mapping[str, KnownStore] = dataclasses.field(default_factory=dict)
    """Stores of earlier runs, by id."""

    @classmethod
    def of(
        cls,
        report: Report,
        rules: Iterable[str],
        not_applicable: Mapping[str, int],
        known: Iterable[KnownStore] = (),
    ) -> Observation:
        return cls(
            at=report.run.finished,
            complete=report.run.complete,
            findings=report.findings,
            scopes=report.scopes,
            stores=report.stores,
            summaries=report.summaries,
            gaps=report.gaps,
            rules=frozenset(rules),
            not_applicable=not_applicable,
            known={store.id: store for store in known},
        )


def due_date(first_seen: dt.datetime, severity: Severity | None) -> dt.date | None:
    """The last day to fix it, reckoned in calendar days in London."""
    return _due(london_date(first_seen), severity)


def london_date(moment: dt.datetime) -> dt.date:
    return moment.astimezone(LONDON).date()


def _due(opened: dt.date, severity: Severity | None) -> dt.date | None:
    days = DAYS_TO_FIX.get(severity) if severity is not None else None
    return None if days is None else opened + dt.timedelta(days=days)


def advance(previous: Mapping[str, FindingHistory], seen: Observation) -> dict[str, FindingHistory]:
    """Where every finding stands after this run: those failing now, older ones still open,
    and those closed by this run. Findings closed earlier and not seen again are left out."""
    now: dict[str, FindingHistory] = {}
    verdicts = {finding.fingerprint: finding for finding in seen.findings}
    run = _Run(seen)
    for fingerprint, finding in verdicts.items():
        if finding.verdict is Verdict.FAIL:
            now[fingerprint] = _failing(previous.get(fingerprint), finding, seen.at)
    for fingerprint, before in previous.items():
        if fingerprint in now:
            continue
        after = _not_failing(before, verdicts.get(fingerprint), run)
        if before.observed in OPEN_STATES or after.observed is not before.observed:
            now[fingerprint] = after
    return dict(sorted(now.items()))


def _failing(before: FindingHistory | None, finding: Finding, at: dt.datetime) -> FindingHistory:
    if before is None:
        return FindingHistory(
            fingerprint=finding.fingerprint,
            observed=Observed.OPEN,
            workflow=Workflow.NEW,
            is_new=True,
            first_seen=at,
            last_seen=at,
            last_checked=at,
            due=due_date(at, finding.severity),
            finding=finding,
        )
    reopened = before.observed not in OPEN_STATES
    if reopened:
        opened = london_date(at)
    else:
        opened = opened_on(before)
        if before.finding is not None and before.finding.strength > finding.strength:
            finding = dataclasses.replace(finding, strength=before.finding.strength)
    by_rule = _due(opened, finding.severity)
    # What was agreed for the first time it was open does not bind when it comes back.
    agreed = before.due_set and not reopened
    return dataclasses.replace(
        before,
        observed=Observed.REOPENED if reopened else Observed.OPEN,
        is_new=False,
        last_seen=at,
        last_checked=at,
        times_reopened=before.times_reopened + reopened,
        note="",
        due=before.due if agreed else by_rule,
        due_by_rule=by_rule if agreed else None,
        due_set=agreed,
        finding=finding,
    )


def opened_on(before: FindingHistory) -> dt.date:
    """The day the clock started: first seen, or reopened (recovered from the due date)."""
    due = before.due_by_rule if before.due_set else before.due
    severity = before.finding.severity if before.finding is not None else None
    if due is not None and severity is not None and severity in DAYS_TO_FIX:
        return due - dt.timedelta(days=DAYS_TO_FIX[severity])
    return london_date(before.first_seen)


def _not_failing(before: FindingHistory, verdict: Finding | None, run: _Run) -> FindingHistory:
    """An earlier finding whose rule does not fail in this run."""
    before = dataclasses.replace(before, is_new=False)
    strength = run.seen.not_applicable.get(before.fingerprint)
    if verdict is not None and verdict.verdict is Verdict.PASS:
        strength = verdict.strength
    needed = before.finding.strength if before.finding is not None else 0
    if strength is not None and strength >= needed:
        return dataclasses.replace(before, observed=Observed.FIXED, last_checked=run.seen.at, note="")
    if before.observed not in OPEN_STATES:
        return before
    if strength is not None:
        return _stays(before, "it passed this time, but on weaker evidence than it failed on")
    if verdict is not None:
        return _stays(before, _cannot_tell(verdict))
    gone, why = run.why_absent(before.finding)
    if gone:
        return dataclasses.replace(before, observed=Observed.GONE, last_checked=run.seen.at, note=why)
    return _stays(before, why)


def _stays(before: FindingHistory, why: str) -> FindingHistory:
    since = london_date(before.last_checked)
    return dataclasses.replace(
        before, observed=Observed.NOT_RECHECKED, note=f"not re-checked since {since.isoformat()}: {why}"
    )


def _cannot_tell(verdict: Finding) -> str:
    known = {piece.safeguard: piece.basis.value for piece in verdict.evidence}
    inputs = [f"{name} {known[name]}" if name in known else name for name in verdict.missing]
    return "it could not be told this time" + (f" (unknown: {', '.join(inputs)})" if inputs else "")


class _Run:
    """Look-ups over one observation."""

    def __init__(self, seen: Observation) -> None:
        self.seen = seen
        self.scopes = {scope.id: scope for scope in seen.scopes}
        self.names = {name: store.id for store in seen.stores for name in (store.id, *store.aliases)}
        self.summaries = {summary.store_id: summary for summary in seen.summaries}

    def why_absent(self, finding: Finding | None) -> tuple[bool, str]:
        """Whether a finding without a verdict is gone, and the reason in either case."""
        if finding is None:
            return False, "nothing is known of its subject"
        if finding.rule_id not in self.seen.rules:
            return False, f"rule {finding.rule_id} was not evaluated in this run"
        if finding.subject_kind == "scope":
            return False, (
                "the rule gave no answer for it"
                if finding.subject_id in self.scopes
                else "its scope was not part of this run"
            )
        store = self._current_id(finding.subject_id)
        if store is None:
            return self._missing_store(finding.subject_id)
        if store != finding.subject_id:
            return False, f"its store was seen under another name ({store})"
        if finding.place.is_store:
            return False, "the rule gave no answer for it"
        return self._missing_place(store)

    def _current_id(self, store_id: str) -> str | None:
        known = self.seen.known.get(store_id)
        for name in (store_id, *(known.aliases if known else ())):
            if name in self.names:
                return self.names[name]
        return None

    def _missing_store(self, store_id: str) -> tuple[bool, str]:
        known = self.seen.known.get(store_id) or KnownStore(store_id, "")
        gap = self._gap(known.names)
        if gap is not None:
            chosen = gap.reason is GapReason.EXCLUDED
            return False, "its store was excluded" if chosen else f"its store: {gap.reason.value}"
        scope = self.scopes.get(known.scope_id)
        if scope is None:
            return False, "its scope was not part of this run"
        if not scope.exhaustive:
            return False, "this run looked at named stores only"
        gap = self._enumeration_gap(scope)
        if gap is not None:
            return False, f"its scope could not be listed in full ({gap.reason.value})"
        if not self.seen.complete:
            return False, "the run was stopped early"
        return True, "its scope was listed in full and the store was not there"

    def _missing_place(self, store: str) -> tuple[bool, str]:
        gap = self._gap(frozenset((store,)))
        summary = self.summaries.get(store)
        whole = summary is not None and summary.inspected is Inspected.ALL
        if whole and gap is None and self.seen.complete:
            return True, "its store was read whole and nothing of the kind was left at this place"
        if gap is not None:
            return False, f"its store was not read in full ({gap.reason.value})"
        return False, "this place was not read this time"

    def _gap(self, names: frozenset[str]) -> Gap | None:
        return next((g for g in self.seen.gaps if g.subject_id in names and g.stage in _READING), None)

    def _enumeration_gap(self, scope: Scope) -> Gap | None:
        """A gap in listing the scope. One whose subject is neither a scope nor a store (a
        target that failed) may concern any scope, so it counts against each; but a store that
        was excluded from the first is known by name, and says nothing of the others."""
        for gap in self.seen.gaps:
            elsewhere = gap.subject_id in self.scopes or gap.subject_id in self.names
            elsewhere = elsewhere or gap.subject_id in self.seen.known or gap.reason is GapReason.EXCLUDED
            if gap.stage is Stage.ENUMERATE and (gap.subject_id == scope.id or not elsewhere):
                return gap
        return None
