"""The CAF table says what it shows and what not; the documentation is in step with the code."""

from __future__ import annotations

import re
from pathlib import Path

from scanner.cli.reckoning import reference
from scanner.maturity import DOMAIN_OF, DOMAINS, caf_evidence, dma, dma_evidence, kpis, profile
from scanner.maturity.caf import OUTCOMES, TITLES, page
from scanner.maturity.levels import TITLES as LEVELS
from scanner.ruleset import load_rules
from scanner.ruleset.law import instruments
from tests.maturity.made import FAIL, PASS, SCOPE, UNKNOWN, Bucket, report

DOCS = Path(__file__).parents[2] / "docs"


def test_every_outcome_that_a_rule_names_is_in_the_table() -> None:
    known = {outcome.id for outcome in OUTCOMES}
    for rule in load_rules().rules:
        assert set(rule.references.get("ncsc_caf", ())) <= known, rule.id
        if rule.references.get("ncsc_caf"):
            assert rule.caf_version in TITLES, rule.id
    assert {id for domain in DOMAINS for id in domain.caf} <= known


def test_rows_count_answers_and_judge_nothing() -> None:
    pack = reference()
    rules = tuple(control.rule_id for control in pack.controls)
    one = Bucket("one", {"OBJ-08": PASS})
    two = Bucket("two", {"OBJ-08": FAIL})
    three = Bucket("three", {"OBJ-08": UNKNOWN})
    rows = {row.outcome: row for row in caf_evidence([report([one, two, three], rules=rules)], pack)}
    logging = rows["C1.a"]
    assert (logging.passed, logging.failed, logging.unknown, logging.stores) == (1, 1, 1, 3)
    assert logging.caf_version == "4.0"
    assert logging.not_shown
    assert logging.evidence == "some evidence"
    assert "OBJ-07" not in rows["B3.c"].rules, "policy is no evidence towards an outcome"
    words = " ".join(f"{row.evidence} {row.shows} {row.not_shown}" for row in rows.values()).lower()
    assert not re.search(r"\b(achieved|compliant|complies)\b", words)
    assert SCOPE.id not in words


def test_another_version_has_its_own_titles_and_the_outcomes_that_both_have() -> None:
    pack = reference()
    latest = {row.outcome: row for row in caf_evidence([], pack)}
    rows = {row.outcome: row for row in caf_evidence([], pack, caf_version="3.2")}
    assert rows["C1.a"].title == "Monitoring Coverage"
    assert set(latest) - set(rows) == {"A4.b"}, "new in 4.0"
    assert all(row.caf_version == "3.2" for row in rows.values())
    assert all(row.rules == latest[id].rules for id, row in rows.items())


def test_titles_of_outcomes_are_those_of_the_dated_references() -> None:
    known = instruments()["ncsc_caf"].provisions
    for outcome in OUTCOMES:
        provision = known[outcome.id]
        assert outcome.title == provision.title
        earlier = "" if provision.since else provision.earlier or provision.title
        assert outcome.earlier_title == earlier, outcome.id


def test_the_table_of_topics_claims_no_level() -> None:
    pack = reference()
    runs = [report([Bucket("one", {"OWN-01": PASS})], rules=tuple(c.rule_id for c in pack.controls))]
    found, figures = profile(runs, pack), kpis(runs, pack)
    rows = {row.topic: row for row in dma_evidence(found, figures)}
    assert len(rows) == 10
    assert sum(not row.figures for row in rows.values()) == 6
    owned = rows["Taking responsibility for data"]
    assert any(line.startswith("D3 Ownership: 100%") for line in owned.figures)
    assert any(line.startswith("K5") and "small n" in line for line in owned.figures)
    words = " ".join(f"{row.evidence} {row.shows} {row.not_shown}" for row in rows.values()).lower()
    assert not re.search(r"\b(emerging|learning|developing|mastering|compliant)\b", words)


def test_the_pages_are_in_step() -> None:
    assert (DOCS / "caf.md").read_text(encoding="utf-8") == page(), "write page() of caf into docs/caf.md"
    assert (DOCS / "dma.md").read_text(encoding="utf-8") == dma.page(), "write page() of dma into docs/dma.md"
    text = (DOCS / "maturity.md").read_text(encoding="utf-8")
    for domain in DOMAINS:
        assert f"| {domain.id} | {domain.title} |" in text
    for number, title in enumerate(LEVELS):
        assert f"| {number} {title} |" in text
    for rule in load_rules().rules:
        row = next(line for line in text.splitlines() if line.startswith(f"| {DOMAIN_OF[rule.id]} |"))
        assert rule.id in row, f"{rule.id} is missing from docs/maturity.md"
