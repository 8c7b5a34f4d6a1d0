"""Every shipped rule's examples are its tests."""

from __future__ import annotations

import pytest

from scanner.judge import judge
from scanner.model import Verdict
from scanner.ruleset import Example, Rule, load_rules

CASES = [(rule, example) for rule in load_rules().rules for example in rule.examples]


@pytest.mark.parametrize(("rule", "example"), CASES, ids=[f"{r.id}: {e.name}" for r, e in CASES])
def test_example(rule: Rule, example: Example) -> None:
    finding = judge(example.subject, example.context, rule)
    verdict = Verdict.NOT_APPLICABLE if finding is None else finding.verdict
    assert verdict is example.verdict, finding and finding.missing
    if finding is None:
        return
    assert len(finding.explanation) <= 300
    assert finding.explanation
    assert (finding.severity is None) == (verdict is not Verdict.FAIL)
    assert (finding.would_be is None) == (verdict is not Verdict.UNKNOWN)
    assert bool(finding.missing) == (verdict is Verdict.UNKNOWN)
    assert bool(finding.remedy) == (verdict is not Verdict.PASS)
    assert (finding.strength == 0) == (verdict is Verdict.UNKNOWN)
