"""Shipped rules, those asked as another, and those nothing can answer: together the whole catalogue."""

from __future__ import annotations

import json
import re

from click.testing import CliRunner

from scanner.cli import cli
from scanner.cli.rule_code import terraform
from scanner.maturity import DOMAIN_OF
from scanner.ruleset import load_rules
from scanner.ruleset.catalogue import ASKED_BY_CHECK, BEYOND, CATALOGUE, JUDGED_AS, UNOBSERVABLE
from scanner.ruleset.law import instruments

RULES = load_rules()
SHIPPED = {rule.id for rule in RULES.rules}


def test_nothing_is_missing_and_nothing_is_counted_twice() -> None:
    assert len(CATALOGUE) == 73
    others = set(UNOBSERVABLE) | set(JUDGED_AS) | set(ASKED_BY_CHECK)
    assert SHIPPED | others == set(CATALOGUE) | set(BEYOND)
    assert not SHIPPED & others
    assert not set(UNOBSERVABLE) & set(JUDGED_AS)


def test_questions_about_code_are_shipped_rules() -> None:
    for rules in JUDGED_AS.values():
        assert set(rules) <= SHIPPED


def test_what_the_check_asks_itself() -> None:
    from scanner.check.own_rules import OWN_RULES

    assert set(OWN_RULES) == set(ASKED_BY_CHECK)


def test_every_shipped_rule_has_its_domain() -> None:
    assert set(DOMAIN_OF) >= SHIPPED


def test_what_cannot_be_asked_is_listed_by_name() -> None:
    done = CliRunner().invoke(cli, ["rules", "list", "--unobservable", "--json"])
    listed = json.loads(done.output)
    assert {row["id"] for row in listed} == set(UNOBSERVABLE)
    assert all(row["why"] and row["needs"] for row in listed)
    shown = CliRunner().invoke(cli, ["rules", "list", "--unobservable"]).output
    assert all(id in shown for id in UNOBSERVABLE)


def test_every_reference_is_dated() -> None:
    for rule in RULES.rules:
        for key in ("uk_gdpr", "dpa2018_part3", "ncsc_caf"):
            for reference in rule.references.get(key, ()):
                assert instruments()[key].find(reference) is not None, (rule.id, reference)
        assert rule.caf_version == "4.0", rule.id


def test_versions_are_in_order_and_the_latest_act_is_in() -> None:
    for law in instruments().values():
        days = [version.since for version in law.versions]
        assert days == sorted(days), law.key
        assert all(p.changed is None or p.changed >= days[0] for p in law.provisions.values())
        assert law.source.startswith("https://")
    assert "Data (Use and Access) Act 2025" in instruments()["uk_gdpr"].versions[-1].about
    assert [v.id for v in instruments()["ncsc_caf"].versions] == ["3.2", "4.0"]


def test_a_store_under_part_3_has_law_to_be_told() -> None:
    """Where a rule names the UK GDPR, it names Part 3 as well: police, prisons and courts see law too."""
    for rule in RULES.rules:
        assert not rule.references.get("uk_gdpr") or rule.references.get("dpa2018_part3"), rule.id


def test_no_rule_or_page_judges() -> None:
    loaded = re.compile(r"\b(in breach of|breach of|breaches of|compliant|compliance|unlawful)\b", re.I)
    from scanner.ruleset.docs import pages

    for name, page in pages(RULES, terraform).items():
        if name not in ("law.md", "variables.md"):
            assert not loaded.search(page), name
