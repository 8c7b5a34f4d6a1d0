"""Invented estates for scoring: reports with exactly the verdicts a test asks for. Synthetic."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Mapping

from scanner.maturity import Control, Reference
from scanner.model import (
    WHOLE_STORE,
    Context,
    Coverage,
    Estimate,
    Evidence,
    Finding,
    FindingHistory,
    Gap,
    GapReason,
    Inspected,
    Presence,
    Registration,
    Report,
    Run,
    Scope,
    Sensitivity,
    Severity,
    Stage,
    Store,
    StoreSummary,
    Verdict,
)

START = dt.datetime(2026, 1, 5, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SCOPE = Scope("aws:111122223333", "account", "aws", "invented")
PASS, FAIL, UNKNOWN = Verdict.PASS, Verdict.FAIL, Verdict.UNKNOWN

REFERENCE = Reference(
    (
        Control("OBJ-01", "public", "D4", ("store", "place"), ("bucket",)),
        Control("OBJ-02", "writable", "D4", ("store",), ("bucket",)),
        Control("OBJ-03", "account", "D4", ("scope",)),
        Control("OBJ-06", "plain", "D5", ("store",), ("bucket",)),
        Control("OBJ-07", "own key", "D5", ("store",), ("bucket",), policy=True),
        Control("OBJ-08", "logs", "D6", ("store",), ("bucket",)),
        Control("OBJ-10", "versions", "D8", ("store",), ("bucket",)),
        Control("OWN-01", "owner", "D3", ("store",)),
        Control("OWN-03", "record", "D2", ("store",)),
        Control("OWN-05", "assessment", "D2", ("store",)),
        Control("RET-01", "schedule", "D7", ("store",)),
        Control("RET-04", "copies", "D7", ("place",)),
        Control("LOC-01", "region", "D9", ("store",)),
    ),
    "reference",
)
RULES = tuple(control.rule_id for control in REFERENCE.controls)
STORE_RULES = tuple(c.rule_id for c in REFERENCE.controls if "store" in c.subjects)


@dataclasses.dataclass(frozen=True)
class Bucket:
    """One store as a test describes it."""

    name: str
    verdicts: Mapping[str, Verdict]
    sensitivity: Sensitivity | None = Sensitivity.S1
    inspected: Inspected = Inspected.ALL
    records: tuple[int, int] = (10, 12)
    registration: Registration = dataclasses.field(default_factory=Registration)
    evidence: tuple[Evidence, ...] = ()

    @property
    def id(self) -> str:
        return f"aws:s3:::{self.name}"

    @property
    def store(self) -> Store:
        return Store(self.id, SCOPE.id, "bucket", "aws", self.name, target="all")

    @property
    def summary(self) -> StoreSummary:
        whole = self.inspected is Inspected.ALL
        personal = (
            Presence.YES if self.sensitivity else Presence.NOT_FOUND if whole else Presence.NOT_ASSESSED
        )
        return StoreSummary(
            self.id, self.inspected, whole, 0.0 if whole else None, (), self.sensitivity, personal,
            Estimate(*self.records), Estimate(*self.records), 0.0, False, 100, 100 if whole else 0,
        )  # fmt: skip

    def with_verdict(self, rule: str, verdict: Verdict | None) -> Bucket:
        left = {key: value for key, value in self.verdicts.items() if key != rule}
        return dataclasses.replace(self, verdicts=left if verdict is None else {**left, rule: verdict})

    def unreadable(self) -> Bucket:
        """The same after its permissions were taken away: nothing can be told."""
        return dataclasses.replace(
            self,
            verdicts=dict.fromkeys(STORE_RULES, UNKNOWN),
            sensitivity=None,
            inspected=Inspected.NONE,
        )


def finding(
    subject: str, rule: str, verdict: Verdict, severity: Severity = Severity.HIGH, kind: str = "store"
) -> Finding:
    return Finding(
        f"{rule}|{subject}", rule, rule, subject, kind, WHOLE_STORE, verdict,
        severity if verdict is FAIL else None, None, "", None, (), strength=3,
    )  # fmt: skip


def report(
    buckets: Iterable[Bucket],
    at: dt.datetime = START,
    *,
    rules: tuple[str, ...] = RULES,
    excluded: Iterable[str] = (),
    scope: Mapping[str, Verdict] | None = None,
    history: Mapping[str, FindingHistory] | None = None,
    scopes: tuple[int, int] = (1, 1),
    pack: str = "pack-of-the-runs",
    complete: bool = True,
) -> Report:
    """A run over these buckets. Verdicts of rules not in `rules` are left out."""
    made = list(buckets)
    findings = [finding(b.id, r, v) for b in made for r, v in b.verdicts.items() if r in rules]
    findings += [finding(SCOPE.id, r, v, kind="scope") for r, v in (scope or {}).items() if r in rules]
    gaps = tuple(Gap(id, Stage.ENUMERATE, GapReason.EXCLUDED, "excluded by a test") for id in excluded)
    return Report(
        run=Run(
            f"run-{at:%Y%m%dT%H%M}", at, at, "0.1.0", "c1", pack, "seed", "none", complete, ("all",), rules
        ),
        scopes=(SCOPE,),
        stores=tuple(b.store for b in made),
        evidence=tuple(piece for b in made for piece in b.evidence),
        holdings=(),
        summaries=tuple(b.summary for b in made),
        findings=tuple(findings),
        gaps=gaps,
        coverage=Coverage(scopes[1], scopes[0], len(made), len(made), 100, 100),
        history=dict(history or {}),
        context=Context(today=at.date(), registrations={b.id: b.registration for b in made}),
        exit_code=0,
        exit_reasons=(),
    )
