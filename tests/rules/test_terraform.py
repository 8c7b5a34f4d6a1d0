"""The Terraform on a rule's page does what the page says: `dpscan check` judges it, and the rule passes."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from scanner.cli.rule_code import CANONICAL, terraform
from scanner.declared import pipeline
from scanner.judge import judge_all
from scanner.model import Context, Subject, Verdict
from scanner.ruleset import Rule, load_rules

CASES = [(rule, provider) for rule in load_rules().rules for provider in terraform(rule)]
CONTEXT = Context(
    today=dt.date(2026, 1, 1),
    approved_regions=("eu-west-2", "uksouth", "europe-west2"),
    require_customer_managed_key=True,
    mandatory_tags=("owner", "data-class", "retention", "ropa-ref"),
)
PARTS = {
    # Said by a resource beside the store, which the code does not repeat, or about the account.
    "DB-09": {"azure", "gcp"}, "BAK-02": {"aws"}, "BAK-05": {"azure"}, "OBJ-03": {"aws", "gcp"},
    # Which lowest version of TLS is meant is not read from code.
    "OBJ-06": {"aws", "azure"},
}  # fmt: skip
NEEDS_MORE = {"OBJ-07", "RET-05"}
"""Rules with a condition about content or register: asked by safeguard instead."""


def _whole(code: str) -> str:
    """The code, with the resource it is about where the page shows only what belongs beside it."""
    for resource in CANONICAL.values():
        if f"{resource}.records" in code and f'resource "{resource}" "records"' not in code:
            code = f'resource "{resource}" "records" {{\n}}\n\n{code}'
    return code + "\n"


@pytest.mark.parametrize(("rule", "provider"), CASES, ids=[f"{r.id}-{p}" for r, p in CASES])
def test_the_rule_passes(rule: Rule, provider: str, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(_whole(terraform(rule)[provider]), encoding="utf-8")
    checked = pipeline.check(tmp_path)
    assert not checked.gaps, [gap.detail for gap in checked.gaps]
    assert checked.files == ("main.tf",)
    if provider in PARTS.get(rule.id, ()):
        return
    if rule.id in NEEDS_MORE:
        stated = {e.safeguard for s in checked.stores for e in s.evidence if e.state.value == "present"}
        assert set(rule.safeguards) <= stated
        return
    found = judge_all([Subject(None, s.store, evidence=s.evidence) for s in checked.stores], CONTEXT, [rule])
    verdicts = [finding.verdict for finding in found]
    assert Verdict.PASS in verdicts, (verdicts, [e for s in checked.stores for e in s.evidence])
    assert Verdict.FAIL not in verdicts
