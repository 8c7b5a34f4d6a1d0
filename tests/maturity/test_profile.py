"""Levels, trend, attested topics, and what becomes of stores that are not seen any more."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from scanner.errors import ConfigError
from scanner.maturity import DOMAIN_OF, DOMAINS, Attestations, parse, profile
from scanner.maturity.attestations import Answer, Approval, Attestation
from scanner.maturity.levels import HIGHEST, Facts, level, unmet
from scanner.model import (
    CiRun,
    FindingHistory,
    Gap,
    GapReason,
    Inspected,
    Observed,
    Sensitivity,
    Severity,
    Stage,
    Verdict,
    Workflow,
)
from scanner.ruleset import load_rules
from tests.maturity.made import DAY, FAIL, PASS, REFERENCE, START, STORE_RULES, UNKNOWN, Bucket, report

GOOD = dict.fromkeys(STORE_RULES, PASS)
BEST = Facts(500, 60, True, 1.0, None, 1.0, 1.0, True, 0.0, True)


def estate(count: int = 12, **changes: Verdict) -> list[Bucket]:
    first = Bucket("b0", GOOD | {k.replace("_", "-"): v for k, v in changes.items()})
    return [first, *(Bucket(f"b{n}", GOOD) for n in range(1, count))]


def test_every_rule_that_is_shipped_belongs_to_one_domain() -> None:
    """A new rule: add its id to `_RULES` in scanner/maturity/domains.py."""
    shipped = {rule.id for rule in load_rules().rules}
    assert shipped - set(DOMAIN_OF) == set()
    assert set(DOMAIN_OF.values()) <= {domain.id for domain in DOMAINS}
    assert len(DOMAINS) == 10


# --- levels -----------------------------------------------------------------------------


def test_the_highest_level_asks_for_everything() -> None:
    assert level(1.0, 1.0, BEST) == HIGHEST


@pytest.mark.parametrize(
    ("change", "reached", "said"),
    [
        ({"runs": 0}, 0, ""),
        ({"scan_days": 2}, 1, "scan on 3 days"),
        ({"pack_approved": False}, 2, "approve the rule pack"),
        ({"owned": 0.79}, 2, "name owners"),
        ({"owned": None}, 2, "not known"),
        ({"oldest_critical": 8.0}, 2, "Critical"),
        ({"oldest_critical": 7.0}, 5, ""),
        ({"in_sla": 0.89}, 3, "in time"),
        ({"in_sla": None}, 3, "nothing fell due"),
        ({"gated": None}, 3, "no CI run"),
        ({"held": False}, 4, "hold this"),
        ({"recurrence": 0.03}, 4, "come back"),
        ({"reviewed": False}, 4, "independent review"),
    ],
)
def test_each_gate_holds_its_level_back(change: dict[str, object], reached: int, said: str) -> None:
    facts = dataclasses.replace(BEST, **change)  # type: ignore[arg-type]
    assert level(1.0, 1.0, facts) == reached
    if said:
        assert any(said in line for line in unmet(reached + 1, 1.0, 1.0, facts))


@pytest.mark.parametrize(
    ("low", "coverage", "reached"),
    [(0.39, 1.0, 1), (0.40, 0.60, 2), (0.40, 0.59, 1), (0.70, 0.79, 2), (0.70, 0.80, 3), (0.90, 0.90, 4),
     (0.98, 0.98, 5), (0.97, 1.0, 4)],
)  # fmt: skip
def test_thresholds(low: float, coverage: float, reached: int) -> None:
    assert level(low, coverage, BEST) == reached


def test_no_run_is_not_assessed() -> None:
    found = profile([], REFERENCE)
    assert found.headline == 0
    assert found.index is None


def test_the_headline_is_the_lowest_core_domain() -> None:
    poor = [b.with_verdict("OWN-01", FAIL) for b in estate()]
    found = profile([report(poor, START + n * DAY) for n in range(3)], REFERENCE)
    assert found.headline == 1
    assert found.lowest == ("D3",)
    by_id = {d.id: d for d in found.domains}
    assert by_id["D4"].level == 2
    assert by_id["D3"].raises[0] == "raise the score from 0.00 to 0.40"
    assert any(line.startswith("OWN-01") and "fails on 12" in line for line in by_id["D3"].raises)


def test_a_year_without_a_fault_reaches_four_only_with_ci_and_five_only_with_a_review() -> None:
    history = standing("OBJ-01", START, closed=True)
    runs = [report(estate(), START, scope={"OBJ-03": PASS}, history=standing("OBJ-01", START))]
    runs += [
        report(estate(), START + n * 7 * DAY, scope={"OBJ-03": PASS}, history=history) for n in range(1, 30)
    ]
    late = standing("OBJ-02", runs[-1].run.finished)
    runs.append(report(estate(), START + 210 * DAY, scope={"OBJ-03": PASS}, history=history | late))
    end = START + 211 * DAY
    done = standing("OBJ-02", runs[-1].run.finished, closed=True)
    runs.append(report(estate(), end, scope={"OBJ-03": PASS}, history=history | done))
    approval = Approval("pack-of-the-runs", "SIRO", START.date())
    review = Attestation(
        "independent-review", Answer.DONE, "Internal audit", end.date(), "IA-7", end.date() + 90 * DAY
    )

    def reached(given: Attestations, gated: float | None) -> int | None:
        names = tuple(f"repository-{n}" for n in range(5))
        given = dataclasses.replace(given, repositories=names)
        share = 0 if gated is None else round(gated * len(names))
        ci = [CiRun(name, end - DAY, False, Severity.HIGH, {}) for name in names[:share]]
        return {d.id: d.level for d in profile(runs, REFERENCE, given, ci=ci).domains}["D4"]

    assert reached(Attestations((), approval), None) == 3
    assert reached(Attestations((), approval), 0.8) == 4
    assert reached(Attestations((review,), approval), 0.8) == 5
    assert reached(Attestations((review,)), 0.8) == 2
    # The pack changed half a year ago less a day: the score has not held under one pack.
    runs[5:] = [
        dataclasses.replace(r, run=dataclasses.replace(r.run, rulepack_digest="pack-of-the-runs-2"))
        for r in runs[5:]
    ]
    assert reached(Attestations((review,), approval), 0.8) == 4


def standing(rule: str, at: dt.datetime, closed: bool = False, **more: object) -> dict[str, FindingHistory]:
    id = f"{rule}|aws:s3:::b0"
    entry = FindingHistory(
        id, Observed.FIXED if closed else Observed.OPEN, Workflow.NEW, not closed, at, at, at,
        due=at.date() + 14 * DAY,
    )  # fmt: skip
    return {id: dataclasses.replace(entry, **more)}  # type: ignore[arg-type]


# --- attested -----------------------------------------------------------------------------


def test_attested_topics_stand_apart_and_never_raise_a_level() -> None:
    runs = [report(estate(), START + n * DAY) for n in range(3)]
    all_done = parse({"answers": [
        {"id": id, "answer": "Successfully implemented", "answered_by": "DPO", "date": "2026-01-01",
         "evidence_ref": "M-1", "expires": "2026-12-31"}
        for id in ("leadership", "training", "complaints", "independent-review")
    ]})  # fmt: skip
    plain, stated = profile(runs, REFERENCE), profile(runs, REFERENCE, all_done)
    assert plain.domains == stated.domains
    answers = {row.id: row for row in stated.attested}
    assert answers["training"].answer == "successfully implemented"
    assert answers["lawful-basis"].answer == "unknown"


def test_an_answer_expires_after_a_year_whatever_it_says() -> None:
    given = Attestations((
        Attestation("training", Answer.DONE, "DPO", dt.date(2024, 12, 1), "", dt.date(2030, 1, 1)),
    ))  # fmt: skip
    row = next(r for r in profile([report(estate())], REFERENCE, given).attested if r.id == "training")
    assert row.answer == "unknown"
    assert "expired on 2025-12-02" in row.note


def test_mistakes_in_the_attestations_are_all_named() -> None:
    with pytest.raises(ConfigError) as error:
        parse({"answers": [{"id": "trainning", "answer": "yes", "answered_by": "DPO", "date": "soon",
                            "expires": "2026-01-01", "who": "me"}], "rule_pack": {"digest": "abc"}, "x": 1})  # fmt: skip
    said = str(error.value)
    for part in ("x: is not a key", "answers.0.who", "rule_pack.approved_by: is required"):
        assert part in said


# --- stores over time ------------------------------------------------------------------------


def test_a_store_not_seen_any_more_is_unknown_until_its_scope_is_listed_without_it() -> None:
    both = estate(2)
    first = report(both)
    denied = Gap("aws:111122223333", Stage.ENUMERATE, GapReason.DENIED, "denied")
    second = dataclasses.replace(report(both[:1], START + DAY), gaps=(denied,))
    found = profile([first, second], REFERENCE)
    assert (found.stores, found.stores_unknown) == (2, 1)
    third = report(both[:1], START + 2 * DAY)
    assert profile([first, second, third], REFERENCE).stores == 1


def test_what_was_seen_long_ago_is_not_known() -> None:
    runs = [report(estate())]
    fresh = profile(runs, REFERENCE, as_of=START + 89 * DAY)
    stale = profile(runs, REFERENCE, as_of=START + 91 * DAY)
    assert fresh.stores_unknown == 0
    assert stale.stores_unknown == stale.stores == 12
    assert all(d.low == 0.0 for d in stale.domains if d.low is not None)


def test_a_run_of_one_scope_leaves_the_others_as_they_were() -> None:
    other = dataclasses.replace(report([], START + DAY), scopes=(), run=dataclasses.replace(
        report([]).run, id="other", finished=START + DAY, targets=("elsewhere",)))  # fmt: skip
    before = profile([report(estate())], REFERENCE)
    after = profile([report(estate()), other], REFERENCE)
    assert [d.low for d in before.domains][1:9] == [d.low for d in after.domains][1:9]


def test_accepted_risk_is_a_fail_and_a_false_positive_unknown() -> None:
    bad = estate(2, OBJ_06=FAIL)
    key = "OBJ-06|aws:s3:::b0"
    base = standing("OBJ-06", START)[key]

    def d5(workflow: Workflow) -> tuple[int, int, int, float | None]:
        entry = dataclasses.replace(base, workflow=workflow, acceptance_expires=dt.date(2027, 1, 1))
        found = profile([report(bad, history={key: entry})], REFERENCE)
        d = next(d for d in found.domains if d.id == "D5")
        return d.passed, d.failed, d.unknown, d.low

    assert d5(Workflow.NEW) == d5(Workflow.ACCEPTED) == (1, 1, 0, 0.5)
    assert d5(Workflow.FALSE_POSITIVE) == (1, 0, 1, 0.5)


def test_weights() -> None:
    """Article 9 counts eight times, ordinary twice; what was not read anything from one to eight."""
    two = [Bucket("b0", GOOD, Sensitivity.S3), Bucket("b1", GOOD | {"OBJ-06": FAIL})]
    d5 = next(d for d in profile([report(two)], REFERENCE).domains if d.id == "D5")
    assert d5.low == d5.high == 8 / 10
    blind = [two[0], dataclasses.replace(two[1], sensitivity=None, inspected=Inspected.NONE)]
    d5 = next(d for d in profile([report(blind)], REFERENCE).domains if d.id == "D5")
    assert (d5.low, d5.high) == (8 / 16, 8 / 9)


def test_policy_rules_enter_no_score() -> None:
    one, other = estate(), estate(OBJ_07=FAIL)
    assert profile([report(one)], REFERENCE).domains == profile([report(other)], REFERENCE).domains


def test_a_change_of_rule_pack_marks_a_break() -> None:
    found = profile([report(estate()), report(estate(), START + DAY, pack="another")], REFERENCE)
    assert [point.breaks for point in found.trend] == [False, True]
    assert any("rule pack changed on 2026-01-06" in note for note in found.notes)


def test_places_that_were_not_read_are_unknown_for_rules_about_places() -> None:
    sampled = Bucket("b0", GOOD | {"RET-04": PASS}, inspected=Inspected.SAMPLED)
    d7 = next(d for d in profile([report([sampled])], REFERENCE).domains if d.id == "D7")
    assert (d7.passed, d7.unknown) == (1, 1)
    failing = Bucket("b0", GOOD | {"RET-04": FAIL}, inspected=Inspected.SAMPLED)
    d7 = next(d for d in profile([report([failing])], REFERENCE).domains if d.id == "D7")
    assert (d7.passed, d7.failed) == (1, 1)


def test_unknown_needs_no_more_than_an_old_run() -> None:
    """Runs that did not note which rules they asked: those with answers."""
    old = report(estate())
    old = dataclasses.replace(old, run=dataclasses.replace(old.run, rules=()))
    assert UNKNOWN not in {f.verdict for f in old.findings}
    d7 = next(d for d in profile([old], REFERENCE).domains if d.id == "D7")
    assert d7.unknown == 12, "RET-04 gave no answer anywhere, so nobody knows whether it was asked"
