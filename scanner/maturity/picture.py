"""The estate as known at one moment: runs folded one after another. Pure; order is by time.

A run says something of what it looked at, and nothing of the rest. So a store

- seen in a run has the state of that run;
- not seen although its scope was part of the run is *unknown* (excluded, denied, unreachable),
  unless the scope was listed in full without it: then it is gone;
- of a scope that was not part of the run keeps its state, until that is older than `FRESH`.

Whatever is not known counts against: nothing leaves the denominator by not being looked at.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from scanner.model import (
    Basis,
    Evidence,
    Finding,
    FindingHistory,
    Gap,
    GapReason,
    Inspected,
    Origin,
    Presence,
    Registration,
    Report,
    Scope,
    Sensitivity,
    Stage,
    State,
    Store,
    StoreSummary,
    Verdict,
    Workflow,
)

FRESH = dt.timedelta(days=90)
"""What was seen longer ago is no longer known."""

WEIGHTS: Mapping[Sensitivity, int] = {
    Sensitivity.S0: 1,
    Sensitivity.S1: 2,
    Sensitivity.S2: 4,
    Sensitivity.S3: 8,
}
"""What a store counts, by the highest sensitivity found in it."""

SCOPE_WEIGHT = 4
"""What an account or server counts for rules about itself; fixed, so that nothing moves it."""

_LIGHTEST, _HEAVIEST = min(WEIGHTS.values()), max(WEIGHTS.values())
_UNSEEN = frozenset({Stage.EVIDENCE, Stage.ENUMERATE})
_RANK = {Verdict.FAIL: 0, Verdict.UNKNOWN: 1, Verdict.PASS: 2}


@dataclasses.dataclass(frozen=True, slots=True)
class SubjectState:
    """One store or scope as last seen."""

    id: str
    kind: str | None
    """None for a store known only by name (excluded before it was ever looked at)."""
    provider: str
    scope_id: str
    name: str
    store: Store | None
    scope: Scope | None
    seen: dt.datetime | None
    """When its state was last seen; None if it is not known any more."""
    verdicts: Mapping[str, Verdict]
    """Rule id to the worst verdict of it and its places."""
    fails_at: Mapping[str, int]
    """Rule id to the number of places (or 1) it fails at."""
    asked: frozenset[str] | None
    """Rules the run asked; None if it did not note them (then those it has answers of)."""
    summary: StoreSummary | None = None
    registration: Registration = dataclasses.field(default_factory=Registration)
    safeguards: Mapping[str, State] = dataclasses.field(default_factory=dict)
    described: bool = True
    """False if something of it could not be seen (denied, unreachable, failed)."""
    left_out: bool = False
    """Parts of its content were left out on purpose (excluded, or costly to read)."""
    names: frozenset[str] = frozenset()

    @property
    def known(self) -> bool:
        return self.seen is not None

    @property
    def inspected(self) -> bool:
        """Content read whole, or sampled to the bound."""
        s = self.summary
        return self.known and s is not None and (s.inspected is Inspected.ALL or s.bound_reached)

    @property
    def personal(self) -> Presence:
        """Whether it holds personal data, test data left out; POSSIBLE and NOT_ASSESSED are unknown."""
        s = self.summary
        if s is None:
            return Presence.NOT_ASSESSED
        if s.personal is Presence.YES or s.personal is Presence.POSSIBLE:
            return s.personal
        # What was left out on purpose may hold some.
        return Presence.NOT_FOUND if self.inspected and not self.left_out else Presence.NOT_ASSESSED

    @property
    def sensitivity(self) -> Sensitivity | None:
        return self.summary.sensitivity if self.summary is not None else None

    @property
    def weights(self) -> tuple[int, int]:
        """The least and the most it may count. One number where its content is known."""
        if self.scope is not None and self.store is None:
            return SCOPE_WEIGHT, SCOPE_WEIGHT
        found = self.sensitivity
        if self.inspected and found is not None and not self.left_out:
            return WEIGHTS[found], WEIGHTS[found]
        if not self.known:
            return _LIGHTEST, _HEAVIEST
        return (WEIGHTS[found] if found is not None else _LIGHTEST), _HEAVIEST

    def forgotten(self) -> SubjectState:
        """The same, no longer known."""
        return dataclasses.replace(self, seen=None, verdicts={}, fails_at={}, described=False)


_KINDS = (
    ("aws:s3:", "bucket", "aws"),
    ("aws:rds:", "database", ""),
    ("azure:", "container", "azure"),
    ("gs:", "bucket", "gcp"),
    ("file:", "share", "files"),
    ("pg:", "database", "sql"),
    ("postgresql:", "database", "sql"),
    ("mysql:", "database", "sql"),
    ("mariadb:", "database", "sql"),
    ("sqlite:", "database", "sql"),
)


def kind_of(store_id: str) -> tuple[str | None, str]:
    """(kind, provider) by the shape of a store's id, for stores that were never looked at."""
    return next(
        ((kind, provider) for prefix, kind, provider in _KINDS if store_id.startswith(prefix)), (None, "")
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Reach:
    """How far one set of targets got, in its latest run."""

    at: dt.datetime
    targets: frozenset[str]
    scopes: frozenset[str]
    unreached: int


class Picture:
    """Give it reports in the order of time."""

    def __init__(self, standings: Mapping[str, FindingHistory] | None = None) -> None:
        """`standings`: what people decided since, by fingerprint; else as each run knew it."""
        self._standings = standings or {}
        self.stores: dict[str, SubjectState] = {}
        self.scopes: dict[str, SubjectState] = {}
        self.reaches: dict[frozenset[str], Reach] = {}
        self.complete_runs: list[dt.datetime] = []
        self.last_complete: dict[str, dt.datetime] = {}
        self.pack: str | None = None
        self.at: dt.datetime | None = None

    def add(self, report: Report) -> None:
        at = report.run.finished
        findings = _by_subject(report, self._standings)
        gaps: dict[str, set[Stage]] = {}
        left_out = {g.subject_id for g in report.gaps if g.reason in (GapReason.EXCLUDED, GapReason.COSTLY)}
        for gap in report.gaps:
            if not gap.reason.chosen:
                gaps.setdefault(gap.subject_id, set()).add(gap.stage)
        evidence: dict[str, list[Evidence]] = {}
        for piece in report.evidence:
            if piece.place.is_store:
                evidence.setdefault(piece.subject_id, []).append(piece)
        summaries = {summary.store_id: summary for summary in report.summaries}
        asked = frozenset(report.run.rules) or None
        if asked is None:
            asked = frozenset(finding.rule_id for finding in report.findings)
        for scope in report.scopes:
            verdicts, places = findings.get(scope.id, ({}, {}))
            self.scopes[scope.id] = SubjectState(
                scope.id, scope.kind, scope.provider, scope.id, scope.name, None, scope, at, verdicts,
                places, asked, described=not gaps.get(scope.id, set()) & _UNSEEN,
            )  # fmt: skip
        seen_now: set[str] = set()
        for store in report.stores:
            if store.origin is not Origin.LIVE:
                continue
            verdicts, places = findings.get(store.id, ({}, {}))
            names = frozenset((store.id, *store.aliases))
            for alias in store.aliases:
                self.stores.pop(alias, None)
            seen_now |= names
            safeguards = {name: _state(pieces) for name, pieces in _grouped(evidence.get(store.id, ()))}
            unseen = bool(gaps.get(store.id, set()) & _UNSEEN)
            self.stores[store.id] = SubjectState(
                store.id, store.kind, store.provider, store.scope_id, store.name, store, None, at, verdicts,
                places, asked,
                summary=summaries.get(store.id),
                registration=report.context.registration(store.id),
                safeguards=safeguards,
                described=not unseen and not _refused(evidence.get(store.id, ())),
                left_out=store.id in left_out,
                names=names,
            )  # fmt: skip
        self._missing(report, seen_now)
        self._reach(report, at)
        if report.run.complete:
            self.complete_runs.append(at)
            for scope in report.scopes:
                self.last_complete[scope.id] = at
        self.pack, self.at = report.run.rulepack_digest, at

    def _missing(self, report: Report, seen_now: set[str]) -> None:
        """Stores known before, or named in a gap, that this run did not see."""
        scopes = {scope.id: scope for scope in report.scopes}
        named = {gap.subject_id for gap in report.gaps}
        unlisted = [
            g for g in report.gaps if g.stage is Stage.ENUMERATE and g.reason is not GapReason.EXCLUDED
        ]
        for store_id, state in list(self.stores.items()):
            if state.names & seen_now or store_id in seen_now:
                continue
            scope = scopes.get(state.scope_id)
            target = state.store.target if state.store is not None else ""
            lost = {gap.subject_id for gap in unlisted if gap.subject_id not in scopes}
            if (state.names | {store_id}) & named or state.scope_id in lost or (target and target in lost):
                self.stores[store_id] = state.forgotten()
            elif scope is not None and scope.exhaustive:
                if report.run.complete and not _cut_short(scope, scopes, unlisted, self.stores):
                    del self.stores[store_id]
                else:
                    self.stores[store_id] = state.forgotten()
        for gap in report.gaps:
            if gap.reason is not GapReason.EXCLUDED or gap.stage is not Stage.ENUMERATE:
                continue
            name = gap.subject_id
            if name in seen_now or name in self.scopes or name in report.run.targets:
                continue
            if any(name in state.names or name == known for known, state in self.stores.items()):
                continue
            kind, provider = kind_of(name)
            self.stores[name] = SubjectState(
                name, kind, provider, "", name, None, None, None, {}, {}, frozenset(), described=False,
                names=frozenset((name,)),
            )  # fmt: skip

    def _reach(self, report: Report, at: dt.datetime) -> None:
        targets = frozenset(report.run.targets)
        scopes = frozenset(scope.id for scope in report.scopes)
        # A later configuration that names the same targets and more takes an earlier one's place.
        for earlier in [key for key in self.reaches if key <= targets]:
            del self.reaches[earlier]
        unreached = max(0, report.coverage.scopes_declared - report.coverage.scopes_reached)
        self.reaches[targets] = Reach(at, targets, scopes, unreached)

    # --- as of a date ---------------------------------------------------------------

    def stores_at(self, as_of: dt.datetime) -> list[SubjectState]:
        return [_fresh(state, as_of) for _, state in sorted(self.stores.items())]

    def scopes_at(self, as_of: dt.datetime) -> list[SubjectState]:
        return [_fresh(state, as_of) for _, state in sorted(self.scopes.items())]

    def scope_reach(self, as_of: dt.datetime) -> tuple[int, int]:
        """(scopes reached, scopes declared)."""
        reached: set[str] = set()
        declared: set[str] = set()
        beyond = 0
        for reach in self.reaches.values():
            declared |= reach.scopes
            beyond += reach.unreached
            if as_of - reach.at <= FRESH:
                reached |= reach.scopes
        return len(reached), len(declared) + beyond


def _fresh(state: SubjectState, as_of: dt.datetime) -> SubjectState:
    return state.forgotten() if state.seen is not None and as_of - state.seen > FRESH else state


def _cut_short(
    scope: Scope, scopes: Mapping[str, Scope], unlisted: Iterable[Gap], stores: Mapping[str, SubjectState]
) -> bool:
    """A gap in listing this scope; one about neither a scope nor a store may concern any scope."""
    return any(
        gap.subject_id == scope.id or (gap.subject_id not in scopes and gap.subject_id not in stores)
        for gap in unlisted
    )


def _by_subject(
    report: Report, standings: Mapping[str, FindingHistory]
) -> dict[str, tuple[dict[str, Verdict], dict[str, int]]]:
    """Subject to (rule to worst verdict, rule to places failed at)."""
    out: dict[str, tuple[dict[str, Verdict], dict[str, int]]] = {}
    for finding in report.findings:
        verdicts, places = out.setdefault(finding.subject_id, ({}, {}))
        verdict = _verdict(finding, report, standings)
        known = verdicts.get(finding.rule_id)
        if known is None or _RANK[verdict] < _RANK[known]:
            verdicts[finding.rule_id] = verdict
        if verdict is Verdict.FAIL:
            places[finding.rule_id] = places.get(finding.rule_id, 0) + 1
    return out


def _verdict(finding: Finding, report: Report, standings: Mapping[str, FindingHistory]) -> Verdict:
    """As judged; what a person called a false positive is unknown, never a pass."""
    if finding.verdict is Verdict.FAIL:
        entry = standings.get(finding.fingerprint) or report.history.get(finding.fingerprint)
        if entry is not None and entry.workflow is Workflow.FALSE_POSITIVE:
            return Verdict.UNKNOWN
    return finding.verdict


def _grouped(pieces: Iterable[Evidence]) -> list[tuple[str, list[Evidence]]]:
    out: dict[str, list[Evidence]] = {}
    for piece in pieces:
        out.setdefault(piece.safeguard, []).append(piece)
    return sorted(out.items())


def _state(pieces: list[Evidence]) -> State:
    """The strongest evidence decides; where two are as strong, the worse of them."""
    order = {State.ABSENT: 0, State.UNKNOWN: 1, State.PRESENT: 2, State.NOT_APPLICABLE: 3}
    return min(pieces, key=lambda piece: (-piece.basis.strength, order[piece.state])).state


def _refused(pieces: Iterable[Evidence]) -> bool:
    return any(p.state is State.UNKNOWN and p.basis in (Basis.DENIED, Basis.FAILED) for p in pieces)
