"""Fifty-two weekly runs through the real history logic; speed, service level and recurrence are reckoned
again from the plan of the year itself, in another way than the product does it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import statistics

import pytest

from scanner.history.over_time import DAYS_TO_FIX, Observation, advance
from scanner.maturity import kpis, profile
from scanner.model import FindingHistory, Report, Severity
from tests.maturity.made import DAY, FAIL, PASS, REFERENCE, RULES, START, STORE_RULES, Bucket, finding, report

WEEKS = 52
_SEVERITIES = (Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM)


@dataclasses.dataclass(frozen=True)
class Planned:
    """One spell of trouble: weeks in which a rule fails on a store."""

    key: tuple[str, str]
    severity: Severity
    first: int
    until: int
    """The first week in which it passes; WEEKS or later: never closed."""


def year(seed: int) -> tuple[list[Report], list[Planned]]:
    chance = random.Random(seed)
    names = [f"b{n}" for n in range(12)]
    plan: list[Planned] = []
    for name in names:
        for rule in STORE_RULES:
            week, severity = chance.randint(0, 60), chance.choice(_SEVERITIES)
            while week < WEEKS:
                ends = week + chance.randint(1, 16)
                plan.append(Planned((name, rule), severity, week, ends))
                week = ends + chance.randint(1, 30) if chance.random() < 0.4 else WEEKS
    reports: list[Report] = []
    history: dict[str, FindingHistory] = {}
    for week in range(WEEKS):
        at = START + 7 * week * DAY
        failing = {p.key: p.severity for p in plan if p.first <= week < p.until}
        buckets = [
            Bucket(name, {rule: FAIL if (name, rule) in failing else PASS for rule in STORE_RULES})
            for name in names
        ]
        made = report(buckets, at)
        findings = tuple(
            finding(b.id, rule, verdict, failing.get((b.name, rule), Severity.HIGH))
            for b in buckets
            for rule, verdict in b.verdicts.items()
        )
        made = dataclasses.replace(made, findings=findings)
        moved = advance(history, Observation.of(made, RULES, {}))
        history |= moved
        reports.append(dataclasses.replace(made, history=moved))
    return reports, plan


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_key_figures_of_a_year(seed: int) -> None:
    reports, plan = year(seed)
    end = WEEKS - 1
    found = {kpi.id: kpi for kpi in kpis(reports, REFERENCE)}

    def day(week: int) -> dt.date:
        return (START + 7 * week * DAY).date()

    closed = [p for p in plan if p.until <= end]
    recent = [p for p in closed if day(end) - day(p.until) < dt.timedelta(days=90)]
    assert found["K18"].value == statistics.median(7 * (p.until - p.first) for p in recent)
    assert found["K18"].denominator == len(recent)

    def due(p: Planned) -> dt.date:
        return day(p.first) + dt.timedelta(days=DAYS_TO_FIX[p.severity])

    in_time = sum(day(p.until) <= due(p) for p in recent)
    overdue = sum(due(p) < day(end) for p in plan if p.until > end)
    assert (found["K19"].numerator, found["K19"].denominator) == (in_time, len(recent) + overdue)

    half = [p for p in closed if day(end) - day(p.until) < dt.timedelta(days=180)]
    back = sum(any(q.key == p.key and p.until <= q.first <= end for q in plan) for p in half)
    assert (found["K20"].numerator, found["K20"].denominator) == (back, len(half))

    # Stores: the last week alone.
    last = [p for p in plan if p.first <= end < p.until]
    without_owner = {name for name, rule in (p.key for p in last) if rule == "OWN-01"}
    assert found["K5"].value == len(without_owner)
    unsafe = {
        name
        for name, rule in (p.key for p in last)
        if rule in {"OBJ-01", "OBJ-02", "OBJ-06", "OBJ-08", "OBJ-10"}
    }
    assert found["K6"].value == pytest.approx((12 - len(unsafe)) / 12)


def test_the_trend_follows_the_plan() -> None:
    reports, plan = year(4)
    trend = profile(reports, REFERENCE).trend
    assert len(trend) == WEEKS
    for week, point in enumerate(trend):
        failing = sum(p.first <= week < p.until for p in plan if p.key[1] == "OWN-01")
        assert point.lows["D3"] == pytest.approx((12 - failing) / 12)
        assert not point.breaks
