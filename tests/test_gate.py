"""Coverage and exit codes, in the order that the design promises."""

from __future__ import annotations

import datetime as dt

import pytest

from scanner.gate import Thresholds, coverage, exit_code
from scanner.model import (
    Estimate,
    Finding,
    FindingHistory,
    Gap,
    GapReason,
    Inspected,
    Observed,
    Place,
    Presence,
    Sensitivity,
    Severity,
    Stage,
    StoreSummary,
    Verdict,
    Workflow,
)

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
STRICT = Thresholds(Severity.HIGH, 95.0, False)


def summary(covered: bool = True, inspected: Inspected = Inspected.ALL) -> StoreSummary:
    zero = Estimate(0, 0)
    return StoreSummary(
        "s", inspected, covered, 0.0, (), Sensitivity.S1, Presence.YES, zero, zero, 0, False, 10, 10
    )


def finding(severity: Severity, verdict: Verdict = Verdict.FAIL) -> Finding:
    return Finding("f", "R-01", "t", "s", "store", Place(), verdict, severity, None, "", None, ())


def run(summaries, findings=(), gaps=(), history=None, limits=STRICT):  # type: ignore[no-untyped-def]
    seen = coverage(1, (), summaries, gaps)
    return exit_code(seen, summaries, findings, gaps, history or {}, limits)


def test_clean() -> None:
    assert run([summary()])[0] == 0


def test_findings_at_the_threshold() -> None:
    assert run([summary()], [finding(Severity.HIGH)])[0] == 1
    assert run([summary()], [finding(Severity.MEDIUM)])[0] == 0


def test_never_means_never() -> None:
    assert run([summary()], [finding(Severity.CRITICAL)], limits=Thresholds(None, 95, False))[0] == 0


@pytest.mark.parametrize("workflow", [Workflow.ACCEPTED, Workflow.FALSE_POSITIVE])
def test_decided_findings_do_not_fail(workflow: Workflow) -> None:
    entry = FindingHistory("f", Observed.OPEN, workflow, False, NOW, NOW, NOW)
    assert run([summary()], [finding(Severity.HIGH)], history={"f": entry})[0] == 0


def test_an_incomplete_look_outranks_findings() -> None:
    code, why = run([summary(), summary(covered=False)], [finding(Severity.CRITICAL)])
    assert code == 3
    assert "1 of 2 stores were covered (50%); 95% is asked." in why


def test_nothing_read() -> None:
    assert run([])[0] == 3
    assert run([summary(False, Inspected.NONE)], limits=Thresholds(None, 0, False))[0] == 3


def test_a_scope_that_could_not_be_listed() -> None:
    gap = Gap("aws", Stage.ENUMERATE, GapReason.DENIED, "s3:ListAllMyBuckets")
    assert run([summary()], gaps=[gap])[0] == 3
    left_out = Gap("s2", Stage.ENUMERATE, GapReason.EXCLUDED, "excluded by DPO: published")
    assert run([summary()], gaps=[left_out])[0] == 0


def test_unknown_fails_only_when_asked() -> None:
    unknown = finding(Severity.HIGH, Verdict.UNKNOWN)
    assert run([summary()], [unknown])[0] == 0
    assert run([summary()], [unknown], limits=Thresholds(Severity.HIGH, 95, True))[0] == 1
