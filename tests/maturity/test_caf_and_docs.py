"""The CAF table says what it shows and what not; the documentation is in step with the code."""

from __future__ import annotations

import re
from pathlib import Path

from scanner.cli.maturity import reference
from scanner.maturity import DOMAIN_OF, DOMAINS, caf_evidence
from scanner.maturity.caf import OUTCOMES, TITLES, page
from scanner.maturity.levels import TITLES as LEVELS
from scanner.ruleset import load_rules
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


def test_another_version_has_its_own_titles_and_no_borrowed_evidence() -> None:
    rows = {row.outcome: row for row in caf_evidence([], reference(), caf_version="3.2")}
    assert rows["C1.a"].title == "Monitoring Coverage"
    assert "A4.b" not in rows
    assert all(row.caf_version == "3.2" and not row.rules for row in rows.values())


def test_the_pages_are_in_step() -> None:
    assert (DOCS / "caf.md").read_text(encoding="utf-8") == page(), "write page() of caf into docs/caf.md"
    text = (DOCS / "maturity.md").read_text(encoding="utf-8")
    for domain in DOMAINS:
        assert f"| {domain.id} | {domain.title} |" in text
    for number, title in enumerate(LEVELS):
        assert f"| {number} {title} |" in text
    for rule in load_rules().rules:
        row = next(line for line in text.splitlines() if line.startswith(f"| {DOMAIN_OF[rule.id]} |"))
        assert rule.id in row, f"{rule.id} is missing from docs/maturity.md"
