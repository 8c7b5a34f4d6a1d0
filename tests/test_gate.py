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


def run(summaries, findings=(), not_listed=0, history=None, limits=STRICT):  # type: ignore[no-untyped-def]
    seen = coverage(1, (), summaries, ())
    return exit_code(seen, not_listed, summaries, findings, history or {}, limits)


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
    assert run([summary()], not_listed=1)[0] == 3


def test_gaps_are_counted_by_whether_we_chose_them() -> None:
    gaps = [
        Gap("s", Stage.READ, GapReason.DENIED, "x", count=2),
        Gap("s", Stage.READ, GapReason.EXCLUDED, "y", count=5),
    ]
    seen = coverage(1, (), [summary()], gaps)
    assert (seen.suffered, seen.chosen) == ({"denied": 2}, {"excluded": 5})


def test_unknown_fails_only_when_asked() -> None:
    unknown = finding(Severity.HIGH, Verdict.UNKNOWN)
    assert run([summary()], [unknown])[0] == 0
    assert run([summary()], [unknown], limits=Thresholds(Severity.HIGH, 95, True))[0] == 1
