"""Key figures: each against numbers counted by hand, and nothing shown as 0 for want of data."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from scanner.maturity import DEFINITIONS, Kpi, kpis, series
from scanner.maturity.episodes import quantile
from scanner.maturity.kpi_table import page
from scanner.model import (
    Basis,
    CiRun,
    Evidence,
    FindingHistory,
    Inspected,
    Observed,
    Registration,
    Report,
    Sensitivity,
    Severity,
    State,
    Workflow,
)
from tests.maturity.made import (
    DAY,
    FAIL,
    PASS,
    REFERENCE,
    SCOPE,
    START,
    STORE_RULES,
    UNKNOWN,
    Bucket,
    finding,
    report,
)

GOOD = dict.fromkeys(STORE_RULES, PASS)


def stated(name: str, safeguard: str, state: State) -> Evidence:
    basis = Basis.DENIED if state is State.UNKNOWN else Basis.EXPLICIT
    return Evidence(f"aws:s3:::{name}", safeguard, state, basis, "test")


def figures(*reports: Report, **more: object) -> dict[str, Kpi]:
    return {kpi.id: kpi for kpi in kpis(reports, REFERENCE, **more)}  # type: ignore[arg-type]


ESTATE = [
    Bucket("fine", GOOD, Sensitivity.S3, registration=Registration(retention_days=365), evidence=(
        stated("fine", "encryption_at_rest", State.PRESENT), stated("fine", "tls_enforced", State.PRESENT),
        stated("fine", "customer_managed_key", State.PRESENT), stated("fine", "access_logging", State.PRESENT))),
    Bucket("public", GOOD | {"OBJ-01": FAIL, "OWN-01": FAIL, "OWN-03": UNKNOWN}, Sensitivity.S2, records=(100, 150),
           evidence=(stated("public", "encryption_at_rest", State.ABSENT),
                     stated("public", "access_logging", State.UNKNOWN))),
    Bucket("special", GOOD | {"OWN-05": FAIL, "RET-01": FAIL, "OBJ-10": FAIL}, Sensitivity.S3, evidence=(
        stated("special", "customer_managed_key", State.ABSENT),
        stated("special", "access_logging", State.ABSENT), stated("special", "encryption_at_rest", State.PRESENT),
        stated("special", "tls_enforced", State.UNKNOWN))),
    Bucket("empty", GOOD | {"OWN-01": FAIL}, Sensitivity.S0),
    Bucket("unread", GOOD | {"OBJ-01": UNKNOWN, "OWN-01": FAIL}, None, Inspected.NONE),
]  # fmt: skip


@pytest.mark.parametrize(
    ("id", "value", "low", "high", "of"),
    [
        ("K1", 0.5, 0.5, 0.5, 2),
        ("K2", 3 / 5, 3 / 5, 3 / 5, 5),  # two have evidence that was denied
        ("K3", 4 / 5, 4 / 5, 4 / 5, 5),
        ("K4", 2 / 3, 2 / 3, 1.0, 3),
        ("K5", 1, 1, 2, 3),  # the unread one may hold personal data
        ("K6", 1 / 3, 1 / 3, 1 / 3, 3),
        ("K7", 1, 1, 2, 3),
        ("K8", 100, 100, 150, 1),
        ("K9", 1, 1, 1, 2),
        ("K10", 1, 1, 2, 3),
        ("K12", 1 / 3, 1 / 3, 1 / 3, 3),
        ("K15", 2 / 3, 1 / 3, 2 / 3, 3),
        ("K16", 1 / 3, 1 / 3, 1 / 3, 3),
        ("K17", 0, 0, 0, 3),
        ("K25", 1, 1, 1, 3),
    ],
)
def test_counted_by_hand(id: str, value: float, low: float, high: float, of: int) -> None:
    kpi = figures(report(ESTATE, scopes=(1, 2)))[id]
    assert kpi.value == pytest.approx(value)
    assert kpi.low == pytest.approx(low)
    assert kpi.high == pytest.approx(high)
    assert kpi.denominator == of
    assert kpi.small_n


def test_a_count_meets_its_target_only_if_nothing_unknown_could_break_it() -> None:
    bad = [Bucket("a", GOOD | {"OBJ-01": UNKNOWN})]
    assert figures(report(bad))["K7"].value == 0
    assert figures(report(bad))["K7"].met is False
    assert figures(report([Bucket("a", GOOD)]))["K7"].met is True


def test_what_cannot_be_known_is_not_zero() -> None:
    found = figures(report(ESTATE))
    assert found["K21"].value is None
    assert "CI" in found["K21"].why
    for id in ("K18", "K19", "K20", "K24"):
        assert found[id].value is None
        assert found[id].why
    nothing = figures()
    assert len(nothing) == 25
    assert all(kpi.value is None and kpi.why for kpi in nothing.values())


def test_excluding_an_unsafe_store_does_not_help() -> None:
    first = report(ESTATE)
    left = [b for b in ESTATE if b.name != "special"]
    second = report(left, START + DAY, excluded=["aws:s3:::special"])
    before, after = figures(first), figures(first, second)
    for id in ("K2", "K3", "K4", "K6"):
        assert (after[id].value or 0) <= (before[id].value or 0)
    assert after["K12"].value == before["K12"].value


# --- over time ---------------------------------------------------------------------------------


def entry(
    rule: str, severity: Severity, opened: dt.datetime, state: Observed, days: int, **more: object
) -> FindingHistory:
    id = f"{rule}|x"
    return FindingHistory(
        id, state, Workflow.NEW, False, opened, opened, opened, due=opened.date() + days * DAY,
        finding=finding("aws:s3:::fine", rule, FAIL, severity), **more,  # type: ignore[arg-type]
    )  # fmt: skip


def year() -> list[Report]:
    """A Critical closed after 1 day, a High after 20 (late) that comes back on day 40, one never closed."""

    def at(day: int, *entries: FindingHistory) -> Report:
        return report(ESTATE, START + day * DAY, history={e.fingerprint: e for e in entries})

    open_, fixed, again = Observed.OPEN, Observed.FIXED, Observed.REOPENED
    critical = ("OBJ-01", Severity.CRITICAL, START)
    high, waiting = ("OBJ-06", Severity.HIGH, START), ("OBJ-08", Severity.HIGH, START)
    return [
        at(0, entry(*critical, open_, 2), entry(*high, open_, 14), entry(*waiting, open_, 14)),
        at(1, entry(*critical, fixed, 2), entry(*high, open_, 14), entry(*waiting, open_, 14)),
        at(20, entry(*high, fixed, 14), entry(*waiting, open_, 14)),
        at(40, entry(*high, again, 54, times_reopened=1), entry(*waiting, open_, 14)),
    ]


def test_speed_service_level_and_recurrence() -> None:
    found = figures(*year())
    assert found["K18"].value == pytest.approx((1 + 20) / 2)
    assert "Critical: mean 1.0, median 1.0, 90th percentile 1.0 (n 1)" in found["K18"].detail
    assert (
        "High: mean 20.0, median 20.0, 90th percentile 20.0 (n 1); 2 open, the oldest 40 days"
        in found["K18"].detail
    )
    # Critical in time, High late, one open past its date; the reopened one is not due yet.
    assert (found["K19"].numerator, found["K19"].denominator) == (1, 3)
    assert (found["K20"].numerator, found["K20"].denominator) == (1, 2)
    assert found["K20"].value == 0.5


def test_accepted_findings_are_out_of_the_overdue_count_and_listed() -> None:
    runs = year()
    last = runs[-1].history["OBJ-08|x"]
    taken = dataclasses.replace(last, workflow=Workflow.ACCEPTED, acceptance_expires=dt.date(2026, 12, 31))
    found = figures(*runs, standings={"OBJ-08|x": taken})
    assert (found["K19"].numerator, found["K19"].denominator) == (1, 2)
    assert found["K23"].value == 1
    assert found["K23"].met is True
    expired = dataclasses.replace(last, acceptance_expires=dt.date(2026, 1, 31))
    found = figures(*runs, standings={"OBJ-08|x": expired})
    assert found["K23"].value == 0
    assert found["K23"].met is False
    assert found["K23"].detail == ("expired: 1",)


def test_a_waiver_that_only_the_run_knows_stands() -> None:
    runs = year()
    last = dict(runs[-1].history)
    waived = dataclasses.replace(
        last["OBJ-08|x"], workflow=Workflow.ACCEPTED, acceptance_expires=dt.date(2026, 12, 31)
    )
    runs[-1] = dataclasses.replace(runs[-1], history={**last, "OBJ-08|x": waived})
    found = figures(*runs, standings=last)
    assert found["K23"].value == 1
    assert found["K19"].denominator == 2


def test_precision_is_among_those_that_people_reviewed() -> None:
    runs = year()
    base = runs[-1].history["OBJ-08|x"]
    decided = {
        str(n): dataclasses.replace(base, fingerprint=str(n), workflow=workflow)
        for n, workflow in enumerate(
            [Workflow.DONE, Workflow.IN_PROGRESS, Workflow.DONE, Workflow.FALSE_POSITIVE]
        )
    }
    kpi = figures(*runs, standings=decided)["K24"]
    assert (kpi.value, kpi.denominator) == (0.75, 4)


def test_age_of_the_last_complete_scan() -> None:
    stopped = report(ESTATE, START + 5 * DAY, complete=False)
    kpi = figures(report(ESTATE), stopped, as_of=START + 8 * DAY)["K22"]
    assert kpi.value == pytest.approx(8.0)
    assert kpi.met is False
    assert SCOPE.id in {s.id for s in stopped.scopes}


def test_series_has_one_point_a_run() -> None:
    runs = year()
    lines = series(runs, REFERENCE)
    assert {len(points) for points in lines.values()} == {4}
    assert lines["K20"] == (None, 0.0, 0.0, 0.5)


def test_nearest_rank() -> None:
    assert quantile(list(range(1, 11)), 0.9) == 9
    assert quantile([5.0], 0.9) == 5.0
    assert quantile([1.0, 2.0], 0.9) == 2.0


def test_the_table_and_its_page() -> None:
    assert [d.id for d in DEFINITIONS] == [f"K{n}" for n in range(1, 26)]
    written = Path(__file__).parents[2] / "docs" / "kpis.md"
    assert written.read_text(encoding="utf-8") == page(), "write page() of kpi_table into docs/kpis.md"


def test_stopped_in_ci_counts_each_violation_once_and_what_went_live() -> None:
    at = START + DAY
    entry = FindingHistory(
        "live-1", Observed.OPEN, Workflow.NEW, True, START, START, START,
        finding=finding("aws:s3:::a", "OBJ-01", FAIL, Severity.CRITICAL),
    )  # fmt: skip
    content = dataclasses.replace(
        entry, fingerprint="live-2", finding=finding("aws:s3:::a", "OWN-01", FAIL, Severity.CRITICAL)
    )
    minor = dataclasses.replace(
        entry, fingerprint="live-3", finding=finding("aws:s3:::a", "OBJ-08", FAIL, Severity.LOW)
    )
    pack = dataclasses.replace(
        REFERENCE,
        controls=tuple(
            dataclasses.replace(c, declarable=c.rule_id.startswith("OBJ")) for c in REFERENCE.controls
        ),
    )
    history = {e.fingerprint: e for e in (entry, content, minor)}
    runs = [report([Bucket("a", {"OBJ-01": FAIL})], START, history=history)]
    two = {"x": ("OBJ-01", Severity.CRITICAL), "y": ("OBJ-06", Severity.HIGH), "z": ("OBJ-05", Severity.LOW)}
    ci = [
        CiRun("records", START, True, Severity.HIGH, two),
        CiRun("records", START, True, Severity.HIGH, two),  # pushed again, still failing
        CiRun("cases", START, False, Severity.HIGH, {"w": ("OBJ-01", Severity.CRITICAL)}),  # only reported
        CiRun("records", START - 100 * DAY, True, Severity.HIGH, {"v": ("OBJ-01", Severity.CRITICAL)}),
    ]
    found = {k.id: k for k in kpis(runs, pack, as_of=at, ci=ci)}["K21"]
    assert (found.numerator, found.denominator) == (2, 3)
    assert found.note == "reported by 2 repositories"
    assert {k.id: k for k in kpis(runs, pack, as_of=at)}["K21"].value is None
    assert {k.id: k for k in kpis(runs, pack, as_of=at + 200 * DAY, ci=ci)}["K21"].value is None
